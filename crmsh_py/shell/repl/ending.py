"""What tells the process to end while a line is typed: the terminal is put in order first."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

from crmsh_py.run import kill_all

if TYPE_CHECKING:
    from prompt_toolkit.application import Application

ENDS = (signal.SIGTERM, signal.SIGHUP)


class EndInOrder:
    """Signals that would end the process end the application; `leave` has them do their work then."""

    def __init__(self, app: Application[str]) -> None:
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._taken: list[int] = []
        self._came: list[int] = []

    def enter(self) -> None:
        """From now on, in the loop that runs. What is ignored, as under nohup, stays so."""
        self._loop = asyncio.get_running_loop()
        self._taken = [number for number in ENDS if signal.getsignal(number) is signal.SIG_DFL]
        for number in self._taken:
            self._loop.add_signal_handler(number, self._end, number)

    def leave(self) -> None:
        """The signals are as before; a loop that prompt_toolkit keeps for the next line would have swallowed them."""
        if self._loop is not None and not self._loop.is_closed():
            for number in self._taken:
                self._loop.remove_signal_handler(number)
        for number in self._came:
            kill_all()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def _end(self, number: int) -> None:
        self._came.append(number)
        if not self._app.is_done:
            self._app.exit(exception=EOFError)
