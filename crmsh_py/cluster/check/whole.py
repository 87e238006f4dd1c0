"""What can be wrong with the cluster as a whole: quorum, fencing, constraints, tickets, config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.check.findings import Finding
from crmsh_py.cluster.state import OF_COMMANDS, primitives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmsh_py.cluster.state import FenceEvent, State


def quorum(state: State) -> Iterator[Finding]:
    """Whether the nodes that meet decide anything."""
    summary = state.summary
    if summary.dc is None:
        yield Finding("no-dc", "there is no designated controller")
    elif not summary.has_quorum:
        policy = summary.options.no_quorum_policy
        yield Finding("no-quorum", f"the cluster has no quorum (no-quorum-policy={policy})")
    if summary.pacemakerd not in (None, "running", "remote"):
        yield Finding("pacemaker-state", f"Pacemaker on this node is {summary.pacemakerd}")


def fencing(state: State) -> Iterator[Finding]:
    """Whether nodes could be fenced, and what became of it where they were."""
    if not state.summary.options.stonith_enabled:
        yield Finding("fencing-disabled", "fencing is disabled")
    elif not any(one.is_fence_device for one in primitives(state.resources)):
        yield Finding("no-fencing-device", "no fencing device is configured")
    for event in state.fencing:
        if event.status == "failed":
            yield Finding("fencing-failed", f"fencing of {event.target} failed{_more(event)}", (event.target,))
        elif event.status == "pending":
            yield Finding("fencing-pending", f"fencing of {event.target} is under way", (event.target,))


def _more(event: FenceEvent) -> str:
    when = f" at {event.completed}" if event.completed else ""
    return f"{when} ({event.action}{': ' if event.reason else ''}{event.reason})"


def constraints(state: State) -> Iterator[Finding]:
    """What moving and banning resources has left behind. crm_mon tells of bans, not of preferences."""
    for ban in state.bans:
        if ban.id.startswith(OF_COMMANDS):
            role = "being promoted" if ban.promoted_only else "running"
            text = f"{ban.id} keeps {ban.resource} from {role} on {ban.node}"
            yield Finding("left-over-ban", text, (ban.node,), (ban.resource,))


def tickets(state: State) -> Iterator[Finding]:
    """Which tickets this site does not have."""
    for ticket in state.tickets:
        if ticket.status != "granted":
            yield Finding("ticket-revoked", f"ticket {ticket.id} is {ticket.status}")
        elif ticket.standby:
            yield Finding("ticket-standby", f"ticket {ticket.id} is in standby")


def config(state: State) -> Iterator[Finding]:
    """Options that keep the cluster from its work."""
    options = state.summary.options
    if options.maintenance_mode:
        yield Finding("maintenance-mode", "maintenance mode is on")
    if options.stop_all_resources:
        yield Finding("stop-all-resources", "all resources are kept stopped (stop-all-resources)")
    if state.summary.mixed_version:
        yield Finding("mixed-version", "nodes run different versions of Pacemaker")
