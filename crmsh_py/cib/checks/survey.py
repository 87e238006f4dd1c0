"""What checks ask of a configuration, looked up once: a search per question would be quadratic."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cib.document import CONTAINERS, RESOURCES
from crmsh_py.cib.options import cluster_option
from crmsh_py.cib.properties import is_false, property_value, set_properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.agents import Agent


class AgentName(NamedTuple):
    """Which agent a primitive is of."""

    class_: str
    provider: str | None
    type: str

    def __str__(self) -> str:
        return ":".join(part for part in self if part)


class Survey:
    """A CIB with its look-ups. `metadata` gives an agent's metadata, or None.

    The CIB may not change while this is in use.
    """

    def __init__(self, cib: Cib, metadata: Callable[[str, str | None, str], Agent | None]) -> None:
        self.cib = cib
        self._metadata = metadata
        self._names: dict[Element, AgentName | None] = {}
        self._agents: dict[AgentName, Agent | None] = {}
        section = cib.section("resources")
        self.resources = {el.get("id", ""): el for el in section.iter(*RESOURCES)} if section is not None else {}
        self.primitives = [el for el in self.resources.values() if el.tag == "primitive"]
        self.templates = [el for el in self.resources.values() if el.tag == "template"]

    # ---- agents

    def agent_name(self, resource: Element) -> AgentName | None:
        """The agent of a primitive or template; None where it has none."""
        if resource not in self._names:
            self._names[resource] = self._find_agent_name(resource)
        return self._names[resource]

    def _find_agent_name(self, resource: Element) -> AgentName | None:
        template = resource.get("template")
        source = self.resources.get(template) if template else resource
        type_ = None if source is None else source.get("type")
        if source is None or not type_:
            return None
        return AgentName(source.get("class") or "", source.get("provider"), type_)

    def agent(self, resource: Element) -> Agent | None:
        """The metadata of the agent of a primitive or template, or None."""
        name = self.agent_name(resource)
        if name is None:
            return None
        if name not in self._agents:
            self._agents[name] = self._metadata(*name)
        return self._agents[name]

    # ---- sets of attributes

    def sets(self, element: Element, tag: str) -> Iterator[Element]:
        """The sets of an element, with references followed."""
        for found in element.iterchildren(tag):
            id_ref = found.get("id-ref")
            target = self._by_id.get(id_ref) if id_ref else found
            if target is not None:
                yield target

    def pairs(self, attributes: Element) -> Iterator[tuple[str, str | None]]:
        """The names and values of a set, with references followed."""
        for pair in attributes.iterchildren("nvpair"):
            id_ref = pair.get("id-ref")
            target = self._by_id.get(id_ref) if id_ref else pair
            if target is not None:
                yield pair.get("name") or target.get("name") or "", target.get("value")

    def values(self, element: Element, tag: str) -> dict[str, str | None]:
        """The attributes in the sets of an element, whatever their rules; of a primitive, its template's too."""
        found: dict[str, str | None] = {}
        template = self.resources.get(element.get("template") or "")
        for source in (element,) if template is None else (element, template):
            for attributes in self.sets(source, tag):
                for name, value in self.pairs(attributes):
                    found.setdefault(name, value)
        return found

    @cached_property
    def _by_id(self) -> dict[str, Element]:
        tags = ("nvpair", "instance_attributes", "meta_attributes", "utilization")
        return {el.get("id", ""): el for el in self.cib.configuration.iter(*tags)}

    # ---- containers

    def containers(self, resource: Element) -> Iterator[Element]:
        """The containers that a resource is in, the innermost first."""
        parent = resource.getparent()
        while parent is not None and parent.tag in CONTAINERS:
            yield parent
            parent = parent.getparent()

    # ---- the cluster

    @cached_property
    def cluster_options(self) -> dict[str, str]:
        """The options of the cluster that are set, by their newest names, with the values that count."""
        found: dict[str, str] = {}
        for name in set_properties(self.cib):
            option = cluster_option(name)
            value = property_value(self.cib, name)
            if value is not None:
                found[option.name if option else name] = value.value
        return found

    @cached_property
    def is_fencing_disabled(self) -> bool:
        """Whether the cluster is told not to fence."""
        return is_false(self.cluster_options.get("fencing-enabled", "true"))

    @cached_property
    def has_nodes(self) -> bool:
        """Whether there are cluster nodes; a CIB without any is not of a cluster yet."""
        return bool(self.cib.nodes())

    @cached_property
    def nodes(self) -> frozenset[str]:
        """The names of the nodes that the CIB knows: of the cluster, remote ones, guests and bundles."""
        names = set(self.cib.nodes())
        for el in self.primitives:
            if self.is_remote(el):
                names.add(el.get("id", ""))
            guest = self.values(el, "meta_attributes").get("remote-node")
            if guest:
                names.add(guest)
        return frozenset(names)

    def is_remote(self, resource: Element) -> bool:
        """Whether a primitive is the connection to a remote node."""
        return self.agent_name(resource) == ("ocf", "pacemaker", "remote")

    @cached_property
    def is_pacemaker_3(self) -> bool:
        """Whether the configuration is of a schema that Pacemaker 2 does not have."""
        return self.cib.schema.startswith("pacemaker-") and self.cib.schema[10:].partition(".")[0] not in "0123"
