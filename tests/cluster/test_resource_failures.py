"""Failures, traces and secrets of resources on a real cluster, and what bad days make of the commands for them."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest
from answers import data_of
from bed import wait_until
from node_terminal import node_terminal
from ssh_servers import FOLDER, serving

if TYPE_CHECKING:
    from pathlib import Path

    from bed import Bed, Node
    from program import Ran

pytestmark = pytest.mark.needs_cluster

# an agent that is told a word, and writes it down
AGENT = """#!/bin/sh
: ${OCF_FUNCTIONS_DIR=/usr/lib/ocf/lib/heartbeat}
. $OCF_FUNCTIONS_DIR/ocf-shellfuncs
case $1 in
meta-data) cat <<END
<?xml version="1.0"?><resource-agent name="keeper" version="1"><version>1.0</version>
<longdesc lang="en">Keeps a word.</longdesc><shortdesc lang="en">Keeps a word</shortdesc>
<parameters><parameter name="word"><longdesc lang="en">w</longdesc><shortdesc lang="en">w</shortdesc>
<content type="string"/></parameter></parameters><actions><action name="start" timeout="20s"/>
<action name="stop" timeout="20s"/><action name="monitor" timeout="20s" interval="10s"/>
<action name="meta-data" timeout="5s"/></actions></resource-agent>
END
;;
start) printf %s "$OCF_RESKEY_word" > /run/keeper;;
stop) rm -f /run/keeper;;
monitor) test -e /run/keeper || exit 7;;
esac
exit 0
"""


def resource(node: Node, *words: str, code: int = 0, **how: Any) -> Ran:
    ran = node.crm("resource", *words, **how)
    assert ran.code == code, (words, ran)
    return ran


def answer(node: Node, *words: str) -> Any:
    ran = node.crm("-o", "json", "resource", *words)
    assert ran.code == 0, (words, ran)
    return data_of(ran.out)


def with_dummy(node: Node, *more: str, name: str = "d1") -> None:
    made = node.crm("-F", "-w", "configure", "primitive", name, "ocf:pacemaker:Dummy", *more)
    assert made.code == 0, made


FAILING = ("params", "state=/run/d1.state", "op", "monitor", "interval=1s")


def fail(node: Node, name: str = "d1") -> None:
    """End a Dummy of FAILING behind the cluster's back, and wait until it has dealt with it."""
    before = _total(node, name)
    node.path("/run/d1.state").unlink()
    wait_until("a failure", lambda: _total(node, name) > before)
    node.run("crm_resource", "--wait")


def _total(node: Node, name: str) -> int:
    return sum(int(one["value"]) for one in answer(node, "failcount", name, "show"))


# ---- failures


def test_a_failed_resource_and_its_cleanup(node: Node) -> None:
    with_dummy(node, *FAILING, "meta", "migration-threshold=2")
    fail(node)
    assert "fail count 1 of 2 on node1" in resource(node, "status", "d1").out
    assert "is running on: node1" in resource(node, "locate", "d1").out
    fail(node)
    assert resource(node, "locate", "d1").out == "resource d1 is NOT running\n"
    why = answer(node, "why", "d1")
    assert (why["is_running"], why["reasons"][0]["code"], why["reasons"][0]["node"]) == (False, "fail-count", "node1")
    (count,) = answer(node, "failcount", "d1", "show", "node1")
    assert (count["operation"], count["interval_ms"], count["value"]) == ("monitor", 1000, "2")
    assert count["last_failure"] > 1_600_000_000
    resource(node, "failcount", "d1", "set", "node1", "INFINITY", "monitor", "1s")
    assert resource(node, "cleanup", "d1", "--wait").out == "forgotten: d1 on node1 (fail count INFINITY)\n"
    assert "is running on: node1" in resource(node, "locate", "d1").out
    assert answer(node, "failcount", "d1", "show") == []
    assert resource(node, "cleanup", "d1").out == "there was nothing to forget of d1\n"


def test_cleanup_of_everything_says_what_it_was(node: Node) -> None:
    with_dummy(node)
    with_dummy(node, *FAILING, name="d2")
    fail(node, "d2")
    assert answer(node, "cleanup", "--wait") == [{"resource": "d2", "node": "node1", "fail_count": 1}]
    assert {one["resource"] for one in answer(node, "refresh", "--wait")} == {"d1", "d2"}
    assert {one["task"] for one in answer(node, "operations")} >= {"probe"}


def test_fail_counts_of_single_operations(node: Node) -> None:
    with_dummy(node, "op", "monitor", "interval=10s")
    resource(node, "failcount", "d1", "set", "node1", "3")
    resource(node, "failcount", "d1", "set", "node1", "INFINITY", "start")
    resource(node, "failcount", "d1", "set", "node1", "5", "monitor", "PT7S")
    assert {(one["operation"], one["interval_ms"], one["value"]) for one in _counts(node, 3)} == {
        ("monitor", 10_000, "3"),
        ("monitor", 7_000, "5"),
        ("start", 0, "INFINITY"),
    }
    for words in (("set", "node1", "1"), ("set", "node1", "1", "monitor")):
        assert "say which operation" in resource(node, "failcount", "d1", *words, code=2).err
    said = resource(node, "failcount", "d1", "delete", "node1", "monitor", "7s")
    assert "d1 on node1 had a fail count of 5 (monitor 7s)" in said.err
    assert {one["operation"] for one in _counts(node, 2)} == {"monitor", "start"}
    # as the existing tools have it, 0 is for all of them
    assert "are 0" in resource(node, "failcount", "d1", "set", "node1", "0").err
    assert {one["value"] for one in _counts(node, 2)} == {"0"}
    resource(node, "failcount", "d1", "delete", "node1")
    assert _counts(node, 0) == []
    assert "has no such fail count" in resource(node, "failcount", "d1", "delete", "node1").err


def _counts(node: Node, expected: int) -> list[dict[str, Any]]:
    """The fail counts, as soon as the daemon that keeps them has told so many."""
    wait_until(f"{expected} fail counts", lambda: len(answer(node, "failcount", "d1", "show")) == expected)
    found: list[dict[str, Any]] = answer(node, "failcount", "d1", "show")
    return found


def test_edits_before_it_are_committed_in_a_script(node: Node) -> None:
    lines = ("configure primitive d1 ocf:pacemaker:Dummy", "resource refresh d1 --wait", "resource failcount d1 show")
    script = "\n".join((*lines, ""))
    ran = node.crm("-F", "-f", "-", stdin=script)
    assert (ran.code, ran.out.splitlines()[-1:]) == (0, ["no fail counts"]), ran
    assert b'id="d1"' in node.cib()


def test_odd_names(node: Node) -> None:
    for name in ("größe-ü", "_x.y", "a.b-c"):
        with_dummy(node, "op", "monitor", "interval=10s", name=name)
        resource(node, "failcount", name, "set", "node1", "4", "monitor", "10s")
        wait_until("a fail count", lambda of=name: answer(node, "failcount", of, "show"))
        assert answer(node, "failcount", name, "show")[0]["resource"] == name
        assert name in resource(node, "cleanup", name, "--wait").out
        assert answer(node, "failcount", name, "show") == []
        for verb in ("why", "trace", "relations", "locate", "operations"):
            resource(node, verb, name)


def test_what_cannot_be_a_name_is_not_there(node: Node) -> None:
    with_dummy(node)
    before = node.cib()
    for name in ("-f", "--force", "a b", "x;reboot", "'", "$(id)"):
        for words in (("cleanup", "--", name), ("refresh", "--", "d1", name), ("failcount", "--", "d1", "show", name)):
            assert "there is no " in resource(node, *words, code=4).err
    assert node.cib() == before


# ---- traces, parameters


def test_a_trace(node: Node) -> None:
    with_dummy(node, "op", "monitor", "interval=1s")
    folder = node.path("/tmp/crm-traces")
    resource(node, "trace", "d1", "monitor", "1s", "/tmp/crm-traces")
    wait_until("a trace", lambda: folder.is_dir() and list(folder.rglob("d1.monitor.*")))
    assert answer(node, "status", "d1")[0]["role"] == "Started"
    assert "d1: restart node1" in resource(node, "trace", "d1", "start", "--dry-run").out
    before = len(answer(node, "operations", "d1"))
    said = resource(node, "trace", "d1", "start", "--wait")
    assert "this restarts it" in said.err
    assert len(answer(node, "operations", "d1")) >= before
    resource(node, "untrace", "d1", "--wait")
    assert b"trace_ra" not in node.cib()


def test_a_parameter_restarts_and_waits(node: Node) -> None:
    with_dummy(node)
    assert "d1: restart node1" in resource(node, "param", "d1", "set", "state", "/run/x.state", "--dry-run").out
    resource(node, "param", "d1", "set", "state", "/run/x.state", "--wait")
    assert node.path("/run/x.state").exists()
    resource(node, "meta", "d1", "set", "target-role", "Stopped", "--wait")
    assert resource(node, "locate").out == "resource d1 is NOT running\n"


# ---- secrets


WORD = "/var/lib/pacemaker/lrm/secrets/k/word"


def install_keeper(node: Node) -> None:
    agent = node.path("/usr/lib/ocf/resource.d/test/keeper")
    agent.parent.mkdir(parents=True, exist_ok=True)
    agent.write_text(AGENT)
    agent.chmod(0o755)


def with_keeper(node: Node) -> None:
    install_keeper(node)
    made = node.crm("-F", "-w", "configure", "primitive", "k", "ocf:test:keeper", "params", "word=open")
    assert made.code == 0, made


def test_a_secret_gets_to_the_agent_and_nowhere_else(node: Node) -> None:
    with_keeper(node)
    resource(node, "secret", "k", "set", "word", stdin="to be hidden\n")
    assert b"to be hidden" not in node.cib()
    assert resource(node, "param", "k", "show", "word").out == "lrm://\n"
    node.run("crm_resource", "--restart", "--resource=k")
    assert node.path("/run/keeper").read_text() == "to be hidden"
    folder = node.path("/var/lib/pacemaker/lrm/secrets")
    assert [path.stat().st_mode & 0o777 for path in (folder, *sorted(folder.rglob("*")))] == [
        0o700,
        0o700,
        0o600,
        0o600,
    ]
    assert resource(node, "secret", "k", "show", "word").out == "to be hidden\n"
    assert resource(node, "secret", "k", "check", "word").out == ""
    (folder / "k" / "word").write_text("something else\n")
    assert "not as it was stored" in resource(node, "secret", "k", "check", "word", code=1).err
    resource(node, "secret", "k", "set", "word", "new")
    resource(node, "secret", "k", "unstash", "word")
    assert resource(node, "param", "k", "show", "word").out == "new\n"
    assert list(folder.rglob("*")) == []


def test_stash_and_delete(node: Node) -> None:
    with_keeper(node)
    resource(node, "secret", "k", "stash", "word")
    assert b"lrm://" in node.cib()
    resource(node, "secret", "k", "stash", "word", code=5)
    resource(node, "secret", "k", "delete", "word")
    assert b"lrm://" not in node.cib()
    assert b'name="word"' not in node.cib()
    for verb in ("show", "check", "stash", "unstash"):
        resource(node, "secret", "k", verb, "word", code=4)


def test_a_secret_on_three_nodes(three: Bed, tmp_path: Path) -> None:
    """The resource runs on another node than the one where this is said, and goes on running there."""
    client, others = three["node1"], [three["node2"], three["node3"]]
    for node in others:
        install_keeper(node)
    with_keeper(client)
    resource(client, "move", "k", "node2", "--wait")
    with serving(three, tmp_path / "home") as ssh:
        home = {"HOME": str(ssh.home)}
        stashed = client.crm("-w", "resource", "secret", "k", "stash", "word", env=home)
        assert (stashed.code, stashed.err) == (0, "")
        assert "k is running on: node2" in resource(client, "locate", "k").out
        assert answer(client, "failcount", "k", "show") == []
        assert others[0].path("/run/keeper").read_text() == "open"
        for node in others:
            assert node.path(WORD).stat().st_mode & 0o777 == 0o600
        ssh.forget()
        with node_terminal(client, "resource", "secret", "k", "set", "word", "newer", env=home) as terminal:
            for _ in others:
                terminal.wait(r"\(yes/no\)")
                terminal.type("yes\r")
            wait_until("both have it", lambda: {node.path(WORD).read_text() for node in others} == {"newer\n"})
        assert answer(client, "failcount", "k", "show") == []
        resource(client, "secret", "k", "delete", "word", env=home)
        assert not any(node.path(WORD).exists() for node in three.nodes.values())


def test_where_one_node_does_not_take_a_secret_nothing_is_changed(three: Bed, tmp_path: Path) -> None:
    client, able, unable = three["node1"], three["node2"], three["node3"]
    with_dummy(client)
    path = "/var/lib/pacemaker/lrm/secrets/d1/fake"
    with serving(three, tmp_path / "home") as ssh:
        home = {"HOME": str(ssh.home)}
        resource(client, "secret", "d1", "set", "fake", "old", env=home)
        able.path(f"{path}.sign").write_text("tampered\n")
        ssh.forget()
        ssh.know(able.name, able.path(f"{FOLDER}/host.pub").read_text())
        for name in ("fake", "state"):
            said = resource(client, "secret", "d1", "set", name, "new", env=home, code=1)
            assert f"{name} of d1 is not stored on {unable.name}" in said.err
        assert b'name="state"' not in client.cib()
        assert [node.path(path).read_text() for node in three.nodes.values()] == ["old\n"] * 3
        assert able.path(f"{path}.sign").read_text() == "tampered\n"
        files = [sorted(one.name for one in node.path(path).parent.iterdir()) for node in (client, able, unable)]
        assert files == [["fake", "fake.sign"]] * 3


def test_what_cannot_be_a_secret_changes_nothing(node: Node) -> None:
    with_keeper(node)
    before = node.cib()
    for name, value in (("a/b", "x"), ("..", "x"), ("word", ""), ("word", "x\n"), ("word", "a\nb"), ("word", "x ")):
        resource(node, "secret", "k", "set", name, value, code=5)
    assert node.cib() == before
    assert not node.path("/var/lib/pacemaker/lrm/secrets/k/word").exists()


# ---- who may, and when it is too bad a day

FORGETS = (
    ("cleanup", "d1"),
    ("refresh",),
    ("failcount", "d1", "set", "node1", "3", "monitor", "10s"),
)
EDITS = (
    ("meta", "d1", "set", "priority", "5"),
    ("param", "d1", "set", "fake", "x"),
    ("trace", "d1"),
)
ACTS = (*FORGETS, *EDITS)
LOOKS = (
    ("status",),
    ("locate", "d1"),
    ("operations",),
    ("failcount", "d1", "show"),
    ("why", "d1"),
    ("constraints", "d1"),
    ("relations", "d1"),
    ("scores",),
    ("meta", "d1", "show"),
)


def test_who_is_in_haclient_may_do_it_all(node: Node) -> None:
    with_dummy(node, "meta", "priority=1")
    node.add_user("clerk", groups=("haclient",))
    for words in (*LOOKS, *ACTS):
        resource(node, *words, user="clerk")
    resource(node, "secret", "d1", "set", "fake", "x")
    for words in (("set", "fake", "y"), ("delete", "fake")):
        assert "secrets are for root alone" in resource(node, "secret", "d1", *words, user="clerk", code=8).err
        assert b'name="fake" value="lrm://"' in node.cib()


def test_who_may_only_read(node: Node) -> None:
    with_dummy(node, "meta", "priority=1")
    roles = "role watcher read xpath:/cib\nacl_target reader watcher\nproperty enable-acl=true\n"
    assert node.crm("-F", "configure", stdin=roles).code == 0
    node.add_user("reader", groups=("haclient",))
    before = node.cib()
    for words in LOOKS:
        assert resource(node, *words, user="reader").out or words[0] == "constraints"
    for words in (*EDITS, ("secret", "d1", "set", "fake", "x")):
        said = resource(node, *words, user="reader", code=8)
        assert (said.out, said.err.count("ERROR")) == ("", 1), words
    assert node.cib() == before
    # the daemons take these orders, and are refused by the CIB when they come to carry them out
    node.run("crm_resource", "--fail", "--resource=d1", "--node=node1")
    wait_until("a failure", lambda: _total(node, "d1"))
    assert "does not carry it out" in resource(node, "cleanup", "d1", user="reader", code=8).err
    # this one now and then gets through; what is said of it is what became of it
    said = node.crm("resource", *FORGETS[2], user="reader")
    found = [one["value"] for one in answer(node, "failcount", "d1", "show") if one["operation"] == "monitor"]
    assert (said.code, found) in ((0, ["3"]), (8, [])), said


def test_who_may_not_use_the_cluster(node: Node) -> None:
    with_dummy(node)
    node.add_user("guest")
    for words in (*LOOKS, *ACTS):
        said = resource(node, *words, user="guest", code=8)
        assert (said.out, said.err.count("ERROR")) == ("", 1), words


def test_a_cluster_that_does_not_run(node: Node) -> None:
    with_dummy(node)
    node.stop_cluster()
    for words in (*LOOKS, *ACTS, ("secret", "d1", "show", "fake")):
        said = resource(node, *words, code=7)
        assert (said.out, said.err.count("ERROR")) == ("", 1), words


def test_a_controller_that_hangs(node: Node) -> None:
    with_dummy(node)
    node.signal("pacemaker-controld", signal.SIGSTOP)
    said = node.impatient_crm("resource", "refresh", "d1")
    assert (said.code, "did not answer within" in said.err) == (9, True), said
    assert resource(node, "locate", "d1").out


def test_a_cib_daemon_that_hangs(node: Node) -> None:
    with_dummy(node)
    node.signal("pacemaker-based", signal.SIGSTOP)
    said = node.impatient_crm("resource", "status")
    assert (said.code, said.err.count("ERROR")) == (9, 1), said


def test_json_of_it_all(node: Node) -> None:
    with_dummy(node, *FAILING, "meta", "priority=1")
    fail(node)
    for words in LOOKS:
        assert json.dumps(answer(node, *words)) != "null"
