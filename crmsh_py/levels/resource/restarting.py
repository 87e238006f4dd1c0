"""Resources stopped and started again, whatever comes in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import INTERRUPTED, Cancelled, Conflict, CrmError, NotPermitted, Refused, TimedOut
from crmsh_py.levels.resource.level import level
from crmsh_py.problems import INFO, WARNING, Problem, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.running import Values
    from crmsh_py.cluster.simulation import Plan
    from crmsh_py.cluster.state import Primitive
    from crmsh_py.command.context import Context
    from crmsh_py.output import Record


@level.command("restart <resources:rsc>... [--wait] [--dry-run]", border=True)
def restart(cx: Context, resources: Sequence[str], wait: bool = False, dry_run: bool = False) -> Record | None:  # noqa: ARG001 - it waits
    """Stop resources, wait, start them, and wait until they run.

    What needs them stops and starts with them; a note names it. While they stop, they have target-role=Stopped; then
    the target-role that they had before, or none. So it is too if they do not stop, or not in time, and after Ctrl-C or
    SIGTERM. The time to stop, and that to start, is core.wait_timeout at most; then the exit code is 9.
    It waits with and without --wait. --dry-run says what the cluster would do.

    Examples:
        restart web --dry-run
        restart disk-clone address --dry-run
    """
    work = _Restart(cx, resources)
    if dry_run:
        return work.plan()
    if not cx.is_live:
        text = f"`restart` acts on the running cluster, and {cx.session.store.label} is none"
        raise Refused(text, hint="--dry-run says what would happen; without -c, CIB_file and CIB_shadow it acts")
    from crmsh_py.run import ending_in_order  # heavy

    cx.finish_edits()
    cx.refresh()
    with ending_in_order():
        work.run()
    return None


class _Restart:
    def __init__(self, cx: Context, names: Sequence[str]) -> None:
        self.cx = cx
        self.names = names
        self.ids: list[str] = []
        self.homes: list[Element] = []
        self.before: Values = {}
        self.is_stopping = False

    @property
    def what(self) -> str:
        return listed(self.ids)

    def stop(self, cib: Cib) -> list[Problem]:
        """The edit after which they stop. Raises NoSuchObject, UsageError."""
        from crmsh_py.cib import running  # heavy
        from crmsh_py.command.targets import resources

        found = resources(cib, self.names)
        self.homes = list(dict.fromkeys(running.holder(el) for el in found))
        self.ids = [home.get("id") or "" for home in self.homes]
        self.before = running.target_roles(self.homes)
        running.stop_all(cib, self.homes)
        parts = [(el.get("id"), running.holder(el).get("id")) for el in found if running.holder(el) is not el]
        return [Problem(INFO, "note", f"{part} is in {home}, which restarts as a whole") for part, home in parts]

    def start(self, cib: Cib) -> list[Problem]:
        """The edit after which they are meant to do what they were meant to before."""
        from crmsh_py.cib import running  # heavy

        there = [el for id_ in self.ids if (el := cib.resource(id_)) is not None]
        running.put_back(cib, there, self.before)
        return []

    def plan(self) -> Record:
        """What the cluster would do: all that stops, then all that starts."""
        from crmsh_py.cib.document import Cib  # heavy
        from crmsh_py.cluster import simulation
        from crmsh_py.command.acting import foresee, plan_record

        stopped: list[bytes] = []

        def change(cib: Cib) -> list[Problem]:
            notes = self.stop(cib)
            stopped.append(cib.to_bytes())
            return notes

        down = foresee(self.cx, change)
        cib = Cib.parse(simulation.outcome(stopped[0]), "the simulated CIB")
        self.start(cib)
        up = simulation.plan(cib.to_bytes())
        return plan_record(up._replace(actions=down.actions + up.actions))

    def run(self) -> None:
        """Raises CrmError where they do not run, do not stop or do not start, TimedOut, Cancelled."""
        from crmsh_py.command.acting import apply  # heavy
        from crmsh_py.run import undisturbed

        self._refuse_what_cannot_be()
        try:
            apply(self.cx, self.stop, wait=True, forewarn=self._forewarn, is_last=False)
            self.is_stopping = True
            self.cx.settle()
            for id_ in self._ids_that(runs=True):
                raise CrmError(f"{id_} does not stop", hint="`crm status` shows what has failed")
        except BaseException as error:
            # after these, if it is not known to be written, it is not
            if self.is_stopping or not isinstance(error, (Refused, Conflict, NotPermitted)):
                with undisturbed():
                    self._give_up(error)
            raise
        with undisturbed():
            self._put_back()
        try:
            self.cx.settle()
        except TimedOut as error:
            raise TimedOut(f"{self.what} stopped, and has not started in time", hint=error.problems[0].hint) from None
        for id_ in self._ids_that(runs=False):
            raise CrmError(f"{id_} was stopped, and does not start", hint="`crm status` shows what has failed")

    def _put_back(self) -> None:
        """Commit the target-role that they had. It takes as long as a commit may; nothing is waited for."""
        from crmsh_py.command.acting import apply  # heavy

        try:
            apply(self.cx, self.start, is_last=False)
        except CrmError as failure:
            # told at once: who was told to end shows no error
            text = f"the target-role of {self.what} could not be put back: {str(failure) or INTERRUPTED}"
            hint = f"`crm resource start {' '.join(self.ids)}` starts what is stopped"
            self.cx.warn(Problem(WARNING, "not-put-back", text, hint=hint))
            raise

    def _forewarn(self, plan: Plan, before: Callable[[], Plan]) -> Iterator[Problem]:
        from crmsh_py.command.consequences import all_else  # heavy

        return all_else(plan, before, self.homes, "restarting")

    def _refuse_what_cannot_be(self) -> None:
        """Raise CrmError for what does not run, Refused for what is unmanaged."""
        self.cx.session.edit(self.stop)
        self.cx.session.undo()
        instances = self._instances()
        for id_ in self._ids_that(runs=False):
            raise CrmError(f"{id_} does not run: there is nothing to restart", hint=f"`resource start {id_}` starts it")
        for id_ in self.ids:
            if any(one.blocked for one in instances[id_]):
                raise Refused(f"{id_} has failed, and is blocked", hint=f"`resource cleanup {id_}` when that is mended")
            if not all(one.managed for one in instances[id_]):
                ends = f"`resource manage {id_}`, or `resource maintenance {id_} off`, ends that"
                raise Refused(f"{id_} is unmanaged or in maintenance: the cluster would not stop it", hint=ends)

    def _ids_that(self, *, runs: bool) -> list[str]:
        return [id_ for id_, found in self._instances().items() if _runs(found) == runs]

    def _instances(self) -> dict[str, list[Primitive]]:
        from crmsh_py.cluster.state import state  # heavy
        from crmsh_py.command.consequences import instances

        found = state(self.cx.tools).resources
        return {id_: instances(found, id_) for id_ in self.ids}

    def _give_up(self, error: BaseException) -> None:
        """Put the target-role back after an error, and say so. Raises what there is to say instead of the error."""
        # a commit that was interrupted may have been written
        self.cx.session.discard()
        self.cx.progress(f"putting the target-role of {self.what} back")
        try:
            self._put_back()
        except CrmError:
            return
        finally:
            self.cx.progress("")
        self.cx.note(f"the target-role of {self.what} is as it was before")
        if isinstance(error, TimedOut) and self.is_stopping:
            raise TimedOut(f"{self.what} has not stopped in time", hint=error.problems[0].hint) from None
        if isinstance(error, (Cancelled, KeyboardInterrupt)):
            raise Cancelled("the restart was interrupted") from None


def _runs(found: list[Primitive]) -> bool:
    return any(one.active for one in found)
