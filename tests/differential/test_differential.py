"""The same script to the existing shell and to ours: the same CIB, but where docs/differences.md says why not."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from fixtures import Case, cases
from program import in_process
from shells import both, difference, read, same, starting_cib, version

CASES = cases()
VERSION = "crm 4.4"
PAGE = Path(__file__).parents[2] / "docs" / "differences.md"
_ROW = re.compile(r"^\| (\*\*)?([a-z][a-z0-9-]*)(?:\*\*)? \|", re.MULTILINE)


def rows() -> dict[str, bool]:
    """The rows of the table of differences, and whether a case is to show them."""
    return {name: bool(bold) for bold, name in _ROW.findall(PAGE.read_text(encoding="utf-8"))}


@cache
def start_of(text: str, folder: Path) -> bytes:
    folder.mkdir(exist_ok=True)
    return starting_cib(text, folder)


@pytest.fixture(scope="session")
def existing() -> None:
    """The existing shell is of the version that the cases were written for; another one differs in other things."""
    if not version().startswith(VERSION):
        pytest.skip(f"compared with {VERSION}, not with {version()}")


@pytest.mark.needs_crmsh
@pytest.mark.needs_pacemaker
@pytest.mark.usefixtures("existing")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_same_script(case: Case, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    start = start_of(case.start, tmp_path_factory.getbasetemp() / "starts")
    for name, text in case.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    theirs, ours = both(case.script, start, tmp_path, case.words, case.our_words)
    told = f"the existing shell, {theirs.exit_code}:\n{theirs.said}\nours, {ours.exit_code}:\n{ours.said}"
    found = difference(theirs.cib, ours.cib)
    codes_differ = bool(theirs.exit_code) != bool(ours.exit_code)
    assert (found != "" or codes_differ) == bool(case.differs), f"{found}\n{told}"
    refusals = [
        name for name, outcome in (("theirs", theirs), ("ours", ours)) if same(outcome.cib) == same(read(start))
    ]
    assert refusals == {"both": ["theirs", "ours"], "": []}.get(case.refused, [case.refused]), told
    if not case.refused:
        assert found == case.difference, told
    if case.refused == "both":
        assert ours.exit_code, told
        assert "ERROR: " in ours.said


@pytest.mark.parametrize("case", [case for case in CASES if case.refused == "both" and not case.files], ids=str)
def test_every_line_of_what_is_refused_is_bad(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "cib.xml"
    start = starting_cib(case.start, tmp_path)
    for line in case.script.splitlines():
        file.write_bytes(start)
        ran = in_process("-c", str(file), "configure", line, folder=tmp_path)
        assert ran.code, line
        assert file.read_bytes() == start


def test_names_are_given_once() -> None:
    names = [str(case) for case in CASES]
    assert sorted(set(names)) == sorted(names)


def test_every_difference_has_a_row_and_every_row_a_case() -> None:
    table = rows()
    named = {row for case in CASES for row in case.differs}
    assert named - set(table) == set(), "no such row in docs/differences.md"
    assert {row for row, is_tried in table.items() if is_tried} - named == set(), "no case shows it"


def test_there_are_many() -> None:
    assert len(CASES) >= 120
    assert len(rows()) >= 30
