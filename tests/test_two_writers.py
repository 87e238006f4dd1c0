"""Two writers at once, through the real program: a session edits, another one commits, then the session commits.

The rows are those in which the existing shell loses what the other one wrote, or shows raw XML. The other writer is
started in the middle of the session, by a filter that leaves its text as it is.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree
from program import ROOT, as_process, in_process

from crmsh_py.cib.document import Cib

CONFLICT = 6
START = """
primitive x1 Dummy params fake=1
primitive x2 Dummy
primitive x3 Dummy
primitive aside Dummy
property stonith-enabled=false
"""


class Row(NamedTuple):
    """What the session does, what the other one does meanwhile, and what is to come of it.

    left: XPaths that are true of the file afterwards. said: what a refusal names.
    """

    ours: str
    other: str
    exit_code: int
    left: tuple[str, ...]
    said: tuple[str, ...] = ()


ROWS = {
    "a value, and another resource": Row(
        "set x1.fake 2", "primitive y1 Dummy", 0, ("//primitive[@id='y1']", "//nvpair[@name='fake'][@value='2']")
    ),
    "one value": Row("set x1.fake 2", "set x1.fake 99", CONFLICT, ("//nvpair[@value='99']",), ("fake=2", "fake=99")),
    "a resource deleted, and changed": Row(
        "delete x2",
        "load update x2.crm",
        CONFLICT,
        ("//primitive[@id='x2']//nvpair[@name='target-role']",),
        ("x2", "target-role"),
    ),
    "a resource grouped, and changed": Row(
        "group g x1 x2", "set x1.fake 99", CONFLICT, ("//nvpair[@value='99']", "not(//group)"), ("x1", "fake=99")
    ),
    "a resource changed, and deleted": Row(
        "set x1.fake 2", "delete x1", CONFLICT, ("not(//primitive[@id='x1'])",), ("x1",)
    ),
    "two resources of one id": Row(
        "primitive z ocf:pacemaker:Dummy",
        "primitive z Dummy",
        CONFLICT,
        ("//primitive[@id='z'][@provider='heartbeat']", "count(//primitive[@id='z'])=1"),
        ("primitive z",),
    ),
    "an order, and one of its resources deleted": Row(
        "order o x1 x3", "delete x3", CONFLICT, ("not(//rsc_order)", "not(//primitive[@id='x3'])"), ("x3",)
    ),
    "two properties": Row(
        "property no-quorum-policy=stop",
        "property cluster-recheck-interval=5min",
        0,
        ("//nvpair[@name='no-quorum-policy']", "//nvpair[@name='cluster-recheck-interval']"),
    ),
    "the same value": Row("set x1.fake 2", "set x1.fake 2", 0, ("//nvpair[@name='fake'][@value='2']",)),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A CIB file, and a program `other` beside it, which runs a line on the file and copies its input to its output."""
    made = tmp_path / "cib.xml"
    made.write_bytes(Cib.empty("pacemaker-3.9").to_bytes())
    (tmp_path / "start.crm").write_text(START, encoding="utf-8")
    (tmp_path / "x2.crm").write_text("primitive x2 Dummy meta target-role=Stopped\n", encoding="utf-8")
    assert in_process("-c", "cib.xml", "configure", "load", "replace", "start.crm", folder=tmp_path).code == 0
    other = tmp_path / "other"
    other.write_text(
        f'#!/bin/sh\nexport PYTHONPATH="{ROOT}"\n'
        f'"{sys.executable}" -m crmsh_py -c cib.xml -f other.crm configure >other.txt 2>&1 || exit\nexec cat\n',
        encoding="utf-8",
    )
    other.chmod(0o755)
    return made


def meet(file: Path, row: Row, *more: str) -> tuple[int, str]:
    """Run both; the exit code of the session and what it said."""
    (file.parent / "other.crm").write_text(row.other + "\n", encoding="utf-8")
    script = "\n".join((row.ours, "filter ./other aside", *more)) + "\n"
    ran = as_process("-c", file.name, "configure", folder=file.parent, stdin=script.encode())
    assert "ERROR" not in (file.parent / "other.txt").read_text(encoding="utf-8")
    return ran.code, ran.err


@pytest.mark.parametrize("name", ROWS)
def test_no_change_is_lost(name: str, file: Path) -> None:
    row = ROWS[name]
    code, err = meet(file, row)
    assert code == row.exit_code, err
    root = etree.parse(str(file))
    assert [path for path in row.left if not root.xpath(path)] == []
    assert [said for said in row.said if said not in err] == [], err
    assert ("ERROR: " in err) == bool(code)
    assert "<" not in err, "XML is not for people"


@pytest.mark.parametrize("name", ["one value", "two resources of one id"])
def test_what_the_session_says_overwrites_where_it_is_asked_to(name: str, file: Path) -> None:
    code, err = meet(file, ROWS[name], "commit overwrite")
    assert code == 0, err
    values = {
        "one value": "//nvpair[@name='fake'][@value='2']",
        "two resources of one id": "//*[@provider='pacemaker']",
    }
    assert etree.parse(str(file)).xpath(values[name])


def test_force_is_not_overwrite(file: Path) -> None:
    code, _ = meet(file, ROWS["one value"], "commit force")
    assert code == CONFLICT
    assert etree.parse(str(file)).xpath("//nvpair[@value='99']")
