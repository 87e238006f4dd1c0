"""The attributes that hold for a resource, and where each is said: by itself, its template, what it is in, defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cib.attributes import UTILIZATION, values
from crmsh_py.cib.document import CONTAINERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

DEFAULTS = "rsc_defaults"


class Held(NamedTuple):
    """An attribute that holds for a resource, rules aside.

    kind, id: of what says it: the resource itself, its template, a group, clone or bundle that it is in; or
    `rsc_defaults` and "". is_own: the resource says it itself.
    """

    name: str
    value: str
    kind: str
    id: str
    is_own: bool


def held(cib: Cib, el: Element, kind: str) -> dict[str, Held]:
    """The attributes of a kind of set that hold for a resource, by their names: what is nearest to it counts."""
    found: dict[str, Held] = {}
    for source, tag, id_ in _sources(cib, el, kind):
        for name, value in values(source, kind).items():
            found.setdefault(name, Held(name, value, tag, id_, source is el))
    return found


def _sources(cib: Cib, el: Element, kind: str) -> Iterator[tuple[Element, str, str]]:
    one: Element | None = el
    while one is not None and (one is el or one.tag in CONTAINERS):
        yield one, str(one.tag), one.get("id") or ""
        template = cib.resource(one.get("template") or "")
        if template is not None:
            yield template, "template", template.get("id") or ""
        # what a resource takes up of a node is its own
        one = one.getparent() if kind != UTILIZATION else None
    defaults = cib.section(DEFAULTS)
    if defaults is not None and kind != UTILIZATION and el.tag != "template":
        yield defaults, DEFAULTS, ""
