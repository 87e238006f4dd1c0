"""A secret is typed on a terminal that does not show it."""

from __future__ import annotations

import os
import signal
import sys
import termios
from pathlib import Path

import pytest
from terminal import Terminal

_ASKS = "from crmsh_py.output.hidden import hidden_line; print('it is', hidden_line('secret: '))"


def echoes(terminal: Terminal) -> bool:
    return bool(termios.tcgetattr(terminal.descriptor)[3] & termios.ECHO)


def test_it_is_not_shown(tmp_path: Path) -> None:
    terminal = Terminal([sys.executable, "-c", _ASKS], tmp_path)
    terminal.wait("secret: ")
    assert not echoes(terminal)
    terminal.type("x y\n")
    assert terminal.wait("it is x y") == "\nit is x y"
    assert echoes(terminal)
    assert terminal.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_is_ended_meanwhile_leaves_a_terminal_that_shows_what_is_typed(
    number: signal.Signals, tmp_path: Path
) -> None:
    terminal = Terminal([sys.executable, "-c", _ASKS], tmp_path)
    terminal.wait("secret: ")
    os.kill(terminal.pid, number)
    _, status = os.waitpid(terminal.pid, 0)
    assert os.waitstatus_to_exitcode(status) != 0
    assert echoes(terminal)
    os.close(terminal.descriptor)
