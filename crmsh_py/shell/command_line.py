"""The command line of a shell: `crm`, options of the program, levels and a command. What may stand at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.candidates import Candidate, fitting
from crmsh_py.command.sensible_attributes import values_of_setting
from crmsh_py.command.slots import SLOTS
from crmsh_py.config import DISPLAYS, SETTINGS
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
        return _of_options(options, open_, partial)
    cx, stack = open_(cib)
    return of_words(cx, stack, words[1 + at :], partial)


def _of_options(
    options: Sequence[OptionOfProgram], open_: Callable[[str | None], tuple[Context, Stack]], partial: str
) -> list[Candidate]:
    """The options, or behind a `=` the values of one."""
    flag, equals, value = partial.partition("=")
    option = next((one for one in options if flag in one.flags), None)
    if equals:
        found = _values(open_(None)[0], option, value) if option else ()
        return fitting((one._replace(text=f"{flag}={one.text}") for one in found), partial)
    return fitting((Candidate(flag, one.about) for one in options for flag in reversed(one.flags)), partial)


def _values(cx: Context, option: OptionOfProgram, partial: str) -> Iterator[Candidate]:
    """What the value of an option may be."""
    found: Iterable[Candidate] = ()
    if "--cib" in option.flags:
        found = (*SLOTS["shadow"].candidates(cx, partial), *SLOTS["file"].candidates(cx, partial))
    elif "--file" in option.flags:
        found = SLOTS["file"].candidates(cx, partial)
    elif "--display" in option.flags:
        found = map(Candidate, DISPLAYS)
    elif "--output" in option.flags:
        found = (*map(Candidate, FORMATS), *_settings(cx, partial))
    yield from found


def _settings(cx: Context, partial: str) -> Iterator[Candidate]:
    """Settings as `-o` takes them."""
    name, equals, _ = partial.partition("=")
    if equals:
        yield from (one._replace(text=f"{name}={one.text}") for one in values_of_setting(name))
    else:
        found = SLOTS["option"].candidates(cx, partial)
        yield from (one._replace(text=f"{one.text}=") for one in found if one.text in SETTINGS)
