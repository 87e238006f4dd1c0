"""Nodes are fenced, by Pacemaker's fencer."""

from __future__ import annotations

from crmsh_py.cluster.asking import DISCONNECTED, LIVE, NOT_PERMITTED, TIMED_OUT, ask, ask_xml, failure, reason
from crmsh_py.errors import CrmError, TimedOut, Unreachable
from crmsh_py.run import run

# the fencer ends what takes longer than it was told; so much longer its tool may take to say so
MARGIN_SECONDS = 15.0
SECONDS = 60.0
_HINT = "`node fence-history` shows what was tried; `node clearstate` is for a node that is known to be off"


def devices(node: str) -> list[str]:
    """The fencing devices that say they can fence a node. Raises what `asking.ask` does."""
    root = ask_xml("stonith_admin", f"--list={node}", f"--timeout={SECONDS:.0f}", seconds=SECONDS + MARGIN_SECONDS)
    return [el.text or "" for el in root.iter("item")]


def fence(node: str, action: str, seconds: int) -> None:
    """Fence a node and wait until that is done; action: reboot or off; seconds: how long it may take.

    Raises TimedOut, NotPermitted, Unreachable; CrmError where it failed.
    """
    option = {"reboot": "--reboot", "off": "--fence"}[action]
    argv = ["stonith_admin", "--output-as=xml", f"{option}={node}", f"--timeout={seconds}"]
    answer = run(argv, timeout=seconds + MARGIN_SECONDS, environ=LIVE)
    if answer.exit_code == 0:
        return
    if answer.exit_code in NOT_PERMITTED:
        raise failure(answer)
    if answer.exit_code == DISCONNECTED:
        raise Unreachable(f"{node} was not fenced: the cluster does not run on this node, or does not answer")
    why = reason(answer).rpartition(": ")[2] or f"exit code {answer.exit_code}"
    if answer.exit_code == TIMED_OUT:
        raise TimedOut(f"{node} was not fenced within {seconds} s: {why}", hint=_HINT)
    raise CrmError(f"{node} was not fenced: {why}", hint=_HINT)


def confirm_off(node: str) -> None:
    """Tell the cluster that a node is safely down. Raises what `asking.ask` does."""
    ask_xml("stonith_admin", f"--confirm={node}", seconds=SECONDS)


def forget_history(node: str | None) -> None:
    """Make all fencers forget the fencing of a node, or of all nodes. Raises what `asking.ask` does."""
    # its XML says nothing of a failure
    ask("stonith_admin", f"--history={node or '*'}", "--cleanup", seconds=SECONDS)
