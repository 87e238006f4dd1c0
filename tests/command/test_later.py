"""What completion asks for is asked once, and at the prompt by other threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from program import ROOT

from crmsh_py.command import later
from crmsh_py.command.context import Context, Options
from crmsh_py.command.later import AT_ONCE, Background, Later
from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib

# generous: nothing here takes so long, unless it fails
SECONDS = 60.0


class Clock:
    """What `monotonic` says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(later, "monotonic", lambda: self.now)


class Work:
    """A work that gives 1, then 2 and so on; it counts how often it was done, and in which threads."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.fails = False

    def __call__(self) -> int:
        self.threads.append(threading.current_thread())
        if self.fails:
            raise CrmError("no")
        return len(self.threads)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class Arrivals:
    """A Background, and the arrivals that it tells of, one by one."""

    def __init__(self) -> None:
        self.came = threading.Semaphore(0)
        self.later = Background(self.came.release)

    def wait(self) -> None:
        assert self.came.acquire(timeout=SECONDS)


# ---- at once


def test_a_work_is_done_once(clock: Clock) -> None:
    found, work = Later(), Work()
    assert [found.get("a", work, 0), found.get("a", work, 0), found.get("b", work, 0)] == [1, 1, 2]


def test_it_is_done_again_when_the_answer_is_too_old(clock: Clock) -> None:
    found, work = Later(), Work()
    found.get("a", work, 0, 5)
    clock.now += 5
    assert found.get("a", work, 0, 5) == 1
    clock.now += 1
    assert found.get("a", work, 0, 5) == 2
    clock.now += 1e9
    assert found.get("a", work, 0) == 2


def test_what_is_outdated_is_asked_for_again(clock: Clock) -> None:
    found, work = Later(), Work()
    found.outdate("a")
    found.get("a", work, 0)
    found.outdate("a")
    assert [found.get("a", work, 0), found.get("a", work, 0)] == [2, 2]


def test_what_is_forgotten_is_asked_for_again() -> None:
    found, work = Later(), Work()
    found.get("a", work, 0)
    found.forget("a")
    found.forget("b")
    assert found.get("a", work, 0) == 2


def test_a_failure_gives_the_default_and_is_not_tried_again_at_once(clock: Clock) -> None:
    found, work = Later(), Work()
    work.fails = True
    assert [found.get("a", work, 0), found.get("a", work, 0)] == [0, 0]
    assert len(work.threads) == 1
    work.fails = False
    clock.now += later.FAILED_SECONDS + 1
    assert found.get("a", work, 0) == 2


def test_what_is_made_is_made_again_for_another_version_only() -> None:
    found, made = Later(), []
    for version in (1, 1, 2, 2, 1):
        found.once("a", version, lambda: made.append(None))
    assert len(made) == 3


# ---- in the background


def test_nobody_waits_and_what_comes_is_told() -> None:
    arrivals, go = Arrivals(), threading.Event()

    def work() -> str:
        go.wait(SECONDS)
        return threading.current_thread().name

    assert arrivals.later.get("a", work, "") == ""
    assert not arrivals.came.acquire(blocking=False)
    go.set()
    arrivals.wait()
    name = arrivals.later.get("a", work, "")
    assert name not in ("", threading.main_thread().name)


def test_an_old_answer_is_given_while_it_is_asked_for_again(clock: Clock) -> None:
    arrivals, work = Arrivals(), Work()
    arrivals.later.get("a", work, 0, 5)
    arrivals.wait()
    clock.now += 6
    assert arrivals.later.get("a", work, 0, 5) == 1
    arrivals.wait()
    assert arrivals.later.get("a", work, 0, 5) == 2


def test_what_happens_while_it_is_asked_for_is_asked_for_again() -> None:
    arrivals, begun, go = Arrivals(), threading.Event(), threading.Event()
    said: list[int] = []

    def work() -> int:
        said.append(1)
        begun.set()
        go.wait(SECONDS)
        return len(said)

    arrivals.later.get("a", work, 0)
    assert begun.wait(SECONDS)
    arrivals.later.outdate("a")
    go.set()
    arrivals.wait()
    assert arrivals.later.get("a", work, 0) == 1
    arrivals.wait()
    assert arrivals.later.get("a", work, 0) == 2


def test_few_threads_do_each_work_once() -> None:
    arrivals, go = Arrivals(), threading.Event()
    lock, doing, most, done = threading.Lock(), [0], [0], []

    def work(number: int) -> Callable[[], int]:
        def do() -> int:
            with lock:
                doing[0] += 1
                most[0] = max(most[0], doing[0])
                done.append(number)
            go.wait(SECONDS)
            with lock:
                doing[0] -= 1
            return number

        return do

    before = threading.active_count()
    for _ in range(3):
        for number in range(1, 21):
            arrivals.later.get(number, work(number), 0)
    assert threading.active_count() - before <= AT_ONCE
    go.set()
    for _ in range(20):
        arrivals.wait()
    assert sorted(done) == list(range(1, 21))
    assert most[0] <= AT_ONCE
    assert [arrivals.later.get(number, work(number), 0) for number in range(1, 21)] == list(range(1, 21))


def test_threads_do_not_keep_the_program_alive() -> None:
    arrivals, threads = Arrivals(), []
    arrivals.later.get("a", lambda: threads.append(threading.current_thread()) or 1, 0)
    arrivals.wait()
    assert threads[0].daemon


@pytest.mark.parametrize("error", [CrmError("no"), ValueError("a bug"), SystemExit(1)])
def test_no_failure_comes_out(error: BaseException, capfd: pytest.CaptureFixture[str]) -> None:
    arrivals, work = Arrivals(), Work()
    ended = threading.Event()

    def fail() -> int:
        ended.set()
        raise error

    assert arrivals.later.get("bad", fail, 7) == 7
    assert ended.wait(SECONDS)
    arrivals.later.get("good", work, 0)
    arrivals.wait()
    assert arrivals.later.get("bad", fail, 7) == 7
    assert capfd.readouterr().err == ""


def test_who_is_told_may_fail() -> None:
    came: list[int] = []
    ended = threading.Semaphore(0)

    def fail() -> None:
        ended.release()
        raise ValueError("the prompt is gone")

    known = Background(fail)
    for number in range(2 * AT_ONCE):
        known.get(number, lambda: came.append(1) or len(came), 0)
        assert ended.acquire(timeout=SECONDS)
    assert len(came) == 2 * AT_ONCE


# ---- the configuration


def context(path: Path) -> Context:
    return Context(Options(cib=str(path)), {}, lambda _: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cib.xml"
    path.write_text((ROOT / "examples" / "empty.xml").read_text())
    return path


def describe(cib: Cib) -> list[None]:
    section = cib.make_section("nodes")
    cib.touch(section)
    section.append(section.makeelement("node", {"id": "9", "uname": "nine"}))
    return []


def test_the_configuration_is_that_of_the_store_until_it_is_edited(path: Path) -> None:
    cx = context(path)
    seen = cx.seen()
    assert seen is not None
    assert seen is not cx.session.draft
    assert cx.seen() is seen
    cx.edit(describe)
    assert cx.seen() is cx.session.draft
    cx.session.undo()
    assert cx.seen() is seen, "the file has not changed"


def test_a_commit_is_seen_at_once(path: Path) -> None:
    cx = context(path)
    before = cx.seen()
    cx.edit(describe)
    cx.commit(force=True)
    after = cx.seen()
    assert before is not None
    assert after is not None
    assert (before.nodes(), after.nodes()) == ([], ["nine"])


def test_another_store_is_seen_at_once(path: Path, tmp_path: Path) -> None:
    from crmsh_py.cib.stores.file import File

    cx = context(path)
    assert cx.seen() is not None
    other = tmp_path / "other.xml"
    other.write_text(path.read_text().replace("<nodes/>", '<nodes><node id="1" uname="one"/></nodes>'))
    cx.use(File(str(other)))
    seen = cx.seen()
    assert seen is not None
    assert seen.nodes() == ["one"]


def test_what_cannot_be_read_is_not_seen(tmp_path: Path) -> None:
    assert context(tmp_path / "nosuch.xml").seen() is None
    assert context(Path("")).seen() is None


def test_in_the_background_it_is_seen_when_it_is_there(path: Path) -> None:
    cx, arrivals = context(path), Arrivals()
    cx.later = arrivals.later
    assert cx.seen() is None
    arrivals.wait()
    seen = cx.seen()
    assert seen is not None
    assert seen.nodes() == []
