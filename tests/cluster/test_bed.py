"""The test bed itself: real daemons, apart from the host and from each other, which do not outlive who started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import figures
import pytest
from bed import Bed, Node, wait_until
from bed.node import children, offspring

pytestmark = pytest.mark.needs_cluster

DUMMY = '<primitive id="d" class="ocf" provider="pacemaker" type="Dummy"/>'
# A bed as a test has it, with a program in it.
SCRIPT = """
import sys
sys.path[:0] = {path!r}
from bed import Bed
with Bed(start=False) as bed:
    bed["node1"].start_cluster()
    with bed["node1"].popen("setsid", "sleep", "1000") as sleeper:
        print("up", flush=True)
        sleeper.wait()
"""


def _mounts() -> str:
    return Path("/proc/self/mountinfo").read_text()


def _figure(name: str, seconds: float) -> None:
    figures.merge([(f"test bed: {name}", {"ms": round(seconds * 1000)}, ("ms",))])


def _programs(node: Node) -> set[str]:
    """What runs in a node."""
    return set(node.run("sh", "-c", "cat /proc/[0-9]*/comm").out.split())


def test_one_node_has_a_controller(node: Node) -> None:
    assert node.sees() == {"node1"}
    assert ET.fromstring(node.cib()).get("have-quorum") == "1"
    _figure("one node", node.bed.seconds)


def test_three_nodes_have_quorum(three: Bed) -> None:
    assert [node.sees() for node in three.nodes.values()] == [{"node1", "node2", "node3"}] * 3
    _figure("three nodes with quorum", three.seconds)


def test_a_node_is_a_machine_of_its_own(node: Node, tmp_path: Path) -> None:
    assert node.run("hostname", check=True).out == "node1\n"
    assert f" {node.address}/" in node.run("ip", "-o", "address", check=True).out
    for folder in ("/etc", "/root", "/run", "/dev/shm", "/var/lib/pacemaker"):
        node.run("touch", f"{folder}/of-the-bed", check=True)
        assert not Path(folder, "of-the-bed").exists()
    node.run("cp", "/etc/hostname", str(tmp_path), check=True)
    assert (tmp_path / "hostname").read_text() == "node1\n"


def test_the_environment_is_clean(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIB_file", "/nowhere")
    lines = node.run("env", env={"ASKED": "for"}, check=True).out.splitlines()
    assert "ASKED=for" in lines
    assert "HOME=/root" in lines
    assert not [line for line in lines if line.startswith("CIB_")]


def test_our_program_runs_in_a_node(node: Node) -> None:
    assert "stonith-enabled=false" in node.crm("configure", "show").out


def test_another_user(node: Node) -> None:
    node.add_user("reader", groups=("haclient",))
    ran = node.run("sh", "-c", "id -un; id -Gn; echo $HOME; pwd", user="reader", check=True)
    assert ran.out.split() == ["reader", "reader", "haclient", "/home/reader", "/home/reader"]
    assert node.cibadmin("--query", user="reader").out
    node.crm("configure", "show", user="reader")
    node.bed.reset()
    assert node.run("id", "reader").code == 1


def test_the_users_of_the_system(node: Node) -> None:
    assert node.run("sh", "-c", "id -un; pwd", user="hacluster", check=True).out.split()[0] == "hacluster"
    node.add_user("stranger")
    assert node.cibadmin("--query", user="stranger", check=False).code


def test_reset_leaves_nothing(node: Node) -> None:
    before = ET.fromstring(node.cib())
    node.cibadmin("--create", "--scope=resources", "--xml-text", DUMMY)
    node.run("crm_attribute", "--type=status", "--node=node1", "--name=colour", "--update=red", check=True)
    node.path("/root/.left-over").touch()
    wait_until("the resource runs", lambda: "running on" in node.run("crm_resource", "--locate", "--resource=d").out)
    node.bed.reset()
    after = ET.fromstring(node.cib())
    assert ET.tostring(after.find("configuration")) == ET.tostring(before.find("configuration"))
    assert not list(after.iter("lrm_resource"))
    assert not after.findall(".//nvpair[@name='colour']")
    assert not node.path("/root/.left-over").exists()


def test_reset_takes_the_schema_back(node: Node) -> None:
    before = ET.fromstring(node.cib()).get("validate-with")
    node.cibadmin("--modify", "--xml-text", '<cib validate-with="pacemaker-3.0"/>')
    node.bed.reset()
    assert ET.fromstring(node.cib()).get("validate-with") == before


def test_a_killed_daemon_comes_back(node: Node) -> None:
    pids = node.pids("pacemaker-based")
    node.kill("pacemaker-based")
    wait_until("it is back", lambda: node.pids("pacemaker-based") and not node.cibadmin("--query", check=False).code)
    assert node.pids("pacemaker-based") != pids


def test_a_stopped_daemon_hangs(node: Node) -> None:
    node.signal("pacemaker-based", signal.SIGSTOP)
    with pytest.raises(subprocess.TimeoutExpired):
        node.run("cibadmin", "--query", timeout=1)
    node.signal("pacemaker-based", signal.SIGCONT)
    assert node.cib()


def test_the_cluster_stops_and_starts(node: Node) -> None:
    node.stop_cluster()
    assert not node.pids()
    assert node.cibadmin("--query", check=False).code == 102
    node.start_cluster()
    node.bed.wait_online()
    assert node.pids()


def test_quorum_is_lost_behind_a_cut(three: Bed) -> None:
    three.partition(["node1"], ["node2", "node3"])
    wait_until("node1 is alone", lambda: ET.fromstring(three["node1"].cib()).get("have-quorum") == "0")
    wait_until("the others go on", lambda: three["node2"].sees() == {"node2", "node3"})
    three.heal()
    three.wait_online()
    assert three["node1"].sees() == {"node1", "node2", "node3"}


def test_a_node_loses_its_power(three: Bed) -> None:
    three["node3"].power_off()
    three.wait_online("node1", "node2")
    wait_until("they notice", lambda: three["node1"].sees() == {"node1", "node2"})
    three.reset()
    assert three["node3"].sees() == {"node1", "node2", "node3"}


def test_signals_reach_the_program(node: Node) -> None:
    with node.popen("sleep", "1000") as sleeper:
        wait_until("it runs", lambda: os.readlink(f"/proc/{sleeper.program}/exe").endswith("sleep"))
        sleeper.send_signal(signal.SIGSTOP)
        sleeper.send_signal(signal.SIGCONT)
        sleeper.terminate()
        assert sleeper.wait(20) == -signal.SIGTERM


def test_nothing_is_left_of_a_program(node: Node) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        node.run("sh", "-c", "setsid sleep 1001 & sleep 1001", timeout=0.5)
    with node.popen("sleep", "1002"):
        pass
    assert "corosync" in _programs(node)
    # killed they are; to be gone may take a moment more
    wait_until("all are gone", lambda: "sleep" not in _programs(node), 20)


def test_two_beds_do_not_meet(node: Node) -> None:
    with Bed() as other:
        alone = other["node1"]
        alone.run("crm_attribute", "--node=node1", "--name=colour", "--update=red", check=True)
        assert b"colour" in alone.cib()
        assert b"colour" not in node.cib()
        alone.stop_cluster()
        assert node.pids()
        assert node.sees() == {"node1"}
        assert not alone.sees()


@pytest.mark.parametrize(
    ("victim", "sig"), [("test", signal.SIGKILL), ("test", signal.SIGINT), ("launcher", signal.SIGKILL)]
)
def test_nothing_survives(victim: str, sig: signal.Signals) -> None:
    mounts = _mounts()
    script = SCRIPT.format(path=sys.path)
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # what starts these tests in the background has Ctrl-C ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as test:
        try:
            assert test.stdout.readline() == b"up\n"
            wait_until("all run", lambda: len(list(offspring(test.pid))) > 12)
            alive = list(offspring(test.pid))[1:]
            os.kill(test.pid if victim == "test" else children(test.pid)[0], sig)
            # generous: it takes 0.1 s
            wait_until("all are gone", lambda: not [pid for pid in alive if Path(f"/proc/{pid}").exists()], 20)
            test.wait(20)
        finally:
            test.kill()
    assert _mounts() == mounts


def test_a_bed_that_died_says_so() -> None:
    with Bed(start=False) as bed:
        os.kill(bed._process.pid, signal.SIGKILL)
        with pytest.raises(RuntimeError, match="the bed has died"):
            bed["node1"].power_on()
