"""What the scheduler would do with a CIB, as crm_simulate says it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.asking import LIVE, ask_xml
from crmsh_py.cluster.state.reading import read_nodes, read_resources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from crmsh_py.cluster.state import Node, Resource

SECONDS = 120.0


class Action(NamedTuple):
    """Something that the scheduler would do to a resource, or, with the resource "", to a node.

    task: start, stop, restart, recover, reload, move, migrate, promote, demote ...; of nodes fence, shutdown ... .
    node: where it is now or will be; destination: where to, of what moves, else "". reason: the scheduler's, or "".
    blocked: it cannot be done.
    """

    task: str
    resource: str
    node: str
    destination: str
    reason: str
    blocked: bool


class Plan(NamedTuple):
    """What the scheduler would do, and the nodes and resources as they are and when it is done."""

    actions: tuple[Action, ...]
    nodes_before: tuple[Node, ...]
    resources_before: tuple[Resource, ...]
    nodes: tuple[Node, ...]
    resources: tuple[Resource, ...]


def plan(cib: bytes, seconds: float = SECONDS) -> Plan:
    """What the scheduler would do with a CIB, its status section included. Without one, no node is online.

    seconds: how long it may take. Raises Refused where the CIB is not valid, CrmError where crm_simulate fails or is
    not installed, TimedOut.
    """
    root = ask_xml("crm_simulate", "--simulate", "--xml-pipe", stdin=cib, seconds=seconds, tools=LIVE)
    before, after = root.find("cluster_status"), root.find("revised_cluster_status")
    return Plan(
        tuple(_actions(root)),
        tuple(read_nodes(before)),
        tuple(read_resources(before)),
        tuple(read_nodes(after)),
        tuple(read_resources(after)),
    )


def outcome(cib: bytes) -> bytes:
    """The CIB when the cluster has done what the scheduler would do with it. Raises what `plan` does."""
    from tempfile import TemporaryDirectory  # heavy

    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "cib.xml")
        ask_xml("crm_simulate", "--simulate", "--xml-pipe", f"--save-output={path}", stdin=cib, seconds=SECONDS)
        with open(path, "rb") as file:
            return file.read()


def _actions(root: Element) -> Iterator[Action]:
    for el in root.iterfind("actions/*"):
        yield Action(
            el.get("action") or el.get("task") or "",
            el.get("resource", ""),
            el.get("node") or el.get("source") or "",
            el.get("dest", ""),
            el.get("reason", ""),
            el.get("blocked") == "true",
        )
