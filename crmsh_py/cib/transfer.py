"""Configurations as files: what `save` writes and `load` reads, as text and as XML."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from lxml import etree

from crmsh_py.cib import listing
from crmsh_py.cib.document import REQUIRED_SECTIONS, Cib
from crmsh_py.cib.secrets import refuse_masks
from crmsh_py.cib.stores.file import decoded
from crmsh_py.errors import BadSyntax, CrmError
from crmsh_py.language.records import record
from crmsh_py.language.writer import text_of
from crmsh_py.masks import MASK, is_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crmsh_py.cib.listing import Entry
    from crmsh_py.language import statements as st
    from crmsh_py.problems import Problem


def exact_text(cib: Cib, chosen: Iterable[Entry] | None = None) -> str:
    """The text that loses nothing."""
    return "".join(text_of(fragments) + "\n" for fragments in listing.exact(cib, chosen))


def xml_text(cib: Cib, chosen: Sequence[Entry] | None = None) -> str:
    """The configuration as XML, with only the chosen objects where there are any; without the status section.

    What stands in an object that is chosen too is shown in it.
    """
    root = etree.Element("cib", dict(cib.root.attrib))
    if chosen is None:
        root.append(deepcopy(cib.configuration))
        return Cib(root).to_bytes().decode()
    part = Cib(root)
    for section in REQUIRED_SECTIONS:
        part.make_section(section)
    for entry in outermost(chosen):
        if entry.el.tag == entry.section:
            part.configuration.append(deepcopy(entry.el))
        else:
            part.make_section(entry.section).append(deepcopy(entry.el))
    return part.to_bytes().decode()


def outermost(chosen: Sequence[Entry]) -> list[Entry]:
    """The objects that are in no other one of them."""
    elements = {entry.el for entry in chosen}
    return [entry for entry in chosen if not elements.intersection(entry.el.iterancestors())]


def records(cib: Cib, chosen: Iterable[Entry] | None = None) -> list[dict[str, Any]]:
    """The objects as data that JSON can hold."""
    shown = listing.entries(cib) if chosen is None else chosen
    return [record(listing.statement_of(entry)) for entry in shown]


def text_change(data: bytes, source: str, method: str, *, with_nodes: bool = False) -> Loading:
    """The edit that loads a text; `method` is replace, update or push. Raises BadSyntax with every error of the text,
    or for XML; CrmError where a text without anything would take the place of the configuration.

    with_nodes: `push` takes the nodes too that the text does not name.
    """
    from crmsh_py.language.parser import read_text  # heavy

    content = decoded(data, source)
    if content.lstrip()[:1] == "<":
        raise BadSyntax(f"{source} is XML", hint=f"`load xml {method}` reads it")
    text = read_text(content, source)
    if not text.statements and text.header is None and method != "update":
        raise CrmError(f"{source} is empty, and nothing was changed", hint="`erase` deletes all objects")
    refuse_masks(text.statements)
    schema = (text.header and text.header.schema) or ""
    return Loading(method, text.statements, schema, exact=text.header is not None, with_nodes=with_nodes)


def xml_change(data: bytes, source: str, method: str, *, with_nodes: bool = False) -> Loading:
    """The edit that loads the objects of a CIB in XML, or of its `configuration`. Raises CrmError for anything else.

    As with exact text, the schema that a CIB names comes with it, but for `update`.
    """
    given = _configuration(data, source)
    return Loading(method, _objects(given, source), given.schema, exact=True, with_nodes=with_nodes)


def xml_statements(data: bytes, source: str) -> list[st.Statement]:
    """The objects of a CIB in XML. Raises CrmError for anything else, and for masks in the place of secrets."""
    return _objects(_configuration(data, source), source)


def _objects(given: Cib, source: str) -> list[st.Statement]:
    if any(is_secret(pair.get("name")) and pair.get("value") == MASK for pair in given.configuration.iter("nvpair")):
        raise CrmError(f"{source} has masks in the place of secrets", hint="`save` writes them in clear")
    statements: list[st.Statement] = [listing.xml_of(entry) for entry in listing.entries(given) if _is_top_level(entry)]
    remark = listing.remarks(given)
    return [*statements, remark] if remark else statements


def _is_top_level(entry: Entry) -> bool:
    """Whether an object is in no other."""
    parent = entry.el.getparent()
    return entry.el.tag == entry.section or (parent is not None and parent.tag == entry.section)


def _configuration(data: bytes, source: str) -> Cib:
    start = data.lstrip()[:200]
    if b"<configuration" in start and b"<cib" not in start:
        body = data[data.index(b"<configuration") :]
        return Cib.parse(b'<cib validate-with="">' + body + b"</cib>", source)
    given = Cib.parse(data, source)
    if given.root.find("configuration") is None:
        raise CrmError(f"{source} is not a CIB: it has no configuration")
    return given


class Loading:
    """The edit that loads statements; `method` is replace, update or push."""

    def __init__(
        self, method: str, statements: Sequence[st.Statement], schema: str, *, exact: bool, with_nodes: bool
    ) -> None:
        self.statements = statements
        self._method = method
        self._schema = schema
        self._exact = exact
        self._with_nodes = with_nodes

    def __call__(self, cib: Cib) -> list[Problem]:
        """Load the statements into a CIB; gives notes."""
        from crmsh_py.cib import edit  # heavy

        if self._schema and self._method != "update":
            cib.schema = self._schema
        if self._method == "update":
            return edit.update(cib, self.statements, exact=self._exact)
        if self._method == "replace":
            return edit.replace(cib, self.statements, exact=self._exact)
        return edit.push(cib, self.statements, exact=self._exact, with_nodes=self._with_nodes)
