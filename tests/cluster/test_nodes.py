"""The Live store in a cluster of three nodes: edits on one are seen on all; a part without quorum."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import figures
import pytest
from bed import Bed, Node, wait_until
from changes import configuration
from lxml import etree
from program import ROOT

pytestmark = pytest.mark.needs_cluster

UNREACHABLE = 7
HERE = Path(__file__).parent
NO_QUORUM = "this part of the cluster has no quorum"


def held(node: Node) -> bytes:
    """The configuration as this node's CIB manager has it."""
    return configuration(node.cibadmin("--query", "--local").out.encode())


def wait_for_one_configuration(three: Bed) -> bytes:
    """Back when all nodes have the same one; it."""
    wait_until("all have one configuration", lambda: len({held(node) for node in three.nodes.values()}) == 1)
    return held(three["node1"])


def has_quorum(node: Node) -> bool:
    return etree.fromstring(node.cib()).get("have-quorum") == "1"


def test_an_edit_on_one_node_is_seen_on_the_others(three: Bed) -> None:
    assert three["node1"].crm("configure", "op_defaults", "timeout=33s") == (0, "", "")
    assert b'value="33s"' in wait_for_one_configuration(three)
    assert "timeout=33s" in three["node2"].crm("configure", "show", "type:op_defaults").out
    assert three["node3"].crm("configure", "op_defaults", "timeout=34s") == (0, "", "")
    assert b'value="34s"' in wait_for_one_configuration(three)


def test_writers_on_two_nodes_at_once(three: Bed) -> None:
    """They share no lock."""
    program = (sys.executable, str(HERE / "crowd.py"), "2", "6")
    how = {"env": {"PYTHONPATH": f"{ROOT}:{HERE.parent}:{HERE}"}}
    with three["node1"].popen(*program, **how) as one, three["node2"].popen(*program, **how) as other:
        found = [json.loads(process.communicate()[0]) for process in (one, other)]
    assert [counts["exit 0"] for counts in found] == [12, 12], found
    said = {"commits": 24, "patches": sum(counts["patches"] for counts in found)}
    figures.merge([("4 writers on two nodes", said, tuple(said))])
    names = etree.fromstring(wait_for_one_configuration(three)).xpath("//acl_role/@id")
    made = [f"node{node}-{writer}-{number}" for node in (1, 2) for writer in (0, 1) for number in range(6)]
    assert sorted(names) == sorted(["warm", *made])


def test_a_part_without_quorum(three: Bed) -> None:
    """It takes no edits, unless forced; what the others edit is kept, and to try again is right when all are back."""
    small, large = three["node1"], three["node2"]
    three.partition(["node1"], ["node2", "node3"])
    wait_until("node1 has lost quorum", lambda: not has_quorum(small))
    wait_until("node2 has a controller", lambda: large.sees() == {"node2", "node3"})
    refused = small.crm("configure", "op_defaults", "timeout=33s")
    assert (refused.code, refused.out) == (UNREACHABLE, "")
    assert f"ERROR: {NO_QUORUM}" in refused.err
    for value in ("stop", "freeze", "ignore"):
        assert large.crm("configure", "property", f"no-quorum-policy={value}") == (0, "", "")
    forced = small.crm("-F", "configure", "rsc_defaults", "resource-stickiness=7")
    assert (forced.code, forced.out) == (0, "")
    assert f"WARNING: {NO_QUORUM}" in forced.err
    assert b"resource-stickiness" in held(small)
    three.heal()
    three.wait_online()
    assert small.crm("configure", "op_defaults", "timeout=33s") == (0, "", "")
    found = wait_for_one_configuration(three)
    assert b'value="33s"' in found
    assert b'value="ignore"' in found
