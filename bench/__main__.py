"""The speed of this `crm` against an installed peer: `python bench CRM [PEER]`.

Both run in turn, on the same files, in this one run, so that whatever else the machine does is shared. CPU time is user
plus system of the whole process and its children; the median of the rounds counts. Nothing here decides a test.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

from cibs import as_text, as_xml
from everyday import everyday
from live import live
from measuring import Run, compare, judge, line, measure, median
from prompt import prompt

PEER = "/usr/sbin/crm"
EMPTY = Path(__file__).parents[1] / "examples" / "empty.xml"
SMALL, LARGE = 8, 5000


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
        one_statement(Path(folder), crm, peer)
        commits(Path(folder), crm, peer)
        one_property(Path(folder), crm, peer)
        everyday(Path(folder), crm, peer)
        prompt(Path(folder), crm, peer)
    live(crm, peer)


def show(folder: Path, crm: str, peer: str, n: int, *, rounds: int, target: float) -> None:
    """`configure show` of n primitives, the whole process."""
    cib = folder / f"{n}.xml"
    cib.write_text(as_xml(n))

    def once(program: str) -> Run:
        return measure([program, "configure", "show"], CIB_file=str(cib))

    compare(f"configure show, {n} primitives", once, crm, peer, rounds=(rounds, rounds), target=target)


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


def one_statement(folder: Path, crm: str, peer: str) -> None:
    """A primitive as a one-shot command, verified and committed."""
    words = ["configure", *"primitive new ocf:heartbeat:Dummy op monitor interval=30s timeout=20s".split()]

    def once(program: str) -> Run:
        cib = folder / "one.xml"
        cib.write_text(as_xml(SMALL))
        return stored(cib, 'id="new"', [program, *words])

    once(crm)  # what is known of the agent is kept for the next time, as in the peer
    compare("configure primitive, small CIB, committed", once, crm, peer, rounds=(15, 15), target=3.5)


def commits(folder: Path, crm: str, peer: str) -> None:
    """`load replace` of a large configuration into an empty CIB, verified and committed."""
    text, cib = folder / "commit.crm", folder / "commit.xml"
    own = []
    for n, rounds, target in ((LARGE // 5, (3, 2), 10.0), (LARGE, (3, 1), 50.0)):
        text.write_text("property stonith-enabled=false\n" + as_text(n))

        def once(program: str, last: str = f'id="p{n - 1}"') -> Run:
            cib.write_text(EMPTY.read_text())
            return stored(cib, last, [program, "configure", "load", "replace", str(text)])

        what = f"configure load replace, {n} primitives, committed"
        own.append(compare(what, once, crm, peer, rounds=rounds, target=target))
    judge(f"times the work for {LARGE // 5}, cpu", own[1] / own[0], 6.0, at_least=False)


def one_property(folder: Path, crm: str, peer: str) -> None:
    """One option changed in a large CIB, verified and committed."""

    def once(program: str) -> Run:
        cib = folder / "property.xml"
        cib.write_text(as_xml(LARGE))
        return stored(cib, "no-quorum-policy", [program, "configure", "property", "no-quorum-policy=freeze"])

    compare(f"configure property, {LARGE} primitives, committed", once, crm, peer, rounds=(3, 1), target=20.0)


def stored(cib: Path, sign: str, argv: list[str]) -> Run:
    """Measure a command that changes a CIB file, and see that it did."""
    run = measure(argv, CIB_file=str(cib))
    if sign not in cib.read_text():
        sys.exit(f"{' '.join(argv)} has not stored {sign}")
    return run


main()
