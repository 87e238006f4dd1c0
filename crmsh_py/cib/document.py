"""The CIB: the lxml tree, which is the only model of a configuration, with look-ups by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.undo import Before

# the order in which a CIB is written; the schema lets them stand in any
SECTIONS = (
    "crm_config",
    "nodes",
    "resources",
    "constraints",
    "fencing-topology",
    "acls",
    "alerts",
    "tags",
    "rsc_defaults",
    "op_defaults",
)
REQUIRED_SECTIONS = SECTIONS[:4]
RESOURCES = frozenset(("primitive", "template", "group", "clone", "master", "bundle"))
CONTAINERS = frozenset(("group", "clone", "master", "bundle"))


class BadCib(CrmError):
    """A text that should be a CIB is none."""

    code = "bad-cib"


class Cib:
    """A CIB document. `root` is its `cib` element; `before`, during an edit, is what it takes to undo it."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.before: Before | None = None

    @classmethod
    def parse(cls, data: bytes, source: str) -> Cib:
        """Read a CIB from its XML; `source` names it in errors. Raises BadCib for anything else."""
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise BadCib(f"{source}: a CIB has no document type")
        parser = etree.XMLParser(
            remove_blank_text=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise BadCib(f"{source} is not a CIB: {_reason(error)}") from error
        if root.tag != "cib":
            raise BadCib(f"{source} is not a CIB: its element is {root.tag!s}")
        return cls(root)

    @classmethod
    def empty(cls, schema: str) -> Cib:
        """A CIB without objects that names a schema, such as pacemaker-3.9."""
        root = etree.Element("cib", {"validate-with": schema, "epoch": "0", "num_updates": "0", "admin_epoch": "0"})
        configuration = etree.SubElement(root, "configuration")
        for section in REQUIRED_SECTIONS:
            etree.SubElement(configuration, section)
        etree.SubElement(root, "status")
        return cls(root)

    @property
    def schema(self) -> str:
        """The schema that the CIB says it follows; "" where it names none."""
        return self.root.get("validate-with") or ""

    @schema.setter
    def schema(self, name: str) -> None:
        self.root.set("validate-with", name)

    @property
    def configuration(self) -> Element:
        """The `configuration` element, made where it is missing."""
        found = self.root.find("configuration")
        if found is None:
            found = etree.Element("configuration")
            self.root.insert(0, found)
        return found

    def section(self, name: str) -> Element | None:
        """A section, or None."""
        return self.configuration.find(name)

    def make_section(self, name: str) -> Element:
        """A section, made at its place where it is missing."""
        configuration = self.configuration
        found = configuration.find(name)
        if found is not None:
            return found
        made = etree.Element(name)
        later = SECTIONS[SECTIONS.index(name) + 1 :]
        after = next((el for el in configuration if el.tag in later), None)
        if after is None:
            configuration.append(made)
        else:
            after.addprevious(made)
        return made

    def touch(self, el: Element) -> None:
        """Say that the object that an element is, or is in, is about to change. Every edit says so, for `undo`."""
        if self.before is not None:
            self.before.touch(el)

    def objects(self) -> Iterator[Element]:
        """All objects: what stands in the sections, and the resources inside others."""
        for section in self.configuration:
            if section.tag == "fencing-topology":
                yield section
            elif section.tag == "resources":
                yield from (el for el in section.iter(*RESOURCES))
            else:
                yield from section.iterchildren(tag=etree.Element)

    def find(self, id_: str) -> Element | None:
        """The object with this id; a node only where nothing else has it (a remote node's resource has its name)."""
        node = None
        for el in self.objects():
            if el.get("id") == id_:
                if el.tag != "node":
                    return el
                node = el
        return node

    def resource(self, id_: str) -> Element | None:
        """The resource or template with this id."""
        resources = self.section("resources")
        if resources is None:
            return None
        return next((el for el in resources.iter(*RESOURCES) if el.get("id") == id_), None)

    def nodes(self) -> list[str]:
        """The names of the cluster's nodes."""
        section = self.section("nodes")
        return [] if section is None else [el.get("uname") or "" for el in section.iterchildren("node")]

    def to_bytes(self) -> bytes:
        """The CIB as XML, indented."""
        return etree.tostring(self.root, encoding="utf-8", xml_declaration=False, pretty_print=True)


def _reason(error: etree.XMLSyntaxError) -> str:
    line, column = error.position
    text = str(error.msg or "no XML").partition(", line ")[0]
    return f"{text} (line {line}, column {column})"
