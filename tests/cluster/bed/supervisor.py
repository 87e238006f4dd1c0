"""PID 1 of a test bed: holds its network and the disks of its nodes, switches them on and off.

Run by `Bed` inside `unshare --mount --net --pid`, with what to build as JSON in its only argument. It does what the
lines on its standard input say, each a JSON list, and answers each with a line of JSON. When that input ends, however
the other side came to its end, it exits, and the kernel kills the rest and forgets all mounts and links.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import threading
from pathlib import Path

MACHINE = Path(__file__).with_name("machine.py")
# The bed's own tmpfs lies here, in its own mount namespace: nothing is written where the host could find it.
DISKS = Path("/run")
# What a node must not see of the host, and the rights of what it finds instead.
FRESH = {
    "etc/corosync": ("root:root", 0o755),
    "etc/pacemaker": ("root:haclient", 0o750),
    "home": ("root:root", 0o755),
    # other users of the node have to get through to the Python that may lie here
    "root": ("root:root", 0o711),
    "var/lib/corosync": ("root:root", 0o755),
    "var/lib/pacemaker": ("hacluster:haclient", 0o750),
    "var/log": ("root:root", 0o755),
}
INSIDE = {
    "var/lib/pacemaker/blackbox": ("hacluster:haclient", 0o750),
    "var/lib/pacemaker/cib": ("hacluster:haclient", 0o750),
    "var/lib/pacemaker/cores": ("hacluster:haclient", 0o750),
    "var/lib/pacemaker/pengine": ("hacluster:haclient", 0o750),
    "var/log/cluster": ("root:root", 0o755),
    "var/log/pacemaker": ("hacluster:haclient", 0o770),
}


def do(*words: object) -> None:
    """Run a program of the system."""
    subprocess.run([str(word) for word in words], check=True, stdin=subprocess.DEVNULL)


def tell(answer: dict) -> None:
    """A line to the test."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def own(path: Path, owner: str, mode: int) -> None:
    """Set owner and rights."""
    shutil.chown(path, *owner.split(":"))
    path.chmod(mode)


class Supervisor:
    """The nodes of a bed: which process each is, and which bridge it is plugged into."""

    def __init__(self, plan: dict) -> None:
        self.plan = plan
        self.numbers = {name: number for number, name in enumerate(plan["nodes"], 1)}
        self.running: dict[str, subprocess.Popen] = {}
        self.bridges = dict.fromkeys(plan["nodes"], "bed0")

    def build(self) -> None:
        """The network without its nodes, and their disks."""
        do("mount", "-t", "tmpfs", "-o", "mode=755", "bed", DISKS)
        do("ip", "link", "set", "lo", "up")
        for number in range(len(self.numbers)):
            do("ip", "link", "add", f"bed{number}", "type", "bridge", "mcast_snooping", "0")
            do("ip", "link", "set", f"bed{number}", "up")
        for name in self.numbers:
            self.make_disk(name)

    def make_disk(self, name: str) -> None:
        """A copy on write of the host's root, without its cluster and its people."""
        disk = DISKS / name
        upper, root = disk / "upper", disk / "root"
        for folder in (upper, disk / "work", root):
            folder.mkdir(parents=True)
        for path, rights in (FRESH | INSIDE).items():
            (upper / path).mkdir(parents=True)
            own(upper / path, *rights)
            if path in FRESH:
                os.setxattr(upper / path, "trusted.overlay.opaque", b"y")
        for path, (text, owner, mode) in self.plan["files"][name].items():
            (upper / path).write_text(text)
            own(upper / path, owner, mode)
        layers = f"lowerdir=/,upperdir={upper},workdir={disk / 'work'}"
        do("mount", "-t", "overlay", name, "-o", layers, root)

    def on(self, name: str) -> int:
        """Switch a node on; the process id of its PID 1, as the host counts."""
        self.off(name)
        namespaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--fork", "--kill-child"]
        plan = {"name": name, "root": f"{DISKS / name}/root", **self.plan["machines"][name]}
        program = [sys.executable, "-I", "-S", str(MACHINE), json.dumps(plan)]
        machine = subprocess.Popen(
            ["unshare", *namespaces, *program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.running[name] = machine
        pid = int(machine.stdout.readline())
        cable = f"cable{self.numbers[name]}"
        do("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", machine.pid)
        do("ip", "link", "set", cable, "master", self.bridges[name], "up")
        machine.stdin.close()
        assert machine.stdout.readline(), f"{name} does not boot"
        return pid

    def off(self, name: str) -> None:
        """Cut the power of a node."""
        machine = self.running.pop(name, None)
        if machine:
            machine.kill()
            machine.wait()
            # dies with its namespace, but not at once
            cable = f"cable{self.numbers[name]}"
            subprocess.run(["ip", "link", "delete", cable], check=False, stderr=subprocess.DEVNULL)

    def network(self, *groups: list[str]) -> None:
        """Nodes of different groups do not reach each other."""
        for number, group in enumerate(groups):
            for name in group:
                self.bridges[name] = f"bed{number}"
                if name in self.running:
                    do("ip", "link", "set", f"cable{self.numbers[name]}", "master", f"bed{number}")


def end_with_input() -> None:
    """Exit as soon as nobody can write to the standard input any more, whatever else is going on."""
    hangup = select.poll()
    hangup.register(0, 0)
    hangup.poll()
    os._exit(0)


def main() -> None:
    """Build, then do what is asked for."""
    threading.Thread(target=end_with_input, daemon=True).start()
    supervisor = Supervisor(json.loads(sys.argv[1]))
    supervisor.build()
    tell({})
    for line in sys.stdin:
        word, *rest = json.loads(line)
        try:
            answer = {"answer": getattr(supervisor, word)(*rest)}
        except (AssertionError, OSError, ValueError, subprocess.SubprocessError) as error:
            answer = {"error": f"{word} {rest}: {error}"}
        tell(answer)


if __name__ == "__main__":
    main()
