"""The Live store on a running cluster, in good times: through the real program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bed import Node, wait_until
from changes import version
from interference import Interference
from lxml import etree
from node_terminal import node_terminal
from terminal import PROMPT

pytestmark = pytest.mark.needs_cluster

CONFLICT = 6
TIMED_OUT = 9
# where a tool is about to read or to write, the status has just changed
NOISE = """
case "$tool $*" in
crm_verify*|cibadmin*--patch*)
    attrd_updater --name "noise-$call" --update 1
    until cibadmin --query --xpath "//nvpair[@name='noise-$call']" >/dev/null 2>&1; do :; done
esac
real "$@"
"""


def xpath(node: Node, path: str) -> object:
    """What an XPath finds in the CIB."""
    return etree.fromstring(node.cib()).xpath(path)


def test_a_line_a_script_and_show(node: Node) -> None:
    assert node.crm("configure", "property", "no-quorum-policy=stop") == (0, "", "")
    script = "op_defaults timeout=33s\nrole watcher read xpath:/cib\ncommit\nop_defaults timeout=34s\ndelete watcher\n"
    assert node.crm("configure", stdin=script) == (0, "", "")
    shown = node.crm("configure", "show")
    assert (shown.code, shown.err) == (0, "")
    assert "timeout=34s" in shown.out
    assert "no-quorum-policy=stop" in shown.out
    assert "watcher" not in shown.out


def test_nothing_to_commit_writes_nothing(node: Node) -> None:
    before = version(node)
    assert node.crm("configure", "property", "stonith-enabled=false") == (0, "", "")
    assert node.crm("configure", "commit") == (0, "", "")
    assert version(node)[:2] == before[:2]


def test_a_status_that_moves_is_no_change_of_the_configuration(node: Node, tmp_path: Path) -> None:
    """Neither between reading and meeting, nor between meeting and the patch."""
    noise = Interference(tmp_path, NOISE)
    assert node.crm("configure", "op_defaults", "timeout=33s", env=noise.env) == (0, "", "")
    assert xpath(node, "//op_defaults//nvpair[@value='33s']")
    assert sum("--patch" in call for call in noise.calls()) == 2


def test_a_storm_of_status_changes(node: Node) -> None:
    storm = 'while :; do attrd_updater --name "storm-$1" --update "$((i = i + 1))"; done'
    with node.popen("sh", "-c", storm, "sh", "1"), node.popen("sh", "-c", storm, "sh", "2"):
        wait_until("the storm begins", lambda: xpath(node, "//nvpair[@name='storm-2']"))
        for number in range(2):
            assert node.crm("configure", "op_defaults", f"timeout={number}s") == (0, "", "")
    assert xpath(node, "//op_defaults//nvpair[@value='1s']")


def test_a_session_that_meets_another_change(node: Node) -> None:
    """At the prompt: both are kept where they are of different objects, refused and kept where of the same."""
    with node_terminal(node, "configure") as prompt:
        prompt.wait(PROMPT)
        prompt.line("op_defaults timeout=33s")
        node.crm("configure", "property", "no-quorum-policy=stop")
        said = prompt.line("commit")
        assert said == "note: merged with what somebody else has changed in the cluster meanwhile: no-quorum-policy"
        prompt.line("property no-quorum-policy=freeze")
        node.crm("configure", "property", "no-quorum-policy=ignore")
        said = prompt.line("commit")
        assert "ERROR: no-quorum-policy was changed here, and by somebody else meanwhile" in said
        for side in ("before: ", "in the cluster: ", "here: "):
            assert f"note: {side}property no-quorum-policy=" in said
        assert re.findall(r'-policy="?(\w+)', said) == ["stop", "ignore", "freeze"]
        assert "+" in prompt.line("diff"), "the draft is kept"
        assert xpath(node, "//nvpair[@name='no-quorum-policy']/@value") == ["ignore"]
        said = prompt.line("commit overwrite")
        assert "WARNING: put in the place of what somebody else has changed" in said
        assert "no-quorum-policy" in said
        prompt.type("quit\n")
        assert prompt.end() == 0
    assert xpath(node, "//nvpair[@name='no-quorum-policy']/@value") == ["freeze"]
    assert xpath(node, "//op_defaults//nvpair[@value='33s']")


def test_waiting_for_the_cluster(node: Node) -> None:
    """Until it is done; no longer than it may take; what was committed stays."""
    primitive = "primitive {} ocf:pacemaker:Dummy params op_sleep=2"
    ran = node.crm("-w", "-o", "core.wait_timeout=1", "configure", primitive.format("slow"))
    assert (ran.code, ran.out) == (TIMED_OUT, "")
    assert "ERROR: the cluster has not settled in 1 s; what was committed stays" in ran.err
    assert "waiting" not in ran.err, "only on a terminal"
    assert xpath(node, "//primitive[@id='slow']")
    with node_terminal(node, "-w", "configure", primitive.format("slower")) as terminal:
        assert terminal.end() == 0
        assert re.search(r"waiting for the cluster, \d+ s", terminal.said)
    assert node.run("crm_resource", "--list").out.count("\t Started") == 2
    assert node.crm("configure", stdin="op_defaults timeout=35s\ncommit --wait\n") == (0, "", "")


def test_an_expected_epoch(node: Node) -> None:
    """As an option and of a command: any other one is refused, and it is that of the first commit alone."""
    epoch = version(node)[1]
    for words in (("--expect-epoch", str(epoch - 1)), ("--expect-epoch", str(epoch + 1))):
        ran = node.crm(*words, "configure", "op_defaults", "timeout=33s")
        assert ran.code == CONFLICT
        assert ran.err == f"ERROR: the cluster has the epoch {epoch}, not {words[1]}; nothing was written\n"
    assert version(node)[1] == epoch
    script = "op_defaults timeout=33s\ncommit\nop_defaults timeout=34s\ncommit\n"
    assert node.crm("--expect-epoch", str(epoch), "configure", stdin=script).code == 0
    now = version(node)[1]
    script = (
        f"op_defaults timeout=35s\ncommit --expect-epoch {now}\nop_defaults timeout=36s\ncommit --expect-epoch {now}\n"
    )
    ran = node.crm("configure", stdin=script)
    assert ran.code == CONFLICT
    assert f"not {now}" in ran.err
    assert xpath(node, "//op_defaults//nvpair[@name='timeout']/@value") == ["35s"]
