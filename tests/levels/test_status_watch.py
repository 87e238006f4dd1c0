"""`crm status --watch`: on a terminal in place, for programs a line at each change."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from program import PROGRAM, ROOT, as_process, in_process
from small_cluster import cib, device, node_state, online, option, primitive, ran_op
from terminal import CRM, SECONDS, Terminal

from crmsh_py.output.output import cells
from crmsh_py.output.watching import folded

pytestmark = pytest.mark.needs_pacemaker

ENTER, LEAVE = b"\x1b[?1049h\x1b[?25l", b"\x1b[?25h\x1b[?1049l"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """east and west are online; a runs."""
    fine = ran_op("a", "start", 0) + ran_op("fence", "start", 0)
    return cib(tmp_path, primitive("a") + device(), status=node_state("1", "east", fine) + online("west"))


def to_standby(path: Path) -> None:
    """West goes to standby, at one stroke."""
    changed = node_state("2", "west", attributes=option("standby", "on"))
    aside = path.with_suffix(".new")
    aside.write_text(path.read_text(encoding="utf-8").replace(online("west"), changed), encoding="utf-8")
    aside.rename(path)


def watching(path: Path, *words: str, rows: int = 40, columns: int = 100) -> Terminal:
    return Terminal([*CRM, "-c", str(path), "status", "--watch", *words], path.parent, rows, columns)


def modes(terminal: Terminal) -> list[object]:
    return termios.tcgetattr(terminal.descriptor)


# ---- on a terminal


def test_it_is_shown_in_place_until_q(path: Path) -> None:
    terminal = watching(path, "1")
    before = modes(terminal)
    terminal.wait(r"Started east\n?.*")
    assert modes(terminal) != before
    terminal.type("xyz\x1b[A")  # neither shown nor obeyed
    to_standby(path)
    terminal.wait("Node west: standby")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.raw.startswith(ENTER)
    assert terminal.raw.endswith(LEAVE)
    assert b"xyz" not in terminal.raw
    # nothing is cleared but lines, and what is below the last one
    assert b"\x1b[2J" not in terminal.raw


def test_only_what_changes_is_written(path: Path) -> None:
    terminal = watching(path, "1")
    terminal.wait("Started east")
    terminal.wait("Last updated")
    terminal.wait("Last updated")
    terminal.type("Q")
    assert terminal.end() == 0
    written = [row.decode() for row in re.split(rb"\x1b\[\d+;1H\x1b\[K", terminal.raw)]
    assert sum("Last updated" in row for row in written) >= 3
    assert sum("Online" in row for row in written) == sum("Node List" in row for row in written) == 1


@pytest.mark.parametrize(
    ("end", "code"), [("ctrl-c", 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)]
)
def test_the_terminal_is_put_back(end: object, code: int, path: Path) -> None:
    """Whatever ends the program; Ctrl-Z does not."""
    terminal = watching(path)
    terminal.wait("Started east")
    terminal.type("\x1a")
    if isinstance(end, signal.Signals):
        os.kill(terminal.pid, end)
    else:
        terminal.interrupt()
    assert terminal.end() == code
    assert LEAVE in terminal.raw
    assert terminal.raw.count(ENTER) == terminal.raw.count(LEAVE) == 1


def test_the_modes_of_the_terminal_are_put_back(path: Path) -> None:
    words = f'stty -a; {" ".join(CRM)} -c {path} status --watch; echo "code $?"; stty -a'
    terminal = Terminal(["/bin/sh", "-c", words], path.parent, rows=40)
    terminal.wait("Started east")
    terminal.type("q")
    assert terminal.end() == 0
    first, _, rest = terminal.said.partition("crm status, every 2 s")
    assert "code 0\n" in rest
    assert first.strip() == rest.partition("code 0\n")[2].strip()


def test_a_bug_leaves_the_terminal_as_it_was(path: Path) -> None:
    program = "import crmsh_py.levels.root.status.text as text\ntext.fragments = None\n"
    program += f"from crmsh_py.main import main\nmain(['-c', {str(path)!r}, 'status', '--watch'])"
    terminal = Terminal([CRM[0], "-c", program], path.parent)
    assert terminal.end() == 3
    before, _, after = terminal.raw.partition(LEAVE)
    assert before.startswith(ENTER)
    assert b"internal error" in after


def test_what_has_no_room_is_counted(path: Path) -> None:
    """And shown when the terminal grows."""
    terminal = watching(path, rows=8, columns=40)
    hidden = int(re.findall(r"(\d+) more lines", terminal.wait(r"\d+ more lines"))[0])
    assert hidden > 3
    assert "Full List" not in terminal.said
    fcntl.ioctl(terminal.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 120, 0, 0))
    terminal.wait("Full List of Resources:")
    terminal.wait("Started east")
    terminal.type("q")
    assert terminal.end() == 0


def test_what_fails_for_now_is_shown_and_no_end(path: Path, tmp_path: Path) -> None:
    terminal = watching(path, "1")
    terminal.wait("Started east")
    content = path.read_bytes()
    path.unlink()
    terminal.wait("ERROR: no such file")
    path.write_bytes(content)
    terminal.wait("Started east")
    terminal.type("q")
    assert terminal.end() == 0
    assert watching(tmp_path / "missing.xml").end() == 4


def test_a_tool_that_hangs_can_be_left(path: Path) -> None:
    """The keys are seen while it does, and it is not left behind."""
    tool = path.parent / "crm_mon"
    tool.write_text(f"#!/bin/sh\necho $$ > {path.parent}/pid\nexec sleep 60\n", encoding="utf-8")
    tool.chmod(0o755)
    environ = {"PATH": f"{path.parent}:{os.environ['PATH']}"}
    terminal = Terminal([*CRM, "-c", str(path), "status", "--watch"], path.parent, **environ)
    terminal.wait("no answer for [34] s")
    terminal.type("q")
    assert terminal.end() == 0
    pid = int((path.parent / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


def test_without_a_terminal_it_is_refused(path: Path) -> None:
    ran = as_process("-c", str(path), "status", "--watch", folder=path.parent)
    assert (ran.code, ran.out) == (2, "")
    assert "--watch takes a terminal" in ran.err
    assert "-o json" in ran.err
    assert in_process("-c", str(path), "status", "--watch", "0", folder=path.parent).code == 2


TEXTS = st.text(alphabet="ab \n\t漢é", max_size=30)


@given(st.lists(st.tuples(st.sampled_from(["", "id"]), TEXTS)), st.integers(8, 40))
def test_no_row_is_wider_than_the_terminal(fragments: list[tuple[str, str]], columns: int) -> None:
    """And no letter is lost."""
    rows = ["".join(text for _, text in row) for row in folded(fragments, columns)]
    assert all(cells(row) <= columns and row.isprintable() for row in rows)
    assert "".join("".join(rows).split()) == letters(fragments)


def letters(fragments: list[tuple[str, str]]) -> str:
    return "".join("".join(text for _, text in fragments).split())


# ---- for programs


def test_programs_get_a_line_at_each_change(path: Path) -> None:
    """No line where only time has passed."""
    argv = [*PROGRAM, "-c", str(path), "-o", "json", "status", "--watch", "1"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        time.sleep(2.5)
        to_standby(path)
        second = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=SECONDS)
    assert (rest, process.returncode) == ("", 130)
    assert json.loads(said)["data"]["code"] == "cancelled"
    assert [one["shape"] for one in (first, second)] == ["status", "status"]
    assert [one["data"]["nodes"][1]["standby"] for one in (first, second)] == [False, True]


def test_it_ends_when_its_reader_does(path: Path) -> None:
    argv = [*PROGRAM, "-c", str(path), "-o", "json", "status", "--watch", "60"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(argv, stdout=subprocess.PIPE, env=environ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(SECONDS) == 0
