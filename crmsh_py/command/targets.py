"""The resources that a command is told to act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.state import base_id
from crmsh_py.command.known import configured
from crmsh_py.errors import UsageError
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib


def resources(cib: Cib, names: Iterable[str]) -> list[Element]:
    """What some names mean: a resource, or all resources with a tag.

    Raises NoSuchObject, UsageError for templates and instances (`web:1`).
    """
    found: dict[Element, None] = {}
    for name in names:
        found.update(dict.fromkeys(_tagged(cib, name) or [resource(cib, name)]))
    return list(found)


def resource(cib: Cib, name: str) -> Element:
    """What a name means. Raises NoSuchObject, UsageError for templates and for instances (`web:1`)."""
    el = cib.resource(name)
    whole = base_id(name)
    if el is None and cib.resource(whole) is not None:
        text = f"{name} is an instance, which nothing can be done to alone"
        raise UsageError(text, hint=f"{whole} stands for all instances")
    if el is None:
        return configured(cib, name)
    if el.tag == "template":
        users = [one.get("id") or "" for one in cib.objects() if one.get("template") == el.get("id")]
        raise UsageError(
            f"{name} is a template, which does not run", hint=f"made from it: {listed(users)}" if users else None
        )
    return el


def _tagged(cib: Cib, name: str) -> list[Element]:
    """The resources with a tag; none where a resource has the name, or no tag has."""
    tags = cib.section("tags")
    tag = None if tags is None else next((el for el in tags.iterchildren("tag") if el.get("id") == name), None)
    if tag is None:
        return []
    found = (cib.resource(ref.get("id") or "") for ref in tag.iterchildren("obj_ref"))
    return [el for el in found if el is not None and el.tag != "template"]
