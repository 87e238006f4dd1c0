"""A session: a CIB as it was read, a draft of it, and the way back into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from crmsh_py.cib.document import Cib
from crmsh_py.cib.undo import Before
from crmsh_py.errors import Conflict, Refused
from crmsh_py.problems import ERROR, WARNING, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.stores import Store

T = TypeVar("T")

# somebody has decided so: `verify` says it, a commit does not repeat it each time
DECIDED = ("fencing-disabled",)
UNFORGIVABLE = ("schema", "schema-unknown", "duplicate-id", "unknown-reference")


class Session:
    """One editing of one store. Nothing is read before it is needed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._base: bytes | None = None
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
        """The CIB as it was read, as a document of its own."""
        return Cib.parse(self.base, self.store.label)

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
        self._base = self._draft = None
        self._edits.clear()

    def problems(self) -> list[Problem]:
        """All that is wrong with the draft: own checks, Pacemaker's schema and, where that is kept, crm_verify."""
        return _examined(self.draft)

    def commit(self, *, force: bool = False) -> list[Problem]:
        """Put the draft into the store, and return what is worth saying of it: warnings only.

        check   Refused if the draft has errors that the base did not have. `force` forgives own checks and
                crm_verify, never the schema.
        meet    Conflict if the store holds something other than the base.
        push    Conflict as above, NotPermitted, CrmError. The store is unchanged if this fails.
        settle  Nothing can fail. The base is what the store now holds.

        Where the draft says the same as the base, nothing is checked and nothing written.
        """
        if not self.is_dirty or self.draft.to_bytes() == self.base_cib().to_bytes():
            self._edits.clear()
            return []
        warnings = self._check(force)
        self._meet()
        self._settle(self._push())
        return warnings

    def _check(self, force: bool) -> list[Problem]:
        found = self.problems()
        if any(problem.severity == ERROR for problem in found):
            known = {_identity(problem) for problem in _examined(self.base_cib())}
            found = list(_judged(found, known, force))
        if any(problem.severity == ERROR for problem in found):
            raise Refused(problems=found)
        return self._unsaid(found)

    def _unsaid(self, problems: Iterable[Problem]) -> list[Problem]:
        """What could not be checked is said once a session."""
        told = [problem for problem in problems if problem.code not in DECIDED]
        fresh = [problem for problem in told if problem.code != "not-checked" or problem.text not in self._said]
        self._said.update(problem.text for problem in fresh)
        return fresh

    def _meet(self) -> None:
        if self.store.read() != self.base:
            raise Conflict(
                f"{self.store.label} was changed by somebody else meanwhile; nothing was written",
                hint="repeat the command on the new content",
            )

    def _push(self) -> bytes:
        pushed = Cib.parse(self.draft.to_bytes(), self.store.label)
        epoch = self.base_cib().root.get("epoch", "0")
        pushed.root.set("epoch", str(int(epoch) + 1 if epoch.isdecimal() else 1))
        pushed.root.set("num_updates", "0")
        content = pushed.to_bytes()
        self.store.write(self.base, content)
        return content

    def _settle(self, stored: bytes) -> None:
        self._base, self._draft = stored, None
        self._edits.clear()


def _examined(cib: Cib) -> list[Problem]:
    from crmsh_py.cib import checks, schema
    from crmsh_py.cluster.pacemaker import crm_verify

    found = list(checks.problems(cib))
    copy = Cib.parse(cib.to_bytes(), "the draft")  # the schema check takes it apart
    of_schema = schema.problems(copy)
    found += of_schema
    if not any(problem.severity == ERROR for problem in of_schema):
        found += crm_verify(_without_state(copy))
    return list(dict.fromkeys(found))


def _without_state(cib: Cib) -> bytes:
    """The CIB without what its status section says: a failed monitor is not a fault of the configuration."""
    for status in cib.root.findall("status"):
        del status[:]
    return cib.to_bytes()


def _judged(problems: Iterable[Problem], known: set[tuple[str, str]], force: bool) -> Iterable[Problem]:
    """The problems, with the errors that do not stand in the way of a commit as warnings."""
    for problem in problems:
        forgiven = _identity(problem) in known or (force and problem.code not in UNFORGIVABLE)
        yield problem._replace(severity=WARNING) if forgiven and problem.severity == ERROR else problem


def _identity(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.text
