"""Run in a node of a test bed: `crm` is killed at random moments of a commit. Prints what came of it, as JSON.

    python sudden_ends.py TIMES SCRIPT SCRIPT

The scripts lead from one configuration to another, and back. They are run by processes that begin with all modules
loaded, so that most moments are moments of the commit.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import random
import signal
import sys
import time

from changes import configuration

from crmsh_py.cluster import cibadmin
from crmsh_py.main import run
from crmsh_py.output import Output

PR_SET_CHILD_SUBREAPER = 36


def commit(script: str) -> int:
    """Run a script; its exit code."""
    return run(["-f", script, "configure"], os.environ, Output(io.StringIO(), sys.stderr, os.environ))


def begin(script: str) -> int:
    """Run a script in a process of its own; its process id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = commit(script)
    finally:
        os._exit(code)


def wait_for_all() -> list[int]:
    """The statuses of the commit and of the tools that it leaves behind, when all have ended."""
    found = []
    while True:
        try:
            found.append(os.wait()[1])
        except ChildProcessError:
            return found


def stored() -> bytes:
    """The configuration that the cluster has."""
    return configuration(cibadmin.query())


def main() -> None:
    """Kill, look, count."""
    times, *scripts = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for script in scripts:
        assert commit(script) == 0
    states = [stored()]
    began = time.monotonic()
    for script in scripts:
        begin(script)
        assert wait_for_all() == [0]
        states.append(stored())
    seconds = (time.monotonic() - began) / len(scripts)
    assert states[0] == states[2] != states[1]
    counts = {"old": 0, "new": 0, "neither": 0}
    chance = random.Random(1)
    now = 0
    for _ in range(int(times)):
        pid = begin(scripts[now])
        time.sleep(chance.uniform(0, seconds))
        os.kill(pid, signal.SIGKILL)
        wait_for_all()
        found = stored()
        outcome = "old" if found == states[now] else "new" if found == states[1 - now] else "neither"
        counts[outcome] += 1
        if outcome == "neither":
            break
        now = states.index(found)
    json.dump(counts, sys.stdout)


if __name__ == "__main__":
    main()
