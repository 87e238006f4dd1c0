"""What malformed text gets: the place of each error, what was expected there, a hint."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from crmsh_py.errors import BadSyntax
from crmsh_py.language.parser import parse, read_text
from crmsh_py.problems import Place, Problem

CARET = re.compile(r"(\s*)(\^~*)$")
BLOCKS = (Path(__file__).parent / "malformed.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n\n")[1:]


class Expected(NamedTuple):
    """An error: where it is, and parts of what is said."""

    place: Place
    text: str
    hint: str


def read(block: str) -> tuple[str, list[Expected]]:
    """The text of a block, and the errors that are drawn in it."""
    lines: list[str] = []
    errors: list[Expected] = []
    for line in block.split("\n"):
        caret = CARET.fullmatch(line)
        if caret:
            column = len(caret.group(1)) + 1
            place = Place("f.crm", len(lines), column, column + len(caret.group(2)), lines[-1])
            errors.append(Expected(place, "", ""))
        elif line.startswith("= "):
            errors[-1] = errors[-1]._replace(text=line[2:])
        elif line.startswith("? "):
            errors[-1] = errors[-1]._replace(hint=line[2:])
        else:
            lines.append(line)
    return "\n".join(lines), errors


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(BadSyntax) as caught:
        parse(text, "f.crm")
    return caught.value.problems


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.sub(r"\s+", " ", block.split("\n=")[0])[:70])
def test_malformed(block: str) -> None:
    text, expected = read(block)
    found = problems(text)
    assert [problem.place for problem in found] == [error.place for error in expected]
    for problem, error in zip(found, expected, strict=True):
        assert error.text in problem.text
        assert error.hint in (problem.hint or "")


def test_there_are_many() -> None:
    assert len(BLOCKS) >= 60


def test_every_error_of_a_text_is_told_and_no_other() -> None:
    lines = [
        "node a",
        "node b c",
        "",
        "# a comment",
        "nosuch",
        "property a=b",
        "location l p \\",
        "  nowhere",
        "node d",
    ]
    assert [(problem.place.line, problem.place.column) for problem in problems("\n".join(lines)) if problem.place] == [
        (2, 8),
        (5, 1),
        (8, 3),
    ]


def test_lines_of_exact_text_count_its_header() -> None:
    with pytest.raises(BadSyntax) as caught:
        read_text("#crm exact 1 schema=pacemaker-3.9\nnode a\nnosuch\n", "f.crm")
    assert [problem.place and problem.place.line for problem in caught.value.problems] == [3]


def test_exact_text_of_a_newer_form_is_refused() -> None:
    with pytest.raises(BadSyntax, match="newer"):
        read_text("#crm exact 2 schema=pacemaker-5.0\n", "f.crm")


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x1b", "\ufffe", "\ud800"])
def test_a_character_that_no_cib_can_hold(character: str) -> None:
    (problem,) = problems(f"node a\nprimitive p Dummy params a=x{character}y")
    assert problem.place
    assert (problem.place.line, problem.place.column) == (2, 29)
    assert f"U+{ord(character):04X}" in problem.text


def test_the_source_and_the_line_are_named() -> None:
    (problem,) = problems("  \n  nosuch x  ")
    assert problem.place == Place("f.crm", 2, 3, 9, "  nosuch x  ")
    assert problem.severity == "error"
    assert problem.code == "syntax"
