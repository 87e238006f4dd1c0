"""Standby and maintenance of nodes: node attributes, set and taken away; and maintenance of resources beside it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib import attributes
from crmsh_py.cib.attributes import META, PARAMETERS
from crmsh_py.cib.document import RESOURCES
from crmsh_py.cib.known_nodes import KnownNodes
from crmsh_py.cib.properties import is_true
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from crmsh_py.cib.document import Cib

    Question = Callable[[str], bool]

STANDBY, MAINTENANCE = "standby", "maintenance"
ON = "on"
_RUN = RESOURCES - {"template"}
_PAIRS = etree.XPath("status/node_state/transient_attributes[@id=$id]/instance_attributes/nvpair[@name=$name]")


def switch_on(cib: Cib, names: Iterable[str], mode: str) -> list[Problem]:
    """Put nodes into standby or maintenance, within an edit. Gives notes. Raises what `attributes.set_value` does."""
    known = KnownNodes(cib)
    notes = []
    for name in names:
        there = None if name not in known.entries else attributes.value(known.entries[name], PARAMETERS, mode)
        if is_true(there or ""):
            notes.append(_note(f"{name} is in {mode} already", name))
        else:
            attributes.set_value(cib, known.entry(name), PARAMETERS, mode, ON)
    return notes


def switch_off(cib: Cib, names: Iterable[str], mode: str, also: Container[str]) -> list[Problem]:
    """Take nodes out of standby or maintenance, within an edit. Gives notes. Raises what `attributes.remove` does.

    also: the nodes where a transient attribute says the same, which goes too.
    """
    known = KnownNodes(cib)
    notes = []
    for name in names:
        el = known.entries.get(name)
        there = None if el is None else attributes.value(el, PARAMETERS, mode)
        if el is not None and there is not None and is_true(there):
            attributes.remove(cib, el, PARAMETERS, mode)
            notes.append(_note(f"{name}: {mode}={there} is removed", name))
        elif name not in also:
            notes.append(_note(f"{name} is not in {mode}", name))
    return notes


def transient_on(cib: Cib, name: str, mode: str) -> bool:
    """Whether a transient attribute in the status section of a CIB puts a node into standby or maintenance."""
    return any(is_true(pair.get("value", "")) for pair in _transient(cib, name, mode))


@contextmanager
def without_transient(cib: Cib, names: Iterable[str], mode: str) -> Iterator[None]:
    """Let a CIB say meanwhile that no transient attribute puts these nodes into standby or maintenance."""
    pairs = [pair for name in names for pair in _transient(cib, name, mode)]
    before = [pair.get("value", "") for pair in pairs]
    for pair in pairs:
        pair.set("value", "off")
    try:
        yield
    finally:
        for pair, value in zip(pairs, before, strict=True):
            pair.set("value", value)


def _transient(cib: Cib, name: str, mode: str) -> list[etree._Element]:
    entry = KnownNodes(cib).entries.get(name)
    id_ = name if entry is None else entry.get("id", "")
    return list(_PAIRS(cib.root, id=id_, name=mode))


def end_maintenance(cib: Cib, resources: Container[str] | None, is_to_go: Question) -> list[Problem]:
    """Take away what resources say of maintenance themselves, within an edit. Gives notes.

    resources: the ids of those that it is about, with what they are in; None for all. is_to_go: whether it is removed,
    by the question. Raises what `attributes.remove` does.
    """
    notes = []
    for el in list(cib.objects()):
        there = attributes.value(el, META, MAINTENANCE) if el.tag in _RUN else None
        inside = {one.get("id", "") for one in el.iter(*_RUN)} if there is not None else ()
        if there is None or not is_true(there) or not (resources is None or any(one in resources for one in inside)):
            continue
        id_ = el.get("id") or ""
        if is_to_go(f"{id_} has {MAINTENANCE}={there} of its own, and stays unmanaged with it. Remove it?"):
            attributes.remove(cib, el, META, MAINTENANCE)
            notes.append(_note(f"{MAINTENANCE}={there} of {id_} is removed", id_))
        else:
            text = f"{id_} keeps {MAINTENANCE}={there} of its own, and stays unmanaged as long as it does"
            hint = f"`maintenance off {id_}` ends it"
            notes.append(Problem(INFO, "keeps-value", text, hint=hint, object_id=id_))
    return notes


def _note(text: str, name: str) -> Problem:
    return Problem(INFO, "note", text, object_id=name)
