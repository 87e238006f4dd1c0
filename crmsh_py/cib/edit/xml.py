"""`xml` statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.document import RESOURCES, SECTIONS
from crmsh_py.cib.edit.draft import OWN_IDS
from crmsh_py.cib.edit.objects import put_comments_before, put_in_place
from crmsh_py.cib.mapping import CLASSES
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


def put_xml(draft: Draft, statement: st.Xml) -> None:
    """Put an element, or the elements of a section, where they belong. Raises BadSyntax or CrmError."""
    root = parse_xml(statement.text)
    if root.tag in SECTIONS and root.tag != "fencing-topology":
        for el in list(root):
            _put_element(draft, str(root.tag), el, statement)
        return
    sections = [section for section, tag in CLASSES if tag == root.tag]
    if len(sections) != 1:
        hint = "defaults stand in <rsc_defaults> or <op_defaults>" if sections else None
        raise BadSyntax(f"xml: {root.tag!s} is no object of a configuration", hint=hint)
    _put_element(draft, sections[0], root, statement)


def _put_element(draft: Draft, section_name: str, el: Element, statement: st.Xml) -> None:
    section = draft.cib.make_section(section_name)
    if section_name == "fencing-topology":
        put_in_place(el, section)
        return
    id_, tag = el.get("id") or "", str(el.tag)
    found = next((other for other in section.iter(tag) if other.get("id") == id_), None) if id_ else None
    if found is not None and draft.typed:
        raise CrmError(f"{tag} {id_} exists already")
    if found is not None:
        draft.cib.touch(found)
        put_in_place(el, found)
    else:
        section.append(el)
    put_comments_before(el, statement)
    for part in el.iter(etree.Element):
        if part.get("id"):
            draft.ids.taken.add(part.get("id") or "")
        if (part is el or part.tag in RESOURCES) and part.tag not in OWN_IDS:
            draft.objects[part.get("id") or ""] = part
