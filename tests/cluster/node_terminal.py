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
from screen import ScreenTerminal
from terminal import PLAIN, Terminal

if TYPE_CHECKING:
    from bed import Node


ROWS, COLUMNS = 24, 100


class _NodeTerminal(Terminal):
    def __init__(self, descriptor: int, pid: int) -> None:
        self.raw = b""
        self.seen = 0
        self.descriptor = descriptor
        self.pid = pid


class _NodeScreen(ScreenTerminal):
    def __init__(self, descriptor: int, pid: int) -> None:
        self.watch(ROWS, COLUMNS)
        self.raw = b""
        self.seen = 0
        self.descriptor = descriptor
        self.pid = pid


@contextmanager
def node_terminal(node: Node, *words: str, env: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """`crm` with these words at its plain prompt, as a Terminal; what still runs at the end is killed."""
    with _on_terminal(node, *PLAIN, *words, env=env) as (descriptor, pid):
        yield _NodeTerminal(descriptor, pid)


@contextmanager
def node_screen(node: Node, *words: str, env: Mapping[str, str] | None = None) -> Iterator[ScreenTerminal]:
    """The same at its rich prompt."""
    with _on_terminal(node, *words, env=env) as (descriptor, pid):
        yield _NodeScreen(descriptor, pid)


@contextmanager
def _on_terminal(node: Node, *words: str, env: Mapping[str, str] | None) -> Iterator[tuple[int, int]]:
    here, there = os.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environ = {"PYTHONPATH": str(ROOT), "TERM": "xterm", **(env or {})}
    argv = ("setsid", "--ctty", "--wait", *PROGRAM, *words)
    with node.popen(*argv, env=environ, stdin=there, stdout=there, stderr=there) as process:
        os.close(there)
        yield here, process.pid
