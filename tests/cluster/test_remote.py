"""Commands and files on other nodes, with real ssh servers in a real cluster: good days and bad ones."""

from __future__ import annotations

import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bed import wait_until
from node_terminal import node_terminal
from ssh_servers import FOLDER, ODD_NAMES, Servers, answers, codes, make_key, serving, with_alice

if TYPE_CHECKING:
    from bed import Bed

pytestmark = pytest.mark.needs_cluster

ACCEPT_NEW = ("-o", "core.strict_host_key_checking=accept-new")


@pytest.fixture
def ssh(three: Bed, tmp_path: Path) -> Iterator[Servers]:
    """node2 and node3 with sshd; node1 has none, so that all that works there works without."""
    with serving(three, tmp_path / "home") as servers:
        yield servers


# ---- run


def test_a_command_runs_on_all_nodes_and_here_without_ssh(ssh: Servers) -> None:
    ran = ssh.crm("run", "uname -n")
    assert ran.code == 0, ran
    assert ran.out == "".join(f"node{n}: exit code 0\nnode{n}\n" for n in (1, 2, 3))


def test_nodes_are_answered_in_the_order_in_which_they_are_given(ssh: Servers) -> None:
    ran = ssh.crm("run", "uname -n", "node3", "node1", "node3", "-o", "json")
    assert ran.code == 0, ran
    assert {name: node["stdout"] for name, node in answers(ran).items()} == {"node3": "node3\n", "node1": "node1\n"}
    assert list(answers(ran)) == ["node3", "node1"]


def test_what_is_written_and_how_it_ended_is_told(ssh: Servers) -> None:
    ran = ssh.crm("run", r"printf 'gr\374n\n'; echo oh >&2; exit 3", "node2", "-o", "json")
    assert ran.code == 1
    found = answers(ran)["node2"]
    assert (found["exit_code"], found["stdout"], found["stderr"]) == (3, "gr\\xfcn\n", "oh\n")
    ended = ssh.crm("run", "kill -9 $$", "node2", "-o", "json")
    assert (ended.code, answers(ended)["node2"]["exit_code"], codes(ended)) == (1, None, {"node2": None})


def test_the_command_is_read_as_it_was_typed(ssh: Servers) -> None:
    for name in ODD_NAMES:
        ssh.bed["node2"].path(f"/srv/t/{name}").touch()
    ran = ssh.crm("run", "cd /srv/t && printf '%s\\0' [!c]* && echo \"$HOME\"", "node2", "-o", "json")
    names, _, rest = answers(ran)["node2"]["stdout"].rpartition("\0")
    assert set(ODD_NAMES) <= set(names.split("\0")), ran
    assert rest == "/root\n"


def test_a_shell_reads_it_on_this_node_too(ssh: Servers) -> None:
    ran = ssh.crm("run", "A=ab; echo $A | tr a b", "-o", "json")
    assert [node["stdout"] for node in answers(ran).values()] == ["bb\n"] * 3
    assert ssh.crm("run", "echo 'a", "node1", "-o", "json").code == 1


def test_of_huge_output_the_beginning_is_kept(ssh: Servers) -> None:
    ran = ssh.crm("run", "head -c 30000000 /dev/zero", "node2", "node1", "-o", "json")
    assert ran.code == 0, ran.err
    for node in answers(ran).values():
        assert len(node["stdout"]) == 4 << 20
        assert node["stdout_dropped"] == 30_000_000 - (4 << 20)


def test_a_child_that_keeps_the_output_is_not_waited_for(ssh: Servers) -> None:
    ran = ssh.crm("run", "sleep 30 & echo gone", "node2", "--timeout", "20", "-o", "json")
    assert (ran.code, answers(ran)["node2"]["stdout"]) == (0, "gone\n")


def test_a_name_that_is_no_node_is_told_with_the_nearest(ssh: Servers) -> None:
    ran = ssh.crm("run", "touch /srv/t/ran", "node1", "nod2")
    assert ran.code == 4
    assert "no node nod2" in ran.err
    assert "node2" in ran.err
    assert not ssh.bed["node1"].path("/srv/t/ran").exists()
    unquoted = ssh.crm("run", "uname", "-r")
    assert (unquoted.code, "is quoted: `cluster run" in unquoted.err) == (4, True), unquoted


def test_nodes_are_known_when_the_cluster_is_down(ssh: Servers) -> None:
    for name in ("node1", "node2", "node3"):
        ssh.bed[name].stop_cluster()
    ran = ssh.crm("run", "uname -n", "-o", "json")
    assert (ran.code, list(answers(ran))) == (0, ["node1", "node2", "node3"])
    ssh.bed["node1"].path("/etc/corosync/corosync.conf").rename(ssh.bed["node1"].path("/etc/corosync/away"))
    try:
        ran = ssh.crm("run", "uname -n", "-o", "json")
    finally:
        ssh.bed["node1"].path("/etc/corosync/away").rename(ssh.bed["node1"].path("/etc/corosync/corosync.conf"))
    assert (ran.code, set(answers(ran))) == (0, {"node1", "node2", "node3"})


# ---- nodes that do not answer


def test_a_node_that_is_down_is_unreachable(ssh: Servers) -> None:
    ssh.bed["node3"].power_off()
    ran = ssh.crm("run", "uname -n", "--timeout", "3", "-o", "json")
    assert ran.code == 7
    assert codes(ran) == {"node1": None, "node2": None, "node3": "unreachable"}
    both = ssh.crm("run", "sh -c 'exit 4'", "node2", "node3", "--timeout", "3")
    assert both.code == 1


def test_a_node_without_ssh_is_unreachable(ssh: Servers) -> None:
    ssh.end()
    ran = ssh.crm("run", "uname -n", "node2", "node3")
    assert ran.code == 7
    assert "Connection refused" in ran.out


def test_a_server_that_hangs_delays_nobody_else(ssh: Servers) -> None:
    ssh.freeze("node3")
    ran = ssh.crm("run", "uname -n", "--timeout", "3", "-o", "json")
    assert ran.code == 9
    assert codes(ran) == {"node1": None, "node2": None, "node3": "timed-out"}
    words = ("-o", "core.ssh_timeout=2", "cluster", "copy", "/etc/hosts")
    ran = ssh.client.crm(*words, env={"HOME": str(ssh.home)})
    assert (ran.code, "node2: /etc/hosts" in ran.out) == (9, True)


def test_a_command_that_hangs_is_given_up_with_what_it_said(ssh: Servers) -> None:
    ran = ssh.crm("run", "echo begun; sleep 30", "node2", "--timeout", "3", "-o", "json")
    assert (ran.code, codes(ran), answers(ran)["node2"]["stdout"]) == (9, {"node2": "timed-out"}, "begun\n")
    here = ssh.crm("run", "sleep 30", "node1", "--timeout", "1", "-o", "json")
    assert (here.code, codes(here)) == (9, {"node1": "timed-out"})


def test_time_has_to_be_a_number_of_seconds(ssh: Servers) -> None:
    assert [ssh.crm("run", "true", "--timeout", value).code for value in ("0", "soon", "99999999")] == [2, 2, 2]


def test_ctrl_c_ends_it_here_too(ssh: Servers) -> None:
    words = ("cluster", "run", "sleep 4321", "node1", "node2")
    with ssh.client.popen_crm(*words, env={"HOME": str(ssh.home)}) as process:
        wait_until("it runs", lambda: all(_sleeps(ssh.bed[name]) for name in ("node1", "node2")))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 130, err
    assert b"Traceback" not in err
    wait_until("nothing is left here", lambda: not _sleeps(ssh.client))
    ssh.bed["node2"].run("pkill", "-f", "sleep 4321")


def _sleeps(node: object) -> bool:
    return node.run("pgrep", "-f", "sleep 4321").code == 0


# ---- host keys


def test_a_new_host_is_refused_where_nobody_can_be_asked(ssh: Servers) -> None:
    ssh.forget()
    ran = ssh.crm("run", "uname -n", "node2", "-o", "json")
    assert (ran.code, codes(ran)) == (1, {"node2": "host-key-unknown"})
    assert _fingerprint(ssh, "node2") in ran.out
    assert not ssh.known_hosts.exists()
    # -F does not vouch for a host
    forced = ssh.client.crm("-F", "cluster", "run", "uname -n", "node2", env={"HOME": str(ssh.home)})
    assert (forced.code, ssh.known_hosts.exists()) == (1, False)


def _fingerprint(ssh: Servers, name: str) -> str:
    return ssh.bed[name].run("ssh-keygen", "-lf", f"{FOLDER}/host.pub").out.split()[1]


@pytest.mark.parametrize("by", ["setting", "ssh"])
def test_new_hosts_can_be_accepted(ssh: Servers, by: str) -> None:
    ssh.forget()
    if by == "ssh":
        ssh.config("Host node*\n  StrictHostKeyChecking accept-new\n")
    words = ACCEPT_NEW if by == "setting" else ()
    env = {"HOME": str(ssh.home)}
    ran = ssh.client.crm(*words, "cluster", "run", "uname -n", env=env)
    assert ran.code == 0, ran
    assert stat.S_IMODE(ssh.known_hosts.stat().st_mode) == 0o600
    for name in ("node2", "node3"):
        found = ssh.client.run("ssh-keygen", "-F", name, "-f", str(ssh.known_hosts)).out
        assert ssh.bed[name].path(f"{FOLDER}/host.pub").read_text().split()[1] in found
    ssh.config("StrictHostKeyChecking yes\n")
    assert ssh.crm("run", "uname -n").code == 0


def test_a_new_host_is_asked_about_on_a_terminal(ssh: Servers) -> None:
    ssh.forget()
    words = ("cluster", "run", "uname -n", "node2")
    with node_terminal(ssh.client, *words, env={"HOME": str(ssh.home)}) as terminal:
        asked = terminal.wait(r"\(yes/no\)")
        assert _fingerprint(ssh, "node2") in asked.replace("\n", "")
        terminal.type("no\r")
        terminal.wait("node2 is not known")
    with node_terminal(ssh.client, *words, env={"HOME": str(ssh.home)}) as terminal:
        terminal.wait(r"\(yes/no\)")
        terminal.type("yes\r")
        terminal.wait("node2: exit code 0")
    assert ssh.crm("run", "uname -n", "node2").code == 0


def test_a_changed_host_key_is_always_refused(ssh: Servers, tmp_path: Path) -> None:
    ssh.forget()
    ssh.know("node2", make_key(tmp_path / "other"))
    ssh.know("node3", make_key(tmp_path / "another", "-t", "ecdsa", "-N", ""))
    before = ssh.known_hosts.read_text()
    ssh.config("StrictHostKeyChecking no\n")
    ran = ssh.client.crm(*ACCEPT_NEW, "-F", "cluster", "run", "uname -n", "-o", "json", env={"HOME": str(ssh.home)})
    assert ran.code == 1
    assert codes(ran) == {"node1": None, "node2": "host-key-changed", "node3": "host-key-changed"}
    assert "has changed" in answers(ran)["node2"]["error"]["text"]
    assert ssh.known_hosts.read_text() == before


def test_a_revoked_host_key_is_refused(ssh: Servers) -> None:
    ssh.know("*", ssh.bed["node2"].path(f"{FOLDER}/host.pub").read_text(), "@revoked ")
    ran = ssh.crm("run", "uname -n", "node2", "node3", "-o", "json")
    assert codes(ran) == {"node2": "host-key-revoked", "node3": None}


# ---- who comes


def test_a_user_who_is_not_let_in_is_not_permitted(ssh: Servers) -> None:
    ran = ssh.client.crm(
        "-o",
        "core.hosts=mallory@node2, root@node3",
        "cluster",
        "run",
        "uname -n",
        "-o",
        "json",
        env={"HOME": str(ssh.home)},
    )
    assert ran.code == 8
    assert codes(ran) == {"node1": None, "node2": "not-permitted", "node3": None}
    assert "mallory" in answers(ran)["node2"]["error"]["text"]


def test_a_locked_key_opens_nothing_and_the_agent_does(ssh: Servers) -> None:
    public = make_key(ssh.key, "-t", "ed25519", "-N", "a passphrase")
    for name in ("node2", "node3"):
        ssh.bed[name].path(f"{FOLDER}/authorized").write_text(public)
    locked = ssh.crm("run", "uname -n", "node2")
    assert (locked.code, "ssh-add" in locked.out, "BEGIN" in locked.out + locked.err) == (8, True, False)
    ssh.key.write_bytes(b"-----BEGIN OPENSSH PRIVATE KEY-----\n\xff\n-----END OPENSSH PRIVATE KEY-----\n")
    broken = ssh.crm("run", "uname -n", "node2")
    assert (broken.code, str(ssh.key) in broken.out) == (8, True)
    open_key = ssh.home / "open"
    ssh.bed["node2"].path(f"{FOLDER}/authorized").write_text(make_key(open_key))
    script = f'ssh-add -q {open_key} && mv {open_key} {open_key}.away && exec "$@"'
    crm = ("/srv/python/bin/python", "-m", "crmsh_py", "cluster", "run", "uname -n", "node2")
    env = {"HOME": str(ssh.home), "PYTHONPATH": "/srv/crm"}
    ran = ssh.client.run("ssh-agent", "sh", "-c", script, "sh", *crm, env=env)
    assert (ran.code, ran.out) == (0, "node2: exit code 0\nnode2\n"), ran


def test_who_is_not_root_works_with_sudo(ssh: Servers) -> None:
    alice = with_alice(ssh)
    ran = alice.crm("run", 'id -un; echo "it\'s" >&2; exit 5', "node2", "node3", "-o", "json")
    assert ran.code == 1
    found = answers(ran)
    assert (found["node2"]["stdout"], found["node2"]["stderr"], found["node2"]["exit_code"]) == ("root\n", "it's\n", 5)
    assert found["node3"]["error"]["code"] == "not-permitted"
    assert "password" in found["node3"]["error"]["text"]
    assert alice.crm("run", "id", "node3").code == 8


# ---- what stands in the way


def test_a_banner_in_another_encoding_is_no_hindrance(ssh: Servers) -> None:
    ssh.bed["node2"].path("/etc/banner").write_bytes("Grüß Gott\n".encode("latin-1"))
    ssh.start("node2", "Banner /etc/banner", port=2222)
    relay = ssh.bed["node2"].path("/srv/t/relay.py")
    relay.write_text(RELAY)
    with ssh.bed["node2"].popen("python3", "/srv/t/relay.py") as process:
        assert process.stdout.readline() == b"ready\n"
        ssh.config("Host node2\n  Port 2223\n  HostKeyAlias node2\n")
        ran = ssh.crm("run", "uname -n", "node2")
        assert (ran.code, ran.out) == (0, "node2: exit code 0\nnode2\n"), ran


# what a server may say before the version of its ssh
RELAY = """\
import socket, threading
listener = socket.create_server(("", 2223))
print("ready", flush=True)
def pump(one, other):
    while data := one.recv(65536):
        other.sendall(data)
    other.shutdown(socket.SHUT_WR)
while True:
    client, _ = listener.accept()
    client.sendall(b"Gr\\xfc\\xdf Gott\\r\\n\\xff\\xfe\\r\\n")
    server = socket.create_connection(("127.0.0.1", 2222))
    threading.Thread(target=pump, args=(client, server), daemon=True).start()
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
"""


MAIL = """\
import socket
listener = socket.create_server(("", 2299))
print("ready", flush=True)
while True:
    listener.accept()[0].sendall(b"220 mail\\r\\n" * 9999)
"""


def test_what_is_no_ssh_server_is_unreachable(ssh: Servers) -> None:
    with ssh.bed["node2"].popen("python3", "-c", MAIL) as process:
        assert process.stdout.readline() == b"ready\n"
        ssh.config("Port 2299\n")
        ran = ssh.crm("run", "uname -n", "node2", "--timeout", "20")
    assert ran.code == 7, ran


def test_a_proxy_is_used_without_a_shell_or_not_at_all(ssh: Servers) -> None:
    mark = ssh.home / "mark"
    ssh.config(f"Host node2\n  ProxyCommand sh -c 'touch {mark}'; cat\nMatch exec \"touch {mark}\"\n  User mallory\n")
    refused = ssh.crm("run", "uname -n", "node2", "node3", "-o", "json")
    assert (refused.code, codes(refused)) == (1, {"node2": "failed", "node3": None})
    assert "shell" in answers(refused)["node2"]["error"]["text"]
    assert not mark.exists()
    ssh.config("Host node2\n  ProxyCommand nc %h %p\nHost node3\n  ProxyCommand false\n")
    ssh.client.path("/usr/local/bin/nc").write_text(NETCAT)
    ssh.client.path("/usr/local/bin/nc").chmod(0o755)
    ran = ssh.crm("run", "uname -n", "node2", "node3", "--timeout", "20", "-o", "json")
    assert (ran.code, codes(ran)) == (7, {"node2": None, "node3": "unreachable"})


NETCAT = """\
#!/usr/bin/python3
import os, socket, sys, threading
wire = socket.create_connection((sys.argv[1], int(sys.argv[2])))
def up():
    while data := os.read(0, 65536):
        wire.sendall(data)
threading.Thread(target=up, daemon=True).start()
while data := wire.recv(65536):
    os.write(1, data)
"""


def test_a_configuration_that_others_can_write_is_not_followed(ssh: Servers) -> None:
    ssh.config("Host node2\n  User mallory\n")
    (ssh.folder / "config").chmod(0o666)
    ran = ssh.crm("run", "uname -n", "node2")
    assert (ran.code, "others can write it" in ran.out) == (1, True)
