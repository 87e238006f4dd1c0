"""The speed on the CIB of a running cluster: a real one of one node, in namespaces of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import Run, compare

sys.path[:0] = [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parents[1] / "tests" / "cluster")]

import bed  # noqa: E402 - it is where the tests are

if TYPE_CHECKING:
    from bed import Node

PRIMITIVES = 2000
WRITERS, COMMITS = 6, 10
# nothing runs and nothing is looked for, so that the daemons are at rest
QUIET = {"stonith-enabled": "false", "enable-startup-probes": "false"}


def live(crm: str, peer: str) -> None:
    """Commits to a running cluster, or why there is none."""
    if reason := bed.missing():
        print(f"\nno running cluster: {reason}")
        return
    with bed.Bed(1, options=QUIET) as cluster:
        node = cluster["node1"]
        # where the peer writes its log; the node has none of the host's
        node.run("mkdir", "-p", "/var/log/crmsh")
        writers(node, crm, peer)
        one_property(node, crm, peer)


def one_property(node: Node, crm: str, peer: str) -> None:
    """One option changed in a large CIB, verified and committed."""
    resource = "ocf:pacemaker:Dummy op monitor interval=60s timeout=20s meta target-role=Stopped"
    text = "".join(f"primitive p{i} {resource}\n" for i in range(PRIMITIVES))
    with tempfile.NamedTemporaryFile("w", suffix=".crm") as file:
        file.write(text)
        file.flush()
        node.run(crm, "configure", "load", "update", file.name, check=True, timeout=300)
    settle(node)
    values = iter(range(1000))

    def once(program: str) -> Run:
        value = f"{next(values) + 60}s"
        run = measure(node, [program, "configure", "property", f"cluster-delay={value}"])
        if f'value="{value}"' not in node.run("cibadmin", "--query", "--scope", "crm_config").out:
            sys.exit(f"{program} has not committed cluster-delay={value}")
        settle(node)
        return run

    what = f"configure property, live CIB of {PRIMITIVES} primitives"
    compare(what, once, crm, peer, rounds=(5, 3), target=10.0)


def writers(node: Node, crm: str, peer: str) -> None:
    """One-shot commits by several writers at once."""
    rounds = iter(range(1000))

    def once(program: str) -> Run:
        mark = f"w{next(rounds)}"
        begin = time.monotonic()
        with ThreadPoolExecutor(WRITERS) as pool:
            runs = list(pool.map(lambda writer: write(node, program, f"{mark}-{writer}"), range(WRITERS)))
        wall = time.monotonic() - begin
        there = node.run("cibadmin", "--query", "--scope", "resources").out.count(f'<primitive id="{mark}-')
        if there != WRITERS * COMMITS:
            print(f"  {program} has lost {WRITERS * COMMITS - there} of {WRITERS * COMMITS} commits")
        return Run(sum(run.cpu for run in runs), wall, max(run.peak for run in runs))

    what = f"{WRITERS * COMMITS} one-shot commits by {WRITERS} writers, live"
    compare(what, once, crm, peer, rounds=(3, 2), target=2.0)


def write(node: Node, program: str, mark: str) -> Run:
    """Several commits, one after the other."""
    runs = [
        measure(
            node, [program, *f"configure primitive {mark}-{i} ocf:pacemaker:Dummy meta target-role=Stopped".split()]
        )
        for i in range(COMMITS)
    ]
    return Run(sum(run.cpu for run in runs), sum(run.wall for run in runs), max(run.peak for run in runs))


def settle(node: Node) -> None:
    """Wait until the CIB has not moved for a while."""
    before = ""
    while (now := node.run("cibadmin", "--query", "--no-children").out) != before:
        before = now
        time.sleep(1)


def measure(node: Node, argv: list[str]) -> Run:
    """Run a program in the node to its end."""
    with tempfile.TemporaryFile() as output:
        begin = time.monotonic()
        process = node.popen(*argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace")[-2000:]
            sys.exit(f"{' '.join(argv)} ended with {process.returncode}:\n{said}")
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)
