"""The prompt of a terminal: lines are typed, read at the level where the shell stands, and run at once."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING

from crmsh_py.cib.journal.journal import Journal
from crmsh_py.errors import INTERRUPTED, Cancelled, CrmError
from crmsh_py.language.words import logical_lines
from crmsh_py.output import safe
from crmsh_py.problems import INFO, WARNING, Problem
from crmsh_py.run import kill_all
from crmsh_py.shell.history import History
from crmsh_py.shell.offers import Offers, is_shown, tell_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crmsh_py.cib.session import Session
    from crmsh_py.language.words import Line
    from crmsh_py.output import Fragment
    from crmsh_py.shell.interpreter import Interpreter
    from crmsh_py.shell.plain_lines import PlainLines
    from crmsh_py.shell.repl.rich_lines import RichLines

CONTINUED = "> "
# what is typed and not committed yet
CHANGED = "*"
KEPT = "; the next start offers these edits again"
PENDING = "these edits are not committed"
LEAVE = "Commit them? (y)es, (n)o, or (c) to stay:"
ANSWERS = ("yes", "no", "cancel", "stay")
FIRST = "Commit them first? (y)es, or (n)o, and nothing is done:"
UNANSWERED = "unanswered"


class Prompt:
    """Reads lines from the terminal for one Interpreter, until the shell is left.

    A line that fails leaves the draft as it was, and the next one can be typed.
    """

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self.cx = interpreter.cx
        self.output = interpreter.output
        self.exit_code: int | None = None
        self._typed = ""  # comments, which belong to the next line, and what goes on
        self._is_continued = False
        self._pasted: deque[str] = deque()
        self._journal = Journal(self.cx.environ, self.output.tell)
        self._offers = Offers(interpreter, self._journal)
        self._offered: Session | None = None

    def run(self) -> int:
        """Run lines until `quit` or Ctrl-D; the exit code, which does not speak of lines that failed."""
        self.cx.is_typed = True
        self.cx.decide = self._decide
        self._safely(self._mind_the_edits)
        self._check_store()
        self._lines = self._open_lines()
        while self.exit_code is None:
            self._safely(self._take_turn)
            self._safely(self._mind_the_edits)
        kill_all()
        return self.exit_code

    def _open_lines(self) -> PlainLines | RichLines:
        """What reads lines: the plain one where the terminal, or the user, wants no more."""
        history = History(self.cx.environ, self.output.tell)
        if self.output.can_edit and self.cx.settings["core.editing_mode"] != "plain":
            from crmsh_py.shell.repl.rich_lines import RichLines  # heavy

            return RichLines(self.interpreter, history, CONTINUED)
        from crmsh_py.shell.plain_lines import PlainLines

        return PlainLines(self.output, history)

    def _check_store(self) -> None:
        """Raise what reading a file or a shadow raises. A cluster is not waited for."""
        if self.cx.is_live:
            return
        self.cx.session.base  # noqa: B018 - reading it is the check

    def _safely(self, work: Callable[[], None]) -> None:
        """Do something, and tell what goes wrong in it. Nothing comes out, wherever Ctrl-C strikes."""
        try:
            self._tell_errors(work)
        except KeyboardInterrupt:
            self._drop_input()
            self.output.end_line()

    def _drop_edits(self) -> None:
        if self.cx.is_dirty:
            self.cx.session.discard()

    def _tell_errors(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Cancelled as error:
            said = error.problems[0].text
            is_interrupted = said == INTERRUPTED
            if is_interrupted:
                self._drop_input()
            text = "interrupted; the edits are as before" if is_interrupted else said
            self.output.tell(error.problems[0]._replace(severity=INFO, text=text))
        except CrmError as error:
            for problem in error.problems:
                self.output.tell(problem)
        except Exception as error:  # noqa: BLE001 - a bug must not cost the edits
            self.output.tell_bug(error)

    def _mind_the_edits(self) -> None:
        """Write down what is edited and, where a session begins, offer what earlier ones have left of its store."""
        try:
            session = self.cx.session
        except CrmError:  # each line that needs one says so
            return
        self._journal.keep(session)
        if session is not self._offered and self.exit_code is None:
            self._offered = session
            self._offers.make(session)

    def _take_turn(self) -> None:
        try:
            line = self._read()
        except EOFError:
            self._leave(is_end=True)
            return
        if line is not None and not self._explain(line):
            self.interpreter.run_typed(line)
        if self.interpreter.stack.is_closed:
            self.interpreter.stack.is_closed = False
            self._leave(is_end=False)

    def _explain(self, line: Line) -> bool:
        """Say what may follow a line, where that is asked with a `?` at its end; whether it was."""
        if len(line.words) < 2 or line.words[-1].value != "?" or not line.words[-1].is_bare:
            return False
        from crmsh_py.shell.help.explain import explain  # heavy

        self.output.show(explain(self.cx, self.interpreter.stack, line.text[: line.words[-1].start]), is_paged=False)
        return True

    def _read(self) -> Line | None:
        """The next logical line; None where what was typed so far is not one. Raises EOFError, BadSyntax."""
        next_ = self._pasted.popleft() if self._pasted else self._type()
        if next_ is None:
            self._drop_input()
            return None
        typed = self._typed + next_ + "\n"
        self._drop_input(with_pasted=False)
        # a word behind it shows whether the text goes on
        *whole, probe = logical_lines(typed + "x", "")
        if whole:
            return whole[0]
        self._is_continued = probe.text != "x"
        if self._is_continued or probe.comments:
            self._typed = typed
        return None

    def _type(self) -> str | None:
        """A physical line; those that were pasted with it wait. None where it was dropped."""
        prompt = [("prompt", CONTINUED)] if self._is_continued else self._prompt()
        typed = self._lines.read(prompt, self._typed)
        if typed is None:
            return None
        first, *rest = typed.split("\n")
        self._pasted.extend(rest)
        return first

    def _prompt(self) -> list[Fragment]:
        where = " ".join(self.interpreter.stack.names[1:])
        label, host = safe(self.cx.label), safe(os.uname().nodename)
        changed = [("warning", CHANGED)] if self.cx.is_dirty else []
        return [("prompt", f"crm({label}/{host}){where}"), *changed, ("prompt", "# ")]

    def _drop_input(self, with_pasted: bool = True) -> None:
        self._typed, self._is_continued = "", False
        if with_pasted:
            self._pasted.clear()

    def _leave(self, is_end: bool) -> None:
        """Leave the shell, unless there are edits and the answer is to stay. Raises CrmError where they are refused.

        is_end: nothing more can be typed perhaps, so that a refusal does not keep us where nobody is asked.
        """
        answer = self._decide() if self.cx.is_dirty else ""
        if answer == "yes":
            self._commit(is_end and self.cx.options.force)
        elif answer in ("no", ""):
            self._drop_edits()
        elif answer != UNANSWERED:
            return
        self.exit_code = self.exit_code or 0

    def _decide(self, may_drop: bool = True) -> str:
        """What is to become of the edits: yes, no, or to stay with them; "" where they come to nothing.

        may_drop: "no" drops them, else nothing is done then. UNANSWERED where the terminal may be gone: the journal
        keeps them.
        """
        if not self._is_changed():
            return ""
        tell_edits(self.interpreter, PENDING)
        answer = self._answer(LEAVE if may_drop else FIRST, ANSWERS if may_drop else ANSWERS[:2])
        if may_drop and answer in ("no", UNANSWERED):
            is_kept = answer == UNANSWERED and self._journal.has_entry
            text = f"nothing was committed{KEPT if is_kept else ''}"
            self.output.tell(Problem(WARNING, "not-committed", text))
        return answer

    def _is_changed(self) -> bool:
        """Whether the edits come to something, be it an id, which is not shown."""
        from crmsh_py.cib.merge import Merge  # heavy

        base, draft = self.cx.session.base_cib(), self.cx.session.draft
        if base.schema != draft.schema or Merge(base, draft, base).mine:
            return True
        return is_shown(self.interpreter.record("configure diff"))

    def _answer(self, question: str, answers: Sequence[str]) -> str:
        if self.cx.options.is_no or self.cx.options.force:
            return "no" if self.cx.options.is_no else "yes"
        while (answer := self.cx.choose(question, answers)) == "":
            pass
        return answer or UNANSWERED

    def _commit(self, is_last_try: bool) -> None:
        try:
            self.cx.commit()
        except CrmError as error:
            if is_last_try:
                self.exit_code = error.exit_code
            raise
