"""A screen of its own on the terminal: rows are written where they changed, keys come one by one."""

from __future__ import annotations

import os
import select
import signal
import termios
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError
from crmsh_py.run import ending_in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, TextIO

# the alternate screen, without a cursor; what was there before comes back behind it
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_TO_END_OF_LINE, _TO_END = "\x1b[K", "\x1b[J"
_ENDED = "q"


class Screen:
    """What the terminal shows, row by row, and the keys that are typed."""

    def __init__(self, stdin: TextIO, stdout: TextIO, signals: int) -> None:
        self._keys = stdin.fileno()
        self._stdout = stdout
        self._signals = signals
        self._shown: list[str] = []

    def show(self, rows: Sequence[str], is_new: bool = False) -> None:
        """Show these rows, from the top. is_new: the terminal may have lost what was shown, as when its size changed.

        No row may be longer than the terminal is wide. Raises CrmError where the terminal is gone.
        """
        before = [] if is_new else self._shown
        text = "".join(
            f"\x1b[{number};1H{_TO_END_OF_LINE}{row}"
            for number, row in enumerate(rows, 1)
            if number > len(before) or before[number - 1] != row
        )
        if is_new or len(before) > len(rows):
            text += f"\x1b[{len(rows) + 1};1H{_TO_END}"
        self._shown = list(rows)
        if text:
            _write(self._stdout, text)

    def wait(self, seconds: float) -> tuple[str, bool]:
        """Wait, for so long at most: the keys that were typed, and whether the size of the terminal may have changed.

        Where the terminal is gone, it is as if `q` were typed.
        """
        ready, _, _ = select.select([self._keys, self._signals], [], [], max(0.0, seconds))
        if self._signals in ready:
            os.read(self._signals, 512)
        if self._keys not in ready:
            return "", self._signals in ready
        try:
            typed = os.read(self._keys, 512)
        except OSError:  # the other end hung up
            typed = b""
        return typed.decode("latin-1") or _ENDED, self._signals in ready


@contextmanager
def screen(stdin: TextIO, stdout: TextIO) -> Iterator[Screen]:
    """A screen for the `with`; the terminal is as it was behind it, also after a signal that ends the program."""
    descriptor = stdin.fileno()
    before = termios.tcgetattr(descriptor)
    with ending_in_order(), _size_signals() as signals:
        try:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, _key_by_key(before))
            _write(stdout, _ENTER)
            yield Screen(stdin, stdout, signals)
        finally:
            # an impatient second Ctrl-C waits until this is done
            blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
            try:
                _write(stdout, _LEAVE)
            finally:
                termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
                signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def _key_by_key(attributes: list[Any]) -> list[Any]:
    """Keys are not shown and come at once; Ctrl-C is a signal, Ctrl-Z and Ctrl-\\ would leave the screen behind."""
    changed, characters = list(attributes), list(attributes[6])
    changed[3] &= ~(termios.ICANON | termios.ECHO)
    for name, value in ((termios.VMIN, 1), (termios.VTIME, 0), (termios.VSUSP, b"\0"), (termios.VQUIT, b"\0")):
        characters[name] = value
    changed[6] = characters
    return changed


@contextmanager
def _size_signals() -> Iterator[int]:
    """A descriptor that can be read when the size of the terminal has changed."""
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    before = signal.signal(signal.SIGWINCH, lambda *_: None)
    woken = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGWINCH, before)
        os.close(reading)
        os.close(writing)


def _write(stdout: TextIO, text: str) -> None:
    try:
        stdout.write(text)
        stdout.flush()
    except OSError as error:
        raise CrmError(f"cannot write to the terminal: {error.strerror}") from None
