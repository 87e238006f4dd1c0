"""`cluster status`: corosync and Pacemaker's daemons on real nodes, well and not."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest
from bed import wait_until

if TYPE_CHECKING:
    from bed import Bed, Node
    from program import Ran

pytestmark = pytest.mark.needs_cluster


def status(node: Node, **how: object) -> tuple[Ran, dict]:
    """`cluster status` as JSON."""
    ran = node.crm("cluster", "status", "-o", "json", **how)
    return ran, json.loads(ran.out)["data"] if ran.out else {}


def test_a_cluster_that_is_well(three: Bed) -> None:
    ran, found = status(three["node2"])
    assert ran.code == 0, ran
    corosync = found["corosync"]
    assert (corosync["cluster"], corosync["transport"], corosync["local"]) == ("bed", "knet", "2")
    assert [(node["name"], node["joined"]) for node in corosync["nodes"]] == [
        ("node1", True),
        ("node2", True),
        ("node3", True),
    ]
    assert corosync["nodes"][0]["links"] == [{"number": 0, "address": "10.77.0.1", "is_connected": True}]
    assert corosync["quorum"] == {
        "is_quorate": True,
        "expected": 3,
        "total": 3,
        "needed": 2,
        "flags": ["Quorate"],
        "votes": {"1": 1, "2": 1, "3": 1},
    }
    assert found["pacemaker"]["pacemakerd"] == "running"
    assert set(found["pacemaker"]["daemons"].values()) == {"running"}
    assert len(found["pacemaker"]["daemons"]) == 7


def test_a_node_that_is_cut_off_sees_no_link_and_has_no_quorum(three: Bed) -> None:
    three.partition(["node1"], ["node2", "node3"])
    wait_until("quorum is lost", lambda: not status(three["node1"])[1]["corosync"]["quorum"]["is_quorate"])
    ran, found = status(three["node1"])
    # all that should run here does
    assert ran.code == 0, ran
    assert [link["is_connected"] for node in found["corosync"]["nodes"] for link in node["links"]] == [False, False]
    assert [node["joined"] for node in found["corosync"]["nodes"]] == [True, False, False]
    text = three["node1"].crm("cluster", "status").out
    assert "link 0 to 10.77.0.2: disconnected" in text
    assert "quorum: no, 1 of 3 votes, 2 needed" in text


def test_without_corosync_it_is_unreachable(node: Node) -> None:
    node.stop_cluster()
    ran, _ = status(node)
    assert (ran.code, ran.out) == (7, "")
    assert "corosync does not run on this node" in ran.err


def test_without_pacemaker_it_is_unreachable_and_what_is_missing_is_named(node: Node) -> None:
    node.stop_cluster()
    node.start_corosync()
    wait_until("corosync answers", lambda: node.run("corosync-cfgtool", "-s").code == 0)
    ran, found = status(node)
    assert ran.code == 7
    assert set(found["pacemaker"]["daemons"].values()) == {"missing"}
    assert found["pacemaker"]["pacemakerd"] is None
    assert "pacemakerd: missing" in node.crm("cluster", "status").out


def test_a_daemon_that_was_stopped_is_seen(node: Node) -> None:
    node.signal("pacemaker-fenced", signal.SIGSTOP)
    ran, found = status(node)
    assert ran.code == 7
    assert found["pacemaker"]["daemons"]["pacemaker-fenced"] == "suspended"
    assert found["pacemaker"]["daemons"]["pacemaker-execd"] == "running"


def test_a_corosync_that_hangs_is_not_waited_for(node: Node) -> None:
    node.signal("corosync", signal.SIGSTOP)
    ran, _ = status(node)
    assert ran.code == 9, ran


def test_who_may_not_ask_corosync_is_told_of_pacemaker(node: Node) -> None:
    node.add_user("reader", groups=("haclient",))
    ran, found = status(node, user="reader")
    assert ran.code == 8
    assert "corosync does not let this user ask" in ran.err
    assert found["corosync"] is None
    assert found["pacemaker"]["pacemakerd"] == "running"
    assert set(found["pacemaker"]["daemons"].values()) == {"running"}
    assert "Pacemaker: running" in node.crm("cluster", "status", user="reader").out


def test_there_is_no_status_of_a_file(node: Node) -> None:
    node.path("/root/cib.xml").write_bytes(node.cib())
    assert node.crm("-c", "/root/cib.xml", "cluster", "status").code == 5
