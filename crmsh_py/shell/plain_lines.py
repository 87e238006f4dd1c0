"""Lines as the simplest terminal can show them, edited by readline where Python has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language.words import is_continued

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crmsh_py.output import Fragment, Output
    from crmsh_py.shell.history import History


class PlainLines:
    """Reads lines from the terminal."""

    def __init__(self, output: Output, history: History) -> None:
        self._output = output
        self._history = history
        self._call_back = _line_editing(history)

    def read(self, prompt: Sequence[Fragment], begun: str = "") -> str | None:
        """What is typed behind a prompt, in one line or, where it was pasted, in several; begun: what it goes on from.

        None where it was dropped. Raises EOFError at the end, as Ctrl-D makes it, and KeyboardInterrupt.
        """
        try:
            typed = self._output.read_line("".join(text for _, text in prompt))
        except EOFError:
            self._output.end_line()
            raise
        if typed.strip():
            self._call_back(typed)
        if not is_continued(typed):
            self._history.add(begun + typed)
        return typed


def _line_editing(history: History) -> Callable[[str], object]:
    """Let lines be edited and called back; what puts one among those."""
    try:
        import readline  # heavy; it changes how lines are read
    except ImportError:
        return str
    # what is pasted may hold tabs
    readline.parse_and_bind("tab: self-insert")
    # answers to questions are not called back
    readline.set_auto_history(False)
    for line in history.lines():
        readline.add_history(line)
    return readline.add_history
