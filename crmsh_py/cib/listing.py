"""The objects of a CIB in the order in which they are shown, as statements and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from crmsh_py.cib import comments
from crmsh_py.cib.document import SECTIONS
from crmsh_py.cib.ids import lacks_ids
from crmsh_py.cib.mapping import CLASSES, Unsayable, read
from crmsh_py.language import statements as st
from crmsh_py.language.header import exact_header
from crmsh_py.language.writer import Writer, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeVar

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.language.words import Comment
    from crmsh_py.language.writer import Fragment

    R = TypeVar("R")

# constraints but tickets have one rank: they are sorted by id together
RANKS: dict[type[st.Statement], int] = {
    st.Node: 0,
    st.RscTemplate: 1,
    st.Primitive: 2,
    st.Bundle: 3,
    st.Group: 4,
    st.Clone: 5,
    st.Tag: 6,
    st.Location: 7,
    st.Colocation: 7,
    st.Order: 7,
    st.FencingTopology: 8,
    st.RscTicket: 9,
    st.Property: 10,
    st.RscDefaults: 11,
    st.OpDefaults: 12,
    st.Role: 13,
    st.User: 14,
    st.AclTarget: 15,
    st.AclGroup: 16,
    st.Alert: 17,
}
LAST = len(RANKS)


class Entry(NamedTuple):
    """An object with the class of statement that says it; None where the schema knows it and we do not."""

    el: Element
    section: str
    cls: type[st.Statement] | None

    @property
    def id(self) -> str:
        """The id that it is shown by; "" where it has none."""
        if self.cls is st.Node:
            return self.el.get("uname") or ""
        return self.el.get("id") or ""


def entries(cib: Cib) -> list[Entry]:
    """All objects in the order of `show`."""
    found = list(_unsorted(cib))
    found.sort(key=_rank)
    return found


def _rank(entry: Entry) -> tuple[int, bytes, str]:
    rank = RANKS.get(entry.cls, LAST) if entry.cls else LAST
    return rank, entry.id.encode(), entry.el.get("id") or ""


def _unsorted(cib: Cib) -> Iterator[Entry]:
    for section in cib.configuration:
        if not isinstance(section.tag, str):
            continue
        name = section.tag
        if name == "fencing-topology":
            if len(section):
                yield Entry(section, name, st.FencingTopology)
        elif name == "resources":
            for el in section.iterchildren(etree.Element):
                yield from _resources(el)
        else:
            for el in section.iterchildren(etree.Element):
                yield Entry(el, name, CLASSES.get((name, str(el.tag))))


def _resources(el: Element) -> Iterator[Entry]:
    """A resource and those inside it. How deep they stand is the schema's business."""
    yield Entry(el, "resources", CLASSES.get(("resources", str(el.tag))))
    for inner in el.iter("primitive", "group"):
        if inner is not el:
            yield Entry(inner, "resources", CLASSES["resources", str(inner.tag)])


def references(cib: Cib) -> set[str]:
    """The ids of parts of objects that something refers to."""
    paths = ".//@id-ref | .//acl_permission/@reference | .//acls/*/*/@ref | .//obj_ref/@id"
    return {str(id_) for id_ in cib.configuration.xpath(paths)}


def statement_of(entry: Entry) -> st.Statement:
    """The statement of an object: in the language where it can say it, else as XML."""
    if entry.cls is None:
        return xml_of(entry)
    try:
        statement = read(entry.el, entry.cls)
    except Unsayable:
        return xml_of(entry)
    statement.comments = (*_comments_before(entry), *statement.comments)
    return statement


def xml_of(entry: Entry) -> st.Xml:
    """An object as an `xml` statement; resources inside a group or clone come with it."""
    tag = str(entry.el.tag)
    text = etree.tostring(_without_indent(entry.el), encoding="unicode", with_tail=False)
    is_clear = [section for section, other in CLASSES if other == tag] == [entry.section]
    wrapped = text if is_clear else f"<{entry.section}>{text}</{entry.section}>"
    statement = st.Xml(wrapped, entry.id)
    statement.comments = tuple(_comments_before(entry))
    return statement


def _without_indent(el: Element) -> Element:
    """A copy without the white space between its elements."""
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(etree.tostring(el, encoding="utf-8", with_tail=False), parser)


def _comments_before(entry: Entry) -> list[Comment]:
    """The comments of the section that stand before an object of it."""
    parent = entry.el.getparent()
    if parent is None or parent.tag != entry.section or entry.el.tag == entry.section:
        return []
    return _comments(entry.el.itersiblings(preceding=True), "")


def _comments(elements: Iterable[Element], section: str) -> list[Comment]:
    """The comments that elements, read backwards, begin with; in the order of the document."""
    found: list[Comment] = []
    for el in elements:
        if not comments.is_comment(el):
            break
        found.insert(0, comments.read(el, section))
    return found


def remarks(cib: Cib) -> st.Remark | None:
    """The comments that no object follows: at the end of a section, between sections."""
    found: list[Comment] = []
    for name in SECTIONS:
        section = cib.section(name)
        if section is not None and name != "fencing-topology":
            found.extend(_comments(section.iterchildren(reversed=True), name))
    found.extend(comments.read(el, "configuration") for el in cib.configuration if comments.is_comment(el))
    if not found:
        return None
    remark = st.Remark()
    remark.comments = tuple(found)
    return remark


def _statements(
    chosen: Iterable[Entry], render: Callable[[Entry], tuple[st.Statement, R]]
) -> Iterator[tuple[Entry, R]]:
    """Render each object; what stands inside one that is shown as XML is shown with it."""
    rendered: list[tuple[Entry, R]] = []
    inside: set[Element] = set()
    for entry in chosen:
        statement, result = render(entry)
        rendered.append((entry, result))
        if isinstance(statement, st.Xml):
            inside.update(child for child in entry.el.iter("primitive", "group") if child is not entry.el)
    for entry, result in rendered:
        if entry.el not in inside:
            yield entry, result


def show(cib: Cib, chosen: Iterable[Entry] | None = None) -> Iterator[list[Fragment]]:
    """The readable text of objects (all of them by default), object by object."""
    yield from (fragments for _, fragments in each(cib, entries(cib) if chosen is None else chosen))
    remark = remarks(cib) if chosen is None else None
    if remark:
        yield Writer().write(remark)


def each(cib: Cib, chosen: Iterable[Entry]) -> Iterator[tuple[Entry, list[Fragment]]]:
    """Objects with their readable texts; not those that stand inside one that is shown as XML."""
    writer = Writer(referenced=references(cib), nodes=cib.nodes())

    def render(entry: Entry) -> tuple[st.Statement, list[Fragment]]:
        statement = statement_of(entry)
        return statement, writer.write(statement)

    return _statements(chosen, render)


def exact(cib: Cib, chosen: Iterable[Entry] | None = None) -> Iterator[list[Fragment]]:
    """The text that loses nothing, object by object, the line that says so first.

    Each object is read back from its text; one that would not be the same is written as XML.
    """
    from crmsh_py.language.parser import says  # heavy

    writer = Writer(exact=True)

    def render(entry: Entry) -> tuple[st.Statement, list[Fragment]]:
        statement = statement_of(entry)
        fragments = writer.write(statement)
        if isinstance(statement, st.Xml):
            return statement, fragments
        # read back, a part without an id would be given one
        if lacks_ids(statement) or not says(text_of(fragments), statement):
            statement = xml_of(entry)
            fragments = writer.write(statement)
        return statement, fragments

    yield [("comment", exact_header(cib.schema))]
    yield from (fragments for _, fragments in _statements(entries(cib) if chosen is None else chosen, render))
    remark = remarks(cib) if chosen is None else None
    if remark:
        yield writer.write(remark)
