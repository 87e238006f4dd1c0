"""Constraints, where what they are about went, joined a container or left one: carried along, shrunk, or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.edit.naming import called
from crmsh_py.cib.references import SIDES, object_name
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from crmsh_py.cib.edit.surgery import Surgery

    Changes = dict[str, list[str]]

# which attribute of a set says what an attribute of a simple constraint says
SET_ATTRIBUTES = {
    ("rsc_location", "rsc"): ("role", "role"),
    ("rsc_colocation", "rsc"): ("rsc-role", "role"),
    ("rsc_colocation", "with-rsc"): ("with-rsc-role", "role"),
    ("rsc_order", "first"): ("first-action", "action"),
    ("rsc_order", "then"): ("then-action", "action"),
    ("rsc_ticket", "rsc"): ("rsc-role", "role"),
}
# of a set; what others say has no place in a simple constraint
_SIMPLE = frozenset(("id", "sequential", "require-all", "role", "action"))
_NO = ("false", "0")


def carry(surgery: Surgery, constraint: Element) -> None:
    """Make a constraint be about what its resources are in now; one that says nothing any more is deleted."""
    changes: Changes = {}
    for id_ in dict.fromkeys(_named(constraint)):
        now = surgery.applies_to(id_)
        if now is not None:
            changes[id_] = now
    if not changes:
        return
    surgery.cib.touch(constraint)
    if constraint.find("resource_set") is None:
        why = _carry_sides(surgery, constraint, changes)
    else:
        why = _carry_sets(surgery, constraint, changes)
    if why is not None:
        surgery.take_out(constraint, why)
        return
    for text in _told(changes):
        surgery.note(f"{called(constraint)} {text}", object_name(constraint))


def shrink(surgery: Surgery, constraint: Element, *, lost_set: bool) -> None:
    """Make sets that lost members a simple constraint where they can be; delete what says nothing any more."""
    why = _shrunk(surgery, constraint, lost_set=lost_set)
    if why is not None:
        surgery.take_out(constraint, why)


def _named(constraint: Element) -> Iterable[str]:
    for side in SIDES[str(constraint.tag)]:
        if side in constraint.attrib:
            yield constraint.get(side) or ""
    for member in constraint.iterfind("resource_set/resource_ref"):
        yield member.get("id") or ""


def _told(changes: Changes) -> Iterable[str]:
    """What changed, one line for each new thing that the constraint is about."""
    together: dict[tuple[str, ...], list[str]] = {}
    for old, new in changes.items():
        together.setdefault(tuple(new), []).append(old)
    for now, before in together.items():
        yield f"now applies to {listed(now)} instead of {listed(before)}" if now else f"no longer has {listed(before)}"


# ---- simple constraints


def _carry_sides(surgery: Surgery, constraint: Element, changes: Changes) -> str | None:
    """Gives why the constraint is to be deleted, if it is."""
    old = {side: constraint.get(side) or "" for side in SIDES[str(constraint.tag)] if side in constraint.attrib}
    new = {side: changes.get(id_, [id_]) for side, id_ in old.items()}
    lost = [old[side] for side, ids in new.items() if not ids]
    if lost:
        return f" with {listed(lost)}"
    if len(new) == 2 and len(set(map(tuple, new.values()))) == 1:
        return f": both of its sides are {listed(next(iter(new.values())))} now"
    if all(len(ids) == 1 for ids in new.values()):
        for side, ids in new.items():
            constraint.set(side, ids[0])
    elif "node-attribute" in constraint.attrib:
        return f" with {listed(old[side] for side, ids in new.items() if len(ids) > 1)}"
    else:
        _spread(surgery, constraint, new)
    return None


def _spread(surgery: Surgery, constraint: Element, sides: dict[str, list[str]]) -> None:
    """Make a simple constraint one of sets, as Pacemaker does where a side is a tag or a template."""
    for side, ids in sides.items():
        del constraint.attrib[side]
        attributes = {"id": surgery.ids.numbered(constraint.get("id") or "")}
        if len(sides) == 2 and len(ids) > 1:
            attributes["sequential"] = "false"
        name, name_of_set = SET_ATTRIBUTES[str(constraint.tag), side]
        value = constraint.attrib.pop(name, None)
        if value is not None:
            attributes[name_of_set] = str(value)
        made = etree.Element("resource_set", attributes)
        for id_ in ids:
            etree.SubElement(made, "resource_ref", {"id": id_})
        # what else there is stands behind the sets of a location, before those of the others
        constraint.insert(0 if constraint.tag == "rsc_location" else len(constraint), made)


# ---- sets


def _carry_sets(surgery: Surgery, constraint: Element, changes: Changes) -> str | None:
    """Gives why the constraint is to be deleted, if it is."""
    known: dict[tuple[str | None, ...], bool] = {}
    sets = constraint.findall("resource_set")
    for one in sets:
        before = len(one)
        _carry_set(one, changes, known)
        if one.find("resource_ref") is None and "id-ref" not in one.attrib:
            constraint.remove(one)
            surgery.lose(one)
        elif len(one) < before:
            _shrink_borrowers(surgery, one)
    return _shrunk(surgery, constraint, lost_set=len(constraint.findall("resource_set")) < len(sets))


def _carry_set(one: Element, changes: Changes, known: dict[tuple[str | None, ...], bool]) -> None:
    """Put the new members in the place of the old ones; what a new one says already is not said again.

    known: the members of the sets so far with their roles and actions, and whether they are new.
    """
    for member in list(one.iterchildren("resource_ref")):
        old = member.get("id") or ""
        now = changes.get(old, [old])
        is_new = old in changes
        role = None if one.get("role") == "Started" else one.get("role")
        fresh = [id_ for id_ in now if not _is_said(known, (role, one.get("action"), id_), is_new=is_new)]
        for id_ in fresh[1:][::-1]:
            member.addnext(etree.Element("resource_ref", {"id": id_}))
        if not fresh:
            one.remove(member)
        elif is_new:
            member.set("id", fresh[0])


def _is_said(known: dict[tuple[str | None, ...], bool], key: tuple[str | None, ...], *, is_new: bool) -> bool:
    """Whether a member is there already; what the text repeats itself is not our business."""
    if key in known and (is_new or known[key]):
        return True
    known[key] = is_new
    return False


def _shrink_borrowers(surgery: Surgery, one: Element) -> None:
    """Other constraints that refer to a set have lost its members too."""
    for found in surgery.index.to(one.get("id") or ""):
        other = found.el.getparent()
        if found.el.tag == "resource_set" and other is not None and surgery.is_there(other):
            surgery.cib.touch(other)
            shrink(surgery, other, lost_set=False)


def _shrunk(surgery: Surgery, constraint: Element, *, lost_set: bool) -> str | None:
    """Gives why the constraint is to be deleted, if it is."""
    members = _members(surgery, constraint)
    if not members:
        return ": nothing is left of it"
    if constraint.tag not in ("rsc_colocation", "rsc_order"):
        return None
    if lost_set and _is_loose(surgery, constraint):
        return f": {listed(id_ for _, id_ in members)} alone are left of it, side by side"
    if any(_is_several(surgery, id_) for _, id_ in members):
        return None
    if len(members) == 1:
        return f": {members[0][1]} alone is left of it"
    if len(members) == 2 and all(_is_simple(surgery, one) for one in constraint.iterchildren("resource_set")):
        _collapse(surgery, constraint, members)
    return None


def _members(surgery: Surgery, constraint: Element) -> list[tuple[Element, str]]:
    """The resources of all sets, those that are borrowed too, each with its set."""
    found: list[tuple[Element, str]] = []
    for one in constraint.iterchildren("resource_set"):
        borrowed = one.get("id-ref")
        source = one if borrowed is None else surgery.resource_set(borrowed)
        if source is not None:
            found.extend((one, member.get("id") or "") for member in source.iterchildren("resource_ref"))
    return found


def _is_loose(surgery: Surgery, constraint: Element) -> bool:
    """Whether the only set says nothing of how its members stand to each other."""
    sets = constraint.findall("resource_set")
    borrowed = sets[0].get("id-ref")
    source = sets[0] if borrowed is None else surgery.resource_set(borrowed)
    return len(sets) == 1 and len(sets[0]) > 1 and source is not None and source.get("sequential") in _NO


def _is_several(surgery: Surgery, id_: str) -> bool:
    """Whether one name stands for any number of resources."""
    el = surgery.objects.get(id_)
    return el is not None and el.tag in ("tag", "template")


def _is_simple(surgery: Surgery, one: Element) -> bool:
    """Whether a simple constraint can say what a set says."""
    if not _SIMPLE.issuperset(map(str, one.attrib)) or surgery.index.to(one.get("id") or ""):
        return False
    return len(one.findall("resource_ref")) == 1 or not {one.get("sequential"), one.get("require-all")} & set(_NO)


def _collapse(surgery: Surgery, constraint: Element, members: list[tuple[Element, str]]) -> None:
    """Two sides instead of sets. In one set of a colocation it is the second that is placed where the first one is."""
    is_swapped = constraint.tag == "rsc_colocation" and members[0][0] is members[1][0]
    for side, (one, id_) in zip(SIDES[str(constraint.tag)], members[::-1] if is_swapped else members, strict=True):
        constraint.set(side, id_)
        name, name_of_set = SET_ATTRIBUTES[str(constraint.tag), side]
        value = one.get(name_of_set)
        if value is not None:
            constraint.set(name, value)
    for one in list(constraint.iterchildren("resource_set")):
        constraint.remove(one)
        surgery.lose(one)
