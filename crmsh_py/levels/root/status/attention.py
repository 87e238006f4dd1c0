"""What needs attention: all that is wrong or unusual, what is worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.state import OF_COMMANDS, base_id, primitives, stopped
from crmsh_py.levels.root.status import events, nodes
from crmsh_py.levels.root.status.lines import GAP, indented

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cluster.state import Move, Node, Primitive, State
    from crmsh_py.levels.root.status.lines import Line

_WITHOUT_QUORUM = {
    "stop": "the cluster stops all resources",
    "freeze": "the cluster leaves what runs as it is, and recovers nothing from the nodes outside",
    "ignore": "the cluster goes on as if it had it",
    "demote": "the cluster demotes what is promoted, and stops all other resources",
    "fence": "the cluster fences the nodes of this partition",
    "suicide": "the cluster fences the nodes of this partition",
}


class Item(NamedTuple):
    """Something that is wrong: a line, what it has to list, and what to do about it. style: error or warning."""

    style: str
    line: Line
    below: tuple[Line, ...] = ()
    hint: Line | None = None


def lines(state: State, moves: Iterable[Move] = ()) -> Iterator[Line]:
    """All items, with what they list below them."""
    for item in items(state, moves):
        yield [("", "* "), *item.line]
        yield from indented([*item.below, *([item.hint] if item.hint else [])])


def items(state: State, moves: Iterable[Move] = ()) -> list[Item]:
    """What is wrong; errors before warnings, else the cluster before its nodes, and these before resources."""
    unknown = _words("warning", "NO STATE: of nodes and resources nothing is known")
    nodes, resources = (_nodes(state), _resources(state)) if is_known(state) else ([unknown], ())
    found = [
        *_cluster(state),
        *nodes,
        *_fencing(state),
        *resources,
        *_failures(state),
        *_tickets(state),
        *_left_over(state, moves),
    ]
    return sorted(found, key=lambda item: item.style != "error")


def is_known(state: State) -> bool:
    """Whether there is a state at all, as a file that is only a configuration has none."""
    summary = state.summary
    return summary.dc is not None or summary.pacemakerd is not None or any(node.online for node in state.nodes)


def _words(style: str, text: str) -> Item:
    return Item(style, [(style, text)])


# ---- the cluster


def _cluster(state: State) -> Iterator[Item]:
    summary = state.summary
    options = summary.options
    if summary.pacemakerd not in (None, "running", "remote"):
        yield _words("warning", f"Pacemaker on this node: {summary.pacemakerd}")
    if summary.dc is None and summary.pacemakerd is not None:
        yield _words("error", "NO DC: no controller is elected, and nothing is started, stopped or recovered")
    if summary.has_quorum is False:
        policy = options.no_quorum_policy
        said = f": {_WITHOUT_QUORUM[policy]}" if policy in _WITHOUT_QUORUM else ""
        yield _words("error", f"NO QUORUM{said} (no-quorum-policy={policy})")
    if options.maintenance_mode:
        yield _words("warning", "MAINTENANCE MODE: the cluster will not attempt to start, stop or recover services")
    if options.stop_all_resources:
        yield _words("warning", "STOP ALL RESOURCES: the cluster will keep all resources stopped")
    if summary.mixed_version:
        yield _words("warning", "MIXED-VERSION: the nodes run different versions of Pacemaker")


def _fencing(state: State) -> Iterator[Item]:
    away = {node.name for node in state.nodes if not node.online}
    for status, style, heading in (("failed", "error", "Failed"), ("pending", "warning", "Pending")):
        found = tuple(events.fencing(event) for event in state.fencing if event.status == status)
        if found:
            yield Item(style, [(style, f"{heading} Fencing Actions"), ("", ":")], found)
    done = [one for one in state.fencing if one.status == "success" and one.target in away and one.action != "on"]
    if done:
        yield Item("warning", [("warning", "Fenced"), ("", ":")], tuple(events.fencing(event) for event in done))
    if not state.summary.options.stonith_enabled:
        yield _words("warning", "Fencing is DISABLED: what nodes share is not protected from a node that is lost")
    elif state.resources and not any(one.is_fence_device for one in primitives(state.resources)):
        yield _words("warning", "NO FENCING DEVICE is configured: unless a watchdog fences (SBD), nothing is started")


# ---- nodes


def _nodes(state: State) -> Iterator[Item]:
    """Nodes that are not simply online, together where the same is to be said of them."""
    idle = {one.id for one in primitives(state.resources) if one.disabled}
    together: dict[tuple[str, str], list[str]] = {}
    for node in state.nodes:
        said = nodes.condition(node, with_version=False) or ("" if node.online else "OFFLINE")
        is_meant = node.container in idle and not node.unclean
        if said and not is_meant:
            together.setdefault((_severity(node), said), []).append(node.name)
    for (style, said), names in together.items():
        word = "Node" if len(names) == 1 else "Nodes"
        yield Item(style, [("", word), *_names(names), ("", ": "), (style, said)])


def _severity(node: Node) -> str:
    # who is offline and not unclean has left in order, or was fenced
    return "warning" if not (node.online or node.unclean or node.health == "red") else nodes.style(node)


def _names(names: Iterable[str], style: str = "name") -> Line:
    line: Line = []
    for name in names:
        line += [("", ",")] if line else []
        line += [GAP, (style, name)]
    return line


# ---- resources


def _resources(state: State) -> Iterator[Item]:
    found = [one for one in primitives(state.resources) if not (one.orphaned and not one.active)]
    several = [one for one in found if len(one.nodes) > 1 and one.role in ("Started", "Promoted", "Unpromoted")]
    yield from _listed("error", "FAILED", [one for one in found if one.failed and not one.failure_ignored])
    yield from _listed("error", "Blocked from further action", [one for one in found if one.blocked])
    yield from _listed("error", "Active on several nodes", several)
    yield from _listed("error", "Stopped, and should run", list(stopped(state)))
    yield from _listed("warning", "Failure ignored", [one for one in found if one.failure_ignored])
    yield from _listed("warning", "Orphaned: active and no longer configured", [one for one in found if one.orphaned])
    yield from _left_alone(state, found)


def _left_alone(state: State, found: Iterable[Primitive]) -> Iterator[Item]:
    """What is not managed, where neither the whole cluster nor a node is the reason."""
    if state.summary.options.maintenance_mode:
        return
    away = {node.name for node in state.nodes if node.maintenance}
    alone = [
        one for one in found if not (one.blocked or one.orphaned) and not (one.nodes and away.issuperset(one.nodes))
    ]
    yield from _listed("warning", "Resources in maintenance", [one for one in alone if one.maintenance])
    unmanaged = [one for one in alone if not (one.managed or one.maintenance)]
    yield from _listed("warning", "Unmanaged resources", unmanaged)


def _listed(style: str, what: str, found: list[Primitive]) -> Iterator[Item]:
    """One line for all of which the same is to be said; an instance of a clone with its node, where it has one."""
    if found:
        names = dict.fromkeys(f"{base_id(one.id)}{_place(one)}" for one in found)
        yield Item(style, [(style, what), ("", ":"), *_names(names, "id")])


def _place(one: Primitive) -> str:
    return f" ({' '.join(one.nodes)})" if one.nodes else ""


# ---- what happened, and what was left behind


def _failures(state: State) -> Iterator[Item]:
    failed = tuple(events.failure(one) for one in state.failures)
    if failed:
        yield Item("error", [("error", "Failed Resource Actions"), ("", ":")], failed)
    counted = [one for one in state.history if one.fail_count]
    if counted:
        style = "error" if any(one.has_reached for one in counted) else "warning"
        yield Item(style, [(style, "Fail Counts"), ("", ":")], tuple(events.fail_count(one) for one in counted))


def _tickets(state: State) -> Iterator[Item]:
    found = tuple(events.ticket(one) for one in state.tickets if one.status != "granted" or one.standby)
    if found:
        yield Item("warning", [("warning", "Tickets"), ("", ":")], found)


def _left_over(state: State, moves: Iterable[Move]) -> Iterator[Item]:
    """Constraints that moving resources made, and that stay until somebody removes them."""
    bans, left = [one for one in state.bans if one.id.startswith(OF_COMMANDS)], list(moves)
    hint = _how_to_clear([one.resource for one in bans] + [one.resource for one in left])
    if bans:
        line: Line = [("warning", "Negative Location Constraints"), ("", " of commands:")]
        yield Item("warning", line, tuple(map(events.ban, bans)), None if left else hint)
    if left:
        line = [("warning", "Moves"), ("", " that are still in force:")]
        yield Item("warning", line, tuple(map(events.move, left)), hint)


def _how_to_clear(resources: list[str]) -> Line:
    """The command that removes what was left behind; of several resources, for the first of them."""
    first = resources[:1]
    what = ["it"] if len(resources) == 1 else ["them"] if len(set(resources)) == 1 else ["those", "of", *first]
    line: Line = [("", "`crm resource clear "), *(("id", name) for name in first), ("", "`")]
    return [*line, *(part for word in ("removes", *what) for part in (GAP, ("", word)))]
