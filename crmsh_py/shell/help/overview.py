"""The overview of a level: what there is in it, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.output import Record
from crmsh_py.shell.everywhere import level as everywhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crmsh_py.command.declare import Level
    from crmsh_py.output import Fragment
    from crmsh_py.shell.everywhere import Stack

MORE = "\n`help WORD` explains one of them, or an agent or a property; `help topics` lists more\n"


def names_here(stack: Stack) -> Record:
    """The names of commands, levels and statements of the current level."""
    level = stack.level
    names = sorted({*level.commands, *everywhere.commands, *level.sublevels, *level.keywords})
    return Record("ls", lambda: names, lambda: [("", "\n".join(names) + "\n")])


def overview(level: Level) -> Record:
    """What there is in a level."""
    tables = {
        "levels": level.sublevels,
        "commands": _summaries(level),
        "everywhere": _summaries(everywhere),
    }
    statements = sorted(level.keywords)
    return Record(
        "help.level",
        lambda: {"level": level.name, "summary": level.summary, **tables, "statements": statements},
        lambda: _fragments(level, tables),
    )


def _summaries(level: Level) -> dict[str, str]:
    return {name: command.summary for name, command in level.commands.items()}


def _fragments(level: Level, tables: Mapping[str, Mapping[str, str]]) -> Iterable[Fragment]:
    from crmsh_py.shell.help.blocks import table
    from crmsh_py.shell.help.texts import summary_of_statement

    yield "", f"{level.summary}\n"
    for title, rows in tables.items():
        if rows:
            yield "heading", f"\n{title.capitalize()}\n"
            yield from table(rows.items())
    if level.keywords:
        yield "heading", "\nStatements\n"
        yield from table((name, summary_of_statement(name)) for name in sorted(level.keywords))
    yield "hint", MORE
