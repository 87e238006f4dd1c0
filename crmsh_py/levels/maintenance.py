"""Maintenance mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.declare import Level
from crmsh_py.errors import CrmError, Refused, UsageError
from crmsh_py.output import Record
from crmsh_py.problems import INFO, Problem, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.direct_actions import Outcome
    from crmsh_py.cluster.simulation import Plan
    from crmsh_py.cluster.state import Primitive, State
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

    Question = Callable[[str], bool]

level = Level("maintenance", "Maintenance mode, of the cluster or of a resource.")

_PROPERTY, _ATTRIBUTE = "maintenance-mode", "maintenance"


@level.command("on [<rsc>] [--wait] [--dry-run]", border=True)
def on(cx: Context, rsc: str | None = None, wait: bool = False, dry_run: bool = False) -> Record | None:
    """Leave all resources alone, or one of them: nothing is started, stopped or monitored, whatever happens.

    It is the property maintenance-mode for the cluster, the attribute maintenance for a resource. What resources say of
    maintenance themselves stays, for when the cluster is out of it. --wait waits until the cluster has followed,
    --dry-run says what it would do.

    Examples:
        on
        on web
        on --wait
    """
    return _set(cx, rsc, True, wait, dry_run)


@level.command("off [<rsc>] [--wait] [--dry-run]", border=True)
def off(cx: Context, rsc: str | None = None, wait: bool = False, dry_run: bool = False) -> Record | None:
    """Take the cluster, or one resource, out of maintenance mode.

    Resources with a maintenance attribute of their own stay unmanaged: it is asked at the prompt whether that is
    removed, `-F` says yes, and in a script a note names them. Notes say what the cluster does then, as it stops what
    has target-role=Stopped.

    Examples:
        off
        off web
        off --dry-run
    """
    return _set(cx, rsc, False, wait, dry_run)


@level.command("action <rsc> <action:direct_action> [ssh]", live=True)
def action(cx: Context, rsc: str, action: str, ssh: bool = False) -> Record:
    """Run an action of a resource's agent on this node, past the cluster, while the resource is in maintenance.

    An action is start, stop, monitor, promote, demote or validate-all. All but start, monitor and validate-all want
    the resource to be running here. The exit code is 0 where the agent succeeded, else 1. With a resource that the
    cluster manages it is refused, but with `-F`: the cluster would take what it finds for a failure.

    Examples:
        action server monitor
    """
    from crmsh_py.cluster import direct_actions  # heavy
    from crmsh_py.cluster.state import state
    from crmsh_py.command import known

    if ssh:
        raise UsageError(
            "`ssh` is not there yet: the action runs on this node only", hint="`cluster run` runs commands on all"
        )
    found = state(cx.tools)
    local = known.local_node(cx, (node.name for node in found.nodes))
    _refuse_managed(found, rsc, local, action, cx.options.force)
    outcome = direct_actions.run_action(rsc, action)
    data = {"resource": rsc, "action": action, "node": local, **outcome._asdict()}
    exit_code = CrmError.exit_code if outcome.exit_code else 0
    return Record("maintenance.action", lambda: data, lambda: _said(rsc, action, local, outcome), exit_code=exit_code)


# ---- on, off


def _set(cx: Context, rsc: str | None, is_on: bool, wait: bool, dry_run: bool) -> Record | None:
    from crmsh_py.command import acting, consequences  # heavy

    def is_to_go(question: str) -> bool:
        return cx.options.force if dry_run else cx.ask(question)

    def change(cib: Cib) -> Iterable[Problem]:
        return _of_cluster(cib, is_on, is_to_go) if rsc is None else _of_resource(cib, rsc, is_on, is_to_go)

    def forewarn(plan: Plan, before: Callable[[], Plan]) -> Iterator[Problem]:
        return consequences.follows(plan, before, cx.session.draft)

    return acting.act(cx, change, wait=wait, dry_run=dry_run, forewarn=None if is_on else forewarn)


def _of_cluster(cib: Cib, is_on: bool, is_to_go: Question) -> Iterable[Problem]:
    from crmsh_py.cib import edit  # heavy
    from crmsh_py.cib.node_modes import end_maintenance
    from crmsh_py.cib.properties import is_true, property_value
    from crmsh_py.language import statements as st

    wanted = "true" if is_on else "false"
    before = property_value(cib, _PROPERTY)
    notes: list[Problem] = []
    if before is not None and is_true(before.value) == is_on:
        notes.append(Problem(INFO, "note", f"the cluster is {'in' if is_on else 'not in'} maintenance mode already"))
    else:
        notes += edit.add(cib, [st.Property(children=[st.NVPair(name=_PROPERTY, value=wanted)])])
        after = property_value(cib, _PROPERTY)
        if after is None or is_true(after.value) != is_on:
            text = f"another set of properties says {_PROPERTY}={after.value if after else ''}, and counts more"
            raise Refused(text, hint="`configure show type:property` shows it")
    return notes if is_on else [*notes, *end_maintenance(cib, None, is_to_go)]


def _of_resource(cib: Cib, rsc: str, is_on: bool, is_to_go: Question) -> Iterable[Problem]:
    from crmsh_py.cib import running  # heavy
    from crmsh_py.command import targets

    wanted = running.YES if is_on else running.NO
    found = targets.resources(cib, [rsc])
    return running.wish(cib, found, _ATTRIBUTE, wanted, of_members=is_to_go, of_others=is_to_go)


# ---- action


def _refuse_managed(found: State, rsc: str, local: str, action: str, is_forced: bool) -> None:
    """Raise Refused where an action would meet the cluster, NoSuchObject where there is no such resource."""
    from crmsh_py.cluster.state import base_id, primitives  # heavy
    from crmsh_py.command.known import resources

    (named,) = resources(found, [rsc])
    each: list[Primitive] = list(primitives(named))
    if {base_id(one.id) for one in each} != {base_id(rsc)}:
        inside = listed(dict.fromkeys(base_id(one.id) for one in each))
        raise UsageError(f"{rsc} is no primitive: an agent has actions", hint=f"in it: {inside}")
    is_managed = not found.summary.options.maintenance_mode and any(one.managed for one in each)
    if is_managed and not is_forced:
        text = f"{rsc} is managed by the cluster"
        raise Refused(text, hint=f"`maintenance on {rsc}` first, or `maintenance on` for all")
    elsewhere = [node for one in each for node in one.nodes if node != local]
    if elsewhere and not any(local in one.nodes for one in each) and action not in ("start", "monitor", "validate-all"):
        raise Refused(f"{rsc} runs on {listed(elsewhere)}, and this is {local}", hint="run the command there")
    if elsewhere and action == "start":
        raise Refused(f"{rsc} runs on {listed(elsewhere)} already; here, it would run twice")


def _said(rsc: str, action: str, node: str, outcome: Outcome) -> Iterator[Fragment]:
    yield "", outcome.output if not outcome.output or outcome.output.endswith("\n") else outcome.output + "\n"
    style = "error" if outcome.exit_code else ""
    yield from [("", f"{action} of "), ("id", rsc), ("", " on "), ("name", node), ("", ": ")]
    yield style, f"{outcome.status} ({outcome.exit_code})"
    yield "comment", f" {outcome.reason}" if outcome.reason else ""
    yield "", "\n"
