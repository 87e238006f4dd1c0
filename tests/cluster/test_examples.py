"""The examples of the commands that act on what runs, on a real node; those of the others are run on a CIB file."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from crmsh_py.levels import LEVELS, load

if TYPE_CHECKING:
    from bed import Node

    from crmsh_py.command.declare import Command, Level

pytestmark = pytest.mark.needs_cluster

REFUSED = 5
# the resources of examples/web-service.crm, with agents that run anywhere
WEB = """
primitive disk ocf:pacemaker:Stateful op monitor interval=30s role=Promoted op monitor interval=31s role=Unpromoted
clone disk-clone disk meta promotable=true
primitive files ocf:pacemaker:Dummy
primitive address ocf:pacemaker:Dummy
primitive server ocf:pacemaker:Dummy
group web files address server
primitive gateway ocf:pacemaker:Dummy
clone gateway-clone gateway
primitive fence-alpha ocf:pacemaker:Dummy params password_script=/etc/cluster/board-password
tag public address server
"""
# both nodes of the examples are this one
NODES = {"alpha": "node1", "beta": "node1"}
# what is refused there, by the beginning of the line
REFUSALS = {
    "node fence ": "there is no fencing device, and the only node would be lost; tests/cluster/test_node.py fences",
    "node clearstate ": "the node is online; tests/cluster/test_node.py has one that is not",
}
# what needs more than a node, by the beginning of the line
ELSEWHERE = {
    "cluster copy ": "sshd and keys; tests/cluster/test_remote.py",
    "cluster diff ": "sshd and keys; tests/cluster/test_remote.py",
    "cluster run ": "sshd and keys; tests/cluster/test_remote.py",
}
LIVE = [
    pytest.param(level, command, id=f"{level.name} {command.name}")
    for level in (load(name) for name in ("root", *LEVELS))
    for command in level.commands.values()
    if command.is_live
]


def _line(level: Level, example: str) -> str:
    return example if level.name == "root" else f"{level.name} {example}"


def _words(line: str) -> list[str]:
    return [NODES.get(word, word) for word in shlex.split(line)]


def _is_of(line: str, table: dict[str, str]) -> bool:
    return any(f"{line} ".startswith(beginning) for beginning in table)


def test_what_is_told_apart_here_is_an_example() -> None:
    lines = [_line(*found) for found in ((one.values[0], line) for one in LIVE for line in one.values[1].examples)]
    for beginning in (*REFUSALS, *ELSEWHERE):
        assert any(f"{line} ".startswith(beginning) for line in lines), beginning


@pytest.mark.parametrize(("level", "command"), LIVE)
def test_the_examples_of_a_command_run(level: Level, command: Command, node: Node) -> None:
    lines = [line for example in command.examples if not _is_of(line := _line(level, example), ELSEWHERE)]
    if not lines:
        pytest.skip("tried elsewhere")
    made = node.crm("-F", "-w", "configure", stdin=WEB)
    assert made.code == 0, made
    for line in lines:
        ran = node.crm("-F", *_words(line))
        assert ran.code == (REFUSED if _is_of(line, REFUSALS) else 0), f"{line}\n{ran}"
    # tickets are no part of what a bed is put in order from
    node.cibadmin("--delete-all", "--force", "--xpath=/cib/status/tickets/ticket_state", check=False)
