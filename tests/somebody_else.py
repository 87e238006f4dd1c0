"""Other users, and processes of theirs."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may be somebody else")


def in_a_child(work: Callable[[], object], *, before: Callable[[], object]) -> str:
    """What `work` gives, or the kind and text of its error, in a process that did `before` first."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            before()
            said = str(work())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def become(user: int) -> None:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


def become_nobody() -> None:
    become(NOBODY)


def let_others_through(folder: Path) -> None:
    for above in (folder, *folder.parents):
        if not above.stat().st_mode & stat.S_IXOTH:
            above.chmod(above.stat().st_mode | stat.S_IXOTH)
