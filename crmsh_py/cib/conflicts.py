"""What to say where two people have changed one object: both versions, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib import listing, secrets
from crmsh_py.cib.mapping import CLASSES
from crmsh_py.cib.merge import COMMENT, SCHEMA, index
from crmsh_py.language.words import quote
from crmsh_py.language.writer import Writer, text_of
from crmsh_py.problems import ERROR, INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.merge import Index, Key


def conflicts(keys: Iterable[Key], mine: Cib, theirs: Cib, store: str) -> Iterator[Problem]:
    """A problem for each object that was changed on both sides, each followed by its two versions."""
    sides = {"here": secrets.masked(mine), f"in {store}": secrets.masked(theirs)}
    found = {name: (cib, index(cib)) for name, cib in sides.items()}
    for key in dict.fromkeys(keys):
        what = "the schema" if key == SCHEMA else key.id
        hint = "repeat the edit on the new content, or `commit overwrite` to put yours in its place"
        text = f"{what} was changed here, and by somebody else meanwhile"
        yield Problem(ERROR, "conflict", text, hint=hint, object_id=key.id)
        for name, (cib, there) in found.items():
            el = there.get(key)
            said = cib.schema if key == SCHEMA else "it is gone" if el is None else _text(key, cib, there)
            yield Problem(INFO, "conflict-version", f"{name}: {said}", object_id=key.id)


def _text(key: Key, cib: Cib, there: Index) -> str:
    """An object in one line."""
    el = there[key]
    if key.tag == COMMENT:
        return f"# {el.text}"
    if key.set_id:
        return f"{key.set_id} {el.get('name')}={quote(el.get('value') or '')}"
    if key.section == "fencing-topology":
        return "fencing level " + " ".join(f"{name}={value}" for name, value in el.attrib.items())
    statement = listing.statement_of(listing.Entry(el, key.section, CLASSES.get((key.section, str(el.tag)))))
    lines = text_of(Writer(nodes=cib.nodes()).write(statement)).replace("\\\n", " ")
    return " ".join(lines.split())
