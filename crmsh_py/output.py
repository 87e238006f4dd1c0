"""What the user sees: records as text or JSON on stdout, problems and notes on stderr. The only writer to both.

Text is made of fragments, `(style, text)`; a style is a key of STYLES or anything else, which has no colour.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError
from crmsh_py.masks import masked_line
from crmsh_py.problems import ERROR, INFO, WARNING, Place, Problem

if TYPE_CHECKING:
    from typing import Any, TextIO

Fragment = tuple[str, str]

STYLES: dict[str, str] = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;34",
    "hint": "2",
    "caret": "1;31",
    "heading": "1",
    "keyword": "36",
    "id": "1",
    "agent": "32",
    "name": "34",
    "value": "",
    "reference": "35",
    "score": "33",
    "role": "33",
    "ticket": "33",
    "comment": "2",
    "added": "32",
    "removed": "31",
}
LABELS = {ERROR: "ERROR", WARNING: "WARNING", INFO: "note"}
WINDOW = 96


class Record:
    """What a command has to say.

    shape: names the form of `data` (`configure.show`); version: grows when the form is no longer only added to.
    data: makes what JSON shows. fragments: makes what people read, its newlines included. Only one of them is called.
    """

    __slots__ = ("data", "fragments", "shape", "version")

    def __init__(
        self, shape: str, data: Callable[[], Any], fragments: Callable[[], Iterable[Fragment]], version: int = 1
    ) -> None:
        self.shape = shape
        self.data = data
        self.fragments = fragments
        self.version = version


class Output:
    """The two streams; None stands for one that is closed.

    display: `plain`, `color` (where a stream is a terminal) or `color-always`; None leaves it to the environment.
    format: `text` or `json`, for records and problems alike.
    """

    def __init__(
        self,
        stdout: TextIO | None,
        stderr: TextIO | None,
        environ: Mapping[str, str],
        display: str | None = None,
        format_: str = "text",
    ) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self.format = format_
        self.environ = environ
        self.display = display
        for stream in (stdout, stderr):
            if stream and hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")

    def show(self, record: Record) -> None:
        """Write a record to stdout. Raises CrmError where it cannot be written; a reader that went away is fine."""
        if self.stdout is None:
            return
        if self.format == "json":
            text = _json({"shape": record.shape, "version": record.version, "data": record.data()})
        else:
            text = self._text(record.fragments(), self.stdout)
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except BrokenPipeError:
            _silence(self.stdout)
            self.stdout = None
        except OSError as error:
            _silence(self.stdout)
            self.stdout = None
            raise CrmError(f"cannot write the output: {error.strerror}") from None

    def tell(self, problem: Problem) -> None:
        """Write a problem or a note to stderr. What cannot be written there is lost."""
        if self.stderr is None:
            return
        if self.format == "json":
            self._talk(_json({"shape": "problem", "version": 1, "data": _problem_data(problem)}))
        else:
            self._talk(self._text(problem_fragments(problem), self.stderr))

    def dump(self, text: str) -> None:
        """Write a text of many lines to stderr, for people who look for bugs."""
        self._talk(safe(text, "\n\t"))

    def _talk(self, text: str) -> None:
        if self.stderr is None:
            return
        try:
            self.stderr.write(text)
            self.stderr.flush()
        except OSError:
            _silence(self.stderr)
            self.stderr = None

    def _text(self, fragments: Iterable[Fragment], stream: TextIO) -> str:
        is_terminal = stream.isatty()
        if self._has_colour(is_terminal):
            return "".join(_coloured(style, safe(text, "\n\t")) for style, text in fragments)
        text = "".join(text for _, text in fragments)
        # a file or a pipe gets the data as it is; a terminal obeys what it is told
        return safe(text, "\n\t") if is_terminal else text

    def _has_colour(self, is_terminal: bool) -> bool:
        if self.display in ("plain", "color-always"):
            return self.display == "color-always"
        if not is_terminal or self.environ.get("TERM") == "dumb":
            return False
        return self.display == "color" or not self.environ.get("NO_COLOR")


def problem_fragments(problem: Problem) -> Iterable[Fragment]:
    """A problem as people read it: label and text, the line it is about, a caret under the word, a hint."""
    place = problem.place
    if place and place.source:
        yield "", f"{safe(place.source)}:{place.line}:{place.column}: "
    yield problem.severity, LABELS[problem.severity] + ":"
    yield "", f" {safe(problem.text)}\n"
    if place and place.text:
        line, indent, length = underlined(place)
        yield "", f"  {line}\n"
        yield "caret", " " * (indent + 2) + "^" + "~" * (length - 1) + "\n"
    if problem.hint:
        yield "hint", f"  hint: {safe(problem.hint)}\n"


def underlined(place: Place) -> tuple[str, int, int]:
    """The line of a place as it is shown, the indent of the caret under it, and its length; all in terminal cells.

    A long line is cut to a window around the place.
    """
    shown = [safe(char) if char != "\t" else " " for char in masked_line(place.text)]
    first = min(place.column - 1, len(shown))
    last = min(max(place.end - 1, first + 1), len(shown))
    start, stop = _window([_cells(text) for text in shown], first)
    head = "..." if start else ""
    tail = "..." if stop < len(shown) else ""
    indent = len(head) + _cells("".join(shown[start:first]))
    length = _cells("".join(shown[first : min(last, stop)]))
    return head + "".join(shown[start:stop]) + tail, indent, max(1, length)


def _window(cells: list[int], first: int) -> tuple[int, int]:
    """The part of a line to show, as indices: all of it, or as much before `first` as leaves room for more behind."""
    if sum(cells) <= WINDOW:
        return 0, len(cells)
    start, room = first, WINDOW // 2
    while start and room >= cells[start - 1]:
        start -= 1
        room -= cells[start]
    stop, room = first, WINDOW - sum(cells[start:first])
    while stop < len(cells) and room >= cells[stop]:
        room -= cells[stop]
        stop += 1
    return start, stop


def safe(text: str, kept: str = "") -> str:
    """The text with every character that does not print, but for those kept, as `\\x1b`: a terminal obeys nothing."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in kept else char.encode("unicode_escape").decode("ascii") for char in text
    )


def _cells(text: str) -> int:
    """How many cells of a terminal a printable text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(0 if category(char) in ("Mn", "Me") else 1 + (east_asian_width(char) in "WF") for char in text)


def _coloured(style: str, text: str) -> str:
    colour = STYLES.get(style)
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and text else text


def _json(value: object) -> str:
    from json import dumps  # heavy

    return dumps(value, ensure_ascii=False) + "\n"


def _problem_data(problem: Problem) -> dict[str, Any]:
    place = problem.place
    where = place and {"source": place.source, "line": place.line, "column": place.column, "end": place.end}
    return {
        "severity": problem.severity,
        "code": problem.code,
        "text": problem.text,
        "hint": problem.hint,
        "object_id": problem.object_id,
        "place": where,
    }


def _silence(stream: TextIO) -> None:
    """Point a stream that cannot be written at nothing, else Python tries again, and complains, at exit."""
    try:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), stream.fileno())
    except (OSError, ValueError):
        pass
