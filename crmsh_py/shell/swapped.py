"""Two words that stand in the wrong order: `failcount show web`, `web stop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.usage import Misfit
from crmsh_py.language.words import quote_argv
from crmsh_py.masks import masked_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crmsh_py.command.declare import Level


def meant(levels: Iterable[Level], words: Sequence[str], at: int) -> str | None:
    """A hint that says a line right, where the word at an index fits when it is swapped with a neighbour; else None.

    levels: whose commands are looked for, with their names in full. The name of a command that is there is not moved.
    """
    levels = tuple(levels)
    for first in (at - 1, at) if at else (0,):
        line = list(words)
        line[first : first + 2] = reversed(line[first : first + 2])
        if (first or not at) and line != list(words) and any(_fits(level, line) for level in levels):
            return f"did you mean `{masked_line(quote_argv(line))}`?"
    return None


def _fits(level: Level, words: Sequence[str]) -> bool:
    command = level.commands.get(level.aliases.get(words[0], words[0]))
    if command is None:
        return False
    try:
        command.usage.match(words[1:])
    except Misfit:
        return False
    return True
