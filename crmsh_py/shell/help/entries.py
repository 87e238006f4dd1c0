"""The manual entries of commands and statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.pattern import Argument
from crmsh_py.command.slots import SLOTS
from crmsh_py.errors import NoSuchObject
from crmsh_py.output import Record
from crmsh_py.shell.help.blocks import blocks, fragments, plain, table, usage
from crmsh_py.shell.help.derived import filled
from crmsh_py.shell.help.syntax import examples_of, rule_of, syntax_of
from crmsh_py.shell.help.texts import statement_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crmsh_py.command.declare import Command
    from crmsh_py.output import Fragment
    from crmsh_py.shell.help.blocks import Block
    from crmsh_py.shell.help.syntax import Syntax
    from crmsh_py.shell.help.texts import Text

# places that are what they are called
PLAIN = ("name", "value", "text")


def command_entry(command: Command, level: str, is_here: bool = True) -> Record:
    """The manual entry of a command of a level. is_here: it needs not be said which one."""
    arguments = arguments_of(command)
    data = {
        "command": command.name,
        "level": level,
        "aliases": list(command.aliases),
        "summary": command.summary,
        "usage": list(command.usage.shown),
        "arguments": arguments,
        "body": command.body,
        "examples": command.examples,
    }
    return Record(
        "help.command", lambda: data, lambda: _command_fragments(command, arguments, "" if is_here else level)
    )


def arguments_of(command: Command) -> dict[str, str]:
    """The places of a command's usage lines, and what they are for."""
    return {
        f"<{item.name}>": SLOTS[item.kind].description
        for pattern in command.usage.patterns
        for item in pattern.arguments()
        if isinstance(item, Argument)
    }


def _command_fragments(command: Command, arguments: dict[str, str], level: str) -> Iterable[Fragment]:
    yield from fragments(blocks(command.summary))
    yield "heading", f"\nUsage, in the level {level}\n" if level else "\nUsage\n"
    yield from usage(command.usage.shown)
    if arguments:
        yield "heading", "\nArguments\n"
        yield from table(arguments.items())
    if command.aliases:
        yield "", f"\nAlso called {', '.join(command.aliases)}.\n"
    yield from body_fragments(blocks(command.body))
    yield from example_fragments(command.examples)


def statement_entry(keyword: str) -> Record:
    """The manual entry of a statement. Raises NoSuchObject for one of another language."""
    rule = rule_of(keyword)
    if not rule:
        raise NoSuchObject(f"there is no help on {keyword}")
    syntax, text = syntax_of(rule), statement_text(rule)
    examples = [*examples_of(rule), *text.examples]
    data = {
        "statement": keyword,
        "summary": text.summary,
        "syntax": syntax.lines,
        "parts": syntax.parts,
        "topics": syntax.topics,
        "words": words_of(syntax),
        "body": plain(filled(text.body)),
        "examples": examples,
    }
    return Record("help.statement", lambda: data, lambda: _statement_fragments(keyword, syntax, text, examples))


def words_of(syntax: Syntax) -> dict[str, str]:
    """The places of a statement, and what they are for, where that is more than the name says."""
    slots = (slot for slot in syntax.slots if slot not in PLAIN)
    return {f"<{slot.replace('_', '-')}>": SLOTS[slot].description for slot in slots}


def parts_of(syntax: Syntax) -> Iterator[tuple[str, str]]:
    """The parts of a statement, and what they are made of or which topic explains them."""
    yield from ((name, " | ".join(lines)) for name, lines in syntax.parts.items())
    yield from ((name, f"`help {topic}`") for name, topic in syntax.topics.items())


def _statement_fragments(keyword: str, syntax: Syntax, text: Text, examples: Sequence[str]) -> Iterable[Fragment]:
    yield from fragments(blocks(f"{keyword}: {text.summary}"))
    yield "heading", "\nSyntax\n"
    yield from usage(syntax.lines)
    rows = [*parts_of(syntax), *words_of(syntax).items()]
    if rows:
        yield "heading", "\nwhere\n"
        yield from table(rows)
    yield from body_fragments(filled(text.body))
    yield from example_fragments(examples)


def body_fragments(parts: Sequence[Block]) -> Iterator[Fragment]:
    """What is said beyond the summary."""
    if parts:
        yield "", "\n"
        yield from fragments(parts)


def example_fragments(lines: Sequence[str]) -> Iterator[Fragment]:
    """Lines as they can be typed."""
    if lines:
        yield "heading", "\nExamples\n"
        yield "", "".join(f"  {line}\n" for example in lines for line in example.splitlines())
