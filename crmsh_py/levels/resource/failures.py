"""Failures of resources: how often they failed, and how the cluster forgets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.orders import see
from crmsh_py.errors import Refused, UsageError
from crmsh_py.levels.resource.level import level
from crmsh_py.output import Record
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from crmsh_py.cluster.fail_counts import FailCount
    from crmsh_py.cluster.state import Resource, State
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

# ---- fail counts


@level.command(
    "failcount <rsc> set <node> <value:fail_count> [<operation:op_name> [<interval>]]",
    "failcount <rsc> delete <node> [<operation:op_name> [<interval>]]",
    "failcount <rsc> show [<node>]",
    border=True,
)
def failcount(
    cx: Context,
    rsc: str,
    set: bool = False,  # noqa: A002 - the word of the usage
    delete: bool = False,
    show: bool = False,
    node: str | None = None,
    value: str = "",
    operation: str | None = None,
    interval: str | None = None,
) -> Record | None:
    """Show, set or delete how often a resource has failed on a node.

    Pacemaker counts for each operation by itself; what they come to together is held against migration-threshold.
    `set` wants the operation and its interval, unless it is the only one that failed or, where none did, the only one
    that is repeated; a value is a number or INFINITY. `delete` has the failures themselves forgotten too, and the
    resource looked at anew, as `cleanup` does.

    `show` also works on a CIB file with a status section; `set` and `delete` act on the running cluster alone.

    Examples:
        failcount address show
        failcount address show alpha
    """
    from crmsh_py.command.known import nodes, resources  # heavy

    found = _state(cx, is_acting=not show)
    (named,) = resources(found, [rsc])
    if node is not None:
        nodes(found, [node])
    counts = [one for one in _fail_counts(cx, found, named) if node in (None, one.node)]
    if show or node is None:
        return _counts_record(counts)
    wanted = None if operation is None else (operation, interval)
    if delete:
        gone = _delete(cx, rsc, node, counts, wanted)
        see(lambda: not any(one in gone for one in _fail_counts(cx, found, named)))
    if set:
        _set(cx, found, named, node, value, counts, wanted)
    return None


def _state(cx: Context, *, is_acting: bool) -> State:
    """The state of the cluster. Raises Refused where something acts on it and there is none."""
    from crmsh_py.cluster.state import state  # heavy

    if is_acting:
        if not cx.is_live:
            text = "fail counts are kept by the running cluster, and it is none that is worked on"
            raise Refused(text, hint="leave out -c, CIB_file and CIB_shadow; `cib use` alone goes back to the live CIB")
        cx.finish_edits()
    return state(cx.tools)


def _fail_counts(cx: Context, found: State, named: Iterable[Resource]) -> list[FailCount]:
    """The fail counts of resources and of what is in them."""
    from crmsh_py.cluster.fail_counts import fail_counts  # heavy

    ids = _ids(named)
    return [one for one in fail_counts(found.nodes, cx.tools) if one.resource in ids]


def _ids(named: Iterable[Resource]) -> set[str]:
    """What Pacemaker may call instances of primitives: with their number or, where they are all alike, without it."""
    from crmsh_py.cluster.state import base_id, primitives  # heavy

    return {id_ for one in primitives(named) for id_ in (one.id, base_id(one.id))}


def _set(
    cx: Context,
    found: State,
    named: list[Resource],
    node: str,
    value: str,
    counts: list[FailCount],
    wanted: tuple[str, str | None] | None,
) -> None:
    from crmsh_py.cluster.fail_counts import set_fail_count  # heavy

    if wanted is None and value == "0":
        # as the existing tools have it: none of them counts any more
        for one in counts:
            set_fail_count(one.resource, node, one.operation, one.interval_ms, value)
        see(lambda: all(one.value == "0" for one in _fail_counts(cx, found, named) if one.node == node))
        cx.note(f"the fail counts of {listed(sorted(_ids(named)))} on {node} are 0")
        return
    resource, operation, ms = _which(found, named, node, counts, wanted)
    set_fail_count(resource, node, operation, ms, value)
    wanted_count = (resource, node, operation, ms, value)
    see(lambda: any(one[:5] == wanted_count for one in _fail_counts(cx, found, named)) or value == "0")
    cx.note(f"the fail count of {resource} on {node} is {value} ({operation}{_every(ms)})")


def _delete(
    cx: Context, rsc: str, node: str, counts: list[FailCount], wanted: tuple[str, str | None] | None
) -> list[FailCount]:
    """Have fail counts deleted; which."""
    from crmsh_py.cluster.cleaning import cleanup  # heavy

    gone = counts if wanted is None else [one for one in counts if _fits(one, wanted)]
    if wanted is None:
        cleanup(rsc, node, force=True)
    for one in {(one.operation, one.interval_ms) for one in gone} if wanted else ():
        cleanup(rsc, node, force=True, operation=one[0], interval_ms=one[1])
    for count in gone:
        cx.note(f"{count.resource} on {node} had a fail count of {count.value} ({_operation(count)})")
    if not gone:
        cx.note(f"{rsc} has no such fail count on {node}")
    return gone


def _which(
    found: State,
    named: list[Resource],
    node: str,
    counts: list[FailCount],
    wanted: tuple[str, str | None] | None,
) -> tuple[str, str, int]:
    """The resource, the operation and its interval of which a fail count is meant. Raises UsageError."""
    ids = _ids(named)
    known = {(one.resource, one.operation, one.interval_ms) for one in counts}
    done = {
        (one.resource, run.task, run.interval_ms)
        for one in found.history
        for run in one.operations
        if one.node == node and one.resource in ids and run.interval_ms
    }
    if wanted is None:
        fitting = known or done
    elif wanted[1] is None and wanted[0] == "monitor":
        fitting = {one for one in known | done if one[1] == wanted[0]}
    else:
        resources = {one[0] for one in known | done} or {_only_id(named)}
        fitting = {(one, wanted[0], _milliseconds(wanted[1])) for one in resources}
    if len(fitting) != 1:
        hint = f"there are {listed(_named(one) for one in sorted(fitting))}" if fitting else "such as monitor 10s"
        raise UsageError("say which operation, by its name and its interval", hint=hint)
    return fitting.pop()


def _only_id(named: Iterable[Resource]) -> str:
    """The one name by which Pacemaker counts for these. Raises UsageError for a group, or instances that differ."""
    from crmsh_py.cluster.state import base_id, primitives  # heavy

    ids = {base_id(one.id) for one in primitives(named)}
    if len(ids) > 1:
        raise UsageError("fail counts are of primitives", hint=f"in it are {listed(sorted(ids))}")
    return ids.pop()


def _fits(count: FailCount, wanted: tuple[str, str | None]) -> bool:
    return count.operation == wanted[0] and (wanted[1] is None or count.interval_ms == _milliseconds(wanted[1]))


def _milliseconds(interval: str | None) -> int:
    from crmsh_py.cib.durations import milliseconds  # heavy

    return milliseconds(interval) or 0


def _named(one: tuple[str, str, int]) -> str:
    return f"{one[1]}{_every(one[2])} of {one[0]}"


def _every(ms: int) -> str:
    return f" {ms / 1000:g}s" if ms else ""


def _operation(count: FailCount) -> str:
    return f"{count.operation}{_every(count.interval_ms)}" if count.operation else "all operations"


def _counts_record(counts: list[FailCount]) -> Record:
    return Record("resource.failcount", lambda: [one._asdict() for one in counts], lambda: _count_lines(counts))


def _count_lines(counts: list[FailCount]) -> Iterator[Fragment]:
    for one in counts:
        yield from [("id", one.resource), ("", " on "), ("name", one.node), ("", ": "), ("error", one.value)]
        yield "", f" ({_operation(one)}"
        yield "", f", last at {_time(one.last_failure)}" if one.last_failure else ""
        yield "", ")\n"
    if not counts:
        yield "", "no fail counts\n"


def _time(seconds: int) -> str:
    from time import localtime, strftime

    return strftime("%Y-%m-%d %H:%M:%S", localtime(seconds))


# ---- cleanup, refresh


@level.command("cleanup [<rsc>] [<node>] [force] [--wait]", live=True)
def cleanup(
    cx: Context, rsc: str | None = None, node: str | None = None, force: bool = False, wait: bool = False
) -> Record:
    """Forget the failures of resources, so that the cluster looks at them anew and may start them again.

    Of all resources that have failed, or of one; on all nodes, or on one. Where a member of a group or an instance of
    a clone is named, it is done for all of it, unless `force` is said. With --wait the cluster has come to rest when
    this ends. What is shown is what was there to forget. `failcount` shows the failures, `refresh` has also what did
    not fail looked at.

    Examples:
        cleanup
        cleanup --wait
    """
    from crmsh_py.cluster import cleaning  # heavy

    found = _checked(cx, rsc, node)
    with cx.waiting(wait):
        cleaning.cleanup(rsc, node, force=force)
        return _cleaned(cx, found, rsc, node, force, is_all=False)


@level.command("refresh [<rsc>] [<node>] [force] [--wait]", aliases=("reprobe",), live=True)
def refresh(
    cx: Context, rsc: str | None = None, node: str | None = None, force: bool = False, wait: bool = False
) -> Record:
    """Forget what is known of resources, failures or not, so that the cluster probes where they run.

    Of all resources, or of one; on all nodes, or on one; of a group or a clone as a whole, unless `force` is said. It
    is for what somebody started or stopped behind the cluster's back. With --wait the cluster has come to rest when
    this ends.

    Examples:
        refresh
        refresh --wait
    """
    from crmsh_py.cluster import cleaning  # heavy

    found = _checked(cx, rsc, node)
    with cx.waiting(wait):
        cleaning.refresh(rsc, node, force=force)
        return _cleaned(cx, found, rsc, node, force, is_all=True)


def _checked(cx: Context, rsc: str | None, node: str | None) -> State:
    """The state of the cluster, where it has the resource and the node. Raises NoSuchObject."""
    from crmsh_py.cluster.state import state  # heavy
    from crmsh_py.command.known import nodes, resources

    found = state(cx.tools)
    resources(found, [] if rsc is None else [rsc])
    nodes(found, [] if node is None else [node])
    return found


def _cleaned(cx: Context, found: State, rsc: str | None, node: str | None, force: bool, *, is_all: bool) -> Record:
    from crmsh_py.cluster.state import state  # heavy

    gone = [one for one in _forgotten(found, rsc, force, is_all) if node in (None, one["node"])]
    see(lambda: not _still(state(cx.tools), found, gone))
    return Record("resource.cleanup", lambda: gone, lambda: _cleaned_lines(gone, rsc, node))


def _still(now: State, before: State, gone: list[dict[str, Any]]) -> bool:
    """Whether something that was to be forgotten is known as before: a failure, or all that was done."""
    places = {(one["resource"], one["node"]) for one in gone}
    failed = {one for one in before.failures if (one.resource, one.node) in places}
    done = [one.operations for one in before.history if (one.resource, one.node) in places]
    again = [one.operations for one in now.history if (one.resource, one.node) in places]
    return not failed.isdisjoint(now.failures) or (bool(gone) and done == again)


def _forgotten(found: State, rsc: str | None, force: bool, is_all: bool) -> Iterator[dict[str, Any]]:
    """Of which resources the history was forgotten, where, and the fail counts that they had."""
    from crmsh_py.cluster.state import base_id  # heavy

    ids = None if rsc is None else _ids(_collective(found, rsc, force))
    failed = {(one.resource, one.node) for one in found.failures}
    for one in found.history:
        is_meant = ids is None or one.resource in ids or base_id(one.resource) in ids
        if is_meant and (is_all or one.fail_count or (one.resource, one.node) in failed):
            yield {"resource": one.resource, "node": one.node, "fail_count": one.fail_count}


def _collective(found: State, rsc: str, force: bool) -> list[Resource]:
    """What Pacemaker takes a name for: all of the outermost group, clone or bundle, unless by force."""
    from crmsh_py.cluster.state import by_id  # heavy

    named = by_id(found.resources)[rsc]
    if force:
        return named
    return [top for top in found.resources if any(one in by_id([top]).get(rsc, ()) for one in named)]


def _cleaned_lines(gone: list[dict[str, Any]], rsc: str | None, node: str | None) -> Iterator[Fragment]:
    from crmsh_py.cluster.state import written  # heavy

    for one in gone:
        yield from [("", "forgotten: "), ("id", one["resource"]), ("", " on "), ("name", one["node"])]
        yield "", f" (fail count {written(one['fail_count'])})" if one["fail_count"] else ""
        yield "", "\n"
    if not gone:
        yield "", f"there was nothing to forget{f' of {rsc}' if rsc else ''}{f' on {node}' if node else ''}\n"
