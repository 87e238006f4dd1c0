"""The nodes that a configuration knows: those of the cluster, remote ones, guests and what bundles run in.

What is said of a node stands in an entry of the section `nodes`. Nodes of the cluster always have one; for the others
it is made when something is to be said, as crm_attribute makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.checks.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib


class KnownNodes:
    """The nodes of a CIB, which may not change while this is in use, but for their entries.

    entries: the entries that there are, by name. resources: what makes a node that is none of the cluster, by the
    name of the node: the connection of a remote one, the virtual machine of a guest, the bundle. guests: the names of
    guests and of what bundles run in.
    """

    def __init__(self, cib: Cib) -> None:
        self._cib = cib
        self._survey = Survey(cib, lambda *_: None)
        section = cib.section("nodes")
        found = () if section is None else section.iterchildren("node")
        self.entries: dict[str, Element] = {el.get("uname") or el.get("id") or "": el for el in found}
        remote = {el.get("id") or "": el for el in self._survey.primitives if self._survey.is_remote(el)}
        guests = dict(self._guests())
        self.guests = frozenset(guests)
        self.resources: dict[str, Element] = {**remote, **guests}

    @property
    def names(self) -> list[str]:
        """The names of all nodes."""
        return list(dict.fromkeys([*self.entries, *self.resources]))

    def entry(self, name: str) -> Element:
        """The entry of a node, made where it has none, within an edit. KeyError for a name that is none of `names`."""
        if name not in self.entries and name not in self.resources:
            raise KeyError(name)
        if name not in self.entries:
            made = etree.Element("node", {"type": "remote", "id": name, "uname": name})
            self._cib.make_section("nodes").append(made)
            self.entries[name] = made
        return self.entries[name]

    def address(self, name: str) -> str:
        """Where a node is reached: what is configured for a remote node or a guest, else its name."""
        resource = self.resources.get(name)
        if resource is None or resource.tag == "bundle":
            return name
        kind, attribute = (
            ("meta_attributes", "remote-addr") if name in self.guests else ("instance_attributes", "server")
        )
        return self._survey.values(resource, kind).get(attribute) or name

    def _guests(self) -> Iterator[tuple[str, Element]]:
        for el in self._survey.resources.values():
            if el.tag == "bundle":
                yield from ((f"{el.get('id')}-{number}", el) for number in range(_replicas(el)))
            elif el.tag == "primitive" and (guest := self._survey.values(el, "meta_attributes").get("remote-node")):
                yield guest, el


def _replicas(bundle: Element) -> int:
    """How many nodes a bundle makes: one for each replica, if there is a resource to run in them."""
    if bundle.find("primitive") is None:
        return 0
    for part in bundle.iterchildren("docker", "podman", "rkt"):
        for name in ("replicas", "promoted-max", "masters"):
            said = part.get(name) or ""
            if said.isdecimal() and int(said):
                return int(said)
    return 1
