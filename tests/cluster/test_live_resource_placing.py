"""`resource move`, `ban` and `clear` on a cluster of three nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from changes import configuration
from lxml import etree
from test_resource import DUMMY, FAILED, REFUSED, TIMED_OUT, resource, setup, where

if TYPE_CHECKING:
    from bed import Bed, Node

pytestmark = pytest.mark.needs_cluster

OTHERS = {"node1": "node2", "node2": "node3", "node3": "node1"}


@pytest.fixture
def node(three: Bed) -> Node:
    return three["node1"]


def constraints(node: Node) -> list[str]:
    return [el.get("id") for el in etree.fromstring(node.cib()).findall(".//rsc_location")]


def place(node: Node, rsc: str) -> str:
    """The name of the one node where a resource runs."""
    ((name, _),) = where(node, rsc)
    return name


def test_a_move_holds_until_it_is_cleared(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}")
    before, target = configuration(node.cib()), OTHERS[place(node, "web")]
    said = resource(node, f"move web {target}").err
    assert said == f"note: the constraint cli-prefer-web holds web at {target}; `crm resource clear web` removes it\n"
    node.run("crm_resource", "--wait", check=True)
    assert place(node, "web") == target
    assert f"web runs on {target} already" in resource(node, f"move web {target}", REFUSED).err
    assert resource(node, "clear web").err == "note: cli-prefer-web is removed\n"
    assert configuration(node.cib()) == before
    assert "nothing to clear" in resource(node, "clear web").err


def test_a_move_that_is_waited_for_clears_up_behind_itself(node: Node) -> None:
    setup(node, f"primitive web {DUMMY} meta resource-stickiness=100")
    before, target = configuration(node.cib()), OTHERS[place(node, "web")]
    said = resource(node, f"move web {target} --wait").err
    assert f"web has moved to {target} and stays there; cli-prefer-web is removed" in said
    assert configuration(node.cib()) == before
    node.run("crm_resource", "--wait", check=True)
    assert place(node, "web") == target


def test_a_constraint_without_which_it_would_go_back_stays(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}", "location l web 100: node1")
    said = resource(node, "move web node2 --wait").err
    assert "web has moved to node2, but would not stay there; cli-prefer-web stays" in said
    assert constraints(node) == ["l", "cli-prefer-web"]
    said = resource(node, "move web --wait").err
    assert "cli-ban-web-on-node2" in said


def test_away_from_where_it_is(node: Node) -> None:
    setup(node, f"primitive web {DUMMY} meta resource-stickiness=100")
    before, source = configuration(node.cib()), place(node, "web")
    said = resource(node, "move web --wait").err
    assert f"the constraint cli-ban-web-on-{source} keeps web away from {source}" in said
    assert place(node, "web") != source
    assert f"cli-ban-web-on-{source} is removed" in said
    assert configuration(node.cib()) == before


def test_what_does_not_arrive_is_rolled_back(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}", "location l web 100: node1", "node node2 attributes standby=on")
    resource(node, "ban web node3")
    before = configuration(node.cib())
    ran = resource(node, "move web node2 --wait", FAILED)
    assert "WARNING: web does not move to node2: node2 is in standby" in ran.err
    assert "web did not move to node2; the constraint cli-prefer-web is removed again" in ran.err
    assert configuration(node.cib()) == before
    assert place(node, "web") == "node1"


def test_a_start_that_fails_there_is_rolled_back(node: Node) -> None:
    setup(node, f"primitive web {DUMMY} params fail_start_on=node2", "location l web 100: node1")
    before = configuration(node.cib())
    ran = resource(node, "move web node2 --wait", FAILED)
    assert "start of web failed on node2" in ran.err
    assert "is removed again" in ran.err
    assert configuration(node.cib()) == before
    # what stood there is put back
    resource(node, "move web node2")
    ran = resource(node, "move web node2 --wait", FAILED)
    assert "the earlier cli-prefer-web is in force again, `crm resource clear web` removes it" in ran.err
    assert constraints(node) == ["l", "cli-prefer-web"]


def test_a_move_that_takes_too_long_says_how_to_undo_it(node: Node) -> None:
    slow = "params op_sleep=2 op start timeout=20s op stop timeout=20s"
    setup(node, f"primitive web {DUMMY} {slow}", "location l web 100: node1")
    ran = node.crm("-o", "core.wait_timeout=1", "resource", "move", "web", "node2", "--wait")
    assert ran.code == TIMED_OUT, ran
    assert "the constraint cli-prefer-web stays, and `crm resource clear web` removes it" in ran.err
    assert constraints(node) == ["l", "cli-prefer-web"]


def test_the_promoted_instance_moves(node: Node) -> None:
    setup(
        node,
        "primitive d ocf:pacemaker:Stateful",
        "clone c d meta promotable=true interleave=true",
        f"primitive web {DUMMY}",
        "colocation with inf: web c:Promoted",
    )
    (source,) = (name for name, role in where(node, "d") if role == "Promoted")
    said = resource(node, f"move c {OTHERS[source]} --wait").err
    assert "note: moving c moves web too" in said
    assert [name for name, role in where(node, "d") if role == "Promoted"] == [OTHERS[source]]
    assert place(node, "web") == OTHERS[source]
    said = resource(node, f"ban c {OTHERS[source]} --promoted --wait").err
    assert f"keeps c from being promoted on {OTHERS[source]}" in said
    assert (OTHERS[source], "Unpromoted") in where(node, "d")


def test_a_member_takes_its_group_along(node: Node) -> None:
    setup(node, f"primitive a {DUMMY}", f"primitive b {DUMMY}", "group g a b")
    target = OTHERS[place(node, "a")]
    said = resource(node, f"move b {target} --wait").err
    assert "note: b is in g, which moves as a whole" in said
    assert [place(node, name) for name in ("a", "b")] == [target] * 2
    resource(node, f"move g {OTHERS[target]}")
    assert "cli-prefer-g is removed" in resource(node, "clear a").err


def test_a_lifetime_ends(node: Node) -> None:
    setup(node, f"primitive web {DUMMY} meta resource-stickiness=100")
    target = OTHERS[place(node, "web")]
    resource(node, f"move web {target} 1s")
    assert "nothing to clear" in resource(node, f"clear web {OTHERS[target]} --expired").err
    assert "there is no node node9" in resource(node, "clear web node9 --expired", 4).err
    resource(node, f"ban web {OTHERS[target]} 1h")
    node.run("sleep", "1.2", check=True)
    assert resource(node, "clear web --expired").err == "note: cli-prefer-web is removed\n"
    assert constraints(node) == [f"cli-ban-web-on-{OTHERS[target]}"]


def test_a_ban_from_the_last_node_is_made_but_a_move_is_not(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}", "location l1 web -inf: node2", "location l2 web -inf: node3")
    ran = resource(node, "move web", REFUSED)
    assert "no other node can have web: it stops" in ran.err
    assert constraints(node) == ["l1", "l2"]
    ran = resource(node, "ban web --wait")
    assert "WARNING: no other node can have web: it stops" in ran.err
    assert where(node, "web") == []
    resource(node, "clear web --wait")
    assert place(node, "web") == "node1"
    resource(node, "move web force --wait", FAILED)
    assert constraints(node) == ["l1", "l2"]


def test_what_pacemakers_own_tool_has_made_is_cleared_too_and_the_other_way_round(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}")
    node.run("crm_resource", "--move", "--resource=web", f"--node={OTHERS[place(node, 'web')]}", check=True)
    assert "cli-prefer-web is removed" in resource(node, "clear web").err
    for line in ("move web node3 force", "ban web node1 5min"):
        resource(node, line)
    assert constraints(node) == ["cli-prefer-web", "cli-ban-web-on-node1"]
    node.run("crm_resource", "--clear", "--resource=web", check=True)
    assert constraints(node) == []


def test_unknown_names_are_told_before_anything_is_done(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}")
    before = configuration(node.cib())
    ran = resource(node, "move web node4", 4)
    assert "there is no node node4" in ran.err
    assert "did you mean" in ran.err
    assert "did you mean web?" in resource(node, "move wbe node2", 4).err
    assert configuration(node.cib()) == before
