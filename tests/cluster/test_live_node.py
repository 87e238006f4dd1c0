"""`crm node` and `crm maintenance` on running clusters: standby, attributes, fencing, nodes that go for good."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest
from bed import wait_until
from fencing import device
from node_terminal import node_terminal

if TYPE_CHECKING:
    from bed import Bed, Node
    from program import Ran

pytestmark = pytest.mark.needs_cluster

FAILED, USAGE, NOTHING_THERE, REFUSED, UNREACHABLE, NOT_PERMITTED, TIMED_OUT = 1, 2, 4, 5, 7, 8, 9
DUMMY = "primitive d1 ocf:pacemaker:Dummy"
READER = "role reader read xpath:/cib\nacl_target watcher reader\nproperty enable-acl=true"


def crm(node: Node, *lines: str, code: int = 0, **how: object) -> Ran:
    for line in lines:
        ran = node.crm(*line.split(), **how)
        assert ran.code == code, ran
    return ran


def setup(node: Node, *lines: str) -> None:
    ran = node.crm("-w", "-F", "configure", stdin="\n".join((*lines, "")))
    assert ran.code == 0, ran


def shown(node: Node, name: str) -> dict[str, Any]:
    (found,) = json.loads(crm(node, f"-o json node show {name}").out)["data"]
    return dict(found)


def where(node: Node, name: str = "d1") -> list[str]:
    (found,) = json.loads(crm(node, f"-o json resource locate {name}").out)["data"]
    return [one["node"] for one in found["nodes"]]


# ---------------------------------------------------------------------------------------- standby


def test_the_local_node_goes_into_standby_and_comes_back(node: Node) -> None:
    setup(node, DUMMY)
    crm(node, "node standby --wait")
    assert (shown(node, "node1")["standby"], where(node)) == (True, [])
    assert "node1 is in standby already" in crm(node, "node standby").err
    assert "start node1" in crm(node, "node online --dry-run").out
    assert shown(node, "node1")["standby"] is True
    crm(node, "node online --wait")
    assert (shown(node, "node1")["standby"], where(node)) == (False, ["node1"])


def test_standby_until_reboot_is_no_part_of_the_configuration(node: Node) -> None:
    setup(node, DUMMY)
    crm(node, "-w node standby reboot")
    found = shown(node, "node1")
    assert (found["attributes"], found["transient_attributes"]["standby"], where(node)) == ({}, "on", [])
    assert "already" in crm(node, "node standby reboot").err
    assert "start node1" in crm(node, "node online --dry-run").out
    said = crm(node, "-o core.wait=yes node online").err
    assert "leaves the cluster, is removed" in said
    assert "this starts d1" in said
    assert (shown(node, "node1")["standby"], where(node)) == (False, ["node1"])


def test_online_ends_both(node: Node) -> None:
    crm(node, "node standby", "node standby reboot")
    ran = crm(node, "node online")
    assert ran.err.count("is removed") == 2
    wait_until("the node is online", lambda: not shown(node, "node1")["standby"])


def test_a_node_that_an_operation_put_into_standby(node: Node) -> None:
    setup(node, f"{DUMMY} op monitor interval=1s on-fail=standby timeout=20s")
    node.run("rm", "/run/Dummy-d1.state", check=True)
    wait_until("the monitor fails", lambda: shown(node, "node1")["standby_onfail"])
    assert "`resource cleanup` ends it" in crm(node, "node online").err


def test_several_nodes_at_once(three: Bed) -> None:
    node = three["node1"]
    setup(node, DUMMY)
    (home,) = where(node)
    others = [name for name in three.nodes if name != home]
    assert "move" in crm(node, f"node standby {home} {others[0]} --dry-run").out
    crm(node, f"node standby {home} {others[0]} --wait")
    assert where(node) == [others[1]]
    crm(node, "node standby --all --wait")
    assert where(node) == []
    assert "is not in standby" not in crm(node, "node online --all --wait").err
    assert len(where(node)) == 1


def test_pending_edits_are_committed_before(node: Node) -> None:
    ran = node.crm(stdin=f"configure\n{DUMMY}\nup\nnode standby\nconfigure show\n")
    assert ran.code == 0, ran
    assert "d1" in ran.out
    assert shown(node, "node1")["standby"] is True


# ---------------------------------------------------------------------------------------- maintenance


def test_a_node_in_maintenance_is_left_alone(node: Node) -> None:
    setup(node, f"{DUMMY} op monitor interval=1s timeout=20s")
    crm(node, "node maintenance --wait")
    node.run("rm", "/run/Dummy-d1.state", check=True)
    ran = crm(node, "maintenance action d1 monitor", code=FAILED)
    assert "not running (7)" in ran.out
    assert "ok (0)" in crm(node, "maintenance action d1 start").out
    assert "ok (0)" in crm(node, "maintenance action d1 monitor").out
    crm(node, "node ready --wait")
    assert (shown(node, "node1")["maintenance"], where(node)) == (False, ["node1"])
    crm(node, "maintenance action d1 monitor", code=REFUSED)


def test_what_a_resource_says_itself_is_asked_about(node: Node) -> None:
    setup(node, DUMMY)
    crm(node, "node maintenance", "maintenance on d1")
    assert "d1 keeps maintenance=true" in crm(node, "node ready").err
    with node_terminal(node, "node", "ready") as terminal:
        terminal.wait("stays unmanaged with it. Remove it")
        terminal.type("yes\n")
        terminal.wait("maintenance=true of d1 is removed")
        assert terminal.end() == 0
    wait_until("it is gone", lambda: b'"maintenance"' not in node.cib())


def test_the_whole_cluster(node: Node) -> None:
    setup(node, DUMMY, "group g d1")
    crm(node, "maintenance on --wait", "maintenance action d1 stop")
    assert crm(node, "maintenance action d1 monitor", code=FAILED).out.endswith("not running (7)\n")
    assert "in it: d1" in crm(node, "maintenance action g stop", code=USAGE).err
    assert "resources are d1 and g" in crm(node, "maintenance action d2 stop", code=NOTHING_THERE).err
    assert "not there yet" in crm(node, "maintenance action d1 stop ssh", code=USAGE).err
    crm(node, "maintenance action d1 start", "maintenance off --wait")
    assert where(node) == ["node1"]


def test_an_action_is_not_run_beside_the_one_that_runs(three: Bed) -> None:
    setup(three["node1"], DUMMY)
    crm(three["node1"], "maintenance on d1")
    (home,) = where(three["node1"])
    other = next(name for name in three.nodes if name != home)
    assert "would run twice" in crm(three[other], "maintenance action d1 start", code=REFUSED).err
    assert f"runs on {home}" in crm(three[other], "maintenance action d1 stop", code=REFUSED).err
    crm(three[home], "maintenance action d1 stop")


# ---------------------------------------------------------------------------------------- attributes

ODD = [("größe", "1"), ("a b", "x  y"), ("-lead", "-1"), ("q'\"", "<&>"), ("x", ""), ("漢", "ü")]


@pytest.mark.parametrize(("name", "value"), ODD)
def test_odd_names_and_values_of_permanent_attributes(name: str, value: str, node: Node) -> None:
    done = node.crm("node", "attribute", "node1", "set", "--", name, value)
    assert done.code == 0, done
    assert shown(node, "node1")["attributes"] == {name: value}
    assert node.crm("node", "attribute", "node1", "delete", "--", name).code == 0
    assert shown(node, "node1")["attributes"] == {}


@pytest.mark.parametrize(("name", "value"), [one for one in ODD if one[1]])
def test_odd_names_and_values_of_transient_attributes(name: str, value: str, node: Node) -> None:
    done = node.crm("node", "status-attr", "node1", "set", "--", name, value)
    assert done.code == 0, done
    wait_until("it is written", lambda: shown(node, "node1")["transient_attributes"].get(name) == value)
    one = node.crm("node", "status-attr", "node1", "show", "--", name)
    assert one.out == f"scope=status  name={name} value={value}\n"
    assert node.crm("node", "status-attr", "node1", "delete", "--", name).code == 0
    wait_until("it is gone", lambda: name not in shown(node, "node1")["transient_attributes"])
    assert node.crm("node", "status-attr", "node1", "show", "--", name).code == NOTHING_THERE


def test_private_and_dampened_attributes(node: Node) -> None:
    crm(node, "node status-attr node1 set token=7 --private", "node status-attr node1 set load=3 --dampen 100ms")
    assert crm(node, "node status-attr node1 show token").out == "scope=status  name=token value=7\n"
    wait_until("the other one is written", lambda: "load" in crm(node, "node status-attr node1 show").out)
    assert "token" not in crm(node, "node status-attr node1 show").out
    crm(node, "node status-attr node1 delete token load")
    assert "has no attribute token" in crm(node, "node status-attr node1 show token", code=NOTHING_THERE).err
    assert "has no attribute token" in crm(node, "node status-attr node1 delete token").err


def test_secrets_are_masked(node: Node) -> None:
    assert "list of processes" in crm(node, "node status-attr node1 set password=open", code=REFUSED).err
    crm(node, "-F node status-attr node1 set password=open", "node attribute node1 set my_passwd=open")
    wait_until("it is written", lambda: "password" in shown(node, "node1")["transient_attributes"])
    for line in ("node show", "-o json node show", "node status-attr node1 show", "node attribute node1 show"):
        ran = crm(node, line)
        assert ("open" in ran.out, "******" in ran.out) == (False, True), line


# ---------------------------------------------------------------------------------------- fencing


def test_a_node_is_fenced(three: Bed) -> None:
    node, victim = three["node1"], three["node3"]
    node.cibadmin("--create", "--scope=resources", "--xml-pipe", stdin=device(*three.nodes.values()))
    wait_until("the device is there", lambda: "device" in node.run("stonith_admin", "--list=node3").out)
    victim.crash_cluster()
    assert "did you mean node3" in crm(node, "node fence node33", code=NOTHING_THERE).err
    with node_terminal(node, "node", "fence", "node3") as terminal:
        terminal.wait(r"Reboot node3 at once, by fencing.*\(yes/no\)")
        terminal.type("no\n")
        terminal.wait("nothing was done")
    with node_terminal(node, "node", "fence", "node3") as terminal:
        terminal.wait(r"\(yes/no\)")
        terminal.type("\x04")
        terminal.wait("nothing was done")
    assert "nothing was done" in crm(node, "-n node fence node3", code=REFUSED).err
    assert crm(node, "node fence-history node3").out == "no fencing\n"
    ran = crm(node, "node fence node3 --timeout 30")
    assert "node3 was fenced by node" in ran.err
    history = crm(node, "node fence-history node3").out
    assert "reboot of node3 succeeded" in history
    crm(node, "-F node fence node3 off")
    assert "off of node3 succeeded" in crm(node, "node fence-history").out
    crm(node, "node fence-history --cleanup")
    wait_until("it is forgotten", lambda: crm(node, "node fence-history").out == "no fencing\n")


def test_fencing_that_fails_says_so(three: Bed) -> None:
    node = three["node1"]
    node.cibadmin("--create", "--scope=resources", "--xml-pipe", stdin=device(*three.nodes.values()))
    wait_until("the device is there", lambda: "device" in node.run("stonith_admin", "--list=node3").out)
    for one in three.nodes.values():
        agent = one.path("/usr/sbin/fence_said")
        agent.write_text(agent.read_text().replace("case ", '[ "$action" = reboot ] && exit 1\ncase ', 1))
    ran = crm(node, "node fence node3 --timeout 15", code=FAILED)
    assert "node3 was not fenced" in ran.err
    assert "reboot of node3 failed" in crm(node, "node fence-history node3").out
    crm(node, "node fence-history node3 --cleanup")


def test_without_a_device_nothing_is_fenced(node: Node) -> None:
    ran = crm(node, "-F node fence node1", code=REFUSED)
    assert "no fencing device can fence node1; nothing was done" in ran.err
    assert crm(node, "node fence-history").out == "no fencing\n"


def test_a_node_is_declared_to_be_down(three: Bed) -> None:
    node = three["node1"]
    assert "node3 is online" in crm(node, "-F node clearstate node3", code=REFUSED).err
    node.run("crm_attribute", "-n", "stonith-enabled", "-v", "true", check=True)
    three["node3"].crash_cluster()
    wait_until("node3 is unclean", lambda: shown(node, "node3")["unclean"])
    assert "nobody has confirmed" in crm(node, "node clearstate node3", code=REFUSED).err
    assert shown(node, "node3")["unclean"] is True
    crm(node, "-F node clearstate node3")
    wait_until("node3 is clean", lambda: not shown(node, "node3")["unclean"])
    crm(node, "node fence-history --cleanup")


# ---------------------------------------------------------------------------------------- delete


def test_a_node_goes_for_good(three: Bed) -> None:
    node = three["node1"]
    setup(node, DUMMY, "location l1 d1 inf: node3", "location l2 d1 50: node2")
    assert "node3 is online" in crm(node, "node delete node3", code=REFUSED).err
    assert "node1 is this node" in crm(node, "node delete node1", code=REFUSED).err
    three["node3"].stop_cluster()
    wait_until("node3 is offline", lambda: not shown(node, "node3")["online"])
    ran = crm(node, "node delete node3")
    assert "l1 is deleted with node node3" in ran.err
    assert "has forgotten node3" in ran.err
    assert b"node3" not in node.cib()
    assert "node3" not in crm(node, "node show").out
    assert b"l2" in node.cib()
    # it is in corosync.conf still
    three["node3"].start_cluster()
    three.wait_online()


# ---------------------------------------------------------------------------------------- bad days


def test_who_may_read_only(node: Node) -> None:
    setup(node, DUMMY, *READER.splitlines())
    node.add_user("watcher", groups=("haclient",))
    assert "node1(1): member, online" in crm(node, "node show", user="watcher").out
    before = node.cib()
    for line in ("node standby", "node attribute node1 set a 1", "maintenance on"):
        crm(node, line, code=NOT_PERMITTED, user="watcher")
    assert node.cib() == before
    # the daemon takes these, and would carry them out as soon as somebody else may
    done = set()
    for name, line in (("standby", "node standby reboot"), ("new", "node status-attr node1 set new 2")):
        ran = node.crm(*line.split(), user="watcher")
        # now and then one gets through; what is said of it is what became of it
        assert (ran.code, "does not carry it out" in ran.err) in ((NOT_PERMITTED, True), (0, False)), ran
        done |= {name} if ran.code == 0 else set()
    crm(node, "configure property enable-acl=false")
    crm(node, "node status-attr node1 set last 1")
    said = crm(node, "node status-attr node1 show").out
    assert {name for name in ("standby", "new", "last") if f"name={name} " in said} == {"last", *done}


def test_who_may_not_even_read(node: Node) -> None:
    node.add_user("nobody2")
    for line in ("node show", "node standby", "node fence node1", "site ticket list", "node status-attr node1 show"):
        ran = crm(node, line, code=NOT_PERMITTED, user="nobody2")
        assert ran.out == ""


def test_a_stopped_cluster(node: Node) -> None:
    node.stop_cluster()
    for line in (
        "node show",
        "node standby",
        "node online node1",
        "node standby reboot",
        "node attribute node1 set a 1",
        "node status-attr node1 show",
        "-F node fence node1",
        "-F node clearstate node1",
        "node fence-history",
        "node delete node2",
        "maintenance on",
        "site ticket list",
        "-F site ticket grant T",
    ):
        crm(node, line, code=UNREACHABLE)


def test_a_daemon_that_hangs(node: Node) -> None:
    node.signal("pacemaker-attrd", signal.SIGSTOP)
    ran = node.impatient_crm("node", "status-attr", "node1", "show", "a")
    # which of the tools waits for the daemon depends on the moment
    assert (ran.code, "did not end within 2 s" in ran.err) == (TIMED_OUT, True), ran
