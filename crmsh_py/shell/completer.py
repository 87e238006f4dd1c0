"""A line up to the cursor -> what may stand in the place of its last word.

It is found out as the line would be read: levels by the words that enter them, commands by their usage lines,
statements by the grammar. What means nothing has no candidates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.candidates import Candidate, Offer
from crmsh_py.command.candidates.keywords import LITERALS
from crmsh_py.command.names import COMMAND, LEVEL, find
from crmsh_py.command.pattern import Argument, Option
from crmsh_py.command.sensible import of_argument
from crmsh_py.errors import BadSyntax, CrmError
from crmsh_py.language.words import BLANKS, logical_lines, quote
from crmsh_py.levels import ALIASES
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.explained import here, levels, topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crmsh_py.command.context import Context
    from crmsh_py.command.declare import Command
    from crmsh_py.language.words import Word
    from crmsh_py.shell.everywhere import Stack

# behind these a word goes on
OPEN_ENDS = ("=", ":", "/")
_QUOTES = ('"', "'", "\\")


class Completion(NamedTuple):
    """What may stand from an index of the line on; partial: what stands there, unquoted."""

    start: int
    partial: str
    candidates: list[Candidate]


def complete(cx: Context, stack: Stack, text: str, *, is_fuzzy: bool = False) -> Completion:
    """What may follow at the end of a line that is typed at a stack of levels, which stays as it is.

    is_fuzzy: candidates need only hold what was typed, see `fitting`. There are none where the line is wrong, and
    behind a `#`. Nothing is raised: nobody asked for an error by pressing TAB.
    """
    try:
        words, start, partial = cut(text)
    except BadSyntax:
        return Completion(len(text), "", [])
    return Completion(start, partial, of_words(cx, stack, words, partial, is_fuzzy=is_fuzzy))


def prepare(cx: Context) -> Iterator[None]:
    """Look up what the next keystrokes will need, so that they need not: where a prompt waits for a line.

    It is done in steps, between which keys can be answered: those of a large configuration take their time.
    """
    from crmsh_py.command.candidates import agents, nodes, objects

    found = objects.objects(cx)
    yield
    for keyword in found.by_keyword:
        found.of(keyword)
        yield
    found.of()
    yield
    nodes.nodes(cx)
    agents.agent_types(cx, "")


def of_words(
    cx: Context, stack: Stack, words: Sequence[Word], partial: str, *, is_fuzzy: bool = False
) -> list[Candidate]:
    """What may follow whole words, and fits the word that is being typed; none where they are wrong."""
    try:
        return _offer(cx, stack.copy(), words, partial).fitting(partial, is_fuzzy)
    except CrmError:
        return []


def cut(text: str) -> tuple[list[Word], int, str]:
    """The whole words of a line, and the one that is being typed, with its index. Raises BadSyntax.

    A quote may be open in the last word.
    """
    lines = list(logical_lines(text, ""))
    if not lines:
        return [], len(text), ""
    line = lines[-1]
    if line.fault:
        return _cut_open(text, line.fault)
    if line.comments and not line.words:
        raise BadSyntax("a comment")
    if not line.words or text[-1] in BLANKS:
        return line.words, len(text), ""
    last = line.words[-1]
    return line.words[:-1], len(text) - len(last.raw), last.value


def _cut_open(text: str, fault: BadSyntax) -> tuple[list[Word], int, str]:
    """The same of a line in whose last word a quote is open."""
    for closing in ('"', "'"):
        line = list(logical_lines(text + closing, ""))[-1]
        if not line.fault:
            last = line.words[-1]
            return line.words[:-1], len(text) + 1 - len(last.raw), last.value
    raise fault


def inserted(text: str, typed: str) -> str:
    """What to put in the place of what was typed of a word, as it stands in the line, so that it is read as the text.

    It is quoted where it has to be, and where a quote was typed; of `name=value` only the value, unless the quote
    stands before the name. What is not whole, as it ends in `=`, `:` or `/`, keeps its quote open.
    """
    is_quoted = any(quote in typed for quote in _QUOTES)
    if not is_quoted and _is_plain(text):
        return text
    head, equals, value = text.partition("=")
    if equals and _is_plain(head) and not any(quote in typed.partition("=")[0] for quote in _QUOTES):
        return f"{head}={_quoted(value)}" if value else text
    return _quoted(text)


def _is_plain(text: str) -> bool:
    """Whether a text that stands bare in a line is one word, and this one."""
    return bool(text) and not any(char in text for char in (*BLANKS, "\n", *_QUOTES))


def _quoted(text: str) -> str:
    quoted = quote(text)
    return quoted[:-1] if text.endswith(OPEN_ENDS) else quoted


# ---- what the words mean


def _offer(cx: Context, stack: Stack, words: Sequence[Word], partial: str) -> Offer:
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


def _of_command(cx: Context, stack: Stack, command: Command, words: Sequence[Word], partial: str) -> Offer:
    values = [word.value for word in words]
    best: list[Candidate] = []
    others: list[Candidate] = []
    last: list[Candidate] = []
    for item in command.usage.expected(values):
        if isinstance(item, Argument):
            offer = _of_argument(cx, stack, command, item, values, partial)
            # what is named already is not named again
            best += (one for one in offer.best if one.text not in values)
            others += (one for one in offer.others if one.text not in values)
        elif isinstance(item, Option):
            mark = "=" if item.value and partial.startswith("--") else ""
            last.append(Candidate(f"--{item.text}{mark}", LITERALS.get(f"--{item.text}", "")))
        else:
            best.append(Candidate(item.text, LITERALS.get(item.text, "")))
    return Offer([*best, *last], others)


def _of_argument(
    cx: Context, stack: Stack, command: Command, item: Argument, values: Sequence[str], partial: str
) -> Offer:
    if item.kind == "topic":
        return topics(cx, stack, values, partial)
    if item.kind == "level":
        return Offer(levels(stack))
    return of_argument(cx, f"{stack.level.name} {command.name}", item, values, partial)
