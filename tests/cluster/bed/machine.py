"""PID 1 of a node of a test bed: builds what is its own around its disk, gets its address, then reaps.

Run by the supervisor inside `unshare --mount --uts --ipc --net --pid`. Its first line of output is its process id as
the host counts; when its input ends the cable is plugged in; its second line says that the node is up.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


def do(*words: object) -> None:
    """Run a program of the system."""
    subprocess.run([str(word) for word in words], check=True, stdin=subprocess.DEVNULL)


def tell(line: str) -> None:
    """A line to the supervisor."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def mount(kind: str, target: Path, options: str) -> None:
    """A file system of its own."""
    target.mkdir(exist_ok=True)
    do("mount", "-t", kind, "-o", options, kind, target)


def bind(source: str, target: Path, *, readonly: bool = False) -> None:
    """What the host has there, below mounts included."""
    do("mount", "--rbind", source, target)
    if readonly:
        do("mount", "-o", "remount,bind,ro", target)


def make_kernel(root: Path) -> None:
    """/proc and /sys; what would reach the host's kernel is read-only, or leads nowhere."""
    mount("proc", root / "proc", "nosuid,nodev,noexec")
    settings = root / "proc/sys"
    bind(str(settings), settings)
    bind(str(settings / "net"), settings / "net")
    do("mount", "-o", "remount,bind,ro", settings)
    # Pacemaker panics through it
    trigger = root / "proc/sysrq-trigger"
    if trigger.exists():
        bind("/dev/null", trigger)
    mount("sysfs", root / "sys", "ro,nosuid,nodev,noexec")


def make_devices(root: Path) -> None:
    """/dev and what is lost when a node goes down."""
    dev = root / "dev"
    mount("tmpfs", dev, "mode=755,nosuid")
    for name in DEVICES:
        (dev / name).touch()
        bind(f"/dev/{name}", dev / name)
    mount("devpts", dev / "pts", "newinstance,ptmxmode=666,mode=620,gid=5")
    # what corosync and Pacemaker talk through: 48 MB a node, more with many clients
    mount("tmpfs", dev / "shm", "mode=1777,nosuid,nodev,size=256m")
    for name, target in {"ptmx": "pts/ptmx", "fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1"}.items():
        (dev / name).symlink_to(target)
    (dev / "stderr").symlink_to("fd/2")
    mount("tmpfs", root / "run", "mode=755,nosuid,nodev")
    for folder in ("lock", "resource-agents"):
        (root / "run" / folder).mkdir()


def share(root: Path, source: str, path: str, *, readonly: bool) -> None:
    """Show a folder of the host to all users of the node."""
    target = root / path.lstrip("/")
    target.mkdir(parents=True, exist_ok=True)
    for parent in target.relative_to(root).parents:
        folder = root / parent
        folder.chmod(folder.stat().st_mode | 0o011)
    bind(source, target, readonly=readonly)


def reap() -> None:
    """Take the exit codes of processes that have lost their parents."""
    while True:
        signal.sigwait({signal.SIGCHLD})
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass


def main() -> None:
    """Boot."""
    plan = json.loads(sys.argv[1])
    root = Path(plan["root"])
    # /proc is still the host's
    tell(str(Path("/proc/self").readlink()))
    socket.sethostname(plan["name"])
    make_kernel(root)
    make_devices(root)
    for source, path, readonly in plan["shared"]:
        share(root, source, path, readonly=readonly)
    os.chdir(root)
    do("pivot_root", ".", ".")
    do("umount", "-l", ".")
    os.chdir("/")
    sys.stdin.read()
    do("ip", "link", "set", "lo", "up")
    do("ip", "address", "add", f"{plan['address']}/24", "dev", "eth0")
    do("ip", "link", "set", "eth0", "up")
    tell("up")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    null = os.open("/dev/null", os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    reap()


if __name__ == "__main__":
    main()
