"""What the user sees and types. These rooms alone read the terminal and write to it."""

from __future__ import annotations

from crmsh_py.output.output import (
    FORMAT_FLAGS,
    FORMATS,
    STYLES,
    WINDOW,
    Fragment,
    Output,
    Record,
    Watch,
    diff_fragments,
    problem_data,
    problem_fragments,
    safe,
    terminal_size,
    underlined,
)

__all__ = [
    "FORMATS",
    "FORMAT_FLAGS",
    "STYLES",
    "WINDOW",
    "Fragment",
    "Output",
    "Record",
    "Watch",
    "diff_fragments",
    "problem_data",
    "problem_fragments",
    "safe",
    "terminal_size",
    "underlined",
]
