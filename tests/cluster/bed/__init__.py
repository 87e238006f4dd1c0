"""Real clusters on this machine: `with Bed(nodes=3) as bed: bed["node1"].crm("status")`.

    the test -> supervisor.py, PID 1 of the bed -> machine.py, PID 1 of a node -> corosync, pacemakerd

Each arrow is a set of namespaces. A node has a name, an address, processes, /run, /dev/shm and a disk of its own: a
copy on write of the host's, without its cluster and its homes. /tmp, this checkout and the Python that runs are the
host's, at the same paths. All of it hangs on the pipe from the test to the supervisor: when that breaks, nothing is
left.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import which

from program import ROOT

from bed import seed
from bed.node import CHECKOUT, PATH, PATIENCE, PYTHON, Node, Process, wait_until

__all__ = ["Bed", "Node", "Process", "missing", "wait_until"]

SUPERVISOR = Path(__file__).with_name("supervisor.py")
PROGRAMS = ("corosync", "pacemakerd", "cibadmin", "unshare", "nsenter", "setpriv", "ip", "pivot_root")
CAP_SYS_ADMIN = 1 << 21


def missing() -> str:
    """Why no bed can be made here; empty where one can."""
    if os.geteuid() or not _rights() & CAP_SYS_ADMIN:
        return "a cluster of its own needs root, with the right to make namespaces"
    absent = [program for program in PROGRAMS if not which(program, path=PATH)]
    return f"a cluster of its own needs programs that are not installed: {', '.join(absent)}" if absent else ""


def _rights() -> int:
    return int(Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0], 16)


def _shared() -> list[tuple[str, str, bool]]:
    """Folders of the host, where the nodes see them, and whether read-only.

    They are at their own places, none of them below another; the program and its Python also where all users may go.
    """
    writable = {Path("/tmp").resolve(), Path(tempfile.gettempdir()).resolve(), ROOT.resolve()}
    pythons = {Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)} - {Path("/usr")}
    found = writable | pythons
    at_home = [(str(path), str(path), path not in writable) for path in sorted(found) if not found & set(path.parents)]
    return [*at_home, (str(ROOT.resolve()), CHECKOUT, True), (str(Path(sys.prefix).resolve()), PYTHON, True)]


class Bed:
    """One node or several, `node1` and so on, with a running cluster unless `start` is false.

    `options` are cluster options, set before the cluster starts, beside those of `seed.OPTIONS`. TimeoutError where the
    nodes do not meet, with the ends of their logs.
    """

    def __init__(self, nodes: int = 1, *, options: Mapping[str, str] | None = None, start: bool = True) -> None:
        addresses = {f"node{number}": f"10.77.0.{number}" for number in range(1, nodes + 1)}
        self.nodes = {name: Node(self, name, address) for name, address in addresses.items()}
        self.options = seed.OPTIONS | (options or {})
        self.start = start
        # how long the start took
        self.seconds = 0.0
        self._process: subprocess.Popen | None = None
        self._seeded = b""

    def __getitem__(self, name: str) -> Node:
        return self.nodes[name]

    def __enter__(self) -> Bed:
        begin = time.monotonic()
        try:
            self._build()
            for node in self.nodes.values():
                node.power_on()
            if self.start:
                self.start_cluster()
                self.wait_online()
                self._seeded = self["node1"].cib()
        except BaseException:
            self.end()
            raise
        self.seconds = time.monotonic() - begin
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    def _build(self) -> None:
        files = seed.files({node.name: node.address for node in self.nodes.values()}, self.options)
        machines = {node.name: {"address": node.address, "shared": _shared()} for node in self.nodes.values()}
        plan = {"nodes": list(self.nodes), "files": files, "machines": machines}
        program = [sys.executable, "-I", "-S", str(SUPERVISOR), json.dumps(plan)]
        self._log = tempfile.TemporaryFile(mode="w+")  # noqa: SIM115  # has no name, so nothing of it survives
        self._process = subprocess.Popen(
            [str(which("unshare", path=PATH)), "--mount", "--net", "--pid", "--fork", "--kill-child", *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={"PATH": PATH, "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        self._answer()

    def ask(self, *request: object) -> object:
        """Have the supervisor do something; its answer. RuntimeError where it fails."""
        with suppress(BrokenPipeError):
            print(json.dumps(request), file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> object:
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the bed has died"}
        if "error" in answer:
            self._log.seek(0)
            raise RuntimeError(f"{answer['error']}\n{self._log.read()}")
        return answer.get("answer")

    def end(self) -> None:
        """Take everything down; nothing of it is left when this returns."""
        if self._process:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
            self._process.wait(PATIENCE)
            self._process.stdout.close()
            self._log.close()
            self._process = None

    # the cluster

    def start_cluster(self) -> None:
        """Start the daemons of all nodes, as far as they do not run."""
        for node in self.nodes.values():
            node.start_corosync()
        for node in self.nodes.values():
            node.start_cluster()

    def wait_online(self, *names: str, seconds: float = PATIENCE) -> None:
        """Back when all nodes, or those named, see each other online, with a designated controller and quorum."""
        waiting = set(names or self.nodes)
        try:
            for name in sorted(waiting):
                wait_until(f"{name} sees all online", lambda name=name: waiting <= self.nodes[name].sees(), seconds)
        except TimeoutError as error:
            logs = "\n".join(f"--- {name}\n{self.nodes[name].log()}" for name in sorted(waiting))
            raise TimeoutError(f"{error}\n{logs}") from None

    def partition(self, *groups: Sequence[str]) -> None:
        """Cut the network: nodes of different groups do not reach each other."""
        self.ask("network", *groups)

    def heal(self) -> None:
        """One network again."""
        self.ask("network", list(self.nodes))

    def reset(self) -> None:
        """As at the start: all nodes up and online, the seeded configuration, no attributes, users, homes, shadows.

        What runs is stopped first. TimeoutError where that does not end.
        """
        self.heal()
        for node in self.nodes.values():
            node.mend()
        self.start_cluster()
        self.wait_online()
        seed.restore(self["node1"], self._seeded)
        for node in self.nodes.values():
            node.forget_users()
