"""Nodes fenced, or declared to be down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import Cancelled, CrmError, Refused
from crmsh_py.levels.node.level import level
from crmsh_py.output import Record
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crmsh_py.cluster.state import FenceEvent, Node, State
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

_SECONDS = 120
_WHEN_OFF = "`node clearstate {}` is for a node that is known to be off"


@level.command("fence <nodes:node>... [(reboot|off)] [--timeout <seconds>]", live=True, destructive=True)
def fence(
    cx: Context, nodes: Sequence[str], reboot: bool = False, off: bool = False, seconds: str | None = None
) -> None:
    """Fence nodes: they are cut off at once, by a fencing device, and rebooted or switched off.

    What ran there is started elsewhere when that has succeeded. Without `reboot` or `off` it is done as the property
    stonith-action says, which is reboot usually. At a terminal the command asks first; `-F`, scripts and pipes are not
    asked. It fails where no device can fence a node, before anything is done, and after 120 s or --timeout. They are
    fenced one after the other, this host last.

    Examples:
        fence beta
        fence beta off
        fence beta --timeout 60
    """
    from crmsh_py.cluster import fencing  # heavy
    from crmsh_py.cluster.asking import local_node
    from crmsh_py.cluster.state import state
    from crmsh_py.command import known

    found = state(cx.tools)
    each = known.nodes(found, list(dict.fromkeys(nodes)))
    _refuse_without_device(each)
    action = "off" if off else "reboot" if reboot else _usual_action(cx)
    names = listed(node.name for node in each)
    does = {"off": "Switch off", "reboot": "Reboot"}[action]
    _confirm(cx, f"{does} {names} at once, by fencing{_about(found, each)}?")
    for node in _this_one_last(each, local_node() if len(each) > 1 else ""):
        cx.progress(f"fencing {node.name}")
        try:
            fencing.fence(node.name, action, int(seconds or _SECONDS))
        finally:
            cx.progress("")
        cx.note(f"{node.name} was fenced{_by_whom(cx, node.name, found.fencing)}: {action}")


@level.command("clearstate <node>", live=True, destructive=True)
def clearstate(cx: Context, node: str) -> None:
    """Tell the cluster that a node is safely down, where it could not be fenced.

    The cluster starts what ran there on other nodes. If the node runs after all, its resources run twice, and data is
    destroyed: make sure with your own eyes that it is off, or cut off from all storage. The command asks at the
    terminal; elsewhere it wants `-F`. A node that is online, or joins, is refused.

    Examples:
        clearstate beta
    """
    from crmsh_py.cluster import fencing  # heavy
    from crmsh_py.cluster.state import state
    from crmsh_py.command import known

    def refuse_online() -> None:
        (found,) = known.nodes(state(cx.tools), [node])
        if found.online or found.pending:
            raise Refused(f"{node} is online, and not down", hint=f"`node fence {node}` makes it so")

    refuse_online()
    question = f"If {node} runs after all, data is destroyed. Is it off, or cut off from all storage, for certain?"
    if not cx.ask(question):
        raise Refused(
            f"nobody has confirmed that {node} is down; nothing was done", hint="where you know it is, use -F"
        )
    # it may have joined while the user was thinking
    refuse_online()
    fencing.confirm_off(node)
    cx.note(f"the cluster takes {node} for safely down")


@level.command("fence-history [<node>] [--cleanup]", live=True)
def fence_history(cx: Context, node: str | None = None, cleanup: bool = False) -> Record | None:
    """Show when nodes were fenced, why, by which node, and whether it succeeded; the latest first.

    With --cleanup the cluster forgets it, of one node or all.

    Examples:
        fence-history
        fence-history beta
        fence-history beta --cleanup
    """
    from crmsh_py.cluster.fencing import forget_history  # heavy
    from crmsh_py.cluster.state import state
    from crmsh_py.command.known import no_such

    found = state(cx.tools)
    names = {*(one.name for one in found.nodes), *(one.target for one in found.fencing)}
    if node is not None and node not in names:
        raise no_such("node", node, names)
    if cleanup:
        forget_history(node)
        return None
    events = [one for one in found.fencing if node in (None, one.target)]
    return Record("node.fence-history", lambda: [one._asdict() for one in events], lambda: _events(events))


def _refuse_without_device(nodes: Iterable[Node]) -> None:
    from crmsh_py.cluster import fencing  # heavy

    for node in nodes:
        if node.container is not None:
            text = f"{node.name} is a guest, which no fencing device knows: {node.container} makes it"
            raise Refused(text, hint=f"`resource restart {node.container}`")
        if not fencing.devices(node.name):
            text = f"no fencing device can fence {node.name}; nothing was done"
            raise Refused(text, hint=_WHEN_OFF.format(node.name))


def _this_one_last(nodes: Iterable[Node], local: str) -> list[Node]:
    """The nodes, where this host is one of them, that last: nobody is there to go on when it is fenced."""
    return sorted(nodes, key=lambda node: node.name == local)


def _usual_action(cx: Context) -> str:
    from crmsh_py.cib.properties import property_value  # heavy

    found = property_value(cx.session.draft, "stonith-action")
    return "off" if found is not None and found.value in ("off", "poweroff") else "reboot"


def _about(found: State, nodes: Iterable[Node]) -> str:
    """What is to be thought of before."""
    nodes = list(nodes)
    running = sum(node.resources_running for node in nodes)
    said = [f"; {running} resource{'s' * (running != 1)} running there" if running else ""]
    left = [node for node in found.nodes if node.type == "member" and node.online and node not in nodes]
    return "".join(said) + ("" if left else "; no other node is online")


def _confirm(cx: Context, question: str) -> None:
    """Ask, where somebody is there: who scripts it has decided. Raises Refused."""
    if cx.options.is_no:
        raise Refused("nothing was done: -n answers no")
    if cx.options.force:
        return
    if cx.can_ask() and cx.choose(f"{question} (yes/no)", ("yes", "no")) != "yes":
        raise Refused("nothing was done")


def _by_whom(cx: Context, name: str, before: Iterable[FenceEvent]) -> str:
    """The node that has fenced another one just now, in words; "" where that cannot be known."""
    from crmsh_py.cluster.state import state  # heavy

    try:
        events = state(cx.tools).fencing
    except Cancelled:
        raise
    except CrmError:  # the cluster may elect a new controller
        return ""
    new = (one for one in events if one.target == name and one.status == "success" and one not in before)
    return next((f" by {one.delegate}" for one in new if one.delegate), "")


def _events(events: list[FenceEvent]) -> Iterator[Fragment]:
    for one in events:
        style = {"failed": "error", "pending": "warning"}.get(one.status, "")
        yield from [("", f"{one.completed or 'now'}: {one.action} of "), ("name", one.target), ("", " ")]
        yield style, {"success": "succeeded"}.get(one.status, one.status)
        yield "", f", by {one.delegate}" if one.delegate else ""
        yield "", f", for {one.client}@{one.origin}"
        yield "comment", f" ({one.reason})" if one.reason else ""
        yield "", "\n"
    if not events:
        yield "", "no fencing\n"
