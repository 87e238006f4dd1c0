"""Two changes of one CIB brought together, object by object; what an object is, is said in `units`."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from crmsh_py.cib.document import Cib
from crmsh_py.cib.merged_resources import merge_resources
from crmsh_py.cib.units import REMARKS, SETS, Key, Unit, alone, changed, index, is_option_set, is_same, parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmsh_py.cib.units import Index

__all__ = ["ORDER", "REMARKS", "SCHEMA", "Key", "Merge", "index"]

ORDER = "#order"
SCHEMA = Key("cib", "", "cib", "validate-with")


class Merge:
    """What became of `base` on two sides. `mine` and `theirs` are the objects that each has changed."""

    def __init__(self, base: Cib, mine: Cib, theirs: Cib) -> None:
        self._cibs = base, mine, theirs
        self._base, self._mine, self._theirs = index(base), index(mine), index(theirs)
        self.mine = changed(self._base, self._mine)
        self.theirs = changed(self._base, self._theirs)

    def clashes(self) -> list[Key]:
        """The objects that both sides changed and that are not the same now."""
        both = set(self.theirs)
        found = [key for key in self.mine if key in both and not is_same(self._mine.get(key), self._theirs.get(key))]
        found += [key for key in self.mine if self._is_homeless(key, self._theirs)]
        found += [key for key in self.theirs if self._is_homeless(key, self._mine)]
        found += [Key(name, "", ORDER, name) for name in SETS if self._is_reordered_twice(name)]
        schemas = {cib.schema for cib in self._cibs}
        return found + [SCHEMA] * (len(schemas) == 3)

    def others(self) -> list[Key]:
        """The objects that the other side alone has changed, or in another way than mine."""
        mine = set(self.mine)
        return [
            key for key in self.theirs if key not in mine or not is_same(self._mine.get(key), self._theirs.get(key))
        ]

    def overwritten(self, merged: Cib) -> list[Key]:
        """The objects of which the merged CIB does not have all that the other side has changed."""
        clashes = self.clashes()
        if not clashes:
            return []
        there = index(merged)
        orders = [key for key in clashes if key == SCHEMA or key.tag == ORDER]
        return orders + [key for key in self.theirs if not self._is_kept(key, there.get(key))]

    def _is_kept(self, key: Key, merged: Unit | None) -> bool:
        """Whether all that the other side has changed of an object is in the merged one."""
        base, theirs = self._base.get(key), self._theirs.get(key)
        if base is None or theirs is None or merged is None:
            return is_same(theirs, merged)
        each = zip(parts(base), parts(theirs), parts(merged), strict=True)
        return all(now == there for before, there, now in each if there != before)

    def _is_homeless(self, key: Key, there: Index) -> bool:
        """Whether an option was changed whose set the other side has removed."""
        home = key.home
        return home is not None and home in self._base and home not in there

    def _is_reordered_twice(self, section: str) -> bool:
        """Whether both sides put the option sets of a section, the first of which counts, in orders of their own."""
        known = self._base.keys() & self._mine.keys() & self._theirs.keys()
        base, mine, theirs = (_order(found, section, known) for found in (self._base, self._mine, self._theirs))
        return len({*map(tuple, (base, mine, theirs))}) == 3

    def merged(self) -> Cib:
        """Their CIB with my changes put into it; where both changed an object it is mine.

        Resources are brought together part by part: where my side only moved one, what it says is theirs.
        """
        base, mine, theirs = self._cibs
        cib = Cib(deepcopy(theirs.root))
        there = index(cib)
        if any(key.section == "resources" for key in self.mine):
            merge_resources(cib.make_section("resources"), self._base, self._mine, there, self.mine)
        for key in self.mine:
            if key.section != "resources" or key.tag == REMARKS:
                self._bring(cib, there, key)
        for key in self.mine:
            if key not in self._mine and key.tag == SETS.get(key.section):
                _remove_set(there.get(key))
        self._arrange(there)
        if mine.schema != base.schema:
            cib.schema = mine.schema
        return cib

    def _bring(self, cib: Cib, there: Index, key: Key) -> None:
        """Make an object of the CIB what it is on my side."""
        unit = self._mine.get(key)
        if unit is None:
            if key.tag != SETS.get(key.section):  # a set goes after its options
                remove(there.pop(key, None))
            return
        if key.home is not None and key.home not in there:
            for other in [key.home, *(other for other in self._mine if other.home == key.home)]:
                _put(cib, there, other, self._mine[other])
            return
        _put(cib, there, key, unit)

    def _arrange(self, there: Index) -> None:
        """Put option sets in my order, where I changed it."""
        known = self._base.keys() & self._mine.keys()
        for section in SETS:
            if _order(self._base, section, known) != _order(self._mine, section, known):
                _arrange(there, _order(self._mine, section, self._mine.keys()))


def _order(found: Index, section: str, among: Iterable[Key]) -> list[Key]:
    """The option sets of a section, in their order."""
    among = set(among)
    return [key for key in found if key.section == section and key.tag == SETS[section] and key in among]


# ---- changing the merged CIB


def remove(old: Unit | None) -> None:
    """Take an object out, with the comments before it."""
    for el in [] if old is None else old.elements:
        parent = el.getparent()
        if parent is not None:
            parent.remove(el)


def _remove_set(old: Unit | None) -> None:
    """Take an option set out, unless there is an option in it that only the other side knows."""
    if old is not None and old.el is not None and old.el.find("nvpair") is None:
        remove(old)


def _put(cib: Cib, there: Index, key: Key, unit: Unit) -> None:
    home = cib.make_section(key.section) if key.home is None else there[key.home].el
    assert home is not None  # noqa: S101 - a set has an element
    old = there.get(key)
    copy = Unit(None if unit.el is None else alone(unit.el), tuple(alone(el) for el in unit.comments))
    if (
        copy.el is not None
        and old is not None
        and old.el is not None
        and unit.el is not None
        and is_option_set(unit.el)
    ):
        copy.el.extend(old.el.findall("nvpair"))  # they are put one by one
    at = home.index(old.elements[0]) if old is not None and old.elements else len(home)
    remove(old)
    home[at:at] = copy.elements
    there[key] = copy


def _arrange(there: Index, order: list[Key]) -> None:
    """Put the option sets of a section that are in `order` behind the others, in that order."""
    for unit in (there[key] for key in order if key in there):
        home = None if unit.el is None else unit.el.getparent()
        if home is not None:
            home.extend(unit.elements)
