"""sshd in the nodes of a test bed, and a user with a key who knows their host keys."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bed import wait_until

if TYPE_CHECKING:
    from bed import Bed, Node
    from program import Ran

SSHD = "/usr/sbin/sshd"
# on the disk of a node, where sshd reads it for every user
FOLDER = "/etc/ssh/crm-test"
ODD_NAMES = ("a file", "it's", '"', "-rf", "größe", "a\nb", "$HOME", "`id`", ";reboot", "*", "\\")
CONFIG = """\
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
UsePAM no
PidFile {folder}/{port}.pid
Port {port}
Subsystem sftp internal-sftp
{more}
"""


def make_key(path: Path, *words: str) -> str:
    """A new key in a file, and its public half beside it; that one's text."""
    for old in (path, path.with_suffix(".pub")):
        old.unlink(missing_ok=True)
    wanted = words or ("-t", "ed25519", "-N", "")
    subprocess.run(["ssh-keygen", "-q", *wanted, "-C", "", "-f", str(path)], check=True)
    return path.with_suffix(".pub").read_text()


class Servers:
    """The nodes of a bed with sshd; node1 is where `crm` is run, with `home` as its home."""

    def __init__(self, bed: Bed, home: Path) -> None:
        self.bed = bed
        self.home = home
        self.client = bed["node1"]
        self.folder = home / ".ssh"
        self.folder.mkdir(mode=0o700, parents=True)
        self.key = self.folder / "id_ed25519"
        self.public = make_key(self.key)
        self.known_hosts = self.folder / "known_hosts"
        self._running: list[tuple[Node, str]] = []

    def start(self, name: str, *more: str, port: int = 22, known: bool = True) -> None:
        """Start sshd on a node, with more lines of configuration. known: its host key is."""
        node = self.bed[name]
        folder = node.path(FOLDER)
        if not folder.exists():
            folder.mkdir()
            make_key(folder / "host")
        node.path("/run/sshd").mkdir(exist_ok=True)
        (folder / "authorized").write_text(self.public)
        (folder / f"{port}.conf").write_text(CONFIG.format(folder=FOLDER, port=port, more="\n".join(more)))
        pid_file = folder / f"{port}.pid"
        pid_file.unlink(missing_ok=True)
        node.run(SSHD, "-f", f"{FOLDER}/{port}.conf", "-E", f"{FOLDER}/log", check=True)
        # written when it listens
        wait_until("sshd answers", lambda: pid_file.exists() and pid_file.read_text())
        self._running.append((node, pid_file.read_text().strip()))
        if known:
            self.know(name if port == 22 else f"[{name}]:{port}", (folder / "host.pub").read_text())

    def know(self, name: str, public: str, marker: str = "") -> None:
        """A line in the user's known_hosts."""
        with self.known_hosts.open("a") as file:
            file.write(f"{marker}{name} {public}")

    def forget(self) -> None:
        """Know no host any more."""
        self.known_hosts.unlink(missing_ok=True)

    def config(self, text: str) -> None:
        """The user's ~/.ssh/config."""
        (self.folder / "config").write_text(text)

    def freeze(self, name: str) -> None:
        """Let sshd of a node hang: who connects hears nothing."""
        for node, pid in self._running:
            if node.name == name:
                node.run("kill", "-STOP", pid, check=True)

    def crm(self, *words: str, **how: object) -> Ran:
        """`crm cluster` and these words, on node1."""
        env = {"HOME": str(self.home), **how.pop("env", {})}
        return self.client.crm("cluster", *words, env=env, **how)

    def end(self) -> None:
        """Stop all."""
        for node, pid in self._running:
            if node.pid:
                for sig in ("-CONT", "-KILL"):
                    node.run("kill", sig, pid)
                node.run("rm", "-r", FOLDER)


@contextmanager
def serving(bed: Bed, home: Path) -> Iterator[Servers]:
    """node2 and node3 with sshd, whose keys are known; node1 has none. /srv/t is empty on all."""
    servers = Servers(bed, home)
    for node in bed.nodes.values():
        node.run("rm", "-rf", "/srv/t", check=True)
        node.path("/srv/t").mkdir()
    try:
        servers.start("node2")
        servers.start("node3")
        yield servers
    finally:
        servers.end()


def with_alice(ssh: Servers) -> Servers:
    """The same, with alice, whom ssh lets in on node2 and node3, and who may use sudo on node2."""
    for name in ("node2", "node3"):
        ssh.bed[name].add_user("alice")
        # no password, which is not to say locked
        ssh.bed[name].run("usermod", "--password", "*", "alice", check=True)
    ssh.bed["node2"].path("/etc/sudoers.d/alice").write_text("alice ALL=(root) NOPASSWD: ALL\n")
    ssh.config("Host node2 node3\n  User alice\n")
    return ssh


def answers(ran: Ran) -> dict[str, dict]:
    """What `-o json` says of each node."""
    return {node["node"]: node for node in json.loads(ran.out)["data"]["nodes"]}


def codes(ran: Ran) -> dict[str, str | None]:
    """The code of the error of each node, None where there is none."""
    return {name: node["error"] and node["error"]["code"] for name, node in answers(ran).items()}
