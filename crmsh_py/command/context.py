"""Context: what a command is given. There is nothing global: several Contexts live side by side in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING

from crmsh_py.command.later import Later
from crmsh_py.config import Settings
from crmsh_py.errors import Cancelled, CrmError, Refused
from crmsh_py.problems import INFO, WARNING, Problem

# warnings that say nothing of what was changed
OF_THE_SCHEDULER = ("no-fencing", "crm-verify", "not-checked")
# what is seen of a configuration while a line is typed may be so old
SEEN_SECONDS = 10.0

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.session import Session
    from crmsh_py.cib.stores.store import Store
    from crmsh_py.cluster.state import Failure
    from crmsh_py.command.seen import Seen
    from crmsh_py.language.statements import Statement
    from crmsh_py.language.words import Line
    from crmsh_py.problems import Place


class Options:
    """The options of the program, for one run.

    cib: the value of `-c`; force: `-F`; is_no: `-n`, every question is answered with no; wait: `-w`, until the
    cluster has settled; debug: `-d`; keep_going: scripts run on after errors; expected_epoch: the first commit is
    refused where the configuration has another one.
    """

    def __init__(
        self,
        cib: str | None = None,
        force: bool = False,
        is_no: bool = False,
        wait: bool = False,
        debug: bool = False,
        keep_going: bool = False,
        expected_epoch: int | None = None,
    ) -> None:
        self.cib = cib
        self.force = force
        self.is_no = is_no
        self.wait = wait
        self.debug = debug
        self.keep_going = keep_going
        self.expected_epoch = expected_epoch


class Context:
    """What a command is given.

    options: the options of the program. environ: the environment. settings: what is set in files and by `-o`.
    tell: shows a problem to the user at once. ask_user: asks a question, with its answers; "" or None is no answer.
    progress: shows what is being done, in the place of what it showed before; "" when it is done.
    line: the line that is being run, which problems without a place of their own are about.
    at_end: what is to be done when the program ends, by what it is about; it raises nothing.
    decide: what is to become of edits before something else is done: yes (commit), no (drop, where it is told that they
    may be dropped), "" (they come to nothing), or anything else (stay).
    given_up: resources that may be deleted though they run. has_written: whether a commit has changed the store.
    is_typed: lines come from a prompt, and run one by one. can_ask: tells whether somebody is there to answer.
    later: what completion knows that is dear, or has to be asked of the cluster.
    """

    def __init__(
        self,
        options: Options,
        environ: Mapping[str, str],
        tell: Callable[[Problem], None],
        open_session: Callable[[Context], Session] | None = None,
        settings: Settings | None = None,
        ask_user: Callable[[str, Sequence[str]], str | None] = lambda *_: None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.options = options
        self.environ = environ
        self.settings = settings or Settings()
        self.line: Line | None = None
        self.has_written = False
        self.is_typed = False
        self.given_up: set[str] = set()
        self.can_ask: Callable[[], bool] = lambda: False
        self.decide: Callable[[bool], str] = lambda _: "yes"
        self.at_end: dict[str, Callable[[], None]] = {}
        self.later = Later()
        self._seen: Seen | None = None
        self._tell = tell
        self._ask_user = ask_user
        self._progress = progress
        self._failed: set[Failure] = set()
        self._places: dict[str, Place] = {}
        self._held: list[Problem] | None = None
        self._open_session = open_session or _open_session

    @cached_property
    def session(self) -> Session:
        """The session, opened on first use. Raises the errors of the store."""
        return self._open_session(self)

    @property
    def is_dirty(self) -> bool:
        """Whether there are edits to commit; a session that nobody asked for has none."""
        return "session" in self.__dict__ and self.session.is_dirty

    def seen(self) -> Cib | None:
        """The configuration for completion, which is not to be changed; None where it cannot be read, or is not yet.

        The draft where there are edits; else the CIB of the store, which `later` reads: nobody waits for a cluster.
        """
        try:
            if self.is_dirty:
                return self.session.draft
            store = self.session.store
        except CrmError:
            return None
        if self._seen is None or self._seen.of is not store:
            from crmsh_py.command.seen import Seen  # heavy

            self.later.forget(self._seen)
            self._seen = Seen(store, self.later.is_waited_for)
        if self._seen.revision != self.session.revision:
            self._seen.revision = self.session.revision
            self.later.outdate(self._seen)
        return self.later.get(self._seen, self._seen.read, None, SEEN_SECONDS)

    @property
    def label(self) -> str:
        """The name of the store, short; "-" where there is none."""
        try:
            return self.session.store.name
        except CrmError:
            return "-"

    @property
    def tools(self) -> Mapping[str, str | None]:
        """What makes Pacemaker's tools work on the store; a session, which is dear, is not opened for it."""
        if "session" in self.__dict__:
            return self.session.store.environ
        from crmsh_py.cib.stores.choice import choose

        return choose(self.options.cib, self.environ).environ

    @property
    def is_live(self) -> bool:
        """Whether the store is the CIB of the running cluster, where resources run."""
        return not any(self.tools.values())

    def use(self, store: Store) -> None:
        """Work on another store from now on. Edits of the one before are dropped: who calls this asks first."""
        from crmsh_py.cib.session import Session  # heavy

        self.has_written = self.has_written or self.session.has_written
        self.__dict__["session"] = Session(store)
        self._places.clear()

    def finish_edits(self, may_drop: bool = False) -> None:
        """Commit the edits before something that would not see them, or would lose them; with may_drop, or drop them.

        At the prompt the user decides; else they are committed, and a note says so. Raises Cancelled where the user
        wants nothing of it, and what `commit` raises.
        """
        if not self.is_dirty:
            return
        answer = self.decide(may_drop)
        if answer == "" or (answer == "no" and may_drop):
            self.session.discard()
            if answer:
                self.note("the edits are dropped")
        elif answer == "yes":
            self.commit()
            self.note(f"what was edited is committed to {self.session.store.label}")
        else:
            raise Cancelled("nothing was done; the edits are still there")

    def refresh(self) -> None:
        """Read the store anew when it is next needed, unless there are edits."""
        if "session" in self.__dict__ and not self.session.is_dirty:
            self.session.discard()

    def ask(self, question: str, default: bool = False) -> bool:
        """Ask the user yes or no. `-n` answers no and `-F` yes; where nobody answers, it is the default."""
        if self.options.is_no or self.options.force:
            return not self.options.is_no
        answer = self._ask_user(f"{question} (y/n)", ("yes", "no"))
        return answer == "yes" if answer else default

    def choose(self, question: str, answers: Sequence[str]) -> str | None:
        """Ask the user for one of several answers; "" is an empty answer, None Ctrl-D or nobody to ask."""
        return self._ask_user(question, answers)

    def warn(self, problem: Problem) -> None:
        """Show a problem that does not stop the work."""
        self._tell(self.placed(problem))

    def remember_places(self, statements: Iterable[Statement]) -> None:
        """Remember where objects were said, for what is found to be wrong with them until the next commit."""
        said = ((statement.id, statement.place) for statement in statements)
        self._places.update((id_, place) for id_, place in said if id_ and place and place.source)

    def placed(self, problem: Problem) -> Problem:
        """The problem with the place where its object was said, or else in the line that is being run."""
        place = problem.place or self._places.get(problem.object_id or "")
        return problem._replace(place=place) if place else located(problem, self.line)

    def note(self, text: str) -> None:
        """Say something that is not a problem."""
        self._tell(Problem(INFO, "note", text))

    def progress(self, text: str) -> None:
        """Show what is being done, in the place of what this showed before; "" when it is done."""
        self._progress(text)

    def edit(self, change: Callable[[Cib], Iterable[Problem]]) -> None:
        """Run an edit of the session, and show its notes: what it changed beyond what was said.

        Within `together` they are shown when all of it is done. Raises what the change raises; at the prompt, Refused
        where it refers to what does not exist.
        """
        notes = self.edited(change)
        if self._held is not None:
            self._held.extend(notes)
            return
        for note in notes:
            self.warn(note)

    def edited(self, change: Callable[[Cib], Iterable[Problem]]) -> list[Problem]:
        """Run an edit of the session; its notes, which are not shown. Raises as `edit` does."""
        return list(self.session.edit(partial(_complete, change) if self.is_typed else change))

    def together(self, work: Callable[[], None]) -> None:
        """Run several edits as one: all of them or, if it raises, none."""
        self._held = []
        try:
            self.session.edit(lambda _: work())
            for note in self._held:
                self._tell(note)
        finally:
            self._held = None

    def commit(
        self,
        force: bool = False,
        overwrite: bool = False,
        wait: bool = False,
        expected_epoch: int | None = None,
        session: Session | None = None,
        about_all: bool = True,
        is_last: bool = True,
    ) -> None:
        """Commit the session, or another one, show its warnings and, if asked, wait until the cluster has done it.

        wait: in any case. about_all: warnings that the scheduler has of the configuration as a whole are shown too.
        is_last: nothing else is to follow that would have to be waited for; if something is, nobody waits here. Raises
        what `Session.commit` raises; TimedOut where the cluster takes longer than it may.
        """
        if not (force or self.options.force):
            self._keep_what_runs(session or self.session)
        if expected_epoch is None:
            expected_epoch, self.options.expected_epoch = self.options.expected_epoch, None
        session = session or self.session
        self._watch(wait, session.store.environ)
        warnings = session.commit(force=force or self.options.force, overwrite=overwrite, expected_epoch=expected_epoch)
        self.has_written |= session.has_written
        for problem in warnings:
            if about_all or problem.code not in OF_THE_SCHEDULER:
                self.warn(problem)
        self._places.clear()
        if is_last and self.is_to_wait(wait):
            self.settle(session.store)

    def is_to_wait(self, wait: bool = False) -> bool:
        """Whether a command waits until the cluster has settled: by `--wait` of its own, by `-w`, or by core.wait."""
        return wait or self.options.wait or self.settings.is_on("core.wait")

    @contextmanager
    def waiting(self, wait: bool) -> Iterator[None]:
        """What stands in this `with` acts on the running cluster: at its end it is waited for, if that is asked for.

        Raises what `settle` does.
        """
        self._watch(wait, self.tools)
        yield
        if self.is_to_wait(wait):
            self.settle()

    def settle(self, store: Store | None = None) -> None:
        """Wait until the cluster has done what was configured, for core.wait_timeout at most. Raises TimedOut.

        Actions that have failed since the command began are told, once.
        """
        try:
            self._settle(store or self.session.store, float(self.settings["core.wait_timeout"]))
        except (KeyboardInterrupt, Cancelled):
            raise Cancelled("no longer waited for; what was committed stays") from None
        finally:
            self._progress("")

    def _watch(self, wait: bool, environ: Mapping[str, str | None]) -> None:
        """Remember what has failed before a command acts that waits: what it does may fail at once."""
        if self.is_to_wait(wait) and not any(environ.values()):
            from crmsh_py.command import running  # heavy

            self._failed = running.failures(environ)

    def _settle(self, store: Store, seconds: float) -> None:
        from crmsh_py.command import running  # heavy

        store.settle(seconds, lambda passed: self._progress(f"waiting for the cluster, {passed:.0f} s"))
        self._progress("")
        if any(store.environ.values()):
            return
        before, self._failed = self._failed, running.failures(store.environ)
        for problem in running.told(self._failed - before):
            self.warn(problem)

    def _keep_what_runs(self, session: Session) -> None:
        """Raise Refused where the edits would end a resource of the running cluster, and nobody has said so."""
        environ = session.store.environ
        if any(environ.values()) or not session.is_dirty:
            return
        from crmsh_py.command import running  # heavy

        ended = running.ended_by(session) - self.given_up
        try:
            running.refuse_to_end(ended, environ, f"{running.STOP}; or commit with `force` (-F), and it is stopped")
        except Refused as refused:
            if not self.is_typed:
                raise
            for problem in refused.problems:
                self.warn(problem._replace(severity=WARNING, hint=None))
            if not self.ask("Commit it all the same?"):
                raise


def _complete(change: Callable[[Cib], Iterable[Problem]], cib: Cib) -> Iterable[Problem]:
    """A change after which nothing else is waited for. Raises Refused where it refers to what does not exist."""
    from crmsh_py.cib.references import unknown  # heavy

    before = set(unknown(cib))
    notes = change(cib)
    found = [problem for problem in unknown(cib) if problem not in before]
    if found:
        raise Refused(problems=found)
    return notes


def located(problem: Problem, line: Line | None) -> Problem:
    """The problem with the place of its object in a line of a script, or of the line's first word.

    What has a place keeps it, and a line that comes from no source has none to give.
    """
    if problem.place or line is None or not line.source:
        return problem
    about = next((word for word in line.words if word.value == problem.object_id), line.words[0])
    return problem._replace(place=about.place)


def _open_session(cx: Context) -> Session:
    from crmsh_py.cib.session import Session  # heavy
    from crmsh_py.cib.stores.choice import choose

    return Session(choose(cx.options.cib, cx.environ))
