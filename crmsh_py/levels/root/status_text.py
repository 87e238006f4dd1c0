"""The state of the cluster as people read it: in the words of crm_mon, without a line for what is as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.root.status_resources import lines as resource_lines
from crmsh_py.output import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cluster.state import Failure, FenceEvent, Node, State, Summary
    from crmsh_py.output import Fragment

    Line = list[Fragment]

_PREFIXES = {"remote": "Remote", "guest": "Guest"}
_ORDER = ("", "Remote", "Guest")
# constraints whose ids begin so were made by a command, and stay until another one removes them
_OF_COMMANDS = "cli-"
_WITHOUT_QUORUM = {
    "stop": "the cluster stops all resources",
    "freeze": "the cluster leaves what runs as it is, and recovers nothing from the nodes outside",
    "ignore": "the cluster goes on as if it had it",
    "demote": "the cluster demotes what is promoted, and stops all other resources",
    "fence": "the cluster fences the nodes of this partition",
    "suicide": "the cluster fences the nodes of this partition",
}


def fragments(state: State) -> Iterator[Fragment]:
    """The state in sections, each with its heading; those that have nothing to say are left out."""
    sections = {
        "Cluster Summary": [*_summary(state.summary), *_warnings(state.summary)],
        "Node List": list(_nodes(state.nodes, state.summary.mixed_version)) or [[("", "* No nodes")]],
        "Full List of Resources": list(resource_lines(state)) or [[("", "* No resources")]],
        "Failed Resource Actions": [_failure(failure) for failure in state.failures],
        "Failed Fencing Actions": [_fencing(event) for event in state.fencing if event.status == "failed"],
        "Pending Fencing Actions": [_fencing(event) for event in state.fencing if event.status == "pending"],
        "Tickets": list(_tickets(state)),
        "Negative Location Constraints": list(_bans(state)),
    }
    separator = ""
    for heading, lines in sections.items():
        if lines:
            yield "", separator
            yield "heading", f"{heading}:"
            yield "", "\n"
            for line in lines:
                yield from _printed(line)
            separator = "\n"


def _printed(line: Line) -> Iterator[Fragment]:
    """A line whose names cannot break it into several."""
    yield "", "  "
    for style, text in line:
        yield style, safe(text, "\t")
    yield "", "\n"


# ---- the cluster


def _summary(summary: Summary) -> Iterator[Line]:
    yield [("", f"* Stack: {summary.stack}")]
    yield _dc(summary)
    yield [("", f"* Last updated: {summary.last_update}")]
    if summary.last_change:
        author = [
            f" {word} {said}"
            for word, said in (
                ("by", summary.last_change_user),
                ("via", summary.last_change_client),
                ("on", summary.last_change_origin),
            )
            if said
        ]
        yield [("", f"* Last change:  {summary.last_change}{''.join(author)}")]
    yield [("", f"* {_count(summary.nodes, 'node')} configured")]
    stopped = [f"{summary.disabled} DISABLED"] if summary.disabled else []
    stopped += [f"{summary.blocked} BLOCKED from further action due to failure"] if summary.blocked else []
    yield [
        ("", f"* {_count(summary.resources, 'resource instance')} configured"),
        ("error" if summary.blocked else "warning", f" ({', '.join(stopped)})" if stopped else ""),
    ]


def _dc(summary: Summary) -> Line:
    if summary.dc is None:
        return [("", "* Current DC: "), ("error", "NONE")]
    return [
        ("", "* Current DC: "),
        ("name", summary.dc),
        ("", f" (version {summary.dc_version or 'unknown'}) - "),
        ("warning", "MIXED-VERSION " if summary.mixed_version else ""),
        ("", "partition "),
        ("", "with quorum") if summary.has_quorum else ("error", "WITHOUT quorum"),
    ]


def _warnings(summary: Summary) -> Iterator[Line]:
    options = summary.options
    if summary.pacemakerd not in (None, "running", "remote"):
        yield [("warning", f"* Pacemaker on this node: {summary.pacemakerd}")]
    if summary.has_quorum is False:
        policy = options.no_quorum_policy
        said = f": {_WITHOUT_QUORUM[policy]}" if policy in _WITHOUT_QUORUM else ""
        yield [("error", f"* NO QUORUM{said} (no-quorum-policy={policy})")]
    if options.maintenance_mode:
        yield [("warning", "* MAINTENANCE MODE: the cluster will not attempt to start, stop or recover services")]
    if options.stop_all_resources:
        yield [("warning", "* STOP ALL RESOURCES: the cluster will keep all resources stopped")]
    if not options.stonith_enabled:
        yield [("warning", "* Fencing is DISABLED: what nodes share is not protected from a node that is lost")]


# ---- nodes


def _nodes(nodes: Iterable[Node], is_mixed: bool) -> Iterator[Line]:
    """Nodes of which there is something to say have a line each; the others share one, by what they are."""
    together: dict[tuple[str, bool], list[str]] = {}
    for node in nodes:
        prefix = _PREFIXES.get(node.type, "")
        state = _state(node, is_mixed)
        if state:
            yield [("", f"* {prefix}Node "), ("name", node.name), ("", ": "), (_style(node), state)]
        else:
            together.setdefault((prefix, node.online), []).append(node.name)
    for prefix, is_online in ((prefix, is_online) for prefix in _ORDER for is_online in (True, False)):
        names = together.get((prefix, is_online))
        if names:
            style = "" if is_online else "error"
            yield [(style, f"* {prefix}{'Online' if is_online else 'OFFLINE'}"), ("", f": [ {' '.join(names)} ]")]


def _state(node: Node, is_mixed: bool) -> str:
    """What there is to say of a node beyond whether it is online, or "". is_mixed: feature sets are worth saying."""
    is_up = "pending" if node.pending else "online" if node.online else "offline"
    active = " (with active resources)" if node.online and node.resources_running else ""
    states = {
        f"UNCLEAN ({is_up})": node.unclean,
        "pending": node.pending and not node.unclean,
        "standby (on-fail)": node.standby_onfail,
        f"standby{active}": node.standby and not node.standby_onfail,
        "maintenance": node.maintenance,
        "shutting down": node.shutdown and node.online,
    }
    traits = {
        f"health is {node.health.upper()}": node.health in ("yellow", "red"),
        f"feature set {node.feature_set}": is_mixed and bool(node.feature_set),
    }
    said = [words for words, is_so in states.items() if is_so]
    more = [words for words, is_so in traits.items() if is_so]
    if is_up == "offline" and not node.unclean:
        return f"OFFLINE ({', '.join(said + more)})" if said or more else ""
    if said or not more:
        return ", ".join(said + more)
    return f"online ({', '.join(more)})"


def _style(node: Node) -> str:
    return "error" if node.unclean or node.health == "red" or not (node.online or node.pending) else "warning"


# ---- what happened


def _failure(failure: Failure) -> Line:
    is_probe = failure.task == "monitor" and not failure.interval_ms
    task = "probe" if is_probe else failure.task
    interval = f"{_interval(failure.interval_ms)}-interval " if failure.interval_ms else ""
    if failure.status == "complete":
        outcome = f"returned '{failure.exit_status}'" + (f" ({failure.reason})" if failure.reason else "")
    else:
        reason = f": {failure.reason}" if failure.reason else ""
        outcome = f"could not be executed ({failure.status}{reason})"
    when = f" at {failure.last_change}" if failure.last_change else ""
    after = f" after {_duration(failure.exec_ms)}" if failure.exec_ms else ""
    return [
        ("", "* "),
        ("id", failure.resource),
        ("", f" {interval}{task} on "),
        ("name", failure.node),
        ("error", f" {outcome}"),
        ("", f"{when}{after}"),
    ]


def _fencing(event: FenceEvent) -> Line:
    reason = f" ({event.reason})" if event.reason else ""
    about = {"delegate": event.delegate, "client": event.client, "origin": event.origin, "completed": event.completed}
    said = ", ".join(f"{name}={value}" for name, value in about.items() if value)
    return [
        ("", f"* {event.action} of "),
        ("name", event.target),
        ("error" if event.status == "failed" else "warning", f" {event.status}{reason}"),
        ("", f": {said}" if said else ""),
    ]


def _tickets(state: State) -> Iterator[Line]:
    for ticket in state.tickets:
        if ticket.status != "granted" or ticket.standby:
            last = f" (last granted {ticket.last_granted})" if ticket.last_granted else ""
            standby = ", standby" if ticket.standby else ""
            yield [("", "* "), ("ticket", ticket.id), ("", ": "), ("warning", ticket.status + standby), ("", last)]


def _bans(state: State) -> Iterator[Line]:
    for ban in state.bans:
        if ban.id.startswith(_OF_COMMANDS):
            role = "being promoted" if ban.promoted_only else "running"
            yield [("", f"* {ban.id} prevents "), ("id", ban.resource), ("", f" from {role} on "), ("name", ban.node)]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _interval(ms: int) -> str:
    return f"{ms}ms" if ms % 1000 else f"{ms // 1000}s"


def _duration(ms: int) -> str:
    """Milliseconds in larger units: 18ms, 10s, 2m59.014s, 1h."""
    if ms < 1000:
        return f"{ms}ms"
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{rest:03}" if rest else ""
    parts = ((hours, f"{hours}h"), (minutes, f"{minutes}m"), (seconds or rest, f"{seconds}{fraction}s"))
    return "".join(text for number, text in parts if number)
