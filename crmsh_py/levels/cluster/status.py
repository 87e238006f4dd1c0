"""The state of the cluster's daemons on this node."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import NotPermitted, Unreachable
from crmsh_py.levels.cluster.level import level
from crmsh_py.output import Record
from crmsh_py.problems import WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from crmsh_py.cluster.corosync import Corosync, Member
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment


class Found(NamedTuple):
    """corosync, None where this user may not know; what pacemakerd says of itself, and each of its daemons."""

    corosync: Corosync | None
    pacemakerd: str | None
    daemons: Mapping[str, str]

    @property
    def missing(self) -> list[str]:
        """The daemons that do not run."""
        return [name for name, state in self.daemons.items() if state != "running"]


@level.command("status", live=True)
def status(cx: Context) -> Record:
    """Show corosync, its links and votes, and Pacemaker's daemons, as seen from this node.

    No other node is asked: a link is connected where corosync hears the other end. Without a cluster, and where one of
    the daemons does not run, the exit code is 7, and it is said which one. Who may not ask corosync is told of
    Pacemaker, and the exit code is 8. What the cluster does with its resources `crm status` shows.

    Examples:
        status
    """
    from crmsh_py.cluster.corosync import corosync
    from crmsh_py.cluster.daemons import PACEMAKERD, daemons, pacemakerd

    states = daemons()
    try:
        seen = corosync()
    except NotPermitted as error:
        cx.warn(error.problems[0]._replace(severity=WARNING))
        seen = None
    found = Found(seen, pacemakerd() if states[PACEMAKERD] == "running" else None, states)
    return Record(
        "cluster.status",
        lambda: _data(found),
        lambda: _fragments(found),
        exit_code=_exit_code(found),
    )


def _exit_code(found: Found) -> int:
    if found.missing:
        return Unreachable.exit_code
    return 0 if found.corosync else NotPermitted.exit_code


def _data(found: Found) -> dict[str, Any]:
    return {
        "corosync": found.corosync and _corosync_data(found.corosync),
        "pacemaker": {"pacemakerd": found.pacemakerd, "daemons": dict(found.daemons)},
    }


def _corosync_data(corosync: Corosync) -> dict[str, Any]:
    quorum = corosync.quorum
    return {
        "cluster": corosync.cluster,
        "transport": corosync.transport,
        "local": corosync.local,
        "nodes": [_node_data(corosync, member) for member in corosync.members],
        "quorum": quorum and {**quorum._asdict(), "flags": list(quorum.flags)},
    }


def _node_data(corosync: Corosync, member: Member) -> dict[str, Any]:
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
    if found.corosync:
        yield from _corosync_fragments(found.corosync)
    yield "heading", "Pacemaker"
    yield "", f": {found.pacemakerd or 'no answer'}\n"
    for name, state in found.daemons.items():
        yield "" if state == "running" else "error", f"  {name}: {state}\n"


def _corosync_fragments(corosync: Corosync) -> Iterator[Fragment]:
    yield "heading", "corosync"
    yield "", f": cluster {corosync.cluster or '-'}, transport {corosync.transport}\n"
    for member in corosync.members:
        yield from _node_fragments(corosync, member)
    yield from _quorum_fragments(corosync)


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
