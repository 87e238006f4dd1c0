"""Offers the edits of dead sessions again, where a session begins on a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError
from crmsh_py.problems import INFO, WARNING, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.journal.journal import Journal
    from crmsh_py.cib.journal.left import Left
    from crmsh_py.cib.session import Session
    from crmsh_py.output import Record
    from crmsh_py.shell.interpreter import Interpreter

TAKE_UP = "Take them up again? (y)es, (n)o to drop them, or (l)ater:"
ANSWERS = ("yes", "no", "later")
# (seconds, name), the largest first
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


class Offers:
    """Asks what is to become of edits that were left. Who is not asked, or does not answer, keeps them."""

    def __init__(self, interpreter: Interpreter, journal: Journal) -> None:
        self._interpreter = interpreter
        self._journal = journal

    def make(self, session: Session) -> None:
        """Offer what there is for the store of a session without edits, until it has some. Raises CrmError."""
        for left in self._journal.left_behind(session.store):
            try:
                is_over = self._offer(left, session)
            except BaseException:
                left.close()
                session.discard()
                raise
            if is_over:
                return

    def _offer(self, left: Left, session: Session) -> bool:
        """Offer some edits; whether there is no more to ask for."""
        try:
            now = session.base_cib()
        except CrmError:
            left.close()
            self._note(f"uncommitted edits {ago(left.age)} are kept until {session.store.label} can be read")
            return True
        if not left.is_of(now):
            left.close()
            return False
        if left.is_in(now):
            left.drop()
            return False
        answer = self._ask(left, session)
        if answer == "yes":
            self._journal.take_over(left, session)
            return True
        session.discard()
        if answer == "no":
            left.drop()
        else:
            left.close()
        return answer is None

    def _ask(self, left: Left, session: Session) -> str | None:
        """What is to become of edits; they are those of the session then. None where nobody answers."""
        cx, output = self._interpreter.cx, self._interpreter.output
        if cx.options.is_no or cx.options.force:
            text = f"uncommitted edits {ago(left.age)} are kept"
            output.tell(Problem(INFO, "not-committed", text, hint="start crm without -n and -F to take them up"))
            return None
        session.resume(left.base, left.draft)
        tell_edits(self._interpreter, f"these edits {ago(left.age)} were never committed")
        while (answer := cx.choose(TAKE_UP, ANSWERS)) == "":
            pass
        return answer

    def _note(self, text: str) -> None:
        self._interpreter.output.tell(Problem(INFO, "not-committed", text))


def tell_edits(interpreter: Interpreter, text: str) -> None:
    """Say what there is to say of the edits of the session, and show them."""
    diff = interpreter.record("configure diff")
    if not is_shown(diff):
        text += "; they are in what a diff does not show, such as ids"
    interpreter.output.tell(Problem(WARNING, "not-committed", text))
    interpreter.output.tell_record(diff)


def is_shown(record: Record) -> bool:
    """Whether a record has anything for people to read."""
    return any(text for _, text in record.fragments())


def ago(seconds: float) -> str:
    """How long ago something was, in one number."""
    for length, name in UNITS:
        count = int(seconds // length)
        if count:
            return f"of {count} {name}{'s' if count > 1 else ''} ago"
    return "of a moment ago"
