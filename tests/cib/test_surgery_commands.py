"""The commands that change the structure, as they are run; and Pacemaker's own word that meanings are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = """\
node 1: alpha
rsc_template base Dummy params fake=t only=t meta priority=7 op monitor interval=10s timeout=33s op start timeout=77s
primitive plain @base
primitive own @base params fake=own op monitor interval=20s timeout=44s
primitive two @base params fake=1 params fake=2 x=2
primitive scored @base params 2: fake=s meta priority=1
primitive ruled @base params rule #uname eq alpha fake=r
property stonith-enabled=false
"""


@pytest.fixture
def cib(tmp_path: Path) -> Path:
    path = tmp_path / "cib.xml"
    path.write_bytes((ROOT / "examples" / "empty.xml").read_bytes())
    return path


def crm(cib: Path, *words: str, stdin: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "crmsh_py", "-c", str(cib), *words],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("delete", 2, "usage: delete"),
        ("del a", 2, "`delete` must be written in full"),
        ("er", 2, "`erase` must be written in full"),
        ("delete a nosuch", 4, "there is no object nosuch"),
        ("delete --force a nosuch", 0, "nosuch does not exist"),
        ("rm a", 0, "order o is deleted with a"),
        ("rename a b", 1, "the id b is taken"),
        ("rename a web", 0, "order o now refers to web instead of a"),
        ("modgroup g remove c", 0, "group g is deleted: c was its last member"),
        ("modgroup g add a after c", 0, "order o now applies to g instead of a"),
        ("modgroup g add a beside c", 2, "usage: modgroup"),
        ("modgroup g add c", 1, "c is in group g already"),
        ("clone k u", 5, "ERROR: l: the template t stands for u in k, and a constraint can only be on k\n"),
        ("clone k v", 0, "tag s now names k instead of v"),
        ("monitor v abc", 0, "WARNING: v: the interval of monitor is abc, which is no duration\n"),
    ],
)
def test_a_line_its_exit_code_and_what_it_says(cib: Path, words: str, code: int, told: str) -> None:
    lines = [
        *(f"primitive {id_} Dummy" for id_ in "abcv"),
        "group g c",
        "order o a b",
        "property stonith-enabled=false",
    ]
    lines += ["rsc_template t Dummy", "primitive u @t", "location l t 10: n", "tag s v a", "location m s 10: n"]
    assert crm(cib, "-F", "configure", stdin="\n".join(lines))[0] == 0
    before = cib.read_bytes()
    found, out, err = crm(cib, "configure", *words.split())
    assert (found, out) == (code, ""), err
    assert told in err
    assert (cib.read_bytes() == before) == (code != 0)


@pytest.mark.needs_pacemaker
def test_without_their_template_resources_are_to_pacemaker_what_they_were(cib: Path) -> None:
    assert crm(cib, "-F", "configure", "load", "update", "-", stdin=TEMPLATES)[0] == 0
    before = known_to_pacemaker(cib)
    assert len(set(before.values())) > 5
    code, _, err = crm(cib, "-F", "configure", "delete", "base")
    assert code == 0, err
    assert "<template" not in cib.read_text()
    assert known_to_pacemaker(cib) == before


def known_to_pacemaker(cib: Path) -> dict[tuple[str, ...], str]:
    """Parameters and meta attributes as crm_resource reads them."""
    asked = [
        (resource, *option)
        for resource in ("plain", "own", "two", "scored", "ruled")
        for option in (("-g", "fake"), ("-g", "only"), ("-g", "x"), ("-m", "-g", "priority"))
    ]
    environment = {**os.environ, "CIB_file": str(cib)}
    return {
        words: subprocess.run(
            ["crm_resource", "-r", *words], env=environment, capture_output=True, text=True, check=False, timeout=60
        ).stdout
        for words in asked
    }
