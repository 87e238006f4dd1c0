"""The first word of a line -> what it means in a level; abbreviations and near misses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crmsh_py.errors import UsageError
from crmsh_py.language.names import shortened
from crmsh_py.problems import ERROR, Problem, did_you_mean, listed

if TYPE_CHECKING:
    from crmsh_py.command.declare import Command, Level

COMMAND = "command"
LEVEL = "level"
STATEMENT = "statement"
UNKNOWN_COMMAND = "unknown-command"
NOT_YET = "not-there-yet"


class Meaning:
    """What a word means: `sort` (COMMAND, LEVEL or STATEMENT), its full `name`, and the command, if it is one.

    is_guess: the word is an abbreviation, of which the user should be told.
    """

    __slots__ = ("command", "is_guess", "name", "sort")

    def __init__(self, sort: str, name: str, command: Command | None = None, is_guess: bool = False) -> None:
        self.sort = sort
        self.name = name
        self.command = command
        self.is_guess = is_guess


def find(word: str, levels: Iterable[Level], aliases: Mapping[str, str]) -> Meaning:
    """What `word` means; the first of `levels` is the current one, the others lend their commands to it.

    aliases: other names of levels. Raises UsageError for a word that means nothing, or more than one thing.
    """
    levels = tuple(levels)
    meaning = _exact(word, levels, aliases) or _exact(word.lower(), levels, aliases)
    if meaning:
        return meaning
    if word.lower() in levels[0].not_yet:
        raise UsageError(problems=[Problem(ERROR, NOT_YET, f"`{word.lower()}` is not there yet")])
    names = _names(levels)
    longer = sorted(name for name in names if name.startswith(word.lower()) and word)
    if len(longer) != 1:
        raise _unknown(word, longer, names, levels[0])
    found = names[longer[0]]
    if found.command and found.command.is_destructive:
        raise UsageError(f"`{found.name}` must be written in full", hint=f"it is not abbreviated to `{word}`")
    found.is_guess = True
    return found


def _exact(word: str, levels: tuple[Level, ...], aliases: Mapping[str, str]) -> Meaning | None:
    for level in levels:
        command = level.commands.get(level.aliases.get(word, word))
        if command:
            return Meaning(COMMAND, command.name, command)
    keyword = levels[0].aliases.get(word, word)
    if keyword in levels[0].keywords:
        return Meaning(STATEMENT, keyword)
    name = aliases.get(word, word)
    return Meaning(LEVEL, name) if name in levels[0].sublevels else None


def _names(levels: tuple[Level, ...]) -> dict[str, Meaning]:
    """All that may begin a line, but for other names and what is hidden."""
    found = {name: Meaning(LEVEL, name) for name in levels[0].sublevels}
    found.update((word, Meaning(STATEMENT, word)) for word in levels[0].keywords)
    for level in reversed(levels):
        found.update((name, Meaning(COMMAND, name, command)) for name, command in level.commands.items())
    return found


def _unknown(word: str, longer: list[str], names: Iterable[str], level: Level) -> UsageError:
    if len(longer) > 1:
        return UsageError(f"`{word}` could be {listed(longer, 'or')}", hint="write more of it")
    where = "" if level.name == "root" else f" in {level.name}"
    hint = did_you_mean(word.lower(), names) or "`help` lists the commands"
    text = f"no such command{where}: {shortened(word)}"
    return UsageError(problems=[Problem(ERROR, UNKNOWN_COMMAND, text, hint=hint)])
