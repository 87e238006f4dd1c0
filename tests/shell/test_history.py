"""What was typed, across sessions."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from crmsh_py.shell.history import KEPT, MOST, History

if TYPE_CHECKING:
    from crmsh_py.problems import Problem

TYPED = some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() and "passw" not in text and "://" not in text
)


def opened(home: Path, told: list[Problem] | None = None) -> History:
    return History({"HOME": str(home)}, ([] if told is None else told).append)


def stored(home: Path) -> Path:
    return home / ".local" / "state" / "crm" / "history"


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(TYPED, unique=True, max_size=6))
def test_the_next_session_has_what_was_typed(tmp_path: Path, typed: list[str]) -> None:
    stored(tmp_path).unlink(missing_ok=True)
    history = opened(tmp_path)
    for text in typed:
        history.add(text)
    assert opened(tmp_path).lines() == typed


def test_what_is_blank_or_the_same_again_is_not_kept(tmp_path: Path) -> None:
    history = opened(tmp_path)
    for text in ("status", "status", " ", "", "show", "status"):
        history.add(text)
    assert history.lines() == ["status", "show", "status"]


def test_nobody_else_can_read_it_and_secrets_are_not_in_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        history = opened(tmp_path)
        history.add("primitive f stonith:fence_xvm \\\n  params password=geheim ip=10.0.0.1")
    finally:
        os.umask(before)
    assert stat.S_IMODE(stored(tmp_path).stat().st_mode) == 0o600
    assert stat.S_IMODE(stored(tmp_path).parent.stat().st_mode) & 0o077 == 0
    assert "geheim" not in stored(tmp_path).read_text()
    assert "ip=10.0.0.1" in history.lines()[0]


@pytest.mark.parametrize(
    "text",
    [
        "resource secret web set pin \\\n geheim",
        "resource param web set passwd \\\n geheim",
        "configure set web.passwd \\\n  geheim",
        "primitive a Dummy params password=\\\ngeheim",
        'primitive a Dummy params password="lang \\\n geheim"',
        "# of\nprimitive a Dummy params \\\n x=1 \\\n password=geheim",
    ],
)
def test_a_secret_in_the_next_line_is_masked_too(tmp_path: Path, text: str) -> None:
    opened(tmp_path).add(text)
    assert "geheim" not in stored(tmp_path).read_text()
    assert opened(tmp_path).lines()[0].split()[0] == text.split(maxsplit=1)[0]


def test_a_session_that_keeps_the_lock_is_not_waited_for(tmp_path: Path) -> None:
    told: list[Problem] = []
    history = opened(tmp_path, told)
    history.add("status")
    with (stored(tmp_path).parent / "history.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert history.lines() == []
    assert "locked" in told[0].text
    assert opened(tmp_path).lines() == ["status"]


def test_it_does_not_grow_for_ever(tmp_path: Path) -> None:
    history = opened(tmp_path)
    history.add("first")
    with stored(tmp_path).open("a") as file:
        file.writelines(json.dumps(f"show {number}") + "\n" for number in range(MOST))
    assert history.lines()[-1] == f"show {MOST - 1}"
    assert len(stored(tmp_path).read_text().splitlines()) == KEPT
    assert len(opened(tmp_path).lines()) == KEPT


def test_lines_that_nobody_has_typed_are_left_out(tmp_path: Path) -> None:
    history = opened(tmp_path)
    history.add("status")
    with stored(tmp_path).open("ab") as file:
        file.write(b'\xff\n{"a": 1}\n"unfinished\n[]\n17\n"show"\n')
    assert history.lines() == ["status", "show"]


def test_sessions_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    write = (
        "import os, sys\nfrom crmsh_py.shell.history import History\n"
        "one = History(os.environ, print)\nfor number in range(100): one.add(f'{sys.argv[1]} {number}')"
    )
    environ = {**os.environ, "HOME": str(tmp_path)}
    writers = [subprocess.Popen([sys.executable, "-c", write, name], env=environ) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert sorted(opened(tmp_path).lines()) == sorted(f"{name} {number}" for name in "abc" for number in range(100))


@pytest.mark.parametrize("trap", ["no home", "a link", "a folder", "a file in the way"])
def test_what_cannot_be_kept_is_told_once(tmp_path: Path, trap: str) -> None:
    told: list[Problem] = []
    home = tmp_path / "home"
    stored(home).parent.mkdir(parents=True, mode=0o700)
    if trap == "a link":
        stored(home).symlink_to(tmp_path / "elsewhere")
    elif trap == "a folder":
        stored(home).mkdir()
    elif trap == "a file in the way":
        stored(home).parent.rmdir()
        stored(home).parent.touch()
    history = opened(tmp_path / "nosuch" if trap == "no home" else home, told)
    assert history.lines() == []
    history.add("status")
    history.add("show")
    assert [problem.code for problem in told] == ["no-history"]
    assert not (tmp_path / "elsewhere").exists()
