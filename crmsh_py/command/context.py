"""Context: what a command is given. There is nothing global: several Contexts live side by side in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from crmsh_py.errors import UsageError
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.session import Session
    from crmsh_py.language.words import Line


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

    options: the options of the program. environ: the environment. tell: shows a problem to the user at once.
    line: the line that is being run, which problems without a place of their own are about.
    """

    def __init__(
        self,
        options: Options,
        environ: Mapping[str, str],
        tell: Callable[[Problem], None],
        open_session: Callable[[Context], Session] | None = None,
    ) -> None:
        self.options = options
        self.environ = environ
        self.line: Line | None = None
        self._tell = tell
        self._held: list[tuple[Problem, Line | None]] | None = None
        self._open_session = open_session or _open_session

    @cached_property
    def session(self) -> Session:
        """The session, opened on first use. Raises the errors of the store."""
        return self._open_session(self)

    @property
    def is_dirty(self) -> bool:
        """Whether there are edits to commit; a session that nobody asked for has none."""
        return "session" in self.__dict__ and self.session.is_dirty

    def warn(self, problem: Problem) -> None:
        """Show a problem that does not stop the work."""
        self._tell(located(problem, self.line))

    def note(self, text: str) -> None:
        """Say something that is not a problem."""
        self._tell(Problem(INFO, "note", text))

    def edit(self, change: Callable[[Cib], Iterable[Problem]]) -> None:
        """Run an edit of the session, and show its notes: what it changed beyond what was said.

        Within `together` they are shown when all of it is done. Raises what the change raises.
        """
        notes = self.session.edit(change)
        if self._held is not None:
            self._held.extend((note, self.line) for note in notes)
            return
        for note in notes:
            self.warn(note)

    def together(self, work: Callable[[], None]) -> None:
        """Run several edits as one: all of them or, if it raises, none."""
        self._held = []
        try:
            self.session.edit(lambda _: work())
            for note, line in self._held:
                self._tell(located(note, line))
        finally:
            self._held = None

    def commit(self, force: bool = False) -> None:
        """Commit the session and show its warnings. Raises what `Session.commit` raises."""
        for problem in self.session.commit(force=force or self.options.force):
            self.warn(problem)


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
