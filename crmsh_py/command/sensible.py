"""What makes sense for an argument of a command, of all the words of its kind.

What is right but makes no sense now, as to start what runs, is offered where nothing else fits what was typed; and
where it is not known what runs, all is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command import sensible_attributes as attributes
from crmsh_py.command.candidates import Candidate, Offer, objects
from crmsh_py.command.candidates.state import known
from crmsh_py.command.slots import SLOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeAlias

    from crmsh_py.command.candidates import Source
    from crmsh_py.command.candidates.state import Known, Running
    from crmsh_py.command.context import Context
    from crmsh_py.command.pattern import Argument

    Choose: TypeAlias = Callable[["Asked"], Offer]


class Asked(NamedTuple):
    """An argument that is being typed: its kind, the words behind the command before it, what was typed of it."""

    cx: Context
    kind: str
    before: Sequence[str]
    partial: str

    def of_kind(self, kind: str = "") -> Iterable[Candidate]:
        """What the row of SLOTS offers, of the kind that is wanted or of another one."""
        return SLOTS[kind or self.kind].candidates(self.cx, self.partial)


def of_argument(cx: Context, command: str, item: Argument, before: Sequence[str], partial: str) -> Offer:
    """What may stand for an argument. command: with its level; before: the words behind the command so far."""
    asked = Asked(cx, item.kind, before, partial)
    choose = CHOICES.get(f"{command} {item.name}")
    return choose(asked) if choose else Offer(asked.of_kind())


# ---- resources


def _running(makes_sense: Callable[[Running, bool], bool]) -> Choose:
    """Resources of which it makes sense, by what runs where; each with that.

    makes_sense: of a resource, and whether there is a cluster: of a file nothing runs.
    """

    def divided(state: Known, found: Iterable[Candidate]) -> Offer:
        best: list[Candidate] = []
        others: list[Candidate] = []
        for one in found:
            running = state.resources.get(one.text)
            about = running.about(state.is_cluster) if running else ""
            told = one._replace(about=f"{about}: {one.about}") if about else one
            (best if running is None or makes_sense(running, state.is_cluster) else others).append(told)
        return _first_of(best, others)

    def choose(asked: Asked) -> Offer:
        state, found = known(asked.cx), asked.of_kind()
        if state is None:
            return Offer(found)
        return asked.cx.later.once(choose, (state, found), lambda: divided(state, found))

    return choose


def _first_of(best: Sequence[Candidate], others: Sequence[Candidate]) -> Offer:
    """What makes sense; where nothing does, all that is possible."""
    return Offer(best or others, others)


def _first(source: Source) -> Choose:
    """What a source has; all of the kind where that is nothing, or does not fit."""
    return lambda asked: _first_of(list(source(asked.cx, asked.partial)), list(asked.of_kind()))


def _movable(asked: Asked) -> Offer:
    """What stands in no container: members are moved with it."""
    containers = objects.objects(asked.cx).containers
    found = list(asked.of_kind())
    return _first_of([one for one in found if one.text not in containers], found)


def _moved(asked: Asked) -> Offer:
    """What commands have moved, or kept from nodes."""
    moved = objects.moved(asked.cx)
    found = list(asked.of_kind())
    return _first_of([one for one in found if one.text in moved], found)


def _moved_to(asked: Asked) -> Offer:
    """The nodes of these constraints."""
    named = objects.moved(asked.cx).get(asked.before[0], ())
    found = list(asked.of_kind())
    return _first_of([one for one in found if one.text in named], found)


def _traced(asked: Asked) -> Offer:
    return _first_of(objects.traced(asked.cx), objects.objects(asked.cx).of("primitive"))


def _members(asked: Asked) -> Offer:
    """What is in the group that is named first."""
    containers = objects.objects(asked.cx).containers
    return Offer([one for one in asked.of_kind() if containers.get(one.text) == asked.before[0]])


def _new_members(asked: Asked) -> Offer:
    is_new = "add" in asked.before
    return Offer(objects.free("primitive")(asked.cx, "")) if is_new else _members(asked)


def _of_same_agent(asked: Asked) -> Offer:
    """Primitives of the agent of the first one that is named, and of no template."""
    found = [one for one in objects.objects(asked.cx).of("primitive") if not one.about.startswith("primitive @")]
    abouts = {one.text: one.about for one in found}
    wanted = abouts.get(asked.before[0]) if asked.before else None
    return Offer([one for one in found if wanted in (None, one.about)])


def _to_rename(asked: Asked) -> Offer:
    """Nodes have their names from the cluster."""
    return Offer(objects.objects(asked.cx).of())


# ---- nodes


def _nodes(*conditions: str) -> Choose:
    """Nodes in one of these conditions."""

    def choose(asked: Asked) -> Offer:
        state = known(asked.cx)
        if state is None or not state.is_cluster:
            return Offer(asked.of_kind())
        found = list(asked.of_kind())
        best = [one for one in found if state.nodes.get(one.text, conditions[0]) in conditions]
        return _first_of(best, found)

    return choose


def _targets(asked: Asked) -> Offer:
    """Nodes where the resource that is named could go: those that are up, and where it is not."""
    state = known(asked.cx)
    found = list(asked.of_kind())
    running = state.resources.get(asked.before[0]) if state and asked.before else None
    if state is None or not state.is_cluster:
        return Offer(found)
    here = running.nodes if running else ()
    up = [one for one in found if state.nodes.get(one.text) == "online"]
    return _first_of([one for one in up if one.text not in here] or up, found)


def _kept_from(asked: Asked) -> Offer:
    """Nodes that the resource may be kept from: those where it is stand first."""
    state = known(asked.cx)
    running = state.resources.get(asked.before[0]) if state and asked.before else None
    here = running.nodes if running else ()
    return Offer(sorted(asked.of_kind(), key=lambda one: one.text not in here))


# ---- others


def _tickets(asked: Asked) -> Offer:
    """The tickets, with what has become of them."""
    state = known(asked.cx)
    said = state.tickets if state else {}
    named = [one._replace(about=said.get(one.text, one.about)) for one in asked.of_kind()]
    names = {one.text for one in named}
    found = [*named, *(Candidate(name, about) for name, about in said.items() if name not in names)]
    wanted = _TICKETS.get(asked.before[0] if asked.before else "")
    return _first_of([one for one in found if not wanted or one.about in (*wanted, "ticket")], found)


def _epoch(asked: Asked) -> Offer:
    cib = asked.cx.seen()
    number = cib.root.get("epoch") if cib is not None else None
    return Offer([Candidate(number, "of the configuration as it is now")] if number else ())


def _selectors_of_show(asked: Asked) -> Offer:
    return Offer([*asked.of_kind(), Candidate("obscure:", "masks the values of a name")])


# by the name of a verb, the conditions of tickets for which it makes sense
_TICKETS = {
    "grant": ("revoked", "standby"),
    "revoke": ("granted", "standby"),
    "standby": ("granted",),
    "activate": ("standby",),
}
_PRIMITIVES = _first(lambda cx, _: objects.objects(cx).of("primitive"))
_PROMOTABLE = _first(objects.promotable)
_ATTRIBUTES = {
    f"{command} {argument}": choose
    for command, of in (
        ("resource meta", attributes.Attributes(attributes.META)),
        ("resource param", attributes.Attributes(attributes.PARAMETERS)),
        ("resource utilization", attributes.Attributes(attributes.UTILIZATION)),
        ("node attribute", attributes.Attributes(attributes.PARAMETERS)),
        ("node utilization", attributes.Attributes(attributes.UTILIZATION)),
        ("node status-attr", attributes.Attributes(attributes.PARAMETERS)),
    )
    for argument, choose in (
        ("attr", of.names),
        ("names", of.names_set),
        ("pairs", of.pairs),
        ("value", of.values),
    )
}
# level, command and argument
CHOICES: dict[str, Choose] = {
    "resource start resources": _running(lambda one, is_cluster: one.is_disabled or (is_cluster and not one.nodes)),
    "resource stop resources": _running(lambda one, _: not one.is_disabled or bool(one.nodes)),
    "resource restart resources": _running(lambda one, is_cluster: bool(one.nodes) or not is_cluster),
    "resource promote resources": _PROMOTABLE,
    "resource demote resources": _PROMOTABLE,
    "resource manage resources": _running(lambda one, _: not one.is_managed),
    "resource unmanage resources": _running(lambda one, _: one.is_managed),
    "resource maintenance resources": _running(lambda *_: True),
    "resource cleanup rsc": _running(lambda one, _: one.has_failed),
    "resource move resource": _movable,
    "resource move node": _targets,
    "resource ban node": _kept_from,
    "resource clear resource": _moved,
    "resource clear node": _moved_to,
    "resource trace rsc": _PRIMITIVES,
    "resource trace operation": attributes.operations,
    "resource trace interval": attributes.intervals,
    "resource untrace rsc": _traced,
    "resource untrace operation": attributes.operations,
    "resource untrace interval": attributes.intervals,
    "resource failcount operation": attributes.operations,
    "resource failcount interval": attributes.intervals,
    "resource secret rsc": _PRIMITIVES,
    "resource secret name": attributes.Attributes(attributes.PARAMETERS).names,
    "resource param name": _PRIMITIVES,
    "resource utilization name": _PRIMITIVES,
    **_ATTRIBUTES,
    "maintenance on rsc": _running(lambda one, _: not one.is_in_maintenance),
    "maintenance off rsc": _running(lambda one, _: one.is_in_maintenance),
    "maintenance action rsc": _PRIMITIVES,
    "node standby nodes": _nodes("online", "maintenance", "pending"),
    "node online nodes": _nodes("standby"),
    "node maintenance nodes": _nodes("online", "standby", "pending"),
    "node ready nodes": _nodes("maintenance"),
    "node clearstate node": _nodes("unclean", "offline"),
    "node delete nodes": _nodes("offline", "unclean"),
    "site ticket ticket": _tickets,
    "configure show selection": _selectors_of_show,
    "configure set value": attributes.of_path,
    "configure rename old": _to_rename,
    "configure modgroup group": _first(lambda cx, _: objects.objects(cx).of("group")),
    "configure modgroup member": _new_members,
    "configure modgroup sibling": _members,
    "configure validate-all rsc": _PRIMITIVES,
    "configure commit expect_epoch": _epoch,
    "assist template first": _of_same_agent,
    "assist template others": _of_same_agent,
    "ra validate parameter": attributes.parameters,
    "options set value": attributes.of_setting,
}
