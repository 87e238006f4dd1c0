"""Where resources are: for a resource, a container too, the nodes and the roles there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.state.facts import Bundle, Group, Primitive, primitives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cluster.state.facts import Replica, Resource


class Where(NamedTuple):
    """A node where a resource is active, and the role that it has there; of two roles, the higher one."""

    node: str
    role: str


# of what has several roles on one node
_HIGHEST = ("Promoted", "Promoting", "Demoting", "Unpromoted", "Started")


def places(resources: Iterable[Resource]) -> list[Where]:
    """Where any of these, or of what is in them, is active, in their order.

    A bundle is where its containers are, in the role that what runs in them has.
    """
    found: dict[str, str] = {}
    for node, role in _active(resources):
        before = found.setdefault(node, role)
        if _rank(role) < _rank(before):
            found[node] = role
    return [Where(node, role) for node, role in found.items()]


def _rank(role: str) -> int:
    return _HIGHEST.index(role) if role in _HIGHEST else len(_HIGHEST)


def _active(resources: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    for resource in resources:
        if isinstance(resource, Bundle):
            for replica in resource.replicas:
                yield from _of_replica(resource, replica)
        else:
            yield from ((node, one.role) for one in primitives((resource,)) for node in one.nodes)


def _of_replica(bundle: Bundle, replica: Replica) -> Iterator[tuple[str, str]]:
    container = f"{bundle.id}-{bundle.type}-{replica.number}"
    connection = f"{bundle.id}-{replica.number}"
    inside = [one.role for one in replica.resources if one.nodes == (connection,)]
    for one in replica.resources:
        if one.id == container:
            yield from ((node, inside[0] if inside else one.role) for node in one.nodes)


class Found(NamedTuple):
    """An instance of a primitive, and the ids of what it is in, from the outside in."""

    primitive: Primitive
    containers: tuple[str, ...]


def instances(resources: Iterable[Resource], containers: tuple[str, ...] = ()) -> Iterator[Found]:
    """All instances of primitives in these, in their order."""
    for resource in resources:
        if isinstance(resource, Primitive):
            yield Found(resource, containers)
            continue
        inner: Iterable[Resource]
        if isinstance(resource, Bundle):
            inner = (one for replica in resource.replicas for one in replica.resources)
        else:
            inner = resource.members if isinstance(resource, Group) else resource.instances
        yield from instances(inner, (*containers, resource.id))
