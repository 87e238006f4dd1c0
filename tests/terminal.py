"""A terminal of our own with a program in it: what is typed, and what is shown."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

# the plain prompt: what it shows is one line after the other
PLAIN = ("-o", "core.editing_mode=plain")
CRM = (sys.executable, "-m", "crmsh_py", *PLAIN)
PROMPT = r"crm\([^)]*\)[a-z ]*\*?# $"
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x07")
SECONDS = 30


class Terminal:
    """A program on a pseudo-terminal; `said` is all that it has shown, without colours."""

    def __init__(self, words: Sequence[str], folder: Path, rows: int = 24, columns: int = 100, **environ: str) -> None:
        self.raw = b""
        self.seen = 0
        env = {"PATH": os.environ["PATH"], "TERM": "xterm", "HOME": str(folder), "LANG": "C.UTF-8", **environ}
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            _become(words, folder, {"PYTHONPATH": str(Path(__file__).parents[1]), **env})
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def said(self) -> str:
        text = self.raw.decode("utf-8", "replace").replace("\r\n", "\n")
        return _SEQUENCE.sub("", text).replace("\r", "")

    def wait(self, pattern: str) -> str:
        """What is shown from the last wait up to a match."""
        deadline = time.monotonic() + SECONDS
        while not (found := re.search(pattern, self.said[self.seen :], re.MULTILINE)):
            if not self._read(deadline - time.monotonic()):
                raise AssertionError(f"{pattern!r} is not shown, but {self.said[self.seen :]!r}")
        text = self.said[self.seen : self.seen + found.end()]
        self.seen += found.end()
        return text

    def type(self, text: str) -> None:
        os.write(self.descriptor, text.encode())

    def interrupt(self) -> None:
        """Type Ctrl-C, when the program has had the time to wait for it: before that, readline does not see it."""
        time.sleep(0.2)
        self.type("\x03")

    def line(self, text: str, pattern: str = PROMPT) -> str:
        """Type a line; what is shown behind its echo, up to the prompt."""
        self.type(text + "\n")
        return self.wait(pattern).partition("\n")[2].rpartition("\n")[0]

    def end(self) -> int:
        """Wait for the end; the exit code."""
        deadline = time.monotonic() + SECONDS
        while self._read(deadline - time.monotonic()):
            pass
        os.close(self.descriptor)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.descriptor], [], [], max(0.0, seconds))
        if not ready:
            raise AssertionError(f"nothing more is shown after {self.said[self.seen :]!r}")
        try:
            data = os.read(self.descriptor, 65536)
        except OSError:  # EIO: the program has ended
            return False
        self.raw += data
        return bool(data)


def _become(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> None:
    try:
        # a test run in the background has them ignored, and would pass that on
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.chdir(folder)
        os.execve(words[0], list(words), dict(environ))
    finally:
        os._exit(127)
