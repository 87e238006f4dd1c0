"""The state of the cluster's daemons on this node."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import Unreachable
from crmsh_py.levels.cluster.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from crmsh_py.cluster.corosync import Corosync, Member
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment


class Found(NamedTuple):
    """corosync, what pacemakerd says of itself, and each of its daemons."""

    corosync: Corosync
    pacemakerd: str | None
    daemons: Mapping[str, str]

    @property
    def missing(self) -> list[str]:
        """The daemons that do not run."""
        return [name for name, state in self.daemons.items() if state != "running"]


@level.command("status", live=True)
def status(_: Context) -> Record:
    """Show corosync, its links and votes, and Pacemaker's daemons, as seen from this node.

    No other node is asked: a link is connected where corosync hears the other end. Without a cluster, and where one of
    the daemons does not run, the exit code is 7, and it is said which one. What the cluster does with its resources
    `crm status` shows.

    Examples:
        status
    """
    from crmsh_py.cluster.corosync import corosync
    from crmsh_py.cluster.daemons import PACEMAKERD, daemons, pacemakerd

    states = daemons()
    found = Found(corosync(), pacemakerd() if states[PACEMAKERD] == "running" else None, states)
    return Record(
        "cluster.status",
        lambda: _data(found),
        lambda: _fragments(found),
        exit_code=Unreachable.exit_code if found.missing else 0,
    )


def _data(found: Found) -> dict[str, Any]:
    corosync, quorum = found.corosync, found.corosync.quorum
    return {
        "corosync": {
            "cluster": corosync.cluster,
            "transport": corosync.transport,
            "local": corosync.local,
            "nodes": [_node_data(found, member) for member in corosync.members],
            "quorum": quorum and {**quorum._asdict(), "flags": list(quorum.flags)},
        },
        "pacemaker": {"pacemakerd": found.pacemakerd, "daemons": dict(found.daemons)},
    }


def _node_data(found: Found, member: Member) -> dict[str, Any]:
    corosync = found.corosync
    return {
        "id": member.id,
        "name": member.name,
        "joined": member.id in corosync.joined,
        "addresses": list(member.addresses.values()),
        "links": [
            {"number": link.number, "address": link.address, "is_connected": link.is_connected}
            for link in corosync.links
            if link.node == member.id
        ],
    }


def _fragments(found: Found) -> Iterator[Fragment]:
    yield "heading", "corosync"
    yield "", f": cluster {found.corosync.cluster or '-'}, transport {found.corosync.transport}\n"
    for member in found.corosync.members:
        yield from _node_fragments(found.corosync, member)
    yield from _quorum_fragments(found.corosync)
    yield "heading", "Pacemaker"
    yield "", f": {found.pacemakerd or 'no answer'}\n"
    for name, state in found.daemons.items():
        yield "" if state == "running" else "error", f"  {name}: {state}\n"


def _node_fragments(corosync: Corosync, member: Member) -> Iterator[Fragment]:
    yield "", "  node "
    yield "id", member.name or member.id
    is_local = member.id == corosync.local
    state = "this node" if is_local else "joined" if member.id in corosync.joined else "not there"
    yield "" if is_local or member.id in corosync.joined else "error", f": {state}\n"
    for link in corosync.links:
        if link.node == member.id:
            state = {True: "connected", False: "disconnected", None: "not known"}[link.is_connected]
            yield "" if link.is_connected else "error", f"    link {link.number} to {link.address}: {state}\n"


def _quorum_fragments(corosync: Corosync) -> Iterator[Fragment]:
    quorum = corosync.quorum
    if quorum is None:
        yield "", "  quorum: no votes are counted\n"
        return
    state = "yes" if quorum.is_quorate else "no"
    yield "" if quorum.is_quorate else "error", f"  quorum: {state}"
    flags = f" ({', '.join(quorum.flags)})" if quorum.flags else ""
    yield "", f", {quorum.total} of {quorum.expected} votes, {quorum.needed} needed{flags}\n"
