"""Shadow CIBs of a running cluster: made from its CIB, committed into it, with Pacemaker's own tools beside."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest
from terminal import CRM, Terminal

if TYPE_CHECKING:
    from bed import Node

pytestmark = pytest.mark.needs_cluster

A = '<primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>'


@pytest.fixture
def cluster(node: Node) -> Node:
    """A cluster with one resource, and no fencing, which would hold it back."""
    for line in ("property stonith-enabled=false", "primitive a ocf:pacemaker:Dummy"):
        crm(node, f"configure {line}")
    return node


def crm(node: Node, line: str, code: int = 0, **how: object) -> str:
    """Run the words of a line; what it says, when it ends with the exit code."""
    ran = node.crm(*line.split(), **how)
    assert ran.code == code, ran
    return ran.out + ran.err


def script(node: Node, *lines: str, code: int = 0) -> str:
    ran = node.crm(stdin="\n".join((*lines, "")))
    assert ran.code == code, ran
    return ran.out + ran.err


def live(node: Node) -> set[str]:
    """The resources of the cluster."""
    return {el.get("id") for el in ET.fromstring(node.cib()).iter("primitive")}


def option(node: Node, name: str) -> str | None:
    found = ET.fromstring(node.cib()).find(f"configuration/crm_config//nvpair[@name='{name}']")
    return None if found is None else found.get("value")


def test_a_shadow_is_edited_and_committed(cluster: Node) -> None:
    script(cluster, "cib new plan", "configure primitive b ocf:pacemaker:Dummy", "configure delete a")
    assert live(cluster) == {"a"}
    assert "+primitive b ocf:pacemaker:Dummy" in crm(cluster, "cib diff plan")
    assert "a runs on node1" in crm(cluster, "cib commit plan", code=5)
    crm(cluster, "-w cib commit plan force")
    assert live(cluster) == {"b"}
    # and the cluster has done it
    assert "running on: node1" in cluster.run("crm_resource", "--locate", "-r", "b", check=True).out
    assert crm(cluster, "cib diff plan") == ""
    crm(cluster, "cib delete plan")
    assert cluster.run("find", "/var/lib/pacemaker/cib", "-name", "*plan*").out == ""


def test_the_flow_of_the_wiki_page_as_a_script(cluster: Node) -> None:
    said = script(cluster, "cib new c", "cib use c", "configure", "show", "verify", "delete a", "cib commit c force")
    assert "what was edited is committed to the shadow CIB c" in said
    assert live(cluster) == set()


def test_what_others_do_meanwhile_is_kept(cluster: Node) -> None:
    crm(cluster, "cib new plan")
    crm(cluster, "-c plan configure primitive b ocf:pacemaker:Dummy")
    cluster.run("crm_attribute", "-t", "crm_config", "-n", "batch-limit", "-v", "7", check=True)
    cluster.run("crm_attribute", "-t", "status", "-N", "node1", "-n", "pingd", "-v", "1", check=True)
    said = crm(cluster, "cib commit plan")
    assert "merged with what somebody else has changed in the cluster meanwhile" in said
    assert live(cluster) == {"a", "b"}
    assert option(cluster, "batch-limit") == "7"
    # the state is the cluster's own
    assert cluster.run("crm_attribute", "-t", "status", "-N", "node1", "-n", "pingd", "-Gq", check=True).out == "1\n"
    crm(cluster, "-c plan configure property batch-limit=8")
    crm(cluster, "configure property batch-limit=9")
    said = crm(cluster, "cib commit plan", code=6)
    assert "property batch-limit=8" in said
    assert "batch-limit=9" in said
    assert option(cluster, "batch-limit") == "9"
    crm(cluster, "cib commit plan overwrite")
    assert option(cluster, "batch-limit") == "8"


def test_shadows_of_crm_shadow_are_ours_and_ours_are_its(cluster: Node) -> None:
    cluster.run("crm_shadow", "--batch", "--create", "theirs", check=True)
    cluster.run("crm_attribute", "-t", "crm_config", "-n", "batch-limit", "-v", "5", env={"CIB_shadow": "theirs"})
    assert "theirs" in crm(cluster, "cib list")
    assert "nobody knows what the shadow CIB theirs was made from" in crm(cluster, "cib commit theirs", code=6)
    assert option(cluster, "batch-limit") is None
    crm(cluster, "cib commit theirs overwrite")
    assert option(cluster, "batch-limit") == "5"
    crm(cluster, "cib new ours")
    in_ours = {"CIB_shadow": "ours"}
    assert "batch-limit" in cluster.run("crm_shadow", "--display", env=in_ours, check=True).out
    cluster.run("crm_attribute", "-t", "crm_config", "-n", "batch-limit", "-v", "6", env=in_ours, check=True)
    assert "@value=6" in cluster.run("crm_shadow", "--diff", env=in_ours).out
    crm(cluster, "cib commit", env=in_ours)
    assert option(cluster, "batch-limit") == "6"
    crm(cluster, "-c ours configure property batch-limit=4")
    cluster.run("crm_shadow", "--batch", "--force", "--commit", "ours", env=in_ours, check=True)
    assert option(cluster, "batch-limit") == "4"
    cluster.run("crm_shadow", "--batch", "--force", "--delete", "ours", env=in_ours, check=True)
    assert "ours" not in crm(cluster, "cib list")


def test_a_cluster_set_up_anew_is_not_the_one_that_a_shadow_was_made_from(cluster: Node) -> None:
    """It counts from the beginning, and may be at the same number again; all the same it is another one."""
    crm(cluster, "cib new plan")
    crm(cluster, "-c plan configure primitive b ocf:pacemaker:Dummy")
    root = ET.fromstring(cluster.cib())
    epoch = int(root.get("epoch"))
    root.find("configuration/resources").append(ET.fromstring(A.replace('id="a"', 'id="other"')))
    # of a higher admin_epoch first, else the daemon would not take a lower epoch
    for admin_epoch, number in (("9", "0"), ("10", "0")):
        root.set("admin_epoch", admin_epoch)
        root.set("epoch", number)
        cluster.cibadmin("--replace", "--xml-pipe", stdin=ET.tostring(root))
    origin = cluster.path("/var/lib/pacemaker/cib/origin.plan")
    shadow = cluster.path("/var/lib/pacemaker/cib/shadow.plan")
    now = ET.fromstring(cluster.cib())
    for path in (origin, shadow):
        text = re.sub(r'admin_epoch="\d+"', f'admin_epoch="{now.get("admin_epoch")}"', path.read_text(), count=1)
        path.write_text(re.sub(r'(?<= )epoch="\d+"', f'epoch="{now.get("epoch")}"', text, count=1))
    assert epoch > 0
    assert "merged with" in crm(cluster, "cib commit plan")
    assert live(cluster) == {"a", "b", "other"}


def test_a_state_is_kept_where_it_is_asked_for(cluster: Node) -> None:
    crm(cluster, "cib new with withstatus")
    crm(cluster, "cib new without")
    assert "node1" in crm(cluster, "-c with status")
    online = json.loads(cluster.crm("-c", "with", "status", "-o", "json").out)["data"]["nodes"][0]["online"]
    assert online is True
    online = json.loads(cluster.crm("-c", "without", "status", "-o", "json").out)["data"]["nodes"][0]["online"]
    assert online is False


def test_an_empty_shadow_adds_to_the_cluster(cluster: Node) -> None:
    script(cluster, "cib new plan empty", "configure primitive b ocf:pacemaker:Dummy")
    crm(cluster, "cib commit plan")
    assert live(cluster) == {"a", "b"}
    assert option(cluster, "dc-version") is not None
    assert option(cluster, "stonith-enabled") == "false"


def test_an_input_of_the_scheduler_becomes_a_shadow(cluster: Node) -> None:
    crm(cluster, "-w configure primitive b ocf:pacemaker:Dummy")
    kept = cluster.run("ls", "/var/lib/pacemaker/pengine", check=True).out.split()
    number = max(int(found.group(1)) for name in kept if (found := re.fullmatch(r"pe-input-(\d+)\.bz2", name)))
    crm(cluster, f"cib import {number}")
    assert f"pe-input-{number}" in crm(cluster, "cib list")
    assert "primitive a " in crm(cluster, f"-c pe-input-{number} configure show")
    assert "node1" in crm(cluster, f"-c pe-input-{number} status")
    crm(cluster, "-F configure delete b")
    assert "nobody knows" in crm(cluster, f"cib commit pe-input-{number}", code=6)
    assert live(cluster) == {"a"}
    crm(cluster, "configure primitive c ocf:pacemaker:Dummy")
    said = crm(cluster, f"-F cib commit pe-input-{number} overwrite")
    assert "WARNING: put in the place of what the cluster had: removed c" in said
    assert live(cluster) == {"a", "b"}


def test_root_follows_nothing_that_hacluster_has_planted(cluster: Node) -> None:
    """The folder is that of hacluster, who is not root, and must not become it."""
    folder = "/var/lib/pacemaker/cib"
    cluster.run("sh", "-c", "echo precious > /root/precious; chmod 600 /root/precious", check=True)
    for name, what in (
        ("origin.trap", "ln -s /root/precious"),
        ("origin.new", "ln -s /root/made"),
        ("origin.p", "mkfifo"),
    ):
        cluster.run("su", "-s", "/bin/sh", "hacluster", "-c", f"{what} {folder}/{name}", check=True)
    for name in ("trap", "new", "p"):
        crm(cluster, f"cib new {name}")
        crm(cluster, f"-c {name} configure property batch-limit=3")
        crm(cluster, f"cib commit {name}")
        assert option(cluster, "batch-limit") == "3"
    cluster.run("su", "-s", "/bin/sh", "hacluster", "-c", f"ln -sf /root/precious {folder}/shadow.trap", check=True)
    for line in ("cib use trap", "cib commit trap overwrite", "-c trap configure property batch-limit=4"):
        assert "the shadow CIB trap is a link" in crm(cluster, line, code=1)
    crm(cluster, "cib new trap force")
    assert cluster.run("sh", "-c", "cat /root/precious; ls /root/made").out == "precious\n"


def test_a_user_has_shadows_of_their_own(cluster: Node) -> None:
    cluster.add_user("ann", groups=("haclient",))
    crm(cluster, "cib new plan")
    crm(cluster, "cib new plan", user="ann")
    files = cluster.run("sh", "-c", "stat -c '%A %U %n' /home/ann/.cib /home/ann/.cib/*", check=True).out
    assert files == (
        "drwx------ ann /home/ann/.cib\n"
        "-rw------- ann /home/ann/.cib/origin.plan\n"
        "-rw------- ann /home/ann/.cib/shadow.plan\n"
    )
    shown = cluster.run("crm_shadow", "--display", env={"CIB_shadow": "plan"}, user="ann", check=True).out
    assert 'id="a"' in shown
    crm(cluster, "-c plan configure property batch-limit=3", user="ann")
    crm(cluster, "cib commit plan", user="ann")
    assert option(cluster, "batch-limit") == "3"


def test_without_a_cluster_the_shadow_and_its_edits_stay(cluster: Node) -> None:
    crm(cluster, "cib new plan")
    crm(cluster, "-c plan configure primitive b ocf:pacemaker:Dummy")
    cluster.stop_cluster()
    for line in ("cib commit plan", "cib diff plan", "cib reset plan", "cib new other", "cib commit plan overwrite"):
        assert "the cluster does not run on this node" in crm(cluster, line, code=7)
    assert "other" not in crm(cluster, "cib list")
    crm(cluster, "-c plan configure primitive c ocf:pacemaker:Dummy")
    cluster.start_cluster()
    cluster.bed.wait_online()
    crm(cluster, "cib commit plan")
    assert live(cluster) == {"a", "b", "c"}


def test_a_kill_at_any_moment_of_a_commit_loses_nothing(cluster: Node) -> None:
    """After it the commit is done once more, and is complete; what others took back in between stays so."""
    for number in range(12):
        crm(cluster, "cib new plan force")
        crm(cluster, f"-c plan configure primitive p{number} ocf:pacemaker:Dummy")
        with cluster.popen_crm("cib", "commit", "plan") as program:
            try:
                program.wait(0.05 + number * 0.03)
            except subprocess.TimeoutExpired:
                program.kill()
        before = live(cluster)
        assert before - {f"p{number}"} == {"a", *(f"p{earlier}" for earlier in range(number))}
        again = cluster.crm("cib", "commit", "plan")
        assert again.code in (0, 6), again
        if again.code:
            # the shadow was made anew, and its maker killed before it could say from what
            assert "nobody knows" in again.err
        assert live(cluster) == before | {f"p{number}"}


def test_the_flow_of_the_wiki_page_at_the_prompt(cluster: Node, tmp_path: Path) -> None:
    enter = (str(which("nsenter")), f"--target={cluster.pid}", *"-m -u -i -n -p -r -w --".split())
    terminal = Terminal([*enter, *CRM], tmp_path)
    terminal.wait(r"crm\(live/node1\)# $")
    for line in ("cib new c", "cib use c", "configure", "show", "verify", "delete a"):
        terminal.line(line)
    terminal.type("cib commit c\n")
    terminal.wait(r"to stay: ?$")
    assert live(cluster) == {"a"}
    terminal.type("y\n")
    said = terminal.wait(r"all the same\? \(y/n\) ?$")
    assert "what was edited is committed to the shadow CIB c" in said
    assert "a runs on node1" in said
    terminal.line("y")
    assert live(cluster) == set()
    terminal.type("cib use\n")
    terminal.wait(r"crm\(live/node1\)configure# $")
    terminal.type("quit\n")
    assert terminal.end() == 0


def test_a_diff_is_what_a_commit_would_change(cluster: Node) -> None:
    crm(cluster, "cib new plan")
    crm(cluster, "-c plan configure primitive b ocf:pacemaker:Dummy meta target-role=Stopped")
    crm(cluster, "configure primitive theirs ocf:pacemaker:Dummy meta target-role=Stopped")
    lines = crm(cluster, "cib diff plan").splitlines()
    assert [line for line in lines if line[:1] in "+-"][2:] == [
        "+primitive b ocf:pacemaker:Dummy \\",
        "+\tmeta target-role=Stopped",
    ]
