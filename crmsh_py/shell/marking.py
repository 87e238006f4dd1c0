"""A text as it is typed -> its styles, and the first word that cannot be right: levels by the words that enter them,
commands by their usage lines, statements by the grammar. Neither the cluster nor the disk is asked.

Logical lines are remembered with the level at which they stand, so that of a long text only the line that is being
typed is read again.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import BadSyntax
from crmsh_py.language.header import read_header
from crmsh_py.language.highlight import Fault, Highlighted, fault_of, highlighted
from crmsh_py.language.keywords import statement_keywords
from crmsh_py.language.words import BLANKS, Line, logical_lines
from crmsh_py.shell.everywhere import Stack
from crmsh_py.shell.line_marking import of_input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crmsh_py.command.declare import Level
    from crmsh_py.language.words import Word
    from crmsh_py.output import Fragment

__all__ = ["Fault", "Marked", "marked"]

# of so many logical lines
REMEMBERED = 2_000


class Marked(NamedTuple):
    """A text in fragments, which joined are the text, and its first fault."""

    fragments: list[Fragment]
    fault: Fault | None


class _Part(NamedTuple):
    """Whole logical lines, marked; `names` are the levels where the next line stands."""

    fragments: list[Fragment]
    fault: Fault | None
    names: tuple[str, ...]


def marked(stack: Stack, text: str, *, is_file: bool = False) -> Marked:
    """The styles of a text that is typed at a stack of levels, which stays as it is. Nothing is raised.

    The last word of it is still being typed where nothing stands behind it: that is no fault as long as something
    that may stand there begins with it; neither are unfinished lines and open quotes at the end.
    is_file: the text is a file, or what `show` has answered. Its first line may say that it is exact, and statements
    of `configure` stand in it at any level.
    """
    fragments: list[Fragment] = []
    fault: Fault | None = None
    names, at = tuple(stack.names), 0
    is_exact = is_file and _is_exact(text)
    for part in _parts(text):
        found = _marked_part(stack.load, names, part, is_file, is_exact)
        fragments += found.fragments
        if found.fault and not fault:
            fault = Fault(at + found.fault.start, at + found.fault.stop, found.fault.expected)
        names, at = found.names, at + len(part)
    return Marked(fragments, fault)


def _is_exact(text: str) -> bool:
    try:
        return read_header(text) is not None
    except BadSyntax:  # of a newer form
        return True


def _parts(text: str) -> Iterator[str]:
    """The text in parts of whole logical lines: what is no comment and does not end in a backslash ends one."""
    start = at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        physical = text[at:end].strip(BLANKS + "\n")
        at = end
        if not physical.startswith("#") and not physical.endswith("\\"):
            yield text[start:at]
            start = at
    if start < at:
        yield text[start:]


@lru_cache(maxsize=REMEMBERED)
def _marked_part(load: Callable[[str], Level], names: tuple[str, ...], text: str, is_file: bool, exact: bool) -> _Part:
    stack = Stack(load, names)
    canvas = _Canvas(text)
    for line in canvas.lines:
        if line.words or line.fault:
            found = _of_line(stack, line, canvas.is_last(line), is_file, exact)
            canvas.paint(line, found)
    return _Part(canvas.fragments(), canvas.fault, tuple(stack.names))


class _Canvas:
    """The characters of a text with their styles; `lines` are its logical lines, `fault` is its first one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fault: Fault | None = None
        self._physical = text.split("\n")
        self._starts = [0]
        for physical in self._physical:
            self._starts.append(self._starts[-1] + len(physical) + 1)
        self.lines = self._read()
        self._styles = [""] * len(text)
        self._paint_comments()

    def _read(self) -> list[Line]:
        try:
            return list(logical_lines(self.text, ""))
        except BadSyntax as error:
            (problem,) = error.problems
            assert problem.place  # noqa: S101 - for mypy
            at = self._starts[problem.place.line - 1] + problem.place.column - 1
            self.fault = Fault(at, at + 1, problem.text)
        # as if another character stood in the place of those that no configuration can hold
        first, rest = self.text[0], self.text[1:]
        clean = "".join(char if char.isprintable() or char in "\t\r\n" else "?" for char in rest)
        return list(logical_lines((first if first in "\ufeff\t\r\n" or first.isprintable() else "?") + clean, ""))

    def is_last(self, line: Line) -> bool:
        """Whether the text ends in this line."""
        return line.pieces[-1][1] == len(self._physical)

    def paint(self, line: Line, found: Highlighted) -> None:
        """Give a line its styles."""
        styles = [""] * len(line.text)
        for start, stop, style in found.pieces:
            styles[start:stop] = [style] * (stop - start)
        for offset, number, physical in line.pieces:
            at = self._start(number)
            self._styles[at : at + len(physical)] = styles[offset : offset + len(physical)]
        if found.fault:
            start = self._index(line, found.fault.start)
            stop = max(start, self._index(line, min(found.fault.stop, len(line.text)) - 1)) + 1
            if self.fault is None or start < self.fault.start:
                self.fault = Fault(start, stop, found.fault.expected)

    def fragments(self) -> list[Fragment]:
        """The text in fragments."""
        found: list[Fragment] = []
        at = 0
        for style, group in groupby(self._styles):
            stop = at + len(list(group))
            found.append((style, self.text[at:stop]))
            at = stop
        return found

    def _start(self, number: int) -> int:
        """Where a physical line starts, behind a byte order mark."""
        return self._starts[number - 1] + (number == 1 and self.text.startswith("\ufeff"))

    def _index(self, line: Line, at: int) -> int:
        """Where a character of a logical line stands."""
        offset, number, _ = max((piece for piece in line.pieces if piece[0] <= at), default=line.pieces[0])
        return self._start(number) + max(0, at - offset)

    def _paint_comments(self) -> None:
        said = {number for line in self.lines for _, number, _ in line.pieces}
        for number, physical in enumerate(self._physical, 1):
            if number not in said and "#" in physical:
                start, stop = self._starts[number - 1] + physical.index("#"), self._starts[number] - 1
                self._styles[start:stop] = ["comment"] * (stop - start)


def _of_line(stack: Stack, line: Line, is_typed: bool, is_file: bool, exact: bool) -> Highlighted:
    """The styles of a line, which moves the stack."""
    words = line.words
    if not line.fault:
        return _of_words(stack, words, is_typed, is_file, exact)
    fault = fault_of(line.fault.problems[0], line)
    words = _closed(line, fault).words
    if not words:
        return Highlighted([], None if is_typed else fault)
    found = _of_words(stack, words, is_typed, is_file, exact)
    if is_typed or (found.fault and found.fault.stop <= fault.start):
        return found
    return Highlighted([piece for piece in found.pieces if piece.stop <= fault.start], fault)


def _closed(line: Line, fault: Fault) -> Line:
    """The line with the quote closed that it leaves open, as it may be typed."""
    quote = line.text[fault.start]
    return next(logical_lines(line.text + ("'" if quote == "$" else quote), ""))


def _of_words(stack: Stack, words: Sequence[Word], is_typed: bool, is_file: bool, exact: bool) -> Highlighted:
    if exact:
        return highlighted(words, exact=True)
    found = of_input(stack, words, is_typed)
    if is_file and found.fault and words[0].value.lower() in statement_keywords():
        # the names of some levels are those of statements too
        statement = highlighted(words, is_typed=is_typed)
        if not statement.fault or statement.fault.start > found.fault.start:
            return statement
    return found
