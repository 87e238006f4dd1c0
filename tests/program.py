"""The program as it is run by its users: as a process, or, where many runs are needed, in this one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from crmsh_py.main import run
from crmsh_py.output import Output

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-m", "crmsh_py"]
# generous, for slow machines
SECONDS = 60
BUG = 3
# with `check`, which is a monitoring plugin, 3 is one of its answers
UNKNOWN, UNKNOWN_TOO = "CRM UNKNOWN - ", ('"state": "UNKNOWN"', "check_state 3")


class Ran(NamedTuple):
    """An exit code, and what was written to the two streams."""

    code: int
    out: str
    err: str


def as_process(*words: str, folder: Path, stdin: bytes = b"") -> Ran:
    """Run the program in a folder. Fails where it shows a bug of ours."""
    done = subprocess.run(
        [*PROGRAM, *words],
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        timeout=SECONDS,
    )
    ran = Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    check_no_bug(ran)
    return ran


def in_process(*words: str, folder: Path) -> Ran:
    """The same, without a process of its own and without input."""
    out, err = io.StringIO(), io.StringIO()
    with in_folder(folder):
        ran = Ran(run(words, os.environ, Output(out, err, os.environ)), out.getvalue(), err.getvalue())
    check_no_bug(ran)
    return ran


def check_no_bug(ran: Ran) -> None:
    """Fail where a program died, or showed a traceback."""
    assert ran.code != BUG or ran.out.startswith(UNKNOWN) or any(said in ran.out for said in UNKNOWN_TOO), ran.err
    assert ran.code >= 0, f"died of signal {-ran.code}"
    assert "Traceback" not in ran.err + ran.out
    assert "internal error" not in ran.err


@contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    """Names of files are taken from there."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
