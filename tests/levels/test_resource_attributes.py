"""`resource meta`, `param`, `utilization`, `trace`, `untrace`: what they leave in a CIB file, and what they refuse."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from answers import data_of
from program import ROOT, Ran, in_process
from schema_cibs import SCHEMAS, validator

from crmsh_py.cib import tracing
from crmsh_py.cib.document import Cib
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File
from crmsh_py.errors import CrmError, Refused

if TYPE_CHECKING:
    from lxml import etree


@pytest.fixture
def web(folder: Path) -> Path:
    """The web service, as a CIB file."""
    crm(folder, f"configure load replace {ROOT}/examples/web-service.crm")
    return folder


def crm(folder: Path, *lines: str, code: int = 0) -> Ran:
    """Run lines, each by itself, all of which end with the code; what the last one said."""
    for line in lines:
        ran = in_process("-c", "./web.xml", *line.split(), folder=folder)
        assert ran.code == code, ran
    return ran


def shown(folder: Path, *ids: str) -> str:
    return crm(folder, " ".join(("configure show", *ids))).out


def content(folder: Path) -> str:
    """The configuration, without the numbers that each commit raises."""
    return Cib.parse((folder / "web.xml").read_bytes(), "web").to_bytes().decode().partition("<configuration>")[2]


# ---- meta, param, utilization


def test_what_is_set_is_shown_and_goes_again(web: Path) -> None:
    before = content(web)
    for kind, name, rsc in (
        ("meta", "priority", "gateway"),
        ("param", "nic", "address"),
        ("utilization", "cpu", "server"),
    ):
        crm(web, f"resource {kind} {rsc} set {name} 5")
        assert crm(web, f"resource {kind} {rsc} show {name}").out == "5\n"
        crm(web, f"resource {kind} {rsc} delete {name}")
        crm(web, f"resource {kind} {rsc} show {name}", code=4)
        assert content(web) == before


def test_several_at_once(web: Path) -> None:
    crm(web, "resource meta web set priority=7 resource-stickiness=20 description=a=b")
    assert crm(web, "resource meta web show").out == "description=a=b\npriority=7\nresource-stickiness=20\n"
    crm(web, "resource meta web delete priority resource-stickiness description")
    assert crm(web, "resource meta web show").out == "resource-stickiness=100  # from rsc_defaults\n"
    assert "meta" not in shown(web, "web")


def test_it_is_the_resource_that_is_named(web: Path) -> None:
    crm(web, "resource meta disk set target-role Started", "resource meta address set target-role Stopped")
    assert "target-role" not in shown(web, "disk-clone") + shown(web, "web")
    assert shown(web, "disk").count("target-role=Started") == shown(web, "address").count("target-role=Stopped") == 1


def test_where_a_value_comes_from(web: Path) -> None:
    crm(web, "configure rsc_defaults rsc-options: failure-timeout=1min", "resource meta address set critical false")
    said = crm(web, "-o json resource meta address show")
    found = {one["name"]: (one["value"], one["kind"], one["id"], one["is_own"]) for one in data_of(said.out)}
    assert found == {
        "priority": ("10", "group", "web", False),
        "critical": ("false", "primitive", "address", True),
        "failure-timeout": ("1min", "rsc_defaults", "", False),
        "resource-stickiness": ("100", "rsc_defaults", "", False),
    }
    ran = crm(web, "resource meta address show priority")
    assert (ran.out, ran.err) == ("10\n", "note: priority of address comes from group web\n")
    assert "from rsc_defaults" in crm(web, "resource meta address show failure-timeout").err
    said = crm(web, "resource meta address delete priority")
    assert "it comes from group web" in said.err


def test_a_template_is_inherited(web: Path) -> None:
    crm(web, "configure rsc_template t ocf:pacemaker:Dummy params fake=1 meta priority=3", "configure primitive p @t")
    assert crm(web, "resource param p show fake").err == "note: fake of p comes from template t\n"
    crm(web, "resource param p set fake 2")
    assert crm(web, "resource param p show fake") == Ran(0, "2\n", "")
    assert crm(web, "resource param t show fake").out == "1\n"


def test_nothing_to_show_is_said(web: Path) -> None:
    crm(web, "configure primitive bare ocf:pacemaker:Dummy")
    for line, said in (
        ("resource param bare show", "no parameters"),
        ("resource utilization bare show", "no utilization attributes"),
        ("resource constraints bare", "no constraints"),
        ("resource operations bare", "no operations"),
        ("node utilization beta show", "no attributes"),
    ):
        assert crm(web, line).out == f"{said}\n"
        assert data_of(crm(web, f"-o json {line}").out) == []


def test_capacities_are_whole_numbers(web: Path) -> None:
    before = content(web)
    for words in ("cpu=5x", "cpu=", "cpu=1 memory=-", "cpu 2.5"):
        assert "whole number" in crm(web, f"resource utilization server set {words}", code=2).err
    assert content(web) == before
    crm(web, "resource utilization server set cpu=-5 memory=0")


def test_a_meta_attribute_that_pacemaker_cannot_read_is_told(web: Path) -> None:
    said = crm(web, "resource meta server set migration-threshold abc").err
    assert said.startswith("WARNING: server: Pacemaker cannot read migration-threshold=abc")
    assert crm(web, "resource meta server set migration-threshold 3").err == ""


def test_secrets_are_masked(web: Path) -> None:
    crm(web, "resource param fence-alpha set passwd hidden7")
    assert b"hidden7" in (web / "web.xml").read_bytes()
    for line in (
        "resource param fence-alpha show",
        "resource param fence-alpha show passwd",
        "-o json resource param fence-alpha show",
    ):
        ran = crm(web, line)
        assert "hidden7" not in ran.out + ran.err
        assert "******" in ran.out
    refused = in_process("-c", "./web.xml", "resource", "param", "fence-alpha", "set", "passwd", "******", folder=web)
    assert (refused.code, "mask" in refused.err) == (1, True)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("meta nix set a b", 4),
        ("param address show ipp", 4),
        ("utilization web set cpu 1", 2),
        ("meta web set =1", 2),
        ("meta web set a=1 b", 2),
        ("meta web set", 2),
        ("param address set nix 1", 5),
        ("trace web", 2),
        ("trace server monitor 7s", 4),
        ("trace server monitor 30s relative", 2),
        ("untrace web", 2),
    ],
)
def test_what_is_refused_changes_nothing(web: Path, line: str, code: int) -> None:
    before = (web / "web.xml").read_bytes()
    crm(web, f"resource {line}", code=code)
    assert (web / "web.xml").read_bytes() == before


def test_a_dry_run_changes_nothing(web: Path) -> None:
    before = (web / "web.xml").read_bytes()
    for line in ("meta web set priority 1", "param address delete ip", "trace server", "utilization server set cpu 1"):
        assert crm(web, f"-F resource {line} --dry-run").out
        assert (web / "web.xml").read_bytes() == before


@pytest.mark.parametrize("name", ["-f", "two words", "x'y\"z", "ümlaut", "$(id)", "--wait"])
def test_odd_values_stay_as_they_are(web: Path, name: str) -> None:
    ran = in_process("-c", "./web.xml", "resource", "param", "server", "set", "--", "options", name, folder=web)
    assert ran.code == 0, ran
    assert (
        in_process("-c", "./web.xml", "resource", "param", "server", "show", "options", folder=web).out == f"{name}\n"
    )


# ---- trace


def test_trace_as_the_existing_shell_has_it(web: Path) -> None:
    crm(web, "resource trace server", "resource trace address probe")
    said = shown(web, "server") + shown(web, "address")
    assert said.count("op_params trace_ra=1") == 4
    assert "op monitor interval=0s" in shown(web, "address")
    assert "/var/lib/heartbeat/trace_ra/apache" in crm(web, "resource trace server monitor").err


@pytest.mark.parametrize("what", ["", " monitor", " start", " probe", " monitor 30s", " stop"])
def test_untrace_undoes_trace(web: Path, what: str) -> None:
    before = content(web)
    crm(web, f"resource trace server{what}")
    assert content(web) != before
    crm(web, f"resource untrace server{what}")
    assert content(web) == before
    assert "is not traced" in crm(web, f"resource untrace server{what}").err


def test_what_cannot_be_traced_is_not_said_to_be(web: Path) -> None:
    before = content(web)
    said = crm(web, "resource trace server nix", code=5)
    assert ("has no operation nix" in said.err, "traced" in said.err) == (True, False)
    assert content(web) == before


def test_a_folder_for_the_traces(web: Path) -> None:
    before = content(web)
    crm(web, "resource trace server monitor 30s /tmp/traces")
    assert 'op_params trace_ra=1 trace_dir="/tmp/traces"' in shown(web, "server")
    crm(web, "resource untrace server")
    assert content(web) == before


def test_timeouts_of_a_template_stay(web: Path) -> None:
    crm(web, "configure rsc_template t ocf:pacemaker:Dummy op start timeout=77s", "configure primitive p @t")
    before = content(web)
    crm(web, "resource trace p start")
    assert "op start interval=0s timeout=77s" in shown(web, "p")
    crm(web, "resource untrace p")
    assert content(web) == before
    crm(web, "resource trace p", "resource untrace p")
    assert content(web) == before


def operations(cib: Cib) -> list[dict[str, str]]:
    return [dict(el.attrib) for el in cib.configuration.iter("op")]


def test_traces_of_real_cibs(corpus: list[Path], tmp_path: Path) -> None:
    """Untraced again, they are as before; nobody else's operations are touched on the way."""
    traced = 0
    for path in corpus[::3]:
        cib = Cib.parse(path.read_bytes(), path.name)
        primitives = [el for el in cib.objects() if el.tag == "primitive"]
        if not primitives or not (SCHEMAS / f"{cib.schema}.rng").exists():
            continue
        (tmp_path / "cib.xml").write_bytes(cib.to_bytes())
        traced += trace_one(
            Session(File(str(tmp_path / "cib.xml"))), random.Random(path.stem).randrange(len(primitives))
        )
    assert traced > 50


def trace_one(session: Session, number: int) -> bool:
    cib = session.draft
    one: etree._Element = [el for el in cib.objects() if el.tag == "primitive"][number]
    # one that is traced already, or whose operations say nothing, would not come back as it was
    if any(el.get("name") == "trace_ra" for el in one.iter("nvpair")) or one.get("template"):
        return False
    before, sound, other = cib.to_bytes(), validator(cib.schema).validate(cib.root), operations(cib)
    try:
        made = session.edit(lambda draft: tracing.trace(draft, one, None, None, "/tmp/x"))
    except Refused:
        return False
    assert made == tracing.traced(one)
    assert {"start", "stop"} <= {op.get("name") for op in made}
    assert validator(cib.schema).validate(Cib.parse(cib.to_bytes(), "traced").root) or not sound
    assert all(op in operations(cib) for op in other)
    session.edit(lambda draft: tracing.untrace(draft, one, None, None))
    assert tracing.traced(one) == []
    while session.undo():
        pass
    assert cib.to_bytes() == before
    return True


def test_what_is_shared_is_not_traced(folder: Path) -> None:
    crm(folder, "configure property stonith-enabled=false")
    crm(folder, "configure primitive a ocf:pacemaker:Dummy operations $id=ops op monitor interval=10s")
    crm(folder, "configure primitive b ocf:pacemaker:Dummy operations $id-ref=ops")
    for name in ("a", "b"):
        assert "those of other resources too" in crm(folder, f"resource trace {name}", code=5).err


def test_json_of_attributes_is_of_the_resource_asked_for(web: Path) -> None:
    answer: Any = json.loads(crm(web, "-o json resource param address show ip").out)
    assert answer["data"] == [
        {"name": "ip", "value": "192.0.2.80", "kind": "primitive", "id": "address", "is_own": True}
    ]
    with pytest.raises(CrmError):
        Cib.parse(b"<nix/>", "nix")
