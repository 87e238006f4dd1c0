"""Laws of bringing together any two changes of a CIB: what neither side has deleted is there, whoever overwrites."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from random_edits import random_edit
from schema_cibs import needs_schemas
from test_edit_laws import dangling, drawn, fits

from crmsh_py.cib import edit
from crmsh_py.cib.document import CONTAINERS, RESOURCES, Cib
from crmsh_py.cib.merge import REMARKS, Key, Merge, index
from crmsh_py.cib.units import canonical
from crmsh_py.errors import CrmError
from crmsh_py.language.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE = Path(__file__).parent
MEMBERS = """
primitive a Dummy
primitive b Dummy
primitive d Dummy
primitive e Dummy
primitive f Dummy
primitive i Dummy
group g a b d
group h e f
clone k h
property stonith-enabled=false
rsc_defaults priority=1
"""


def based(name: str) -> Cib:
    """A CIB with every kind of reference, or one with more to move about."""
    if name != "members":
        return Cib.parse((HERE / f"{name}.xml").read_bytes(), name)
    cib = Cib.empty("pacemaker-3.9")
    edit.update(cib, parse(MEMBERS, "test"))
    return cib


def edited(base: Cib, pick: Callable[[Sequence[Any]], Any]) -> Cib:
    """The CIB after some edits, with what they are refused for left out; good, where the base is."""
    now = Cib.parse(base.to_bytes(), "base")
    for _ in range(4):
        tried = Cib.parse(now.to_bytes(), "tried")
        try:
            _, change, _ = random_edit(tried, pick)
            change(tried)
        except CrmError:
            continue
        if fits(tried.root) and dangling(tried) <= dangling(base):
            now = tried
    return now


def ids(cib: Cib) -> Counter[str]:
    names = ("resource_ref", "obj_ref", "role", "role_ref", "node", "acl_target")
    return Counter(el.get("id") for el in cib.configuration.iter("*") if el.get("id") and el.tag not in names)


def resources(cib: Cib) -> list[Any]:
    return [el for el in cib.objects() if el.tag in RESOURCES]


def kept(cib: Cib) -> set[Key]:
    """The objects of a CIB, but the comments."""
    return {key for key in index(cib) if key.tag != REMARKS}


def is_left_empty(key: Key, merged: Cib, *sides: Cib) -> bool:
    """Whether all that a container or a set holds on either side has gone, or stands elsewhere."""
    for side in sides:
        unit = index(side).get(key)
        if unit is None or unit.el is None:
            continue
        if unit.el.tag not in CONTAINERS:
            return False
        for member in unit.el:
            there = merged.resource(member.get("id") or "")
            if there is not None and there.getparent().get("id") == key.name:
                return False
    return True


@needs_schemas
@pytest.mark.parametrize("name", ["members", "references", "references-old"])
@given(st.data())
def test_what_nobody_has_deleted_is_there(name: str, draw: st.DataObject) -> None:
    base = based(name)
    check(base, *(edited(base, drawn(draw)) for _ in "12"))


@needs_schemas
@settings(max_examples=300)
@given(st.integers(0, 10**9))
def test_resources_that_two_move_about_are_there(number: int) -> None:
    """Chance goes further than what is drawn, which hypothesis keeps small."""
    base, chance = based("members"), Random(number)
    check(base, moved(base, chance), moved(base, chance))


NEW = '<primitive id="new" class="ocf" provider="heartbeat" type="Dummy"/>'


def moved(base: Cib, chance: Random) -> Cib:
    """The CIB with some primitives and groups in other containers, which may be new; some are gone, some changed."""
    cib = Cib.parse(base.to_bytes(), "base")
    section = cib.make_section("resources")
    for _ in range(chance.randint(1, 4)):
        groups = [*section.iter("group"), etree.SubElement(section, "group", id=chance.choice("mn"))]
        el = chance.choice([*section.iter("primitive"), etree.fromstring(NEW)])
        is_there = any(el.get("id") == other.get("id") for other in section.iter(el.tag) if other is not el)
        what = "nothing" if is_there else chance.choice(["move", "move", "describe", "clone", "delete"])
        if what == "move":
            chance.choice([section, *groups]).insert(chance.randint(0, 5), el)
        elif what == "describe" and el.getparent() is not None:
            el.set("description", chance.choice("xyz"))
        elif what == "clone" and not list(section.iter("clone")):
            free = [group for group in groups if len(group)]
            etree.SubElement(section, "clone", id="k").append(chance.choice([el, *free]))
        elif what == "delete" and el.getparent() is not None:
            el.getparent().remove(el)
        prune(section)
    return cib


def prune(section: Any) -> None:
    """Remove empty containers, and one of two new groups of one id."""
    for tag in ("group", "clone"):
        for el in [el for el in section.iter(tag) if not len(el)]:
            el.getparent().remove(el)
    groups = list(section.iter("group"))
    for el in groups:
        if any(el.get("id") == other.get("id") for other in groups[: groups.index(el)]):
            for member in el:
                section.append(member)
            el.getparent().remove(el)
    for el in [el for el in section.iter("clone") if not len(el)]:
        el.getparent().remove(el)


def check(base: Cib, mine: Cib, theirs: Cib) -> None:
    merge = Merge(base, mine, theirs)
    merged = merge.merged()
    there, before, here, others = (kept(cib) for cib in (merged, base, mine, theirs))
    missing = {key for key in others if key not in before or key in here} - there
    missing |= {key for key in here if key not in before or key in others} - there
    assert [key for key in missing if not is_left_empty(key, merged, mine, theirs)] == []
    assert there <= here | others
    one_id = ids(mine) | ids(theirs)
    twice = {id_ for id_, count in ids(merged).items() if count > max(one_id[id_], 1)}
    assert len({el.get("id") for el in resources(merged)}) == len(resources(merged))
    if fits(base.root) and not twice and dangling(merged) <= dangling(base):
        assert fits(merged.root), merged.to_bytes().decode()
    if not merge.clashes():
        assert texts(merged) == texts(Merge(base, theirs, mine).merged())
        assert merge.overwritten(merged) == []
    for key in set(merge.theirs) - set(merge.overwritten(merged)) - set(merge.mine):
        assert texts(merged).get(key) == texts(theirs).get(key)


def texts(cib: Cib) -> dict[Key, list[bytes]]:
    return {key: canonical(unit) for key, unit in index(cib).items()}
