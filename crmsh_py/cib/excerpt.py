"""The part of a configuration that matters where only the options of the cluster have changed: no resource depends on
them, but for those that fence, so that a large cluster need not be examined for each option."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.document import Cib

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

OPTIONS = "crm_config"
KEPT = frozenset((OPTIONS, "nodes", "rsc_defaults", "op_defaults", "alerts"))


def differs_in_options_alone(one: Cib, other: Cib) -> bool:
    """Whether two CIBs have the same schema and say the same but for the options of the cluster.

    Not where one refers to a part of another by its id: that can be an option.
    """
    if one.schema != other.schema:
        return False
    sections, others = (_beside_options(cib) for cib in (one, other))
    return sections == others and not any(b" id-ref=" in section for section in sections)


def of_options(cib: Cib) -> Cib:
    """A copy of the CIB with its options, nodes and defaults, and of its resources those that fence."""
    root = etree.Element("cib", dict(cib.root.attrib))
    configuration = etree.SubElement(root, "configuration")
    for section in cib.configuration.iterchildren(etree.Element):
        if section.tag in KEPT:
            configuration.append(deepcopy(section))
        elif section.tag == "resources":
            etree.SubElement(configuration, "resources").extend([deepcopy(el) for el in _fencing(section)])
        elif section.tag == "constraints":
            etree.SubElement(configuration, "constraints")
    etree.SubElement(root, "status")
    return Cib(root)


def _beside_options(cib: Cib) -> list[bytes]:
    return [etree.tostring(section) for section in cib.configuration if section.tag != OPTIONS]


def _fencing(resources: Element) -> Iterator[Element]:
    """What stands in the section and holds a fence device, or the template of one."""
    templates = {el.get("id") for el in resources.iterchildren("template") if el.get("class") == "stonith"}
    for el in resources.iterchildren(etree.Element):
        agents = ((part.get("class"), part.get("template")) for part in el.iter("primitive", "template"))
        if any(class_ == "stonith" or template in templates for class_, template in agents):
            yield el
