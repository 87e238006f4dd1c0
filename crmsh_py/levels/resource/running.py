"""Resources started and stopped, promoted and demoted, left alone and taken care of again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.state import by_id, primitives
from crmsh_py.errors import CrmError, Refused
from crmsh_py.levels.resource.level import level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.simulation import Plan
    from crmsh_py.cluster.state import Resource
    from crmsh_py.command.context import Context
    from crmsh_py.output import Record
    from crmsh_py.problems import Problem

    # what a resource, given by its id in the configuration, consists of
    Parts = list[Resource]


@level.command("start <resources:rsc>... [--wait] [--dry-run]", border=True)
def start(cx: Context, resources: Sequence[str], wait: bool = False, dry_run: bool = False) -> Record | None:
    """Start resources: target-role=Started.

    For what a clone or a bundle runs, that is said of the clone or the bundle; for a member of a group, of the member
    alone. A member that has a target-role of its own keeps it, unless somebody at the prompt says that it is to go;
    `-F`, and manage-children=always among the options, say so beforehand, `-n` and manage-children=never the contrary.
    A tag stands for its resources.

    --wait waits until the cluster has settled, and fails (exit code 1) where a resource does not run then. --dry-run
    says what the cluster would do, and changes nothing.

    Examples:
        start web
        start address gateway
        start disk-clone --wait
    """
    return _act(cx, resources, "target-role", "Started", wait, dry_run, _started)


@level.command("stop <resources:rsc>... [--wait] [--dry-run]", border=True)
def stop(cx: Context, resources: Sequence[str], wait: bool = False, dry_run: bool = False) -> Record | None:
    """Stop resources: target-role=Stopped.

    A note names the others that stop because they need them. To what the attribute is given, and the options, are as
    with `start`; with --wait it is an error if a resource still runs then.

    Examples:
        stop web
        stop server gateway --wait
        stop public
    """
    return _act(cx, resources, "target-role", "Stopped", wait, dry_run, _stopped)


@level.command("promote <resources:rsc>... [--wait] [--dry-run]", border=True)
def promote(cx: Context, resources: Sequence[str], wait: bool = False, dry_run: bool = False) -> Record | None:
    """Let instances of promotable clones and bundles be promoted: target-role=Promoted.

    The options are as with `start`.

    Examples:
        promote disk-clone
        promote disk --wait
    """
    return _act(cx, resources, "target-role", "Promoted", wait, dry_run, _promoted)


@level.command("demote <resources:rsc>... [--wait] [--dry-run]", border=True)
def demote(cx: Context, resources: Sequence[str], wait: bool = False, dry_run: bool = False) -> Record | None:
    """Let no instance of promotable clones and bundles be promoted: target-role=Unpromoted. They go on running.

    A note names what stops because it needs a promoted instance. The options are as with `start`.

    Examples:
        demote disk-clone
        demote disk --wait
    """
    return _act(cx, resources, "target-role", "Unpromoted", wait, dry_run, _demoted)


@level.command("manage <resources:rsc>... [--wait] [--dry-run]", border=True)
def manage(cx: Context, resources: Sequence[str], wait: bool = False, dry_run: bool = False) -> Record | None:
    """Let the cluster start, stop and watch resources again: is-managed=true.

    Where maintenance=true stands beside it, the resource stays unmanaged: at the prompt it is asked whether that is to
    go. Notes say what the cluster does then, as it stops what has target-role=Stopped. The options are as with `start`.

    Examples:
        manage web
        manage disk address
    """
    return _act(cx, resources, "is-managed", "true", wait, dry_run)


@level.command("unmanage <resources:rsc>... [--wait] [--dry-run]", border=True)
def unmanage(cx: Context, resources: Sequence[str], wait: bool = False, dry_run: bool = False) -> Record | None:
    """Keep the cluster from starting and stopping resources: is-managed=false. They are still monitored.

    The options are as with `start`.

    Examples:
        unmanage web
        unmanage disk address
    """
    return _act(cx, resources, "is-managed", "false", wait, dry_run)


@level.command(
    "maintenance <resources:rsc>... [(on|off|true|false|yes|no)] [--wait] [--dry-run]",
    border=True,
)
def maintenance(
    cx: Context,
    resources: Sequence[str],
    wait: bool = False,
    dry_run: bool = False,
    *,
    on: bool = False,
    off: bool = False,
    true: bool = False,
    false: bool = False,
    yes: bool = False,
    no: bool = False,
) -> Record | None:
    """Keep the cluster from doing anything with resources, monitors included, or end that: maintenance=true or false.

    Without a word it is `on`. Where is-managed=false stands beside it, the resource stays unmanaged after `off`: at the
    prompt it is asked whether that is to go. The options are as with `start`.

    Examples:
        maintenance web
        maintenance disk address off
    """
    is_on = on or true or yes or not (off or false or no)
    return _act(cx, resources, "maintenance", "true" if is_on else "false", wait, dry_run)


def _act(
    cx: Context,
    names: Sequence[str],
    attribute: str,
    value: str,
    wait: bool,
    dry_run: bool,
    is_done: Callable[[Parts], str] = lambda _: "",
) -> Record | None:
    """Give an attribute to resources; is_done: what is wrong with a resource when the cluster has settled, or ""."""
    from crmsh_py.command.acting import act  # heavy

    wished = _Wish(cx, names, attribute, value)
    done = act(cx, wished.change, wait=wait, dry_run=dry_run, forewarn=wished.forewarn)
    if cx.is_to_wait(wait) and not dry_run and cx.is_live:
        _check(cx, wished.ids, is_done)
    return done


class _Wish:
    """An attribute that resources are given; ids: of those that have it then."""

    def __init__(self, cx: Context, names: Sequence[str], attribute: str, value: str) -> None:
        self.cx = cx
        self.names = names
        self.attribute = attribute
        self.value = value
        self.ids: list[str] = []
        self.homes: list[Element] = []

    def change(self, cib: Cib) -> list[Problem]:
        """The edit. Raises NoSuchObject, Refused for what cannot be promoted."""
        from crmsh_py.cib import running  # heavy
        from crmsh_py.command.targets import resources

        found = resources(cib, self.names)
        self.homes = list(dict.fromkeys(running.holder(el) for el in found))
        self.ids = [home.get("id") or "" for home in self.homes]
        if self.value in (running.PROMOTED, running.UNPROMOTED):
            _refuse_the_unpromotable(self.homes)
        of_members = _answer(self.cx)
        return running.wish(cib, found, self.attribute, self.value, of_members=of_members, of_others=self.cx.ask)

    def forewarn(self, plan: Plan, before: Callable[[], Plan]) -> Iterator[Problem]:
        """What else happens, and what does not."""
        from crmsh_py.command.consequences import all_else, follows, not_as_wished  # heavy

        doing = {"Stopped": "stopping", "Unpromoted": "demoting"}.get(self.value)
        if doing:
            yield from all_else(plan, before, self.homes, doing)
        if self.attribute == "target-role":
            yield from not_as_wished(plan, self.homes, is_to_run=self.value != "Stopped")
        elif (self.attribute, self.value) in (("is-managed", "true"), ("maintenance", "false")):
            yield from follows(plan, before, self.cx.session.draft)


def _answer(cx: Context) -> Callable[[str], bool]:
    """Whether values of members that are against what is wished go: as it is set, or as the user says."""
    wanted = cx.settings["core.manage_children"]
    return cx.ask if wanted == "ask" else lambda _: wanted == "always"


def _refuse_the_unpromotable(homes: Sequence[Element]) -> None:
    from crmsh_py.cib.running import is_promotable  # heavy

    for home in homes:
        if not is_promotable(home):
            text = f"{home.get('id')} cannot be promoted: only a clone with promotable=true can, and a bundle of such"
            raise Refused(text)


def _check(cx: Context, ids: Sequence[str], is_done: Callable[[Parts], str]) -> None:
    """Raise CrmError where a resource is not as it was wished when the cluster has settled."""
    from crmsh_py.cluster.state import state  # heavy

    found = by_id(state(cx.tools).resources)
    for id_ in ids:
        said = is_done(found.get(id_, []))
        if said:
            raise CrmError(f"the cluster has settled, but {id_} {said}", hint=f"`resource why {id_}` says more")


def _started(found: Parts) -> str:
    from crmsh_py.command.consequences import runs  # heavy

    if runs(found):
        return ""
    return "runs in part only" if any(one.active for one in primitives(found)) else "does not run"


def _stopped(found: Parts) -> str:
    return "still runs" if any(one.active for one in primitives(found)) else ""


def _promoted(found: Parts) -> str:
    return "" if any(one.role == "Promoted" for one in primitives(found)) else "is not promoted"


def _demoted(found: Parts) -> str:
    return "is still promoted" if any(one.role == "Promoted" for one in primitives(found)) else ""
