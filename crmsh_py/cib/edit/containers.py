"""Resources inside groups, clones and bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmsh_py.cib.document import CONTAINERS, RESOURCES
from crmsh_py.cib.mapping import MEMBER, SHAPES
from crmsh_py.errors import CrmError, NoSuchObject

if TYPE_CHECKING:
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
        member.tail = None
        el.replace(holder, member)


def release_members(existing: Element) -> None:
    """Resources of an element that is replaced stand on their own; the new element takes those that it names."""
    outermost = existing
    while (parent := outermost.getparent()) is not None and parent.tag in CONTAINERS:
        outermost = parent
    for child in list(existing):
        if child.tag in RESOURCES:
            outermost.addnext(child)
