"""Pacemaker's daemons on this node: which of them run, and what pacemakerd says of them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.asking import ask_xml
from crmsh_py.cluster.listening import DAEMONS, HEADS
from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Iterator

# pacemakerd answers at once or not at all
SECONDS = 10.0
PACEMAKERD = "pacemakerd"
# all the children of pacemakerd
CHILDREN = tuple(name for name in DAEMONS if name not in HEADS)
RUNNING, SUSPENDED, MISSING = "running", "suspended", "missing"
# the kernel cuts names
_LENGTH = 15


class Process(NamedTuple):
    """A process: its name as the kernel has it, its own number and its parent's, its state as a letter."""

    name: str
    pid: int
    parent: int
    state: str


def daemons() -> dict[str, str]:
    """pacemakerd and its children, each RUNNING, SUSPENDED (by a signal such as SIGSTOP) or MISSING."""
    found = list(_processes())
    heads = [process for process in found if process.name == PACEMAKERD]
    parents = {process.pid for process in heads}
    children = {process.name: process for process in found if process.parent in parents}
    head = _state(heads[0] if heads else None)
    return {PACEMAKERD: head, **{name: _state(children.get(name[:_LENGTH])) for name in CHILDREN}}


def pacemakerd() -> str | None:
    """What pacemakerd says of itself and its children (`running`); None where it does not answer, or is too old to."""
    try:
        root = ask_xml("crmadmin", "--pacemakerd", f"--timeout={SECONDS:.0f}s", seconds=SECONDS + 1)
    except CrmError:
        return None
    element = root.find("pacemakerd")
    return None if element is None else element.get("state")


def _state(process: Process | None) -> str:
    if process is None or process.state in "ZX":
        return MISSING
    return SUSPENDED if process.state in "Tt" else RUNNING


def _processes() -> Iterator[Process]:
    for name in os.listdir("/proc"):
        if not name.isdecimal():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                found = re.match(r"(\d+) \((.*)\) (\w) (\d+)", file.read(), re.DOTALL)
        except OSError:  # it has ended
            continue
        if found:
            yield Process(found[2], int(found[1]), int(found[4]), found[3])
