"""The resources of two sides brought together: first where each of them stands, then their elements.

Of each resource both sides may change what it says, the comments before it, and where it stands, one by one. Each is
as the side has it that changed it, and as mine where both did. Nothing is lost that neither side has deleted, but a
container that nothing is left for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.document import CONTAINERS
from crmsh_py.cib.units import REMARKS, Key, Unit, alone, members_of, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.units import Index


def merge_resources(section: Element, base: Index, mine: Index, theirs: Index, changed: Iterable[Key]) -> None:
    """Make a section, that of `theirs`, the resources of both sides. changed: what is different on my side."""
    sides = Side(base), Side(mine), Side(theirs)
    plan = Plan(*sides, frozenset(changed))
    remarks = [el for unit in (theirs.get(Key("resources", "", REMARKS, "resources")),) if unit for el in unit.elements]
    section[:] = [*(el for key in plan.ordered(None) for el in plan.elements(key)), *remarks]


class Side:
    """The resources of a CIB: what each stands in, None for the section, and what each holds, in order."""

    def __init__(self, found: Index) -> None:
        self.units = {key: unit for key, unit in found.items() if key.section == "resources" and unit.el is not None}
        keys = {unit.el: key for key, unit in self.units.items()}
        self.homes = {key: keys.get(unit.el.getparent()) for key, unit in self.units.items() if unit.el is not None}
        self.members: dict[Key | None, list[Key]] = {}
        for key, home in self.homes.items():
            self.members.setdefault(home, []).append(key)


class Plan:
    """Where each resource stands in the merged CIB."""

    def __init__(self, base: Side, mine: Side, theirs: Side, changed: frozenset[Key]) -> None:
        self._base, self._mine, self._theirs, self._changed = base, mine, theirs, changed
        self._units = {key: self._unit(key) for key in [*theirs.units, *mine.units] if self._stays(key)}
        self._members: dict[Key | None, list[Key]] = {}
        self._homes: dict[Key, Key | None] = {}
        for key in self._units:
            self._move(key, self._home(key))
        for key in self._containers():
            self._make_room(key)
        for key in self._containers():
            self._refill(key)

    # ---- what becomes of a resource

    def _stays(self, key: Key) -> bool:
        if key in self._changed:
            return key in self._mine.units
        return key in self._theirs.units or self._is_brought_back(self._mine.homes.get(key))

    def _is_brought_back(self, home: Key | None) -> bool:
        """Whether a container is there since I changed what they deleted: it comes with what it held."""
        return home is not None and home not in self._theirs.units and self._stays(home)

    def _unit(self, key: Key) -> Unit:
        """What it says, and the comments before it."""
        mine, theirs, base = (side.units.get(key) for side in (self._mine, self._theirs, self._base))
        if mine is None or theirs is None or key not in self._changed:
            found = theirs if mine is None or (theirs is not None and key not in self._changed) else mine
            assert found is not None  # noqa: S101 - it stays, so one side has it
            return found
        if base is None:
            return mine
        before, here = parts(base), parts(mine)
        said = mine if before.text != here.text else theirs
        return Unit(said.el, (mine if before.comments != here.comments else theirs).comments)

    def _home(self, key: Key) -> Key | None:
        """The container that it is to stand in; None for the section."""
        mine, theirs = self._mine.homes, self._theirs.homes
        if key not in mine:
            home = theirs[key]
        elif key not in theirs or key not in self._base.homes or mine[key] != self._base.homes[key]:
            home = mine[key]
        else:
            home = mine[key] if theirs[key] is None and self._is_brought_back(mine[key]) else theirs[key]
        return home if home in self._units and self._fits(key, home) else None

    def _fits(self, key: Key, home: Key) -> bool:
        """Whether what a resource has become may stand in what its container has become."""
        inner, outer = self._tag(key), self._tag(home)
        is_innermost = outer in ("group", "bundle")
        return outer in CONTAINERS and (inner == "primitive" or (inner == "group" and not is_innermost))

    def _tag(self, key: Key) -> str:
        el = self._units[key].el
        return "" if el is None else str(el.tag)

    # ---- containers that hold too much, or nothing

    def _move(self, key: Key, home: Key | None) -> None:
        if key in self._homes:
            self._members[self._homes[key]].remove(key)
        self._homes[key] = home
        self._members.setdefault(home, []).append(key)

    def _containers(self) -> list[Key]:
        """Groups first: a clone may hold one."""
        found = [key for key in self._units if self._tag(key) in CONTAINERS]
        return sorted(found, key=lambda key: self._tag(key) != "group")

    def _make_room(self, key: Key) -> None:
        """Only a group holds several: in another container stays what I put there."""
        held = self._members.get(key, [])
        if self._tag(key) == "group" or len(held) < 2:
            return
        kept = next((member for member in held if self._mine.homes.get(member) == key), held[0])
        for member in [member for member in held if member != kept]:
            self._move(member, None)

    def _refill(self, key: Key) -> None:
        """An empty container gets back what it holds on my side, where no other one needs that; else it goes."""
        if self._members.get(key) or self._tag(key) == "bundle":
            return
        for member in self._mine.members.get(key, []):
            if member in self._units:
                others = self._members[self._homes[member]] if self._homes[member] else None
                is_free = others is None or len(others) > 1
            else:
                # they deleted it; or it is a group that has gone a moment ago
                unit = self._mine.units[member]
                is_free = unit.el is not None and unit.el.tag not in CONTAINERS
                if is_free:
                    self._units[member] = unit
            if is_free and self._fits(member, key):
                self._move(member, key)
        if not self._members.get(key):
            self._drop(key)

    def _drop(self, key: Key) -> None:
        self._members[self._homes.pop(key)].remove(key)
        del self._units[key]

    # ---- their elements

    def ordered(self, home: Key | None) -> list[Key]:
        """What stands in a container, in the order of the side that changed it.

        What only the other side has comes behind what it follows there.
        """
        base, mine, theirs = (side.members.get(home, []) for side in (self._base, self._mine, self._theirs))
        is_mine = bool(mine) and (not base or _among(base, mine) != _among(mine, base))
        first, second = (mine, theirs) if is_mine else (theirs, mine)
        here = dict.fromkeys(self._members.get(home, []))
        backbone = dict.fromkeys(key for key in first if key in here)
        behind: dict[Key | None, list[Key]] = {}
        last = None
        for key in second:
            if key in backbone:
                last = key
            elif key in here:
                behind.setdefault(last, []).append(key)
        found = dict.fromkeys([*behind.get(None, []), *(k for key in backbone for k in (key, *behind.get(key, [])))])
        return [*found, *(key for key in here if key not in found)]

    def elements(self, key: Key) -> list[Element]:
        """New elements of a resource: the comments before it, and itself with what it holds."""
        unit = self._units[key]
        assert unit.el is not None  # noqa: S101 - a resource has an element
        el = alone(unit.el)
        stubs = {member.get("id"): member for member in members_of(el)}
        now = self.ordered(key)
        names = {member.name for member in now}
        # what is there in both takes the places in turn: a comment between members stays where it is
        places = iter([stub for name, stub in stubs.items() if name in names])
        at = el.index(next(iter(stubs.values()))) if stubs else len(el)
        for name in [name for name in stubs if name not in names]:
            el.remove(stubs[name])
        for member in now:
            if member.name in stubs:
                place = next(places)
                at = el.index(place)
                el.remove(place)
            made = self.elements(member)
            el[at:at] = made
            at += len(made)
        return [*(alone(comment) for comment in unit.comments), el]


def _among(keys: Sequence[Key], others: Iterable[Key]) -> list[Key]:
    others = set(others)
    return [key for key in keys if key in others]
