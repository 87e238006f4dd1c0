"""Objects under new ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmsh_py.cib.document import RESOURCES
from crmsh_py.cib.edit.draft import Draft
from crmsh_py.cib.edit.naming import called
from crmsh_py.cib.edit.rights import rename_in_rights
from crmsh_py.cib.references import object_name
from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.language.names import is_id

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.problems import Problem


def rename(cib: Cib, old: str, new: str) -> list[Problem]:
    """Give an object another id; all that refers to it follows, ids of its parts stay. Gives notes.

    Raises NoSuchObject, and CrmError for a node, for an id that is taken, and for what cannot be an id.
    """
    draft = Draft(cib, exact=False, typed=True)
    el = draft.find(old)
    if el is None or "id" not in el.attrib:
        raise NoSuchObject(f"there is no object {old}")
    _refuse(draft, el, new)
    cib.touch(el)
    el.set("id", new)
    if el.tag != "acl_target":
        draft.objects[new] = draft.objects.pop(old)
        draft.surgery.renamed[old] = new
        rename_in_rights(draft.surgery, old, new)
        if el.tag in RESOURCES:
            _tell_of_patterns(draft, old, new)
    draft.surgery.settle()
    return draft.notes


def _refuse(draft: Draft, el: Element, new: str) -> None:
    if el.tag == "node":
        raise CrmError(f"{object_name(el)} is a node, and nodes have their names from the cluster")
    if _is_remote(el):
        raise CrmError(
            f"{object_name(el)} is the connection to the remote node of that name",
            hint="a node is not renamed: add one with the new name, and delete this one",
        )
    if el.tag == "acl_target":
        if any(other.get("id") == new for other in draft.cib.configuration.iter("acl_target")):
            raise CrmError(f"the id {new} is taken")
        return
    if not is_id(new):
        raise CrmError(f"{new} cannot be an id", hint="an id begins with a letter; letters, digits, . _ and - follow")
    if new in draft.ids.taken:
        raise CrmError(f"the id {new} is taken", hint="ids are unique in a configuration")


def _is_remote(el: Element) -> bool:
    return el.tag == "primitive" and (el.get("provider"), el.get("type")) == ("pacemaker", "remote")


def _tell_of_patterns(draft: Draft, old: str, new: str) -> None:
    """A pattern is no reference: it is told where it fits one of the two names only."""
    section = draft.cib.section("constraints")
    for el in () if section is None else section.iterfind("rsc_location[@rsc-pattern]"):
        pattern = el.get("rsc-pattern") or ""
        try:
            fitted, fits = (bool(re.search(pattern.removeprefix("!"), name)) for name in (old, new))
        except re.error:
            continue
        if fitted != fits:
            applies = "now applies" if fits != pattern.startswith("!") else "no longer applies"
            draft.note(f"{called(el)} {applies} to {new}, by its pattern {pattern}", object_name(el))
