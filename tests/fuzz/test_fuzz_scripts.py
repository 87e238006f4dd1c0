"""Scripts that no one should write, through the whole program: a code of ours, and a file that is whole.

They are made of good lines whose names fit one another often, in any order, some with a word left out, said twice,
swapped or broken. A script that fails leaves the bytes of the file as they were, or as its last `commit` left them; one
that does not fail leaves a configuration that Pacemaker's schema has nothing against.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from lxml import etree
from program import in_process

from crmsh_py.cib import schema
from crmsh_py.cib.document import Cib
from crmsh_py.problems import ERROR

CODES = (0, 1, 2, 4, 5, 6)
_NAME = re.compile("NEW|OLD")
NAMES = {
    "NEW": st.sampled_from([f"x{number}" for number in range(20)] + ["g1"]),
    "OLD": st.sampled_from(("p1", "p2", "p4", "p4", "p5", "p5", "g1", "x1", "l1")),
}
START = """
node 1: n1 attributes zone=e
node 2: n2
primitive p1 Dummy params fake=1 op monitor interval=10s timeout=20s
primitive p2 Dummy
primitive p3 ocf:pacemaker:Stateful
primitive p4 Dummy
primitive p5 Dummy
rsc_template base Dummy params $id=base-params fake=2
primitive f1 stonith:fence_watchdog
group g1 p1 meta priority=1
clone c1 p3 meta promotable=true interleave=true
location l1 g1 100: n1
location l2 c1 rule $role=Promoted 10: zone eq e and date gt 2020-01-01
order o1 Mandatory: g1 c1:promote
colocation k1 inf: g1 ( c1 f1 )
rsc_ticket t1 geo: g1
tag all g1 c1
role r1 read ref:g1 write xpath:"//nvpair[@name='target-role']"
acl_target sue r1
property stonith-enabled=false
rsc_defaults resource-stickiness=1
"""
LINES = (
    "primitive NEW Dummy params fake=1 state=/run/x op monitor interval=30s timeout=20s meta target-role=Started",
    "primitive NEW ocf:pacemaker:Stateful op monitor interval=10s role=Promoted op monitor interval=11s",
    "primitive NEW @base params $id-ref=base-params",
    "rsc_template NEW Dummy op monitor interval=15s",
    "group NEW OLD meta target-role=Stopped",
    "clone NEW OLD meta interleave=true",
    "ms NEW OLD",
    "bundle b1 docker image=x network control-port=3121 port-mapping port=80 primitive OLD",
    "location NEW OLD -inf: n1",
    "location NEW OLD rule 50: date spec hours=22-23 or not_defined ping",
    "location NEW { OLD OLD } 10: n2",
    "location NEW /p.*/ rule $id-ref=OLD",
    "colocation NEW inf: OLD OLD:Promoted",
    "colocation NEW 100: OLD ( OLD OLD )",
    "order NEW Optional: OLD:start OLD:stop symmetrical=false",
    "order NEW Mandatory: [ OLD OLD ] OLD",
    "rsc_ticket NEW geo: OLD OLD loss-policy=freeze",
    "tag NEW OLD OLD",
    "node 3: n3 attributes standby=on utilization ram=64",
    "node n1 attributes zone=w",
    "fencing_topology n1: f1 f1,f1 n2: f1",
    "property maintenance-mode=true no-quorum-policy=stop",
    "property rule date gt 2030-01-01 cluster-recheck-interval=5min",
    "rsc_defaults $id=more migration-threshold=3",
    "op_defaults rule op monitor interval=10s timeout=60s",
    "role NEW write meta:OLD:target-role deny type:nvpair attr:name",
    "acl_target joe r1 OLD",
    "alert a1 /bin/true select nodes attributes { zone } to { x meta timeout=5s }",
    "monitor OLD 40s:30s",
    "xml <primitive id='NEW' class='ocf' provider='heartbeat' type='Dummy'/>",
    "delete OLD",
    "delete OLD OLD OLD",
    "delete --force OLD",
    "rename OLD NEW",
    "modgroup g1 add OLD before OLD",
    "modgroup g1 remove OLD",
    "set p1.fake 2",
    "set OLD.monitor.interval 15s",
    "set n1.zone x",
    "filter 'sed s/1/2/' OLD",
    "filter 'sed d' OLD",
    "load update new.crm",
    "load push new.crm",
    "load xml update start.xml",
    "erase",
    "erase nodes",
    "default-timeouts OLD",
    "schema pacemaker-3.5",
    "undo",
    "refresh",
    "commit",
    "commit force",
    "show OLD",
    "show xml related:OLD",
    "show type:primitive and all changed",
    "save OLD -",
    "diff",
    "verify",
    "get_property stonith-enabled",
    "graph",
    "up",
    "cd assist",
    "assist template OLD OLD",
    "assist weak-bond OLD OLD",
    "help primitive",
    "ls",
    "# a comment -- of --> a kind",
    "",
    "\\",
)
BREAKS = (
    "",
    "'",
    '"',
    "\\",
    "(",
    "}",
    "$id=",
    "$id-ref=nosuch",
    "=",
    "x=",
    ":",
    "inf:",
    "#",
    "\u00e9",
    "-",
    "--",
    "{}",
)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line that could be good."""
    words = draw(st.sampled_from(LINES)).split(" ")
    return " ".join(_NAME.sub(lambda found: draw(NAMES[found[0]]), word) for word in words)


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A line with a word that is wrong, missing or too much."""
    words = draw(lines()).split(" ")
    at = draw(st.integers(0, len(words) - 1))
    words[at : at + draw(st.integers(0, 1))] = draw(st.sampled_from(([], words[at : at + 1] * 2, ["x"], None))) or [
        draw(st.sampled_from(BREAKS))
    ]
    return " ".join(words)


@st.composite
def scripts(draw: st.DrawFn) -> list[str]:
    """Some lines; every third script has one that is broken."""
    said = draw(st.lists(lines(), min_size=1, max_size=6))
    if draw(st.integers(0, 2)) == 2:
        said.insert(draw(st.integers(0, len(said))), draw(broken()))
    return said


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with a CIB file, start.xml, and a file to load."""
    with TemporaryDirectory() as name:
        made = Path(name)
        (made / "start.xml").write_bytes(Cib.empty("pacemaker-3.9").to_bytes())
        (made / "start.crm").write_text(START, encoding="utf-8")
        (made / "new.crm").write_text(
            "# new\nprimitive p9 Dummy\ngroup g9 p9\nlocation l9 g9 5: n2\n", encoding="utf-8"
        )
        assert in_process("-c", "start.xml", "configure", "load", "replace", "start.crm", folder=made).code == 0
        yield made


def complaints(file: Path) -> list[str]:
    """What Pacemaker's schema has against a file."""
    return [
        problem.text for problem in schema.problems(Cib.parse(file.read_bytes(), "file")) if problem.severity == ERROR
    ]


@pytest.mark.needs_pacemaker
@given(scripts(), st.sampled_from(((), ("-F",), ("-n",), ("--keep-going",), ("-F", "--keep-going"))))
@settings(max_examples=150)
def test_any_script(folder: Path, script: list[str], words: tuple[str, ...]) -> None:
    file, before = folder / "cib.xml", (folder / "start.xml").read_bytes()
    file.write_bytes(before)
    (folder / "script.crm").write_text("".join(f"{line}\n" for line in script), encoding="utf-8")
    ran = in_process("-c", file.name, *words, "-f", "script.crm", "configure", folder=folder)
    event(f"exit code {ran.code}")
    assert ran.code in CODES, ran.err
    assert bool(ran.code) == ("ERROR: " in ran.err), ran.err
    assert all(said == "" or said.isprintable() or "\t" in said for said in ran.err.split("\n")), ran.err
    may_write = not ran.code or "--keep-going" in words or any(line.startswith("commit") for line in script)
    assert may_write or file.read_bytes() == before
    assert complaints(file) == []
    assert sorted(path.name for path in folder.iterdir()) == [
        *("cib.xml", "new.crm", "script.crm", "start.crm", "start.xml"),
    ]


@pytest.mark.needs_pacemaker
@given(scripts())
@settings(max_examples=50)
def test_the_same_script_twice_is_the_same(folder: Path, script: list[str]) -> None:
    """What a script makes depends on the script and the file only."""
    made = []
    (folder / "script.crm").write_text("".join(f"{line}\n" for line in script), encoding="utf-8")
    for _ in range(2):
        (folder / "cib.xml").write_bytes((folder / "start.xml").read_bytes())
        ran = in_process("-c", "cib.xml", "-f", "script.crm", "configure", folder=folder)
        configuration = etree.parse(str(folder / "cib.xml")).find("configuration")
        made.append((ran, etree.tostring(configuration, method="c14n")))
    assert made[0] == made[1]
