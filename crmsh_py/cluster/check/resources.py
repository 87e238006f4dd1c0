"""What can be wrong with resources: one by one, and as parts of groups, clones and bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.check.findings import Finding
from crmsh_py.cluster.check.instances import of_bundle, of_clone
from crmsh_py.cluster.state import Bundle, Clone, Primitive, base_id, primitives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cluster.state import Resource, State


def resources(state: State) -> Iterator[Finding]:
    """What does not run and should, and what the cluster does not look after."""
    for resource in state.resources:
        yield from _running(resource, state)
        for one in primitives((resource,)):
            yield from _flaws(one, is_alone=resource is one)
    yield from _unmanaged(state)


def _running(resource: Resource, state: State) -> Iterator[Finding]:
    """What runs less than it is meant to; how many instances that is, is said of clones and bundles as a whole."""
    if isinstance(resource, Clone):
        found = of_clone(resource, state)
    elif isinstance(resource, Bundle):
        found = of_bundle(resource)
    else:
        found = (finding for one in primitives((resource,)) for finding in _stopped(one))
    for finding in found:
        if finding.code == "stopped" and state.summary.options.stop_all_resources:
            yield finding._replace(code="kept-stopped", text=f"{finding.text} (stop-all-resources)")
        else:
            yield finding


def _stopped(one: Primitive) -> Iterator[Finding]:
    # a failure is said of it where it counts
    if one.disabled or one.orphaned or (one.failed and not one.failure_ignored):
        return
    if one.role in ("Starting", "Stopping"):
        yield Finding("in-transition", f"{one.id} is {one.role.lower()}", one.nodes, (one.id,))
    elif not one.active:
        yield Finding("stopped", f"{one.id} is stopped", (), (one.id,))


def _flaws(one: Primitive, is_alone: bool) -> Iterator[Finding]:
    """What holds for an instance wherever it is."""
    about = (one.nodes, (base_id(one.id),))
    where = f" on {', '.join(one.nodes)}" if one.nodes else ""
    if one.blocked:
        yield Finding("blocked", f"{one.id} is blocked{where}: the cluster does no more with it", *about)
    if one.failure_ignored:
        yield Finding("failure-ignored", f"{one.id} has failed{where}, which is ignored", *about)
    elif one.failed:
        yield Finding("failed", f"{one.id} has failed{where}", *about)
    # the history of instances that a clone has no more stays, and is nothing to look after
    if one.orphaned and (one.active or is_alone):
        yield Finding(
            "orphaned", f"{one.id} {f'runs{where}' if where else 'ran'}, and is not configured any more", *about
        )


def _unmanaged(state: State) -> Iterator[Finding]:
    """What the cluster does not look after; a group, clone or bundle once where it is all of it."""
    found = list(_unmanaged_parts(state.resources))
    if state.summary.options.maintenance_mode:
        names = tuple(name for _, ones in found for name in _names(ones))
        if names:
            text = f"{len(found)} resource{'s are' if len(found) > 1 else ' is'} unmanaged in maintenance mode"
            yield Finding("maintenance-mode", text, (), names)
        return
    resting = {node.name for node in state.nodes if node.maintenance}
    for id_, ones in found:
        nodes = tuple(dict.fromkeys(node for one in ones for node in one.nodes))
        is_resting = all(one.maintenance for one in ones) or (nodes and resting.issuperset(nodes))
        code, what = ("maintenance", "in maintenance") if is_resting else ("unmanaged", "unmanaged")
        yield Finding(code, f"{id_} is {what}", nodes, tuple(dict.fromkeys((id_, *_names(ones)))))


def _unmanaged_parts(resources: Iterable[Resource]) -> Iterator[tuple[str, list[Primitive]]]:
    """What is unmanaged, each with the instances that are."""
    for resource in resources:
        inside = list(primitives((resource,)))
        # what is blocked counts as unmanaged, and is told for itself
        alone = [one for one in inside if not one.managed and not one.blocked]
        if alone and (len(alone) == len(inside) or not resource.managed):
            yield resource.id, alone
        else:
            by_name: dict[str, list[Primitive]] = {}
            for one in alone:
                by_name.setdefault(base_id(one.id), []).append(one)
            yield from by_name.items()


def _names(ones: Iterable[Primitive]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(base_id(one.id) for one in ones))
