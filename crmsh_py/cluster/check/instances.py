"""How many instances of clones and bundles run, of those that could."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.check.findings import Finding
from crmsh_py.cluster.state import base_id, hosts, primitives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cluster.state import Bundle, Clone, Primitive, State


def of_clone(clone: Clone, state: State) -> Iterator[Finding]:
    """For each resource of the clone whether it runs on the nodes where it could."""
    by_name: dict[str, list[Primitive]] = {}
    for one in primitives(clone.instances):
        # what is not configured any more is said of it, and what is meant to be stopped is right
        if not (one.orphaned or one.disabled):
            by_name.setdefault(base_id(one.id), []).append(one)
    for name, ones in by_name.items():
        yield from _of_instances(name, ones, clone, state)
    if clone.promotable and not clone.disabled and clone.target_role != "Unpromoted":
        yield from _not_promoted(clone.id, primitives(clone.instances))


def _of_instances(name: str, ones: list[Primitive], clone: Clone, state: State) -> Iterator[Finding]:
    active = [one for one in ones if one.active or one.failed]
    about = (clone.id, name)
    if not active:
        yield Finding("stopped", f"{name} is stopped on all nodes", (), about)
        return
    if clone.unique:
        yield from _of_unique(name, [one.id for one in ones if one not in active], len(ones), about)
        return
    missing = hosts(clone, state) - {node for one in active for node in one.nodes}
    # with fewer instances than nodes, they have their choice
    lacking = min(len(ones) - len(active), len(missing))
    if lacking > 0:
        text = f"{name} runs {len(active)} of {len(active) + lacking} instances, not on {_some(missing)}"
        yield Finding("fewer-instances", text, (), about)


def _of_unique(name: str, stopped: list[str], wanted: int, about: tuple[str, ...]) -> Iterator[Finding]:
    """Of instances that differ, none stands in for another one: each is meant to run, wherever that is."""
    if stopped:
        text = f"{name} runs {wanted - len(stopped)} of {wanted} instances, not {_some(stopped)}"
        yield Finding("fewer-instances", text, (), about)


def _not_promoted(id_: str, instances: Iterable[Primitive]) -> Iterator[Finding]:
    """Where something runs, and none of it is promoted."""
    active = [one for one in instances if one.active and not one.disabled and one.target_role != "Unpromoted"]
    roles = {one.role for one in active}
    names = tuple(dict.fromkeys((id_, *(base_id(one.id) for one in active))))
    if active and "Promoting" in roles:
        yield Finding("in-transition", f"{id_} is promoting", (), names)
    elif active and "Promoted" not in roles:
        yield Finding("not-promoted", f"no instance of {id_} is promoted", (), names)


def of_bundle(bundle: Bundle) -> Iterator[Finding]:
    """How many replicas run with all that is in them."""
    wanted = [replica for replica in bundle.replicas if not all(one.disabled for one in replica.resources)]
    running = [
        replica for replica in wanted if all(one.active or one.disabled or one.failed for one in replica.resources)
    ]
    names = tuple(dict.fromkeys((bundle.id, *(base_id(one.id) for one in primitives((bundle,))))))
    if wanted and not running:
        yield Finding("stopped", f"{bundle.id} is stopped in all replicas", (), names)
    elif len(running) < len(wanted):
        text = f"{bundle.id} runs {len(running)} of {len(wanted)} replicas"
        yield Finding("fewer-instances", text, (), names)
    if any(one.role == "Unpromoted" for one in primitives((bundle,))):
        yield from _not_promoted(bundle.id, (one for one in primitives((bundle,)) if one.role != "Started"))


def _some(found: Iterable[str], most: int = 3) -> str:
    names = sorted(found)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
