"""What can be wrong with nodes: those of the cluster layer, and remote and guest nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.check.findings import Finding
from crmsh_py.cluster.state import Primitive, by_id, of_bundles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmsh_py.cluster.state import Node, State

REMOTE = ("remote", "guest")


def nodes(state: State) -> Iterator[Finding]:
    """The nodes that run the cluster layer."""
    for node in state.nodes:
        if node.type not in REMOTE:
            if not (node.online or node.unclean or node.pending):
                yield _of(node, "offline", "offline")
            yield from _flaws(node)


def remote(state: State) -> Iterator[Finding]:
    """Remote and guest nodes. One whose resource is meant to be stopped may be offline."""
    named = by_id(state.resources)
    replicas = of_bundles(state)
    for node in state.nodes:
        if node.type in REMOTE:
            # the connection to a remote node is a resource of its name
            host = named.get(node.container or node.name, [])
            is_meant = bool(host) and all(isinstance(one, Primitive) and one.disabled for one in host)
            if not (node.online or node.unclean or node.pending or is_meant):
                yield _of(node, "replica-offline" if node.container in replicas else "offline", "offline")
            yield from _flaws(node)


def _flaws(node: Node) -> Iterator[Finding]:
    """What holds whether a node is online or not."""
    if node.unclean:
        is_up = "pending" if node.pending else "online" if node.online else "offline"
        yield _of(node, "unclean", f"unclean and has to be fenced ({is_up})")
    if node.pending and not node.unclean:
        yield _of(node, "pending", "pending: it has not joined yet")
    if node.shutdown and node.online:
        yield _of(node, "shutting-down", "shutting down")
    # crm_mon takes a node that has not joined for one in standby
    if (node.standby or node.standby_onfail) and not node.pending:
        yield _of(node, "standby", "in standby after a failure" if node.standby_onfail else "in standby")
    if node.maintenance:
        yield _of(node, "maintenance", "in maintenance")
    if node.health in ("yellow", "red"):
        yield _of(node, "health", f"of {node.health} health")


def _of(node: Node, code: str, what: str) -> Finding:
    kind = f"{node.type} node " if node.type in REMOTE else "node "
    return Finding(code, f"{kind}{node.name} is {what}", (node.name,))
