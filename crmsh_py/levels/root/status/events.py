"""What happened, a line each: failed actions, fencing, operations, fail counts; and tickets, bans and moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.state import INFINITY
from crmsh_py.levels.root.status.lines import duration, interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cluster.state import Ban, Failure, FenceEvent, History, Move, NodeAttribute, Operation, Ticket
    from crmsh_py.levels.root.status.lines import Line

_FENCING_STYLES = {"failed": "error", "pending": "warning"}


def failure(one: Failure) -> Line:
    """A failed action."""
    is_probe = one.task == "monitor" and not one.interval_ms
    task = "probe" if is_probe else one.task
    every = f"{interval(one.interval_ms)}-interval " if one.interval_ms else ""
    if one.status == "complete":
        outcome = f"returned '{one.exit_status}'" + (f" ({one.reason})" if one.reason else "")
    else:
        reason = f": {one.reason}" if one.reason else ""
        outcome = f"could not be executed ({one.status}{reason})"
    when = f" at {one.last_change}" if one.last_change else ""
    after = f" after {duration(one.exec_ms)}" if one.exec_ms else ""
    return [
        ("", "* "),
        ("id", one.resource),
        ("", f" {every}{task} on "),
        ("name", one.node),
        ("error", f" {outcome}"),
        ("", f"{when}{after}"),
    ]


def fencing(event: FenceEvent) -> Line:
    """The fencing of a node."""
    reason = f" ({event.reason})" if event.reason else ""
    about = {"delegate": event.delegate, "client": event.client, "origin": event.origin, "completed": event.completed}
    said = ", ".join(f"{name}={value}" for name, value in about.items() if value)
    status = "successful" if event.status == "success" else event.status
    return [
        ("", f"* {event.action} of "),
        ("name", event.target),
        (_FENCING_STYLES.get(event.status, ""), f" {status}{reason}"),
        ("", f": {said}" if said else ""),
    ]


def ticket(one: Ticket) -> Line:
    """A ticket; what is not granted stands out."""
    is_fine = one.status == "granted" and not one.standby
    last = f" (last granted {one.last_granted})" if one.last_granted else ""
    standby = " [standby]" if one.standby else ""
    style = "" if is_fine else "warning"
    return [("", "* "), ("ticket", one.id), ("", ": "), (style, one.status + standby), ("", last)]


def ban(one: Ban) -> Line:
    """A constraint that keeps a resource from a node."""
    role = "being promoted" if one.promoted_only else "running"
    line: Line = [("", f"* {one.id} prevents "), ("id", one.resource), ("", f" from {role} on "), ("name", one.node)]
    return [*line, ("", _until(one))]


def move(one: Move) -> Line:
    """A constraint that draws a resource to a node."""
    return [("", f"* {one.id} keeps "), ("id", one.resource), ("", " on "), ("name", one.node), ("", _until(one))]


def _until(one: Ban | Move) -> str:
    return f" until {one.until}" if one.until else ""


def attributes(found: Iterable[NodeAttribute]) -> Iterator[Line]:
    """Node attributes, by node."""
    node = None
    for one in found:
        if one.node != node:
            node = one.node
            yield [("", "* Node: "), ("name", node), ("", ":")]
        is_less = one.expected and one.expected != one.value
        said = f"\t(expected {one.expected})" if is_less else ""
        yield [("", f"  * {one.name}\t: {one.value}"), ("warning", said)]


# ---- the history of resources


def counted(one: History) -> Line:
    """How often a resource may fail on its node, and how often it has, in the words of crm_mon."""
    style = "error" if one.has_reached else "warning"
    failed: Line = [(style, f" fail-count={one.fail_count}")] if one.fail_count else []
    return [("", f"migration-threshold={one.migration_threshold}"), *failed, ("", _last_failure(one))]


def fail_count(one: History) -> Line:
    """A fail count, in a line that says all of it."""
    style = "error" if one.has_reached else "warning"
    most = " (migration-threshold)" if one.migration_threshold < INFINITY else ""
    kept = ": it is kept from there" if one.has_reached else ""
    return [
        *[("", "* "), ("id", one.resource), ("", " on "), ("name", one.node), ("", ": ")],
        *[(style, one.failures), ("", f"{most}{_last_failure(one)}"), (style, kept)],
    ]


def _last_failure(one: History) -> str:
    return f" last-failure='{one.last_failure}'" if one.last_failure else ""


def fail_counts(found: Iterable[History]) -> Iterator[Line]:
    """What has failed at all, by node."""
    failed = [one for one in found if one.fail_count]
    for node in dict.fromkeys(one.node for one in failed):
        yield [("", "* Node: "), ("name", node), ("", ":")]
        for one in failed:
            if one.node == node:
                yield [("", "  * "), ("id", one.resource), ("", ": "), *counted(one)]


def operations(found: Iterable[History], with_times: bool) -> Iterator[Line]:
    """What was done with resources, by node and resource."""
    node = None
    for one in found:
        if one.node != node:
            node = one.node
            yield [("", "* Node: "), ("name", node), ("", ":")]
        orphan: Line = [("warning", "ORPHANED ")] if one.orphaned else []
        yield [("", "  * "), ("id", one.resource), ("", ": "), *orphan, *counted(one), ("", ":")]
        for operation in one.operations:
            yield [("", "    * "), *_operation(operation, with_times)]


def _operation(one: Operation, with_times: bool) -> Line:
    is_fine = one.exit_code in (0, 8) or (one.task == "probe" and one.exit_code == 7)
    is_timed = with_times and bool(one.last_change)
    said = {
        "interval": f"{one.interval_ms}ms" if one.interval_ms else "",
        "last-rc-change": one.last_change if is_timed else "",
        "exec-time": f"{one.exec_ms}ms" if is_timed else "",
        "queue-time": f"{one.queue_ms}ms" if is_timed else "",
    }
    about = "".join(f' {name}="{value}"' for name, value in said.items() if value)
    outcome = f" rc={one.exit_code} ({one.exit_status})" if with_times or not is_fine else ""
    colon = ":" if about or outcome else ""
    return [("", f"({one.call}) {one.task}{colon}{about}"), ("" if is_fine else "error", outcome)]
