"""What the user sees and types: records as text or JSON on stdout, problems and notes on stderr, answers to questions.
The only reader of the terminal and the only writer to it.

Text is made of fragments, `(style, text)`; a style is a key of STYLES or anything else, which has no colour.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, UsageError
from crmsh_py.masks import masked_line
from crmsh_py.problems import ERROR, INFO, WARNING, Place, Problem, listed

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
# the last ones are those of some records only
FORMATS = ("text", "json", "openmetrics")
# what stands before one of them, among the options of the program or behind a command
FORMAT_FLAGS = ("-o", "--output")
LABELS = {ERROR: "ERROR", WARNING: "WARNING", INFO: "note"}
WINDOW = 96
USUAL_PAGER = "less -R"
NOT_FOUND = 127  # what a wrapper answers for a program that is not there
_SEQUENCE = re.compile("\x1b\\[[0-9;]*m")


class Record:
    """What a command has to say.

    shape: names the form of `data` (`configure.show`); version: grows when the form is no longer only added to.
    data: makes what JSON shows. fragments: makes what people read, its newlines included. Only one of them is called.
    exit_code: of the command, after it was shown. formats: makes the text of other formats, by their names in FORMATS.
    """

    __slots__ = ("data", "exit_code", "formats", "fragments", "shape", "version")

    def __init__(
        self,
        shape: str,
        data: Callable[[], Any],
        fragments: Callable[[], Iterable[Fragment]],
        version: int = 1,
        exit_code: int = 0,
        formats: Mapping[str, Callable[[], str]] | None = None,
    ) -> None:
        self.shape = shape
        self.data = data
        self.fragments = fragments
        self.version = version
        self.exit_code = exit_code
        self.formats = formats or {}


class Watch(Record):
    """What a command has to say again and again, until the user has seen enough.

    take: makes the answer of the moment, and what of it counts as a change; it may raise CrmError. It is given what
    to call every second while it waits, with the seconds, which ends the waiting by an exception. seconds: between
    two answers. title: of what is shown in place.
    """

    __slots__ = ("seconds", "take", "title")

    def __init__(
        self,
        shape: str,
        take: Callable[[Callable[[float], None] | None], tuple[Record, object]],
        seconds: float,
        title: str,
    ) -> None:
        super().__init__(shape, self._data, self._fragments)
        self.take = take
        self.seconds = seconds
        self.title = title

    def _data(self) -> Any:
        return self.take(None)[0].data()

    def _fragments(self) -> Iterable[Fragment]:
        return self.take(None)[0].fragments()


class Output:
    """The streams; None stands for one that is closed.

    display: `plain`, `color` (where a stream is a terminal) or `color-always`; None leaves it to the environment.
    format: one of FORMATS, for records; problems are text unless it is `json`. debug: bugs are told with tracebacks.
    pager: the program that shows long texts, "" for none, None for the usual one.
    is_attended: somebody types, so that a question finds an answer and a long text a reader; false for scripts.
    """

    def __init__(
        self,
        stdout: TextIO | None,
        stderr: TextIO | None,
        environ: Mapping[str, str],
        display: str | None = None,
        format_: str = "text",
        stdin: TextIO | None = None,
    ) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self.stdin = stdin
        self.format = format_
        self.environ = environ
        self.display = display
        self.debug = False
        self.pager: str | None = None
        self.is_attended = False
        for stream, errors in ((stdout, "backslashreplace"), (stderr, "backslashreplace"), (stdin, "surrogateescape")):
            if stream and hasattr(stream, "reconfigure"):
                stream.reconfigure(errors=errors)

    def show(self, record: Record, format_: str | None = None, *, is_paged: bool = True) -> None:
        """Write a record to stdout. Raises CrmError where it cannot be written; a reader that went away is fine.

        Raises UsageError where the record has no such format. format_: of this record; None for the usual one.
        is_paged: a long text goes through the pager, where somebody reads it.
        """
        if isinstance(record, Watch):
            from crmsh_py.output.watching import watch  # heavy

            watch(self, record, format_ or self.format)
            return
        if self.stdout is None:
            return
        text = self._formatted(record, self.stdout, format_ or self.format)
        is_text = (format_ or self.format) == "text"
        if is_text and is_paged and self._is_long(text) and self._page(text):
            return
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
            self._talk(_json({"shape": "problem", "version": 1, "data": problem_data(problem)}))
        else:
            self._talk(self._text(problem_fragments(problem), self.stderr))

    def tell_record(self, record: Record) -> None:
        """Write a record that nobody asked for to stderr."""
        if self.stderr is not None:
            self._talk(self._formatted(record, self.stderr, "json" if self.format == "json" else "text"))

    def tell_bug(self, error: Exception) -> None:
        """Say that an exception was not foreseen: a short line, and where bugs are looked for, the traceback."""
        if self.debug:
            from traceback import format_exception  # heavy

            self.dump("".join(format_exception(error)))
        text = f"internal error: {type(error).__name__}: {error}"[:160]
        more = "" if self.debug else "; run with --debug for a traceback"
        self.tell(Problem(ERROR, "internal-error", text + more))

    @property
    def is_interactive(self) -> bool:
        """Whether somebody sits before a terminal."""
        return self.is_attended and is_terminal(self.stdin)

    @property
    def can_edit(self) -> bool:
        """Whether lines can be edited on a screen: on a terminal that does more than to show line after line."""
        return self.is_screen and self.is_interactive and is_terminal(self.stdout)

    @property
    def is_screen(self) -> bool:
        """Whether a terminal, if there is one, can write anywhere on its screen."""
        return self.environ.get("TERM", "") not in ("", "dumb")

    @property
    def has_colour(self) -> bool:
        """Whether what stdout shows may have colours."""
        return self.stdout is not None and self._has_colour(is_terminal(self.stdout))

    def can_ask(self) -> bool:
        """Whether somebody is there to see a question and to answer it."""
        return self.is_interactive and (is_terminal(self.stdout) or is_terminal(self.stderr))

    def read_line(self, prompt: str) -> str:
        """A line that is typed, without its newline. Raises EOFError at the end, as Ctrl-D makes it."""
        try:
            if is_terminal(self.stdin) and is_terminal(self.stdout):
                return input(prompt)
            self._talk(prompt)
            line = self.stdin.readline() if self.stdin else ""
        except (OSError, ValueError):  # the terminal is gone; a character that it could not have sent
            raise EOFError from None
        if not line:
            raise EOFError
        return line.removesuffix("\n")

    def progress(self, text: str) -> None:
        """Show what is being done in one line of the terminal, in the place of what it showed; "" when it is done."""
        if is_terminal(self.stderr) and self.is_screen and self.format == "text":
            self._talk(f"\r\x1b[K{safe(text)}")

    def end_line(self) -> None:
        """Go to a new line, where Ctrl-C or Ctrl-D ended one that was typed."""
        self._talk("\n")

    def ask(self, question: str, answers: Sequence[str] = ("yes", "no")) -> str | None:
        """Ask until one of the answers, or the beginning of only one, is typed.

        "" is an empty answer; None: Ctrl-D, or nobody is there to answer.
        """
        if not self.can_ask():
            return None
        while True:
            try:
                typed = self.read_line(question + " ").strip().lower()
            except EOFError:
                self.end_line()
                return None
            found = [answer for answer in answers if answer.startswith(typed)]
            if not typed or len(found) == 1:
                return found[0] if typed else ""
            self._talk(f"please answer {', '.join(answers[:-1])} or {answers[-1]}\n")

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

    def _formatted(self, record: Record, stream: TextIO, format_: str) -> str:
        if format_ == "json":
            return _json({"shape": record.shape, "version": record.version, "data": record.data()})
        if format_ == "text":
            return self._text(record.fragments(), stream)
        if format_ not in record.formats:
            has = listed(("text", "json", *record.formats))
            raise UsageError(f"{record.shape} has no output format {format_}", hint=f"its formats are {has}")
        return record.formats[format_]()

    def _text(self, fragments: Iterable[Fragment], stream: TextIO) -> str:
        is_shown = stream.isatty()
        if self._has_colour(is_shown):
            return "".join(_coloured(style, safe(text, "\n\t")) for style, text in fragments)
        text = "".join(text for _, text in fragments)
        # a file or a pipe gets the data as it is; a terminal obeys what it is told
        return safe(text, "\n\t") if is_shown else text

    def painted(self, fragments: Iterable[Fragment]) -> str:
        """The text of fragments for the terminal, coloured where that is wanted."""
        return self._text(fragments, self.stdout) if self.stdout else ""

    def _is_long(self, text: str) -> bool:
        """Whether a text is longer than the terminal on which somebody reads it."""
        if not self.can_edit:
            return False
        columns, rows = terminal_size(self.stdout, self.environ)
        lines = (_SEQUENCE.sub("", line) for line in text.splitlines())
        return sum(max(1, -(-cells(line.expandtabs()) // columns)) for line in lines) >= rows

    def _page(self, text: str) -> bool:
        """Show a text through the pager; whether there was one."""
        from shlex import split  # heavy

        from crmsh_py.run import interactive  # heavy

        wanted = self.environ.get("PAGER") if self.pager is None else self.pager
        try:
            argv = split(USUAL_PAGER if wanted is None else wanted)
            if not argv or argv == ["cat"]:
                return False
            # short of an own wish: colours as colours, the text stays on the screen
            more = {} if "LESS" in self.environ else {"LESS": "FRX"}
            return interactive(argv, stdin=text.encode("utf-8", "backslashreplace"), environ=more) != NOT_FOUND
        except (CrmError, ValueError) as error:
            if wanted is not None:
                self.tell(Problem(WARNING, "no-pager", f"the pager cannot be used: {error}"))
            return False

    def _has_colour(self, is_terminal: bool) -> bool:
        if self.display in ("plain", "color-always"):
            return self.display == "color-always"
        if not is_terminal or self.environ.get("TERM") == "dumb":
            return False
        return self.display == "color" or not self.environ.get("NO_COLOR")


def diff_fragments(lines: Iterable[str]) -> Iterable[Fragment]:
    """The lines of a unified diff."""
    styles = {"+": "added", "-": "removed", "@": "heading"}
    return ((styles.get(line[:1], ""), line + "\n") for line in lines)


def problem_fragments(problem: Problem) -> Iterable[Fragment]:
    """A problem as people read it: label and text, the line it is about with a caret, a hint; a note is one line."""
    place = problem.place
    if place and place.source:
        yield "", f"{safe(place.source)}:{place.line}:{place.column}: "
    yield problem.severity, LABELS[problem.severity] + ":"
    yield "", f" {safe(problem.text)}\n"
    if place and place.text and problem.severity != INFO:
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
    start, stop = _window([cells(text) for text in shown], first)
    head = "..." if start else ""
    tail = "..." if stop < len(shown) else ""
    indent = len(head) + cells("".join(shown[start:first]))
    length = cells("".join(shown[first : min(last, stop)]))
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


def cells(text: str) -> int:
    """How many cells of a terminal a printable text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(0 if category(char) in ("Mn", "Me") else 1 + (east_asian_width(char) in "WF") for char in text)


def terminal_size(stream: TextIO | None, environ: Mapping[str, str]) -> tuple[int, int]:
    """Columns and rows of the terminal: as COLUMNS and LINES say, as it says itself, or 80 and 24."""
    try:
        columns, rows = os.get_terminal_size(stream.fileno()) if stream else (0, 0)
    except (OSError, ValueError):
        columns, rows = 0, 0
    wanted = [environ.get(name, "") for name in ("COLUMNS", "LINES")]
    given = [int(number) if number.isdecimal() else 0 for number in wanted]
    return given[0] or columns or 80, given[1] or rows or 24


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is there, open, and a terminal."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it was closed
        return False


def _coloured(style: str, text: str) -> str:
    colour = STYLES.get(style)
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and text else text


def _json(value: object) -> str:
    from json import dumps  # heavy

    return dumps(value, ensure_ascii=False) + "\n"


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem as JSON shows it."""
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
