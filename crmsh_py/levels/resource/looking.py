"""What resources do: where they run, in which state, what was done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.resource.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from crmsh_py.cluster.state import History, Operation, Primitive, State
    from crmsh_py.cluster.state.places import Found, Where
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment


@level.command("status [<resources:rsc>...]", aliases=("show", "list"))
def status(cx: Context, resources: Sequence[str] = ()) -> Record:
    """Show resources: their roles and nodes, and what is wrong with them.

    All of them, or those that are named; of a container, what is in it. Whether failures are ignored or a resource is
    unmanaged, in maintenance, disabled or blocked stands in parentheses, and fail counts with their thresholds.

    Examples:
        status
        status web
        status address disk-clone
    """
    from crmsh_py.cluster.state import primitives, state  # heavy
    from crmsh_py.cluster.state.places import instances
    from crmsh_py.command.known import resources as known

    found = state(cx.tools)
    # by what they are: two instances of a clone can have all in common
    chosen = {id(one) for named in known(found, resources) for one in primitives(named)}
    shown = [one for one in instances(found.resources) if id(one.primitive) in chosen or not resources]
    failed = _failed(found)
    return Record(
        "resource.status",
        lambda: [_instance_data(one, failed[id(one.primitive)]) for one in shown],
        lambda: _status_lines(shown, failed),
    )


@level.command("locate [<resources:rsc>...]")
def locate(cx: Context, resources: Sequence[str] = ()) -> Record:
    """Show on which nodes resources are running, and in which role.

    All resources that stand in no container, or those that are named. The exit code is 0 also where one is running
    nowhere.

    Examples:
        locate
        locate web
        locate address disk
    """
    from crmsh_py.cluster.state import state  # heavy
    from crmsh_py.cluster.state.places import places
    from crmsh_py.command.known import resources as known

    found = state(cx.tools)
    names = list(dict.fromkeys(resources or (one.id for one in found.resources)))
    where = {name: places(of) for name, of in zip(names, known(found, names), strict=True)}
    return Record(
        "resource.locate",
        lambda: [{"resource": name, "nodes": [one._asdict() for one in at]} for name, at in where.items()],
        lambda: _located(where),
    )


@level.command("operations [<rsc>] [<node>]")
def operations(cx: Context, rsc: str | None = None, node: str | None = None) -> Record:
    """Show what was done with resources: the operations, when they ran, how they ended, how long they took.

    It is the history that the cluster keeps: the last run of each operation on each node. Of all resources, or of one;
    on all nodes, or on one.

    Examples:
        operations
        operations address
        operations address alpha
    """
    from crmsh_py.cluster.state import base_id, primitives, state  # heavy
    from crmsh_py.command.known import nodes, resources

    found = state(cx.tools)
    if node is not None:
        nodes(found, [node])
    history = [one for one in found.history if node in (None, one.node)]
    if rsc is not None:
        (named,) = resources(found, [rsc])
        ids = {id_ for one in primitives(named) for id_ in (one.id, base_id(one.id))}
        history = [one for one in history if one.resource in ids or base_id(one.resource) in ids]
    return Record("resource.operations", lambda: list(_runs(history)), lambda: _operation_lines(history))


# ---- status


def _failed(found: State) -> dict[int, list[History]]:
    """The fail counts of each instance, by its identity: two instances of a clone can have all in common.

    Instances that are all alike have their counts under one name. A count is of that one which is on its node; where
    none is, of those that are nowhere, or of the only one there is.
    """
    from crmsh_py.cluster.state import base_id, primitives  # heavy

    named: dict[str, list[Primitive]] = {}
    for one in primitives(found.resources):
        for name in {one.id, base_id(one.id)}:
            named.setdefault(name, []).append(one)
    failed: dict[int, list[History]] = {id(one): [] for ones in named.values() for one in ones}
    for count in found.history:
        ones = named.get(count.resource, []) if count.fail_count else []
        there = [one for one in ones if count.node in one.nodes] or [one for one in ones if not one.nodes]
        for one in there or (ones if len(ones) == 1 else []):
            failed[id(one)].append(count)
    return failed


def _instance_data(found: Found, failed: Iterable[History]) -> dict[str, Any]:
    names = ("node", "fail_count", "migration_threshold", "last_failure")
    counts = [{name: getattr(one, name) for name in names} for one in failed]
    return {**found.primitive._asdict(), "containers": list(found.containers), "fail_counts": counts}


def _status_lines(shown: Iterable[Found], failed: dict[int, list[History]]) -> Iterator[Fragment]:
    inside: tuple[str, ...] = ()
    for found in shown:
        for depth, container in enumerate(found.containers):
            if found.containers[: depth + 1] != inside[: depth + 1]:
                yield from [("", "  " * depth), ("id", container), ("", ":\n")]
        inside = found.containers
        yield "", "  " * len(inside)
        yield from _instance(found.primitive)
        for one in failed[id(found.primitive)]:
            yield "error", f"; {_failures(one)}"
        yield "", "\n"


def _instance(one: Primitive) -> Iterator[Fragment]:
    yield "id", one.id
    yield "", "\t("
    yield "agent", one.agent
    yield "", "):\t "
    yield ("warning" if one.role == "Stopped" else "role" if one.role == "Promoted" else ""), one.role
    if one.nodes:
        yield "", " "
        yield "name", " ".join(one.nodes)
    if flags := _flags(one):
        yield ("error" if one.failed or one.blocked else "warning"), f" ({', '.join(flags)})"


def _flags(one: Primitive) -> list[str]:
    said = {
        "failed": one.failed,
        "blocked": one.blocked,
        "orphaned": one.orphaned,
        "failure ignored": one.failure_ignored,
        "disabled": one.disabled,
        "maintenance": one.maintenance,
        "unmanaged": not one.managed and not one.maintenance,
        f"{one.pending}": one.pending and one.pending != one.role,
        f"waits for {one.locked_to}": one.locked_to,
    }
    return [words for words, is_so in said.items() if is_so]


def _failures(one: History) -> str:
    return f"{one.failures} on {one.node}"


# ---- locate


def _located(where: dict[str, list[Where]]) -> Iterator[Fragment]:
    """In the words of the existing shell and of crm_resource, one line a node."""
    for name, at in where.items():
        if not at:
            yield from [("", "resource "), ("id", name), ("", " is "), ("warning", "NOT running"), ("", "\n")]
        for one in at:
            yield from [("", "resource "), ("id", name), ("", " is running on: "), ("name", one.node)]
            if one.role not in ("Started", "Unpromoted"):
                yield from [("", " "), ("role", one.role)]
            yield "", "\n"


# ---- operations


def _runs(history: Iterable[History]) -> Iterator[dict[str, Any]]:
    for one in history:
        for run in one.operations:
            yield {"resource": one.resource, "node": one.node, "orphaned": one.orphaned, **run._asdict()}


def _operation_lines(history: Sequence[History]) -> Iterator[Fragment]:
    for one in history:
        if not one.operations:
            continue
        yield from [("id", one.resource), ("", " on "), ("name", one.node)]
        yield "warning", " (orphaned)" if one.orphaned else ""
        yield "", ":\n"
        for run in one.operations:
            yield from _run(run)
    if not any(one.operations for one in history):
        yield "", "no operations\n"


def _run(run: Operation) -> Iterator[Fragment]:
    yield "", "  "
    yield "keyword", run.task
    yield "", f" every {_seconds(run.interval_ms)}" if run.interval_ms else ""
    yield "", ": "
    is_fine = run.exit_code == 0 or (run.task == "probe" and run.exit_code == 7)
    yield ("" if is_fine else "error"), f"{run.exit_status or 'exit code'} ({run.exit_code})"
    yield "", f", {run.last_change}" if run.last_change else ""
    yield "", f", took {_seconds(run.exec_ms)}"
    yield "", f", waited {_seconds(run.queue_ms)}" if run.queue_ms else ""
    yield "", "\n"


def _seconds(milliseconds: int) -> str:
    """`2.044s`."""
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".") + "s"
