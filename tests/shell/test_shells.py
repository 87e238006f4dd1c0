"""TAB in bash, zsh and fish, as they are: each asks `crm --complete`."""

from __future__ import annotations

import os
import re
import sys
from shutil import which
from typing import TYPE_CHECKING

import pytest
from program import ROOT
from prompt_desk import with_empty_cib
from terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

READY = "ready[$%>] $"
SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], "PS1='ready$ '"),
    "zsh": (["-f", "-i"], "autoload -Uz compinit; compinit -u -D; PROMPT='ready%% '"),
    "fish": (["--no-config", "-i"], "function fish_prompt; echo -n 'ready> '; end"),
}


class Shell(Terminal):
    """A shell that reads from a terminal."""

    is_fish = False


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Shell:
    """A shell with the completion of crm, in a folder with a CIB."""
    name = request.param
    path = which(name)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    with_empty_cib(tmp_path)
    (tmp_path / "two words.xml").touch()
    program = tmp_path / "bin" / "crm"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m crmsh_py "$@"\n')
    program.chmod(0o755)
    options, prompt = SHELLS[name]
    place = f"{program.parent}:{os.environ['PATH']}"
    terminal = Shell([path, *options], tmp_path, columns=200, PATH=place, PYTHONPATH=str(ROOT), TERM="dumb")
    terminal.is_fish = name == "fish"
    terminal.type(f"{prompt}\n")
    terminal.wait(READY)
    terminal.type(f"source {ROOT}/completions/crm.{name}\n")
    terminal.wait(READY)
    return terminal


def last_line(terminal: Shell) -> str:
    """The line with the cursor, as a terminal shows it that knows how to go back by one."""
    shown: list[str] = []
    at = 0
    for char in terminal.said.rpartition("\n")[2].replace("\x07", ""):
        if char == "\b":
            at -= 1
        else:
            shown[at : at + 1] = char
            at += 1
    return "".join(shown)


def left(terminal: Shell) -> None:
    terminal.type("\x15exit\n")
    terminal.end()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("crm resou", "crm resource "),
        ("crm -c web.xml resou", "crm -c web.xml resource "),
        ("crm --fi", "crm --file "),
        ("crm -c we", "crm -c web.xml "),
        ("crm -c two", "crm -c two\\ words.xml "),
        ("crm resource mig", "crm resource migrate "),
        ("crm configure property no-quor", "crm configure property no-quorum-policy="),
        ("crm configure property no-quorum-policy=fr", "crm configure property no-quorum-policy=freeze "),
        ("crm configure primitive x ocf:pacemaker:State", "crm configure primitive x ocf:pacemaker:Stateful "),
        ("crm configure primitive x Dummy op monitor inter", "crm configure primitive x Dummy op monitor interval"),
    ],
)
def test_what_is_only_one_is_put_in(shell: Shell, typed: str, completed: str) -> None:
    shell.type(f"{typed}\t")
    shell.wait(re.escape(completed[len(typed) :].strip()))
    # what follows shows where the cursor is
    shell.type("@")
    shell.wait(re.escape("@"))
    # fish shows its prompt anew now and then
    assert last_line(shell).partition("@")[0].endswith(completed), shell.said
    left(shell)


def test_of_several_all_are_shown(shell: Shell) -> None:
    # fish shows none on a terminal that is dumb
    shell.type("complete --do-complete 'crm resource m'\n" if shell.is_fish else "crm resource m\t\t")
    for word in ("maintenance", "manage", "meta", "move"):
        assert word in shell.wait(word)
    left(shell)


def test_where_nothing_fits_nothing_is_put_in(shell: Shell) -> None:
    shell.type("crm nosuch w\t@")
    shell.wait("@")
    assert "crm nosuch w" in shell.said
    left(shell)
