"""Two changes of one CIB brought together, object by object.

An object is what stands in a section, a resource with all that is in it, with the comments before it. A single option
of an option set, and a single fencing level, count as objects too, since people change them one at a time.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from crmsh_py.cib.document import CONTAINERS, RESOURCES, Cib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    Index = dict["Key", "Unit"]

SETS = {"crm_config": "cluster_property_set", "rsc_defaults": "meta_attributes", "op_defaults": "meta_attributes"}
ORDER = "#order"
REMARKS = "#remarks"


class Key(NamedTuple):
    """What tells an object: its section; the id of the set, of which it is an option; its tag; its name."""

    section: str
    set_id: str
    tag: str
    name: str

    @property
    def home(self) -> Key | None:
        """The key of the set, for an option."""
        return Key(self.section, "", SETS[self.section], self.set_id) if self.set_id else None


class Unit(NamedTuple):
    """An object with the comments before it; the comments at the end of a section have no object."""

    el: Element | None
    comments: tuple[Element, ...] = ()

    @property
    def elements(self) -> list[Element]:
        """All that it consists of, in order."""
        return [*self.comments, *([] if self.el is None else [self.el])]


SCHEMA = Key("cib", "", "cib", "validate-with")


class Merge:
    """What became of `base` on two sides. `mine` and `theirs` are the objects that each has changed."""

    def __init__(self, base: Cib, mine: Cib, theirs: Cib) -> None:
        self._cibs = base, mine, theirs
        self._base, self._mine, self._theirs = index(base), index(mine), index(theirs)
        self.mine = _changed(self._base, self._mine)
        self.theirs = _changed(self._base, self._theirs)

    def clashes(self) -> list[Key]:
        """The objects that both sides changed and that are not the same now."""
        both = set(self.theirs)
        found = [key for key in self.mine if key in both and not _is_same(self._mine.get(key), self._theirs.get(key))]
        found += [key for key in self.mine if self._is_homeless(key, self._theirs)]
        found += [key for key in self.theirs if self._is_homeless(key, self._mine)]
        found += [Key(name, "", ORDER, name) for name in SETS if self._is_reordered_twice(name)]
        schemas = {cib.schema for cib in self._cibs}
        return found + [SCHEMA] * (len(schemas) == 3)

    def others(self) -> list[Key]:
        """The objects that the other side alone has changed, or in another way than mine."""
        mine = set(self.mine)
        return [
            key for key in self.theirs if key not in mine or not _is_same(self._mine.get(key), self._theirs.get(key))
        ]

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
        """Their CIB with my changes put into it; where both changed an object it is mine."""
        base, mine, theirs = self._cibs
        cib = Cib(deepcopy(theirs.root))
        there = index(cib)
        resources = Resources(cib, there, self._mine, self.mine)
        for key in self.mine:
            if key.section == "resources" and key.tag != REMARKS:
                resources.bring(key)
            else:
                self._bring(cib, there, key)
        resources.sweep()
        self._arrange(there)
        if mine.schema != base.schema:
            cib.schema = mine.schema
        return cib

    def _bring(self, cib: Cib, there: Index, key: Key) -> None:
        """Make an object of the CIB what it is on my side."""
        unit = self._mine.get(key)
        if unit is None:
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


def index(cib: Cib) -> Index:
    """The objects of a CIB by what tells them."""
    found: Index = {}
    times: dict[Key, int] = {}
    for section in cib.configuration.iterchildren(etree.Element):
        for key, unit in _units(section):
            times[key] = times.get(key, 0) + 1
            found[key if times[key] == 1 else key._replace(name=f"{key.name}#{times[key]}")] = unit
    return found


def _units(section: Element) -> Iterator[tuple[Key, Unit]]:
    name = str(section.tag)
    comments: list[Element] = []
    for el in section:
        if not isinstance(el.tag, str):
            comments.append(el)
            continue
        key = Key(name, "", SETS.get(name, el.tag), _name(el))
        yield key, Unit(el, tuple(comments))
        comments = []
        if name == "resources":
            for inner in el.iterdescendants(*RESOURCES):
                yield Key(name, "", str(inner.tag), inner.get("id") or ""), Unit(inner)
        if name in SETS:
            for option in el.iterchildren("nvpair"):
                yield Key(name, key.name, "nvpair", option.get("name") or option.get("id-ref") or ""), Unit(option)
    if comments:
        yield Key(name, "", REMARKS, name), Unit(None, tuple(comments))


def _name(el: Element) -> str:
    """What people tell an object by: two nodes of one name, or levels of one target and index, are one."""
    if el.tag == "fencing-level":
        return " ".join(f"{name}={value}" for name, value in sorted(el.items()) if name not in ("id", "devices"))
    return el.get("uname") or el.get("id") or el.get("id-ref") or ""


def _changed(base: Index, now: Index) -> list[Key]:
    """The objects that came, went or are different now."""
    gone = [key for key in base if key not in now]
    return [key for key, unit in now.items() if not _is_same(base.get(key), unit)] + gone


def _is_same(one: Unit | None, other: Unit | None) -> bool:
    if one is None or other is None:
        return one is other
    if _bytes(one) == _bytes(other):
        return True
    # another program may have written the attributes in another order
    return _canonical(one) == _canonical(other)


def _bytes(unit: Unit) -> list[bytes]:
    said = [etree.tostring(_alone(el) if _has_objects(el) else el, with_tail=False) for el in unit.elements]
    return [*said, _container(unit)]


def _canonical(unit: Unit) -> list[bytes]:
    said = [etree.tostring(_wrapped(_alone(el)), method="c14n", with_comments=True) for el in unit.elements]
    return [*said, _container(unit)]


def _container(unit: Unit) -> bytes:
    """The id of what a resource is in: to move it is to change it."""
    parent = None if unit.el is None else unit.el.getparent()
    is_inside = parent is not None and parent.tag in CONTAINERS
    return (parent.get("id") or "").encode() if parent is not None and is_inside else b""


def _wrapped(el: Element) -> Element:
    """A comment in an element: lxml cannot canonicalise a comment that stands alone."""
    if isinstance(el.tag, str):
        return el
    wrap = etree.Element("comment")
    wrap.text = el.text
    return wrap


def _alone(el: Element) -> Element:
    """A copy without its tail and without what is an object of its own: options, and resources but for their ids."""
    copy = deepcopy(el)
    copy.tail = None
    if _is_option_set(el):
        for option in copy.findall("nvpair"):
            copy.remove(option)
    elif el.tag in CONTAINERS:
        for member in copy:
            if member.tag in RESOURCES:
                copy.replace(member, etree.Element(str(member.tag), {"id": member.get("id") or ""}))
    return copy


def _has_objects(el: Element) -> bool:
    return el.tag in CONTAINERS or _is_option_set(el)


def _is_option_set(el: Element) -> bool:
    parent = el.getparent()
    return parent is not None and parent.tag in SETS and isinstance(el.tag, str)


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


def _put(cib: Cib, there: Index, key: Key, unit: Unit) -> None:
    home = cib.make_section(key.section) if key.home is None else there[key.home].el
    assert home is not None  # noqa: S101 - a set has an element
    old = there.get(key)
    copy = Unit(None if unit.el is None else _alone(unit.el), tuple(_alone(el) for el in unit.comments))
    if (
        copy.el is not None
        and old is not None
        and old.el is not None
        and unit.el is not None
        and _is_option_set(unit.el)
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


class Resources:
    """Puts my resources into the merged CIB: a container is changed where I changed it, a member where it is."""

    def __init__(self, cib: Cib, there: Index, mine: Index, changed: Iterable[Key]) -> None:
        self._cib = cib
        self._there = there
        self._mine = mine
        self._changed = set(changed)
        self._gone: list[Unit] = []
        self._left: list[Element] = []

    def bring(self, key: Key) -> None:
        """Make a resource what it is on my side. One that is in a container which I changed comes with that."""
        unit = self._mine.get(key)
        if unit is None or unit.el is None:
            self._gone.append(self._there.pop(key, Unit(None)))
            return
        parent = unit.el.getparent()
        if parent is not None and parent.tag in CONTAINERS and _resource_key(parent) in self._changed:
            return
        old = self._there.get(key)
        place = old if old is not None and old.el is not None and _container(old) == _container(unit) else None
        copy = Unit(_alone(unit.el), tuple(_alone(el) for el in unit.comments))
        if place is None or place.el is None:
            self._let_go(old)
            self._home(unit).extend(copy.elements)
        else:
            home = place.el.getparent()
            if home is not None:
                at = home.index(place.elements[0])
                remove(place)
                home[at:at] = copy.elements
        self._there[key] = copy
        self._fill(copy.el, unit.el)

    def _home(self, unit: Unit) -> Element:
        """Where a resource is that is in no container that I changed."""
        parent = None if unit.el is None else unit.el.getparent()
        if parent is not None and parent.tag in CONTAINERS:
            found = self._there.get(_resource_key(parent))
            if found is not None and found.el is not None:
                return found.el
        return self._cib.make_section("resources")

    def _fill(self, copy: Element | None, el: Element) -> None:
        """Put the members in the places that `_alone` has left for them: mine where I changed them, else theirs."""
        if copy is None or el.tag not in CONTAINERS:
            return
        stubs = [child for child in copy if child.tag in RESOURCES]
        members = [child for child in el if child.tag in RESOURCES]
        for stub, member in zip(stubs, members, strict=True):
            key = _resource_key(member)
            old = self._there.get(key)
            if key not in self._changed and old is not None and old.el is not None:
                copy.replace(stub, old.el)
                continue
            made = _alone(member)
            self._let_go(old)
            copy.replace(stub, made)
            self._there[key] = Unit(made)
            self._fill(made, member)

    def _let_go(self, old: Unit | None) -> None:
        """Take a resource from where the others have it."""
        if old is None or old.el is None:
            return
        parent = old.el.getparent()
        remove(old)
        if parent is not None and parent.tag in CONTAINERS:
            self._left.append(parent)

    def sweep(self) -> None:
        """Remove what is no longer there, which was kept until its members were moved, and what was left empty."""
        for unit in self._gone:
            remove(unit)
        for container in self._left:
            if not any(child.tag in RESOURCES for child in container):
                self._let_go(Unit(container))


def _resource_key(el: Element) -> Key:
    return Key("resources", "", str(el.tag), el.get("id") or "")
