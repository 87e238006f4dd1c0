"""Completion never waits: what is dear, or asks the cluster, is done by other threads, and offered when it is there."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from completion_desk import SAMPLES, Host, lines_of_commands, lines_of_statements, stack_of

from crmsh_py.cib.document import Cib
from crmsh_py.command.later import Background
from crmsh_py.command.slots import SLOTS
from crmsh_py.shell.completer import complete, prepare

if TYPE_CHECKING:
    from crmsh_py.command.context import Context

_more_slots_of_tests = {"duration", "words"}
# generous: nothing here takes so long, unless it fails
SECONDS = 60.0


class Held(Background):
    """Works that do not begin before they are let go."""

    def __init__(self) -> None:
        super().__init__(self._arrived)
        self.go = threading.Event()
        self.arrived = threading.Semaphore(0)
        self.threads: set[threading.Thread] = set()

    def _arrived(self) -> None:
        assert threading.current_thread() is not threading.main_thread()
        self.arrived.release()

    def get(self, key, work, default, seconds=None):
        def held():
            self.threads.add(threading.current_thread())
            assert self.go.wait(SECONDS)
            return work()

        return super().get(key, held, default, seconds)

    def come(self) -> None:
        """Let the works go, and wait for something new."""
        self.go.set()
        assert self.arrived.acquire(timeout=SECONDS)


def elsewhere(does: Callable, what: str) -> Callable:
    """A function that must not be called by the thread that the user waits for."""

    def done(*args, **keywords):
        assert threading.current_thread() is not threading.main_thread(), f"{what}: {args[:1]}"
        return does(*args, **keywords)

    return done


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Context, Held]]:
    host = Host(tmp_path)
    host.settle(monkeypatch.setenv, monkeypatch.setattr)
    monkeypatch.chdir(tmp_path)
    cx = host.context()
    cx.later = later = Held()
    monkeypatch.setattr(subprocess, "Popen", elsewhere(subprocess.Popen, "a program is started"))
    parse = Cib.parse.__func__
    monkeypatch.setattr(Cib, "parse", classmethod(elsewhere(parse, "a CIB is read")))
    yield cx, later
    later.go.set()


def offered(cx: Context, line: str, level: str = "root") -> list[str]:
    return [one.text for one in complete(cx, stack_of(level), line).candidates]


def test_there_is_a_word_of_each_kind_to_try() -> None:
    assert SAMPLES.keys() >= SLOTS.keys() - _more_slots_of_tests


def test_no_command_waits(held: tuple[Context, Held]) -> None:
    cx, later = held
    tried = 0
    for level, line in dict.fromkeys(lines_of_commands()):
        offered(cx, line, level)
        tried += 1
    assert tried > 500
    assert later.threads, "something is asked for"
    assert offered(cx, "resource st") == ["start", "status", "stop"]
    assert offered(cx, "resource start --w") == ["--wait"]


def test_no_statement_waits(held: tuple[Context, Held]) -> None:
    cx, later = held
    tried = 0
    for line in dict.fromkeys(lines_of_statements()):
        offered(cx, line, "configure")
        tried += 1
    assert tried > 1500
    assert later.threads, "something is asked for"
    assert offered(cx, "primitive x Web m", "configure") == ["meta"]


def test_nothing_is_waited_for_before_a_line_is_typed(held: tuple[Context, Held]) -> None:
    cx, _ = held
    list(prepare(cx))
    assert offered(cx, "resource start ") == ["--wait", "--dry-run"]


def test_what_was_asked_for_is_offered_when_it_has_come(held: tuple[Context, Held]) -> None:
    cx, later = held
    lines = {
        "configure edit addr": ["address"],
        "node standby al": ["alpha"],
        "configure primitive x ocf:h": ["ocf:heartbeat:"],
        "configure primitive x Web params po": ["port="],
    }
    assert {line: offered(cx, line) for line in lines} == {key: [] for key in lines}
    while {line: offered(cx, line) for line in lines} != lines:
        later.come()
    assert threading.main_thread() not in later.threads


def test_edits_are_seen_at_once(held: tuple[Context, Held]) -> None:
    cx, _ = held

    def change(cib: Cib) -> list[None]:
        cib.make_section("nodes").append(cib.root.makeelement("node", {"id": "7", "uname": "new"}))
        return []

    # a command may wait
    command = threading.Thread(target=cx.edit, args=(change,))
    command.start()
    command.join(SECONDS)
    assert offered(cx, "node standby n") == ["new"]
