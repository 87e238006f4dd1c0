"""Folders of the user's own, which nobody else may write to: that of the journal, and others beside it."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPENED = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
NAMES = ("crm", "journal")


def path(environ: Mapping[str, str]) -> str:
    """Where the journal is: in $XDG_STATE_HOME, else in ~/.local/state. Raises OSError where HOME cannot have it."""
    return os.path.join(_state_home(environ), *NAMES)


def open_folder(environ: Mapping[str, str], *, make: bool, names: Sequence[str] = NAMES) -> int:
    """Open the folder of the journal, or another one of ours; with `make` it is made where it is missing.

    Raises OSError where there is none, or where somebody else could have written to it.
    """
    base = _state_home(environ)
    if make:
        os.makedirs(base, mode=0o700, exist_ok=True)
    folder = os.open(base, OPENED)
    for name in names:
        try:
            inner = _step(folder, name, make)
        finally:
            os.close(folder)
        folder = inner
    return folder


def _state_home(environ: Mapping[str, str]) -> str:
    named = environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(named):
        return named
    home = environ.get("HOME", "")
    if not os.path.isabs(home):
        raise FileNotFoundError(errno.ENOENT, "HOME is not set")
    # root with the HOME of somebody else would leave folders that this one cannot use
    if os.stat(home).st_uid not in (0, os.geteuid()):
        raise PermissionError(errno.EPERM, "it belongs to somebody else", home)
    return os.path.join(home, ".local", "state")


def _step(folder: int, name: str, make: bool) -> int:
    """Open a folder inside another one, if it is the user's own. Raises OSError."""
    if make:
        try:
            os.mkdir(name, mode=0o700, dir_fd=folder)
        except FileExistsError:
            pass
    inner = os.open(name, OPENED | os.O_NOFOLLOW, dir_fd=folder)
    state = os.fstat(inner)
    if state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return inner
    os.close(inner)
    reason = "others may write there" if state.st_uid == os.geteuid() else "it belongs to somebody else"
    raise PermissionError(errno.EPERM, reason, name)
