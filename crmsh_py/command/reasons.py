"""Why a resource does not run, or why it runs where it does: what the configuration and the state have to say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cib.attributes import META
from crmsh_py.cib.inherited import held
from crmsh_py.cib.kinship import NEEDS, Kinship, applies
from crmsh_py.cib.meanings import COLOCATION, GROUP, LOCATION, ORDER, TICKET, is_hard, meanings
from crmsh_py.cib.properties import is_true, property_value
from crmsh_py.cib.running import meaning
from crmsh_py.cib.scores import is_infinite
from crmsh_py.cluster.state import base_id, by_id, number, primitives
from crmsh_py.cluster.state.places import places
from crmsh_py.errors import CrmError
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.state import Node, Resource, State


class Reason(NamedTuple):
    """One of several reasons; code: for machines. node: where it holds, "" for everywhere. object: an id, or ""."""

    code: str
    text: str
    node: str
    object: str


def reasons(cib: Cib, state: State, rsc: str, named: list[Resource], node: str | None) -> Iterator[Reason]:
    """Why a resource runs where it does, or does not; the likely ones first. node: that alone is asked about.

    named: the instances that the name stands for.
    """
    return _Inquiry(cib, state, rsc, named, node).reasons()


class _Inquiry:
    """What is asked: why a resource, on a node or at all."""

    def __init__(self, cib: Cib, state: State, rsc: str, named: list[Resource], node: str | None) -> None:
        self.cib = cib
        self.state = state
        self.rsc = rsc
        self.node = node
        self.instances = list(primitives(named))
        self.ids = {id_ for one in self.instances for id_ in (one.id, base_id(one.id))}
        self.where = {one.node: one.role for one in places(named)}
        self.kin = Kinship(cib)
        # what runs and is no longer configured, or is made for a bundle, has no place in the configuration
        self.names = self.kin.names_of(rsc) if rsc in self.kin.elements else {rsc: ""}

    @property
    def is_there(self) -> bool:
        return self.node in self.where if self.node is not None else bool(self.where)

    def reasons(self) -> Iterator[Reason]:
        yield from self._whole_cluster()
        yield from self._attributes()
        yield from self._failures()
        yield from self._nodes()
        yield from self._tickets()
        yield from self._needs()
        yield from self._constraints()
        yield from self._scores()

    # ---- the cluster as a whole

    def _whole_cluster(self) -> Iterator[Reason]:
        summary = self.state.summary
        if summary.options.stop_all_resources:
            yield Reason("stop-all-resources", "the property stop-all-resources stops everything", "", "")
        if summary.options.maintenance_mode:
            text = "the cluster is in maintenance mode: it starts and stops nothing"
            yield Reason("maintenance-mode", text, "", "")
        if summary.has_quorum is False and summary.options.no_quorum_policy != "ignore":
            policy = summary.options.no_quorum_policy
            yield Reason("no-quorum", f"the cluster has no quorum, and no-quorum-policy is {policy}", "", "")
        if not summary.options.symmetric_cluster and not self.is_there:
            text = "symmetric-cluster is false: a resource runs only where a location constraint lets it"
            yield Reason("opt-in", text, "", "")
        if summary.dc is None:
            yield Reason("no-dc", "no node is the designated controller: nobody decides what runs", "", "")
        if not self.is_there and summary.options.stonith_enabled and not self._has_fencing():
            text = "fencing is enabled and no fence device is configured: the cluster starts no resource"
            yield Reason("no-fencing", text, "", "")

    def _has_fencing(self) -> bool:
        watchdog = property_value(self.cib, "have-watchdog")
        has_watchdog = watchdog is not None and watchdog.value == "true"
        return has_watchdog or any(el.get("class") == "stonith" for el in self.kin.elements.values())

    @property
    def _is_all_in_maintenance(self) -> bool:
        return self.state.summary.options.maintenance_mode

    # ---- what is set for it

    def _attributes(self) -> Iterator[Reason]:
        el = self.kin.elements.get(self.rsc)
        if el is None:
            yield Reason("orphaned", f"{self.rsc} is not configured, or is made by what is", "", "")
            return
        said = {name: (one.value, one.id or one.kind) for name, one in held(self.cib, el, META).items()}
        # what is not said of it but of what it is in, by target-role, holds all the same
        role, of = said.get("target-role", ("", ""))
        role = meaning("target-role", role)
        if role == "Stopped":
            yield Reason("target-role", f"{of} is meant to be stopped: target-role=Stopped", "", of)
        elif role == "Unpromoted":
            yield Reason("target-role", f"{of} is not to be promoted: target-role={role}", "", of)
        elif any(one.disabled for one in self.instances):
            meant = list(dict.fromkeys(base_id(one.id) for one in self.instances if one.disabled))
            text = f"{listed(meant)} is meant to be stopped, by itself or by what it is in"
            yield Reason("target-role", text, "", meant[0])
        is_set, of = said.get("maintenance", ("", ""))
        # Pacemaker 2.1.5 does not tell it of a resource
        if is_true(is_set) or (any(one.maintenance for one in self.instances) and not self._is_all_in_maintenance):
            yield Reason("maintenance", "it is in maintenance: the cluster leaves it as it is", "", of)
        # what is blocked counts as unmanaged
        elif any(not one.managed and not one.blocked for one in self.instances):
            of = said.get("is-managed", ("", ""))[1]
            yield Reason("unmanaged", "it is unmanaged: the cluster neither starts nor stops it", "", of)
        for one in self.instances:
            if one.blocked:
                yield Reason("blocked", f"{one.id} is blocked: a failure that nobody but you can mend", "", one.id)
            if one.locked_to:
                text = f"{one.id} waits for {one.locked_to}, where it ran before that was shut down"
                yield Reason("locked", text, one.locked_to, one.id)

    # ---- failures

    def _failures(self) -> Iterator[Reason]:
        for one in self.state.history:
            if one.resource not in self.ids and base_id(one.resource) not in self.ids:
                continue
            if not one.fail_count or self.node not in (None, one.node):
                continue
            if one.has_reached:
                text = f"{one.resource} has failed too often on {one.node}, and is kept away: {one.failures}"
                yield Reason("fail-count", f"{text} (`cleanup` has it forgotten)", one.node, one.resource)
            else:
                text = f"{one.resource} has failed on {one.node}: {one.failures}"
                yield Reason("failed", text, one.node, one.resource)
        for failure in self.state.failures:
            if base_id(failure.resource) in self.ids and self.node in (None, failure.node):
                why = f": {failure.reason}" if failure.reason else ""
                text = f"{failure.task} failed on {failure.node}, {failure.exit_status}{why}"
                yield Reason("failed-action", text, failure.node, failure.resource)

    # ---- nodes

    def _nodes(self) -> Iterator[Reason]:
        for one in self.state.nodes:
            is_asked = one.name == self.node or (self.node is None and not self.where)
            if is_asked and one.name not in self.where and (why := _is_away(one)):
                yield Reason("node", f"{one.name} {why}", one.name, "")
            elif one.name in self.where and one.maintenance and self.node in (None, one.name):
                yield Reason("node", f"{one.name} is in maintenance: what runs there is left alone", one.name, "")

    # ---- what it needs

    def _tickets(self) -> Iterator[Reason]:
        granted = {one.id for one in self.state.tickets if one.status == "granted" and not one.standby}
        for el in self.kin.constraints:
            ticket = el.get("ticket") or ""
            if el.tag == "rsc_ticket" and applies(el, self.names) and ticket not in granted:
                text = f"the ticket {ticket} is not granted here, or is in standby"
                yield Reason(TICKET, text, "", el.get("id", ""))

    def _needs(self) -> Iterator[Reason]:
        """What it depends on and does not run, from the nearest to the farthest."""
        if self.is_there or self.rsc not in self.kin.elements:
            return
        known = by_id(self.state.resources)
        bonds = [el for el in self.kin.constraints if el.tag in ("rsc_order", "rsc_colocation")]
        # that others are preferred or avoided does not keep a resource from running
        soft = {el.get("id") for el in bonds if not is_hard(el)}
        for one in self.kin.tree(self.rsc):
            is_bond = one.heading == NEEDS and one.kind in (GROUP, ORDER, COLOCATION)
            if not is_bond or one.name not in known or one.constraint in soft:
                continue
            if not places(known[one.name]):
                yield Reason("needs", f"{one.name} does not run; {one.text}", "", one.constraint)

    # ---- where it may be

    def _constraints(self) -> Iterator[Reason]:
        for el in self.kin.constraints:
            if el.tag != "rsc_location" or not applies(el, self.names):
                continue
            if self.node is not None and el.get("node") not in (None, self.node):
                continue
            is_ban = (el.get("score") or "").startswith("-")
            if el.get("node") is not None and is_ban and self.where and self.node is None:
                continue  # it runs elsewhere, as it should
            for text in meanings(el):
                yield Reason(LOCATION, text, el.get("node") or "", el.get("id", ""))
        if self.node is not None and not self.is_there and self.where:
            places_ = ", ".join(self.where)
            yield Reason("elsewhere", f"it runs on {places_}", "", "")

    def _scores(self) -> Iterator[Reason]:
        from crmsh_py.cluster.scores import PROMOTION, scores

        try:
            found = scores(self.cib.to_bytes())
        except CrmError:
            return  # the reasons that are known are worth more than none
        last: dict[str, dict[str, str]] = {}
        for one in found:
            is_asked = base_id(one.resource) in self.ids and self.node in (None, one.node)
            if one.function != PROMOTION and is_asked and one.node:
                last.setdefault(one.resource, {})[one.node] = one.score
        for resource, nodes in last.items():
            yield Reason("score", f"the scheduler's scores for {resource}: {_weighed(nodes)}", "", resource)


def _weighed(nodes: dict[str, str]) -> str:
    """Scores of nodes, the highest first; those where it never runs together."""
    never = [node for node, score in nodes.items() if score.startswith("-") and is_infinite(score)]
    others = {node: score for node, score in nodes.items() if node not in never}
    said = [f"{node} {score}" for node, score in sorted(others.items(), key=lambda one: -number(one[1]))]
    return ", ".join(said + ([f"never on {listed(never)}"] if never else []))


def _is_away(one: Node) -> str:
    said = {
        "is unclean, and waits to be fenced": one.unclean,
        "is offline": not one.online and not one.pending,
        "is just joining": one.pending,
        "is in standby after a failure (on-fail=standby)": one.standby_onfail,
        "is in standby": one.standby,
        "is in maintenance": one.maintenance,
        "is shutting down": one.shutdown,
        f"has the health {one.health}": one.health in ("red", "yellow"),
    }
    return next((words for words, is_so in said.items() if is_so), "")
