"""The state of the cluster: its nodes, its resources, what failed; from one read of crm_mon."""

from __future__ import annotations

from crmsh_py.cluster.state.asking import state
from crmsh_py.cluster.state.facts import (
    Ban,
    Bundle,
    Clone,
    Failure,
    FenceEvent,
    Group,
    Node,
    Options,
    Primitive,
    Replica,
    Resource,
    State,
    Summary,
    Ticket,
    primitives,
)

__all__ = [
    "Ban",
    "Bundle",
    "Clone",
    "Failure",
    "FenceEvent",
    "Group",
    "Node",
    "Options",
    "Primitive",
    "Replica",
    "Resource",
    "State",
    "Summary",
    "Ticket",
    "primitives",
    "state",
]
