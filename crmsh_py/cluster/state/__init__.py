"""The state of the cluster: its nodes, its resources, what failed; from one read of crm_mon."""

from __future__ import annotations

from crmsh_py.cluster.state.asking import html, state, xml
from crmsh_py.cluster.state.facts import (
    INFINITY,
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
    primitives,
)
from crmsh_py.cluster.state.moves import Move, moves
from crmsh_py.cluster.state.stopped import stopped

__all__ = [
    "INFINITY",
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
    "html",
    "moves",
    "primitives",
    "state",
    "stopped",
    "xml",
]
