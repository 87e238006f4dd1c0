"""Our program on a terminal in a node of a test bed."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from program import PROGRAM, ROOT
from terminal import PLAIN, Terminal

if TYPE_CHECKING:
    from bed import Node


class _NodeTerminal(Terminal):
    def __init__(self, descriptor: int, pid: int) -> None:
        self.raw = b""
        self.seen = 0
        self.descriptor = descriptor
        self.pid = pid


@contextmanager
def node_terminal(node: Node, *words: str, env: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """`crm` with these words, as a Terminal; what still runs at the end is killed."""
    here, there = os.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    environ = {"PYTHONPATH": str(ROOT), "TERM": "xterm", **(env or {})}
    argv = ("setsid", "--ctty", "--wait", *PROGRAM, *PLAIN, *words)
    with node.popen(*argv, env=environ, stdin=there, stdout=there, stderr=there) as process:
        os.close(there)
        yield _NodeTerminal(here, process.pid)
