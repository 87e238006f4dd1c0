"""Resources as people read them: a line for each primitive, one for instances of a clone that are all well."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.state import Bundle, Clone, Group, Primitive, base_id, of_bundles, primitives
from crmsh_py.levels.root.status.lines import indented, names

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from typing import TypeVar

    from crmsh_py.cluster.state import Replica, Resource, State
    from crmsh_py.levels.root.status.lines import Line

    T = TypeVar("T")

# the roles in which instances of clones are at rest, in the order in which they are listed
_AT_REST = ("Promoted", "Unpromoted", "Started", "Stopped")


class _Nodes(NamedTuple):
    """What is to be known of nodes, and of how much is wanted.

    hosts: those where any resource could be. lost: they may still run what they ran. order: their places in the list.
    is_detailed: each instance has a line of its own. is_brief: resources of one agent share a line.
    """

    hosts: tuple[str, ...]
    lost: frozenset[str]
    order: dict[str, int]
    is_detailed: bool = False
    is_brief: bool = False


def lines(state: State, words: Container[str] = ()) -> Iterator[Line]:
    """All resources, also those that are stopped, in the order of the configuration.

    words: of the command; of them, `detail` and `brief` count.
    """
    return _lines(state, state.resources, words)


def inactive(state: State, words: Container[str]) -> Iterator[Line]:
    """The resources that are not active with all their parts."""
    found = [one for one in state.resources if not all(part.active for part in primitives((one,)) if not part.orphaned)]
    return _lines(state, found, words)


def on_node(state: State, name: str, words: Container[str]) -> Iterator[Line]:
    """What is active on a node, each instance by its own."""
    found = [one for one in primitives(state.resources) if name in one.nodes and not is_connection(one, state)]
    if "brief" in words:
        for agent, number in sorted(_counted(one.agent for one in found).items()):
            yield [("", f"* {number}\t("), ("agent", agent), ("", "):\tActive")]
        return
    nodes = _known(state, words)
    # that it is here goes without saying
    yield from (_primitive(one if len(one.nodes) > 1 else one._replace(nodes=()), nodes) for one in found)


def is_connection(one: Primitive, state: State) -> bool:
    """Whether all there is to say of what Pacemaker adds for a guest node stands in the list of nodes."""
    is_added = one.agent == "ocf:pacemaker:remote" and any(
        one.id == node.name and node.type == "guest" for node in state.nodes
    )
    return is_added and not (one.failed or one.orphaned or one.blocked)


def _lines(state: State, resources: Iterable[Resource], words: Container[str]) -> Iterator[Line]:
    nodes = _known(state, words)
    shown = [one for one in resources if not (isinstance(one, Primitive) and is_connection(one, state))]
    if nodes.is_brief:
        yield from _brief(one for one in shown if isinstance(one, Primitive))
        shown = [one for one in shown if not isinstance(one, Primitive)]
    for resource in shown:
        yield from _resource(resource, nodes)


def _known(state: State, words: Container[str]) -> _Nodes:
    containers = of_bundles(state)
    return _Nodes(
        tuple(node.name for node in state.nodes if node.container not in containers),
        frozenset(node.name for node in state.nodes if node.unclean and not node.online),
        {node.name: place for place, node in enumerate(state.nodes)},
        "detail" in words,
        "brief" in words,
    )


def _brief(found: Iterable[Primitive]) -> Iterator[Line]:
    """How many resources of each agent are active on each node, and how many there are."""
    listed = list(found)
    total = _counted(one.agent for one in listed)
    active = _counted((one.agent, node) for one in listed if one.active for node in one.nodes)
    for agent in sorted(total):
        places = sorted((node, number) for (known, node), number in active.items() if known == agent)
        for node, number in places or [("", 0)]:
            said: Line = [("", " "), ("name", node)] if node else []
            yield [("", f"* {number}/{total[agent]}\t("), ("agent", agent), ("", "):\tActive"), *said]


def _counted(found: Iterable[T]) -> dict[T, int]:
    numbers: dict[T, int] = {}
    for one in found:
        numbers[one] = numbers.get(one, 0) + 1
    return numbers


def _resource(resource: Resource, nodes: _Nodes) -> Iterator[Line]:
    if isinstance(resource, Primitive):
        yield _primitive(resource, nodes)
    elif isinstance(resource, Group):
        yield from _group(resource, nodes)
    elif isinstance(resource, Clone):
        yield from _clone(resource, nodes)
    else:
        yield from _bundle(resource, nodes)


# ---- primitives


def _primitive(one: Primitive, nodes: _Nodes, name: str | None = None) -> Line:
    flags = _flags(one)
    said: Line = [("error" if one.failed or one.blocked else "warning", f" ({', '.join(flags)})")] if flags else []
    if len(one.nodes) > 1:
        where: Line = [*said, ("", " "), *names(one.nodes, "error")]
    else:
        where = [*_node(one.nodes, nodes), *said]
    return [("", "* "), ("id", name or one.id), ("", "\t("), ("agent", one.agent), ("", "):\t "), *_role(one), *where]


def _role(one: Primitive) -> Line:
    orphan: Line = [("warning", "ORPHANED ")] if one.orphaned else []
    if one.failed:
        return [*orphan, ("error", "FAILED Promoted" if one.role == "Promoted" else "FAILED")]
    style = "warning" if one.role == "Stopped" else "role" if one.role == "Promoted" else ""
    return [*orphan, (style, one.role)]


def _node(names: tuple[str, ...], nodes: _Nodes) -> Line:
    said: Line = []
    for name in names:
        said += [("", " "), ("name", name), ("error", " (UNCLEAN)" if name in nodes.lost else "")]
    return said


def _flags(one: Primitive) -> list[str]:
    said = {
        one.pending or "": one.pending and one.pending != one.role,
        f"LOCKED to {one.locked_to}": one.locked_to,
        "disabled": one.disabled,
        "target-role:Unpromoted": one.target_role == "Unpromoted" and one.role == "Promoted",
        "blocked": one.blocked,
        "maintenance": one.maintenance and not one.blocked,
        "unmanaged": not (one.managed or one.maintenance or one.blocked),
        "failure ignored": one.failure_ignored,
    }
    return [words for words, is_so in said.items() if is_so]


# ---- groups, clones, bundles


def _group(group: Group, nodes: _Nodes) -> Iterator[Line]:
    yield _heading("Resource Group", group.id, "", _state(group))
    inner = _brief(group.members) if nodes.is_brief else (_primitive(member, nodes) for member in group.members)
    yield from indented(inner)


def _clone(clone: Clone, nodes: _Nodes) -> Iterator[Line]:
    flags = {"promotable": clone.promotable, "unique": clone.unique}
    kind = [words for words, is_so in flags.items() if is_so]
    yield _heading("Clone Set", clone.id, _cloned(clone), [*kind, *_state(clone)])
    together: dict[str, list[tuple[str, ...]]] = {}
    for instance in clone.instances:
        if not any(one.active or not one.orphaned for one in _members(instance)):
            continue  # it ran once, when there were more instances
        role = "" if clone.unique or nodes.is_detailed else _role_at_rest(instance, clone, nodes)
        if role:
            together.setdefault(role, []).append(_members(instance)[0].nodes)
        else:
            yield from indented(_resource(instance, nodes))
    active = {name for one in clone.instances for member in _members(one) for name in member.nodes}
    if len(active) >= len(nodes.hosts):
        together.pop("Stopped", None)  # there are more instances than places for them
    for role in _AT_REST:
        if role in together:
            is_told = clone.target_role == role == "Unpromoted"
            yield from indented([_together(role, together[role], active, nodes, " (target-role)" if is_told else "")])


def _together(role: str, places: list[tuple[str, ...]], active: set[str], nodes: _Nodes, why: str) -> Line:
    """Instances of a clone that are in one role, and why they are."""
    if role == "Stopped":
        idle = [name for name in nodes.hosts if name not in active]
        # where there are fewer instances than nodes for them, the scheduler is free to choose
        some: Line = [("", f"{len(places)} of {len(idle)} nodes")]
        return [("", "* "), ("warning", "Stopped"), ("", ": "), *(names(idle) if len(idle) <= len(places) else some)]
    listed = sorted({name for place in places for name in place}, key=lambda name: nodes.order.get(name, -1))
    return [("", "* "), ("role" if role == "Promoted" else "", role), ("", f"{why}: "), *names(listed)]


def _role_at_rest(instance: Resource, clone: Clone, nodes: _Nodes) -> str:
    """The role of an instance of which nothing else is to be said; "" where there is more."""
    members = _members(instance)
    states = {(one.role, one.nodes) for one in members}
    usual: dict[str, object] = {
        "blocked": False,
        "failed": False,
        "failure_ignored": False,
        "orphaned": False,
        "managed": clone.managed,
    }
    usual |= {"pending": None, "locked_to": None, "maintenance": clone.maintenance, "disabled": clone.disabled}
    if len(states) != 1 or any(getattr(one, name) != value for one in members for name, value in usual.items()):
        return ""
    role, places = states.pop()
    return role if role in _AT_REST and len(places) < 2 and nodes.lost.isdisjoint(places) else ""


def _bundle(bundle: Bundle, nodes: _Nodes) -> Iterator[Line]:
    what = "Container bundle" if len(bundle.replicas) == 1 else "Container bundle set"
    inside = next((one.id for replica in bundle.replicas if (one := _part(bundle, replica, "inside"))), None)
    named = f"{inside} in {bundle.image}" if inside else bundle.image
    unique = ["unique"] if bundle.unique else []
    yield _heading(what, bundle.id, named, [*unique, *_state(bundle)])
    for replica in bundle.replicas:
        yield from indented(_replica(bundle, replica, nodes))


def _replica(bundle: Bundle, replica: Replica, nodes: _Nodes) -> Iterator[Line]:
    """One line, where it can say all; else one for each of its resources."""
    container, inside = _part(bundle, replica, "container"), _part(bundle, replica, "inside")
    if container is None or nodes.is_detailed or any(_is_odd(one, bundle) for one in replica.resources):
        yield [("", f"* Replica[{replica.number}]")]
        yield from indented(_primitive(one, nodes) for one in replica.resources)
        return
    shown = inside or container
    remote, address = _part(bundle, replica, "remote"), _part(bundle, replica, "address")
    name = (remote or container).id + (f" ({address.id.removeprefix(f'{bundle.id}-ip-')})" if address else "")
    # what runs in the container is active on its guest node; people look for the node of the container
    yield _primitive(shown._replace(nodes=container.nodes), nodes, name)


def _part(bundle: Bundle, replica: Replica, part: str) -> Primitive | None:
    """The container, remote, address or inside of a replica, which Pacemaker tells apart by their ids."""
    return next((one for one in replica.resources if _part_name(bundle, replica.number, one.id) == part), None)


def _part_name(bundle: Bundle, number: int, id_: str) -> str:
    if id_ == f"{bundle.id}-{bundle.type}-{number}":
        return "container"
    if id_ == f"{bundle.id}-{number}":
        return "remote"
    return "address" if id_.startswith(f"{bundle.id}-ip-") else "inside"


def _is_odd(one: Primitive, bundle: Bundle) -> bool:
    """Whether there is more to say of a part of a replica than its role and node."""
    more = one.blocked or one.failed or one.failure_ignored or one.orphaned or one.disabled
    is_otherwise = (one.managed, one.maintenance) != (bundle.managed, bundle.maintenance)
    return bool(more or one.pending or one.locked_to or is_otherwise or len(one.nodes) > 1)


# ---- headings


def _heading(what: str, id_: str, inside: str, flags: list[str]) -> Line:
    return [
        ("", f"* {what}: "),
        ("id", id_),
        ("", f" [{inside}]" if inside else ""),
        ("warning" if set(flags) - {"promotable", "unique"} else "", f" ({', '.join(flags)})" if flags else ""),
        ("", ":"),
    ]


def _state(resource: Group | Clone | Bundle) -> list[str]:
    """What holds for all that is in it."""
    said = {
        "disabled": not isinstance(resource, Bundle) and resource.disabled,
        "maintenance": resource.maintenance,
        "unmanaged": not (resource.managed or resource.maintenance),
    }
    return [words for words, is_so in said.items() if is_so]


def _cloned(clone: Clone) -> str:
    """The name of what is cloned: its instances may have a number behind it."""
    return base_id(clone.instances[0].id) if clone.instances else ""


def _members(resource: Resource) -> tuple[Primitive, ...]:
    return tuple(primitives((resource,)))
