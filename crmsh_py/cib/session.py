"""A session: a CIB as it was read, a draft of it, and the way back into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic, sleep
from typing import TYPE_CHECKING, TypeVar

from crmsh_py.cib.document import Cib
from crmsh_py.cib.undo import Before
from crmsh_py.errors import Conflict, Refused, TimedOut
from crmsh_py.problems import ERROR, INFO, WARNING, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.merge import Key
    from crmsh_py.cib.stores import Store

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
# somebody has decided so: `verify` says it, a commit does not repeat it each time
DECIDED = ("fencing-disabled",)
UNFORGIVABLE = ("schema", "schema-unknown", "duplicate-id", "unknown-reference")


class Session:
    """One editing of one store. Nothing is read before it is needed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._base: bytes | None = None
        self._base_cib: Cib | None = None
        self._draft: Cib | None = None
        self._edits: list[Before] = []
        self._depth = 0
        self._spoilt: BaseException | None = None
        self._said: set[str] = set()

    @property
    def is_dirty(self) -> bool:
        """Whether there are edits since the last commit."""
        return bool(self._edits)

    @property
    def base(self) -> bytes:
        """The CIB as it was read; the same until a commit or `discard`."""
        if self._base is None:
            self._base = self.store.read()
        return self._base

    @property
    def draft(self) -> Cib:
        """The CIB as it will be. Changed by `edit` and `undo` alone."""
        if self._draft is None:
            self._draft = Cib.parse(self.base, self.store.label)
        return self._draft

    def base_cib(self) -> Cib:
        """The CIB as it was read, as a document of its own, which nobody changes."""
        if self._base_cib is None:
            self._base_cib = Cib.parse(self.base, self.store.label)
        return self._base_cib

    def edit(self, change: Callable[[Cib], T]) -> T:
        """Run `change` on the draft, all of it or nothing: if it raises, the draft is as before.

        An edit within an edit is a part of the outer one: if it fails, all of the outer one fails, even where its
        exception is caught on the way. So the lines of a script are undone together.
        """
        if self._depth:
            return self._part_of_an_edit(change)
        draft = self.draft
        before = draft.before = Before(draft)
        self._depth, self._spoilt = 1, None
        try:
            result = change(draft)
            if self._spoilt is not None:
                raise self._spoilt
        except BaseException:
            self._restore(before)
            raise
        finally:
            self._depth, self._spoilt = 0, None
            draft.before = None
        self._edits.append(before)
        return result

    def undo(self) -> bool:
        """Take the last edit back; False where there is none since the last commit."""
        if not self._edits:
            return False
        self._restore(self._edits.pop())
        return True

    def _restore(self, before: Before) -> None:
        replaced = before.restore(self.draft)
        for earlier in self._edits:
            earlier.follow(replaced)

    def _part_of_an_edit(self, change: Callable[[Cib], T]) -> T:
        try:
            return change(self.draft)
        except BaseException as error:
            self._spoilt = error
            raise

    def discard(self) -> None:
        """Forget the edits, and read the store again when next asked."""
        self._base = self._base_cib = self._draft = None
        self._edits.clear()

    def problems(self) -> list[Problem]:
        """All that is wrong with the draft: own checks, Pacemaker's schema and, where that is kept, crm_verify."""
        return _examined(self.draft)

    def commit(self, *, force: bool = False, overwrite: bool = False) -> list[Problem]:
        """Put the draft into the store, and return what is worth saying of it: warnings and notes.

        check   Refused if the draft has errors that the base did not have. `force` forgives own checks and
                crm_verify, never the schema.
        meet    Where the store has moved since the base was read, the changes of both sides are merged and checked
                again. Conflict if both changed one object, or if together they have errors; with `overwrite` the
                object of the draft counts.
        push    TimedOut if others write all the time for 30 s, NotPermitted, CrmError. The store is unchanged if this
                fails.
        settle  Nothing can fail. The base is what the store now holds.

        Where the draft says the same as the base, nothing is checked and nothing written.
        """
        if not self.is_dirty or self.draft.to_bytes() == self.base_cib().to_bytes():
            self._edits.clear()
            return []
        found = self._check(self.draft, force)
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            current = self.store.read()
            theirs = self.base_cib() if current == self.base else Cib.parse(current, self.store.label)
            draft, others = self._meet(theirs, overwrite=overwrite, force=force)
            stored = _renewed(draft, theirs)
            try:
                self.store.write(current, stored)
                break
            except Conflict:
                _wait_a_moment(deadline)
        news = self._unsaid(found)
        self._settle(stored)
        return [*news, *others]

    def _check(self, draft: Cib, force: bool) -> list[Problem]:
        """The problems of a draft without errors. Raises Refused."""
        found = _examined(draft)
        if any(problem.severity == ERROR for problem in found):
            known = {_identity(problem) for problem in _examined(self.base_cib())}
            found = list(_judged(found, known, force))
        errors = [problem for problem in found if problem.severity == ERROR]
        if errors:
            raise Refused(problems=errors)
        return found

    def _unsaid(self, problems: Iterable[Problem]) -> list[Problem]:
        """What is worth saying at a commit: of what was edited, and what could not be checked once a session."""
        told = [problem for problem in problems if problem.code not in DECIDED and problem.text not in self._said]
        if told:
            from crmsh_py.cib import examination  # heavy

            told = list(examination.news(told, self.base_cib()))
        self._said.update(problem.text for problem in told if problem.code == "not-checked")
        return told

    def _meet(self, theirs: Cib, *, overwrite: bool, force: bool) -> tuple[Cib, list[Problem]]:
        """The draft, merged with what the store holds where that has moved, and a note that says so."""
        if theirs is self.base_cib():
            return self.draft, []
        from crmsh_py.cib.conflicts import conflicts  # heavy
        from crmsh_py.cib.merge import Merge  # heavy

        merge = Merge(self.base_cib(), self.draft, theirs)
        clashes = merge.clashes()
        if clashes and not overwrite:
            raise Conflict(problems=conflicts(clashes, self.draft, theirs, self.store.label))
        merged = merge.merged()
        if not merge.theirs:
            return merged, []
        try:
            self._check(merged, force)
        except Refused as refused:
            text = f"{self.store.label} was changed by somebody else meanwhile, and both changes do not go together"
            raise Conflict(problems=[Problem(ERROR, Conflict.code, text), *refused.problems]) from None
        return merged, list(self._said_of(merge.theirs, clashes))

    def _said_of(self, theirs: Iterable[Key], overwritten: Iterable[Key]) -> Iterator[Problem]:
        """Notes of what became of what somebody else has changed meanwhile."""
        lost = {key.set_id or key.name for key in overwritten}
        kept = {key.set_id or key.name: None for key in theirs if (key.set_id or key.name) not in lost}
        where = f"what somebody else has changed in {self.store.label} meanwhile"
        if kept:
            yield Problem(INFO, "merged", f"merged with {where}: {', '.join(kept)}")
        if lost:
            yield Problem(WARNING, "overwritten", f"put in the place of {where}: {', '.join(sorted(lost))}")

    def _settle(self, stored: bytes) -> None:
        self._base, self._base_cib, self._draft = stored, None, None
        self._edits.clear()


def _renewed(cib: Cib, current: Cib) -> bytes:
    """The CIB as it is written: newer by one epoch than what the store holds."""
    before = dict(cib.root.attrib)
    epoch = current.root.get("epoch", "0")
    cib.root.set("epoch", str(int(epoch) + 1 if epoch.isdecimal() else 1))
    cib.root.set("num_updates", "0")
    try:
        return cib.to_bytes()
    finally:
        cib.root.attrib.update(before)


def _wait_a_moment(deadline: float) -> None:
    """Let others have their turn. Raises TimedOut."""
    if monotonic() > deadline:
        text = f"others write all the time; nothing was written in {PATIENCE_SECONDS:.0f} s"
        raise TimedOut(text, hint="try again")
    import random  # heavy

    sleep(random.uniform(0.01, 0.1))  # noqa: S311 - no secret


def _examined(cib: Cib) -> list[Problem]:
    from crmsh_py.cib import examination  # heavy

    return examination.problems(cib)


def _judged(problems: Iterable[Problem], known: set[tuple[str, str]], force: bool) -> Iterable[Problem]:
    """The problems, with the errors that do not stand in the way of a commit as warnings."""
    for problem in problems:
        forgiven = _identity(problem) in known or (force and problem.code not in UNFORGIVABLE)
        yield problem._replace(severity=WARNING) if forgiven and problem.severity == ERROR else problem


def _identity(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.text
