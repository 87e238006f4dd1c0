"""A line of input -> its styles: levels by the words that enter them, commands by their usage lines, statements by the
grammar; in the way in which the interpreter reads it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crmsh_py.command.names import LEVEL, find
from crmsh_py.command.pattern import Argument, Literal, Option
from crmsh_py.command.slots import SLOTS, Refusal
from crmsh_py.command.usage import Misfit
from crmsh_py.errors import UsageError
from crmsh_py.language.highlight import STYLE_OF, VALUE, Fault, Highlighted, Piece, highlighted, is_open, said
from crmsh_py.language.keywords import statement_keywords
from crmsh_py.language.words import Word
from crmsh_py.levels import ALIASES
from crmsh_py.output import FORMAT_FLAGS, FORMATS
from crmsh_py.problems import ERROR, Problem
from crmsh_py.shell.everywhere import level as everywhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from crmsh_py.command.declare import Command, Level
    from crmsh_py.command.names import Meaning
    from crmsh_py.command.usage import Expected, Usage
    from crmsh_py.shell.everywhere import Stack

# the commands of every level that lead to another one
MOVES = ("up", "cd", "quit")
OF_HELP = ("--help", "-h")
# kinds of words that are a name, an equals sign and a value
ASSIGNMENTS = ("assignment", "capacities", "threshold")
# so many words of a command are told apart; those behind them are like the last one
TOLD_APART = 40


def of_input(stack: Stack, words: Sequence[Word], is_typed: bool) -> Highlighted:
    """The styles of a line as it is run, which moves the stack.

    is_typed: it is still being typed, as `highlighted` says.
    """
    pieces: list[Piece] = []
    here = stack
    for at, word in enumerate(words):
        try:
            meaning = find(word.value, (here.level, everywhere), ALIASES)
        except UsageError as error:
            begins = is_typed and is_open(word) and _begins(here.level, word.value)
            return Highlighted(pieces, None if begins else _fault(word, error.problems[0]))
        if meaning.sort != LEVEL:
            found = _of_meaning(here, meaning, words[at:], is_typed)
            return Highlighted([*pieces, *found.pieces], found.fault)
        pieces.append(Piece(word.start, word.stop, "keyword"))
        # only a level alone on its line is where the next line stands
        here = here.copy() if len(words) > 1 else here
        here.enter(meaning.name)
    return Highlighted(pieces, None)


def _begins(level: Level, typed: str) -> bool:
    """Whether something that a line at a level may begin with begins so."""
    aliases = (alias for alias, name in ALIASES.items() if name in level.sublevels)
    own = (*level.commands, *level.aliases, *level.keywords, *level.sublevels)
    names = (*own, *aliases, *everywhere.commands, *everywhere.aliases)
    return any(name.startswith(typed.lower()) for name in names)


def _fault(word: Word, problem: Problem) -> Fault:
    return Fault(word.start, word.stop, said(problem))


def _of_meaning(stack: Stack, meaning: Meaning, words: Sequence[Word], is_typed: bool) -> Highlighted:
    """The styles of a command or a statement."""
    first, *rest = words
    if meaning.command:
        return _of_command(stack, meaning.command, words, is_typed)
    is_raw = meaning.name == "xml" and first is not first.line.words[0]
    if is_raw or meaning.name not in statement_keywords():
        # what follows is one word, with quotes of its own, or another language
        return Highlighted([Piece(first.start, first.stop, "keyword")], None)
    if first.value.lower() != meaning.name:
        first = Word(meaning.name, None, first.line, first.start, first.stop)
    return highlighted([first, *rest], is_typed=is_typed)


def _of_command(stack: Stack, command: Command, words: Sequence[Word], is_typed: bool) -> Highlighted:
    """The styles of the name of a command and what stands behind it; a command of every level moves the stack."""
    name, *words = words
    values = [word.value for word in words]
    is_half = is_typed and bool(words) and is_open(words[-1])
    fault: Fault | None = None
    if len(words) == 1 and values[0] in OF_HELP:
        count = fitting = 0
    else:
        count = fitting = _before_format(values, is_typed, is_half)
        try:
            arguments = command.usage.match(values[:count])
        except Misfit as misfit:
            fitting = min(misfit.index, count)
            may_fit = is_half and fitting == len(words) - 1 and _may_fit(command.usage, values)
            if fitting < count and not may_fit:
                fault = _fault(words[fitting], Problem(ERROR, UsageError.code, str(misfit), hint=misfit.hint))
        else:
            fault = None if is_half else _moved(stack, command, arguments, [name, *words][-1])
    pieces = [Piece(name.start, name.stop, "keyword"), *_of_arguments(command.usage, words[:fitting])]
    if fitting == count:
        pieces += (Piece(word.start, word.stop, VALUE if at else "name") for at, word in enumerate(words[count:]))
    return Highlighted(pieces, fault)


def _before_format(values: Sequence[str], is_typed: bool, is_half: bool) -> int:
    """How many words stand before the `-o FORMAT` that a line may end with."""
    if is_typed and values and values[-1] in FORMAT_FLAGS:
        return len(values) - 1
    if len(values) > 1 and values[-2] in FORMAT_FLAGS:
        typed = values[-1]
        if typed in FORMATS or (is_half and any(name.startswith(typed) for name in FORMATS)):
            return len(values) - 2
    return len(values)


def _may_fit(usage: Usage, values: Sequence[str]) -> bool:
    """Whether the last word, which is still being typed, may become one that fits."""
    *before, typed = values
    others = (*FORMAT_FLAGS, *OF_HELP) if not before else FORMAT_FLAGS
    return any(map(partial(_may_become, typed), usage.expected(before))) or any(
        other.startswith(typed) for other in others
    )


def _may_become(typed: str, item: Expected) -> bool:
    if isinstance(item, Literal):
        return item.text.startswith(typed)
    if isinstance(item, Option):
        return f"--{item.text}=".startswith(typed) or typed.startswith(f"--{item.text}=")
    # many kinds of words have no list that could tell
    return not typed.startswith("--")


def _moved(stack: Stack, command: Command, arguments: dict[str, Any], word: Word) -> Fault | None:
    """Move the stack where the command does that; what is wrong with that is said of a word."""
    if everywhere.commands.get(command.name) is command and command.name in MOVES:
        try:
            command.handler(stack, **arguments)
        except UsageError as error:
            return _fault(word, error.problems[0])
    return None


def _of_arguments(usage: Usage, words: Sequence[Word]) -> Iterator[Piece]:
    """The styles of words that fit a usage."""
    values = [word.value for word in words]
    item: Expected | None = None
    for at, word in enumerate(words):
        if at < TOLD_APART:
            item = _taking(usage.expected(values[:at]), word.value)
        yield from _of_argument(word, item)


def _taking(expected: Iterable[Expected], value: str) -> Expected | None:
    """What takes a word, of all that may stand there: a literal beats an argument. None for `--`."""
    arguments = []
    for item in expected:
        if isinstance(item, Literal) and item.text == value:
            return item
        if isinstance(item, Option) and value.startswith("--") and item.text == value[2:].partition("=")[0]:
            return item
        if isinstance(item, Argument):
            arguments.append(item)
    return next((item for item in arguments if _accepts(item, value)), None)


def _accepts(item: Argument, value: str) -> bool:
    try:
        SLOTS[item.kind].check(value)
    except Refusal:
        return False
    return True


def _of_argument(word: Word, item: Expected | None) -> Iterator[Piece]:
    if isinstance(item, Literal):
        yield Piece(word.start, word.stop, "keyword")
    elif isinstance(item, Argument) and item.kind not in ASSIGNMENTS:
        yield Piece(word.start, word.stop, STYLE_OF.get(item.kind, VALUE))
    else:
        value = item.value if isinstance(item, Option) else None
        middle = word.start + (word.raw.find("=") + 1) if "=" in word.raw else word.stop
        yield Piece(word.start, middle, "name")
        yield Piece(middle, word.stop, STYLE_OF.get(value.kind, VALUE) if value else VALUE)
