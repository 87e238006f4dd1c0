"""Which nodes a command is for, what is done for each, and what is said of those where it failed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import CrmError, NotPermitted, TimedOut, Unreachable, UsageError
from crmsh_py.output import problem_data
from crmsh_py.problems import WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, TypeVar

    from crmsh_py.cluster.corosync import Member
    from crmsh_py.cluster.remote.connection import Connection
    from crmsh_py.cluster.remote.together import Turn
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

    T = TypeVar("T")

# what Pacemaker keeps when it does not run
CIB_FILE = "/var/lib/pacemaker/cib/cib.xml"
# exit codes that are told where all the nodes that failed did so for that one reason
ALIKE = tuple(error.exit_code for error in (Unreachable, TimedOut, NotPermitted))


class Chosen(NamedTuple):
    """The nodes a command is for, and which of all is this host; None where it is none of them."""

    names: tuple[str, ...]
    local: str | None

    @property
    def others(self) -> tuple[str, ...]:
        """Those that are reached by ssh."""
        return tuple(name for name in self.names if name != self.local)


def chosen(cx: Context, given: Sequence[str]) -> Chosen:
    """The given nodes, each once, or all members of the cluster.

    Names come from the running cluster, else from corosync.conf, else from the CIB that Pacemaker left. Raises
    NoSuchObject, with the names that are spelt nearly so; Unreachable where there is no cluster.
    """
    from crmsh_py.command.known import no_such

    members, others, local = _running(cx) or _configured()
    for name in given:
        if name not in members and name not in others:
            raise no_such("node", name, [*members, *others])
    return Chosen(tuple(dict.fromkeys(given)) or tuple(members), local)


def _running(cx: Context) -> tuple[list[str], list[str], str | None] | None:
    """Members, remote and guest nodes, and the local node of the running cluster; None where it does not answer."""
    from crmsh_py.cluster.asking import LIVE, local_node
    from crmsh_py.cluster.state import state

    try:
        nodes = state(LIVE).nodes
        local = local_node()
    except TimedOut as error:
        # a cluster that hangs is where commands on its nodes are needed
        cx.warn(Problem(WARNING, TimedOut.code, f"{error}: its nodes are those of its configuration"))
        return None
    except CrmError:
        return None
    members = [node.name for node in nodes if node.type == "member"]
    return members, [node.name for node in nodes if node.type != "member"], local


def _configured() -> tuple[list[str], list[str], str | None]:
    """The same, as far as files tell it. Raises Unreachable where they do not."""
    from crmsh_py.cluster.corosync import configured, is_here

    host = os.uname().nodename
    members = {_called(member, host): is_here(member) for member in configured()}
    if members:
        here = (name for name, is_own in members.items() if is_own)
        return list(members), [], host if host in members else next(here, None)
    names = list(_left())
    if not names:
        raise Unreachable(
            "no cluster runs on this host, and none is configured", hint="neither corosync.conf nor a CIB names nodes"
        )
    return names, [], host if host in names else None


def _called(member: Member, host: str) -> str:
    """The name of a node of corosync.conf: who has none is called as the host is, which other nodes do not know."""
    from crmsh_py.cluster.corosync import is_here

    return member.name or (host if is_here(member) else next(iter(member.addresses.values()), member.id))


def _left() -> Iterator[str]:
    from xml.etree import ElementTree as ET  # heavy

    try:
        root = ET.parse(CIB_FILE).getroot()  # noqa: S314 - Pacemaker's own
    except (OSError, ET.ParseError):
        return
    yield from (el.get("uname", "") for el in root.iterfind("configuration/nodes/node") if el.get("uname"))


# ---- work on each


def seconds(cx: Context, given: str | None) -> float:
    """What may be taken for a node: the value of --timeout, else of core.ssh_timeout. Raises UsageError."""
    from crmsh_py.command.remote import ssh_timeout
    from crmsh_py.config import check

    if given is None:
        return ssh_timeout(cx)
    if wrong := check("core.ssh_timeout", given):
        raise UsageError(wrong.replace("core.ssh_timeout", "--timeout"))
    return float(given)


def on_each(
    cx: Context,
    nodes: Chosen,
    timeout: float,
    there: Callable[[Connection], T],
    here: Callable[[Turn], T] | None = None,
) -> dict[str, T | CrmError]:
    """Do something on all nodes at once: `here` on the local one, `there` on the others; what came of it, in order."""
    from crmsh_py.command import remote

    return remote.on_each(cx, nodes.names if here else nodes.others, timeout, there, here, nodes.local)


# ---- what is said


def exit_code(codes: Iterable[int]) -> int:
    """The exit code for those of the nodes: 0 where all are, the common one where it tells why, else 1."""
    failed = {code for code in codes if code}
    return failed.pop() if len(failed) == 1 and failed <= set(ALIKE) else int(bool(failed))


def failure_data(error: CrmError | None) -> dict[str, Any] | None:
    """An error as JSON shows it: the first of its problems."""
    if error is None:
        return None
    said = problem_data(error.problems[0])
    return {name: said[name] for name in ("code", "text", "hint")}


def failure_fragments(error: CrmError) -> Iterator[Fragment]:
    """An error as people read it, below the name of its node."""
    for problem in error.problems:
        yield "error", "ERROR:"
        yield "", f" {problem.text}\n"
        if problem.hint:
            yield "hint", f"  hint: {problem.hint}\n"
