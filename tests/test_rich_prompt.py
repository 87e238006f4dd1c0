"""The rich prompt on the screen of a terminal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prompt_desk import ROOT, with_empty_cib
from screen import ScreenTerminal
from terminal import SECONDS

CRM = [sys.executable, "-m", "crmsh_py"]
COLOUR = re.compile(rb"\x1b\[[0-9;]*3[0-7][;m]")
TAB, ENTER, UP, DOWN, ESCAPE = "\t", "\r", "\x1b[A", "\x1b[B", "\x1b"
CTRL_C, CTRL_D, CTRL_R, CTRL_E = "\x03", "\x04", "\x12", "\x05"
ASKED = r"to stay:$"
# each prompt asks the terminal to mark what is pasted, and to stop it
BEGINS, ENDS = b"\x1b[?2004h", b"\x1b[?2004l"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_empty_cib(tmp_path)


def start(folder: Path, *words: str, rows: int = 24, columns: int = 100, **environ: str) -> ScreenTerminal:
    terminal = ScreenTerminal([*CRM, "-c", "web.xml", *words], folder, rows, columns, **environ)
    terminal.until(r"^crm\(.*# ?$")
    return terminal


def enter(terminal: ScreenTerminal, text: str) -> str:
    """Type a line; the screen when the next prompt is there."""
    begun = terminal.raw.count(BEGINS)
    terminal.type(text + ENTER)
    terminal.until_true(lambda: terminal.raw.count(BEGINS) > begun and is_empty(terminal), "a prompt behind " + text)
    return terminal.shown


def is_empty(terminal: ScreenTerminal) -> bool:
    """Whether nothing is typed."""
    return bool(re.fullmatch(r"crm\(.*# ?", terminal.row))


def leave(terminal: ScreenTerminal, answer: str = "") -> int:
    # one that comes before the prompt is none to the terminal
    terminal.until_true(lambda: is_empty(terminal))
    terminal.type(CTRL_D)
    if answer:
        terminal.until(ASKED)
        terminal.type(answer + "\n")
    return terminal.end()


def test_a_session(folder: Path) -> None:
    """Levels, a mark for edits, the menu, what is chosen in it, and the way out."""
    terminal = start(folder)
    assert enter(terminal, "configure").endswith("configure#")
    for name in ("web1", "web2"):
        assert terminal.row.endswith("configure#") == (name == "web1")
        enter(terminal, f"primitive {name} ocf:pacemaker:Dummy")
    assert terminal.row.endswith("configure*#")
    terminal.type(f"show w{TAB}")
    shown = terminal.until(r"^ +web2 +primitive")
    assert re.search(r"^ +web1 +primitive", shown, re.MULTILINE)
    # the menu stays while the word is typed on, and is gone with it
    terminal.type("2")
    terminal.until_true(lambda: not re.search(r"^ +web1 ", terminal.shown, re.MULTILINE))
    terminal.type(f"\x7f{TAB}{DOWN}{DOWN}")
    terminal.until(r"show web2 ?$")
    terminal.type(ENTER)
    terminal.until_true(lambda: not re.search(r"^ +web1 ", terminal.shown, re.MULTILINE))
    assert terminal.row.endswith("show web2")
    enter(terminal, "")
    assert "primitive web2 ocf:pacemaker:Dummy" in terminal.shown
    terminal.type("quit" + ENTER)
    terminal.until(ASKED)
    terminal.type("y\n")
    assert terminal.end() == 0
    assert 'id="web2"' in (folder / "web.xml").read_text()


def test_what_cannot_be_right_is_marked_while_it_is_typed(folder: Path) -> None:
    terminal = start(folder, "configure")
    terminal.type("location here web 10: alpha nosuch word")
    terminal.until(r"^expected .*lifetime")
    at = terminal.row.index("nosuch")
    marks = terminal.screen.buffer[terminal.screen.cursor.y]
    assert [marks[column].underscore for column in (at - 2, at, at + 5, at + 7)] == [False, True, True, False]
    assert leave_line(terminal) == 0
    assert "expected" not in terminal.shown


def test_an_agent_says_what_its_parameters_are(folder: Path) -> None:
    terminal = start(folder, "configure")
    terminal.type(f"primitive vip ocf:heartbeat:IPaddr2 params {TAB}")
    terminal.until(r"^ +ip= +required")
    terminal.type(DOWN)
    terminal.until(r"IPv4 \(dotted quad notation\)|The IPv4")
    terminal.type(ESCAPE)
    terminal.until_true(lambda: "required" not in terminal.shown)
    assert leave_line(terminal) == 0


def test_a_question_mark_says_what_may_follow(folder: Path) -> None:
    terminal = start(folder, rows=60)
    terminal.type("resource ?")
    shown = terminal.until(r"^ +unmove|^ +start ")
    assert "Start" in shown
    terminal.until_true(lambda: terminal.row.endswith("# resource"))
    assert leave_line(terminal) == 0


def leave_line(terminal: ScreenTerminal) -> int:
    """Drop what is typed, and leave."""
    terminal.type(CTRL_C)
    terminal.until_true(lambda: is_empty(terminal))
    return leave(terminal)


def test_a_question_mark_waits_a_moment_for_an_agent(folder: Path) -> None:
    terminal = start(folder, "configure", rows=70)
    terminal.type("primitive vip ocf:heartbeat:IPaddr2 params ?")
    terminal.until(r"^ +cidr_netmask=")
    assert leave_line(terminal) == 0


@pytest.mark.parametrize("rows", [3, 5, 7, 10])
def test_a_low_terminal(folder: Path, rows: int) -> None:
    terminal = start(folder, "configure", rows=rows)
    terminal.type(f"show {TAB}")
    terminal.until(r"configure# show")
    terminal.type("ty")
    terminal.until(r"configure# show ty")
    assert leave_line(terminal) == 0


def test_escape_in_vi_mode_leaves_the_menu_and_the_insert_mode(folder: Path) -> None:
    terminal = start(folder, "-o", "core.editing_mode=vi")
    terminal.type(f"resource st{TAB}")
    terminal.until(r"^ +status ")
    terminal.type(ESCAPE)
    terminal.until_true(lambda: " status " not in terminal.shown)
    terminal.type("0xx")
    terminal.until(r"# source st$")
    assert leave_line(terminal) == 0


def test_history_and_suggestions(folder: Path) -> None:
    terminal = start(folder)
    enter(terminal, "configure show type:node")
    enter(terminal, "help up")
    assert leave(terminal) == 0
    terminal = start(folder)
    terminal.type("conf")
    terminal.until(r"# configure show type:node$")
    terminal.type(CTRL_E)
    enter(terminal, "")
    terminal.type(CTRL_R + "hel")
    terminal.until(r"help up")
    terminal.type(CTRL_E)
    terminal.until(r"# help up$")
    terminal.type(ENTER)
    terminal.until(r"Go to the level above")
    # what looks as if it were typed would be no suggestion
    assert leave(terminal) == 0
    terminal = start(folder, NO_COLOR="1")
    terminal.type("conf")
    terminal.until(r"# conf$")
    assert leave_line(terminal) == 0
    assert b"type:node" not in terminal.raw


def test_a_secret_is_not_suggested(folder: Path) -> None:
    terminal = start(folder, "configure")
    enter(terminal, "primitive f ocf:pacemaker:Dummy params password=geheim")
    shown = terminal.raw.count(b"geheim")
    terminal.type("prim")
    terminal.until_true(lambda: terminal.row.endswith("# prim"))
    terminal.type("itive f")
    terminal.until_true(lambda: terminal.row.endswith("# primitive f"))
    leave_typed(terminal)
    assert terminal.raw.count(b"geheim") == shown


def test_a_paste_of_200_lines(folder: Path) -> None:
    terminal = start(folder, "configure")
    terminal.paste("".join(f"primitive p{number} ocf:pacemaker:Dummy\n" for number in range(200)))
    terminal.until(r"primitive p199 ocf:pacemaker:Dummy")
    enter(terminal, "")
    assert terminal.row.endswith("configure*#")
    assert "ERROR" not in terminal.shown
    assert leave(terminal, "y") == 0
    assert (folder / "web.xml").read_text().count("<primitive ") == 200


def test_ctrl_c_in_a_long_command(folder: Path) -> None:
    bin_ = folder / "bin"
    bin_.mkdir()
    (bin_ / "crm_verify").write_text(f"#!/bin/sh\ntouch {folder}/began\nexec sleep 60\n")
    (bin_ / "crm_verify").chmod(0o755)
    terminal = start(folder, "configure", PATH=f"{bin_}:{os.environ['PATH']}")
    enter(terminal, "primitive a ocf:pacemaker:Dummy")
    # the rest of what was pasted goes with it
    terminal.paste("commit\nprimitive b ocf:pacemaker:Dummy\n")
    terminal.type(ENTER)
    while not (folder / "began").exists():
        pass
    terminal.type(CTRL_C)
    terminal.until("interrupted")
    terminal.until_true(lambda: terminal.row.endswith("configure*#"))
    enter(terminal, "show b")
    assert "no object b" in terminal.shown
    assert leave(terminal, "n") == 0


def test_the_terminal_changes_its_size(folder: Path) -> None:
    terminal = start(folder, "configure")
    terminal.type("primitive a_name_that_is_rather_long ocf:pacemaker:Dummy op monitor interval=10s")
    terminal.until_true(lambda: "interval=10s" in terminal.shown.replace("\n", ""))
    terminal.resize(30, 40)
    terminal.until_true(lambda: terminal.row.endswith("10s") and len(terminal.shown.splitlines()) >= 3)
    terminal.resize(24, 120)
    terminal.until("Dummy op monitor interval=10s$")
    terminal.type(ENTER)
    terminal.until(r"configure\*# ?$")
    assert leave(terminal, "n") == 0


@pytest.mark.parametrize("columns", [40, 20, 12])
def test_a_narrow_terminal(folder: Path, columns: int) -> None:
    terminal = ScreenTerminal([*CRM, "-c", "web.xml", "configure"], folder, 24, columns)
    terminal.until("#")
    terminal.type(f"primitive vip ocf:heartbeat:IPaddr2 params {TAB}")
    terminal.until(r"^ *ip=")
    terminal.type(DOWN)
    terminal.until_true(lambda: "ip=" in terminal.row)
    terminal.type(CTRL_C)
    terminal.until_true(lambda: terminal.row.endswith("#") or "configure#" in "".join(terminal.rows[-4:]))
    terminal.type("\x15quit" + ENTER)
    assert terminal.end() == 0
    assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize(("environ", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours(folder: Path, environ: dict[str, str], is_coloured: bool) -> None:
    terminal = start(folder, "configure", **environ)
    enter(terminal, "primitive a ocf:pacemaker:Dummy")
    terminal.type(f"show {TAB}")
    terminal.until("primitive")
    leave_typed(terminal)
    assert bool(COLOUR.search(terminal.raw)) == is_coloured


def leave_typed(terminal: ScreenTerminal) -> None:
    """Drop what is typed, and leave without the edits."""
    terminal.type(CTRL_C)
    terminal.until_true(lambda: is_empty(terminal))
    assert leave(terminal, "n") == 0


@pytest.mark.parametrize(
    "environ", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"LC_ALL": "POSIX"}]
)
def test_a_locale_that_knows_no_letters_but_ascii(folder: Path, environ: dict[str, str]) -> None:
    terminal = start(folder, "configure", **environ)
    enter(terminal, "primitive a ocf:pacemaker:Dummy")
    # where it cannot be read, it is refused
    enter(terminal, "primitive b ocf:pacemaker:Dummy params fake='Größe'")
    enter(terminal, "show")
    terminal.type(f"show {TAB}")
    terminal.until(r"show a ?$|^ +a +primitive")
    leave_typed(terminal)
    assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {"TERM": ""}])
def test_a_terminal_that_can_do_nothing(folder: Path, environ: dict[str, str]) -> None:
    terminal = start(folder, "configure", **environ)
    terminal.type("show\n")
    terminal.until_true(lambda: terminal.shown.count("crm(") == 2)
    terminal.type(CTRL_D)
    assert terminal.end() == 0
    assert b"\x1b" not in terminal.raw.replace(BEGINS, b"").replace(ENDS, b"")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_terminal_is_in_order_when_the_prompt_is_told_to_end(folder: Path, number: int) -> None:
    """The edits wait for the next session."""
    terminal = start(folder, "configure")
    enter(terminal, "primitive a ocf:pacemaker:Dummy")
    terminal.type("primitive b")
    terminal.until("primitive b$")
    os.kill(terminal.pid, number)
    assert terminal.end() == -number
    # bracketed paste is off again
    assert terminal.raw.rindex(ENDS) > terminal.raw.rindex(BEGINS)
    terminal = ScreenTerminal([*CRM, "-c", "web.xml", "configure"], folder)
    terminal.until("Take them up again")
    terminal.type("n\n")
    terminal.until(r"configure# ?$")
    assert leave(terminal) == 0


def test_the_prompt_does_not_wait_for_a_cluster_that_hangs(tmp_path: Path) -> None:
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for tool in ("cibadmin", "crm_mon", "crm_resource", "crm_node", "crmadmin", "crm_attribute"):
        (bin_ / tool).write_text(f"#!/bin/sh\necho $$ >> {tmp_path}/started\nexec sleep 60\n")
        (bin_ / tool).chmod(0o755)
    terminal = ScreenTerminal(CRM, tmp_path, PATH=f"{bin_}:{os.environ['PATH']}")
    terminal.until(r"^crm\(live/.*# ?$")
    terminal.type(f"resource start {TAB}")
    terminal.until(r"^asking for more")
    terminal.until(r"^ +--wait ")
    terminal.type(DOWN)
    terminal.until(r"resource start --wait ?$")
    started = [int(pid) for pid in (tmp_path / "started").read_text().split()]
    assert leave_line(terminal) == 0
    # what was asked in the background does not outlive the prompt
    deadline = time.monotonic() + SECONDS
    while any(Path(f"/proc/{pid}").exists() for pid in started):
        assert time.monotonic() < deadline


def test_the_line_in_an_editor(folder: Path) -> None:
    editor = folder / "editor"
    editor.write_text('#!/bin/sh\necho "primitive b ocf:pacemaker:Dummy" > "$1"\n')
    editor.chmod(0o755)
    terminal = start(folder, "configure", EDITOR=str(editor))
    terminal.type("primitive a\x18\x05")
    terminal.until("# primitive b ocf:pacemaker:Dummy$")
    enter(terminal, "")
    assert terminal.row.endswith("configure*#")
    assert leave(terminal, "n") == 0


def test_pygmentize_is_not_needed_for_a_script(folder: Path) -> None:
    """What is heavy is not loaded where nobody types."""
    script = (
        "import sys; from crmsh_py import main; import os; os._exit = sys.exit\ntry: main.main(sys.argv[1:])\nfinally: "
    )
    script += "print(*[name for name in ('prompt_toolkit', 'pygments', 'asyncio') if name in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", script, "-c", "web.xml", "configure"],
        input="show\n",
        text=True,
        capture_output=True,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)},
    )
    assert (ran.stdout, ran.stderr) == ("\n", "")
