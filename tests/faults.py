"""The system on bad days: a call of it fails, or is the last one of the process."""

from __future__ import annotations

import errno
import os
import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Container


class System:
    """What is asked of the system, with something that happens before or after the n-th call.

    watched: the names of the functions whose calls count.
    """

    def __init__(self, watched: Container[str], at: int, when: str, happens: Callable[[], None]) -> None:
        self.watched = watched
        self._left, self._when, self._happens = at, when, happens
        self.calls: list[str] = []

    def of(self, module: Any) -> Any:
        """A module whose functions are counted."""
        return Watched(module, self)

    def opened(self, *args: Any, **options: Any) -> Watched:
        """The `open` of Python, which reports its writes."""
        return Watched(open(*args, **options), self)

    def counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.calls.append(name)
            self._left -= 1
            is_now = self._left == 0
            if is_now and self._when == "before":
                self._happens()
            result = real(*args, **options)
            if is_now and self._when == "after":
                self._happens()
            return result

        return call


class Watched:
    """A module or a file whose functions are counted."""

    def __init__(self, real: Any, system: System) -> None:
        self._real, self._system = real, system

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._real.close()

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        return self._system.counted(name, real) if name in self._system.watched else real


def fail() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
