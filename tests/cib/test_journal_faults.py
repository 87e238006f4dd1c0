"""The journal on bad days: each system call fails, or is the last one of the process; kills at any moment."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import time
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from faults import System, be_killed, fail
from journal_desk import EMPTY, Desk, add, die, leave, primitives

from crmsh_py.cib.journal import entry as entries
from crmsh_py.cib.journal import folder as folders

if TYPE_CHECKING:
    from collections.abc import Callable

    from crmsh_py.cib.journal.journal import Journal
    from crmsh_py.cib.session import Session

CALLS = "open close fsync rename mkdir rmdir unlink listdir stat fstat dup flock write flush".split()


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[System, Callable[[], object]], None]:
    """Do something on a system."""

    def do(system: System, work: Callable[[], object]) -> None:
        with monkeypatch.context() as patch:
            for module in (entries, folders):
                patch.setattr(module, "os", system.of(os))
            patch.setattr(entries, "fcntl", system.of(fcntl))
            patch.setattr(entries, "open", system.opened, raising=False)
            work()

    return do


# what a session does -> what may be left of its edits while it does it, and afterwards
def make(journal: Journal, session: Session) -> None:
    add(session, "a")
    journal.keep(session)


def write(journal: Journal, session: Session) -> None:
    add(session, "b")
    journal.keep(session)


def remove(journal: Journal, session: Session) -> None:
    session.discard()
    journal.keep(session)


STEPS = [make, write, remove]
NOTHING: list[list[str]] = []
ALLOWED = [NOTHING, [["a"]], [["a", "b"]], NOTHING]


def begin(desk: Desk, step: int) -> tuple[Journal, Session]:
    """A session that has done the steps before, in a folder of its own."""
    shutil.rmtree(desk.folder / ".local", ignore_errors=True)
    desk.told.clear()
    journal, session = desk.journal(), desk.session()
    for before in STEPS[:step]:
        before(journal, session)
    return journal, session


def calls_of(desk: Desk, step: int, on: Callable[..., None]) -> list[str]:
    system = System(CALLS, 0, "never", fail)
    journal, session = begin(desk, step)
    on(system, lambda: STEPS[step](journal, session))
    return system.calls


def test_every_call_that_matters_is_watched(desk: Desk, on: Callable[..., None]) -> None:
    calls = [set(calls_of(desk, step, on)) for step in range(3)]
    assert {"mkdir", "open", "flock", "write", "flush", "fsync", "rename"} <= calls[0]
    assert {"open", "write", "flush", "fsync", "rename"} <= calls[1]
    assert {"rename", "unlink", "rmdir"} <= calls[2]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", range(3))
def test_a_call_that_fails_disturbs_nothing(desk: Desk, on: Callable[..., None], step: int, when: str) -> None:
    for number in range(1, len(calls_of(desk, step, on)) + 1):
        journal, session = begin(desk, step)
        on(System(CALLS, number, when, fail), partial(STEPS[step], journal, session))
        assert primitives(session.draft) == [["a"], ["a", "b"], []][step]
        assert [problem.code for problem in desk.told] in ([], ["no-journal"])
        other = desk.journal()
        assert list(other.left_behind(session.store)) == [], number
        if session.is_dirty:
            add(session, "c")
        journal.keep(session)
        if journal.has_entry:
            die(journal)
        expected = [["a", "c"], ["a", "b", "c"], None][step]
        assert desk.offered()[:1] == ([expected] if expected else []), number
        assert [problem.code for problem in desk.told] in ([], ["no-journal"])


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", range(3))
def test_a_death_at_any_call_leaves_edits_that_are_whole(
    desk: Desk, on: Callable[..., None], step: int, when: str
) -> None:
    for number in range(1, len(calls_of(desk, step, on)) + 1):
        shutil.rmtree(desk.folder / ".local", ignore_errors=True)
        desk.told.clear()
        child = os.fork()
        if not child:
            try:
                on(System(CALLS, number, when, be_killed), partial(STEPS[step], *begin(desk, step)))
            finally:
                os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert desk.offered() in (ALLOWED[step], ALLOWED[step + 1]), number
        assert desk.told == []
        # what lies there is in nobody's way
        leave(desk, "later")
        assert desk.offered()[0] == ["later"]


def test_an_entry_that_goes_while_it_is_claimed_is_offered_to_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(desk, "a")
    (held,) = desk.left()

    def drop_and_lock(descriptor: int, how: int) -> None:
        held.drop()
        fcntl.flock(descriptor, how)

    locking = SimpleNamespace(flock=drop_and_lock, LOCK_EX=fcntl.LOCK_EX, LOCK_NB=fcntl.LOCK_NB)
    with monkeypatch.context() as patch:
        patch.setattr(entries, "fcntl", locking)
        assert desk.left() == []
    assert desk.entries() == []
    assert desk.told == []


def edit_and_commit_for_ever(desk: Desk, said: int) -> None:
    """Two edits and a commit, over and over; each line is said when it is written down, or committed."""
    journal, session = desk.journal(), desk.session()
    for number in range(1_000_000):
        add(session, f"p{number}")
        journal.keep(session)
        os.write(said, b"%d\n" % number)
        if number % 3 == 2:
            session.commit(force=True)
            journal.keep(session)


def test_a_hundred_kills_lose_nothing_that_was_written_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CIB is the old one or the new one; with the edits that are offered it has all that was said."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PCMK_schema_directory", str(desk.folder))
    session = desk.session()
    add(session, "p0")
    session.commit(force=True)  # what is imported now, a child need not import
    moments = random.Random(11)
    states = set()
    for _ in range(100):
        desk.path.write_bytes(EMPTY)
        said = killed_after(desk, moments.uniform(0, 0.03))
        kept = primitives(desk.session().draft)
        assert len(kept) % 3 == 0
        assert kept == [f"p{number}" for number in range(len(kept))]
        after = take_up(desk)
        assert after == [f"p{number}" for number in range(len(after))]
        assert len(after) - len(said) in (0, 1)
        states.add((len(after) > len(kept), len(after) > len(said)))
        assert desk.offered() == []
    assert desk.told == []
    assert {(True, False), (False, False)} <= states


def killed_after(desk: Desk, seconds: float) -> list[bytes]:
    """Let a process edit and commit until it is killed; what it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        edit_and_commit_for_ever(desk, writing)
    os.close(writing)
    with open(reading, "rb") as answers:
        first = answers.readline()
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return [first, *answers.read().splitlines()]


def take_up(desk: Desk) -> list[str]:
    """Take up what is offered, and commit it; the primitives that are there then."""
    found = desk.left()
    assert len(found) <= 1
    for left in found:
        if not left.is_in(desk.session().draft):
            session = desk.session()
            session.resume(left.base, left.draft)
            session.commit(force=True)
        left.drop()
    return primitives(desk.session().draft)
