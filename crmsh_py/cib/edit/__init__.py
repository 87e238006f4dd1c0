"""Statements into a CIB: added, put in the place of what had their id, with their children moved to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.document import REQUIRED_SECTIONS
from crmsh_py.cib.edit.editor import Editor
from crmsh_py.cib.edit.xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmsh_py.cib.document import Cib
    from crmsh_py.language import statements as st
    from crmsh_py.problems import Problem

__all__ = ["add", "clear", "parse_xml", "replace", "update"]


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
    clear(cib)
    return update(cib, statements, exact=exact)


def clear(cib: Cib) -> None:
    """Remove all objects but nodes."""
    for section in list(cib.configuration):
        if section.tag != "nodes":
            cib.configuration.remove(section)
    for name in REQUIRED_SECTIONS:
        cib.make_section(name)
