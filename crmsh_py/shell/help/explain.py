"""What may come behind a half-typed line: what `?` says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.names import LEVEL, find
from crmsh_py.command.pattern import Argument, Literal
from crmsh_py.command.usage import Misfit, Usage
from crmsh_py.errors import BadSyntax, CrmError
from crmsh_py.language.words import Word
from crmsh_py.levels import ALIASES
from crmsh_py.output import Record
from crmsh_py.problems import listed
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.help.blocks import WIDTH, folded, folded_usage, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crmsh_py.command.candidates import Candidate
    from crmsh_py.command.context import Context
    from crmsh_py.command.declare import Command
    from crmsh_py.command.usage import Expected
    from crmsh_py.language.highlight import Fault
    from crmsh_py.output import Fragment
    from crmsh_py.shell.everywhere import Stack

# so many candidates are shown
MOST = 40
THE_END = "the end of the line"


class _Place(NamedTuple):
    """A place in a line. places: what it is for, in words; command: if it is one's, with the words before the place."""

    places: list[str]
    command: Command | None = None
    values: Sequence[str] = ()


def explain(cx: Context, stack: Stack, text: str) -> Record:
    """What may stand at the end of a line that is typed at a stack of levels; where it is wrong, what was expected.

    text: the line without the `?`; its last word is still being typed where no blank stands behind it. Nothing is
    raised, and no cluster is waited for.
    """
    from crmsh_py.shell.completer import complete  # heavy
    from crmsh_py.shell.marking import marked

    fault = marked(stack, text).fault
    place = _place(stack, text) if fault is None else _Place([])
    candidates = complete(cx, stack, text).candidates if fault is None else []
    data = {
        "line": text,
        "usage": place.command.usage.shown if place.command else [],
        "places": place.places,
        "candidates": [{"text": one.text, "about": one.about} for one in candidates[:MOST]],
        "more": max(0, len(candidates) - MOST),
        "fault": fault and {"start": fault.start, "stop": fault.stop, "expected": fault.expected},
    }
    return Record("help.expected", lambda: data, lambda: _fragments(text, place, candidates, fault))


# ---- where the line is


def _place(stack: Stack, text: str) -> _Place:
    from crmsh_py.shell.completer import cut

    try:
        words, _, partial = cut(text)
        return _of_words(stack.copy(), words, partial)
    except CrmError as error:  # quotes that are open, a comment
        return _Place([error.problems[0].text])


def _of_words(stack: Stack, words: Sequence[Word], partial: str) -> _Place:
    for at, word in enumerate(words):
        meaning = find(word.value, (stack.level, everywhere), ALIASES)
        if meaning.command:
            return _of_command(meaning.command, [one.value for one in words[at + 1 :]])
        if meaning.sort != LEVEL:
            first = Word(meaning.name, None, word.line, word.start, word.stop)
            return _Place(list(_of_statement([first, *words[at + 1 :]], partial)))
        stack.enter(meaning.name)
    level = stack.level
    kinds = (("a command", True), ("a statement", level.keywords), ("a level", level.sublevels))
    return _Place([name for name, is_there in kinds if is_there])


def _of_command(command: Command, values: list[str]) -> _Place:
    places = [_described(item) for item in command.usage.expected(values)]
    try:
        command.usage.match(values)
    except Misfit:
        return _Place(places, command, values)
    return _Place([*places, THE_END], command, values)


def _described(item: Expected) -> str:
    return f"{item.description} (<{item.name}>)" if isinstance(item, Argument) else item.description


def _of_statement(words: Sequence[Word], partial: str) -> Iterator[str]:
    from crmsh_py.language.automaton import END
    from crmsh_py.language.parser import expected
    from crmsh_py.language.places import PLACES

    wanted = [one for one in expected(words) if one != END]
    name, equals, _ = partial.partition("=")
    if equals:
        yield f"a value of {name}"
        return
    yield from dict.fromkeys(PLACES[one[: -len("_SLOT")].lower()] for one in wanted if one.endswith("_SLOT"))
    yield from (f"`{one}`" for one in wanted if not one.endswith("_SLOT"))
    if _is_whole(words):
        yield THE_END


def _is_whole(words: Sequence[Word]) -> bool:
    """Whether words are a statement as they are."""
    from crmsh_py.language.parser import Parsing

    try:
        Parsing(exact=False).statement(list(words))
    except BadSyntax:
        return False
    return True


# ---- as it is shown


def _fragments(text: str, place: _Place, candidates: Sequence[Candidate], fault: Fault | None) -> Iterator[Fragment]:
    if fault is not None:
        yield from _wrong(text, fault)
        return
    if place.command:
        usage = place.command.usage
        for line, shown in zip(usage.lines, usage.shown, strict=True):
            yield from _usage(shown, Usage([line]).expected(place.values))
    what = listed(place.places, "or") if place.places else "nothing more"
    yield "", folded(f"Here: {what}") + "\n"
    if candidates:
        yield "", "\n"
        yield from table((one.text, one.about) for one in candidates[:MOST])
    if len(candidates) > MOST:
        yield "hint", f"  and {len(candidates) - MOST} more: type the beginning of one\n"


def _wrong(text: str, fault: Fault) -> Iterator[Fragment]:
    """The line with the fault, and what was expected in its place."""
    start = text.rfind("\n", 0, fault.start) + 1
    line = text[start:].partition("\n")[0]
    yield "", f"  {line}\n"
    yield "caret", f"  {' ' * (fault.start - start)}^{'~' * (min(fault.stop, start + len(line)) - fault.start - 1)}\n"
    yield "", f"{folded(fault.expected)}\n"


def _usage(line: str, expected: Sequence[Expected]) -> Iterator[Fragment]:
    """A usage line; what may come here is marked below it."""
    marks = [" "] * len(line)
    name_ends = len(line.split(maxsplit=1)[0])
    for item in expected:
        for found in _written(item).finditer(line, name_ends):
            marks[found.start() : found.end()] = "^" * (found.end() - found.start())
    yield "keyword", f"{folded_usage(line)}\n"
    shown = "".join(marks).rstrip()
    if shown and len(line) + 2 <= WIDTH:
        yield "caret", f"  {shown}\n"


def _written(item: Expected) -> re.Pattern[str]:
    """How an item stands in a usage line."""
    if isinstance(item, Argument):
        return re.compile(re.escape(f"<{item.name}>"))
    if isinstance(item, Literal):
        return re.compile(rf"(?<![\w<-]){re.escape(item.text)}(?![\w>-])")
    return re.compile(rf"--{re.escape(item.text)}\b")
