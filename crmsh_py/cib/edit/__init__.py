"""Edits of a CIB: statements put into it, objects deleted, renamed, moved; what refers to them follows.

Every edit gives its notes: what it changed beyond what was said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.document import REQUIRED_SECTIONS
from crmsh_py.cib.edit.draft import Draft
from crmsh_py.cib.edit.editor import Editor
from crmsh_py.cib.edit.exchange import exchange, push
from crmsh_py.cib.edit.membership import add_member, remove_member
from crmsh_py.cib.edit.removal import delete
from crmsh_py.cib.edit.renaming import rename
from crmsh_py.cib.edit.xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.language import statements as st
    from crmsh_py.problems import Problem

__all__ = [
    "add",
    "add_member",
    "delete",
    "erase",
    "exchange",
    "parse_xml",
    "push",
    "remove_member",
    "rename",
    "replace",
    "update",
]


def add(cib: Cib, statements: Iterable[st.Statement]) -> list[Problem]:
    """Statements as they are typed: new objects, or options to add to their set. Gives notes.

    Raises CrmError for an id that is there already, NoSuchObject for a member that is not.
    """
    return Editor(cib, exact=False, typed=True).put_all(statements)


def update(cib: Cib, statements: Iterable[st.Statement], *, exact: bool = False) -> list[Problem]:
    """The objects of a text; those with the same id are replaced by what the text says. Gives notes."""
    return Editor(cib, exact=exact, typed=False).put_all(statements)


def replace(cib: Cib, statements: Iterable[st.Statement], *, exact: bool = False) -> list[Problem]:
    """The objects of a text in place of the whole configuration; nodes that it does not name stay. Gives notes."""
    cleared = _clear(cib, with_nodes=False)
    editor = Editor(cib, exact=exact, typed=False)
    _lose(editor, cleared)
    return editor.put_all(statements)


def erase(cib: Cib, *, with_nodes: bool = False) -> list[Problem]:
    """Delete all objects, but nodes unless `with_nodes`. Gives notes."""
    cleared = _clear(cib, with_nodes=with_nodes)
    draft = Draft(cib, exact=False, typed=True)
    _lose(draft, cleared)
    draft.surgery.settle()
    return draft.notes


def _clear(cib: Cib, *, with_nodes: bool) -> list[Element]:
    cleared = [section for section in cib.configuration.iterchildren("*") if with_nodes or section.tag != "nodes"]
    for section in cleared:
        cib.configuration.remove(section)
    for name in REQUIRED_SECTIONS:
        cib.make_section(name)
    return cleared


def _lose(draft: Draft, cleared: Iterable[Element]) -> None:
    """Only nodes stay, and they can refer to nothing but attributes of others."""
    nodes = draft.cib.section("nodes")
    if nodes is not None and any("id-ref" in el.attrib for el in nodes.iter("*")):
        for section in cleared:
            draft.surgery.lose(section)
