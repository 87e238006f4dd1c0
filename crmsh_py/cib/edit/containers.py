"""Resources inside groups, clones and bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from crmsh_py.cib import comments
from crmsh_py.cib.document import CONTAINERS, RESOURCES
from crmsh_py.cib.mapping import MEMBER, SHAPES
from crmsh_py.errors import CrmError, NoSuchObject

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from lxml.etree import _Element as Element

    from crmsh_py.cib.edit.draft import Draft


def take_members(draft: Draft, el: Element, statement: Any) -> None:
    """Move the resources that the statement names into its element. Raises CrmError for one that cannot be there."""
    allowed = SHAPES[type(statement)].children
    for holder in el.findall(MEMBER):
        id_ = holder.get("id") or ""
        member = draft.objects.get(id_)
        if member is None or member.tag not in RESOURCES:
            raise NoSuchObject(f"{statement.id} refers to {id_}, which does not exist")
        parent = member.getparent()
        if parent is not None and parent.tag in CONTAINERS and parent is not el:
            raise CrmError(f"{id_} is in {parent.tag!s} {parent.get('id')} already")
        if parent is el:
            raise CrmError(f"{id_} is listed more than once in {statement.id}")
        if member.tag not in allowed:
            raise CrmError(f"{statement.id} cannot contain {id_}, which is a {member.tag!s}")
        join(draft, member, el)
        member.tail = None
        el.replace(holder, member)


def join(draft: Draft, member: Element, container: Element) -> None:
    """Let what names a resource that stood on its own name the container that takes it in.

    In a clone or bundle nothing has a name that a constraint could mean, neither a group nor what is in it.
    """
    if draft.exact:
        return
    is_group = container.tag == "group"
    outer = draft.home.get(member.get("id") or "")
    for part in [member] if is_group else member.iter(*RESOURCES):
        id_ = part.get("id") or ""
        was_in = draft.home.get(id_, outer)
        is_new = was_in is None or (was_in == "group" and not is_group)
        if is_new and id_ in draft.before and draft.objects.get(id_) is part:
            draft.surgery.joined[id_] = container


def make_room(draft: Draft, containers: Iterable[Element]) -> None:
    """The members of containers that are said again stand on their own until these name them.

    Their names stay behind, for what is said of them there, such as comments.
    """
    held = {container: [member for member in container if member.tag in RESOURCES] for container in containers}
    for container, members in held.items():
        tag = str(outermost(container).tag)
        draft.home.update((member.get("id") or "", tag) for member in members)
    for container, members in held.items():
        draft.cib.touch(container)
        for member in members:
            member.addprevious(etree.Element(str(member.tag), {"id": member.get("id") or ""}))
        release(container, members)


def release(container: Element, members: Iterable[Element]) -> None:
    """Let members of a container stand behind the outermost one that it is in, with the comments before them."""
    place = outermost(container)
    for member in members:
        moved = [*_comments_before(member), member]
        for one in moved:
            one.tail = None
            place.addnext(one)
            place = one


def outermost(el: Element) -> Element:
    """The container of containers that an element is in, or the element itself."""
    while (parent := el.getparent()) is not None and parent.tag in CONTAINERS:
        el = parent
    return el


def survivors(el: Element, doomed: Container[Element]) -> list[Element]:
    """The resources in an element that stay where it goes, outermost ones, in their order."""
    found: list[Element] = []
    for child in el:
        if child.tag in RESOURCES:
            found.extend(survivors(child, doomed) if child in doomed else [child])
    return found


def _comments_before(member: Element) -> list[Element]:
    """Comments before a member, but for the first one: those there are about the container."""
    found: list[Element] = []
    before = member.getprevious()
    while before is not None and comments.is_comment(before):
        found.insert(0, before)
        before = before.getprevious()
    return found if before is not None and before.tag in RESOURCES else []
