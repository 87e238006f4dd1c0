"""The state of the cluster: its nodes, its resources, what failed; from one read of crm_mon."""

from __future__ import annotations

from crmsh_py.cluster.state.asking import html, state, xml
from crmsh_py.cluster.state.facts import (
    INFINITY,
    OF_COMMANDS,
    Ban,
    Bundle,
    Clone,
    Failure,
    FenceEvent,
    Group,
    History,
    Node,
    NodeAttribute,
    Operation,
    Options,
    Primitive,
    Replica,
    Resource,
    State,
    Summary,
    Ticket,
    base_id,
    by_id,
    number,
    primitives,
    written,
)
from crmsh_py.cluster.state.hosts import hosts, of_bundles
from crmsh_py.cluster.state.moves import Move, left_over
from crmsh_py.cluster.state.stopped import stopped

__all__ = [
    "INFINITY",
    "OF_COMMANDS",
    "Ban",
    "Bundle",
    "Clone",
    "Failure",
    "FenceEvent",
    "Group",
    "History",
    "Move",
    "Node",
    "NodeAttribute",
    "Operation",
    "Options",
    "Primitive",
    "Replica",
    "Resource",
    "State",
    "Summary",
    "Ticket",
    "base_id",
    "by_id",
    "hosts",
    "html",
    "left_over",
    "number",
    "of_bundles",
    "primitives",
    "state",
    "stopped",
    "written",
    "xml",
]
