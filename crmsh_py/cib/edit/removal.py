"""Objects taken out of a CIB: what they held stays, what only they held together goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.document import CONTAINERS, RESOURCES
from crmsh_py.cib.edit.containers import release, survivors
from crmsh_py.cib.edit.draft import Draft
from crmsh_py.cib.edit.naming import called
from crmsh_py.cib.edit.surgery import remove_comments_before
from crmsh_py.cib.references import OWN_IDS, object_name
from crmsh_py.errors import NoSuchObject
from crmsh_py.problems import ERROR, Problem, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

TOPOLOGY = "fencing_topology"


def delete(cib: Cib, ids: Sequence[str], *, force: bool = False) -> list[Problem]:
    """Delete objects by their ids, nodes by their names, the fencing topology by its keyword. Gives notes.

    Members of a container that goes stand on their own, with its constraints; a container goes with its last member;
    users of a template that goes take over what it says. What else refers to what goes shrinks, or goes too.
    force: ids that are not there are passed over. Raises NoSuchObject for them otherwise.
    """
    draft = Draft(cib, exact=False, typed=True)
    found = [(id_, draft.find(id_)) for id_ in dict.fromkeys(ids)]
    missing = [id_ for id_, el in found if el is None]
    if missing and not force:
        raise NoSuchObject(problems=[_missing(draft, id_) for id_ in missing])
    for id_ in missing:
        draft.note(f"{id_} does not exist", id_)
    take_out(draft, [el for _, el in found if el is not None])
    draft.surgery.settle()
    return draft.notes


def _missing(draft: Draft, id_: str) -> Problem:
    # the ids of nodes are numbers, and what is meant is a name
    hint = did_you_mean(id_, [name for name in draft.objects if not name.isdecimal()], 3)
    return Problem(ERROR, NoSuchObject.code, f"there is no object {id_}", hint=hint, object_id=id_)


def take_out(draft: Draft, elements: Iterable[Element], restated: Container[Element] = ()) -> None:
    """Take objects out, in any order; references to them are for `Surgery.settle`.

    restated: containers that are filled anew by the same edit, and so do not go with their last member.
    """
    doomed = dict.fromkeys(elements)
    _doom_emptied(draft, doomed, restated)
    for el in doomed:
        parent = el.getparent()
        if parent is not None and parent not in doomed:
            _detach(draft, el, doomed)


def _doom_emptied(draft: Draft, doomed: dict[Element, None], restated: Container[Element]) -> None:
    """A container that loses all that it holds goes too, and a clone with its dissolved group."""
    parents = dict.fromkeys(el.getparent() for el in doomed)
    while parents:
        parent = next(iter(parents))
        del parents[parent]
        if parent is None or parent.tag not in CONTAINERS or parent in doomed or parent in restated:
            continue
        members = [child for child in parent if child.tag in RESOURCES]
        if all(member in doomed for member in members):
            draft.note(f"{called(parent)} is deleted with {listed(map(object_name, members))}", object_name(parent))
            doomed[parent] = None
            parents[parent.getparent()] = None


def _detach(draft: Draft, el: Element, doomed: Container[Element]) -> None:
    """Take out an object that stands in nothing that goes."""
    parent = el.getparent()
    if parent is None:
        return
    if el.tag == "fencing-topology":
        draft.cib.touch(el)
        for level in list(el):
            draft.surgery.lose(level)
            el.remove(level)
        return
    if parent.tag in CONTAINERS:
        draft.cib.touch(parent)
    _release_survivors(draft, el, doomed)
    remove_comments_before(el)
    parent.remove(el)
    _forget(draft, el)


def _release_survivors(draft: Draft, el: Element, doomed: Container[Element]) -> None:
    kept = survivors(el, doomed)
    if not kept:
        return
    draft.cib.touch(el)
    for container in el.iter(*CONTAINERS):
        if container in doomed:
            heirs = [object_name(one) for one in survivors(container, doomed)]
            draft.surgery.heirs[object_name(container)] = heirs
    draft.note(f"{listed(map(object_name, kept))} stand{'s' * (len(kept) == 1)} alone now", object_name(el))
    release(el, kept)


def _forget(draft: Draft, el: Element) -> None:
    if el.tag == "node":
        draft.surgery.nodes.add(el.get("uname") or "")
    for part in el.iter(*RESOURCES) if el.tag in RESOURCES else [el]:
        if part.tag not in OWN_IDS:
            draft.objects.pop(object_name(part), None)
    draft.surgery.lose(el)
