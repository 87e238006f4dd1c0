"""`crm status` on bad days of a real cluster: each is seen, and said before all that is well."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest
from bed import wait_until
from bed.node import CHECKOUT
from fencing import device
from node_terminal import node_terminal

if TYPE_CHECKING:
    from bed import Bed, Node

pytestmark = pytest.mark.needs_cluster

DUMMY = '<primitive id="{}" class="ocf" provider="pacemaker" type="Dummy">{}</primitive>'
MONITOR = '<operations><op id="web-m" name="monitor" interval="1s" timeout="20s"/></operations>'


def meta(**values: str) -> str:
    pairs = (
        f'<nvpair id="m-{name}" name="{name.replace("_", "-")}" value="{value}"/>' for name, value in values.items()
    )
    return f'<meta_attributes id="m">{"".join(pairs)}</meta_attributes>'


def configure(node: Node, *resources: str, **options: str) -> None:
    """These resources and cluster options; back when the cluster has done what it can."""
    for name, value in options.items():
        node.run("crm_attribute", "-n", name.replace("_", "-"), "-v", value, check=True)
    node.cibadmin("--replace", "-o", "resources", "--xml-pipe", stdin=f"<resources>{''.join(resources)}</resources>")
    node.run("crm_resource", "--wait", "--timeout=50s", check=True)


def wrong(node: Node, *words: str) -> list[str]:
    """The lines of what needs attention, without their indent; they stand before everything else."""
    ran = node.crm("status", *words)
    assert (ran.code, ran.err) == (0, ""), ran
    first, _, _ = ran.out.partition("\n\n")
    assert ran.out.count("Needs attention:") == first.startswith("Needs attention:")
    return [line.strip() for line in first.splitlines()[1:]] if first.startswith("Needs attention:") else []


def is_said(node: Node, *parts: str) -> bool:
    """Whether one line of what needs attention has all of these in it."""
    return any(all(part in line for part in parts) for line in wrong(node))


def until_said(node: Node, *parts: str) -> None:
    """Wait until it is."""
    try:
        wait_until("", lambda: is_said(node, *parts))
    except TimeoutError:
        raise AssertionError(f"{parts} is not said, but {wrong(node)}: {node.log()}") from None


def data(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(node.crm("-o", "json", "status").out)["data"]
    return found


def test_what_is_well_needs_no_attention(node: Node) -> None:
    configure(node, DUMMY.format("web", ""), device(node), stonith_enabled="true")
    assert wrong(node) == []
    assert node.crm("status", "simple").out == "CLUSTER OK: 1 node online, 2 resource instances configured\n"


def test_a_failed_monitor_and_a_fail_count_at_its_threshold(node: Node) -> None:
    configure(node, DUMMY.format("web", meta(migration_threshold="2") + MONITOR), stonith_enabled="false")
    state = node.path("/run/Dummy-web.state")
    for times in (1, 2):
        wait_until("web runs", state.exists)
        state.unlink()
        until_said(node, "web on node1", f"fail count {times} of 2")
    until_said(node, "Stopped, and should run: web")
    assert is_said(node, "web 1s-interval monitor on node1 returned 'not running'")
    assert is_said(node, "fail count 2 of 2 (migration-threshold)", "it is kept from there")
    counted = [one for one in data(node)["history"] if one["fail_count"]]
    assert [(one["resource"], one["migration_threshold"], one["fail_count"]) for one in counted] == [("web", 2, 2)]
    assert node.crm("status", "simple").out.startswith("CLUSTER WARN: ")
    node.run("crm_resource", "--wait", "--timeout=50s", check=True)
    node.run("crm_resource", "--cleanup", "--resource", "web", check=True)
    wait_until("web runs again", lambda: not is_said(node, "web"))


def test_a_standby_node(node: Node) -> None:
    configure(node, DUMMY.format("web", ""), stonith_enabled="false")
    node.run("crm_standby", "-v", "on", check=True)
    until_said(node, "Stopped, and should run: web")
    assert "* Node node1: standby" in wrong(node)


def test_maintenance_and_what_is_unmanaged(node: Node) -> None:
    configure(node, DUMMY.format("web", meta(is_managed="false")), DUMMY.format("db", ""), stonith_enabled="false")
    assert "* Unmanaged resources: web" in wrong(node) or "* Unmanaged resources: web (node1)" in wrong(node)
    node.run("crm_attribute", "-n", "maintenance-mode", "-v", "true", check=True)
    until_said(node, "MAINTENANCE MODE")
    assert not is_said(node, "Unmanaged")
    node.run("crm_attribute", "-n", "maintenance-mode", "-D", check=True)
    node.run("crm_attribute", "-t", "rsc_defaults", "-n", "maintenance", "-v", "true", check=True)
    until_said(node, "Resources in maintenance: web", "db")
    node.run("crm_attribute", "-t", "rsc_defaults", "-n", "maintenance", "-D", check=True)
    node.run("crm_attribute", "-N", "node1", "-n", "maintenance", "-v", "true", check=True)
    until_said(node, "Node node1: maintenance")


def test_what_moves_leave_behind(node: Node) -> None:
    configure(node, DUMMY.format("web", ""), DUMMY.format("db", ""), stonith_enabled="false")
    node.run("crm_resource", "--move", "--resource=web", "--node=node1", "--lifetime=PT1H", "--force", check=True)
    node.run("crm_resource", "--ban", "--resource=db", "--node=node1", "--lifetime=PT1H", check=True)
    until_said(node, "Stopped, and should run: db")
    assert is_said(node, "cli-prefer-web keeps web on node1 until 20")
    assert is_said(node, "cli-ban-db-on-node1 prevents db from running on node1 until 20")
    assert is_said(node, "`crm resource clear db` removes those of db")
    assert [one["resource"] for one in data(node)["moves"]] == ["web"]
    for name in ("web", "db"):
        node.run("crm_resource", "--clear", f"--resource={name}", check=True)
    wait_until("nothing is left", lambda: not is_said(node, "cli-"))


def test_lost_quorum_and_a_shot_node(three: Bed) -> None:
    first = three["node1"]
    configure(first, device(first, three["node2"], three["node3"]), stonith_enabled="true")
    three["node3"].power_off()
    until_said(first, "reboot of node3 successful", "delegate=node")
    assert is_said(first, "Node node3: OFFLINE")
    assert data(first)["fencing"][0]["target"] == "node3"
    three["node2"].power_off()
    until_said(first, "NO QUORUM")
    assert wrong(first)[0].startswith("* NO QUORUM: the cluster stops all resources")
    assert is_said(first, "node2", "UNCLEAN (offline)")


def test_a_cluster_that_is_not_there_is_named(node: Node) -> None:
    """At once, also for who has no rights at all."""
    node.add_user("stranger")
    node.stop_cluster()
    for user in ("root", "stranger"):
        ran = node.crm("status", user=user)
        assert (ran.code, ran.out) == (7, "")
        assert ran.err.startswith(
            "ERROR: the cluster does not run on this node: corosync and pacemakerd do not run\n"
        ), ran.err
    node.start_corosync()
    said = "ERROR: the cluster does not run on this node: pacemakerd does not run\n"
    wait_until("corosync runs", lambda: node.crm("status").err.startswith(said))


def test_a_daemon_that_hangs(node: Node) -> None:
    """An answer is not waited for longer than was said, and what can be seen is told."""
    script = (
        f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); from crmsh_py.cluster.state import state; state({{}}, 1.0)"
    )
    node.signal("pacemaker-based", signal.SIGSTOP)
    ran = node.run("/usr/bin/python3", "-c", script)
    assert "TimedOut: crm_mon did not end within 1 s" in ran.err


def test_every_word_on_a_running_cluster(node: Node) -> None:
    configure(node, DUMMY.format("web", MONITOR), stonith_enabled="false")
    words = "full bynode inactive ops timing failcounts verbose quiet simple tickets noheaders detail brief".split()
    for word in words:
        assert node.crm("status", word).code == 0, word
    assert "      * web\t(ocf:pacemaker:Dummy):\t Started\n" in node.crm("status", "bynode").out
    assert 'monitor: interval="1000ms"' in node.crm("status", "ops").out
    assert 'last-rc-change="' in node.crm("status", "timing").out
    xml, html = node.crm("status", "xml").out, node.crm("status", "html").out
    assert '<resource id="web" resource_agent="ocf:pacemaker:Dummy"' in xml
    assert "<title>Cluster Status</title>" in html


def test_watching_goes_on_while_the_cluster_restarts(node: Node) -> None:
    configure(node, DUMMY.format("web", ""), stonith_enabled="false")
    with node_terminal(node, "status", "--watch", "1") as terminal:
        terminal.wait(r"Online: \[ node1 \]")
        node.stop_cluster()
        terminal.wait("the cluster does not run on this node")
        node.start_cluster()
        terminal.wait(r"Online: \[ node1 \]")
        terminal.type("q")
        assert terminal.end() == 0
    assert terminal.raw.count(b"\x1b[?1049h") == terminal.raw.count(b"\x1b[?1049l") == 1


def test_a_program_that_watches_gets_each_change_once(node: Node) -> None:
    configure(node, DUMMY.format("web", ""), stonith_enabled="false")
    with node.popen_crm("-o", "json", "status", "--watch", "1") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["data"]["summary"]["dc"] == "node1"
        node.run("crm_standby", "-v", "on", check=True)
        while not json.loads(process.stdout.readline())["data"]["nodes"][0]["standby"]:
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
