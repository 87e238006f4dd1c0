"""Commits that resources feel: what runs is not ended by the way, and what does not start is told."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from bed import wait_until
from changes import configuration

if TYPE_CHECKING:
    from bed import Node

pytestmark = pytest.mark.needs_cluster

REFUSED, INTERRUPTED = 5, 130


@pytest.fixture
def busy(node: Node) -> Node:
    """A node on which `web` runs."""
    ran = node.crm("-w", "configure", "primitive", "web", "ocf:pacemaker:Dummy")
    assert (ran.code, ran.err) == (0, "")
    return node


@pytest.mark.parametrize("line", ["erase", "rename web site", "delete web", "load replace empty.crm"])
def test_what_runs_is_not_ended_by_the_way(busy: Node, line: str) -> None:
    busy.path("/root/empty.crm").write_text("property stonith-enabled=false\n")
    before = configuration(busy.cib())
    ran = busy.crm("configure", *line.split())
    assert ran.code == REFUSED, ran
    assert "web runs on node1" in ran.err
    assert configuration(busy.cib()) == before
    ran = busy.crm("-F", "configure", *line.split())
    assert ran.code == 0, ran
    assert configuration(busy.cib()) != before


def test_one_word_is_enough_to_end_it(busy: Node) -> None:
    assert busy.crm("configure", stdin="delete --force web\ncommit\n").code == 0
    assert b'id="web"' not in configuration(busy.cib())


def test_a_start_that_fails_is_told(node: Node) -> None:
    ran = node.crm("-w", "configure", "primitive", "web", "ocf:pacemaker:Dummy", "params", "fail_start_on=node1")
    assert ran.code == 0
    assert "start of web failed on node1" in ran.err


def test_who_no_longer_waits_is_told_what_stays(node: Node) -> None:
    words = "-w configure primitive web ocf:pacemaker:Dummy params op_sleep=5".split()
    with node.popen_crm(*words) as process:
        wait_until("it is committed", lambda: b'id="web"' in node.cib())
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == INTERRUPTED
    assert "what was committed stays" in said


def test_values_that_pacemaker_bends_are_refused(node: Node) -> None:
    for value, why in (('é"q', "without its end"), ("a\tb", "in another way")):
        ran = node.crm("configure", "primitive", "web", "ocf:pacemaker:Dummy", "params", f"fake={value}")
        assert ran.code == REFUSED, ran
        assert why in ran.err
    assert node.crm("configure", "primitive", "web", "ocf:pacemaker:Dummy", "params", "fake=é ü").code == 0
