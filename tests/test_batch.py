"""Scripts are transactions, through the real program: what people know from the existing shell, and what becomes of it.

The first rows are those of batch mode there: it commits what was good, goes on after errors, and often says 0.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copy
from typing import NamedTuple

import pytest
from lxml import etree

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-m", "crmsh_py"]
SECONDS = 60
_ERROR = re.compile(r"^(.*):(\d+):(\d+): ERROR: ", re.MULTILINE)


class Row(NamedTuple):
    """Lines at the level `configure`: what is written, the exit code, and line and column of each error.

    old_habit: what --keep-going writes, where that is something else.
    """

    lines: tuple[str, ...]
    written: set[str]
    exit_code: int = 0
    errors: tuple[tuple[int, int], ...] = ()
    old_habit: set[str] | None = None
    words: tuple[str, ...] = ()


GOOD, MORE, BAD = "primitive y1 Dummy", "primitive y2 Dummy", "primitive y9"
ROWS = {
    "a line and the end": Row((GOOD,), {"y1"}),
    "a line and quit": Row((GOOD, "quit"), {"y1"}),
    "a line and up": Row((GOOD, "up"), {"y1"}),
    "a line and the end, with -n": Row((GOOD,), {"y1"}, words=("-n",)),
    "a line and quit, with -n": Row((GOOD, "quit"), {"y1"}, words=("-n",)),
    "a line and commit, with -F": Row((GOOD, "commit"), {"y1"}, words=("-F",)),
    "good, bad, good, commit": Row((GOOD, BAD, MORE, "commit"), set(), 2, ((2, 13),), {"y1", "y2"}),
    "good, bad, quit": Row((GOOD, BAD, "quit"), set(), 2, ((2, 13),), {"y1"}),
    "good, bad, the end": Row((GOOD, BAD), set(), 2, ((2, 13),), {"y1"}),
    "a bad line in a file to load": Row(("load update bad.crm",), set(), 2),
    "a bad line in a file to load, then a good one": Row(("load update bad.crm", GOOD), set(), 2, (), {"y1"}),
    "first an unknown command": Row(("nosuch", GOOD), set(), 2, ((1, 1),), {"y1"}),
    "first an unknown command, and quit": Row(("nosuch", GOOD, "quit"), set(), 2, ((1, 1),), {"y1"}),
    # beyond the table
    "what is said twice": Row((GOOD, GOOD), set(), 1, ((2, 1),), {"y1"}),
    "what is not there": Row((GOOD, "delete nosuch", MORE), set(), 4, ((2, 8),), {"y1", "y2"}),
    "good, commit, and a line that cannot be read": Row((GOOD, "commit", BAD), set(), 2, ((3, 13),), {"y1"}),
    "good, commit, and a line that cannot be run": Row(
        (GOOD, "commit", MORE, "delete nosuch"), {"y1"}, 4, ((4, 8),), {"y1", "y2"}
    ),
    "every error at once": Row((GOOD, BAD, MORE, "nosuch", "group"), set(), 2, ((2, 13), (4, 1), (5, 6)), {"y1", "y2"}),
    "what the schema refuses": Row(
        (GOOD, "xml '<primitive id=\"y3\" nosuch=\"1\" type=\"x\"/>'"), set(), 5, old_habit=set()
    ),
    "nothing": Row((), set()),
    "nothing but quit": Row(("quit",), set()),
    "a destructive command cut short": Row((GOOD, "er"), set(), 2, ((2, 1),), {"y1"}),
    "an edit taken back": Row((GOOD, "undo", MORE), {"y2"}),
    "a draft dropped": Row((GOOD, "refresh", MORE), {"y2"}),
}
# how a script is given: the words of the program, what it reads, and how far down its lines stand
WAYS = {
    "a file": (("-f", "script.crm"), False, 1),
    "a file for a level": (("-f", "script.crm", "configure"), False, 0),
    "a pipe": ((), True, 1),
    "a pipe for a level": (("configure",), True, 0),
    "a pipe by -f": (("-f", "-"), True, 1),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A CIB without anything, in a folder with a file to load that has a bad line."""
    (tmp_path / "bad.crm").write_text(f"{GOOD}\n{BAD}\n{MORE}\n", encoding="utf-8")
    return Path(copy(ROOT / "examples" / "empty.xml", tmp_path / "cib.xml"))


def crm(file: Path, *words: str, stdin: str | None = None) -> tuple[int, str]:
    """Run the program on a CIB file; exit code and stderr. What is data is not of interest here."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*PROGRAM, "-c", str(file), *words],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        env=environ,
        cwd=file.parent,
        timeout=SECONDS,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode != 3, done.stderr
    return done.returncode, done.stderr


def run(file: Path, way: str, row: Row, *more: str) -> tuple[int, str]:
    words, is_piped, depth = WAYS[way]
    text = "".join(f"{line}\n" for line in (*["configure"] * depth, *row.lines))
    (file.parent / "script.crm").write_text(text, encoding="utf-8")
    return crm(file, *more, *row.words, *words, stdin=text if is_piped else None)


def resources(file: Path) -> set[str]:
    root = etree.parse(str(file)).getroot()
    return {str(el.get("id")) for el in root.iterfind("configuration/resources/*")}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ROWS)
def test_a_script_is_a_transaction(name: str, way: str, file: Path) -> None:
    row, before = ROWS[name], file.read_bytes()
    code, err = run(file, way, row)
    _, is_piped, depth = WAYS[way]
    source = "stdin" if is_piped else "script.crm"
    assert (code, resources(file)) == (row.exit_code, row.written), err
    if not row.written:
        assert file.read_bytes() == before
    own = [(int(line), int(column)) for name, line, column in _ERROR.findall(err) if name == source]
    assert own == [(line + depth, column) for line, column in row.errors] or not row.errors, err
    assert bool(row.exit_code) == ("ERROR: " in err), err


@pytest.mark.parametrize("way", ["a file", "a pipe for a level"])
@pytest.mark.parametrize("name", ROWS)
def test_the_old_habit_is_to_be_had(name: str, way: str, file: Path) -> None:
    row = ROWS[name]
    code, err = run(file, way, row, "--keep-going")
    written = row.written if row.old_habit is None else row.old_habit
    assert (code, resources(file)) == (row.exit_code, written), err


@pytest.mark.parametrize("name", ROWS)
def test_one_line_by_one_each_is_committed(name: str, file: Path) -> None:
    """As one-shots, each line is a script of its own: what is good is written, and the exit code is that line's."""
    row = ROWS[name]
    first_bad = 0
    for line in row.lines:
        code, err = crm(file, *row.words, "configure", line)
        first_bad = first_bad or code
        assert bool(code) == ("ERROR: " in err), err
    written = row.written if row.old_habit is None else row.old_habit
    if name in ("an edit taken back", "a draft dropped"):  # there is nothing left to take back
        written = {"y1", "y2"}
    if name == "what the schema refuses":
        written = {"y1"}
    assert (first_bad, resources(file)) == (row.exit_code, written)


def test_what_an_earlier_commit_wrote_is_said(file: Path) -> None:
    code, err = run(file, "a file", ROWS["good, commit, and a line that cannot be run"])
    assert code == 4
    assert "what stands up to line 3 was committed and stays" in err


def test_where_the_bad_line_of_a_loaded_file_stands(file: Path) -> None:
    code, err = run(file, "a file", ROWS["a bad line in a file to load"])
    assert code == 2
    assert "bad.crm:2:13: ERROR: " in err


@pytest.mark.parametrize("words", [("configure", "primitive", "y1", "Dummy"), ("configure primitive y1 Dummy",)])
def test_a_one_shot_is_committed(words: tuple[str, ...], file: Path) -> None:
    assert crm(file, *words)[0] == 0
    assert resources(file) == {"y1"}


@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        (("configure", "primitive", "y1"), 2),
        (("configure", "nosuch"), 2),
        (("configure", "group", "g1", "nosuch"), 4),
        (("configure", "delete", "nosuch"), 4),
        (("configure", "property", "stonith-enabled"), 2),
        (("configure", "xml", '<primitive id="y3" nosuch="1"/>'), 5),
        (("configure", "load", "update", "bad.crm"), 2),
        (("configure", "load", "update", "nosuch.crm"), 4),
        (("configure", "show", "nosuch"), 4),
    ],
)
def test_a_bad_one_shot_writes_nothing(words: tuple[str, ...], exit_code: int, file: Path) -> None:
    before = file.read_bytes()
    code, err = crm(file, *words)
    assert code == exit_code, err
    assert "ERROR: " in err
    assert file.read_bytes() == before


def test_changed_or_not(file: Path) -> None:
    words = ("--detailed-exitcode", "configure", "primitive", "y1", "Dummy")
    assert crm(file, *words)[0] == 10
    assert crm(file, "--detailed-exitcode", "configure", "show")[0] == 0
    assert crm(file, *words)[0] == 1, "it is there already"
