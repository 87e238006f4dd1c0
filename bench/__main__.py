"""The speed of this `crm` against an installed peer: `python bench CRM [PEER]`.

Both run in turn, on the same files, in this one run, so that whatever else the machine does is shared. CPU time is user
plus system of the whole process and its children; the median of the rounds counts. Nothing here decides a test.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from cibs import as_text, as_xml

PEER = "/usr/sbin/crm"
EMPTY = Path(__file__).parents[1] / "examples" / "empty.xml"
SMALL, LARGE = 8, 5000


class Run(NamedTuple):
    """What one process cost: seconds, seconds, MiB."""

    cpu: float
    wall: float
    peak: float


def main() -> None:
    crm, peer = sys.argv[1], (sys.argv[2:] or [PEER])[0]
    print(f"{crm} on Python {platform.python_version()}, {os.cpu_count()} CPUs, {os.uname().sysname}")
    if not os.access(peer, os.X_OK):
        print(f"{peer} is not installed (Debian or Ubuntu: apt-get install crmsh): no comparison, only our own figures")
        peer = ""
    with tempfile.TemporaryDirectory() as folder:
        show(Path(folder), crm, peer, SMALL, rounds=15, target=4.5)
        show(Path(folder), crm, peer, LARGE, rounds=3, target=10.0)
        load(Path(folder), crm)


def show(folder: Path, crm: str, peer: str, n: int, *, rounds: int, target: float) -> None:
    """`configure show` of n primitives, the whole process."""
    cib = folder / f"{n}.xml"
    cib.write_text(as_xml(n))
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(measure([crm, "-c", str(cib), "configure", "show"]))
        if peer:
            theirs.append(measure([peer, "configure", "show"], CIB_file=str(cib)))
    print(f"\nconfigure show, {n} primitives, median of {rounds}")
    line("this crm", ours)
    if theirs:
        line(peer, theirs)
        for what in ("cpu", "wall"):
            ratio = median(theirs, what) / median(ours, what)
            judge(f"times as fast, {what}", ratio, target, at_least=True)


def load(folder: Path, crm: str) -> None:
    """`configure load replace` into an empty CIB file: text to statements to a CIB.

    No verification: neither Pacemaker's schemas nor crm_verify can be found.
    """
    nothing = folder / "nothing"
    nothing.mkdir()
    cib, text = folder / "load.xml", folder / "load.crm"
    figures = {}
    for n in (LARGE // 5, LARGE):
        text.write_text(as_text(n))
        runs = []
        for _ in range(3):
            cib.write_text(EMPTY.read_text())
            argv = [crm, "-c", str(cib), "configure", "load", "replace", str(text)]
            runs.append(measure(argv, PATH=str(nothing), PCMK_schema_directory=str(nothing)))
        if cib.read_text().count("<primitive ") != n:
            sys.exit(f"load replace of {n} primitives has not stored them")
        print(f"\nconfigure load replace, {n} primitives, no verification, median of {len(runs)}")
        line("this crm", runs)
        figures[n] = runs
    times = median(figures[LARGE], "cpu") / median(figures[LARGE // 5], "cpu")
    judge(f"times the work for {LARGE // 5}, cpu", times, 6.0, at_least=False)
    judge("MiB at its peak", median(figures[LARGE], "peak"), 200.0, at_least=False)


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


def median(runs: list[Run], what: str) -> float:
    return statistics.median(getattr(run, what) for run in runs)


def line(name: str, runs: list[Run]) -> None:
    cpu, wall, peak = (median(runs, what) for what in Run._fields)
    print(f"  {name:<24} {cpu * 1000:9.0f} ms CPU {wall * 1000:9.0f} ms wall {peak:6.0f} MiB")


def judge(what: str, value: float, target: float, *, at_least: bool) -> None:
    good = value >= target if at_least else value <= target
    bound = "at least" if at_least else "at most"
    print(f"  {'ok' if good else 'MISSES':<8}{value:8.1f} {what} ({bound} {target:g})")


main()
