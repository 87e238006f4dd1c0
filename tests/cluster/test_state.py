"""The state of the cluster: crm_mon on real CIBs, on a running cluster, and what it answers where there is no state."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from bed.node import CHECKOUT
from hypothesis import given
from hypothesis import strategies as st

from crmsh_py.cluster.state import Bundle, Clone, Primitive, State, primitives, state
from crmsh_py.cluster.state.reading import read
from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, TimedOut, Unreachable

if TYPE_CHECKING:
    from bed import Node

EMPTY = Path(__file__).parents[2] / "examples" / "empty.xml"
LIVE: dict[str, str | None] = {"CIB_file": None, "CIB_shadow": None}


def of_file(path: Path) -> State:
    return state({"CIB_file": str(path), "CIB_shadow": None})


def said_by_crm_mon(path: Path) -> str:
    """What crm_mon tells people, resources that are stopped included."""
    environ = {**os.environ, "CIB_file": str(path), "LC_ALL": "C"}
    return subprocess.run(["crm_mon", "-1r"], env=environ, capture_output=True, text=True, timeout=60).stdout


# ---- real CIBs


@pytest.mark.needs_pacemaker
def test_what_is_counted_is_there(corpus: list[Path]) -> None:
    """As many nodes, instances and failures as crm_mon says, in its XML and, for some, in its text."""
    seen = 0
    for path in corpus[::8]:
        text = said_by_crm_mon(path)
        if not text.startswith("Cluster Summary:"):
            with pytest.raises(CrmError, match="cannot read the CIB"):
                of_file(path)
            continue
        found = of_file(path)
        seen += 1
        assert f"* {found.summary.nodes} node" in text, path.name
        assert f"* {found.summary.resources} resource instance" in text, path.name
        assert found.summary.nodes == len(found.nodes), path.name
        listed = re.search(r"Failed Resource Actions:\n((?:  \* .*\n)*)", text)
        assert len(found.failures) == (listed[1].count("\n") if listed else 0), path.name
        assert (found.summary.dc is None) == ("Current DC: NONE" in text), path.name
        assert (found.summary.has_quorum is False) == ("WITHOUT quorum" in text), path.name
    assert seen > 20


@pytest.mark.needs_pacemaker
def test_roles_are_those_of_today(corpus: list[Path]) -> None:
    roles = {"Started", "Stopped", "Promoted", "Unpromoted", "Starting", "Stopping", "Promoting", "Demoting"}
    for path in corpus[::16]:
        if not said_by_crm_mon(path):
            continue  # it wants a newer Pacemaker
        for one in primitives(of_file(path).resources):
            assert one.role in roles, (path.name, one.id)
            assert one.target_role in {None, "Started", "Stopped", "Promoted", "Unpromoted"}, (path.name, one.id)
            assert one.active == bool(one.nodes) or one.role == "Stopped" or one.failed, (path.name, one.id)


@pytest.mark.needs_pacemaker
def test_an_empty_cib_has_an_empty_state() -> None:
    found = of_file(EMPTY)
    assert (found.summary.dc, found.summary.has_quorum, found.summary.pacemakerd) == (None, None, None)
    assert (found.nodes, found.resources, found.failures) == ((), (), ())
    assert found.summary.options.no_quorum_policy == "stop"


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("content", [b"", b"garbage", b"<foo/>", b'<cib validate-with="pacemaker-99.9"/>'])
def test_what_is_no_cib_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cib.xml"
    path.write_bytes(content)
    with pytest.raises(CrmError, match="cannot read the CIB in") as failure:
        of_file(path)
    assert failure.type is CrmError


@pytest.mark.needs_pacemaker
def test_a_file_or_shadow_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoSuchObject, match="no such file"):
        of_file(tmp_path / "missing.xml")
    with pytest.raises(NoSuchObject, match="no such file"):
        of_file(EMPTY / "below")
    with pytest.raises(NoSuchObject, match="no shadow CIB nosuch"):
        state({"CIB_file": None, "CIB_shadow": "nosuch"})
    with pytest.raises(CrmError, match="cannot be read"):
        of_file(tmp_path)


# ---- answers of other versions and of bad days, as they were seen


def answering(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Put a crm_mon into PATH that does what the script says, and nothing else."""
    program = folder / "crm_mon"
    program.write_text(f'#!/bin/sh\n[ "$*" = "--output-as=xml -1" ] || exit 99\n{script}\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def refusal(code: int, *errors: str, before: str = "") -> str:
    """An answer without a state."""
    said = "".join(f"<error>{error}</error>" for error in errors)
    xml = f'<pacemaker-result>{before}<status code="{code}"><errors>{said}</errors></status></pacemaker-result>'
    return f"echo '{xml}'; exit {code}"


RUNNING, STARTING = '<pacemakerd state="running"/>', '<pacemakerd state="starting_daemons"/>'


@pytest.mark.parametrize(
    ("script", "kind", "text"),
    [
        (refusal(102, "error: Could not connect to launcher: Connection refused"), Unreachable, "not run on this node"),
        (refusal(102), Unreachable, "does not run on this node"),
        (refusal(4, "crm_mon: Connection to cluster failed: Permission denied"), NotPermitted, "not permitted"),
        (refusal(0, before=RUNNING), NotPermitted, "not permitted to read the state"),
        (refusal(0, "Could not connect to the CIB: Transport endpoint", before=RUNNING), Unreachable, "its state"),
        (refusal(0, before=STARTING), Unreachable, "not ready: starting_daemons"),
        (refusal(124, "Pacemaker daemons: Timeout occurred"), TimedOut, "did not answer in time"),
        ("echo 'crm_mon: unrecognized option' >&2; exit 64", CrmError, "exit code 64: crm_mon: unrecognized option"),
    ],
)
def test_why_there_is_no_state(
    script: str, kind: type[CrmError], text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, tmp_path, script)
    with pytest.raises(CrmError, match=text) as failure:
        state(LIVE)
    assert failure.type is kind


def test_what_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, tmp_path, "sleep 60")
    with pytest.raises(TimedOut):
        state(LIVE, 0.2)


def test_without_crm_mon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CrmError, match="there is no such program"):
        state(LIVE)


RENAMED = """<pacemaker-result><summary><stack type="corosync"/>
<cluster_options fencing-enabled="{on}" stonith-enabled="{off}" fencing-timeout-ms="1"/></summary>
<resources><resource id="a" resource_agent="x:y" role="Master" removed="{on}" orphaned="{off}" maintenance="true"/>
<clone id="c" promotable="{on}" multi_state="{off}"/>
<bundle id="b" maintenance="true" managed="true"><replica id="0"/></bundle></resources>
<bans><ban id="cli-ban-a-on-n" promoted-only="{on}" master_only="{off}" weight="-INFINITY"/></bans>
<nodes><node name="g" type="remote" id_as_resource="vm"/></nodes></pacemaker-result>"""


@pytest.mark.parametrize("is_on", [True, False])
def test_the_newer_of_two_names_counts(is_on: bool) -> None:
    found = read(ET.fromstring(RENAMED.format(on=str(is_on).lower(), off=str(not is_on).lower())))
    assert found is not None
    one, clone, bundle = found.resources
    assert isinstance(one, Primitive)
    assert isinstance(clone, Clone)
    assert isinstance(bundle, Bundle)
    assert (one.orphaned, one.role, one.maintenance) == (is_on, "Promoted", True)
    assert (clone.promotable, bundle.maintenance, len(bundle.replicas)) == (is_on, True, 1)
    assert (found.summary.options.stonith_enabled, found.bans[0].promoted_only) == (is_on, is_on)
    assert found.summary.options.stonith_timeout_ms == 1
    assert (found.nodes[0].type, found.nodes[0].container) == ("guest", "vm")


def test_of_names_that_are_gone_the_old_ones_count() -> None:
    xml = RENAMED.format(on="true", off="false")
    for new in ("fencing-enabled", "removed", "promotable", "promoted-only"):
        xml = xml.replace(f' {new}="true"', "")
    found = read(ET.fromstring(xml.replace('"false"', '"true"')))
    assert found is not None
    one, clone = found.resources[:2]
    assert isinstance(one, Primitive)
    assert isinstance(clone, Clone)
    assert (one.orphaned, clone.promotable) == (True, True)
    assert (found.summary.options.stonith_enabled, found.bans[0].promoted_only) == (True, True)


TASKS = ("start", "monitor", "promote", "migrate_to", "migrate_from", "asyncmon", "post_notify_start")
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9._:-]*(_[A-Za-z0-9.]+)*", fullmatch=True).filter(
    lambda name: not re.search(r"_(migrate|(pre|post)_notify)$", name)
)


@given(NAMES, st.sampled_from(TASKS), st.integers(0, 10**7))
def test_a_failure_names_its_resource(name: str, task: str, interval: int) -> None:
    """Also in the keys of operations of which crm_mon tells no more, and where names have underscores."""
    root = ET.Element("pacemaker-result")
    ET.SubElement(root, "summary")
    ET.SubElement(ET.SubElement(root, "failures"), "failure", {"op_key": f"{name}_{task}_{interval}", "node": "n"})
    found = read(root)
    assert found is not None
    failure = found.failures[0]
    assert (failure.resource, failure.task, failure.interval_ms) == (name, task, interval)


def test_a_reason_hides_what_is_secret() -> None:
    xml = """<r><summary/><failures><failure id="f_start_0" exitreason="login passwd=hunter2 refused"/>
    <failure id="g_start_0" exitreason="none"/></failures></r>"""
    found = read(ET.fromstring(xml))
    assert found is not None
    assert [failure.reason for failure in found.failures] == ["login passwd=******* refused", ""]


# ---- a running cluster

RESOURCES = """<resources>
<primitive id="good" class="ocf" provider="pacemaker" type="Dummy"/>
<primitive id="bad" class="ocf" provider="pacemaker" type="Dummy">
  <instance_attributes id="bad-i"><nvpair id="bad-f" name="fail_start_on" value="node1"/></instance_attributes>
</primitive>
<clone id="both">
  <meta_attributes id="both-m"><nvpair id="both-p" name="promotable" value="true"/></meta_attributes>
  <primitive id="switch" class="ocf" provider="pacemaker" type="Stateful"/>
</clone>
<group id="off">
  <meta_attributes id="off-m"><nvpair id="off-t" name="target-role" value="Stopped"/></meta_attributes>
  <primitive id="inner" class="ocf" provider="pacemaker" type="Dummy"/>
</group>
</resources>"""


def configure(node: Node) -> None:
    """Resources that run, fail and are disabled; back when the cluster has done what it can."""
    node.run("crm_attribute", "-n", "stonith-enabled", "-v", "false", check=True)
    node.cibadmin("--replace", "-o", "resources", "--xml-pipe", stdin=RESOURCES)
    node.run("crm_resource", "--wait", "--timeout=50s", check=True)


@pytest.mark.needs_cluster
def test_a_running_cluster(node: Node) -> None:
    configure(node)
    ran = node.crm("status")
    assert (ran.code, ran.err) == (0, "")
    assert "* Current DC: node1 (version " in ran.out
    for line in (
        "  * Online: [ node1 ]",
        "  * good\t(ocf:pacemaker:Dummy):\t Started node1",
        "  * bad\t(ocf:pacemaker:Dummy):\t Stopped",
        "  * Clone Set: both [switch] (promotable):",
        "    * Promoted: [ node1 ]",
        "  * Resource Group: off (disabled):",
        "    * inner\t(ocf:pacemaker:Dummy):\t Stopped (disabled)",
        "  * Failed Resource Actions:",
    ):
        assert line in ran.out.splitlines(), line
    assert "  * bad start on node1 returned 'error'" in ran.out


@pytest.mark.needs_cluster
def test_a_cluster_that_is_not_there(node: Node) -> None:
    node.stop_cluster()
    ran = node.crm("status")
    assert (ran.code, ran.out) == (7, "")
    assert ran.err.startswith("ERROR: the cluster does not run on this node: corosync and pacemakerd do not run\n")


@pytest.mark.needs_cluster
def test_who_has_no_right(node: Node) -> None:
    """Outside of haclient nobody may ask; in it, who has no rights gets nothing."""
    script = "import sys; sys.path.insert(0, sys.argv[1]); from crmsh_py.cluster.state import state; state({})"
    node.add_user("stranger")
    node.add_user("member", groups=("haclient",))
    root = CHECKOUT
    stranger = node.run("/usr/bin/python3", "-c", script, root, user="stranger")
    assert "NotPermitted" in stranger.err, stranger
    allowed = node.run("/usr/bin/python3", "-c", script, root, user="member")
    assert allowed.code == 0, allowed
    node.run("crm_attribute", "-n", "enable-acl", "-v", "true", check=True)
    member = node.run("/usr/bin/python3", "-c", script, root, user="member")
    assert "NotPermitted" in member.err, member
