"""A user at the prompt, who edits web.xml in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from terminal import CRM, PROMPT, Terminal

ROOT = Path(__file__).parents[1]
QUESTION = r"(to stay|is done): ?$"


def with_empty_cib(folder: Path) -> Path:
    """The folder, with a web.xml that has no object."""
    shutil.copy(ROOT / "examples" / "empty.xml", folder / "web.xml")
    return folder


def prompt(folder: Path, *words: str, cib: str = "web.xml", **environ: str) -> Terminal:
    """The program at its first prompt. cib: what `-c` names."""
    terminal = Terminal([*CRM, "-c", cib, *words], folder, **environ)
    terminal.wait(PROMPT)
    return terminal


def crm(folder: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """What the same user, with the same home, does without a terminal."""
    argv = [*CRM, "-c", "web.xml", *words]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(argv, input=stdin, text=True, cwd=folder, env=environ, capture_output=True)
    assert "Traceback" not in done.stderr
    return done


def run(folder: Path, *words: str, stdin: str = "") -> int:
    """The exit code of the same."""
    return crm(folder, *words, stdin=stdin).returncode


def stored(folder: Path) -> str:
    return (folder / "web.xml").read_text()
