"""What corosync says of itself, and what its configuration says of the nodes; its tools have no XML.

Its values are read from its map of keys, which has the same form in all versions; only the votes stand nowhere but in
the text of corosync-quorumtool.
"""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import CrmError, NotPermitted, Unreachable
from crmsh_py.run import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CONFIG = "/etc/corosync/corosync.conf"
# it answers at once or not at all
SECONDS = 10.0
_KEY = re.compile(r"(?P<key>\S+) \(\w+\) = (?P<value>.*)")
_MEMBER = re.compile(r"\s*(?P<id>\d+)\s+(?P<votes>\d+)\s+(?P<rest>.*)")


class Member(NamedTuple):
    """A node of the nodelist; addresses: by the number of the link. name: "" where it has none."""

    name: str
    id: str
    addresses: dict[int, str]


class Link(NamedTuple):
    """A link to another node; is_connected: None where corosync does not tell."""

    node: str
    number: int
    address: str
    is_connected: bool | None


class Quorum(NamedTuple):
    """The votes: those expected, those there, those needed; flags as corosync names them.

    votes: by node ids; `0` is a quorum device.
    """

    is_quorate: bool
    expected: int
    total: int
    needed: int
    flags: tuple[str, ...]
    votes: dict[str, int]


class Corosync(NamedTuple):
    """The state of corosync on this node. quorum: None where no votes are counted."""

    cluster: str
    transport: str
    local: str
    members: tuple[Member, ...]
    joined: frozenset[str]
    links: tuple[Link, ...]
    quorum: Quorum | None


def configured(path: str = CONFIG) -> list[Member]:
    """The nodelist of a corosync.conf; none where there is no such file. Raises NotPermitted, CrmError."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return list(_nodelist(file))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except PermissionError:
        raise NotPermitted(f"not permitted: {path}") from None
    except OSError as error:
        raise CrmError(f"{path} cannot be read: {error.strerror}") from None


def is_here(member: Member) -> bool:
    """Whether one of a node's addresses is of this host."""
    return any(_is_own(address) for address in member.addresses.values())


def corosync() -> Corosync:
    """The state of corosync on this node.

    Raises Unreachable where it does not run, NotPermitted, TimedOut, CrmError where its tools are missing.
    """
    keys = _keys("totem.", "nodelist.", "runtime.votequorum.this_node_id", "runtime.members.", "runtime.totem.pg.mrp")
    members = tuple(_members(keys))
    position = keys.get("nodelist.local_node_pos", "")
    here = keys.get(f"nodelist.node.{position}.nodeid") or keys.get("runtime.votequorum.this_node_id", "")
    status = re.compile(r"runtime\.members\.(\d+)\.status")
    joined = frozenset(
        found[1] for key, value in keys.items() if (found := status.fullmatch(key)) and value == "joined"
    )
    # knet is what corosync 3 takes where nothing is said, and udp corosync 2, which has no such map
    transport = keys.get("totem.transport") or ("knet" if _has_stats() else "udp")
    return Corosync(
        keys.get("totem.cluster_name", ""),
        transport,
        here,
        members,
        joined,
        tuple(_links(members, here, joined, keys, transport)),
        _quorum(),
    )


# ---- links


def _links(
    members: Iterable[Member], here: str, joined: frozenset[str], keys: Mapping[str, str], transport: str
) -> Iterator[Link]:
    stats = _keys("stats.knet.node", map_="stats") if transport == "knet" else {}
    for member in members:
        for number, address in member.addresses.items() if member.id != here else ():
            if stats:
                said = stats.get(f"stats.knet.node{member.id}.link{number}.connected")
                is_connected = None if said is None else said == "1"
            else:
                # the rings of corosync 2 are faulty or not for all nodes at once
                faulty = keys.get(f"runtime.totem.pg.mrp.rrp.{number}.faulty") == "1"
                is_connected = member.id in joined and not faulty
            yield Link(member.id, number, address, is_connected)


def _members(keys: Mapping[str, str]) -> Iterator[Member]:
    nodes: dict[int, dict[str, str]] = {}
    for key, value in keys.items():
        if found := re.fullmatch(r"nodelist\.node\.(\d+)\.(\S+)", key):
            nodes.setdefault(int(found[1]), {})[found[2]] = value
    return (_member(nodes[position]) for position in sorted(nodes))


def _member(said: Mapping[str, str]) -> Member:
    rings = {int(found[1]): value for name, value in said.items() if (found := re.fullmatch(r"ring(\d+)_addr", name))}
    return Member(said.get("name", ""), said.get("nodeid", ""), dict(sorted(rings.items())))


def _is_own(address: str) -> bool:
    """Whether an address, or what a name stands for, is of this host: to itself it speaks from that address.

    Whether it can be bound to does not tell, where ip_nonlocal_bind is set.
    """
    try:
        for family, kind, protocol, _, where in socket.getaddrinfo(address, 9, type=socket.SOCK_DGRAM):
            with socket.socket(family, kind, protocol) as probe:
                probe.connect(where)
                if probe.getsockname()[0] == where[0]:
                    return True
    except OSError:
        pass
    return False


# ---- corosync's tools


def _has_stats() -> bool:
    return bool(_keys("stats.knet.", map_="stats"))


def _keys(*prefixes: str, map_: str = "icmap") -> dict[str, str]:
    """Keys of corosync's map with their values. Raises Unreachable, NotPermitted, TimedOut, CrmError."""
    # the usual map is not named: corosync 2 has no other one, and no option for it
    choice = [] if map_ == "icmap" else ["-m", map_]
    answer = run(["corosync-cmapctl", *choice, *prefixes], timeout=SECONDS)
    if answer.exit_code and map_ == "icmap":
        if "CS_ERR_ACCESS" in answer.error_text:
            raise NotPermitted("corosync does not let this user ask", hint="it takes root, or a uidgid for the user")
        if "CS_ERR_LIBRARY" in answer.error_text:
            raise Unreachable("corosync does not run on this node", hint="the cluster is started with pacemaker")
        # a key that is not there is an error too, and no reason to stop
    lines = (_KEY.fullmatch(line) for line in answer.output_text.splitlines())
    return {line["key"]: line["value"].strip() for line in lines if line}


def _quorum() -> Quorum | None:
    answer = run(["corosync-quorumtool", "-s"], timeout=SECONDS)
    return quorum_of(answer.output_text)


def quorum_of(text: str) -> Quorum | None:
    """The votes in what `corosync-quorumtool -s` prints; None where the cluster counts none."""
    head, _, table = text.partition("Membership information")
    pairs = (line.partition(":") for line in head.splitlines())
    said = {name.strip(): value.strip() for name, colon, value in pairs if colon}
    if "Total votes" not in said:
        return None
    rows = (_MEMBER.fullmatch(line) for line in table.splitlines())
    return Quorum(
        said.get("Quorate") == "Yes",
        _number(said.get("Expected votes")),
        _number(said.get("Total votes")),
        _number(said.get("Quorum")),
        tuple(said.get("Flags", "").split()),
        {row["id"]: int(row["votes"]) for row in rows if row},
    )


def _number(said: str | None) -> int:
    # `2 Activity blocked`
    found = re.match(r"\d+", said or "")
    return int(found[0]) if found else 0


def _nodelist(lines: Iterable[str]) -> Iterator[Member]:
    """The nodes of a corosync.conf: `nodelist { node { name: a ... } ... }`."""
    path: list[str] = []
    said: dict[str, str] = {}
    for line in lines:
        words = line.strip()
        if words.startswith("#") or not words:
            continue
        if words.endswith("{"):
            path.append(words[:-1].strip())
            said = {}
        elif words == "}":
            if path == ["nodelist", "node"]:
                yield _member(said)
            path = path[:-1]
        elif path == ["nodelist", "node"]:
            name, _, value = words.partition(":")
            said[name.strip()] = value.strip()
