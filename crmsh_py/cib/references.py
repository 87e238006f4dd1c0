"""What refers to what: all kinds of references of a CIB in one table, and indices over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from crmsh_py.cib.document import RESOURCES, SECTIONS
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

SIDES: dict[str, tuple[str, ...]] = {
    "rsc_location": ("rsc",),
    "rsc_colocation": ("rsc", "with-rsc"),
    "rsc_order": ("first", "then"),
    "rsc_ticket": ("rsc",),
}
# content that can be borrowed: the element stands for another one of its tag
BORROWERS = (
    "instance_attributes",
    "meta_attributes",
    "utilization",
    "cluster_property_set",
    "nvpair",
    "rule",
    "operations",
    "resource_set",
)
# which attributes of an element refer to ids. `devices` is a list with commas, `obj_ref` may name anything at all.
KINDS: dict[str, tuple[str, ...]] = {
    **SIDES,
    **dict.fromkeys(BORROWERS, ("id-ref",)),
    **dict.fromkeys(("resource_ref", "obj_ref", "role", "role_ref"), ("id",)),
    **dict.fromkeys(("read", "write", "deny"), ("ref",)),
    "acl_permission": ("reference",),
    "primitive": ("template",),
    "fencing-level": ("devices",),
}
# Which attributes name nodes. A node that is not there may join later, so these never count as dangling.
NODE_KINDS = {"fencing-level": "target", "rsc_location": "node"}

# their ids are names of hosts and users, and may be those of other objects too
OWN_IDS = frozenset(("node", "acl_target"))
# their ids are references
REFERRING = frozenset(("resource_ref", "obj_ref", "role", "role_ref"))
_NO_IDS = OWN_IDS | REFERRING
_WITH_SUCH = frozenset(("constraints", "tags", "acls", "nodes"))
_IDS = etree.XPath(".//@id", smart_strings=False)
_BORROWED = etree.XPath(".//*[@id-ref]")
_OTHERS = tuple(tag for tag in KINDS if tag not in BORROWERS)


class Reference(NamedTuple):
    """An attribute of an element that refers to an id."""

    el: Element
    attribute: str
    id: str


def references(el: Element) -> Iterator[Reference]:
    """All references in an element, those of one kind in the order of the document."""
    for other in el.iter(*_OTHERS):
        yield from _of(other)
    yield from borrowed(el)


def borrowed(el: Element) -> Iterator[Reference]:
    """The references to content, in an element. On an element of another tag `id-ref` means nothing."""
    for borrower in _BORROWED(el):
        if borrower.tag in BORROWERS:
            yield Reference(borrower, "id-ref", borrower.get("id-ref"))


def _of(el: Element) -> Iterator[Reference]:
    for attribute in KINDS[str(el.tag)]:
        value = el.get(attribute)
        if value is None:
            continue
        if attribute == "devices":
            yield from (Reference(el, attribute, device) for device in value.split(","))
        else:
            yield Reference(el, attribute, value)


def ids(cib: Cib) -> set[str]:
    """The ids that a reference can mean; not those of nodes and users, which are names of their own."""
    found: set[str] = set()
    for section in cib.configuration.iterchildren("*"):
        if section.tag in _WITH_SUCH:
            found.update(el.get("id") or "" for el in section.iter("*") if el.tag not in _NO_IDS)
        else:
            found.update(_IDS(section))
    found.discard("")
    return found


def names(cib: Cib) -> set[str]:
    """The ids and names of nodes and users, which a tag may name too."""
    named = cib.configuration.iter("node", "acl_target")
    return {value for el in named for value in (el.get("id"), el.get("uname")) if value}


class Index:
    """Who refers to an id, looked up in no time. `add` takes in what comes later."""

    def __init__(self, el: Element) -> None:
        self._by_id: dict[str, list[Reference]] = {}
        self.add(el)

    def add(self, el: Element) -> None:
        """Take in the references of an element that is new."""
        for reference in references(el):
            self._by_id.setdefault(reference.id, []).append(reference)

    def to(self, id_: str) -> list[Reference]:
        """The references to an id."""
        return self._by_id.get(id_, [])


def dangling(cib: Cib) -> list[tuple[str, str, str]]:
    """References to what does not exist: the id of the object, the attribute, the id that is missing."""
    there = ids(cib)
    named = there | names(cib)
    return [
        (object_name(object_of(found.el)), found.attribute, found.id)
        for found in references(cib.configuration)
        if found.id not in (named if found.el.tag == "obj_ref" else there)
    ]


def unknown(cib: Cib) -> list[Problem]:
    """The references that dangle, each an error. Devices are not among them: the schema lets a level name any."""
    return [
        Problem(
            ERROR, "unknown-reference", f"{name}: {attribute} refers to {missing}, which does not exist", object_id=name
        )
        for name, attribute, missing in dangling(cib)
        if attribute != "devices"
    ]


def object_of(el: Element) -> Element:
    """The object that an element is, or is in: the innermost resource, or the child of a section."""
    while el.tag not in RESOURCES and el.tag != "fencing-topology":
        parent = el.getparent()
        if parent is None or parent.tag in SECTIONS and parent.tag != "fencing-topology":
            break
        el = parent
    return el


def object_name(el: Element) -> str:
    """The name that an object is shown by."""
    if el.tag == "fencing-topology":
        return "fencing_topology"
    return el.get("uname") or el.get("id") or el.get("id-ref") or ""
