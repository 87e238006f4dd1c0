"""The lines at the foot of the terminal: what the chosen candidate is, or what was expected where a word is wrong."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from crmsh_py.output import safe

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from crmsh_py.command.candidates import Candidate
    from crmsh_py.shell.marking import Fault

MOST_LINES = 6


def toolbar(
    chosen: Candidate | None, left_out: int, is_incomplete: bool, fault: Fault | None, columns: int
) -> StyleAndTextTuples | None:
    """The pieces of it, in lines that are not longer than the terminal is wide; None where there is nothing to say."""
    if chosen and chosen.note:
        return _lines(chosen.note, columns)
    if is_incomplete:
        return _lines("asking for more ...", columns)
    if left_out:
        return _lines(f"and {left_out} more", columns)
    return _lines(fault.expected, columns) if fault else None


def _lines(text: str, columns: int) -> StyleAndTextTuples:
    lines = wrap(safe(text), max(1, columns - 1))
    if len(lines) > MOST_LINES:
        lines[MOST_LINES - 1 :] = [lines[MOST_LINES - 1][: columns - 4] + "..."]
    return [("class:hint", "\n".join(lines))]
