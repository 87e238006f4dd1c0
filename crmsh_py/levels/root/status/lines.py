"""Lines of text as fragments, in the words of crm_mon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.output import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.output import Fragment

    Line = list[Fragment]

COLUMNS = 80
# a blank at which a long line is broken
GAP: Fragment = ("gap", " ")
_HANG = "    "


def names(given: Iterable[str], style: str = "") -> Line:
    """`[ a b c ]`, in several lines where there are many."""
    line: Line = [("", "[")]
    for name in given:
        line += [GAP, (style, name)]
    return [*line, ("", " ]")]


def indented(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, each two blanks further to the right."""
    return ([("", "  "), *line] for line in lines)


def printed(line: Line) -> Iterator[Fragment]:
    """A line with its newline, whose names cannot break it into several; gaps become newlines as they have to."""
    column = 2
    indent = 2 + len(line[0][1]) if line and not line[0][1].strip() else 2
    yield "", "  "
    for index, (style, text) in enumerate(line):
        shown = safe(text, "\t")
        if style == "gap":
            following = line[index + 1][1] if index + 1 < len(line) else ""
            if column + 1 + len(following) > COLUMNS - len(" ]"):
                shown, column = "\n" + " " * indent + _HANG, indent + len(_HANG) - 1
            yield "", shown
            column += 1
        else:
            yield style, shown
            column += len(shown)
    yield "", "\n"


def section(heading: str, lines: Iterable[Line]) -> Iterator[Fragment]:
    """A heading with its lines."""
    yield "heading", f"{heading}:"
    yield "", "\n"
    for line in lines:
        yield from printed(line)


def count(number: int, noun: str) -> str:
    """`1 node`, `2 nodes`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def interval(ms: int) -> str:
    """Milliseconds as crm_mon writes the interval of a failed action: 10s, 1500ms."""
    return f"{ms}ms" if ms % 1000 else f"{ms // 1000}s"


def duration(ms: int) -> str:
    """Milliseconds in larger units: 18ms, 10s, 2m59.014s, 1h."""
    if ms < 1000:
        return f"{ms}ms"
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{rest:03}" if rest else ""
    parts = ((hours, f"{hours}h"), (minutes, f"{minutes}m"), (seconds or rest, f"{seconds}{fraction}s"))
    return "".join(text for number, text in parts if number)
