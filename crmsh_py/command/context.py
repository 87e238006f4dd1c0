"""Context: what a command is given. There is nothing global: several Contexts live side by side in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from crmsh_py.config import Settings
from crmsh_py.errors import CrmError, Refused, UsageError
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.session import Session
    from crmsh_py.language.statements import Statement
    from crmsh_py.language.words import Line
    from crmsh_py.problems import Place


class Options:
    """The options of the program, for one run.

    cib: the value of `-c`; force: `-F`; is_no: `-n`, every question is answered with no; wait: `-w`, until the
    cluster has settled; debug: `-d`; keep_going: scripts run on after errors.
    """

    def __init__(
        self,
        cib: str | None = None,
        force: bool = False,
        is_no: bool = False,
        wait: bool = False,
        debug: bool = False,
        keep_going: bool = False,
    ) -> None:
        self.cib = cib
        self.force = force
        self.is_no = is_no
        self.wait = wait
        self.debug = debug
        self.keep_going = keep_going


class Context:
    """What a command is given.

    options: the options of the program. environ: the environment. settings: what is set in files and by `-o`.
    tell: shows a problem to the user at once. ask_user: asks a question, with its answers; "" or None is no answer.
    line: the line that is being run, which problems without a place of their own are about.
    has_written: whether a commit has changed the store. is_typed: lines come from a prompt, and run one by one.
    """

    def __init__(
        self,
        options: Options,
        environ: Mapping[str, str],
        tell: Callable[[Problem], None],
        open_session: Callable[[Context], Session] | None = None,
        settings: Settings | None = None,
        ask_user: Callable[[str, Sequence[str]], str | None] = lambda *_: None,
    ) -> None:
        self.options = options
        self.environ = environ
        self.settings = settings or Settings()
        self.line: Line | None = None
        self.has_written = False
        self.is_typed = False
        self._tell = tell
        self._ask_user = ask_user
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

    @property
    def label(self) -> str:
        """The name of the store, short; "-" where there is none."""
        try:
            return self.session.store.label.rpartition("/")[2]
        except CrmError:
            return "-"

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

    def edit(self, change: Callable[[Cib], Iterable[Problem]]) -> None:
        """Run an edit of the session, and show its notes: what it changed beyond what was said.

        Within `together` they are shown when all of it is done. Raises what the change raises; at the prompt, Refused
        where it refers to what does not exist.
        """
        notes = self.session.edit(partial(_complete, change) if self.is_typed else change)
        if self._held is not None:
            self._held.extend(notes)
            return
        for note in notes:
            self.warn(note)

    def together(self, work: Callable[[], None]) -> None:
        """Run several edits as one: all of them or, if it raises, none."""
        self._held = []
        try:
            self.session.edit(lambda _: work())
            for note in self._held:
                self._tell(note)
        finally:
            self._held = None

    def commit(self, force: bool = False, overwrite: bool = False) -> None:
        """Commit the session and show its warnings. Raises what `Session.commit` raises."""
        before = self.session.base
        warnings = self.session.commit(force=force or self.options.force, overwrite=overwrite)
        self.has_written |= self.session.base != before
        for problem in warnings:
            self.warn(problem)
        self._places.clear()


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
    from crmsh_py.cib.stores import File

    return Session(File(store_path(cx.options.cib, cx.environ)))


def store_path(cib: str | None, environ: Mapping[str, str]) -> str:
    """The CIB file to work on: `-c`, then `CIB_file`. Raises UsageError for a shadow and for the live cluster."""
    if cib is not None and not ("/" in cib or cib.endswith(".xml")):
        raise UsageError(f"shadow CIBs are not there yet: {cib}", hint=f"for a file, write -c ./{cib}")
    path = cib or environ.get("CIB_file")
    if path:
        return path
    if shadow := environ.get("CIB_shadow"):
        raise UsageError(f"shadow CIBs are not there yet: CIB_shadow={shadow}", hint="use -c FILE.xml or CIB_file")
    raise UsageError("no CIB given: the live cluster is not supported yet", hint="use -c FILE.xml or CIB_file")
