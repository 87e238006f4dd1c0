"""Which resources are stopped though they are meant to run, as far as the answer of crm_mon lets that be known.

Of clones and bundles, crm_mon lists every instance that may be; how many of them have a place is estimated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.state.facts import Bundle, Clone, Primitive, primitives
from crmsh_py.cluster.state.hosts import hosts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmsh_py.cluster.state.facts import State

# other tasks may be pending for ever: of what was stopped during a monitor, that monitor
_ON_THE_WAY = ("Starting", "Migrating")


def stopped(state: State) -> Iterator[Primitive]:
    """The instances of primitives that are stopped and should not be, in the order of the configuration.

    Those that are disabled, unmanaged, orphaned or about to start are not among them; of a bundle's replica, only the
    container, where that is stopped. None where the cluster is told to stop everything.
    """
    if state.summary.options.stop_all_resources:
        return
    guests = {node.name for node in state.nodes if node.type == "guest"}
    for resource in state.resources:
        if isinstance(resource, Clone):
            yield from _of_clone(resource, state)
        elif isinstance(resource, Bundle):
            yield from _of_bundle(resource)
        else:
            yield from (one for one in primitives((resource,)) if _is_stopped(one) and one.id not in guests)


def _is_stopped(one: Primitive) -> bool:
    is_meant = one.managed and not (one.disabled or one.orphaned or one.maintenance)
    return one.role == "Stopped" and is_meant and one.pending not in _ON_THE_WAY


def _of_clone(clone: Clone, state: State) -> Iterator[Primitive]:
    """As many stopped instances as there are idle nodes that could take one; one, where none is active at all.

    Of those that differ from each other, all.
    """
    instances = [tuple(primitives((one,))) for one in clone.instances]
    active = {name for members in instances for one in members for name in one.nodes}
    partly = [members for members in instances if any(one.active for one in members)]
    idle = [members for members in instances if all(_is_stopped(one) for one in members)]
    room = len(idle) if clone.unique else len(hosts(clone, state) - active)
    for members in [*partly, *idle[: room or (0 if partly else 1)]]:
        yield from (one for one in members if _is_stopped(one))


def _of_bundle(bundle: Bundle) -> Iterator[Primitive]:
    for replica in bundle.replicas:
        found = [one for one in replica.resources if _is_stopped(one)]
        containers = [one for one in found if one.id == f"{bundle.id}-{bundle.type}-{replica.number}"]
        yield from containers or found
