"""Two changes of one CIB brought together, object by object.

An object is what stands in a section, a resource with all that is in it; a single option of an option set, and a single
fencing level, count as objects too, since people change them one at a time.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from crmsh_py.cib.document import Cib

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    Index = dict["Key", Element]

SETS = {"crm_config": "cluster_property_set", "rsc_defaults": "meta_attributes", "op_defaults": "meta_attributes"}
COMMENT = "#comment"


class Key(NamedTuple):
    """What tells an object: its section; the id of the set, of which it is an option; its tag; its id."""

    section: str
    set_id: str
    tag: str
    id: str

    @property
    def home(self) -> Key | None:
        """The key of the set, for an option."""
        return Key(self.section, "", SETS[self.section], self.set_id) if self.set_id else None


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
        schemas = {cib.schema for cib in self._cibs}
        return found + [SCHEMA] * (len(schemas) == 3)

    def _is_homeless(self, key: Key, there: Index) -> bool:
        """Whether an option was changed whose set the other side has removed."""
        home = key.home
        return home is not None and home in self._base and home not in there

    def merged(self) -> Cib:
        """Their CIB with my changes put into it; where both changed an object it is mine."""
        base, mine, theirs = self._cibs
        cib = Cib(deepcopy(theirs.root))
        there = index(cib)
        for key in self.mine:
            el = self._mine.get(key)
            if el is None:
                _remove(there.get(key))
            else:
                _put(cib, there, key, el)
        if mine.schema != base.schema:
            cib.schema = mine.schema
        return cib


def index(cib: Cib) -> Index:
    """The objects of a CIB, comments between them included, by what tells them."""
    return {key: el for section in cib.configuration.iterchildren(etree.Element) for key, el in _objects(section)}


def _objects(section: Element) -> Iterator[tuple[Key, Element]]:
    name = str(section.tag)
    remarks = 0
    for number, el in enumerate(section):
        if not isinstance(el.tag, str):
            remarks += 1
            yield Key(name, "", COMMENT, f"{el.text}"), el
            continue
        id_ = el.get("id") or el.get("id-ref") or f"#{number - remarks}"
        yield Key(name, "", SETS.get(name, str(el.tag)), id_), el
        if name in SETS:
            for option in el.iterchildren("nvpair"):
                name_of_option = option.get("id") or option.get("id-ref") or option.get("name") or ""
                yield Key(name, id_, "nvpair", name_of_option), option


def _changed(base: Index, now: Index) -> list[Key]:
    """The objects that came, went or are different now."""
    gone = [key for key in base if key not in now]
    return [key for key, el in now.items() if key not in base or not _is_same(base[key], el)] + gone


def _is_same(one: Element | None, other: Element | None) -> bool:
    if one is None or other is None:
        return one is other
    if _bytes(one) == _bytes(other):
        return True
    # another program may have written the attributes in another order
    return etree.tostring(_alone(one), method="c14n") == etree.tostring(_alone(other), method="c14n")


def _bytes(el: Element) -> bytes:
    if _is_option_set(el):
        el = _alone(el)
    return etree.tostring(el, with_tail=False)


def _alone(el: Element) -> Element:
    """A copy without its tail; of an option set, without the options, which are objects of their own."""
    copy = deepcopy(el)
    copy.tail = None
    if _is_option_set(el):
        for option in copy.findall("nvpair"):
            copy.remove(option)
    return copy


def _is_option_set(el: Element) -> bool:
    parent = el.getparent()
    return parent is not None and parent.tag in SETS and isinstance(el.tag, str)


def _remove(old: Element | None) -> None:
    parent = None if old is None else old.getparent()
    if parent is not None and old is not None:
        parent.remove(old)


def _put(cib: Cib, there: Index, key: Key, el: Element) -> None:
    """Make an object of the CIB what it is on my side."""
    old = there.get(key)
    copy = _alone(el)  # the options of a set are put one by one
    home = cib.make_section(key.section) if key.home is None else there[key.home]
    if old is not None:
        if _is_option_set(el):
            copy.extend(old.findall("nvpair"))
        home.replace(old, copy)
    elif key.tag == COMMENT:
        _put_comment(home, copy, el)
    else:
        home.append(copy)
    there[key] = copy


def _put_comment(home: Element, comment: Element, mine: Element) -> None:
    """A comment stands before the object that it stands before on my side."""
    followers = mine.itersiblings(etree.Element)
    ids = {el.get("id") for el in followers}
    after = next((el for el in home.iterchildren(etree.Element) if el.get("id") in ids), None)
    if after is None:
        home.append(comment)
    else:
        after.addprevious(comment)
