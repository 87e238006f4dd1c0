"""The speed of the prompt, on a real terminal: until it can be used, and from a key to what it shows.

The recorded session is typed into a CIB of many primitives. A key has been answered with the last of what is written
to the terminal before it is quiet for 50 ms, as a person sees it: what the cluster, or an agent, has to be asked for
appears by itself when they answer. The CPU time is that of all threads of the program.
"""

from __future__ import annotations

import os
import pty
import re
import select
import statistics
import sys
import time
from fcntl import ioctl
from pathlib import Path
from resource import struct_rusage
from struct import pack
from termios import TIOCSWINSZ

from cibs import as_xml
from measuring import Run, judge, line, median

ROUNDS = 9
MANY = 5000
START_SECONDS, KEY_SECONDS = 0.25, 0.03
# nothing more is written for a key when the terminal is quiet for so long
QUIET_SECONDS = 0.05
PAUSE_SECONDS = 0.5
LONGEST_SECONDS = 30.0
ROWS, COLUMNS = 40, 120
ASKED_POSITION = b"\x1b[6n"
TAB, ENTER, DOWN, BACKSPACE, CTRL_C = "\t", "\r", "\x1b[B", "\x7f", "\x03"
# what is typed, key by key; the menu is open from each TAB up to the end of its word
SESSION = (
    ("configure", ENTER),
    ("primitive vip ocf:heartbeat:IPadd", TAB, "r2 params ", TAB, "ip=10.0.0.7 cidr", TAB, "24 op ", TAB, "monitor "),
    (TAB, "interval=10s timeout=20s meta ", TAB, "target-role=Started", ENTER),
    ("show p1", TAB, "23", BACKSPACE * 2, DOWN * 5, ENTER, ENTER),
    ("group web p", TAB, "4999", " p", TAB, "30", BACKSPACE, "1 ", TAB, DOWN * 10, CTRL_C),
    ("location l-new p", TAB, "77", " inf: ", TAB, "node1", ENTER),
    ("order o-new Mandatory: p", TAB, "12 p", TAB, "345", CTRL_C),
    ("delete l", TAB, "10", DOWN * 3, CTRL_C),
    ("property no-quorum", TAB, "stop", ENTER),
    ("up", ENTER, "resource start p", TAB, "2500", CTRL_C),
)


def prompt(folder: Path, crm: str, peer: str) -> None:
    """All of it."""
    start(folder, crm, peer)
    keys(folder, crm)


def start(folder: Path, crm: str, peer: str) -> None:
    """From Enter in the shell to the prompt, and out again."""
    cib = folder / "start.xml"
    cib.write_text(as_xml(8))
    runs: dict[str, list[Run]] = {crm: [], peer: []} if peer else {crm: []}
    for _ in range(ROUNDS):
        for program, measured in runs.items():
            measured.append(_visit(program, cib))
    print(f"\nto the prompt and out again, median of {ROUNDS}")
    line("this crm", runs[crm])
    if peer:
        line(peer, runs[peer])
    judge("ms CPU", median(runs[crm], "cpu") * 1000, START_SECONDS * 1000, at_least=False)


def _visit(program: str, cib: Path) -> Run:
    begin = time.monotonic()
    terminal = _Terminal(program, cib)
    terminal.until(b"#")
    wall = time.monotonic() - begin
    terminal.type("quit\r")
    used = terminal.end()
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def keys(folder: Path, crm: str) -> None:
    """Each key of the recorded session."""
    cib = folder / "keys.xml"
    cib.write_text(as_xml(MANY))
    terminal = _Terminal(crm, cib)
    terminal.until(b"#")
    # what is read in the background: nobody types so soon
    terminal.type("\t")
    terminal.quiet(2.0)
    terminal.type(CTRL_C)
    terminal.quiet(1.0)
    taken: list[tuple[float, float]] = []
    for key in (key for part in SESSION for word in part for key in _keys(word)):
        if key in (ENTER, CTRL_C):
            # people look at what a command has to say
            terminal.type(key)
            terminal.quiet(PAUSE_SECONDS)
        else:
            taken.append(terminal.answer(key))
    terminal.type("\x04")
    terminal.until(b"stay:")
    terminal.type("n\r")
    terminal.end()
    print(f"\n{len(taken)} keys, CIB of {MANY} primitives")
    for at, name in enumerate(("wall", "CPU")):
        times = sorted(one[at] * 1000 for one in taken)
        middle, late, last = statistics.median(times), times[int(len(times) * 0.99)], times[-1]
        print(f"  {name:<8} median {middle:6.1f} ms, 99th percentile {late:6.1f} ms, longest {last:6.1f} ms")
        judge(f"ms {name}, 99th percentile", late, KEY_SECONDS * 1000, at_least=False)


def _keys(word: str) -> list[str]:
    """The keys of a word; an arrow is one."""
    return re.findall(r"(?s)\x1b\[.|.", word)


class _Terminal:
    """A program on a terminal that answers as real ones do."""

    def __init__(self, program: str, cib: Path) -> None:
        environ = {**os.environ, "TERM": "xterm-256color", "HOME": str(cib.parent), "CIB_file": str(cib)}
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execve(program, [program], environ)
        ioctl(self.file, TIOCSWINSZ, pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.shown = b""

    def type(self, text: str) -> None:
        os.write(self.file, text.encode())

    def read(self, seconds: float) -> bool:
        """Read what is written within so many seconds; whether something was."""
        if not select.select([self.file], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.file, 1 << 16)
        except OSError:  # the program has ended
            return False
        self.shown += data
        for _ in range(data.count(ASKED_POSITION)):
            self.type("\x1b[1;1R")
        return bool(data)

    def until(self, text: bytes) -> None:
        end = time.monotonic() + LONGEST_SECONDS
        while text not in self.shown:
            if time.monotonic() > end or not self.read(LONGEST_SECONDS):
                sys.exit(f"{text!r} is not shown, but {self.shown[-500:]!r}")
        self.shown = self.shown.partition(text)[2]

    def quiet(self, seconds: float) -> None:
        while self.read(seconds):
            pass

    def answer(self, key: str) -> tuple[float, float]:
        """Type a key; the seconds up to the last of what is shown for it, and the CPU time that it has taken."""
        cpu, begin = self._cpu(), time.monotonic()
        last = begin
        self.type(key)
        while self.read(QUIET_SECONDS):
            last = time.monotonic()
        return last - begin, self._cpu() - cpu

    def _cpu(self) -> float:
        """Seconds of CPU time of all threads, as fine as the scheduler counts."""
        folder = f"/proc/{self.pid}/task"
        return sum(int(Path(folder, task, "schedstat").read_text().split()[0]) for task in os.listdir(folder)) / 1e9

    def end(self) -> struct_rusage:
        while self.read(LONGEST_SECONDS):
            pass
        os.close(self.file)
        return os.wait4(self.pid, 0)[2]
