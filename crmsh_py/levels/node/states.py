"""Nodes in standby or maintenance, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, Refused, UsageError
from crmsh_py.levels.node.chosen import chosen
from crmsh_py.levels.node.level import level

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from contextlib import AbstractContextManager

    from crmsh_py.cib.document import Cib
    from crmsh_py.command.acting import Forewarn
    from crmsh_py.command.context import Context
    from crmsh_py.output import Record
    from crmsh_py.problems import Problem

_STANDBY, _MAINTENANCE = "standby", "maintenance"


@level.command("standby [<nodes:node>...] [(on|off)] [(reboot|forever)] [--all] [--wait] [--dry-run]", border=True)
def standby(
    cx: Context,
    nodes: Sequence[str] = (),
    on: bool = False,  # noqa: ARG001 - the word of the usage
    off: bool = False,
    reboot: bool = False,
    forever: bool = False,
    all: bool = False,  # noqa: A002 - the option's name
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Let nodes run no resources: what runs there is moved away, or stopped.

    Without a name it is the local node; --all are all of them, guests aside. The node stays in standby until `online`
    (forever, as it is usually), or with `reboot` until it leaves the cluster. `off` is what `online` does.

    --wait waits until the cluster has done it; --dry-run says what it would do, and changes nothing.

    Examples:
        standby beta
        standby alpha beta forever
        standby beta --dry-run
        standby beta off
    """
    if off:
        if reboot or forever:
            raise UsageError("`off` has no lifetime: standby ends at once")
        return _off(cx, nodes, all, _STANDBY, wait, dry_run)
    if reboot:
        return _until_reboot(cx, nodes, all, wait, dry_run)
    return _on(cx, nodes, all, _STANDBY, wait, dry_run)


@level.command("online [<nodes:node>...] [--all] [--wait] [--dry-run]", border=True)
def online(
    cx: Context,
    nodes: Sequence[str] = (),
    all: bool = False,  # noqa: A002 - the option's name
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Let nodes that are in standby run resources again, whether they were to be so forever or until a reboot.

    Notes say what starts and moves then. Names and options are as with `standby`.

    Examples:
        online beta
        online --all
        online beta --dry-run
    """
    return _off(cx, nodes, all, _STANDBY, wait, dry_run)


@level.command("maintenance [<nodes:node>...] [(on|off)] [--all] [--wait] [--dry-run]", border=True)
def maintenance(
    cx: Context,
    nodes: Sequence[str] = (),
    on: bool = False,  # noqa: ARG001 - the word of the usage
    off: bool = False,
    all: bool = False,  # noqa: A002 - the option's name
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Leave what runs on nodes alone: nothing is started, stopped or monitored there, whatever happens.

    Without a name it is the local node; --all are all of them, guests aside. What resources there say of maintenance
    themselves stays. `off` is what `ready` does.

    Examples:
        maintenance beta
        maintenance alpha beta --wait
        maintenance beta off
    """
    if off:
        return _off(cx, nodes, all, _MAINTENANCE, wait, dry_run)
    return _on(cx, nodes, all, _MAINTENANCE, wait, dry_run)


@level.command("ready [<nodes:node>...] [--all] [--wait] [--dry-run]", border=True)
def ready(
    cx: Context,
    nodes: Sequence[str] = (),
    all: bool = False,  # noqa: A002 - the option's name
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Take nodes out of maintenance.

    Resources there with a maintenance attribute of their own stay unmanaged: it is asked at the prompt whether that is
    removed, `-F` says yes, and in a script a note names them. Notes say what the cluster does then, as it stops what
    has target-role=Stopped.

    Examples:
        ready beta
        ready --all
        ready beta --dry-run
    """
    return _off(cx, nodes, all, _MAINTENANCE, wait, dry_run)


def _on(cx: Context, names: Sequence[str], is_all: bool, mode: str, wait: bool, dry_run: bool) -> Record | None:
    from crmsh_py.cib.node_modes import switch_on  # heavy
    from crmsh_py.command import acting

    cib = _newest(cx, dry_run)
    nodes = chosen(cx, cib, names, is_all)
    return acting.act(cx, lambda cib: switch_on(cib, nodes, mode), wait=wait, dry_run=dry_run)


def _off(cx: Context, names: Sequence[str], is_all: bool, mode: str, wait: bool, dry_run: bool) -> Record | None:
    from crmsh_py.cib import node_modes  # heavy
    from crmsh_py.command import acting

    cib = _newest(cx, dry_run)
    nodes = chosen(cx, cib, names, is_all)
    inside = _running_on(cx, nodes) if mode == _MAINTENANCE else ()
    also = [name for name in nodes if cx.is_live and node_modes.transient_on(cib, name, mode)]

    def change(cib: Cib) -> Iterable[Problem]:
        notes = node_modes.switch_off(cib, nodes, mode, also)
        return [*([] if dry_run else notes), *_of_resources(cx, cib, inside, dry_run)]

    def aside(cib: Cib) -> AbstractContextManager[None]:
        return node_modes.without_transient(cib, also, mode)

    record = acting.act(cx, change, wait=wait, dry_run=dry_run, forewarn=_follows(cx), is_last=False, aside=aside)
    if dry_run:
        return record
    _remove_transient(cx, also, mode)
    if cx.is_to_wait(wait):
        cx.settle()
    if mode == _STANDBY:
        _tell_of_failures(cx, nodes)
    return None


def _follows(cx: Context) -> Forewarn:
    from crmsh_py.command.consequences import follows  # heavy

    return lambda plan, before: follows(plan, before, cx.session.draft)


def _remove_transient(cx: Context, nodes: Iterable[str], mode: str) -> None:
    from crmsh_py.cluster.attributes import remove_transient  # heavy

    for name in nodes:
        remove_transient(name, mode)
        cx.note(f"{name}: {mode}, which was to end when the node leaves the cluster, is removed")


def _tell_of_failures(cx: Context, nodes: Sequence[str]) -> None:
    """Standby for a failed operation is no attribute, and ends otherwise."""
    from crmsh_py.cluster.state import state  # heavy

    try:
        found = state(cx.tools).nodes
    except CrmError:
        return
    for node in found:
        if node.name in nodes and node.standby_onfail:
            cx.note(
                f"{node.name} stays in standby: an operation failed there (on-fail=standby); `resource cleanup` ends it"
            )


def _until_reboot(cx: Context, names: Sequence[str], is_all: bool, wait: bool, dry_run: bool) -> Record | None:
    if dry_run:
        # the scheduler makes no difference
        return _on(cx, names, is_all, _STANDBY, wait, dry_run)
    if not cx.is_live:
        text = f"`standby reboot` is kept by the running cluster, and {cx.session.store.label} is none"
        raise Refused(text, hint="`standby forever` is a part of the configuration")
    from crmsh_py.cib.node_modes import transient_on  # heavy
    from crmsh_py.cluster.attributes import set_transient

    cib = _newest(cx, dry_run)
    nodes = chosen(cx, cib, names, is_all)
    with cx.waiting(wait):
        for name in nodes:
            if transient_on(cib, name, _STANDBY):
                cx.note(f"{name} is in standby until it leaves the cluster already")
            else:
                set_transient(name, _STANDBY, "on")
        cx.refresh()
    return None


def _newest(cx: Context, dry_run: bool) -> Cib:
    """The configuration as it is now; edits that are not committed yet are committed first, but for a dry run."""
    if not dry_run:
        cx.finish_edits()
    cx.refresh()
    return cx.session.draft


def _running_on(cx: Context, nodes: Sequence[str]) -> Container[str]:
    """The resources on nodes."""
    from crmsh_py.cluster.state import base_id, primitives, state  # heavy

    try:
        found = primitives(state(cx.tools).resources)
    except CrmError:
        # where Pacemaker is not installed, nothing runs
        return ()
    return {base_id(one.id) for one in found if set(one.nodes).intersection(nodes)}


def _of_resources(cx: Context, cib: Cib, resources: Container[str], dry_run: bool) -> Iterable[Problem]:
    if not resources:
        return ()
    from crmsh_py.cib.node_modes import end_maintenance  # heavy

    return end_maintenance(cib, resources, cx.ask if not dry_run else lambda _: cx.options.force)
