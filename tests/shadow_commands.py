"""The commands on shadow CIBs, through the real program."""

from __future__ import annotations

import os
from pathlib import Path

from program import Ran, as_process, in_process
from terminal import CRM, PROMPT, Terminal

ROOT = Path(__file__).parents[1]
QUESTION = r"to stay: ?$"


def crm(folder: Path, line: str, code: int = 0) -> Ran:
    """Run the words of a line, in this process; it has to end with the exit code."""
    ran = in_process(*line.split(), folder=folder)
    assert ran.code == code, ran
    return ran


def script(folder: Path, *lines: str, code: int = 0) -> Ran:
    """Run lines as a script, in a process of its own."""
    ran = as_process(folder=folder, stdin="\n".join((*lines, "")).encode())
    assert ran.code == code, ran
    return ran


def prompt(folder: Path, *words: str) -> Terminal:
    shadows = {"CIB_shadow_dir": str(folder / "shadows"), "CIB_file": "web.xml"}
    terminal = Terminal([*CRM, *(words or ("-c", "web.xml"))], folder, **shadows)
    terminal.wait(PROMPT)
    return terminal


def shown(folder: Path, cib: str = "web.xml") -> str:
    return crm(folder, f"-c {cib} configure show").out


def files(folder: Path) -> list[str]:
    return sorted(os.listdir(folder / "shadows"))
