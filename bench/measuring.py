"""What a process costs, and how that compares."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import NamedTuple


class Run(NamedTuple):
    """What one process cost: seconds, seconds, MiB."""

    cpu: float
    wall: float
    peak: float


def compare(
    what: str, once: Callable[[str], Run], crm: str, peer: str, *, rounds: tuple[int, int], target: float
) -> float:
    """Measure both, in turn while both have rounds left, and judge the ratio; our own CPU time, in seconds."""
    ours, theirs = [], []
    for number in range(max(rounds)):
        if number < rounds[0]:
            ours.append(once(crm))
        if peer and number < rounds[1]:
            theirs.append(once(peer))
    print(f"\n{what}, median of {rounds[0]} and {rounds[1]}")
    line("this crm", ours)
    if theirs:
        line(peer, theirs)
        for kind in ("cpu", "wall"):
            judge(f"times as fast, {kind}", median(theirs, kind) / median(ours, kind), target, at_least=True)
    return median(ours, "cpu")


def median(runs: list[Run], what: str) -> float:
    return statistics.median(getattr(run, what) for run in runs)


def line(name: str, runs: list[Run]) -> None:
    cpu, wall, peak = (median(runs, what) for what in Run._fields)
    print(f"  {name:<24} {cpu * 1000:9.0f} ms CPU {wall * 1000:9.0f} ms wall {peak:6.0f} MiB")


def judge(what: str, value: float, target: float, *, at_least: bool) -> None:
    good = value >= target if at_least else value <= target
    bound = "at least" if at_least else "at most"
    print(f"  {'ok' if good else 'MISSES':<8}{value:8.1f} {what} ({bound} {target:g})")


def measure(argv: list[str], **environ: str) -> Run:
    """Run a program to its end; its output goes to a file, as it would in a script."""
    with tempfile.TemporaryFile() as output:
        begin = time.monotonic()
        process = subprocess.Popen(argv, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **environ})
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(
                f"{' '.join(argv)} ended with {process.returncode}:\n{output.read().decode(errors='replace')[-2000:]}"
            )
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)
