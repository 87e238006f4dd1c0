"""A resource moved to a node or kept from one: what is checked before it, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib import edit, placing
from crmsh_py.cib.running import PROMOTED, STARTED, is_promotable
from crmsh_py.command.acting import act, apply
from crmsh_py.command.consequences import all_else, instances, nodes
from crmsh_py.command.known import no_such
from crmsh_py.command.lifetime import end_of, is_lifetime
from crmsh_py.command.targets import resource
from crmsh_py.errors import INTERRUPTED, CrmError, Refused, TimedOut, UsageError
from crmsh_py.problems import ERROR, INFO, WARNING, Problem, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.simulation import Plan
    from crmsh_py.cluster.state import Node
    from crmsh_py.command.context import Context
    from crmsh_py.output import Record


class Placement:
    """A constraint that is to be made: `move` draws a resource to a node, `ban` keeps it from one.

    promoted: it is about promoted instances alone; of a move, wherever there can be such. is_forced: also where the
    resource runs already.
    """

    def __init__(
        self,
        cx: Context,
        name: str,
        node: str | None,
        lifetime: str | None,
        *,
        is_ban: bool = False,
        promoted: bool = False,
        is_forced: bool = False,
    ) -> None:
        if node is not None and lifetime is None and is_lifetime(node) and node not in cx.session.draft.nodes():
            node, lifetime = None, node
        self.cx = cx
        self.name = name
        self.node = node or ""
        self.end = end_of(lifetime) if lifetime else None
        self.is_ban = is_ban or node is None
        self.is_move = not is_ban
        self.is_promoted = promoted
        self.is_forced = is_forced
        self.rsc = ""
        self.role = STARTED
        self.made = ""
        self.now: Plan | None = None
        self.before: placing.Snapshot = []

    def run(self, *, wait: bool, dry_run: bool) -> Record | None:
        """Make the constraint, say so, and wait if that is asked for.

        Raises NoSuchObject for an unknown resource or node, UsageError, Refused where there is nothing to move,
        CrmError where it does not arrive, TimedOut, and what `act` raises.
        """
        if not dry_run:
            self.cx.finish_edits()
        self.cx.refresh()
        self._find(self.cx.session.draft)
        self._choose_node()
        record = act(self.cx, self._change, wait=wait, dry_run=dry_run, forewarn=self._forewarn, is_last=False)
        if dry_run:
            return record
        self._tell()
        if self.cx.is_to_wait(wait) and self.cx.is_live:
            self._wait()
        return record

    # ---- before

    def _find(self, cib: Cib) -> None:
        el = resource(cib, self.name)
        home = placing.whole(el)
        self.rsc = home.get("id") or ""
        if home is not el:
            self.cx.note(f"{self.name} is in {self.rsc}, which moves as a whole")
        # the promoted instances of a bundle are on nodes of its own
        can_be = is_promotable(home) and home.tag != "bundle"
        if self.is_promoted and not can_be:
            raise Refused(f"{self.rsc} is not promotable: --promoted has no meaning for it")
        if can_be and (self.is_promoted or self.is_move):
            self.role = PROMOTED
        self.now = _plan(self.cx)

    def _choose_node(self) -> None:
        here = nodes(self.now.resources_before, self.rsc, self.role) if self.now else []
        if not self.node:
            self.node = self._only(here)
            return
        known = {node.name for node in self.now.nodes_before} if self.now else set()
        known.update(self.cx.session.draft.nodes())
        match = next((name for name in known if name.lower() == self.node.lower()), None)
        if match is None:
            raise no_such("node", self.node, known)
        self.node = match
        if not self.is_ban and match in here and not self.is_forced:
            what = "is promoted" if self.role == PROMOTED else "runs"
            raise Refused(f"{self.rsc} {what} on {match} already", hint="`force` holds it there all the same")

    def _only(self, here: list[str]) -> str:
        if not here:
            what = "promoted" if self.role == PROMOTED else "running"
            raise CrmError(f"{self.rsc} is {what} nowhere: say which node is meant")
        if len(here) > 1:
            raise UsageError(f"{self.rsc} is active on {listed(here)}: say which node is meant")
        return here[0]

    def _change(self, cib: Cib) -> list[Problem]:
        self.before = placing.snapshot(cib, self.rsc)
        make = placing.ban if self.is_ban else placing.move
        made = make(cib, self.rsc, self.node, self.role, self.end)
        self.made = made.get("id") or ""
        left = {el.get("id") for el in placing.constraints_of(cib, self.rsc)}
        gone = [id_ for _, el in self.before if (id_ := el.get("id")) and id_ not in left]
        return [Problem(INFO, "note", f"{id_} is removed, it makes room for {self.made}") for id_ in gone]

    def _forewarn(self, plan: Plan, before: Callable[[], Plan]) -> Iterator[Problem]:
        home = self.cx.session.draft.resource(self.rsc)
        yield from all_else(plan, before, [] if home is None else [home], "moving" if self.is_move else "banning")
        node = next((one for one in plan.nodes if one.name == self.node), None)
        there = nodes(plan.resources, self.rsc, self.role)
        if any(not one.managed for one in instances(plan.resources, self.rsc)):
            yield self._warning(f"{self.rsc} is unmanaged: it stays where it is")
        elif self.is_ban:
            if not there and nodes(plan.resources_before, self.rsc, self.role):
                yield self._end()
        elif node is not None and self.node not in there:
            is_stopped = all(one.disabled for one in instances(plan.resources, self.rsc))
            why = f"target-role=Stopped is set; `resource start {self.rsc}`" if is_stopped else _why_not(node)
            hint = f"`resource why {self.rsc} {self.node}` says more"
            yield self._warning(f"{self.rsc} does not move to {self.node}: {why}")._replace(hint=hint)

    def _end(self) -> Problem:
        what = "is promoted nowhere" if self.role == PROMOTED else "stops"
        found = self._warning(f"no other node can have {self.rsc}: it {what}")
        if not self.is_move or self.is_forced:
            return found
        return found._replace(severity=ERROR, hint="`force` moves it away all the same")

    def _warning(self, text: str) -> Problem:
        return Problem(WARNING, "does-not-move", text, object_id=self.rsc)

    # ---- after

    @property
    def _undo(self) -> str:
        return f"`crm resource clear {self.rsc}` removes it"

    def _tell(self) -> None:
        if self.role == PROMOTED:
            does = f"keeps {self.rsc} from being promoted on" if self.is_ban else f"has {self.rsc} promoted on"
        else:
            does = f"keeps {self.rsc} away from" if self.is_ban else f"holds {self.rsc} at"
        until = f", until {self.end:%Y-%m-%d %H:%M:%S} UTC" if self.end else ""
        text = f"the constraint {self.made} {does} {self.node}{until}; {self._undo}"
        self.cx.warn(Problem(INFO, "constraint-made", text, object_id=self.made))

    def _wait(self) -> None:
        try:
            self.cx.settle()
        except TimedOut as error:
            text = f"{self.rsc} has not moved in time; the constraint {self.made} stays"
            raise TimedOut(f"{text}, and {self._undo}", hint=error.problems[0].hint) from None
        from crmsh_py.cluster.state import state  # heavy

        there = nodes(state(self.cx.tools).resources, self.rsc, self.role)
        arrived = self.node not in there if self.is_ban else there == [self.node] or self._is_clone_at(there)
        if not self.is_move:
            if not arrived:
                raise CrmError(f"the cluster has settled, but {self.rsc} is still active on {self.node}; {self._undo}")
        elif arrived and there:
            self._clear(there)
        else:
            self._roll_back()

    def _is_clone_at(self, there: list[str]) -> bool:
        """Whether one of several instances is at the node: more of them may be elsewhere."""
        home = self.cx.session.draft.resource(self.rsc)
        return home is not None and home.tag in ("clone", "master", "bundle") and self.node in there

    def _clear(self, there: list[str]) -> None:
        """Remove the constraint if the resource stays where it is without it; say so."""
        from crmsh_py.command.acting import foresee  # heavy

        # where the constraint was there already, what was read is from before the move
        self.cx.refresh()
        plan = foresee(self.cx, self._without)
        if nodes(plan.resources, self.rsc, self.role) == there and not self._is_touched(plan):
            apply(self.cx, self._without, is_last=False)
            self.cx.note(f"{self.rsc} has moved to {listed(there)} and stays there; {self.made} is removed")
        else:
            self.cx.note(f"{self.rsc} has moved to {listed(there)}, but would not stay there; {self.made} stays")

    def _is_touched(self, plan: Plan) -> bool:
        own = {one.id for one in instances(plan.resources_before, self.rsc)}
        return any(action.resource in own for action in plan.actions)

    def _without(self, cib: Cib) -> list[Problem]:
        return edit.delete(cib, [self.made], force=True)

    def _roll_back(self) -> None:
        from crmsh_py.run import undisturbed  # heavy

        def change(cib: Cib) -> list[Problem]:
            placing.put_back(cib, self.rsc, self.before)
            return []

        with undisturbed():
            try:
                apply(self.cx, change, is_last=False)
            except CrmError as error:
                text = f"{self.rsc} did not move, and {self.made} could not be removed: {str(error) or INTERRUPTED}"
                raise CrmError(text, hint=self._undo) from None
            what = "away from" if self.is_ban else "to"
            was_there = self.made in {el.get("id") for _, el in self.before}
            now = f"the earlier {self.made} is in force again, {self._undo}"
            now = now if was_there else f"the constraint {self.made} is removed again"
            text = f"{self.rsc} did not move {what} {self.node}; {now}"
            raise CrmError(text, hint=f"`resource why {self.rsc} {self.node}` says more")


def _why_not(node: Node) -> str:
    if not node.online:
        return f"{node.name} is offline"
    if node.standby or node.standby_onfail:
        return f"{node.name} is in standby"
    return f"{node.name} is in maintenance" if node.maintenance else "the scheduler does not put it there"


def _plan(cx: Context) -> Plan | None:
    """Nodes and resources as they are, and what the scheduler would do; None for a file that cannot be asked about."""
    from crmsh_py.cluster import simulation  # heavy

    try:
        return simulation.plan(cx.session.draft.to_bytes())
    except CrmError:
        if cx.is_live:
            raise
        return None
