"""What is wrong with a configuration that its schema does not see, each check a generator of problems."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from crmsh_py.problems import WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmsh_py.cib.document import Cib


def problems(cib: Cib) -> Iterator[Problem]:
    """All problems of a configuration."""
    for check in CHECKS:
        yield from check(cib)


def location(cib: Cib) -> Iterator[Problem]:
    """Nodes that a location constraint names and the cluster does not have."""
    section = cib.section("constraints")
    for el in () if section is None else section.iterchildren("rsc_location"):
        yield from _unknown_node(cib, el.get("node"), str(el.get("id")))


def fencing_topology(cib: Cib) -> Iterator[Problem]:
    """Fencing targets that are no nodes, and devices that are no resources."""
    topology = cib.section("fencing-topology")
    for el in () if topology is None else topology.iterchildren("fencing-level"):
        yield from _unknown_node(cib, el.get("target"), "fencing_topology")
        for device in (el.get("devices") or "").split(","):
            if device and cib.resource(device) is None:
                text = f"fencing_topology: the device {device} does not exist"
                yield Problem(WARNING, "unknown-device", text, object_id="fencing_topology")


def _unknown_node(cib: Cib, name: str | None, where: str) -> Iterator[Problem]:
    """A warning only: a node may join later. A CIB without any nodes is not of a cluster yet."""
    known = cib.nodes()
    if name is None or not known or name in known or cib.resource(name) is not None:
        return
    near = get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else None
    yield Problem(WARNING, "unknown-node", f"{where}: the node {name} does not exist", hint=hint, object_id=where)


CHECKS = (location, fencing_topology)
