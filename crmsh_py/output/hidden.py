"""A secret is typed: nobody sees it on the terminal."""

from __future__ import annotations

import sys

from crmsh_py.errors import UsageError
from crmsh_py.run import ending_in_order


def hidden_line(prompt: str) -> str:
    """A line that is typed with no echo; without a terminal, the next one of the standard input.

    Raises UsageError where there is none.
    """
    try:
        if sys.stdin is not None and sys.stdin.isatty():
            from getpass import getpass  # heavy

            with ending_in_order():  # who is ended here leaves a terminal that shows what is typed
                return getpass(prompt)
        line = sys.stdin.readline() if sys.stdin is not None else ""
    except (EOFError, OSError, ValueError):
        line = ""
    if not line:
        raise UsageError("a value is expected, as a word of the command or on the standard input")
    return line.removesuffix("\n")
