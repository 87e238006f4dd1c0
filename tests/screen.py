"""What a program shows on the screen of a terminal of our own, as a person sees it."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyte
from terminal import SECONDS, Terminal


class ScreenTerminal(Terminal):
    """A program on a terminal that answers as real ones do; `rows` are the lines of its screen."""

    def __init__(self, words: Sequence[str], folder: Path, rows: int = 24, columns: int = 100, **environ: str) -> None:
        self.watch(rows, columns)
        super().__init__(words, folder, rows, columns, **environ)

    def watch(self, rows: int, columns: int) -> None:
        """Begin with an empty screen of this size."""
        self.screen = pyte.Screen(columns, rows)
        self.screen.write_process_input = self.type
        self._stream = pyte.ByteStream(self.screen)

    @property
    def rows(self) -> list[str]:
        return [row.rstrip() for row in self.screen.display]

    @property
    def shown(self) -> str:
        return "\n".join(self.rows).rstrip()

    @property
    def row(self) -> str:
        """The row of the cursor."""
        return self.rows[self.screen.cursor.y]

    def until(self, pattern: str) -> str:
        """Wait until the screen shows a match of a pattern; the screen then."""
        return self.until_true(lambda: re.search(pattern, self.shown, re.MULTILINE) is not None, repr(pattern))

    def until_true(self, is_there: Callable[[], bool], what: str = "it") -> str:
        """Wait until the screen is as wanted; the screen then."""
        deadline = time.monotonic() + SECONDS
        while not is_there():
            before = len(self.raw)
            try:
                is_alive = self._read(deadline - time.monotonic())
            except AssertionError:
                is_alive = False
            if not is_alive:
                raise AssertionError(f"{what} is not shown, but\n{self.shown}")
            self._stream.feed(self.raw[before:])
        return self.shown

    def resize(self, rows: int, columns: int) -> None:
        """Make the terminal another size, which its program is told."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def paste(self, text: str) -> None:
        """Paste, as terminals do where the program has asked them to mark it."""
        self.type(f"\x1b[200~{text}\x1b[201~")
