"""A node of a test bed: programs inside it, and its daemons' bad days."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from program import PROGRAM, SECONDS, Ran, check_no_bug

if TYPE_CHECKING:
    from bed import Bed

# this checkout and the Python that runs, where every user of a node may go
CHECKOUT, PYTHON = "/srv/crm", "/srv/python"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# a clean end of all daemons, a start, an election: generous, for slow machines
PATIENCE = 60
# corosync, pacemakerd and its six children
DAEMONS = 8


# before other modules have a name for it
_IMPATIENT = """
from crmsh_py import run
usual = run.run
run.run = lambda argv, *, timeout, **how: usual(argv, timeout=min(timeout, 2.0), **how)
from crmsh_py.main import main
main()
"""


def _program() -> list[str]:
    """Our program, as every user of a node can start it."""
    return [str(Path(PYTHON) / Path(sys.executable).relative_to(sys.prefix)), *PROGRAM[1:]]


def wait_until(what: str, reached: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Ask again and again; TimeoutError with `what` when the seconds are over."""
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """The processes that a process has started and not yet reaped."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def offspring(pid: int) -> Iterator[int]:
    """A process, its children and all of theirs; the children are looked for when the process has been dealt with."""
    yield pid
    for child in children(pid):
        yield from offspring(child)


def is_stopped(pid: int) -> bool:
    """Whether a process was stopped by a signal."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def send(pids: Iterable[int], sig: int) -> None:
    """Send a signal to processes, as far as they are there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, sig)


class Process(subprocess.Popen):
    """A program in a node, as a Popen of the nsenter around it; what is left of it at the end of a `with` is killed.

    Signals go to the program itself. `returncode` is the program's, or minus the signal that ended it.
    """

    @property
    def program(self) -> int:
        """The program's process id, as the host counts."""
        wait_until("nsenter starts the program", lambda: self.poll() is not None or children(self.pid), SECONDS)
        return (children(self.pid) or [self.pid])[0]

    def send_signal(self, sig: int) -> None:
        """Send a signal to the program, unless it has ended."""
        program = self.program
        if self.poll() is None:
            send([program], sig)
        # nsenter stops when the program does
        if sig == signal.SIGSTOP:
            wait_until("nsenter stops", lambda: self.poll() is not None or is_stopped(self.pid))
        if sig == signal.SIGCONT:
            super().send_signal(sig)

    def end(self) -> None:
        """Kill the program and all that it has started, in sessions of their own too."""
        found = []
        for pid in offspring(self.pid):
            # from now on it starts no other
            send([pid], signal.SIGSTOP)
            found.append(pid)
        send(found, signal.SIGKILL)

    def __exit__(self, *exception: object) -> None:
        if self.poll() is None:
            self.end()
        super().__exit__(*exception)


class Node:
    """One node of a bed. `address` is its own; `pid` is its PID 1 as the host counts, 0 while it is off."""

    def __init__(self, bed: Bed, name: str, address: str) -> None:
        self.bed = bed
        self.name = name
        self.address = address
        self.pid = 0
        self.users: set[str] = set()
        # whether a signal went to a daemon since the cluster was started
        self.disturbed = False

    # programs

    def popen(
        self,
        *argv: str,
        env: Mapping[str, str] | None = None,
        user: str = "root",
        folder: str | Path | None = None,
        **streams: object,
    ) -> Process:
        """Start a program in the node, in a clean environment plus `env`, in the home of `user` or in `folder`.

        `streams` are stdin, stdout, stderr of Popen; all are pipes unless said otherwise. Use it in a `with`.
        """
        uid, gid, home = self._account(user)
        clean = {"PATH": PATH, "HOME": home, "USER": user, "LOGNAME": user, "LANG": "C.UTF-8", **(env or {})}
        become = [f"--reuid={uid}", f"--regid={gid}", "--init-groups"]
        # the program dies with the nsenter
        program = ["setpriv", "--pdeathsig=KILL", *become, "env", f"--chdir={folder or home}", *argv]
        enter = [
            str(which("nsenter", path=PATH)),
            f"--target={self.pid}",
            "-m",
            "-u",
            "-i",
            "-n",
            "-p",
            "-r",
            "-w",
            "--",
        ]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE) | streams
        # what starts the tests in the background has Ctrl-C ignored, which programs inherit
        pipes["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        return Process([*enter, *program], env=clean, start_new_session=True, **pipes)

    def _account(self, user: str) -> tuple[str, str, str]:
        """Number, group and home of a user of the node."""
        for line in self.path("/etc/passwd").read_text().splitlines():
            name, _, uid, gid, _, home, _ = line.split(":")
            if name == user:
                return uid, gid, home
        raise LookupError(f"no user {user} on {self.name}")

    def run(
        self,
        *argv: str,
        stdin: bytes | str = b"",
        timeout: float = SECONDS,
        check: bool = False,
        **how: object,
    ) -> Ran:
        """Run a program in the node to its end; `how` as for `popen`.

        After `timeout` seconds it and its children are killed, and subprocess.TimeoutExpired is raised. With `check`,
        an exit code that is not 0 is an AssertionError.
        """
        data = stdin.encode() if isinstance(stdin, str) else stdin
        with self.popen(*argv, **how) as process:
            out, err = process.communicate(data, timeout)
        ran = Ran(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))
        assert not check or ran.code == 0, f"{self.name}: {argv}: {ran}"
        return ran

    def crm(self, *words: str, env: Mapping[str, str] | None = None, **how: object) -> Ran:
        """Run our program in the node, as `run` does; fails where it shows a bug of ours."""
        ran = self.run(*_program(), *words, env={"PYTHONPATH": CHECKOUT, **(env or {})}, **how)
        check_no_bug(ran)
        return ran

    def impatient_crm(self, *words: str, **how: object) -> Ran:
        """Run our program as `crm` does, where no tool is waited for longer than 2 s."""
        ran = self.run(_program()[0], "-c", _IMPATIENT, *words, env={"PYTHONPATH": CHECKOUT}, **how)
        check_no_bug(ran)
        return ran

    def popen_crm(self, *words: str, env: Mapping[str, str] | None = None, **how: object) -> Process:
        """Start our program in the node, as `popen` does."""
        return self.popen(*_program(), *words, env={"PYTHONPATH": CHECKOUT, **(env or {})}, **how)

    def cibadmin(self, *words: str, stdin: bytes | str = b"", check: bool = True, **how: object) -> Ran:
        """Run `cibadmin`, which has to succeed unless `check` is false."""
        return self.run("cibadmin", *words, stdin=stdin, check=check, **how)

    def cib(self) -> bytes:
        """The CIB as the node's CIB manager has it."""
        return self.cibadmin("--query").out.encode()

    def path(self, path: str) -> Path:
        """A path of the node as the host reaches it, to read and to write; links that start with / lead astray."""
        return Path(f"/proc/{self.pid}/root") / path.lstrip("/")

    def add_user(self, name: str, groups: Sequence[str] = ()) -> None:
        """A user of this node alone, with a home, until the next `Bed.reset`."""
        self.run("useradd", "--create-home", "--groups", ",".join(groups), name, check=True)
        self.users.add(name)

    def forget_users(self) -> None:
        """Remove the added users, and all that was left in homes."""
        for name in self.users:
            self.run("userdel", "--force", "--remove", name)
        self.users.clear()
        # what is mounted there is the host's, and stays
        self.run("find", "/root", "/home", "-xdev", "-mindepth", "1", "-delete")
        self.run("find", "/var/lib/pacemaker/cib", "-name", "shadow.*", "-delete")

    # daemons

    def pids(self, daemon: str = "") -> list[int]:
        """The processes of a daemon, or all of the cluster's, as the host counts."""
        return [pid for pid, name in self._daemons() if not daemon or name == daemon]

    def _daemons(self) -> Iterator[tuple[int, str]]:
        if not self.pid:
            return
        space = os.readlink(f"/proc/{self.pid}/ns/pid")
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                name = Path(os.readlink(process / "exe")).name
                if (name == "corosync" or name.startswith("pacemaker")) and os.readlink(process / "ns/pid") == space:
                    yield int(process.name), name

    def signal(self, daemon: str, sig: int) -> None:
        """Send a signal to a daemon: SIGSTOP lets it hang, SIGCONT go on. AssertionError where it does not run.

        pacemakerd puts another one in the place of a daemon that hangs for half a minute.
        """
        pids = self.pids(daemon)
        assert pids, f"{daemon} does not run on {self.name}"
        self.disturbed = True
        send(pids, sig)

    def kill(self, daemon: str) -> None:
        """SIGKILL to a daemon; pacemakerd starts what it has lost again. Back when the killed one is gone."""
        pids = self.pids(daemon)
        self.signal(daemon, signal.SIGKILL)
        wait_until(f"{daemon} is gone", lambda: not set(pids) & set(self.pids(daemon)))

    def start_corosync(self) -> None:
        """Start corosync, if it does not run."""
        if not self.pids("corosync"):
            self._start("corosync", "-f")

    def start_cluster(self) -> None:
        """Start corosync and pacemakerd, if they do not run; `Bed.wait_online` waits until they have met."""
        self.start_corosync()
        wait_until("corosync answers", lambda: self.run("corosync-cfgtool", "-s").code == 0)
        if not self.pids("pacemakerd"):
            self._start("pacemakerd", "-f")

    def _start(self, *daemon: str) -> None:
        """Start a daemon, which becomes a child of the node's PID 1."""
        script = 'exec "$@" >>"/var/log/$1.out" 2>&1 </dev/null'
        self.run("setsid", "--fork", "sh", "-c", script, "sh", *daemon, check=True)

    def stop_cluster(self) -> None:
        """Stop pacemakerd, then corosync, as systemd would: resources are stopped first."""
        send(self.pids(), signal.SIGCONT)
        send(self.pids("pacemakerd"), signal.SIGTERM)
        wait_until("pacemakerd stops", lambda: self.pids() == self.pids("corosync"))
        send(self.pids("corosync"), signal.SIGTERM)
        wait_until("corosync stops", lambda: not self.pids())

    def crash_cluster(self) -> None:
        """SIGKILL to all daemons of the cluster at once."""
        send(self.pids(), signal.SIGSTOP)
        send(self.pids(), signal.SIGKILL)
        self.disturbed = False
        wait_until("all daemons are gone", lambda: not self.pids())

    def mend(self) -> None:
        """Make `start_cluster` possible: power on, all daemons there and well, or none."""
        if not self.pid:
            self.power_on()
        # what a killed daemon comes back to takes its time, and would meet the next test
        if self.disturbed or len({name for _, name in self._daemons()}) < DAEMONS:
            self.crash_cluster()

    def sees(self) -> set[str]:
        """The nodes that are online as this one sees it; none while there is no controller, or no quorum."""
        ran = self.run("crm_mon", "--one-shot", "--output-as=xml")
        if ran.code:
            return set()
        status = ET.fromstring(ran.out)
        if status.find("summary/current_dc[@present='true'][@with_quorum='true']") is None:
            return set()
        return {node.get("name") for node in status.iterfind("nodes/node[@online='true'][@pending='false']")}

    def power_off(self) -> None:
        """Cut the power: all processes are gone at once. The disk stays."""
        self.bed.ask("off", self.name)
        self.pid = 0

    def power_on(self) -> None:
        """Boot; the cluster is not started."""
        self.pid = self.bed.ask("on", self.name)

    def log(self) -> str:
        """The end of what the daemons say, for who has to find out what went wrong."""
        logs = ("/var/log/corosync.out", "/var/log/pacemakerd.out", "/var/log/pacemaker/pacemaker.log")
        return self.run("tail", "-n", "15", *logs).out
