"""What is made of names that are typed, with agents of our own in an OCF_ROOT."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmsh_py.cib import edit, listing
from crmsh_py.cib.document import Cib
from crmsh_py.cluster.agents.agent import _known
from crmsh_py.language.parser import parse
from crmsh_py.language.writer import text_of
from crmsh_py.problems import INFO

AGENTS = {
    "heartbeat/IPaddr2": ["ip", "cidr_netmask", "UPPER"],
    "heartbeat/Both": [],
    "heartbeat/Twins": ["a_b", "a-b"],
    "heartbeat/TWINS": [],
    "mine/Both": [],
    "mine/Only": ["x"],
    "mine/Many": [],
    "other/Many": [],
    "mine/Roles": [],
}
PROMOTABLE = {"mine/Roles"}


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The agents above, and two fence agents."""
    for name, parameters in AGENTS.items():
        described = "".join(f'<parameter name="{parameter}"/>' for parameter in parameters)
        actions = '<action name="promote"/><action name="demote"/>' if name in PROMOTABLE else ""
        xml = f"<resource-agent><parameters>{described}</parameters><actions>{actions}</actions></resource-agent>"
        put_program(tmp_path / "ocf" / "resource.d" / name, f"#!/bin/sh\necho '{xml}'\n")
    put_program(tmp_path / "sbin" / "fence_box", "#!/bin/sh\n")
    monkeypatch.setenv("OCF_ROOT", str(tmp_path / "ocf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("crmsh_py.cluster.agents.installed.FENCE_AGENTS", str(tmp_path / "sbin"))
    _known.cache_clear()


def put_program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)


def typed(*lines: str) -> tuple[str, list[str]]:
    """The last object that was typed as it is shown, and what was said."""
    cib = Cib.empty("pacemaker-3.9")
    notes = [note for line in lines for note in edit.add(cib, parse(line, "typed"))]
    assert all(note.severity == INFO and note.object_id for note in notes)
    return shown(cib)[-1], [note.text for note in notes]


def shown(cib: Cib) -> list[str]:
    return [text_of(fragments).replace(" \\\n\t", " ").strip() for fragments in listing.show(cib)]


@pytest.mark.parametrize(
    ("agent", "taken"),
    [
        ("IPaddr2", "IPaddr2"),
        ("ocf:heartbeat:IPaddr2", "IPaddr2"),
        ("Both", "Both"),
        ("Unknown", "Unknown"),
        ("ocf:mine:Both", "ocf:mine:Both"),
        ("ocf:mine:IPaddr2", "ocf:mine:IPaddr2"),
        ("twins", "twins"),
        ("Many", "Many"),
        ("fence_box", "stonith:fence_box"),
        ("fence_missing", "stonith:fence_missing"),
        ("stonith:fence_box", "stonith:fence_box"),
        ("systemd:ipaddr2", "systemd:ipaddr2"),
        ("lsb:both", "lsb:both"),
    ],
)
def test_names_that_are_taken_as_ever(agent: str, taken: str) -> None:
    assert typed(f"primitive p {agent}") == (f"primitive p {taken}", [])


@pytest.mark.parametrize(
    ("agent", "taken", "full"),
    [
        ("ipaddr2", "IPaddr2", "ocf:heartbeat:IPaddr2"),
        ("IPADDR2", "IPaddr2", "ocf:heartbeat:IPaddr2"),
        ("both", "Both", "ocf:heartbeat:Both"),
        ("Only", "ocf:mine:Only", "ocf:mine:Only"),
        ("only", "ocf:mine:Only", "ocf:mine:Only"),
        ("ocf:mine:ONLY", "ocf:mine:Only", "ocf:mine:Only"),
        ("ocf:Both", "Both", "ocf:heartbeat:Both"),
        ("ocf:Only", "ocf:mine:Only", "ocf:mine:Only"),
        ("Fence_Box", "stonith:fence_box", "stonith:fence_box"),
        ("stonith:FENCE_BOX", "stonith:fence_box", "stonith:fence_box"),
    ],
)
@pytest.mark.parametrize("kind", ["primitive", "rsc_template"])
def test_names_that_only_one_agent_can_mean(kind: str, agent: str, taken: str, full: str) -> None:
    assert typed(f"{kind} p {agent}") == (f"{kind} p {taken}", [f"p: {agent} is taken as {full}"])


def test_parameters_are_spelt_as_the_agent_does() -> None:
    text, said = typed("primitive p ipaddr2 IP=1 cidr-netmask=2 upper=3 other-one=4")
    assert text == "primitive p IPaddr2 params ip=1 cidr_netmask=2 UPPER=3 other-one=4"
    assert said[1:] == [
        "p: IP is taken as ip, as ocf:heartbeat:IPaddr2 spells it",
        "p: cidr-netmask is taken as cidr_netmask, as ocf:heartbeat:IPaddr2 spells it",
        "p: upper is taken as UPPER, as ocf:heartbeat:IPaddr2 spells it",
    ]


def test_parameters_of_a_template_are_spelt_too() -> None:
    text, said = typed("rsc_template t IPaddr2", "primitive p @t IP=1")
    assert text == "primitive p @t params ip=1"
    assert said == ["p: IP is taken as ip, as ocf:heartbeat:IPaddr2 spells it"]


def test_what_two_could_mean_stays() -> None:
    assert typed("primitive p Twins A_B=1 a-b=2") == ("primitive p Twins params A_B=1 a-b=2", [])


def test_clones_of_what_can_be_promoted() -> None:
    said = ["c: promotable=true, as ocf:mine:Roles can be promoted"]
    for lines in (["primitive p ocf:mine:Roles"], ["rsc_template t ocf:mine:Roles", "primitive p @t"]):
        assert typed(*lines, "clone c p") == ("clone c p meta promotable=true interleave=true", said)
    assert typed("primitive p ocf:mine:Roles", "clone c p meta promotable=false") == (
        "clone c p meta promotable=false interleave=true",
        [],
    )
    assert typed("rsc_template t Nope op monitor interval=1 role=Promoted", "primitive p @t", "clone c p") == (
        "clone c p meta promotable=true interleave=true",
        [],
    )
    assert typed("primitive p ocf:mine:Only", "clone c p") == ("clone c p meta interleave=true", [])


@pytest.mark.parametrize("exact", [False, True])
def test_what_is_loaded_is_taken_as_it_is(exact: bool) -> None:
    text = "primitive p ocf:heartbeat:ipaddr2 params IP=1\nprimitive q ocf:mine:Roles\nclone c q"
    cib = Cib.empty("pacemaker-3.9")
    assert edit.update(cib, parse(text, "file"), exact=exact) == []
    assert shown(cib) == ["primitive p ipaddr2 params IP=1", "primitive q ocf:mine:Roles", "clone c q"]
