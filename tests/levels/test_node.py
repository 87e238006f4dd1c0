"""`crm node` on CIB files: what it shows, what it leaves in the configuration, what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from program import ROOT, Ran, in_process
from test_json_answers import check

from crmsh_py.cib import attributes
from crmsh_py.cib.document import Cib
from crmsh_py.cib.known_nodes import KnownNodes
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File
from crmsh_py.cluster.state import state
from crmsh_py.levels.node.fencing import _this_one_last

NOTHING_THERE, REFUSED, USAGE = 4, 5, 2
# nodes that have no entry until something is said of them
OTHERS = """<primitive id="r1" class="ocf" provider="pacemaker" type="remote"><instance_attributes id="r1-i">
<nvpair id="r1-s" name="server" value="192.0.2.9"/></instance_attributes></primitive>
<primitive id="vm" class="ocf" provider="pacemaker" type="Dummy"><meta_attributes id="vm-m">
<nvpair id="vm-r" name="remote-node" value="g1"/><nvpair id="vm-a" name="remote-addr" value="192.0.2.8"/>
</meta_attributes></primitive>
<bundle id="box"><docker image="x" replicas="2"/><network control-port="9999"/>
<primitive id="inner" class="ocf" provider="pacemaker" type="Dummy"/></bundle>"""
GUESTS = ["g1", "box-0", "box-1"]
STATUS = """<node_state id="{id}" uname="{name}" in_ccm="true" crmd="online" join="member" expected="member">
<transient_attributes id="{id}"><instance_attributes id="status-{id}">{pairs}</instance_attributes>
</transient_attributes><lrm id="{id}"><lrm_resources>{ran}</lrm_resources></lrm></node_state>"""
RAN = """<lrm_resource id="{id}" type="Dummy" class="ocf" provider="pacemaker"><lrm_rsc_op id="{id}_last_0"
operation_key="{id}_start_0" operation="start" crm_feature_set="3.16.1" transition-key="1:1:0:x"
transition-magic="0:0;1:1:0:x" call-id="2" rc-code="0" op-status="0" interval="0"/></lrm_resource>"""


@pytest.fixture
def web(folder: Path) -> Path:
    """The web service, as a CIB file."""
    crm(folder, f"configure load replace {ROOT}/examples/web-service.crm")
    return folder


@pytest.fixture
def mixed(web: Path) -> Path:
    """With a remote node, a guest and a bundle."""
    change(web, ".//resources", OTHERS)
    return web


def crm(folder: Path, *lines: str, code: int = 0) -> Ran:
    """Run lines, each by itself, all of which end with the code; what the last one said."""
    for line in lines:
        ran = in_process("-c", "./web.xml", *line.split(), folder=folder)
        assert ran.code == code, ran
    return ran


def data(folder: Path, line: str) -> Any:
    (answer,) = check(crm(folder, f"-o json {line}").out)
    return answer["data"]


def content(folder: Path) -> str:
    """The configuration, without the numbers that each commit raises."""
    return Cib.parse((folder / "web.xml").read_bytes(), "web").to_bytes().decode().partition("<configuration>")[2]


def change(folder: Path, path: str, xml: str) -> None:
    """Put elements into one of the CIB."""
    root = etree.fromstring((folder / "web.xml").read_bytes())
    parent = root.find(path)
    assert parent is not None
    parent.extend(etree.fromstring(f"<x>{xml}</x>"))
    (folder / "web.xml").write_bytes(etree.tostring(root))


def running(folder: Path, **pairs: str) -> Path:
    """A cluster of two nodes that runs d1 on alpha; pairs: transient attributes of alpha."""
    crm(folder, f"configure load replace {ROOT}/examples/web-service.crm", "-F configure erase")
    crm(folder, "configure property stonith-enabled=false", "configure primitive d1 ocf:pacemaker:Dummy")
    change(folder, ".//nodes", "" if "alpha" in content(folder) else '<node id="1" uname="alpha"/>')
    inside = "".join(f'<nvpair id="p-{name}" name="{name}" value="{value}"/>' for name, value in pairs.items())
    states = STATUS.format(id=1, name="alpha", pairs=inside, ran=RAN.format(id="d1"))
    change(folder, ".//status", states + STATUS.format(id=2, name="beta", pairs="", ran=""))
    root = etree.fromstring((folder / "web.xml").read_bytes())
    for name, value in {"have-quorum": "1", "dc-uuid": "1", "crm_feature_set": "3.16.1"}.items():
        root.set(name, value)
    (folder / "web.xml").write_bytes(etree.tostring(root))
    return folder


# ---------------------------------------------------------------------------------------- standby, maintenance


@pytest.mark.parametrize(
    ("on", "off"), [("standby", "online"), ("maintenance", "ready"), ("standby", "standby {} off")]
)
@pytest.mark.parametrize("names", ["alpha", "alpha beta", "--all"])
def test_there_and_back(on: str, off: str, names: str, web: Path) -> None:
    before = content(web)
    crm(web, f"node {on} {names}")
    mode = "standby" if on == "standby" else "maintenance"
    wanted = {"alpha", "beta"} if names == "--all" else set(names.split())
    assert {one["name"] for one in data(web, "node show") if one["attributes"].get(mode) == "on"} == wanted
    crm(web, f"node {off.format(names)}" if "{}" in off else f"node {off} {names}")
    assert content(web) == before


@pytest.mark.parametrize("line", ["standby alpha", "online alpha", "maintenance beta on", "ready --all"])
def test_twice_is_once(line: str, web: Path) -> None:
    crm(web, f"node {line}")
    before = (web / "web.xml").read_bytes()
    again = crm(web, f"node {line}")
    assert (web / "web.xml").read_bytes() == before
    assert "note:" in again.err


def test_other_words_for_true_count(web: Path) -> None:
    crm(web, "node attribute alpha set standby true")
    assert "already" in crm(web, "node standby alpha").err
    crm(web, "node online alpha")
    assert "standby" not in content(web)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("standby alhpa", NOTHING_THERE, "did you mean alpha?"),
        ("standby alpha gamma", NOTHING_THERE, "there is no node gamma"),
        ("ready gamma --dry-run", NOTHING_THERE, "there is no node gamma"),
        ("online --all alpha", USAGE, "takes no names"),
        ("standby", USAGE, "this host is none of them"),
        ("standby alpha reboot", REFUSED, "kept by the running cluster"),
        ("standby alpha off reboot", USAGE, "no lifetime"),
        ("attribute gamma set a 1", NOTHING_THERE, "there is no node gamma"),
        ("attribute gamma show", NOTHING_THERE, "there is no node gamma"),
        ("attribute alpha show siez", NOTHING_THERE, "did you mean size?"),
        *(
            (f"utilization alpha set {word}", USAGE, "a whole number")
            for word in ("cpu=x", "cpu=-", "cpu=--5", "cpu 5x")
        ),
        ("server gamma", NOTHING_THERE, "there is no node gamma"),
        ("delete gamma", NOTHING_THERE, "there is no node gamma"),
        ("fence alpha", REFUSED, "acts on the running cluster"),
        ("clearstate alpha", REFUSED, "acts on the running cluster"),
        ("status-attr alpha set a 1", REFUSED, "acts on the running cluster"),
        ("fen alpha", USAGE, "fence"),
    ],
)
def test_what_is_refused_writes_nothing(line: str, code: int, said: str, web: Path) -> None:
    before = (web / "web.xml").read_bytes()
    ran = crm(web, f"node {line}", code=code)
    assert said in ran.err
    assert ran.out == ""
    assert (web / "web.xml").read_bytes() == before


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("name", ["r1", *GUESTS])
def test_the_entry_of_a_node_is_as_crm_attribute_makes_it(name: str, mixed: Path) -> None:
    theirs = mixed / "theirs.xml"
    theirs.write_bytes((mixed / "web.xml").read_bytes())
    argv = ["crm_attribute", f"--node={name}", "--name=standby", "--update=on"]
    done = subprocess.run(argv, env={"CIB_file": str(theirs), "PATH": "/usr/sbin:/usr/bin:/bin"}, capture_output=True)
    crm(mixed, f"node standby {name}")
    made = etree.fromstring((mixed / "web.xml").read_bytes()).find(f".//node[@uname='{name}']")
    if done.returncode == 0:
        there = etree.fromstring(theirs.read_bytes()).find(f".//node[@uname='{name}']")
        assert _bare(made) == _bare(there)
    assert dict(made.attrib) == {"type": "remote", "id": name, "uname": name}
    crm(mixed, f"node online {name}")
    assert "standby" not in content(mixed)


def _bare(el: etree._Element) -> list[tuple[str, dict[str, str]]]:
    return [(one.tag, dict(one.attrib)) for one in el.iter()]


def test_all_are_remote_nodes_too_and_guests_of_which_something_is_said(mixed: Path) -> None:
    crm(mixed, "node attribute g1 set a 1", "node standby --all")
    assert set(KnownNodes(_cib(mixed)).entries) == {"alpha", "beta", "r1", "g1"}
    crm(mixed, "node online --all")
    assert "standby" not in content(mixed)


def _cib(folder: Path) -> Cib:
    return Cib.parse((folder / "web.xml").read_bytes(), "web")


@pytest.mark.needs_pacemaker
def test_a_dry_run_says_what_would_move_and_writes_nothing(folder: Path) -> None:
    running(folder)
    before = (folder / "web.xml").read_bytes()
    assert crm(folder, "node standby alpha --dry-run").out == "d1: move alpha -> beta\n"
    assert crm(folder, "node standby alpha reboot --dry-run").out == "d1: move alpha -> beta\n"
    assert crm(folder, "node standby --all --dry-run").out.startswith("d1: stop alpha")
    assert "move" not in crm(folder, "node standby beta --dry-run").out
    (action,) = data(folder, "node standby alpha --dry-run")
    assert (action["task"], action["resource"], action["destination"]) == ("move", "d1", "beta")
    assert (folder / "web.xml").read_bytes() == before


@pytest.mark.needs_pacemaker
def test_it_is_said_what_starts_and_stops_now(folder: Path) -> None:
    running(folder)
    crm(folder, "node standby alpha", "node maintenance alpha", "resource stop d1")
    assert "d1 stops: target-role=Stopped is set on it" in crm(folder, "node ready alpha").err
    crm(folder, "maintenance on")
    assert "d1 stops: target-role=Stopped is set on it" in crm(folder, "maintenance off").err
    crm(folder, "resource start d1", "configure location here d1 inf: alpha", "configure location there d1 -inf: beta")
    assert "d1" not in crm(folder, "node maintenance alpha").err


@pytest.mark.needs_pacemaker
def test_the_old_name_of_show(folder: Path) -> None:
    running(folder)
    assert crm(folder, "node status alpha").out == crm(folder, "node show alpha").out != ""


@pytest.mark.needs_pacemaker
def test_a_dry_run_on_real_cibs(corpus: list[Path], tmp_path: Path) -> None:
    """Whichever node: no crash, and the file stays as it is."""
    tried = 0
    for path in corpus[::80]:
        here = tmp_path / "web.xml"
        here.write_bytes(path.read_bytes())
        names = KnownNodes(_cib(tmp_path)).names
        for name in names[:1] + names[-1:]:
            ran = in_process("-c", "./web.xml", "node", "standby", "--dry-run", "--", name, folder=tmp_path)
            tried += ran.code == 0
            assert ran.code in (0, 1, REFUSED), ran
        assert here.read_bytes() == path.read_bytes()
    assert tried > len(corpus) / 160


# ---- maintenance of resources on the nodes


@pytest.mark.needs_pacemaker
def test_ready_names_resources_that_stay_in_maintenance(folder: Path) -> None:
    running(folder)
    crm(folder, "maintenance on d1", "node maintenance alpha")
    ran = crm(folder, "node ready alpha")
    assert "d1 keeps maintenance=true of its own" in ran.err
    assert "maintenance off d1" in ran.err
    assert "keeps" not in crm(folder, "node ready beta").err
    crm(folder, "-F node ready alpha")
    assert "maintenance" not in content(folder)


# ---------------------------------------------------------------------------------------- attributes

LETTERS = "abcXYZ019 -_.:,;/\\'\"<>&|$%#@!*()[]{}?äß漢я"
NAMES = st.text(st.sampled_from(LETTERS), min_size=1)
VALUES = st.text(st.sampled_from(LETTERS + "="))


@given(NAMES, VALUES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_set_is_shown_and_goes_again(web: Path, name: str, value: str) -> None:
    before = content(web)
    for kind in ("alpha", "beta"):
        words = ("-c", "./web.xml", "-o", "json", "node", "attribute", kind)
        done = in_process(*words, "set", "--", name, value, folder=web)
        assert done.code == 0, done
        (shown,) = json.loads(in_process(*words, "show", "--", name, folder=web).out)["data"]
        masked = "passw" in name.lower()
        assert (shown["name"], shown["value"]) == (name, "******" if masked else value)
        assert in_process(*words, "delete", "--", name, folder=web).code == 0
    assert content(web) == before


def test_several_at_once(web: Path) -> None:
    crm(web, "node attribute alpha set rack=7 row=b", "node utilization alpha set cpu 8")
    (alpha,) = data(web, "node show alpha")
    assert (alpha["attributes"], alpha["utilization"]) == ({"size": "big", "rack": "7", "row": "b"}, {"cpu": "8"})
    assert crm(web, "node attribute alpha show rack").out == "scope=nodes  name=rack value=7\n"
    ran = crm(web, "node attribute alpha delete rack row nix")
    assert "alpha has no attribute nix" in ran.err
    assert data(web, "node attribute alpha show") == [
        {"node": "alpha", "scope": "nodes", "name": "size", "value": "big"}
    ]


def test_of_two_sets_with_one_score_the_last_counts(web: Path) -> None:
    """As in crm_mon --show-node-attributes, wherever it is asked."""
    for number, (score, rack) in enumerate([("5", "a"), ("+INFINITY", "b"), ("INFINITY", "c"), ("-7", "d")]):
        pair = f'<nvpair id="p{number}" name="rack" value="{rack}"/>'
        change(
            web,
            ".//node[@uname='alpha']",
            f'<instance_attributes id="s{number}" score="{score}">{pair}</instance_attributes>',
        )
    (alpha,) = data(web, "node show alpha")
    assert alpha["attributes"]["rack"] == "c"
    assert crm(web, "node attribute alpha show rack").out == "scope=nodes  name=rack value=c\n"


def test_what_a_rule_decides_is_left_alone(web: Path) -> None:
    rule = """<instance_attributes id="by-night"><rule id="by-night-r" score="0"><date_expression id="e" operation="gt"
    start="2001-01-01"/></rule><nvpair id="by-night-s" name="standby" value="on"/></instance_attributes>"""
    change(web, ".//node[@uname='alpha']", rule)
    before = content(web)
    assert "alpha is not in standby" in crm(web, "node online alpha").err
    assert content(web) == before
    crm(web, "node standby alpha", "node online alpha")
    assert content(web) == before


# ---------------------------------------------------------------------------------------- show, server


@pytest.mark.needs_pacemaker
def test_show_on_real_cibs(corpus: list[Path], tmp_path: Path) -> None:
    """Each node is there once, and the data fits its schema."""
    shown = 0
    for path in corpus[::30]:
        ran = in_process("-c", str(path), "-o", "json", "node", "show", folder=tmp_path)
        if ran.code:
            assert (ran.code, "cannot read the CIB" in ran.err) == (1, True), ran
            continue
        (answer,) = check(ran.out)
        text = in_process("-c", str(path), "node", "show", folder=tmp_path).out
        names = [one["name"] for one in answer["data"]]
        heads = [line for line in text.splitlines() if not line.startswith("\t")]
        assert [head.partition("(")[0] for head in heads] == names
        members = set(etree.parse(path).xpath("//nodes/node[not(@type='remote')]/@uname"))
        assert members <= set(names), path.name
        shown += len(names)
    assert shown > len(corpus) / 30


@pytest.mark.needs_pacemaker
def test_permanent_and_transient_attributes_are_told_apart(folder: Path) -> None:
    running(folder, pingd="100", **{"fail-count-x": "3"})
    crm(folder, "node attribute alpha set password=open", "node utilization alpha set cpu=2")
    (alpha,) = data(folder, "node show alpha")
    assert alpha["attributes"]["password"] == "******"
    assert alpha["transient_attributes"] == {"pingd": "100", "fail-count-x": "3"}
    assert (alpha["utilization"], alpha["resources_running"]) == ({"cpu": "2"}, 1)
    text = crm(folder, "node show alpha").out
    assert "until it leaves: pingd=100\n" in text
    assert "fail-count" not in text
    assert "open" not in text


@pytest.mark.needs_pacemaker
def test_show_of_one_names_no_other(web: Path) -> None:
    assert crm(web, "node show beta").out.splitlines()[0] == "beta(2): member, UNCLEAN (offline)"
    assert "did you mean beta?" in crm(web, "node show bta", code=NOTHING_THERE).err


@pytest.mark.needs_pacemaker
def test_show_needs_no_lxml(web: Path) -> None:
    program = (
        "import os, sys\nos._exit = sys.exit\nfrom crmsh_py.main import main\n"
        "try: main(['-c', './web.xml', 'node', 'show'])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "finally: sys.stderr.write('\\n'.join(sys.modules))"
    )
    argv = [sys.executable, "-c", program]
    done = subprocess.run(
        argv, cwd=web, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/sbin:/usr/bin:/bin"}
    )
    loaded = set(done.stderr.split())
    assert "crmsh_py.cluster.state" in loaded
    assert loaded.isdisjoint({"lxml", "crmsh_py.cib.session", "lark", "json", "logging"})


def test_where_nodes_are_reached(mixed: Path) -> None:
    assert crm(mixed, "node server r1 g1 alpha").out == "192.0.2.9\n192.0.2.8\nalpha\n"
    assert [one["node"] for one in data(mixed, "node server")] == ["alpha", "beta", "r1", *GUESTS]


# ---------------------------------------------------------------------------------------- delete


def test_a_deleted_node_goes_with_what_names_it(web: Path) -> None:
    ran = crm(web, "node delete beta")
    assert "beta" not in " ".join(
        etree.fromstring((web / "web.xml").read_bytes()).xpath("//nodes//@uname|//@node|//@target")
    )
    assert "location fence-beta-elsewhere is deleted with node beta" in ran.err
    assert "fencing_topology no longer has level 1 of node beta" in ran.err
    assert crm(web, "configure verify").code == 0


def test_a_deleted_node_goes_with_bans_and_moves_that_end(web: Path) -> None:
    crm(web, "resource ban web beta 2h", "resource move disk-clone beta 2h")
    before = content(web).count("cli-")
    ran = crm(web, "node delete beta")
    assert "location cli-ban-web-on-beta is deleted with node beta" in ran.err
    assert "location cli-prefer-disk-clone is deleted with node beta" in ran.err
    assert before
    assert "cli-" not in content(web)


def test_a_resource_of_the_same_name_stays(web: Path) -> None:
    crm(web, "configure primitive beta ocf:pacemaker:Dummy", "node delete beta")
    assert "primitive beta" in crm(web, "configure show beta").out
    assert KnownNodes(_cib(web)).names == ["alpha"]


@pytest.mark.parametrize(("name", "resource"), [("r1", "r1"), ("g1", "vm"), ("box-0", "box")])
def test_a_node_that_a_resource_makes_is_not_deleted(name: str, resource: str, mixed: Path) -> None:
    assert f"`configure delete {resource}` first" in crm(mixed, f"node delete {name}", code=REFUSED).err


def test_the_entry_of_a_remote_node_without_resource_is_deleted(mixed: Path) -> None:
    before = content(mixed)
    crm(mixed, "node attribute r1 set a 1", "configure delete r1", "node delete r1")
    assert "r1" not in content(mixed)
    assert "r1" in before


def test_the_name_of_a_destructive_command_is_written_in_full(web: Path) -> None:
    for word in ("del", "delet", "clears"):
        crm(web, f"node {word} beta", code=USAGE)
    assert "beta" in content(web)


# ---------------------------------------------------------------------------------------- the parts


def test_values_are_those_that_the_configuration_says(web: Path) -> None:
    """What crm_mon's side reads and what the edit's side reads is one."""
    session = Session(File(str(web / "web.xml")))
    shown = {one["name"]: one["attributes"] for one in data(web, "node show")}
    known = KnownNodes(session.draft)
    assert shown == {name: attributes.values(known.entries[name], "instance_attributes") for name in known.entries}
    assert set(shown) == {"alpha", "beta"}


def test_of_several_nodes_this_one_is_fenced_last(web: Path) -> None:
    nodes = state({"CIB_file": str(web / "web.xml")}).nodes
    assert [node.name for node in _this_one_last(nodes, "alpha")] == ["beta", "alpha"]
    assert [node.name for node in _this_one_last(nodes, "beta")] == ["alpha", "beta"]
    assert _this_one_last(nodes, "") == list(nodes)
