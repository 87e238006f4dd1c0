"""Objects for others in one go: what `edit`, `filter` and `load push` do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib import listing
from crmsh_py.cib.edit.editor import Editor
from crmsh_py.cib.edit.options import OPTION_SECTIONS, chosen_set
from crmsh_py.cib.edit.removal import take_out
from crmsh_py.cib.edit.xml import objects_in
from crmsh_py.cib.mapping import KINDS
from crmsh_py.cib.references import object_name
from crmsh_py.language import statements as st
from crmsh_py.language.records import keyword

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.listing import Entry
    from crmsh_py.problems import Problem

    # section, kind, id
    Name = tuple[str, str, str]


def push(
    cib: Cib, statements: Iterable[st.Statement], *, exact: bool = False, with_nodes: bool = False
) -> list[Problem]:
    """Make the configuration what the statements say: what they do not name is deleted. Gives notes.

    Nodes that they do not name stay, unless `with_nodes`. Raises what `update` raises.
    """
    entries = [entry for entry in listing.entries(cib) if with_nodes or entry.section != "nodes"]
    return exchange(cib, entries, list(statements), exact=exact)


def exchange(
    cib: Cib, entries: Iterable[Entry], statements: Sequence[st.Statement], *, exact: bool = False
) -> list[Problem]:
    """Put the statements where the objects of `entries` are; those that they do not name are deleted. Gives notes.

    An object whose kind or id the statements change is another one. Members may change their containers in any order.
    Raises what `update` raises.
    """
    editor = Editor(cib, exact=exact, typed=False)
    chosen = list(entries)
    editor.whole.update(entry.id for entry in chosen if entry.section in OPTION_SECTIONS)
    named = {name for statement in statements for name in _named(cib, statement)}
    doomed = [entry.el for entry in chosen if _name(entry.section, entry.el) not in named]
    take_out(editor, doomed, set(editor.restated(statements)).difference(doomed))
    return editor.put_all(statements)


def _name(section: str, el: Element) -> Name:
    """What makes an object the same one in two texts."""
    tag = "clone" if el.tag == "master" else str(el.tag)
    return section, tag, object_name(el)


def _named(cib: Cib, statement: st.Statement) -> Iterator[Name]:
    if isinstance(statement, st.Xml):
        for section, el in objects_in(statement):
            yield _name(section, el)
        return
    if type(statement) not in KINDS:
        return
    section, tag = KINDS[type(statement)]
    id_ = statement.id
    if isinstance(statement, st.Node):
        id_ = statement.uname
    elif isinstance(statement, st.FencingTopology):
        id_ = keyword(statement)
    elif isinstance(statement, (st.Property, st.RscDefaults, st.OpDefaults)):
        id_ = statement.id_ref or chosen_set(cib, statement)
    yield section, tag, id_ or ""
