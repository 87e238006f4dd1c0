"""A template goes, its users stay: each takes over what it said, as Pacemaker reads the two together."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.edit.naming import called

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.edit.surgery import Surgery

_AGENT = ("class", "provider", "type")
# a template's operation holds for a user unless that has one of the same name and role
_USUAL_ROLES = (None, "Started", "Unpromoted", "Slave")


def inline(surgery: Surgery, primitive: Element, template: Element) -> None:
    """Give a primitive what its template said."""
    surgery.cib.touch(primitive)
    del primitive.attrib["template"]
    for name in _AGENT:
        if name in template.attrib:
            primitive.set(name, template.get(name) or "")
    place = 0
    for part in template.iterchildren("*"):
        own = primitive.findall(str(part.tag))
        if part.tag == "operations" and own:
            _add_operations(surgery, own[0], _copy(surgery, part, template, primitive))
        elif len(own) == 1 and len(template.findall(str(part.tag))) == 1 and _is_plain(own[0]) and _is_plain(part):
            _add_attributes(surgery, own[0], part)
        else:
            copy = _copy(surgery, part, template, primitive)
            primitive.insert(place, copy)
            place += 1
            surgery.regain(copy)
    surgery.note(f"{called(primitive)} takes over what template {template.get('id')} says", str(primitive.get("id")))


def _copy(surgery: Surgery, part: Element, template: Element, primitive: Element) -> Element:
    """A copy with ids of its own: there may be more than one user."""
    copy = deepcopy(part)
    copy.tail = None
    old, new = template.get("id") or "", primitive.get("id") or ""
    for inner in copy.iter("*"):
        id_ = inner.get("id")
        if id_:
            base = new + id_[len(old) :] if id_.startswith(old) else f"{new}-{id_}"
            inner.set("id", surgery.ids.new(base))
    return copy


def _is_plain(attributes: Element) -> bool:
    """Whether a set has nothing but values: no rule, no score, nothing borrowed."""
    is_own = not {"id-ref", "score"}.intersection(attributes.attrib)
    return is_own and all(pair.tag == "nvpair" and "id-ref" not in pair.attrib for pair in attributes.iterchildren("*"))


def _add_attributes(surgery: Surgery, own: Element, others: Element) -> None:
    """What the user says itself goes before what the template says."""
    known = {pair.get("name") for pair in own.iterchildren("nvpair")}
    for pair in others.iterchildren("nvpair"):
        if pair.get("name") not in known:
            added = etree.SubElement(own, "nvpair", {str(name): value for name, value in pair.attrib.items()})
            added.set("id", surgery.ids.new(f"{own.get('id')}-{pair.get('name')}"))


def _add_operations(surgery: Surgery, own: Element, others: Element) -> None:
    known = {_key(op) for op in own.iterchildren("op")}
    for op in list(others.iterchildren("op")):
        if _key(op) not in known:
            own.append(op)
            surgery.regain(op)


def _key(op: Element) -> tuple[str | None, str | None]:
    role = op.get("role")
    return op.get("name"), None if role in _USUAL_ROLES else role
