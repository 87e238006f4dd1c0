"""Run in a node of a test bed: many writers at once. Prints what came of it, as JSON.

    python crowd.py WRITERS COMMITS
    python crowd.py WRITERS 0

With COMMITS, each process runs `crm configure role ...` so many times, from options to exit code, but for the start of
Python. With none, all read the CIB before any of them writes, and all set one value.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING

from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.live import Live
from crmsh_py.cluster import cibadmin
from crmsh_py.errors import CrmError
from crmsh_py.main import run
from crmsh_py.output import Output

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib

FORK = multiprocessing.get_context("fork")


def many(writer: int, commits: int, results: Queue, _: Barrier) -> None:
    """Commit objects of one's own."""
    counts: Counter[str] = Counter()
    patch = cibadmin.apply_patch

    def counted(change: bytes) -> None:
        counts["patches"] += 1
        patch(change)

    cibadmin.apply_patch = counted
    said = io.StringIO()
    for number in range(commits):
        words = ["configure", "role", f"{os.uname().nodename}-{writer}-{number}", "read", "xpath:/cib"]
        counts[f"exit {run(words, os.environ, Output(io.StringIO(), said, os.environ))}"] += 1
    counts["merges"] = said.getvalue().count("merged with")
    results.put((counts, said.getvalue()))


def all_read_then_write(writer: int, _: int, results: Queue, barrier: Barrier) -> None:
    """Set a value that everybody sets, on the same base."""
    session = Session(Live())

    def change(cib: Cib) -> None:
        role = cib.find("warm")
        cib.touch(role)
        role[0].set("xpath", f"/cib/{writer}")

    session.edit(change)
    barrier.wait()
    try:
        session.commit()
    except CrmError as error:
        results.put((Counter([f"exit {error.exit_code}"]), ""))
    else:
        results.put((Counter(["exit 0"]), ""))


def main() -> None:
    """Start them, wait, count."""
    writers, commits = (int(word) for word in sys.argv[1:])
    run(["configure", "role", "warm", "read", "xpath:/cib"], os.environ, Output(None, sys.stderr, os.environ))
    results, barrier = FORK.Queue(), FORK.Barrier(writers)
    target = many if commits else all_read_then_write
    began = time.monotonic()
    processes = [FORK.Process(target=target, args=(writer, commits, results, barrier)) for writer in range(writers)]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    counts = sum((counts for counts, _ in found), Counter())
    said = sorted({line for _, text in found for line in text.splitlines() if "merged with" not in line})
    json.dump({**counts, "seconds": time.monotonic() - began, "said": said}, sys.stdout)


if __name__ == "__main__":
    main()
