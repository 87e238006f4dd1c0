"""A command on several nodes at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crmsh_py.errors import Cancelled, CrmError, NoSuchObject, NotPermitted, TimedOut, UsageError
from crmsh_py.levels.cluster import nodes
from crmsh_py.levels.cluster.level import level
from crmsh_py.masks import masked_line
from crmsh_py.output import Record
from crmsh_py.run import stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from crmsh_py.cluster.remote.ran import Kept, Ran
    from crmsh_py.cluster.remote.together import Turn
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment


@level.command("run <cmd:program> [<node>...] [--timeout <seconds:number>]", live=True)
def run(cx: Context, cmd: str, node: Sequence[str] = (), seconds: str | None = None) -> Record:
    """Run a command on the nodes of the cluster, on all at once, and show what each says.

    Without names it runs on all members of the cluster, this node included. It runs as root: as the user that
    `core.hosts` or ~/.ssh/config names for the node, and where that is not root, with `sudo -n`. Each node has the
    seconds of --timeout, else of `core.ssh_timeout`, from the connection to the end of the command; a command that is
    given up may go on running there.

    The command is read by the user's shell on other nodes, and by /bin/sh on this one: pipes and variables work, in
    quotes that keep them from the shell in which `crm` was started.

    The exit code is 0 where the command ended with 0 on all nodes; 7, 8 or 9 where it could not be run and that was
    everywhere because the node is not reachable, does not permit it, or did not end in time; else 1. Of what a node
    writes, 4 MB are kept.

    Examples:
        run "uname -r"
        run "ls /etc/corosync | wc -l" alpha
        run "cat /etc/hosts" --timeout 10
    """
    if not cmd.strip():
        raise UsageError("a command is expected, this one is empty")
    found = _chosen(cx, cmd, node)
    limit = nodes.seconds(cx, seconds)
    said = nodes.on_each(cx, found, limit, lambda connection: connection.run(cmd), lambda turn: _here(cmd, turn))
    return _record(cmd, {name: _ran(answer) for name, answer in said.items()})


def _chosen(cx: Context, cmd: str, node: Sequence[str]) -> nodes.Chosen:
    """The nodes that a command is for. Raises what `nodes.chosen` does."""
    try:
        return nodes.chosen(cx, node)
    except NoSuchObject as error:
        if len(cmd.split()) > 1:
            raise
        # the second word of a command without quotes was taken for a node
        problem = error.problems[0]
        hints = ['a command of several words is quoted: `cluster run "uname -r"`', problem.hint]
        raise NoSuchObject(problems=[problem._replace(hint="; ".join(filter(None, hints)))]) from None


def _here(cmd: str, turn: Turn) -> Ran:
    """Run a command on this node, as root. Raises NotPermitted where sudo asks for a password; TimedOut, CrmError."""
    from crmsh_py.cluster.remote.ran import Kept, Ran

    turn.stage = "while the command ran"
    # the text is the user's own, as on the other nodes
    argv = ["/bin/sh", "-c", "--", cmd]
    if os.geteuid():
        why = Kept()
        if _start(["sudo", "-n", "true"], turn, Kept(), why):
            said = _text(why.data).strip().removeprefix("sudo: ")
            raise NotPermitted(f"this user may not use sudo without a password on {turn.node}: {said}")
        argv = ["sudo", "-n", "--", *argv]
    out, err = Kept(), Kept()
    code = _start(argv, turn, out, err)
    return Ran(None if code < 0 else code, bytes(out.data), bytes(err.data), out.dropped, err.dropped)


def _start(argv: Sequence[str], turn: Turn, out: Kept, err: Kept) -> int:
    def go_on(_: float) -> None:
        if turn.is_over:
            raise Cancelled("broken off")

    # as on the other nodes, messages are in the language that is set
    environ = {name: os.environ.get(name) for name in ("LC_ALL", "LANGUAGE")}
    try:
        return stream(argv, out.add, err.add, timeout=turn.remaining(), environ=environ, every_second=go_on)
    except TimedOut:
        raise turn.timed_out() from None


def _ran(answer: Ran | CrmError) -> Ran:
    from crmsh_py.cluster.remote.ran import Ran

    return Ran(None, b"", b"", error=answer) if isinstance(answer, CrmError) else answer


def _record(cmd: str, said: Mapping[str, Ran]) -> Record:
    codes = (_code(ran) for ran in said.values())
    return Record(
        "cluster.run",
        lambda: {"command": masked_line(cmd), "nodes": [_data(node, ran) for node, ran in said.items()]},
        lambda: (fragment for node, ran in said.items() for fragment in _fragments(node, ran)),
        exit_code=nodes.exit_code(codes),
    )


def _code(ran: Ran) -> int:
    """The exit code for one node: that of the command says only that it failed."""
    return ran.error.exit_code if ran.error else int(ran.exit_code != 0)


def _data(node: str, ran: Ran) -> dict[str, Any]:
    return {
        "node": node,
        "exit_code": ran.exit_code,
        "stdout": _text(ran.stdout),
        "stderr": _text(ran.stderr),
        "stdout_dropped": ran.stdout_dropped,
        "stderr_dropped": ran.stderr_dropped,
        "error": nodes.failure_data(ran.error),
    }


def _fragments(node: str, ran: Ran) -> Iterator[Fragment]:
    yield "heading", node
    if ran.error is None:
        ended = "ended by a signal" if ran.exit_code is None else f"exit code {ran.exit_code}"
        yield "" if ran.exit_code == 0 else "error", f": {ended}"
    yield "", "\n"
    yield from _stream(ran.stdout, ran.stdout_dropped, "")
    yield from _stream(ran.stderr, ran.stderr_dropped, "stderr:\n")
    if ran.error:
        yield from nodes.failure_fragments(ran.error)


def _stream(said: bytes, dropped: int, title: str) -> Iterator[Fragment]:
    if not said:
        return
    text = _text(said)
    yield "hint", title
    yield "", text if text.endswith("\n") else text + "\n"
    if dropped:
        yield "hint", f"({dropped} bytes more are not shown)\n"


def _text(said: bytes | bytearray) -> str:
    """What was written as text; bytes that are not UTF-8 show as \\xNN."""
    return said.decode("utf-8", "backslashreplace")
