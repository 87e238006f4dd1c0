"""Help: overviews of levels, and manual entries of commands and statements, from their declarations alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from crmsh_py.command.names import COMMAND, LEVEL, find
from crmsh_py.command.pattern import Argument
from crmsh_py.command.slots import SLOTS
from crmsh_py.errors import NoSuchObject, UsageError
from crmsh_py.levels import ALIASES
from crmsh_py.output import Fragment, Record
from crmsh_py.shell.everywhere import level as everywhere

if TYPE_CHECKING:
    from crmsh_py.command.declare import Command, Level
    from crmsh_py.shell.everywhere import Stack


def help_on(stack: Stack, topic: Sequence[str]) -> Record:
    """The overview of the current level, or the help on a topic (`show`, `configure`, `configure show`).

    Raises UsageError where there is no such topic.
    """
    here = stack.copy()
    for index, word in enumerate(topic):
        meaning = find(word, (here.level, everywhere), ALIASES)
        if meaning.sort == LEVEL:
            here.enter(meaning.name)
            continue
        if index + 1 < len(topic):
            raise UsageError(f"no such topic: {' '.join(topic)}", hint=f"try `help {' '.join(topic[: index + 1])}`")
        if meaning.sort == COMMAND and meaning.command:
            return entry(meaning.command)
        return statement_entry(meaning.name)
    return overview(here)


def names_here(stack: Stack) -> Record:
    """The names of commands, levels and statements of the current level."""
    level = stack.level
    names = sorted({*level.commands, *everywhere.commands, *level.sublevels, *level.keywords})
    return Record("ls", lambda: names, lambda: [("", "\n".join(names) + "\n")])


def overview(stack: Stack) -> Record:
    """What there is in the current level, a line each."""
    level = stack.level
    tables = {
        "levels": level.sublevels,
        "commands": _summaries(level),
        "everywhere": _summaries(everywhere),
    }
    statements = sorted(level.keywords)
    return Record(
        "help.level",
        lambda: {"level": level.name, "summary": level.summary, **tables, "statements": statements},
        lambda: _overview_fragments(level.summary, tables, statements),
    )


def _summaries(level: Level) -> dict[str, str]:
    return {name: command.summary for name, command in level.commands.items()}


def _overview_fragments(
    summary: str, tables: Mapping[str, Mapping[str, str]], statements: Sequence[str]
) -> Iterable[Fragment]:
    yield "", f"{summary}\n"
    for title, rows in tables.items():
        if rows:
            yield "heading", f"\n{title.capitalize()}\n"
            yield from _table(rows)
    if statements:
        yield "heading", "\nStatements\n"
        yield "keyword", "".join(f"  {name}\n" for name in statements)
    yield "hint", "\n`help WORD` explains one of them\n"


def _table(rows: Mapping[str, str]) -> Iterable[Fragment]:
    width = max(map(len, rows))
    for name, summary in rows.items():
        yield "keyword", f"  {name:{width}}"
        yield "", f"  {summary}\n"


def entry(command: Command) -> Record:
    """The manual entry of a command."""
    arguments = {
        f"<{item.name}>": SLOTS[item.kind].description
        for pattern in command.usage.patterns
        for item in pattern.arguments()
        if isinstance(item, Argument)
    }
    data = {
        "command": command.name,
        "aliases": list(command.aliases),
        "summary": command.summary,
        "usage": list(command.usage.shown),
        "arguments": arguments,
        "body": command.body,
        "examples": command.examples,
    }
    return Record("help.command", lambda: data, lambda: _entry_fragments(command, arguments))


def _entry_fragments(command: Command, arguments: dict[str, str]) -> Iterable[Fragment]:
    yield "", f"{command.summary}\n"
    yield "heading", "\nUsage\n"
    yield "keyword", "".join(f"  {line}\n" for line in command.usage.shown)
    if arguments:
        yield "heading", "\nArguments\n"
        yield from _table(arguments)
    if command.aliases:
        yield "", f"\nAlso called {', '.join(command.aliases)}.\n"
    if command.body:
        yield "", f"\n{command.body}\n"
    if command.examples:
        yield from _examples(command.examples)


def _examples(lines: Sequence[str]) -> Iterable[Fragment]:
    yield "heading", "\nExamples\n"
    yield "", "".join(f"  {line}\n" for line in lines)


def statement_entry(keyword: str) -> Record:
    """The examples above the rule of a statement in the grammar. Raises NoSuchObject where there are none."""
    from crmsh_py.language.keywords import grammar_text

    rule = re.search(rf'((?:^//.*\n)+)\w+:[^"\n]*(?:"\w+"[ |]*)*"{re.escape(keyword)}"', grammar_text(), re.MULTILINE)
    if not rule:
        raise NoSuchObject(f"there is no help on {keyword}")
    examples = [line[2:].strip() for line in rule.group(1).splitlines()]
    summary = f"`{keyword}` is a statement of the configuration language."
    data = {"statement": keyword, "summary": summary, "examples": examples}
    return Record("help.statement", lambda: data, lambda: [("", summary + "\n"), *_examples(examples)])
