"""Malformed scripts, through the real program: nothing is written, and every error is told, at its place.

In the scripts of `malformed_scripts/` a comment under a line that is wrong marks the place with `^`, and says a part
of what is told there; a comment that begins with `^` marks the first column. Lines that are good have no mark, and
those that are only wrong because of an earlier error have none either.
"""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copy
from typing import NamedTuple

import pytest
from program import ROOT, Ran, as_process, in_process

SCRIPTS = sorted((Path(__file__).parent / "malformed_scripts").glob("*.crm"))
_MARK = re.compile(r"#(\s*)\^ (.+)")
_ERROR = re.compile(r"^(\S+?):(\d+):(\d+): ERROR: (.*(?:\n(?:  |\t).*)*)", re.MULTILINE)


class Error(NamedTuple):
    """Line and column, both from 1, and what is said there."""

    line: int
    column: int
    text: str


def read(script: Path) -> tuple[str, list[Error]]:
    """The text of a script, its marks made plain comments, and the errors that they mark."""
    lines: list[str] = []
    errors = []
    for line in script.read_text(encoding="utf-8").splitlines():
        mark = _MARK.fullmatch(line)
        if mark:
            column = line.index("^") + 1 if mark[1] else 1
            wrong = max(number for number, text in enumerate(lines, 1) if not text.startswith("#"))
            errors.append(Error(wrong, column, mark[2]))
        lines.append("# a mark" if mark else line)
    return "\n".join(lines) + "\n", errors


def told(ran: Ran, source: str) -> list[Error]:
    return [
        Error(int(line), int(column), text) for name, line, column, text in _ERROR.findall(ran.err) if name == source
    ]


def check(found: list[Error], expected: list[Error], said: str) -> None:
    assert [error[:2] for error in found] == [error[:2] for error in expected], said
    for error, wanted in zip(found, expected, strict=True):
        assert wanted.text in error.text, said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(copy(ROOT / "examples" / "empty.xml", tmp_path / "cib.xml"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_nothing_is_written_and_every_error_is_told(script: Path, file: Path) -> None:
    text, expected = read(script)
    before = file.read_bytes()
    (file.parent / script.name).write_text(text, encoding="utf-8")
    ran = as_process("-c", file.name, "-f", script.name, folder=file.parent)
    assert (ran.code, ran.out) == (2, ""), ran.err
    assert expected, "the script has no mark"
    check(told(ran, script.name), expected, ran.err)
    assert file.read_bytes() == before
    piped = as_process("-c", file.name, folder=file.parent, stdin=text.encode())
    assert piped == ran._replace(err=ran.err.replace(script.name, "stdin"))


@pytest.mark.parametrize("script", [path for path in SCRIPTS if path.stem != "continued"], ids=lambda path: path.stem)
def test_each_error_is_one_alone(script: Path, file: Path) -> None:
    """A line that is wrong is wrong without the others: none is told only because of an earlier one."""
    text, expected = read(script)
    before = file.read_bytes()
    lines = text.splitlines()
    wrong = {error.line for error in expected}
    good = [index for index, line in enumerate(lines, 1) if index not in wrong]
    for error in expected:
        kept = [line if number in good or number == error.line else "" for number, line in enumerate(lines, 1)]
        (file.parent / script.name).write_text("\n".join(kept) + "\n", encoding="utf-8")
        ran = in_process("-c", file.name, "-f", script.name, folder=file.parent)
        check(told(ran, script.name), [error], ran.err)
        assert ran.code == 2
        assert file.read_bytes() == before


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_caret_stands_under_the_place(script: Path, file: Path) -> None:
    text, expected = read(script)
    (file.parent / script.name).write_text(text, encoding="utf-8")
    ran = in_process("-c", file.name, "-f", script.name, folder=file.parent)
    lines = text.splitlines()
    for line, column, said in told(ran, script.name):
        _, shown, caret, *_ = [*said.split("\n"), "", ""]
        assert shown[2:].replace("\t", " ").endswith(lines[line - 1].replace("\t", " ")[-20:])
        assert "^" in caret
        assert column <= len(lines[line - 1]) + 1
    assert len(told(ran, script.name)) == len(expected)


def test_there_are_twenty() -> None:
    assert len(SCRIPTS) >= 20
