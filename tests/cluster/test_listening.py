"""Which daemons of the cluster listen: in the kernel's list, as it was seen, and on a running node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bed.node import CHECKOUT

from crmsh_py.cluster.listening import DAEMONS, missing, said

if TYPE_CHECKING:
    from pathlib import Path

    from bed import Node

HEAD = "Num       RefCount Protocol Flags    Type St Inode Path\n"
LISTENS = "0000000000000000: 00000002 00000000 00010000 0001 01 {} {}\n"
CONNECTED = "0000000000000000: 00000003 00000000 00000000 0001 03 {} {}\n"


def sockets(path: Path, names: list[str], line: str = LISTENS) -> str:
    path.write_text(HEAD + "".join(line.format(number, name) for number, name in enumerate(names)), encoding="ascii")
    return str(path)


def padded(name: str) -> str:
    return f"@{name}".ljust(108, "@")


ALL = [padded(known[-1]) for known in DAEMONS.values()]


def test_all_are_there(tmp_path: Path) -> None:
    """As abstract sockets, and as files of the same names."""
    assert missing(sockets(tmp_path / "unix", ALL)) == []
    assert missing(sockets(tmp_path / "unix", [f"/run/{known[0]}" for known in DAEMONS.values()])) == []


@pytest.mark.parametrize("absent", [name for name in DAEMONS if name != "pacemakerd"])
def test_one_is_missing(absent: str, tmp_path: Path) -> None:
    there = [padded(known[0]) for name, known in DAEMONS.items() if name != absent]
    assert missing(sockets(tmp_path / "unix", there)) == [absent]


def test_what_has_not_started_its_children_is_named_alone(tmp_path: Path) -> None:
    assert missing(sockets(tmp_path / "unix", [])) == ["corosync", "pacemakerd"]
    assert missing(sockets(tmp_path / "unix", [padded("cmap")])) == ["pacemakerd"]
    # who is connected to a socket does not listen on it
    assert missing(sockets(tmp_path / "unix", ALL, CONNECTED)) == ["corosync", "pacemakerd"]


def test_what_cannot_be_seen_is_not_said_to_be_missing(tmp_path: Path) -> None:
    assert missing(str(tmp_path / "none")) == []
    assert said([]) == ""
    assert said(["a"]) == "a does not run"
    assert said(["a", "b"]) == "a and b do not run"


@pytest.mark.needs_cluster
def test_on_a_running_node(node: Node) -> None:
    """Without any rights."""
    script = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r})\n"
    script += "from crmsh_py.cluster.listening import missing; sys.stdout.write(str(missing()))"
    node.add_user("stranger")
    assert node.run("/usr/bin/python3", "-c", script, user="stranger").out == "[]"
    node.stop_cluster()
    assert node.run("/usr/bin/python3", "-c", script, user="stranger").out == "['corosync', 'pacemakerd']"
