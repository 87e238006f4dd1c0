"""`xml` statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.document import CONTAINERS, RESOURCES, SECTIONS
from crmsh_py.cib.edit.containers import join
from crmsh_py.cib.edit.objects import put_comments_before, put_in_place
from crmsh_py.cib.mapping import CLASSES
from crmsh_py.cib.references import OWN_IDS
from crmsh_py.errors import BadSyntax, CrmError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.edit.draft import Draft
    from crmsh_py.language import statements as st


def parse_xml(text: str) -> Element:
    """The element of an `xml` statement. Raises BadSyntax."""
    if "<!DOCTYPE" in text:
        raise BadSyntax("xml: a document type cannot stand here")
    try:
        return etree.fromstring(text, etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadSyntax(f"xml: {error.msg}") from error


def xml_class(statement: st.Xml) -> type[st.Statement] | None:
    """The class of statement that would say the same, if it is a resource."""
    try:
        tag = str(parse_xml(statement.text).tag)
    except BadSyntax:
        return None
    return CLASSES.get(("resources", tag))


def elements_in(statement: st.Xml) -> list[tuple[str, Element]]:
    """The elements that an `xml` statement says, each with its section. Raises BadSyntax."""
    root = parse_xml(statement.text)
    if root.tag in SECTIONS and root.tag != "fencing-topology":
        return [(str(root.tag), el) for el in root]
    sections = [section for section, tag in CLASSES if tag == root.tag]
    if len(sections) != 1:
        hint = "defaults stand in <rsc_defaults> or <op_defaults>" if sections else None
        raise BadSyntax(f"xml: {root.tag!s} is no object of a configuration", hint=hint)
    return [(sections[0], root)]


def objects_in(statement: st.Xml) -> list[tuple[str, Element]]:
    """The same with the resources in others; none where it is not XML, which `put_xml` will say."""
    try:
        said = elements_in(statement)
    except BadSyntax:
        return []
    return [(section, part) for section, el in said for part in el.iter("*") if part is el or part.tag in RESOURCES]


def put_xml(draft: Draft, statement: st.Xml) -> None:
    """Put an element, or the elements of a section, where they belong. Raises BadSyntax or CrmError."""
    for section, el in elements_in(statement):
        _put_element(draft, section, el, statement)


def _put_element(draft: Draft, section_name: str, el: Element, statement: st.Xml) -> None:
    section = draft.cib.make_section(section_name)
    draft.surgery.stated.update(part for part in el.iter("*") if part is el or part.tag in RESOURCES)
    if section_name == "fencing-topology":
        draft.cib.touch(section)
        put_in_place(el, section)
        draft.surgery.lose(section)
        return
    if "id" not in el.attrib and draft.is_there(section, el.get("id-ref") or ""):
        return
    found = _found(draft, section, el)
    if found is not None and draft.typed:
        raise CrmError(f"{el.tag!s} {el.get('id')} exists already")
    if found is not None:
        draft.cib.touch(found)
    _take_in(draft, el)
    if found is not None:
        put_in_place(el, found)
        draft.surgery.lose(found)
    else:
        section.append(el)
    put_comments_before(el, statement, is_replaced=found is not None)
    for part in el.iter(etree.Element):
        if part.get("id"):
            draft.ids.taken.add(part.get("id") or "")
        if (part is el or part.tag in RESOURCES) and part.tag not in OWN_IDS:
            draft.objects[part.get("id") or ""] = part


def _found(draft: Draft, section: Element, el: Element) -> Element | None:
    """The object that an element replaces. Raises CrmError where its id is another object's."""
    id_ = el.get("id") or ""
    if el.tag in OWN_IDS:
        return next((other for other in section.iterchildren(str(el.tag)) if other.get("id") == id_), None)
    found = draft.objects.get(id_) if id_ else None
    if found is not None and found.tag != el.tag and {found.tag, el.tag} != {"clone", "master"}:
        raise CrmError(f"{id_} is a {found.tag!s} already", hint="ids are unique in a configuration")
    return found


def _take_in(draft: Draft, el: Element) -> None:
    """Resources that stand in the element take the place of those that stand elsewhere.

    Raises CrmError where that is in a container that the text does not fill anew.
    """
    for part in el.iterdescendants(*RESOURCES):
        id_ = part.get("id") or ""
        old = draft.objects.get(id_)
        parent = None if old is None else old.getparent()
        if old is None or parent is None:
            continue
        if draft.typed:
            raise CrmError(f"{old.tag!s} {id_} exists already")
        if parent.tag in CONTAINERS:
            raise CrmError(f"{id_} is in {parent.tag!s} {parent.get('id')} already")
        if old.tag != part.tag:
            raise CrmError(f"{id_} is a {old.tag!s} already", hint="ids are unique in a configuration")
        join(draft, old, el)
        draft.surgery.lose(old)
        parent.remove(old)
