"""The words of a statement -> their styles, and the first of them that cannot be right.

A word has the style of the leaf rule of the grammar, or of the slot that this rule names, which the automaton is in
when it has taken it; the writer gives the same styles to what it prints.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import BadSyntax
from crmsh_py.language.allowed import ALLOWED
from crmsh_py.language.automaton import END, Automaton, Unexpected
from crmsh_py.language.lexemes import Lexeme, lexemes
from crmsh_py.language.parser import Parsing
from crmsh_py.language.words import Word, logical_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from crmsh_py.language.automaton import Table
    from crmsh_py.language.words import Line
    from crmsh_py.problems import Problem

VALUE = "value"
# What is not here is a value. `rule` and `SLOT` of the grammar, in lower case: of its word; `rule:`: of what follows
# a colon in it. `TERMINAL`: of what belongs to no leaf rule. `keyword=`: of the value behind it, being a name itself.
# `keyword:`: of the whole word that begins with it.
STYLE_OF = {
    # slots, those of command lines too
    **dict.fromkeys(("id", "set_id", "user", "new_shadow"), "id"),
    **dict.fromkeys(
        "rsc obj node device target template tag_member role_id selector shadow ignorable".split(), "reference"
    ),
    **dict.fromkeys("agent agent_class agent_type described provider".split(), "agent"),
    **dict.fromkeys(
        "name attribute meta_attribute node_attribute option parameter property utilization".split(), "name"
    ),
    **dict.fromkeys(("score", "kind"), "score"),
    "role": "role",
    "ticket": "ticket",
    "level": "keyword",
    # rules without a slot, and those that mean something else than their slot
    **dict.fromkeys(("child", "node_name", "tag_label"), "id"),
    **dict.fromkeys(("monitored", "target_pattern", "user_role"), "reference"),
    **dict.fromkeys(("flag", "nvpair_id", "select_attribute"), "name"),
    "nvpair": "reference",
    "member:": "role",
    # terminals
    **dict.fromkeys(("NREF", "NVSELF"), "name"),
    # keywords
    **dict.fromkeys(("$id=", "id="), "id"),
    "$id-ref=": "reference",
    "score=": "score",
    **dict.fromkeys(("attr:", "pattern:", "role:"), "reference"),
}
SCORES = ("inf:", "infinity:", "+inf:", "+infinity:", "-inf:", "-infinity:")
# what makes a half-typed word a longer one, a label, a name with a value, a score, a pattern
ENDS = ("x", ":", "=x", "0:", "x/")


class Piece(NamedTuple):
    """Characters of a logical line that have a style, a key of `output.STYLES`."""

    start: int
    stop: int
    style: str


class Fault(NamedTuple):
    """The first word of a logical line that cannot be right, and what is said of it."""

    start: int
    stop: int
    expected: str


class Highlighted(NamedTuple):
    """The pieces of a statement up to its fault; what lies between them has no style."""

    pieces: list[Piece]
    fault: Fault | None


def highlighted(words: Sequence[Word], *, is_typed: bool = False, exact: bool = False) -> Highlighted:
    """The styles of a statement, which may be unfinished. Nothing is raised.

    is_typed: its line is still being typed, and so is the last word where no blank stands behind it: that is no fault
    as long as something that may stand there begins with it.
    """
    pieces: list[Piece] = []
    try:
        _settle(_taken(words, exact, pieces), words, is_typed, exact)
    except BadSyntax as error:
        fault = _in_word(fault_of(error.problems[0], words[0].line), words)
        is_last = is_typed and is_open(words[-1]) and fault.stop > words[-1].start
        if is_last and _may_become_right(words, exact):
            return Highlighted(pieces, None)
        return Highlighted([piece for piece in pieces if piece.stop <= fault.start], fault)
    return Highlighted(pieces, None)


def is_open(word: Word) -> bool:
    """Whether a word ends where its line does, so that it may still be typed; or before a last backslash."""
    left = len(word.line.text) - word.stop
    return left <= 0 or (left == 1 and word.line.pieces[-1][2].endswith("\\"))


def fault_of(problem: Problem, line: Line) -> Fault:
    """A problem with a place in a logical line, as a fault of it."""
    place = problem.place
    if place is None:
        return Fault(0, len(line.text), said(problem))
    offset = next((offset for offset, number, _ in line.pieces if number == place.line), 0)
    start = offset + place.column - 1
    return Fault(start, start + place.end - place.column, said(problem))


def _in_word(fault: Fault, words: Sequence[Word]) -> Fault:
    """The fault as a part of a word: all of it where it is the emptiness of a part, such as behind `a:`."""
    word = next((word for word in reversed(words) if word.start <= fault.start), words[0])
    return fault._replace(start=word.start, stop=word.stop) if fault.start >= word.stop else fault


def said(problem: Problem) -> str:
    """What was expected, in one line: the text of a problem and its hint."""
    return f"{problem.text}; {problem.hint}" if problem.hint else problem.text


def _taken(words: Iterable[Word], exact: bool, pieces: list[Piece]) -> Parsing:
    """A statement with these words taken, whose pieces are added. Raises BadSyntax."""
    parsing = Parsing(exact, _Styling)
    styling = parsing.automaton
    assert isinstance(styling, _Styling)  # noqa: S101 - for mypy
    for word in words:
        styling.begin_word()
        parsing.take(word if word.is_bare else _Part(word.value, word.mask, word.line, word.start, word.stop))
        starts = [word.start, *(start for start, _ in styling.noted[1:]), word.stop]
        found = map(Piece, starts, starts[1:], (style for _, style in styling.noted))
        pieces += (piece for piece in found if piece.start < piece.stop)
    return parsing


def _settle(parsing: Parsing, words: Sequence[Word], is_typed: bool, exact: bool) -> None:
    """Have all read that was taken. Raises BadSyntax where it is wrong; what is only unfinished is not."""
    following = min((terminal for terminal in parsing.automaton.able() if terminal != END), default=None)
    try:
        parsing.automaton.finish()
        return
    except Unexpected:
        pass
    except BadSyntax as error:
        # of what may go on, an end that lacks something is not wrong
        if not is_typed or following is None or not error.problems[0].text.startswith("expected "):
            raise
    if following is not None:
        end = words[-1].stop
        lexeme = Lexeme(following, Word("", None, words[-1].line, end, end))
        _taken(words, exact, []).automaton.feed(following, lexeme)


def _may_become_right(words: Sequence[Word], exact: bool) -> bool:
    """Whether something that may stand in the place of the last word begins with it."""
    *before, last = words
    try:
        parsing = _taken(before, exact, [])
    except BadSyntax:
        return False
    can = parsing.automaton.can
    for text in _completions(last.value, parsing.keywords):
        word = Word(text, None, last.line, last.start, last.stop)
        first = next(iter(lexemes(word, can, parsing.keywords)))
        if can(first.type) and _is_right([*before, word], exact):
            return True
    return False


def _is_right(words: Sequence[Word], exact: bool) -> bool:
    try:
        _settle(_taken(words, exact, []), words, True, exact)
    except BadSyntax:
        return False
    return True


def _completions(word: str, keywords: Iterable[str]) -> Iterator[str]:
    """Words that begin with a half-typed one, of all kinds that statements have."""
    yield from (word + end for end in ENDS)
    at = max(word.rfind("="), word.rfind(":")) + 1
    known = (*(one for values in ALLOWED.values() for one in values), *SCORES, *map(_with_value, keywords))
    yield from (word[:at] + one for one in known if one.lower().startswith(word[at:].lower()))


def _with_value(keyword: str) -> str:
    """A keyword `name=` with a value that it may have; any other as it is."""
    return keyword + ALLOWED.get(keyword.strip("$=").replace("-", "_"), ("",))[0] if keyword.endswith("=") else keyword


class _Styling(Automaton):
    """Notes the styles of the terminals of a word in `noted`, each with where it begins."""

    def __init__(self, table: Table, builder: Any) -> None:
        super().__init__(table, builder)
        self._keywords = table.terminals
        self._rules = _rules(table)
        self._before = ""
        self._whole = ""
        self.noted: list[tuple[int, str]] = []

    def begin_word(self) -> None:
        """Begin with the terminals of another word."""
        self.noted = []
        self._whole = ""

    def feed(self, terminal: str, value: Lexeme) -> None:
        """Take a terminal, as any automaton does."""
        super().feed(terminal, value)
        keyword = self._keywords.get(terminal, "")
        word = value.word
        self.noted.append((word.start, self._whole or self._style(terminal, keyword)))
        behind = STYLE_OF.get(f"{self._rule}:") if ":" in word.value else None
        if behind and (colon := word.find_bare(":")) > 0:
            self.noted.append((word.cut(colon).start, behind))
        self._before = keyword

    @property
    def _rule(self) -> str:
        return self._rules.get(self._states[-1], ("", ""))[0]

    def _style(self, terminal: str, keyword: str) -> str:
        if keyword.endswith("="):
            return "name"
        if keyword:
            self._whole = STYLE_OF.get(keyword, "") if keyword.endswith(":") else ""
            return self._whole or "keyword"
        behind = STYLE_OF.get(self._before) if terminal == "VALUE" else None
        return behind or STYLE_OF.get(terminal) or self._rules.get(self._states[-1], ("", VALUE))[1]


@lru_cache(maxsize=1)
def _rules(table: Table) -> dict[int, tuple[str, str]]:
    """For each state in which a terminal was taken that ends a rule: that rule, and the style of its word."""
    states, rules = table.states, table.rules
    leaves = {at: rules[-1 - n].name for at, state in enumerate(states) for n in state.values() if n < 0}
    slots = {
        leaves[at]: name.removesuffix("_SLOT").lower()
        for state in states
        for name, at in state.items()
        if at >= 0 and name.endswith("_SLOT")
    }
    return {at: (leaf, STYLE_OF.get(leaf) or STYLE_OF.get(slots.get(leaf, ""), VALUE)) for at, leaf in leaves.items()}


class _Part(Word):
    """A word with quotes, or a part of one, whose parts stand where they were typed."""

    __slots__ = ()

    def cut(self, start: int, stop: int | None = None) -> Word:
        """A part of the word as a word of its own."""
        part = super().cut(start, stop)
        return _Part(
            part.value, part.mask, self.line, self._reach(start), self.stop if stop is None else self._reach(stop)
        )

    def _reach(self, index: int) -> int:
        """Where the characters of the value before an index end in the line."""
        raw, before = self.raw, self.value[:index]
        if self.mask is None or not before:
            return self.start + index
        ends = "\"'" if self.mask[index - 1] == "q" else before[-1]
        for at in range(index, len(raw) + 1):
            if raw[at - 1] in ends and _unquoted(raw[:at]) == before:
                return self.start + at
        # between two quotes
        return min(self.start + index + 1, self.stop)


def _unquoted(raw: str) -> str | None:
    """The value of a word as it is typed; None where it is not whole."""
    line = next(logical_lines(f"- {raw}", ""))
    return line.words[1].value if len(line.words) == 2 else None
