"""The objects that two changes of one CIB are told apart by, and what a change of one is.

An object is what stands in a section, a resource with all that is in it, with the comments before it. A single option
of an option set, and a single fencing level, count as objects too, since people change them one at a time.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from crmsh_py.cib.document import CONTAINERS, RESOURCES, Cib
from crmsh_py.cib.references import object_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    Index = dict["Key", "Unit"]

SETS = {"crm_config": "cluster_property_set", "rsc_defaults": "meta_attributes", "op_defaults": "meta_attributes"}
REMARKS = "#remarks"
RESOURCE = "resource"


class Key(NamedTuple):
    """What tells an object: its section; the id of the set, of which it is an option; its tag; its name.

    The tag of a resource is RESOURCE, whatever it is: a group takes the place of a primitive of its id.
    """

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


class Parts(NamedTuple):
    """What can be changed of an object one by one: what it says, the comments, where it stands, what stands in it."""

    text: bytes
    comments: list[bytes]
    container: str
    members: list[str]


def index(cib: Cib) -> Index:
    """The objects of a CIB by what tells them, containers before their members."""
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
        tag = RESOURCE if el.tag in RESOURCES else el.tag
        key = Key(name, "", SETS.get(name, tag), _name(el))
        yield key, Unit(el, tuple(comments))
        comments = []
        if name == "resources":
            for inner in el.iterdescendants(*RESOURCES):
                yield Key(name, "", RESOURCE, inner.get("id") or ""), Unit(inner)
        if name in SETS:
            for option in el.iterchildren("nvpair"):
                yield Key(name, key.name, "nvpair", option.get("name") or option.get("id-ref") or ""), Unit(option)
    if comments:
        yield Key(name, "", REMARKS, name), Unit(None, tuple(comments))


def _name(el: Element) -> str:
    """What people tell an object by: two nodes of one name, or levels of one target and index, are one."""
    if el.tag == "fencing-level":
        return " ".join(f"{name}={value}" for name, value in sorted(el.items()) if name not in ("id", "devices"))
    return object_name(el)


def changed(base: Index, now: Index) -> list[Key]:
    """The objects that came, went or are different now."""
    gone = [key for key in base if key not in now]
    return [key for key, unit in now.items() if not is_same(base.get(key), unit)] + gone


def is_same(one: Unit | None, other: Unit | None) -> bool:
    """Whether two objects say the same, at the same place; the same resources in them, whatever those say."""
    if one is None or other is None:
        return one is other
    if _bytes(one) == _bytes(other):
        return True
    # another program may have written the attributes in another order
    return canonical(one) == canonical(other)


def parts(unit: Unit) -> Parts:
    """What can be changed of an object one by one."""
    comments = [_canonical(el) for el in unit.comments]
    if unit.el is None:
        return Parts(b"", comments, "", [])
    copy = alone(unit.el)
    members = members_of(copy)
    for el in members:
        copy.remove(el)
    return Parts(_canonical(copy), comments, container(unit), [el.get("id") or "" for el in members])


def _bytes(unit: Unit) -> list[bytes]:
    said = [etree.tostring(alone(el) if _has_objects(el) else el, with_tail=False) for el in unit.elements]
    return [*said, container(unit).encode()]


def canonical(unit: Unit) -> list[bytes]:
    """What an object says, for comparison."""
    return [*(_canonical(alone(el)) for el in unit.elements), container(unit).encode()]


def _canonical(el: Element) -> bytes:
    """lxml cannot canonicalise a comment that stands alone: it is put into an element."""
    if isinstance(el.tag, str):
        return etree.tostring(el, method="c14n", with_comments=True)
    wrap = etree.Element("comment")
    wrap.text = el.text
    return etree.tostring(wrap, method="c14n")


def container(unit: Unit) -> str:
    """The id of what a resource is in, "" for one that is in nothing: to move it is to change it."""
    parent = None if unit.el is None else unit.el.getparent()
    return parent.get("id") or "" if parent is not None and parent.tag in CONTAINERS else ""


def members_of(el: Element) -> list[Element]:
    """The resources that a container holds itself."""
    return [child for child in el if child.tag in RESOURCES] if el.tag in CONTAINERS else []


def alone(el: Element) -> Element:
    """A copy without its tail and without what is an object of its own: options, and resources but for their ids."""
    copy = deepcopy(el)
    copy.tail = None
    if is_option_set(el):
        for option in copy.findall("nvpair"):
            copy.remove(option)
    for member in members_of(copy):
        copy.replace(member, etree.Element(str(member.tag), {"id": member.get("id") or ""}))
    return copy


def _has_objects(el: Element) -> bool:
    return el.tag in CONTAINERS or is_option_set(el)


def is_option_set(el: Element) -> bool:
    """Whether an element is a set whose options are objects of their own."""
    parent = el.getparent()
    return parent is not None and parent.tag in SETS and isinstance(el.tag, str)
