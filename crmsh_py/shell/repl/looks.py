"""What typed text looks like: the colours of its words, and a mark under the first one that cannot be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

from crmsh_py.output import STYLES
from crmsh_py.shell.marking import Marked, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from crmsh_py.shell.interpreter import Interpreter
    from crmsh_py.shell.marking import Fault

# parameters of the terminal's sequences, in the words of prompt_toolkit
_WORDS = {"1": "bold", "2": "ansibrightblack"}
_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "gray")


def _in_words(parameters: str) -> str:
    return " ".join(_WORDS.get(one) or f"ansi{_COLOURS[int(one) - 30]}" for one in parameters.split(";") if one)


STYLE = Style.from_dict(
    {
        **{name: _in_words(parameters) for name, parameters in STYLES.items()},
        "prompt": "bold",
        "fault": "underline",
        "auto-suggestion": "ansibrightblack",
        "bottom-toolbar": "noreverse",
        "bottom-toolbar.text": "",
    }
)


class Looks(Lexer):
    """Colours what is typed."""

    def __init__(self, interpreter: Interpreter, begun: Callable[[], str], on_bug: Callable[[Exception], None]) -> None:
        self._interpreter = interpreter
        self._begun = begun
        self._on_bug = on_bug
        self._last: tuple[str, Marked] | None = None

    def fault(self, document: Document) -> Fault | None:
        """The first word that cannot be right, with what was expected in its place."""
        return self._marked(document).fault

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """The pieces of each line."""
        lines = _lines(self._marked(document), len(self._begun()))
        return lambda number: lines[number] if number < len(lines) else []

    def invalidation_hash(self) -> Hashable:
        """What makes the same text look different: where it is typed."""
        return (self._begun(), *self._interpreter.stack.names)

    def _marked(self, document: Document) -> Marked:
        text = self._begun() + document.text
        if self._last is None or self._last[0] != text:
            self._last = text, self._coloured(text)
        return self._last[1]

    def _coloured(self, text: str) -> Marked:
        try:
            return marked(self._interpreter.stack, text)
        except Exception as error:  # noqa: BLE001 - a bug must not cost the line
            self._on_bug(error)
            return Marked([("", text)], None)


def _lines(found: Marked, skipped: int) -> list[StyleAndTextTuples]:
    """The pieces of each line from an index on; those of the fault are marked."""
    lines: list[StyleAndTextTuples] = [[]]
    at = 0
    for style, text in found.fragments:
        for start, stop, is_wrong in _parts(at, at + len(text), found.fault):
            piece = text[max(start, skipped) - at : max(stop, skipped) - at]
            shown = f"class:{style}" if style else ""
            shown += " class:fault" if is_wrong else ""
            first, *more = piece.split("\n")
            lines[-1].append((shown, first))
            lines.extend([(shown, line)] for line in more)
        at += len(text)
    return lines


def _parts(start: int, stop: int, fault: Fault | None) -> list[tuple[int, int, bool]]:
    """A piece of text, cut where a fault begins and ends."""
    if fault is None or fault.stop <= start or stop <= fault.start:
        return [(start, stop, False)]
    first, last = max(start, fault.start), min(stop, fault.stop)
    return [(start, first, False), (first, last, True), (last, stop, False)]
