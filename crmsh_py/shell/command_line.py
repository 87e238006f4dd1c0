"""The command line of a shell: `crm`, options of the program, levels and a command. What may stand at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.candidates import Candidate, fitting, of_kind
from crmsh_py.config import DISPLAYS
from crmsh_py.errors import BadSyntax
from crmsh_py.output import FORMATS
from crmsh_py.shell.completer import cut, of_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crmsh_py.command.context import Context
    from crmsh_py.shell.everywhere import Stack


class OptionOfProgram(NamedTuple):
    """An option: its spellings, what it does, and whether a value follows."""

    flags: tuple[str, ...]
    about: str
    takes_value: bool


def candidates(
    line: str, options: Sequence[OptionOfProgram], open_: Callable[[str | None], tuple[Context, Stack]]
) -> list[Candidate]:
    """What may stand in the place of the last word of a line.

    line: all that stands before the cursor, the name of the program first. open_: gives a Context for the value of
    `-c`, and the levels where the program begins.
    """
    try:
        words, _, partial = cut(line)
    except BadSyntax:
        return []
    if not words:
        return []
    values = [word.value for word in words[1:]]
    cib, at = None, 0
    while at < len(values) and values[at].startswith("-"):
        flag, equals, value = values[at].partition("=")
        option = next((one for one in options if flag in one.flags), None)
        if option is None:
            return []
        if option.takes_value and not equals:
            at += 1
            if at == len(values):
                cx, _ = open_(None)
                return fitting(_values(cx, option, partial), partial)
            value = values[at]
        cib = value if "--cib" in option.flags else cib
        at += 1
    if partial.startswith("-") and at == len(values):
        return fitting((Candidate(flag, one.about) for one in options for flag in reversed(one.flags)), partial)
    cx, stack = open_(cib)
    return of_words(cx, stack, words[1 + at :], partial)


def _values(cx: Context, option: OptionOfProgram, partial: str) -> Iterator[Candidate]:
    """What the value of an option may be."""
    found: Iterable[Candidate] = ()
    if "--cib" in option.flags:
        found = (*of_kind(cx, "shadow", partial), *of_kind(cx, "file", partial))
    elif "--file" in option.flags:
        found = of_kind(cx, "file", partial)
    elif "--display" in option.flags:
        found = map(Candidate, DISPLAYS)
    elif "--output" in option.flags:
        found = map(Candidate, FORMATS)
    yield from found
