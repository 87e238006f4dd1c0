"""A line up to the cursor -> what may stand in the place of its last word.

It is found out as the line would be read: levels by the words that enter them, commands by their usage lines,
statements by the grammar. What means nothing has no candidates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.candidates import Candidate, fitting, of_kind
from crmsh_py.command.names import COMMAND, LEVEL, find
from crmsh_py.command.pattern import Literal, Option
from crmsh_py.errors import BadSyntax, CrmError, UsageError
from crmsh_py.language.words import BLANKS, logical_lines
from crmsh_py.levels import ALIASES
from crmsh_py.shell.everywhere import level as everywhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crmsh_py.command.context import Context
    from crmsh_py.command.declare import Command
    from crmsh_py.language.words import Word
    from crmsh_py.shell.everywhere import Stack


class Completion(NamedTuple):
    """What may stand from an index of the line on; partial: what stands there, unquoted."""

    start: int
    partial: str
    candidates: list[Candidate]


def complete(cx: Context, stack: Stack, text: str) -> Completion:
    """What may follow at the end of a line that is typed at a stack of levels, which stays as it is.

    There are no candidates where the line is wrong, in quotes that are still open, and behind a `#`. Nothing is raised:
    nobody asked for an error by pressing TAB.
    """
    try:
        words, start, partial = cut(text)
    except BadSyntax:
        return Completion(len(text), "", [])
    return Completion(start, partial, of_words(cx, stack, words, partial))


def of_words(cx: Context, stack: Stack, words: Sequence[Word], partial: str) -> list[Candidate]:
    """What may follow whole words, and begin as the word that is being typed; none where they are wrong."""
    try:
        return fitting(_candidates(cx, stack.copy(), words, partial), partial)
    except CrmError:
        return []


def cut(text: str) -> tuple[list[Word], int, str]:
    """The whole words of a line, and the one that is being typed, with its index. Raises BadSyntax."""
    lines = list(logical_lines(text, ""))
    if not lines:
        return [], len(text), ""
    line = lines[-1]
    if line.fault:
        raise line.fault
    if line.comments and not line.words:
        raise BadSyntax("a comment")
    if not line.words or text[-1] in BLANKS:
        return line.words, len(text), ""
    last = line.words[-1]
    return line.words[:-1], len(text) - len(last.raw), last.value


def _candidates(cx: Context, stack: Stack, words: Sequence[Word], partial: str) -> Iterable[Candidate]:
    for at, word in enumerate(words):
        meaning = find(word.value, (stack.level, everywhere), ALIASES)
        if meaning.sort == LEVEL:
            stack.enter(meaning.name)
        elif meaning.sort == COMMAND and meaning.command:
            return _of_command(cx, stack, meaning.command, words[at + 1 :], partial)
        else:
            from crmsh_py.command.statement_places import of_statement  # heavy

            return of_statement(cx, words[at:], partial)
    return here(stack)


def here(stack: Stack) -> Iterator[Candidate]:
    """What a line may begin with: commands, statements, levels, then the commands of every level; each by name."""
    level = stack.level
    yield from (Candidate(name, level.commands[name].summary) for name in sorted(level.commands))
    yield from (Candidate(word, "statement") for word in sorted(level.keywords - set(level.commands)))
    yield from (Candidate(name, level.sublevels[name]) for name in sorted(level.sublevels))
    yield from (Candidate(name, everywhere.commands[name].summary) for name in sorted(everywhere.commands))


def _of_command(
    cx: Context, stack: Stack, command: Command, words: Sequence[Word], partial: str
) -> Iterator[Candidate]:
    values = [word.value for word in words]
    for item in command.usage.expected(values):
        if isinstance(item, Literal):
            yield Candidate(item.text)
        elif isinstance(item, Option):
            yield Candidate(f"--{item.text}" + ("=" if item.value and partial.startswith("--") else ""))
        elif item.kind in ("topic", "level"):
            yield from _topics(stack, values, is_level=item.kind == "level")
        else:
            # what is named already is not named again
            yield from (one for one in of_kind(cx, item.kind, partial) if one.text not in values)


def _topics(stack: Stack, before: Sequence[str], *, is_level: bool) -> Iterator[Candidate]:
    """What `help` explains, and where `cd` leads."""
    for name in before:
        try:
            stack.enter(name)
        except UsageError:
            return
    if is_level:
        yield from (Candidate(name, about) for name, about in stack.level.sublevels.items())
        yield from (Candidate(".."), Candidate("/"))
    else:
        yield from here(stack)
