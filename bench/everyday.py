"""The speed of looking: commands that are typed many times a day, and the check that monitoring runs each minute."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which

from measuring import Run, compare, judge, line, measure, median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from small_cluster import well

LINES = ("status", "node show", "resource status", "resource locate web")
TARGET = 4.0
ROUNDS = 15
# CPU time, in seconds: of crm_mon and a bare Python together, so many times; and what is aimed at
CHECK_TIMES, CHECK_SECONDS = 3.0, 0.08


def everyday(folder: Path, crm: str, peer: str) -> None:
    """All of it, on a CIB file with a status section."""
    if not which("crm_mon"):
        print("\ncrm_mon is not installed: no figures of the commands that read the state of the cluster")
        return
    path = str(well(folder))
    for words in LINES:
        looking(path, crm, peer, words.split())
    check(path, crm)


def looking(path: str, crm: str, peer: str, words: list[str]) -> None:
    """One command, the whole process."""

    def once(program: str) -> Run:
        return measure([program, *words], CIB_file=path)

    compare(" ".join(words), once, crm, peer, rounds=(ROUNDS, ROUNDS), target=TARGET)


def check(path: str, crm: str) -> None:
    """`check` against what cannot be spared: the one read of the cluster, and Python."""
    rows = {
        "this crm": [crm, "check"],
        "crm_mon": ["crm_mon", "--output-as=xml", "-1"],
        "python": [python(crm), "-c", ""],
    }
    runs: dict[str, list[Run]] = {name: [] for name in rows}
    for _ in range(ROUNDS):
        for name, argv in rows.items():
            runs[name].append(measure(argv, CIB_file=path))
    print(f"\ncheck, median of {ROUNDS}")
    for name, measured in runs.items():
        line(name, measured)
    own, *least = (median(measured, "cpu") for measured in runs.values())
    judge("times crm_mon and Python together, cpu", own / sum(least), CHECK_TIMES, at_least=False)
    judge("ms CPU", own * 1000, CHECK_SECONDS * 1000, at_least=False)


def python(crm: str) -> str:
    """The Python that runs a program, as its first line says; else this one."""
    with open(crm, "rb") as file:
        first = file.readline().decode("utf-8", "replace").removeprefix("#!").strip()
    return first if Path(first).is_file() else sys.executable
