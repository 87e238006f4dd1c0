"""The relations of a resource, as a tree: what it is in, what is in it, what it needs, what needs it, and why.

Each resource stands below each heading once with what it is related to itself, so that there is an end to it, and the
work is linear in the size of the configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cib.document import CONTAINERS, RESOURCES
from crmsh_py.cib.meanings import BETWEEN, GROUP, LOCATION, TICKET, Bond, bonds, group_bonds, meanings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

IN, CONTAINS, NEEDS, NEEDED, PLACED = "in", "contains", "needs", "needed-by", "placed"
CONTAINER, MEMBER, TAG, TEMPLATE = "container", "member", "tag", "template"


class Relation(NamedTuple):
    """A line of the tree.

    heading: in, contains, needs, needed-by or placed. depth: 1 for what the resource itself is related to; what stands
    deeper belongs to the line of one less before it. name: a resource, a tag, a ticket, a node, or a place where two
    sets of a constraint meet. kind: container, member, tag, template, group, order, colocation, location, ticket or
    set. constraint: its id, or "". text: what it means, or "". is_repeated: what it is related to stands further up.
    """

    heading: str
    depth: int
    name: str
    kind: str
    constraint: str
    text: str
    is_repeated: bool


class Kinship:
    """The relations of all resources of a CIB, looked up."""

    def __init__(self, cib: Cib) -> None:
        resources, constraints, tags = (cib.section(name) for name in ("resources", "constraints", "tags"))
        self.elements = {el.get("id", ""): el for el in (() if resources is None else resources.iter(*RESOURCES))}
        self.constraints = [] if constraints is None else list(constraints.iterchildren("*"))
        # tags, and templates, which constraints may name for all that are made of them
        self.tags: dict[str, list[str]] = {}
        for el in self.elements.values():
            if el.get("template"):
                self.tags.setdefault(el.get("template", ""), []).append(el.get("id", ""))
        for tag in () if tags is None else tags.iterchildren("tag"):
            self.tags[tag.get("id", "")] = [ref.get("id", "") for ref in tag.iterchildren("obj_ref")]
        self._bonds: dict[str, dict[str, list[tuple[str, Bond]]]] = {NEEDS: {}, NEEDED: {}}
        for el in self.constraints:
            self._take(bonds(el))
        for el in self.elements.values():
            if el.tag == "group":
                self._take(group_bonds(el))

    def _take(self, found: Iterator[Bond]) -> None:
        for bond in found:
            for dependent in self.tags.get(bond.dependent, [bond.dependent]):
                self._bonds[NEEDS].setdefault(dependent, []).append((bond.needed, bond))
            for needed in self.tags.get(bond.needed, [bond.needed]):
                self._bonds[NEEDED].setdefault(needed, []).append((bond.dependent, bond))

    def tree(self, id_: str) -> Iterator[Relation]:
        """The relations of a resource, heading by heading."""
        yield from self._containers(id_)
        yield from (Relation(CONTAINS, 1, one, MEMBER, "", "", False) for one in self._members(id_))
        for heading in (NEEDS, NEEDED):
            yield from self._below(heading, id_)
        yield from self._placed(id_)

    def names_of(self, id_: str) -> dict[str, str]:
        """By which names constraints may mean a resource: its own, those of what it is in, tags; each with its kind."""
        names = {id_: ""}
        names.update((container, CONTAINER) for container in self.containers(id_))
        for tag, members in self.tags.items():
            if any(member in names for member in members):
                names.setdefault(tag, TAG)
        return names

    def containers(self, id_: str) -> list[str]:
        """What a resource is in, from the inside out."""
        el = self.elements[id_].getparent()
        found = []
        while el is not None and el.tag in CONTAINERS:
            found.append(el.get("id", ""))
            el = el.getparent()
        return found

    def _containers(self, id_: str) -> Iterator[Relation]:
        for depth, container in enumerate(self.containers(id_), 1):
            yield Relation(IN, depth, container, str(self.elements[container].tag), "", "", False)
        for tag, members in self.tags.items():
            if id_ in members:
                kind = TEMPLATE if tag in self.elements else TAG
                yield Relation(IN, 1, tag, kind, "", "", False)

    def _members(self, id_: str) -> list[str]:
        el = self.elements.get(id_)
        if el is None or el.tag not in CONTAINERS:
            return []
        return [child.get("id", "") for child in el.iterchildren(*RESOURCES)]

    def _placed(self, id_: str) -> Iterator[Relation]:
        names = self.names_of(id_)
        for el in self.constraints:
            kind = {"rsc_location": LOCATION, "rsc_ticket": TICKET}.get(str(el.tag))
            if kind and applies(el, names):
                named = el.get("node") or el.get("ticket") or ""
                for text in meanings(el):
                    yield Relation(PLACED, 1, named, kind, el.get("id", ""), text, False)

    def _below(self, heading: str, id_: str) -> Iterator[Relation]:
        """All that is needed, or needs it, with a stack of its own: a chain may be as long as it likes."""
        known = {id_}
        stack = [iter(self._next(heading, id_, ""))]
        while stack:
            found = next(stack[-1], None)
            if found is None:
                stack.pop()
                continue
            name, kind, bond = found
            is_repeated = name in known
            known.add(name)
            constraint, text = (bond.constraint, bond.text) if bond else ("", "")
            yield Relation(heading, len(stack), name, kind, constraint, text, is_repeated)
            if not is_repeated:
                stack.append(iter(self._next(heading, name, kind)))

    def _next(self, heading: str, name: str, kind: str) -> Iterator[tuple[str, str, Bond | None]]:
        """What a resource is related to; kind: how it was come to."""
        for other, bond in self._bonds[heading].get(name, ()):
            yield other, bond.kind if "/" not in other or other in self.elements else BETWEEN, bond
        if name in self.tags and kind != CONTAINER:
            yield from ((member, MEMBER, None) for member in self.tags[name])
        # the constraints of a container are its members' too; whose neighbour is come to has been there
        el = self.elements.get(name)
        above = None if el is None else el.getparent()
        if kind not in (MEMBER, GROUP) and above is not None and above.tag in CONTAINERS:
            container = above.get("id", "")
            if self._is_related(heading, container):
                yield container, CONTAINER, None
        if kind != CONTAINER:
            yield from ((member, MEMBER, None) for member in self._members(name) if self._has_own(heading, member))

    def _is_related(self, heading: str, container: str) -> bool:
        """Whether a container, or what it is in, has relations."""
        return any(self._bonds[heading].get(one) for one in (container, *self.containers(container)))

    def _has_own(self, heading: str, member: str) -> bool:
        """Whether a member, or what is in it, has relations beside those to its neighbours."""
        inner = [member, *self._members(member)]
        return any(bond.kind != GROUP for one in inner for _, bond in self._bonds[heading].get(one, ()))


def applies(el: Element, names: dict[str, str]) -> bool:
    """Whether a constraint names one of these, itself or by a pattern."""
    return any(name in names for name in named_by(el)) or _matches(el, names)


def named_by(el: Element) -> Iterator[str]:
    """The resources and tags that a constraint names."""
    for attribute in ("rsc", "with-rsc", "first", "then"):
        if el.get(attribute):
            yield el.get(attribute, "")
    for ref in el.iterfind("resource_set/resource_ref"):
        yield ref.get("id", "")


def _matches(el: Element, names: dict[str, str]) -> bool:
    import re

    pattern = el.get("rsc-pattern")
    if not pattern:
        return False
    try:
        return any(re.search(pattern, name) for name, kind in names.items() if kind != TAG)
    except re.error:
        return False
