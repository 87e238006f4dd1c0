"""The commands on shadow CIBs, through the real program."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import prompt_desk
from program import Ran, as_process, in_process

if TYPE_CHECKING:
    from terminal import Terminal

ROOT = Path(__file__).parents[1]


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


def prompt(folder: Path, cib: str = "web.xml") -> Terminal:
    """The prompt on the live CIB, or on a shadow."""
    return prompt_desk.prompt(folder, cib=cib, CIB_shadow_dir=str(folder / "shadows"), CIB_file="web.xml")


def shown(folder: Path, cib: str = "web.xml") -> str:
    return crm(folder, f"-c {cib} configure show").out


def files(folder: Path) -> list[str]:
    return sorted(os.listdir(folder / "shadows"))
