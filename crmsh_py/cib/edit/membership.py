"""Members of groups, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.document import CONTAINERS
from crmsh_py.cib.edit.containers import join, release
from crmsh_py.cib.edit.draft import Draft
from crmsh_py.cib.edit.removal import take_out
from crmsh_py.errors import CrmError, NoSuchObject

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.problems import Problem


def add_member(
    cib: Cib, group: str, member: str, *, before: str | None = None, after: str | None = None
) -> list[Problem]:
    """Add a primitive to a group, at its end or beside one of its members. Gives notes.

    A member of the group is moved, beside another one. Raises NoSuchObject, CrmError for what cannot be in the group.
    """
    draft = Draft(cib, exact=False, typed=True)
    container, el = _group(draft, group), _resource(draft, member)
    beside = before or after
    place = None if beside is None else _member(draft, container, beside)
    if el.tag != "primitive":
        raise CrmError(f"{member} is a {el.tag!s}: a group holds only primitives")
    parent = el.getparent()
    if parent is not container and parent is not None and parent.tag in CONTAINERS:
        raise CrmError(f"{member} is in {parent.tag!s} {parent.get('id')} already")
    if parent is container and place is None:
        raise CrmError(f"{member} is in group {group} already", hint="before or after another member moves it")
    if place is el:
        raise CrmError(f"{member} cannot stand beside itself")
    cib.touch(container)
    if parent is not container:
        join(draft, el, container)
    _place(container, el, place, is_before=before is not None)
    draft.surgery.settle()
    return draft.notes


def remove_member(cib: Cib, group: str, member: str) -> list[Problem]:
    """Let a member of a group stand on its own; the last one takes the group with it. Gives notes.

    Raises NoSuchObject, and CrmError for what is not a member.
    """
    draft = Draft(cib, exact=False, typed=True)
    container = _group(draft, group)
    el = _member(draft, container, member)
    if len(container.findall("primitive")) == 1:
        draft.note(f"group {group} is deleted: {member} was its last member", group)
        take_out(draft, [container])
    else:
        cib.touch(container)
        release(container, [el])
    draft.surgery.settle()
    return draft.notes


def _group(draft: Draft, id_: str) -> Element:
    el = _resource(draft, id_)
    if el.tag != "group":
        raise CrmError(f"{id_} is not a group but a {el.tag!s}")
    return el


def _resource(draft: Draft, id_: str) -> Element:
    el = draft.objects.get(id_)
    if el is None:
        raise NoSuchObject(f"there is no object {id_}")
    return el


def _member(draft: Draft, group: Element, id_: str) -> Element:
    el = _resource(draft, id_)
    if el.getparent() is not group:
        raise CrmError(f"{id_} is not a member of {group.get('id')}")
    return el


def _place(group: Element, el: Element, beside: Element | None, *, is_before: bool) -> None:
    el.tail = None
    others = [one for one in group.iterchildren("primitive") if one is not el]
    if beside is None and others:
        # what is behind the last member stays there
        beside = others[-1]
    if beside is None:
        group.append(el)
    elif is_before:
        beside.addprevious(el)
    else:
        beside.addnext(el)
