"""TAB in another shell, on a node of a running cluster."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bed import Node

pytestmark = pytest.mark.needs_cluster


def offered(node: Node, line: str) -> dict[str, str]:
    ran = node.crm("--complete", line)
    assert (ran.code, ran.err) == (0, "")
    found = dict(one.split("\t") for one in ran.out.splitlines())
    return {text: about for text, about in found.items() if not text.startswith("--")}


def test_what_runs_is_told(node: Node) -> None:
    lines = ("primitive d1 ocf:pacemaker:Dummy", "primitive d2 ocf:pacemaker:Dummy meta target-role=Stopped", "")
    ran = node.crm("-w", "-F", "configure", stdin="\n".join(lines))
    assert ran.code == 0, ran
    assert offered(node, "crm resource start ") == {"d2": "disabled: primitive ocf:pacemaker:Dummy"}
    assert list(offered(node, "crm resource stop ")) == ["d1"]
    assert offered(node, "crm resource stop ")["d1"].startswith("started on ")
    (name,) = offered(node, "crm node show ")
    assert offered(node, "crm node show ") == {name: "online"}


def test_a_cluster_that_hangs_is_not_waited_for(node: Node) -> None:
    node.signal("pacemaker-based", signal.SIGSTOP)
    assert offered(node, "crm resource start ") == {}
    assert list(offered(node, "crm resource star")) == ["start"]


def test_without_a_cluster_there_are_no_names(node: Node) -> None:
    node.stop_cluster()
    assert offered(node, "crm resource start ") == {}
    assert "params" in offered(node, "crm configure primitive x ocf:pacemaker:Dummy ")
