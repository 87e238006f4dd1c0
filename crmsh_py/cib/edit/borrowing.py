"""Content that is borrowed with `$id-ref=`: where its owner goes, the first who borrowed it keeps it, with its ids."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from crmsh_py.cib.edit.naming import called
from crmsh_py.cib.references import object_name, object_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.edit.surgery import Surgery
    from crmsh_py.cib.references import Reference


def take_over(surgery: Surgery, reference: Reference) -> None:
    """Put what went in the place of the reference to it. The others who refer to it find it there."""
    borrower, _, id_ = reference
    lost = surgery.gone[id_]
    surgery.cib.touch(borrower)
    holder = called(borrower)
    name = object_name(object_of(borrower))
    if lost.tag != borrower.tag or (lost.tag == "resource_set" and lost.find("resource_ref") is None):
        _drop(surgery, borrower)
        surgery.note(f"{holder} no longer refers to {id_}", name)
        return
    surgery.note(f"{holder} takes over {id_} of {called(lost)}", name)
    if lost.tag == "nvpair":
        _keep_names(surgery, lost, borrower)
    copy = _joined(lost, borrower)
    own = borrower.get("id")
    if own is not None:
        # it has a name already, which others may refer to
        copy.set("id", own)
        surgery.renamed[id_] = own
    parent = borrower.getparent()
    if parent is not None:
        parent.replace(borrower, copy)
    surgery.regain(copy)


def _joined(lost: Element, borrower: Element) -> Element:
    """A copy of what went, with what the borrower has of its own."""
    copy = deepcopy(lost)
    copy.tail = None
    for attribute, value in borrower.attrib.items():
        if attribute not in ("id-ref", "id"):
            copy.set(attribute, value)
    copy.extend(list(borrower))
    return copy


def _keep_names(surgery: Surgery, lost: Element, borrower: Element) -> None:
    """An attribute that is borrowed under another name must not rename it for those who borrow it under its own."""
    if borrower.get("name") in (None, lost.get("name")):
        return
    for other in surgery.index.to(lost.get("id") or ""):
        if other.el is not borrower and other.el.tag == "nvpair" and "name" not in other.el.attrib:
            surgery.cib.touch(other.el)
            other.el.set("name", lost.get("name") or "")


def _drop(surgery: Surgery, borrower: Element) -> None:
    """Remove a reference to what has no content that could stand there."""
    from crmsh_py.cib.edit.constraints import shrink

    parent = borrower.getparent()
    if parent is not None:
        parent.remove(borrower)
    surgery.lose(borrower)
    if borrower.tag == "resource_set" and parent is not None:
        shrink(surgery, parent, lost_set=True)
