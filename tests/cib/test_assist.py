"""A template out of primitives: what the scheduler makes of the configuration stays the same."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from round_trip import load, show

from crmsh_py.cib import schema
from crmsh_py.cib.assist import make_template, weak_bond
from crmsh_py.cib.document import Cib
from crmsh_py.errors import CrmError, NoSuchObject, UsageError

ROOT = Path(__file__).parents[2]
TEXT = """
node 1: n1
node 2: n2
primitive a ocf:pacemaker:Stateful params state="/a" envfile="/e" meta priority=1 target-role=Started \
 op monitor interval=10s role=Promoted timeout=11s op monitor interval=11s role=Unpromoted \
 op start timeout=9s interval=0s
primitive b ocf:pacemaker:Stateful params state="/b" envfile="/e" meta priority=1 \
 op monitor interval=10s role=Promoted timeout=11s op monitor interval=11s role=Unpromoted \
 op start timeout=8s interval=0s
primitive c ocf:pacemaker:Stateful params envfile="/e" state="/c" meta priority=1 \
 op monitor interval=11s role=Unpromoted op monitor interval=10s role=Promoted timeout=11s \
 op start timeout=9s interval=0s
primitive other Dummy
clone a-clone a meta promotable=true
group g b c
location l b 100: n1
property stonith-enabled=false
"""


@pytest.fixture
def cib() -> Cib:
    return load(TEXT)


def simulated(cib: Cib, folder: Path) -> str:
    """What the scheduler would do, with all that it says of scores and parameters."""
    file = folder / "cib.xml"
    file.write_bytes(cib.to_bytes())
    words = ["crm_simulate", "-x", str(file), "--simulate", "--show-scores", "-G", str(folder / "graph.xml")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    graph = (folder / "graph.xml").read_text(encoding="utf-8")
    return done.stdout + "\n".join(sorted(re.findall(r"<(?:rsc_op|attributes|primitive) .*", graph)))


def test_what_is_the_same_moves_to_the_template(cib: Cib) -> None:
    notes = make_template(cib, ["a", "b", "c"])
    assert [note.text for note in notes] == ["created rsc_template template-stateful-1, for a, b, c"]
    assert show(cib).splitlines()[2:23] == [
        "rsc_template template-stateful-1 ocf:pacemaker:Stateful \\",
        '\tparams envfile="/e" \\',
        "\tmeta priority=1 \\",
        "\top monitor interval=10s role=Promoted timeout=11s \\",
        "\top monitor interval=11s role=Unpromoted",
        "primitive a @template-stateful-1 \\",
        '\tparams state="/a" \\',
        "\tmeta target-role=Started \\",
        "\top start timeout=9s interval=0s",
        "primitive b @template-stateful-1 \\",
        '\tparams state="/b" \\',
        "\top start timeout=8s interval=0s",
        "primitive c @template-stateful-1 \\",
        '\tparams state="/c" \\',
        "\top start timeout=9s interval=0s",
        "primitive other Dummy",
        "group g b c",
        "clone a-clone a \\",
        "\tmeta promotable=true",
        "location l b 100: n1",
        "property cib-bootstrap-options: \\",
    ]


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("names", [("a", "b"), ("b", "c"), ("a", "b", "c")])
def test_the_scheduler_does_the_same(cib: Cib, names: tuple[str, ...], tmp_path: Path) -> None:
    for node in ("n1", "n2"):
        state = (
            f'<node_state id="{node[1]}" uname="{node}" in_ccm="true" crmd="online" join="member" expected="member"/>'
        )
        status = cib.root.find("status")
        assert status is not None
        status.append(Cib.parse(f"<cib>{state}</cib>".encode(), "state").root[0])
    before = simulated(cib, tmp_path)
    make_template(cib, names)
    assert simulated(cib, tmp_path) == before
    assert "envfile" in before
    assert schema.problems(Cib.parse(cib.to_bytes(), "cib")) == []


def test_ids_are_new_and_each_there_once(cib: Cib) -> None:
    make_template(cib, ["a", "b", "c"])
    ids = [el.get("id") for el in cib.configuration.iter("*") if el.get("id") and el.tag != "node"]
    assert len(ids) == len(set(ids))
    assert "template-stateful-1-monitor-10s" in ids


@pytest.mark.parametrize(
    "text",
    [
        "primitive a Dummy params $id=s state=1\nprimitive b Dummy params state=1\nprimitive x Dummy params $id-ref=s",
        "primitive a Dummy params rule 1: #uname eq n state=1\nprimitive b Dummy params rule 1: #uname eq n state=1",
        "primitive a Dummy params 5: state=1\nprimitive b Dummy params 5: state=1",
        "primitive a Dummy op monitor interval=10s\nprimitive b Dummy op monitor interval=10s op monitor interval=20s",
    ],
)
def test_what_is_more_than_names_and_values_stays(text: str) -> None:
    cib = load(text)
    make_template(cib, ["a", "b"])
    template = next(cib.configuration.iter("template"))
    assert len(template) == 0


@pytest.mark.parametrize(
    ("names", "error", "text"),
    [
        (["a", "nosuch"], NoSuchObject, "no primitive nosuch"),
        (["a", "g"], NoSuchObject, "no primitive g"),
        (["a", "other"], CrmError, "one agent"),
        (["a", "a"], UsageError, "a is named twice"),
    ],
)
def test_primitives_that_are_not_alike(cib: Cib, names: list[str], error: type[CrmError], text: str) -> None:
    before = cib.to_bytes()
    with pytest.raises(error, match=text):
        make_template(cib, names)
    assert cib.to_bytes() == before


def test_a_primitive_with_a_template_is_refused(cib: Cib) -> None:
    make_template(cib, ["a", "b"])
    with pytest.raises(CrmError, match="has the template template-stateful-1 already"):
        make_template(cib, ["c", "b"])


@pytest.mark.needs_pacemaker
def test_a_weak_bond(cib: Cib) -> None:
    notes = weak_bond(cib, ["g", "other"])
    assert [note.text for note in notes] == ["created primitive place-dummy-1", "created colocation place-constraint-1"]
    weak_bond(cib, ["a-clone", "other"])
    shown = show(cib)
    assert "colocation place-constraint-1 inf: ( g other ) place-dummy-1" in shown
    assert "colocation place-constraint-2 inf: ( a-clone other ) place-dummy-2" in shown
    assert "primitive place-dummy-2 Dummy" in shown
    assert schema.problems(Cib.parse(cib.to_bytes(), "cib")) == []
    for names in (["g", "nosuch"], ["g", "l"]):
        with pytest.raises(NoSuchObject):
            weak_bond(cib, names)
    with pytest.raises(UsageError):
        weak_bond(cib, ["g", "g"])
