"""`crm check` on running clusters, on their good and on their bad days."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest
from bed import wait_until
from fencing import device
from prometheus_client.openmetrics.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from bed import Bed, Node

pytestmark = pytest.mark.needs_cluster

# a device that could be, so that fencing is no finding
RESOURCES = """<resources><primitive id="web" class="ocf" provider="pacemaker" type="Dummy">
<meta_attributes id="web-m">{meta}</meta_attributes>
<operations><op id="web-op" name="monitor" interval="1s" timeout="20s"/></operations></primitive></resources>"""
THRESHOLD = '<nvpair id="web-t" name="migration-threshold" value="{}"/>'
STATE_FILE = "/run/Dummy-web.state"
TOPICS = ("quorum", "nodes", "resources", "failures", "constraints", "remote", "tickets", "config")


def configure(node: Node, meta: str = "") -> None:
    """A resource that runs and is monitored each second; no fencing."""
    node.run("crm_attribute", "-n", "stonith-enabled", "-v", "false", check=True)
    node.cibadmin("--replace", "-o", "resources", "--xml-pipe", stdin=RESOURCES.format(meta=meta))
    settle(node)


def settle(node: Node) -> None:
    node.run("crm_resource", "--wait", "--timeout=50s", check=True)


def check(node: Node, *words: str, **how: object) -> tuple[int, str]:
    """Exit code and text; nothing on stderr."""
    ran = node.crm("check", *(words or TOPICS), **how)
    assert ran.err == ""
    return ran.code, ran.out


def fail_once(node: Node) -> None:
    """Let the next monitor of the resource fail, and the cluster recover it as it may."""
    before = node.run("crm_failcount", "-G", "-r", "web", "-N", "node1").out
    node.run("rm", STATE_FILE, check=True)
    wait_until(
        "the failure is counted", lambda: node.run("crm_failcount", "-G", "-r", "web", "-N", "node1").out != before
    )
    settle(node)


def test_a_cluster_that_is_well(node: Node) -> None:
    configure(node)
    code, out = check(node)
    assert (code, out[:49]) == (0, "CRM OK - 1 node online, 1 resource started | node")
    assert check(node, "fencing")[0] == 1


def test_a_failed_monitor_and_a_threshold_that_is_reached(node: Node) -> None:
    configure(node, THRESHOLD.format(2))
    fail_once(node)
    code, out = check(node)
    assert code == 1
    assert "WARNING web fail count 1 of 2 on node1; monitor not running" in out
    assert check(node, "failures", "--warning", "failures=1")[0] == 0
    fail_once(node)
    code, out = check(node)
    assert code == 2
    assert "CRITICAL web is stopped (resources: stopped)" in out
    assert "CRITICAL web fail count 2 of 2 on node1" in out
    assert "failcount=2;0;;0" in out
    node.run("crm_resource", "--cleanup", check=True)
    # the order is carried out a moment after it was taken
    wait_until("all is well again", lambda: check(node)[0] == 0)
    settle(node)
    assert check(node)[0] == 0


def test_a_node_in_standby(node: Node) -> None:
    configure(node)
    node.run("crm_standby", "-N", "node1", "-v", "on", check=True)
    settle(node)
    code, out = check(node)
    assert code == 2
    assert "WARNING node node1 is in standby (nodes: standby)" in out
    assert "CRITICAL web is stopped" in out
    assert check(node, "--ignore", "standby", "nodes")[0] == 0


def test_maintenance_and_what_is_unmanaged(node: Node) -> None:
    configure(node)
    node.run("crm_resource", "--meta", "-r", "web", "-p", "is-managed", "-v", "false", check=True)
    code, out = check(node)
    assert (code, "WARNING web is unmanaged (resources: unmanaged)" in out) == (1, True)
    node.run("crm_resource", "--meta", "-r", "web", "-d", "is-managed", check=True)
    node.run("crm_attribute", "-n", "maintenance-mode", "-v", "true", check=True)
    code, out = check(node)
    assert (code, "WARNING maintenance mode is on (config: maintenance-mode)" in out) == (1, True)
    assert check(node, "--ignore", "maintenance-mode", *TOPICS)[0] == 0


def test_what_a_move_leaves_behind(node: Node) -> None:
    configure(node)
    node.run("crm_resource", "--ban", "-r", "web", "-N", "node1", check=True)
    settle(node)
    code, out = check(node, "constraints")
    assert (code, "cli-ban-web-on-node1 keeps web from running on node1" in out) == (1, True)


def test_a_cluster_that_is_down_is_not_well(node: Node) -> None:
    """The tempting error of a script that looks for failures in an empty answer."""
    node.stop_cluster()
    code, out = check(node)
    assert (code, out[:14]) == (3, "CRM UNKNOWN - ")
    assert "does not run" in out
    assert "|" not in out
    assert check(node, "--unknown-is-critical")[0] == 2
    ran = node.crm("check", "-o", "openmetrics")
    read = {family.name: family.samples[0].value for family in text_string_to_metric_families(ran.out)}
    assert (ran.code, read) == (3, {"ha_cluster_pacemaker_up": 0, "ha_cluster_pacemaker_check_state": 3})


@pytest.mark.parametrize("daemon", ["pacemaker-based", "pacemakerd"])
def test_a_daemon_that_hangs_is_not_waited_for(node: Node, daemon: str) -> None:
    node.signal(daemon, signal.SIGSTOP)
    begin = time.monotonic()
    code, out = check(node, "--timeout", "2")
    took = time.monotonic() - begin
    assert (code, out[:14]) == (3, "CRM UNKNOWN - ")
    # far from the 30 seconds for which Pacemaker's tools wait
    assert took < 20


def test_who_may_look(node: Node) -> None:
    """A member of the group haclient; one whose role lets read; nobody else, and each is told what is missing."""
    configure(node)
    node.add_user("member", groups=("haclient",))
    node.add_user("reader", groups=("haclient",))
    node.add_user("stranger")
    assert check(node, user="member")[0] == 0
    code, out = check(node, user="stranger")
    assert (code, out[:14]) == (3, "CRM UNKNOWN - ")
    assert "haclient" in out
    acls = """<acls><acl_role id="r"><acl_permission id="r-r" kind="read" xpath="/cib"/></acl_role>
    <acl_target id="reader"><role id="r"/></acl_target></acls>"""
    node.cibadmin("--create", "-o", "configuration", "--xml-pipe", stdin=acls)
    node.run("crm_attribute", "-n", "enable-acl", "-v", "true", check=True)
    assert check(node, user="reader")[0] == 0
    code, out = check(node, user="member")
    assert (code, out[:14]) == (3, "CRM UNKNOWN - ")


def test_lost_quorum_and_lost_nodes(three: Bed) -> None:
    one, two = three["node1"], three["node2"]
    configure(one)
    assert check(one)[0] == 0
    three.partition(["node1"], ["node2", "node3"])
    wait_until("the quorum is lost", lambda: "no-quorum" in one.crm("check", "quorum").out)
    code, out = check(one)
    assert code == 2
    assert "CRITICAL the cluster has no quorum (no-quorum-policy=stop) (quorum: no-quorum)" in out
    wait_until("the others go on", lambda: "node1" in two.crm("check", "nodes").out)
    code, out = check(two, "quorum", "nodes")
    assert (code, "node1" in out) == (2, True)
    three.heal()
    three.wait_online()
    three["node3"].power_off()
    wait_until("the node is missed", lambda: "node3" in one.crm("check", "nodes").out)
    code, out = check(one, "nodes")
    assert (code, "node3" in out.splitlines()[0]) == (2, True)
    assert check(one, "nodes", "--ignore", "node3")[0] == 0
    assert check(one, "nodes", "--critical", "nodes=1")[0] == 1


def test_a_node_that_was_shot(three: Bed) -> None:
    one = three["node1"]
    configure(one)
    one.cibadmin("--create", "-o", "resources", "--xml-pipe", stdin=device(*three.nodes.values()))
    one.run("crm_attribute", "-n", "stonith-enabled", "-v", "true", check=True)
    settle(one)
    assert check(one, "fencing", *TOPICS)[0] == 0
    three["node3"].power_off()
    one.run("stonith_admin", "--fence=node3", "--timeout=30", check=True)
    wait_until("the node is missed", lambda: "node3 is offline" in one.crm("check", "nodes").out)
    code, out = check(one, "fencing", "nodes")
    assert (code, out.splitlines()[1:]) == (2, ["CRITICAL node node3 is offline (nodes: offline)"])
