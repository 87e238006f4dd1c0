"""Files on other nodes, with real ssh servers: copied, compared; and what becomes of them on bad days."""

from __future__ import annotations

import json
import os
import signal
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bed import wait_until
from ssh_servers import ODD_NAMES, Servers, codes, make_key, serving, with_alice

if TYPE_CHECKING:
    from bed import Bed

pytestmark = pytest.mark.needs_cluster


@pytest.fixture
def ssh(three: Bed, tmp_path: Path) -> Iterator[Servers]:
    """node2 and node3 with sshd."""
    with serving(three, tmp_path / "home") as servers:
        yield servers


# ---- copy


def test_files_of_any_name_are_copied(ssh: Servers) -> None:
    for name in ODD_NAMES:
        ssh.client.path(f"/srv/t/{name}").write_text("content")
        ran = ssh.crm("copy", f"/srv/t/{name}", "node2", "node1")
        assert ran.code == 0, ran
        assert ssh.bed["node2"].path(f"/srv/t/{name}").read_text() == "content"
    assert _left(ssh) == []


def _left(ssh: Servers) -> list[str]:
    return [name for name in os.listdir(ssh.bed["node2"].path("/srv/t")) if name.startswith(".crm")]


def test_rights_and_owner_come_along_by_their_names(ssh: Servers) -> None:
    node1, node2 = ssh.bed["node1"], ssh.bed["node2"]
    node2.run("groupmod", "--gid", "4242", "haclient", check=True)
    node1.path("/etc/secret").write_text("s")
    node1.run("chown", "hacluster:haclient", "/etc/secret", check=True)
    node1.path("/etc/secret").chmod(0o4640)
    node2.path("/etc/secret").write_text("old")
    try:
        assert ssh.crm("copy", "/etc/secret", "node2").code == 0
        assert node2.run("stat", "-c", "%U:%G %a", "/etc/secret").out == "hacluster:haclient 4640\n"
    finally:
        node2.run("groupmod", "--gid", str(node1.path("/etc/secret").stat().st_gid), "haclient")
    node1.run("chown", "54321:54321", "/etc/secret", check=True)
    assert ssh.crm("copy", "/etc/secret", "node2").code == 0
    assert node2.path("/etc/secret").stat().st_uid == 54321


def test_a_link_stays_and_what_it_leads_to_is_replaced(ssh: Servers) -> None:
    ssh.client.path("/srv/t/f").write_text("new")
    there = ssh.bed["node2"]
    there.path("/srv/t/real").write_text("old")
    there.path("/srv/t/f").unlink(missing_ok=True)
    there.path("/srv/t/f").symlink_to("real")
    assert ssh.crm("copy", "/srv/t/f", "node2").code == 0
    assert there.path("/srv/t/f").is_symlink()
    assert there.path("/srv/t/real").read_text() == "new"


def test_a_large_file_is_copied_and_compared(ssh: Servers) -> None:
    content = os.urandom(1 << 20) * 40
    ssh.client.path("/srv/t/large").write_bytes(content)
    assert ssh.crm("copy", "/srv/t/large").code == 0
    for name in ("node2", "node3"):
        assert sha256(ssh.bed[name].path("/srv/t/large").read_bytes()).digest() == sha256(content).digest()
    ran = ssh.crm("diff", "/srv/t/large", "--checksum")
    assert (ran.code, sha256(content).hexdigest() in ran.out) == (0, True)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_copy_that_is_broken_off_leaves_nothing_on_the_node(number: signal.Signals, code: int, ssh: Servers) -> None:
    # more than gets there in the time of this test
    ssh.client.run("truncate", "--size=20G", "/srv/t/huge", check=True)
    words = ("cluster", "copy", "/srv/t/huge", "node2")
    with ssh.client.popen_crm(*words, env={"HOME": str(ssh.home)}) as process:
        wait_until("it is copied", lambda: [name for name in _left(ssh) if _sizes(ssh, name)])
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        assert process.returncode == code, err
    assert os.listdir(ssh.bed["node2"].path("/srv/t")) == []


def _sizes(ssh: Servers, folder: str) -> list[int]:
    return [one.stat().st_size for one in ssh.bed["node2"].path(f"/srv/t/{folder}").iterdir() if one.stat().st_size]


def test_the_file_to_copy_comes_first(ssh: Servers) -> None:
    ran = ssh.crm("copy", "node2", "/etc/hosts")
    assert (ran.code, "`cluster copy /etc/hosts node2`" in ran.err) == (4, True)


def test_what_cannot_be_copied_leaves_all_as_it_was(ssh: Servers) -> None:
    there = ssh.bed["node2"]
    there.run("mkdir", "-p", "/srv/t/small", check=True)
    there.run("mount", "-t", "tmpfs", "-o", "size=1m", "small", "/srv/t/small", check=True)
    try:
        there.run("sh", "-c", "echo old > /srv/t/small/f", check=True)
        ssh.client.path("/srv/t/small").mkdir(exist_ok=True)
        ssh.client.path("/srv/t/small/f").write_bytes(b"x" * (8 << 20))
        ran = ssh.crm("copy", "/srv/t/small/f", "node2")
        assert ran.code == 1, ran
        assert there.run("sh", "-c", "cat /srv/t/small/f; ls -A /srv/t/small").out == "old\nf\n"
    finally:
        there.run("umount", "/srv/t/small")


def test_what_is_no_file_is_not_copied(ssh: Servers) -> None:
    ssh.client.path("/srv/t/f").write_text("")
    ssh.bed["node2"].path("/srv/t/f").mkdir()
    assert [ssh.crm("copy", path).code for path in ("/etc", "/dev/null", "/srv/t/none")] == [1, 1, 4]
    ran = ssh.crm("copy", "/srv/t/f", "node2")
    assert (ran.code, "is a folder" in ran.out) == (1, True)
    ssh.client.path("/srv/t/deep").mkdir(exist_ok=True)
    ssh.client.path("/srv/t/deep/f").write_text("")
    assert ssh.crm("copy", "/srv/t/deep/f", "node2", "-o", "json").code == 1


# ---- diff


def test_nodes_with_the_same_file_are_shown_together(ssh: Servers) -> None:
    for number, text in enumerate(("a\nb\n", "a\nc\n", "a\nb\n"), 1):
        ssh.bed[f"node{number}"].path("/srv/t/f").write_text(text)
    ran = ssh.crm("diff", "/srv/t/f")
    assert ran.code == 1
    assert "node1 and node3: " in ran.out
    assert "\n--- node1:/srv/t/f\n+++ node2:/srv/t/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n" in ran.out


def test_a_file_that_is_missing_differs(ssh: Servers) -> None:
    ssh.client.path("/srv/t/only here").write_text("a")
    ran = ssh.crm("diff", "/srv/t/only here", "-o", "json")
    groups = json.loads(ran.out)["data"]["groups"]
    assert ran.code == 1
    assert [(group["nodes"], group["sha256"] is None) for group in groups] == [
        (["node1"], False),
        (["node2", "node3"], True),
    ]
    assert ssh.crm("diff", "/srv/t/nowhere").code == 4
    # here it is no file, elsewhere it is missing
    ssh.client.path("/srv/t/folder").mkdir()
    assert ssh.crm("diff", "/srv/t/folder").code in (1, 4)


def test_of_secrets_only_the_sums_are_compared(ssh: Servers) -> None:
    for name in ("node1", "node2"):
        key = make_key(ssh.home / name)
        assert key
        ssh.bed[name].path("/srv/t/key").write_bytes((ssh.home / name).read_bytes())
        ssh.bed[name].path("/srv/t/conf").write_text(f"user=me\npassword=geheim-{name}\n")
    ran = ssh.crm("diff", "/srv/t/key", "node2")
    assert (ran.code, "PRIVATE" in ran.out, "@@" in ran.out) == (1, False, False)
    ran = ssh.crm("diff", "/srv/t/conf", "node2")
    assert (ran.code, "geheim" in ran.out) == (1, False)


def test_a_node_that_does_not_answer_is_told_beside_the_others(ssh: Servers) -> None:
    ssh.freeze("node3")
    ssh.client.path("/etc/hosts").write_bytes(ssh.bed["node2"].path("/etc/hosts").read_bytes())
    ran = ssh.crm("diff", "/etc/hosts", "--timeout", "3", "-o", "json")
    data = json.loads(ran.out)["data"]
    assert ran.code == 9
    assert data["groups"][0]["nodes"] == ["node1", "node2"]
    assert [error["node"] for error in data["errors"]] == ["node3"]


def test_files_are_copied_and_compared_with_sudo(ssh: Servers) -> None:
    alice = with_alice(ssh)
    alice.client.path("/root/key").write_text("a\n")
    alice.client.path("/root/key").chmod(0o600)
    ran = alice.crm("copy", "/root/key", "node2", "node3", "-o", "json")
    assert (ran.code, codes(ran)) == (8, {"node2": None, "node3": "not-permitted"})
    there = alice.bed["node2"].path("/root/key")
    assert (there.read_text(), stat.S_IMODE(there.stat().st_mode), there.stat().st_uid) == ("a\n", 0o600, 0)
    assert alice.crm("diff", "/root/key", "node2").code == 0
