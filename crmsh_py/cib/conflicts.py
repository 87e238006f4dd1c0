"""What to say where two people have changed one object: what it was, and both versions, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib import listing, secrets
from crmsh_py.cib.mapping import CLASSES
from crmsh_py.cib.merge import ORDER, SCHEMA, index
from crmsh_py.language.words import quote
from crmsh_py.language.writer import Writer, text_of
from crmsh_py.problems import ERROR, INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.merge import Index, Key


def conflicts(keys: Iterable[Key], base: Cib, mine: Cib, theirs: Cib, store: str) -> Iterator[Problem]:
    """A problem for each object that was changed on both sides, each followed by what it was and its two versions."""
    sides = {"before": base, f"in {store}": theirs, "here": mine}
    shown = {name: secrets.masked(cib) for name, cib in sides.items()}
    found = {name: (cib, index(cib)) for name, cib in shown.items()}
    for key in dict.fromkeys(keys):
        text = f"{_what(key)} was changed here, and by somebody else meanwhile"
        hint = "repeat the edit on the new content, or `commit overwrite` to put yours in its place"
        yield Problem(ERROR, "conflict", text, hint=hint, object_id=key.name)
        for name, (cib, there) in found.items():
            yield Problem(INFO, "conflict-version", f"{name}: {_text(key, cib, there)}", object_id=key.name)


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
        return f"{key.set_id} {el.get('name')}={quote(el.get('value') or '')}"
    if key.section == "fencing-topology":
        return "fencing level " + " ".join(f"{name}={value}" for name, value in el.attrib.items())
    statement = listing.statement_of(listing.Entry(el, key.section, CLASSES.get((key.section, str(el.tag)))))
    lines = text_of(Writer(nodes=cib.nodes()).write(statement)).replace("\\\n", " ")
    return " ".join(lines.split())
