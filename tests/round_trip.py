"""The ways of a configuration: typed text -> CIB, CIB -> exact text -> CIB, CIB -> readable text -> CIB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib import edit, listing
from crmsh_py.cib.document import Cib
from crmsh_py.language.parser import parse, read_text
from crmsh_py.language.writer import text_of

if TYPE_CHECKING:
    from lxml import etree

SCHEMA = "pacemaker-3.9"


def typed(text: str, schema: str = SCHEMA, cib: Cib | None = None) -> Cib:
    """The CIB after a person typed these lines."""
    made = Cib.empty(schema) if cib is None else cib
    edit.add(made, parse(text, "typed"))
    return made


def save(cib: Cib) -> str:
    """What `configure save` writes."""
    return "".join(text_of(part) + "\n" for part in listing.exact(cib))


def show(cib: Cib) -> str:
    """What `configure show` prints."""
    return "".join(text_of(part) + "\n" for part in listing.show(cib))


def load(text: str, schema: str = SCHEMA) -> Cib:
    """The CIB after `configure load replace` of a text on an empty one; exact text brings its schema."""
    made = Cib.empty(schema)
    said = read_text(text, "loaded")
    if said.header and said.header.schema:
        made.schema = said.header.schema
    edit.replace(made, said.statements, exact=said.header is not None)
    return made


def document(cib: Cib) -> etree._Element:
    """The `cib` element as it is when it was written to a file and read again."""
    return Cib.parse(cib.to_bytes(), "file").root


def fallbacks(text: str) -> list[str]:
    """The lines of a text that had to be raw XML."""
    return [line for line in text.split("\n") if line.startswith("xml ")]
