"""Scripts are transactions, through the real program: what people know from the existing shell, and what becomes of it.

The first rows are those of batch mode there: it commits what was good, goes on after errors, and often says 0.
"""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copy
from typing import NamedTuple

import pytest
from lxml import etree
from program import ROOT, Ran, as_process, in_process

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
    # beyond the table of the existing shell
    "what is said twice": Row((GOOD, GOOD), set(), 1, ((2, 1),), {"y1"}),
    "what is not there": Row((GOOD, "delete nosuch", MORE), set(), 4, ((2, 8),), {"y1", "y2"}),
    "good, commit, and a line that cannot be read": Row((GOOD, "commit", BAD), set(), 2, ((3, 13),), {"y1"}),
    "good, commit, and a line that cannot be run": Row(
        (GOOD, "commit", MORE, "delete nosuch"), {"y1"}, 4, ((4, 8),), {"y1", "y2"}
    ),
    "every error at once": Row((GOOD, BAD, MORE, "nosuch", "group"), set(), 2, ((2, 13), (4, 1), (5, 6)), {"y1", "y2"}),
    "what the schema refuses": Row(
        (GOOD, 'xml \'<primitive id="y3" nosuch="1" type="x"/>\''), set(), 5, old_habit=set()
    ),
    "nothing": Row((), set()),
    "nothing but quit": Row(("quit",), set()),
    "a destructive command cut short": Row((GOOD, "er"), set(), 2, ((2, 1),), {"y1"}),
    "an edit taken back": Row((GOOD, "undo", MORE), {"y2"}),
    "a draft dropped": Row((GOOD, "refresh", MORE), {"y2"}),
}
OF_THE_TABLE = list(ROWS)[: list(ROWS).index("what is said twice")]
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


def script(file: Path, row: Row, depth: int) -> str:
    text = "".join(f"{line}\n" for line in (*["configure"] * depth, *row.lines))
    (file.parent / "script.crm").write_text(text, encoding="utf-8")
    return text


def crm(file: Path, *words: str) -> Ran:
    return in_process("-c", str(file), *words, folder=file.parent)


def resources(file: Path) -> set[str]:
    root = etree.parse(str(file)).getroot()
    return {str(el.get("id")) for el in root.iterfind("configuration/resources/*")}


def check(file: Path, row: Row, written: set[str], ran: Ran) -> None:
    assert (ran.code, resources(file)) == (row.exit_code, written), ran.err
    assert bool(row.exit_code) == ("ERROR: " in ran.err), ran.err


@pytest.mark.parametrize(
    ("name", "way"),
    [(name, way) for name in ROWS for way in WAYS if name in OF_THE_TABLE or way in ("a file", "a pipe for a level")],
)
def test_a_script_is_a_transaction(name: str, way: str, file: Path) -> None:
    row, before = ROWS[name], file.read_bytes()
    words, is_piped, depth = WAYS[way]
    text = script(file, row, depth)
    stdin = text.encode() if is_piped else b""
    ran = as_process("-c", str(file), *row.words, *words, folder=file.parent, stdin=stdin)
    check(file, row, row.written, ran)
    if not row.written:
        assert file.read_bytes() == before
    source = "stdin" if is_piped else "script.crm"
    own = [(int(line), int(column)) for name, line, column in _ERROR.findall(ran.err) if name == source]
    assert own == [(line + depth, column) for line, column in row.errors] or not row.errors, ran.err


@pytest.mark.parametrize("name", ROWS)
def test_the_old_habit_is_to_be_had(name: str, file: Path) -> None:
    row = ROWS[name]
    script(file, row, 1)
    ran = crm(file, "--keep-going", *row.words, "-f", "script.crm")
    check(file, row, row.written if row.old_habit is None else row.old_habit, ran)


@pytest.mark.parametrize("name", ROWS)
def test_one_line_by_one_each_is_committed(name: str, file: Path) -> None:
    """As one-shots, each line is a script of its own: what is good is written, and the exit code is that line's."""
    row = ROWS[name]
    first_bad = 0
    for line in row.lines:
        ran = crm(file, *row.words, "configure", line)
        first_bad = first_bad or ran.code
        assert bool(ran.code) == ("ERROR: " in ran.err), ran.err
    written = row.written if row.old_habit is None else row.old_habit
    if name in ("an edit taken back", "a draft dropped"):  # there is nothing left to take back
        written = {"y1", "y2"}
    if name == "what the schema refuses":
        written = {"y1"}
    assert (first_bad, resources(file)) == (row.exit_code, written)


def test_what_an_earlier_commit_wrote_is_said(file: Path) -> None:
    script(file, ROWS["good, commit, and a line that cannot be run"], 1)
    ran = crm(file, "-f", "script.crm")
    assert ran.code == 4
    assert "what stands up to line 3 was committed and stays" in ran.err


def test_where_the_bad_line_of_a_loaded_file_stands(file: Path) -> None:
    ran = crm(file, "configure", "load", "update", "bad.crm")
    assert ran.code == 2
    assert "bad.crm:2:13: ERROR: " in ran.err


@pytest.mark.parametrize("words", [("configure", "primitive", "y1", "Dummy"), ("configure primitive y1 Dummy",)])
def test_a_one_shot_is_committed(words: tuple[str, ...], file: Path) -> None:
    assert crm(file, *words).code == 0
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
    ran = as_process("-c", str(file), *words, folder=file.parent)
    assert ran.code == exit_code, ran.err
    assert "ERROR: " in ran.err
    assert file.read_bytes() == before


def test_changed_or_not(file: Path) -> None:
    words = ("--detailed-exitcode", "configure", "primitive", "y1", "Dummy")
    assert crm(file, *words).code == 10
    assert crm(file, "--detailed-exitcode", "configure", "show").code == 0
    assert crm(file, *words).code == 1, "it is there already"
