"""`crm check` as a monitoring server calls it: check_nrpe, an NRPE daemon with the commands of contrib/, a cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bed import wait_until
from bed.node import CHECKOUT, _program
from program import ROOT

if TYPE_CHECKING:
    from bed import Node

pytestmark = pytest.mark.needs_cluster

CONTRIB = ROOT / "contrib" / "nagios"
PLUGINS = "/usr/lib/nagios/plugins"
# as docs/monitoring.md installs them
FILES = {f"{PLUGINS}/check_crm": CONTRIB / "check_crm", "/etc/nagios/nrpe.d/crm.cfg": CONTRIB / "nrpe-crm.cfg"}
CRM = "/usr/local/bin/crm"


@pytest.fixture
def server(node: Node) -> Iterator[Node]:
    """A node whose NRPE daemon runs as the user that its package made, who is in the group haclient."""
    if not Path("/usr/sbin/nrpe").exists() or not Path(f"{PLUGINS}/check_nrpe").exists():
        text = "nrpe and check_nrpe are not installed"
        pytest.fail(text, pytrace=False) if os.environ.get("CI") else pytest.skip(text)
    for place, source in FILES.items():
        node.path(place).write_bytes(source.read_bytes())
        node.path(place).chmod(0o755)
    node.path(CRM).write_text(f'#!/bin/sh\nPYTHONPATH={CHECKOUT} exec {" ".join(_program())} "$@"\n')
    node.path(CRM).chmod(0o755)
    node.run("usermod", "--append", "--groups", "haclient", "nagios", check=True)
    node.run("install", "-d", "-o", "nagios", "/run/nagios", check=True)
    with node.popen("nrpe", "-f", "-c", "/etc/nagios/nrpe.cfg"):
        wait_until("nrpe answers", lambda: asked(node, "nosuch")[0] != 2)
        yield node
    node.run("gpasswd", "--delete", "nagios", "haclient", check=True)
    for place in (*FILES, CRM, "/run/nagios/nrpe.pid"):
        node.path(place).unlink(missing_ok=True)


def asked(node: Node, command: str) -> tuple[int, list[str]]:
    """What the monitoring server gets: exit code and lines."""
    ran = node.run(f"{PLUGINS}/check_nrpe", "-H", "127.0.0.1", "-t", "30", "-c", command)
    return ran.code, ran.out.splitlines()


def test_the_server_gets_text_and_exit_code(server: Node) -> None:
    server.run("crm_attribute", "-n", "stonith-enabled", "-v", "false", check=True)
    code, lines = asked(server, "check_crm")
    assert (code, lines[1:]) == (1, ["WARNING fencing is disabled (fencing: fencing-disabled)"])
    assert lines[0].startswith("CRM WARNING - fencing is disabled | nodes_online=1;;;0;1 ")
    assert asked(server, "check_crm_nodes")[0] == 0
    server.run("crm_standby", "-N", "node1", "-v", "on", check=True)
    code, lines = asked(server, "check_crm_nodes")
    assert (code, lines[1:]) == (1, ["WARNING node node1 is in standby (nodes: standby)"])


def test_the_server_learns_that_the_cluster_is_down(server: Node) -> None:
    server.stop_cluster()
    code, lines = asked(server, "check_crm")
    assert (code, lines[0][:14]) == (3, "CRM UNKNOWN - ")
    assert "does not run" in lines[0]


def test_who_is_not_in_the_group_is_told(server: Node) -> None:
    ran = server.run(f"{PLUGINS}/check_crm", user="nobody")
    assert (ran.code, ran.out[:14]) == (3, "CRM UNKNOWN - ")
    assert "haclient" in ran.out
