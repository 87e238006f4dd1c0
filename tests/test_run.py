"""Starting programs, with real ones."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from crmsh_py.errors import CrmError, NotPermitted, TimedOut
from crmsh_py.run import run


def test_what_goes_in_and_comes_out() -> None:
    script = 'cat; echo "$1" >&2; printf %s "$LC_ALL-$MARK"; exit 3'
    result = run(["sh", "-c", script, "sh", "a b; *"], stdin=b"\xff\n", timeout=10, environ={"MARK": "m"})
    assert (result.exit_code, result.stdout, result.error_text) == (3, b"\xff\nC-m", "a b; *\n")
    assert result.output_text == "\\xff\nC-m"


def test_a_program_that_reads_nothing_may_be_given_much() -> None:
    assert run(["true"], stdin=b"x" * 1_000_000, timeout=10).exit_code == 0


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="cannot run no-such-program-x: there is no such program"):
        run(["no-such-program-x"], timeout=1)
    with pytest.raises(NotPermitted, match="permission denied"):
        run([str(tmp_path)], timeout=1)
    with pytest.raises(CrmError, match="null"):
        run(["true", "a\0b"], timeout=1)


def test_at_the_timeout_the_children_are_killed_too(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with pytest.raises(TimedOut, match=r"sh did not end within 0\.3 s"):
        run(["sh", "-c", '(sleep 1; echo late > "$1") & wait', "sh", str(mark)], timeout=0.3)
    time.sleep(1.2)
    assert not mark.exists()
