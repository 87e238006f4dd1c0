"""Nodes taken out of a CIB: their entries, and what names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.edit.draft import Draft
from crmsh_py.cib.edit.removal import take_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmsh_py.cib.document import Cib
    from crmsh_py.problems import Problem


def remove_nodes(cib: Cib, names: Iterable[str]) -> list[Problem]:
    """Remove the entries of nodes, location constraints on them and fencing levels for them. Gives notes.

    It is nodes that are meant, also where a resource is called like one. A name without an entry is passed over.
    """
    draft = Draft(cib, exact=False, typed=True)
    wanted = set(names)
    section = cib.section("nodes")
    entries = () if section is None else section.iterchildren("node")
    take_out(draft, [el for el in entries if el.get("uname") in wanted])
    draft.surgery.nodes.update(wanted)
    draft.surgery.settle()
    return draft.notes
