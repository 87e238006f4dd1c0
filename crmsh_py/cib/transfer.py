"""Configurations as files: what `save` writes and `load` reads, as text and as XML."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from lxml import etree

from crmsh_py.cib import listing
from crmsh_py.cib.document import REQUIRED_SECTIONS, Cib
from crmsh_py.cib.secrets import refuse_masks
from crmsh_py.errors import BadSyntax, CrmError, UsageError
from crmsh_py.language.records import record
from crmsh_py.language.writer import text_of
from crmsh_py.masks import MASK, is_secret
from crmsh_py.problems import ERROR, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crmsh_py.cib.listing import Entry
    from crmsh_py.language import statements as st

    Change = Callable[[Cib], list[Problem]]


def exact_text(cib: Cib, chosen: Iterable[Entry] | None = None) -> str:
    """The text that loses nothing."""
    return "".join(text_of(fragments) + "\n" for fragments in listing.exact(cib, chosen))


def xml_text(cib: Cib, chosen: Sequence[Entry] | None = None) -> str:
    """The configuration as XML, with only the chosen objects where there are any; without the status section."""
    root = etree.Element("cib", dict(cib.root.attrib))
    if chosen is None:
        root.append(deepcopy(cib.configuration))
        return Cib(root).to_bytes().decode()
    part = Cib(root)
    for section in REQUIRED_SECTIONS:
        part.make_section(section)
    for entry in chosen:
        if entry.el.tag == entry.section:
            part.configuration.append(deepcopy(entry.el))
        else:
            part.make_section(entry.section).append(deepcopy(entry.el))
    return part.to_bytes().decode()


def records(cib: Cib, chosen: Iterable[Entry] | None = None) -> list[dict[str, Any]]:
    """The objects as data that JSON can hold."""
    shown = listing.entries(cib) if chosen is None else chosen
    return [record(listing.statement_of(entry)) for entry in shown]


def decoded(data: bytes, source: str) -> str:
    """A text file's content. Raises BadSyntax at the line that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        place = Place(source, number, column, column + 1, "")
        raise BadSyntax(problems=[Problem(ERROR, "not-utf8", "expected UTF-8", place)]) from None


def text_change(data: bytes, source: str, method: str) -> Change:
    """The edit that loads a text; `method` is replace or update. Raises BadSyntax with every error of the text."""
    from crmsh_py.language.parser import read_text  # heavy

    text = read_text(decoded(data, source), source)
    refuse_masks(text.statements)
    is_exact = text.header is not None

    def change(cib: Cib) -> list[Problem]:
        if text.header and text.header.schema and method != "update":
            cib.schema = text.header.schema
        return _put(method, cib, text.statements, exact=is_exact)

    return change


def xml_change(data: bytes, source: str, method: str) -> Change:
    """The edit that loads the objects of a CIB in XML, or of its `configuration`. Raises CrmError for anything else."""
    given = _configuration(data, source)
    statements = [listing.xml_of(entry) for entry in listing.entries(given) if _is_top_level(entry)]
    if any(is_secret(pair.get("name")) and pair.get("value") == MASK for pair in given.configuration.iter("nvpair")):
        raise CrmError(f"{source} has masks in the place of secrets", hint="`save` writes them in clear")

    def change(cib: Cib) -> list[Problem]:
        return _put(method, cib, statements, exact=True)

    return change


def _is_top_level(entry: Entry) -> bool:
    """Whether an object is in no other."""
    parent = entry.el.getparent()
    return entry.el.tag == entry.section or (parent is not None and parent.tag == entry.section)


def _configuration(data: bytes, source: str) -> Cib:
    start = data.lstrip()[:200]
    if b"<configuration" in start and b"<cib" not in start:
        body = data[data.index(b"<configuration") :]
        return Cib.parse(b'<cib validate-with="">' + body + b"</cib>", source)
    return Cib.parse(data, source)


def _put(method: str, cib: Cib, statements: Sequence[st.Statement], *, exact: bool) -> list[Problem]:
    from crmsh_py.cib import edit  # heavy

    if method == "push":
        raise UsageError("load push is not there yet", hint="load replace takes all but the nodes from the file")
    return (edit.replace if method == "replace" else edit.update)(cib, statements, exact=exact)
