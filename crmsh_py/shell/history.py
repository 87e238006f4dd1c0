"""The lines that were typed, kept across sessions in a file of the user's own: `crm/history` in the state folder."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING

from crmsh_py.cib.journal.folder import open_folder
from crmsh_py.masks import masked_line
from crmsh_py.problems import WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FOLDERS, NAME, LOCK, NEW = ("crm",), "history", "history.lock", "history.new"
# the file is cut to the first number of lines when it has more than the second
KEPT, MOST = 2_000, 4_000
# who stops another session in the middle of its line is not waited for
LOCK_SECONDS = 1.0
_OWN = os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


class History:
    """The history of one user. Secrets are masked before they are written. What cannot be kept is told, once.

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
            with self._locked() as folder:
                written = _read(folder)
                if len(written) > MOST:
                    _write_anew(folder, written[-KEPT:])
        except OSError as error:
            self._tell_once(error)
            return []
        return [text for text in map(_text, written[-KEPT:]) if text]

    def add(self, text: str) -> None:
        """Write down what was typed, whole logical lines, unless it is blank or the same again."""
        if not text.strip() or text == self._last:
            return
        self._last = text
        try:
            with self._locked() as folder:
                _append(folder, json.dumps(_masked(text)).encode() + b"\n")
        except OSError as error:
            self._tell_once(error)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The folder of the file, which no other session of the user reads or writes meanwhile."""
        folder = open_folder(self._environ, make=True, names=FOLDERS)
        try:
            lock = os.open(LOCK, os.O_RDWR | _OWN, 0o600, dir_fd=folder)
            try:
                _wait_for(lock)
                yield folder
            finally:
                os.close(lock)
        finally:
            os.close(folder)

    def _tell_once(self, error: OSError) -> None:
        if not self._has_told:
            self._has_told = True
            text = f"what is typed cannot be kept for later sessions: {error.strerror}"
            self._tell(Problem(WARNING, "no-history", text))


def _masked(text: str) -> str:
    """The text without secrets, which may stand in the next line: with one, what is continued is in one line."""
    # behind a `=` the line goes on with a word of its own, which was not meant so
    joined = text.replace("=\\\n", "=").replace("\\\n", " ")
    shown = "\n".join(map(masked_line, joined.split("\n")))
    return text if shown == joined else shown


def _wait_for(lock: int) -> None:
    """Take a lock. Raises OSError where another one keeps it for too long."""
    deadline = monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > deadline:
                raise OSError(errno.EBUSY, "another session keeps the file locked") from None
            sleep(0.01)
        else:
            return


def _read(folder: int) -> list[bytes]:
    try:
        file = os.open(NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return []
    with open(file, "rb") as reader:
        return reader.read().splitlines()


def _append(folder: int, line: bytes) -> None:
    """Write a line behind all others, or nothing. Raises OSError."""
    file = os.open(NAME, os.O_WRONLY | os.O_APPEND | _OWN, 0o600, dir_fd=folder)
    try:
        before = os.fstat(file).st_size
        if os.write(file, line) != len(line):
            os.ftruncate(file, before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(file)


def _write_anew(folder: int, lines: list[bytes]) -> None:
    file = os.open(NEW, os.O_WRONLY | os.O_TRUNC | _OWN, 0o600, dir_fd=folder)
    with open(file, "wb") as writer:
        writer.writelines(line + b"\n" for line in lines)
    os.replace(NEW, NAME, src_dir_fd=folder, dst_dir_fd=folder)


def _text(line: bytes) -> str:
    """What was typed; "" for a line that nobody can have written so."""
    try:
        found = json.loads(line)
    except ValueError:
        return ""
    return found if isinstance(found, str) else ""
