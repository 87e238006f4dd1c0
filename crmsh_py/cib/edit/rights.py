"""Rights that name objects in an XPath: no references to the schema, but a later object of the name would have them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmsh_py.cib.document import CONTAINERS
from crmsh_py.cib.edit.naming import KEYWORDS, called
from crmsh_py.cib.references import OWN_IDS, object_name, object_of
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.edit.surgery import Surgery

_NAMED = re.compile(r"(@id\s*=\s*)(?:'([^']*)'|\"([^\"]*)\")")


def rename_in_rights(surgery: Surgery, old: str, new: str) -> None:
    """Let rights follow the new name of an object. A `deny` that no longer matches would open what was closed."""
    names = re.compile(rf"(@id\s*=\s*)(['\"]){re.escape(old)}\2")
    for el, path in _paths(surgery.cib):
        fresh = names.sub(lambda found: f"{found[1]}{found[2]}{new}{found[2]}", path)
        if fresh != path:
            surgery.cib.touch(el)
            el.set("xpath", fresh)
            surgery.note(f"{called(el)} now names {new} in an XPath, instead of {old}", new)


def forget_in_rights(surgery: Surgery) -> None:
    """Take away the rights to objects that went. What may still match, or was of a container that had more, is told."""
    for el, path in list(_paths(surgery.cib)):
        holder = object_of(el)
        if holder in surgery.stated:
            continue
        for found in _NAMED.finditer(path):
            id_ = found[2] or found[3] or ""
            lost = surgery.gone.get(id_)
            if lost is None or not _is_object(surgery, lost, id_):
                continue
            heirs = surgery.living(id_) if lost.tag in CONTAINERS else []
            if heirs or not _is_step(path, found):
                instead = f", not {listed(heirs)}" if heirs else ""
                surgery.note(f"{called(el)} still names {id_} in an XPath{instead}", object_name(holder))
                continue
            surgery.note(_told(el, id_), object_name(holder))
            surgery.cib.touch(el)
            surgery.take_out(el)
            break


def _told(el: Element, id_: str) -> str:
    kind = el.get("kind") or str(el.tag)
    what = "denies" if kind == "deny" else f"has a right to {kind}"
    return f"{called(el)} no longer {what} {id_}, which it named in an XPath"


def _paths(cib: Cib) -> Iterator[tuple[Element, str]]:
    section = cib.section("acls")
    for el in () if section is None else section.iter("*"):
        path = el.get("xpath")
        if path is not None:
            yield el, path


def _is_object(surgery: Surgery, lost: Element, id_: str) -> bool:
    """Whether it was an object, not a part of one; a node or user may only have been said again."""
    if lost.tag in OWN_IDS and surgery.is_name(id_):
        return False
    return lost.tag in KEYWORDS and object_of(lost) is lost


def _is_step(path: str, found: re.Match[str]) -> bool:
    """Whether the id is all that one step of the only path asks for: then that matches nothing without it."""
    before, after = path[: found.start()].rstrip(), path[found.end() :].lstrip()
    is_whole = before.endswith("[") and after.startswith("]") and "|" not in path
    return is_whole and before.count("[") == before.count("]") + 1 and before.count("(") == before.count(")")
