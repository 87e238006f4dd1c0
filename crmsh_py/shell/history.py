"""The lines that were typed, kept across sessions in a file of the user's own: `crm/history` in the state folder."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crmsh_py.cib.journal.folder import open_folder
from crmsh_py.masks import masked_line
from crmsh_py.problems import WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FOLDERS, NAME = ("crm",), "history"
# the file is cut to the first number of lines when it has more than the second
KEPT, MOST = 2_000, 4_000


class History:
    """The history of one user. Secrets are masked before they are written. What cannot be written is told, once.

    environ: says where the state of programs is kept. tell: shows a problem.
    """

    def __init__(self, environ: Mapping[str, str], tell: Callable[[Problem], None]) -> None:
        self._environ = environ
        self._tell = tell
        self._has_told = False
        self._last = ""

    def lines(self) -> list[str]:
        """What was typed in earlier sessions, the oldest first; a text of several lines is one."""
        try:
            with self._opened() as file:
                written = _lines(file)
                if len(written) > MOST:
                    _write_anew(file, written[-KEPT:])
        except OSError as error:
            self._tell_once(error)
            return []
        return [text for text in map(_text, written[-KEPT:]) if text]

    def add(self, text: str) -> None:
        """Write down what was typed, unless it is blank or the same again."""
        if not text.strip() or text == self._last:
            return
        self._last = text
        shown = "\n".join(masked_line(line) for line in text.split("\n"))
        try:
            with self._opened() as file:
                os.write(file, json.dumps(shown).encode() + b"\n")
        except OSError as error:
            self._tell_once(error)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The file, which no other session of the user reads or writes meanwhile."""
        folder = open_folder(self._environ, make=True, names=FOLDERS)
        try:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            file = os.open(NAME, flags, 0o600, dir_fd=folder)
        finally:
            os.close(folder)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _tell_once(self, error: OSError) -> None:
        if not self._has_told:
            self._has_told = True
            text = f"what is typed cannot be kept for later sessions: {error.strerror}"
            self._tell(Problem(WARNING, "no-history", text))


def _lines(file: int) -> list[bytes]:
    with open(file, "rb", closefd=False) as reader:
        return reader.read().splitlines()


def _write_anew(file: int, lines: list[bytes]) -> None:
    os.ftruncate(file, 0)
    os.write(file, b"".join(line + b"\n" for line in lines))


def _text(line: bytes) -> str:
    """What was typed; "" for a line that nobody can have written so."""
    try:
        found = json.loads(line)
    except ValueError:
        return ""
    return found if isinstance(found, str) else ""
