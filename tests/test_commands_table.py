"""docs/commands.md against what the program declares: each command has a row, and each row is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from crmsh_py.command.names import NOT_YET, find
from crmsh_py.command.slots import SLOTS
from crmsh_py.errors import UsageError
from crmsh_py.levels import ALIASES, BELOW, LEVELS, load
from crmsh_py.levels import NOT_YET as LEVELS_NOT_YET
from crmsh_py.shell.everywhere import level as everywhere

if TYPE_CHECKING:
    from crmsh_py.command.pattern import Argument

PAGE = (Path(__file__).parents[1] / "docs" / "commands.md").read_text(encoding="utf-8")
ALL = {"everywhere": everywhere, "root": load("root"), **{name: load(name) for name in LEVELS}}
THERE = ("same", "better", "only here")
MARKS = (*THERE, "not yet")
# what a level is not there for, though it is entered from another one than the root
NOT_YET_BELOW = {"template": "configure"}


class Row(NamedTuple):
    """A command: its usage, its first word, other names, what becomes of it, what is said of that."""

    level: str
    usage: str
    name: str
    others: tuple[str, ...]
    mark: str
    remarks: str


def rows() -> list[Row]:
    found = []
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        level, _, rest = section.partition("\n")
        for line in rest.splitlines():
            if line.startswith("| `"):
                usage, others, mark, remarks = (cell.strip() for cell in line.strip("|").split("|"))
                usage = usage.strip("`")
                name = usage.split()[0]
                found.append(Row(level, usage, name, tuple(re.findall("`([^`]+)`", others)), mark, remarks))
    return found


ROWS = rows()
IDS = [f"{row.level} {row.name}" for row in ROWS]


def named(level: str) -> set[str]:
    """All that may begin a line in a level: commands and statements."""
    return {*ALL[level].commands, *ALL[level].keywords}


def test_every_declared_command_has_a_row() -> None:
    assert len(IDS) == len(set(IDS))
    assert {row.mark for row in ROWS} == set(MARKS)
    rows_of = {(row.level, name) for row in ROWS for name in (row.name, *row.others) if row.mark in THERE}
    declared = {(level, name) for level in ALL for name in (*named(level), *ALL[level].aliases)}
    assert sorted(declared - rows_of) == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.mark in THERE], ids=lambda row: f"{row.level} {row.name}")
def test_what_is_said_to_be_there_is_there(row: Row) -> None:
    level = ALL[row.level]
    assert row.name in named(row.level)
    for other in row.others:
        assert level.aliases.get(other) == row.name or other in level.keywords, other
    assert (row.mark == "better") <= bool(row.remarks), "in what it is better is said"
    command = level.commands.get(row.name)
    if command is not None:
        words = re.findall(r"(?<![\w-])-{0,2}[a-z][a-z_]*(?![\w-])", row.usage.removeprefix(row.name))
        literals = {item.text for pattern in command.usage.patterns for item in pattern.literals}
        arguments = [item for pattern in command.usage.patterns for item in pattern.arguments()]
        assert [word for word in words if word not in literals and not _is_candidate(word, arguments)] == []


def _is_candidate(word: str, arguments: list[Argument]) -> bool:
    """Whether a kind of word that needs no cluster offers this one."""
    return any(word in _candidates(item.kind) for item in arguments)


def _candidates(kind: str) -> list[str]:
    try:
        return [one.text for one in SLOTS[kind].candidates(None, "")]  # type: ignore[arg-type]
    except AttributeError:  # it asks the cluster
        return []


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.mark == "not yet"], ids=lambda row: f"{row.level} {row.name}"
)
def test_what_is_not_there_yet_says_so(row: Row) -> None:
    if row.level in ALL:
        level, word = ALL[row.level], row.name
        assert word not in {*named(row.level), *level.aliases}
    else:
        above = NOT_YET_BELOW.get(row.level, "root")
        level, word = ALL[above], row.level
    with pytest.raises(UsageError) as refused:
        find(word, (level, everywhere), ALIASES)
    assert refused.value.problems[0].code == NOT_YET


def test_every_level_has_its_part() -> None:
    parts = {row.level for row in ROWS}
    assert parts == {*ALL, *(LEVELS_NOT_YET), "template"} - {"report"}
    assert {name for names in BELOW.values() for name in names} <= parts


def test_no_command_is_not_there_yet_without_a_row() -> None:
    known = {(row.level, row.name) for row in ROWS if row.mark == "not yet"}
    missing = {(name, word) for name, level in ALL.items() for word in level.not_yet if (name, word) not in known}
    parts = {row.level for row in ROWS}
    assert sorted(pair for pair in missing if pair[1] not in parts) == []
