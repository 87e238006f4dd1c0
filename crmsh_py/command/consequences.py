"""What a change does to resources, as the scheduler sees it: what else happens, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.state import Bundle, Clone, Group, base_id, by_id, primitives
from crmsh_py.cluster.state.places import places
from crmsh_py.problems import INFO, WARNING, Problem, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.simulation import Plan
    from crmsh_py.cluster.state import Primitive, Resource

# so many are named
MOST = 12
# what happens to others: the tasks of the scheduler, the word for it, the code of the note
_ELSE = (
    (("stop",), "stops", "stops-too"),
    (("move", "migrate"), "moves", "moves-too"),
    (("restart",), "restarts", "restarts-too"),
)
# what happens by itself
_FOLLOWS = (
    (("stop",), "stops", "stops-now"),
    (("start",), "starts", "starts-now"),
    (("move", "migrate"), "moves", "moves-now"),
    (("restart", "recover"), "restarts", "restarts-now"),
    (("promote",), "promotes", "promotes-now"),
    (("demote",), "demotes", "demotes-now"),
)


def instances(resources: Iterable[Resource], id_: str) -> list[Primitive]:
    """The instances of primitives that a resource, given by its id in the configuration, consists of."""
    return list(primitives(by_id(resources).get(id_, ())))


def nodes(resources: Iterable[Resource], id_: str, role: str = "Started") -> list[str]:
    """The names of the nodes where a resource is active; with the role Promoted, where it is promoted. Each once.

    A bundle is where its containers are.
    """
    found = places(by_id(resources).get(id_, ()))
    return [one.node for one in found if role != "Promoted" or one.role == role]


def runs(parts: Iterable[Resource]) -> bool:
    """Whether a resource runs, given what `by_id` has of it: the members of a group all, as far as they are meant to,
    and of a clone or a bundle any instance."""
    return any(_runs(part) for part in parts)


def _runs(one: Resource) -> bool:
    if isinstance(one, Group):
        up = [_runs(member) for member in one.members if not member.disabled]
        return bool(up) and all(up)
    if isinstance(one, Clone):
        return runs(one.instances)
    if isinstance(one, Bundle):
        return runs(primitives([one]))
    return one.active and not one.failed


def all_else(plan: Plan, before: Callable[[], Plan], homes: Iterable[Element], doing: str) -> Iterator[Problem]:
    """Notes of other resources that stop, move or restart because of a change of some resources.

    doing: what is done to those, `stopping`.
    """
    homes = list(homes)
    for tasks, verb, code in _ELSE:
        others = _others(plan, homes, tasks)
        if others:
            anyway = set(_others(before(), homes, tasks))
            others = [one for one in others if one not in anyway]
        if others:
            about = listed(home.get("id") or "" for home in homes)
            yield Problem(INFO, code, f"{doing} {about} {verb} {shown(others)} too")


def follows(plan: Plan, before: Callable[[], Plan], cib: Cib) -> Iterator[Problem]:
    """Notes of all that happens to resources because of a change, as when the cluster takes care of them again.

    cib: the configuration after it, which says of what stops whether it is meant to.
    """
    for tasks, verb, code in _FOLLOWS:
        names = _others(plan, (), tasks)
        if names:
            anyway = set(_others(before(), (), tasks))
            names = [one for one in names if one not in anyway]
        meant = [one for one in names if verb == "stops" and _where_stopped(cib, one)]
        for name in meant[:MOST]:
            text = f"{name} stops: target-role=Stopped is set on {_where_stopped(cib, name)}"
            yield Problem(INFO, code, text, object_id=name)
        others = [one for one in names if one not in meant[:MOST]]
        if others:
            yield Problem(INFO, code, f"this {verb} {shown(others)}")


def _where_stopped(cib: Cib, id_: str) -> str:
    """What has target-role=Stopped that holds for a resource, in words; "" where it is not meant to be stopped."""
    from crmsh_py.cib.attributes import META  # heavy
    from crmsh_py.cib.inherited import held
    from crmsh_py.cib.running import STOPPED, TARGET_ROLE

    el = cib.resource(id_)
    found = None if el is None else held(cib, el, META).get(TARGET_ROLE)
    if found is None or found.value.capitalize() != STOPPED:
        return ""
    return "it" if found.is_own else f"the {found.kind} {found.id}".strip()


def shown(names: list[str]) -> str:
    """Some names, the first of many."""
    more = len(names) - MOST
    return f"{', '.join(names[:MOST])} and {more} more" if more > 0 else listed(names)


def _others(plan: Plan, homes: Iterable[Element], tasks: tuple[str, ...]) -> list[str]:
    """The ids in the configuration of resources to which something is to happen, and which are in none of the homes."""
    own = {part.get("id") for home in homes for part in home.iter("*")}
    bundled = {
        one.id: bundle.id
        for bundle in plan.resources_before
        if isinstance(bundle, Bundle)
        for one in primitives([bundle])
    }
    found = (bundled.get(action.resource, base_id(action.resource)) for action in plan.actions if action.task in tasks)
    return list(dict.fromkeys(name for name in found if name and name not in own))


def not_as_wished(plan: Plan, homes: Iterable[Element], *, is_to_run: bool) -> Iterator[Problem]:
    """Warnings of resources that will not start, or will not stop, though they are meant to."""
    if not any(node.online for node in plan.nodes):
        return
    for home in homes:
        id_ = home.get("id") or ""
        parts = by_id(plan.resources).get(id_, [])
        found = list(primitives(parts))
        if not found or (runs(parts) if is_to_run else not any(one.active for one in found)):
            continue
        why = _hindrance(found, is_to_run)
        if is_to_run:
            why = why or "the scheduler has no node for it"
            hint = f"`resource why {id_}` says more"
            yield Problem(WARNING, "does-not-start", f"{id_} does not start: {why}", hint=hint, object_id=id_)
        elif why:
            yield Problem(WARNING, "does-not-stop", f"{id_} does not stop: {why}", object_id=id_)


def _hindrance(found: Iterable[Primitive], is_to_run: bool) -> str:
    """What keeps the scheduler from starting or stopping a resource, given its instances; "" where that is not seen."""
    blocked = list(dict.fromkeys(base_id(one.id) for one in found if one.blocked))
    if blocked:
        return f"{listed(blocked)} has failed, and is blocked; `resource cleanup {blocked[0]}` when that is mended"
    if any(not one.managed for one in found):
        return "it is unmanaged"
    stopped = list(dict.fromkeys(base_id(one.id) for one in found if one.disabled)) if is_to_run else []
    return f"{listed(stopped)} in it is meant to be stopped" if stopped else ""
