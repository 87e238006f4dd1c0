"""An entry of the journal: a folder with files, whose lock says that its session lives."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from crmsh_py.cib.journal.folder import OPENED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

LOCK = "about"
BAD = ".bad"


class Entry:
    """An entry that this process has locked: no other one takes it for left behind, for as long as it lives.

    All that is done with it raises OSError. An entry is there as a whole or not at all: it is made, and removed, under
    a name that begins with a dot.
    """

    def __init__(self, folder: int, name: str, place: int, lock: int) -> None:
        self.name = name
        self._folder = folder
        self._place = place
        self._lock = lock
        self._held: tuple[int, ...] = (lock, place, folder)

    @classmethod
    def make(cls, folder: int, files: Mapping[str, bytes]) -> Entry:
        """A new entry with these files, one of which is LOCK. `folder` is open; the entry opens it anew for itself."""
        name = f"{time.strftime('%Y-%m-%d.%H%M%S')}.{os.urandom(4).hex()}"
        os.mkdir(f".{name}", mode=0o700, dir_fd=folder)
        entry = _open(folder, f".{name}", os.O_CREAT | os.O_EXCL)
        try:
            if not entry._has_locked():
                raise BlockingIOError
            with open(entry._lock, "wb", closefd=False) as file:
                _write(file, files[LOCK])
            for other in files.keys() - {LOCK}:
                entry.write(other, files[other])
            entry._rename(name)
            os.fsync(folder)
        except BaseException:
            entry.close()
            for known in (f".{name}", name):
                sweep(folder, known)
            raise
        return entry

    @classmethod
    def claim(cls, folder: int, name: str) -> Entry | None:
        """The entry of a session that is dead; None where the session lives, or has just removed it.

        Raises OSError where it is none, NotADirectoryError, FileNotFoundError and others.
        """
        entry = _open(folder, name, 0)
        try:
            if entry._has_locked() and entry.is_there:
                return entry
        except BaseException:
            entry.close()
            raise
        entry.close()
        return None

    @property
    def changed(self) -> float:
        """When something was written last, in seconds since the epoch."""
        return os.fstat(self._place).st_mtime

    def read(self, name: str) -> bytes:
        """The content of a file."""
        return _read(self._place, name)

    def write(self, name: str, content: bytes) -> None:
        """Write a file, at once or not at all."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            with open(os.open(f".{name}", flags, 0o600, dir_fd=self._place), "wb") as file:
                _write(file, content)
            os.rename(f".{name}", name, src_dir_fd=self._place, dst_dir_fd=self._place)
        except BaseException:
            with suppress(OSError):
                os.unlink(f".{name}", dir_fd=self._place)
            raise

    @property
    def is_there(self) -> bool:
        """Whether it still has its name: users remove folders, and sessions entries before they are locked here."""
        try:
            named = os.stat(self.name, dir_fd=self._folder, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return os.path.samestat(os.fstat(self._place), named)

    def remove(self) -> None:
        """Remove it, and close it."""
        if not self.name.startswith("."):
            self._rename(f".{self.name}")
        # what may be left of it now is nobody's, and swept away some day
        sweep(self._folder, self.name)
        self.close()

    def close(self) -> None:
        """Give it back: the next session takes it for left behind."""
        held, self._held = self._held, ()
        for descriptor in held:
            with suppress(OSError):
                os.close(descriptor)

    def _rename(self, name: str) -> None:
        os.rename(self.name, name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self.name = name

    def _has_locked(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _open(folder: int, name: str, flags: int) -> Entry:
    place = os.open(name, OPENED | os.O_NOFOLLOW, dir_fd=folder)
    try:
        lock = os.open(LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | flags, 0o600, dir_fd=place)
    except BaseException:
        os.close(place)
        raise
    return Entry(os.dup(folder), name, place, lock)


def _write(file: BinaryIO, content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _read(place: int, name: str) -> bytes:
    descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    with open(descriptor, "rb") as file:
        return file.read()


def peek(folder: int, name: str, file: str) -> bytes:
    """The content of a file of an entry that may be another process's. Raises OSError."""
    place = os.open(name, OPENED | os.O_NOFOLLOW, dir_fd=folder)
    try:
        return _read(place, file)
    finally:
        os.close(place)


def names(folder: int) -> list[str]:
    """The entries of a folder, the last one that was written first; what is half made or half removed at the end."""
    ages = {}
    for name in os.listdir(folder):
        with suppress(FileNotFoundError):
            ages[name] = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime
    return sorted(ages, key=lambda name: (name.startswith("."), -ages[name]))


def set_aside(folder: int, name: str) -> str:
    """Give what is no entry a name under which only people look for it; that name. Raises OSError."""
    os.rename(name, name + BAD, src_dir_fd=folder, dst_dir_fd=folder)
    return name + BAD


def sweep(folder: int, name: str) -> None:
    """Remove a folder of files, or a file, as far as that can be done."""
    with suppress(OSError):
        try:
            place = os.open(name, OPENED | os.O_NOFOLLOW, dir_fd=folder)
        except NotADirectoryError:
            os.unlink(name, dir_fd=folder)
            return
        try:
            for inner in os.listdir(place):
                os.unlink(inner, dir_fd=place)
        finally:
            os.close(place)
        os.rmdir(name, dir_fd=folder)
