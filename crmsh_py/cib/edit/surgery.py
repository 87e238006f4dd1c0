"""After an edit no reference dangles: what refers to something that went, moved or has a new name follows it.

An edit says what happened to objects (`lose`, `heirs`, `joined`, `renamed`), `settle` then goes through the references
to them, round by round: what becomes empty on the way goes too, and what refers to that is next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib import comments, placing
from crmsh_py.cib.document import CONTAINERS, RESOURCES
from crmsh_py.cib.edit import mending
from crmsh_py.cib.edit.constraints import carry
from crmsh_py.cib.edit.containers import outermost
from crmsh_py.cib.edit.naming import called
from crmsh_py.cib.edit.rights import forget_in_rights
from crmsh_py.cib.references import (
    BORROWERS,
    NODE_KINDS,
    OWN_IDS,
    REFERRING,
    SIDES,
    Index,
    Reference,
    ids,
    names,
    object_name,
    object_of,
    references,
)
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.ids import Ids


class Surgery:
    """What an edit did to objects, and what follows from it.

    gone: the elements that were taken out, by their ids. heirs: for a container that was dissolved, the resources that
    it held. joined: for a resource that stood on its own, the container that took it in. renamed: old id -> new one.
    nodes: names of nodes that went. stated: the objects that the text of the edit says itself; they are not changed.
    notes: what is changed beyond what was said.
    """

    def __init__(self, cib: Cib, objects: dict[str, Element], taken: Ids) -> None:
        self.cib = cib
        self.objects = objects
        self.ids = taken
        self.notes: list[Problem] = []
        self.gone: dict[str, Element] = {}
        self.heirs: dict[str, list[str]] = {}
        self.joined: dict[str, Element] = {}
        self.renamed: dict[str, str] = {}
        self.nodes: set[str] = set()
        self.stated: set[Element] = set()
        self.index: Index
        self._next: list[str] = []
        self._names: set[str] = set()

    def note(self, text: str, object_id: str | None = None) -> None:
        """Say what the edit changes beyond what was said, in one line."""
        self.notes.append(Problem(INFO, "carried-along", text, object_id=object_id))

    # ---- what happened

    def lose(self, el: Element) -> None:
        """An element is no longer there, with all that is in it."""
        for part in el.iter("*"):
            for id_ in (part.get("id"), part.get("uname")) if part.tag not in REFERRING else ():
                if id_ and (part.tag not in OWN_IDS or id_ not in self.gone):
                    self.gone[id_] = part
                    self._next.append(id_)

    def regain(self, el: Element) -> None:
        """A copy of what was lost is there again; what it refers to may be lost too."""
        for part in el.iter("*"):
            if part.tag not in REFERRING:
                self.gone.pop(part.get("id") or "", None)
        self.index.add(el)
        self._next.extend(found.id for found in references(el))

    def take_out(self, el: Element, why: str | None = None) -> None:
        """Remove an object that is of no use any more, and say so; without a reason, a part of one."""
        if why is not None:
            self.note(f"{called(el)} is deleted{why}", object_name(object_of(el)))
            remove_comments_before(el)
        parent = el.getparent()
        if parent is not None:
            parent.remove(el)
        if el.tag not in OWN_IDS:
            self.lose(el)

    # ---- what follows from it

    def settle(self) -> None:
        """Make all that refers to what happened fit it."""
        if not (self.gone or self.joined or self.renamed or self.nodes):
            return
        there = ids(self.cib)
        self._names = names(self.cib)
        self.gone = {id_: el for id_, el in self.gone.items() if id_ not in there}
        if not (self.gone or self.joined or self.renamed or self.nodes):
            return
        self.ids.taken.update(self.gone)
        self.index = Index(self.cib.configuration)
        self._next = [*self.gone, *self.joined, *self.renamed]
        self._forget_nodes()
        while self._next:
            changed, self._next = dict.fromkeys(self._next), []
            self._follow(changed)
        forget_in_rights(self)

    def _follow(self, changed: Iterable[str]) -> None:
        constraints: dict[Element, None] = {}
        for id_ in changed:
            for reference in self.index.to(id_):
                holder = object_of(reference.el)
                if holder in self.stated or not self.is_there(reference.el) or self._is_name(reference):
                    continue
                if id_ not in self.renamed and (holder.tag in SIDES and reference.el.tag not in BORROWERS):
                    constraints[holder] = None
                elif id_ in self.renamed or id_ in self.gone:
                    self._mend(reference)
                elif reference.el.tag == "obj_ref":
                    self._follow_into_clone(reference)
        for constraint in constraints:
            if self.is_there(constraint):
                carry(self, constraint)

    def _is_name(self, reference: Reference) -> bool:
        """Whether it means a node or a user, as tags alone can, and not what had the same id."""
        if reference.el.tag == "obj_ref":
            return self.is_name(reference.id) and reference.id not in self.renamed
        lost = self.gone.get(reference.id)
        return lost is not None and lost.tag in OWN_IDS

    def _mend(self, reference: Reference) -> None:
        if reference.id in self.renamed:
            mending.rename(self, reference, self.renamed[reference.id])
        else:
            mending.mend(self, reference)

    def _follow_into_clone(self, reference: Reference) -> None:
        """Constraints on a tag cannot be on what is inside a clone or bundle; on a member of a group they can."""
        container = self._joined(reference.id)
        if container is not None and container.tag != "group":
            mending.replace_in_tag(self, reference.el, container.get("id") or "")

    def _forget_nodes(self) -> None:
        # a remote node's name is the id of its resource too
        self.nodes.difference_update(self.objects)
        for tag, attribute in NODE_KINDS.items():
            for el in list(self.cib.configuration.iter(tag)) if self.nodes else ():
                # one with a lifetime names its node in a rule
                name = (placing.node_of(el) if placing.is_made(el) else el.get(attribute)) or ""
                if name in self.nodes and object_of(el) not in self.stated:
                    self._forget_node(el, name)

    def _forget_node(self, el: Element, name: str) -> None:
        if el.tag in SIDES:
            self.take_out(el, f" with node {name}")
            return
        self.note(f"fencing_topology no longer has level {el.get('index')} of node {name}", "fencing_topology")
        self.cib.touch(el)
        self.take_out(el)

    # ---- what is where now

    def is_there(self, el: Element) -> bool:
        """Whether an element is a part of the configuration."""
        top: Element | None = el
        while top is not None and top is not self.cib.configuration:
            top = top.getparent()
        return top is not None

    def is_name(self, id_: str) -> bool:
        """Whether a node or a user is called like this."""
        return id_ in self._names

    def resource_set(self, id_: str) -> Element | None:
        """The resource set with this id."""
        section = self.cib.section("constraints")
        sets = () if section is None else section.iter("resource_set")
        return next((el for el in sets if el.get("id") == id_), None)

    def applies_to(self, id_: str) -> list[str] | None:
        """What a constraint on an id is about now; None where that has not changed."""
        if id_ in self.gone:
            heirs = self.living(id_)
            found = [other for heir in heirs for other in self.applies_to(heir) or [heir]]
            return list(dict.fromkeys(found[:1] if self.gone[id_].tag in CONTAINERS else found))
        container = self._joined(id_)
        return None if container is None else [container.get("id") or ""]

    def _joined(self, id_: str) -> Element | None:
        """The outermost container that a resource is in since this edit."""
        container = self.joined.get(id_)
        return None if container is None else outermost(container)

    def living(self, id_: str, but: frozenset[str] = frozenset()) -> list[str]:
        """The resources that something that went stood for: a container, a tag, a template."""
        lost = self.gone[id_]
        if lost.tag == "tag":
            named = [str(member.get("id")) for member in lost.iterchildren("obj_ref")]
        elif lost.tag == "template":
            named = [str(found.el.get("id")) for found in self.index.to(id_) if self.is_there(found.el)]
        else:
            named = self.heirs.get(id_, [])
        found: dict[str, None] = {}
        for name in named:
            if name in self.gone and name not in but:
                found.update(dict.fromkeys(self.living(name, but | {id_, name})))
            elif name in self.objects and self.objects[name].tag in RESOURCES:
                found[name] = None
        return list(found)


def remove_comments_before(el: Element) -> None:
    """Comments that stand before an object of a section belong to it."""
    parent = el.getparent()
    before = el.getprevious()
    while parent is not None and before is not None and comments.is_comment(before) and parent.tag not in RESOURCES:
        el_before, before = before, before.getprevious()
        parent.remove(el_before)
