"""What to say where two people have changed one object: what it was, and both versions, as text."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib import listing, secrets
from crmsh_py.cib.edit.options import DEFAULT_SETS
from crmsh_py.cib.mapping import CLASSES
from crmsh_py.cib.merge import ORDER, SCHEMA
from crmsh_py.cib.units import container, index
from crmsh_py.language.writer import Writer, text_of
from crmsh_py.problems import ERROR, INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.units import Index, Key, Unit
    from crmsh_py.language import statements as st


def conflicts(keys: Iterable[Key], base: Cib, mine: Cib, theirs: Cib, store: str) -> Iterator[Problem]:
    """A problem for each object that was changed on both sides, each followed by what it was and its two versions."""
    names = ("before", f"in {store}", "here")
    shown = secrets.masked_apart(base, theirs, mine)
    found = [(name, cib, index(cib)) for name, cib in zip(names, shown, strict=True)]
    for key in dict.fromkeys(keys):
        text = f"{_what(key)} was changed here, and by somebody else meanwhile"
        hint = "repeat the edit on the new content, or `commit overwrite` to put yours in its place"
        yield Problem(ERROR, "conflict", text, hint=hint, object_id=key.name)
        places = {container(there[key]) for _, _, there in found if key in there}
        for name, cib, there in found:
            where = _where(there[key]) if key in there and len(places) > 1 else ""
            yield Problem(INFO, "conflict-version", f"{name}: {_text(key, cib, there)}{where}", object_id=key.name)


def not_together(store: str, problems: Iterable[Problem], *, overwrite: bool) -> list[Problem]:
    """What to say where each change is right, and both together have problems. overwrite: whether that was tried."""
    text = f"{store} was changed by somebody else meanwhile, and both changes do not go together"
    hint = "`refresh`, and repeat the edit on what is there now"
    if overwrite:
        hint += "; `overwrite` does not help, it is about two versions of one object"
    return [Problem(ERROR, "conflict", text, hint=hint), *problems]


def _what(key: Key) -> str:
    if key == SCHEMA:
        return "the schema"
    return f"the order of the sets in {key.name}" if key.tag == ORDER else key.name


def _text(key: Key, cib: Cib, there: Index) -> str:
    """What an object is on one side, in one line."""
    if key == SCHEMA:
        return cib.schema
    if key.tag == ORDER:
        return " ".join(other.name for other in there if other.section == key.section and not other.set_id)
    unit = there.get(key)
    if unit is None:
        return "it is not there"
    el = unit.el
    if el is None:
        return " ".join(f"# {comment.text}" for comment in unit.comments)
    if key.set_id:
        return _line(_option(el, key.section), cib)
    if key.section == "fencing-topology":
        return "fencing level " + " ".join(f"{name}={value}" for name, value in el.attrib.items())
    return _line(listing.statement_of(_entry(el, key.section)), cib)


def _entry(el: Element, section: str) -> listing.Entry:
    return listing.Entry(el, section, CLASSES.get((section, str(el.tag))))


def _line(statement: st.Statement, cib: Cib) -> str:
    lines = text_of(Writer(nodes=cib.nodes()).write(statement)).replace("\\\n", " ")
    return " ".join(lines.split())


def _option(el: Element, section: str) -> st.Statement:
    """An option as it is typed: without its set, if that is the usual one."""
    home = el.getparent()
    assert home is not None  # noqa: S101 - an option stands in a set
    alone = etree.Element(str(home.tag), {"id": home.get("id") or ""})
    alone.append(deepcopy(el))
    statement = listing.statement_of(_entry(alone, section))
    if isinstance(statement, tuple(DEFAULT_SETS)) and statement.id == DEFAULT_SETS[type(statement)]:
        statement.id = None
    return statement


def _where(unit: Unit) -> str:
    """What a resource stands in."""
    parent = None if unit.el is None else unit.el.getparent()
    return "" if parent is None or not container(unit) else f" (in {parent.tag!s} {parent.get('id')})"
