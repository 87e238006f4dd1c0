"""A session: a CIB as it was read, a draft of it, and the way back into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic, sleep
from typing import TYPE_CHECKING, TypeVar

from crmsh_py.cib.document import Cib
from crmsh_py.cib.stores.store import Moved, epoch
from crmsh_py.cib.undo import Before
from crmsh_py.errors import Cancelled, Conflict, Refused, TimedOut
from crmsh_py.problems import ERROR, INFO, WARNING, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.stores.store import Store
    from crmsh_py.cib.units import Key

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
# an admin_epoch that no cluster has; the largest that Pacemaker reads
NO_CLUSTER = "2147483647"
# somebody has decided so: `verify` says it, a commit does not repeat it each time
DECIDED = ("fencing-disabled",)
UNFORGIVABLE = ("schema", "schema-unknown", "duplicate-id", "unknown-reference")


class Session:
    """One editing of one store. Nothing is read before it is needed.

    has_written: whether a commit has changed the store. revision: another number whenever the edits are others.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._base: bytes | None = None
        self._base_cib: Cib | None = None
        self._draft: Cib | None = None
        self._edits: list[Before] = []
        self._depth = 0
        self._spoilt: BaseException | None = None
        self._said: set[str] = set()
        self.has_written = False
        self.revision = 0

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
        self.revision += 1
        return result

    def undo(self) -> bool:
        """Take the last edit back; False where there is none since the last commit."""
        if not self._edits:
            return False
        self._restore(self._edits.pop())
        self.revision += 1
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
        self.revision += 1

    def resume(self, base: bytes, draft: bytes) -> None:
        """Take up edits that were made before: what was read then, and what it had become. They are one edit now.

        Raises BadCib for what is no CIB; nothing has happened then.
        """
        old, new = Cib.parse(base, self.store.label), Cib.parse(draft, self.store.label)
        self.discard()
        # equal numbers do not mean the same CIB any more: the cluster may have been set up anew meanwhile
        old.root.set("admin_epoch", NO_CLUSTER)
        self._base, self._draft = old.to_bytes(), old
        self.edit(lambda cib: _become(cib, new))

    def problems(self) -> list[Problem]:
        """All that is wrong with the draft: own checks, Pacemaker's schema and, where that is kept, crm_verify."""
        from crmsh_py.cib import examination  # heavy

        return examination.problems(self.draft)

    def commit(
        self, *, force: bool = False, overwrite: bool = False, expected_epoch: int | None = None
    ) -> list[Problem]:
        """Put the draft into the store, and return what is worth saying of it: warnings and notes.

        check   Refused if the draft has errors that the base did not have. `force` forgives own checks and
                crm_verify, never the schema.
        meet    Where the store has moved since the base was read, the changes of both sides are merged and checked
                again. Conflict if both changed one object, or if together they have errors; with `overwrite` the
                object of the draft counts. Conflict if the store has another epoch than the expected one.
        push    TimedOut if others write all the time for 30 s, NotPermitted, Unreachable, CrmError. The store is
                unchanged if this fails, unless the answer got lost on its way; to commit again is right in any case.
        settle  Nothing can fail. The base is read anew when next asked for: the store may have added to it.

        Where the draft says the same as the base, nothing is checked and nothing written.
        """
        if expected_epoch is not None:
            self._expect(expected_epoch, Cib.parse(self.store.read(), self.store.label))
        if not self.is_dirty or self.draft.to_bytes() == self.base_cib().to_bytes():
            self._edits.clear()
            self.revision += 1
            return []
        found = self._check(self.draft, force, [self.base_cib()])
        news = self._unsaid(found)
        others = self._push(force, overwrite, expected_epoch)
        self.discard()
        return [*news, *others]

    def _push(self, force: bool, overwrite: bool, expected_epoch: int | None) -> list[Problem]:
        """Meet and write until nobody came in between; notes of what came of that."""
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with self.store.alone():
                    current = self.store.read_again(self.base)
                    theirs = self.base_cib() if current is self.base else Cib.parse(current, self.store.label)
                    if expected_epoch is not None:
                        self._expect(expected_epoch, theirs)
                    draft, others = self._meet(theirs, overwrite=overwrite, force=force)
                    said = self._put(current, theirs, draft, force)
                    self.has_written |= said is not None
                    return [*others, *(said or ())]
            except Moved:
                _wait_a_moment(deadline)

    def _put(self, current: bytes, theirs: Cib, draft: Cib, force: bool) -> Iterable[Problem] | None:
        try:
            return self.store.put(current, theirs, draft, force=force)
        except KeyboardInterrupt:
            text = "interrupted while it was written: it may be there; to commit again is right in any case"
            raise Cancelled(text) from None

    def _expect(self, number: int, theirs: Cib) -> None:
        if epoch(theirs) != number:
            raise Conflict(f"{self.store.label} has the epoch {epoch(theirs)}, not {number}; nothing was written")

    def _check(self, draft: Cib, force: bool, sides: Iterable[Cib]) -> list[Problem]:
        """The problems of a draft without errors; those that one of the sides has are warnings. Raises Refused."""
        from crmsh_py.cib import examination  # heavy
        from crmsh_py.cib.excerpt import differs_in_options_alone

        of_options = differs_in_options_alone(draft, self.base_cib())
        found = examination.problems(draft, of_options=of_options)
        if any(problem.severity == ERROR for problem in found):
            before = [problem for side in sides for problem in examination.problems(side, of_options=of_options)]
            found = list(_judged(found, {_identity(problem) for problem in before}, force))
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
        from crmsh_py.cib.conflicts import conflicts, not_together  # heavy
        from crmsh_py.cib.merge import Merge  # heavy

        merge = Merge(self.base_cib(), self.draft, theirs)
        clashes = merge.clashes()
        if clashes and not overwrite:
            raise Conflict(problems=conflicts(clashes, self.base_cib(), self.draft, theirs, self.store.label))
        merged = merge.merged()
        if not merge.theirs:
            return merged, []
        try:
            self._check(merged, force, [self.base_cib(), theirs])
        except Refused as refused:
            raise Conflict(problems=not_together(self.store.label, refused.problems, overwrite=overwrite)) from None
        lost = merge.overwritten(merged)
        shown = conflicts(lost, self.base_cib(), self.draft, theirs, self.store.label)
        versions = [problem for problem in shown if problem.text.startswith(f"in {self.store.label}: ")]
        return merged, [*self._said_of(merge.others(), lost), *versions]

    def _said_of(self, theirs: Iterable[Key], overwritten: Iterable[Key]) -> Iterator[Problem]:
        """Notes of what became of what somebody else has changed meanwhile."""
        lost = {key.name for key in overwritten}
        kept = {key.name: None for key in theirs if key.name not in lost}
        where = f"what somebody else has changed in {self.store.label} meanwhile"
        if kept:
            yield Problem(INFO, "merged", f"merged with {where}: {', '.join(kept)}")
        if lost:
            yield Problem(WARNING, "overwritten", f"put in the place of {where}: {', '.join(sorted(lost))}")


def _become(cib: Cib, other: Cib) -> None:
    """Make the configuration of a CIB, and the schema that it names, those of another one, which is used up."""
    cib.schema = other.schema
    cib.configuration[:] = other.configuration[:]


def _wait_a_moment(deadline: float) -> None:
    """Let others have their turn. Raises TimedOut."""
    if monotonic() > deadline:
        text = f"others write all the time; nothing was written in {PATIENCE_SECONDS:.0f} s"
        raise TimedOut(text, hint="try again")
    import random  # heavy

    sleep(random.uniform(0.01, 0.1))  # noqa: S311 - no secret


def _judged(problems: Iterable[Problem], known: set[tuple[str, str]], force: bool) -> Iterable[Problem]:
    """The problems, with the errors that do not stand in the way of a commit as warnings."""
    for problem in problems:
        forgiven = _identity(problem) in known or (force and problem.code not in UNFORGIVABLE)
        yield problem._replace(severity=WARNING) if forgiven and problem.severity == ERROR else problem


def _identity(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.text
