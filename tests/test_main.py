"""The real program in a process of its own: options, exit codes, and streams that break."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CRM = [sys.executable, "-m", "crmsh_py"]


def crm(*words: str, stdin: str = "", **environ: str) -> tuple[int, str, str]:
    env = {"PATH": "/usr/bin:/bin", **environ}
    done = subprocess.run([*CRM, *words], input=stdin, capture_output=True, text=True, env=env, timeout=60)
    return done.returncode, done.stdout, done.stderr


def shell(command: str) -> tuple[int, str, str]:
    done = subprocess.run(
        ["bash", "-c", command, "bash", *CRM], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--nosuch", "ls"], "--nosuch"),
        (["-D", "pink", "ls"], "pink"),
        (["-o", "yaml", "ls"], "no such output format: yaml"),
        (["ls", "x", "-o", "yaml"], "no such output format: yaml"),
        (["-o", "core.nosuch=vi", "ls"], "no such setting: core.nosuch"),
        (["-o", "editor=vi", "ls"], "no such setting: editor"),
        (["-o", "core.wait=maybe", "ls"], "core.wait is yes or no, not maybe"),
        (["-o", "color.style=pink", "ls"], "color.style is plain, color or color-always, not pink"),
        (["-D", "color,uppercase", "ls"], "upper case is gone"),
        (["-H", "/tmp", "ls"], "the history level is not there yet"),
        (["--scriptdir=/tmp", "ls"], "the script level is not there yet"),
        (["-X", "profile", "ls"], "profiles are not written"),
        (["-R", "ls"], "there is no such trace"),
        (["-x"], "unknown option: -x"),
        (["-f", "/no/such/file"], "no such file: /no/such/file"),
        (["-f", "/"], "/ is a directory"),
        (["-f", ""], "no such file"),
        (["nosuch"], "no such command: nosuch"),
        (["report"], "`report` is not there yet"),
        (["--expect-epoch", "x", "ls"], "invalid int value"),
        (["-o", "core.wait_timeout=soon", "ls"], "core.wait_timeout is a number of seconds"),
        (["-o", "core.wait_timeout=0", "ls"], "core.wait_timeout is a number of seconds"),
        (["corosync", "show"], "`corosync` is not there yet"),
        (["-f", "-", "ls"], "with -f only a level"),
        (["ls", "-f", "x"], "expected nothing more"),
        (["ls", "-F"], "unknown option -F"),
        (["-c", "examples/empty.xml", "resource", "start", "-w"], "unknown option -w"),
        (["-c", "examples/empty.xml", "resource", "start", "-w"], "did you mean --wait?"),
        (["-c", "examples/empty.xml", "node", "server", "-n"], "before the level: `crm -n node server ...`"),
    ],
)
def test_what_is_not_understood_is_refused(words: list[str], said: str) -> None:
    code, out, err = crm(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_version_help_and_formats() -> None:
    assert crm("--version")[:2] == (0, "crm 0.1.0\n")
    assert "--keep-going" in crm("-h")[1]
    assert crm("ls", "-o", "json")[1] == crm("-o", "json", "ls")[1] != crm("-o", "text", "ls")[1]


def test_a_script_that_is_empty_or_not_utf8(tmp_path: Path) -> None:
    assert crm() == (0, "", "")
    script = tmp_path / "s.crm"
    script.write_bytes(b"ls\n\xff\n")
    code, out, err = crm("-f", str(script))
    assert (code, out) == (2, "")
    assert f"{script}:2:1: ERROR: expected UTF-8" in err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ('"$@" help >&-', 0),
        ('"$@" help <&-', 0),
        ('"$@" nosuch 2>&-', 2),
        ('"$@" help 2>/dev/full', 0),
        ('"$@" nosuch 2>/dev/full', 2),
        ('"$@" help <&- >&- 2>&-', 0),
        ('set -o pipefail; "$@" help | true', 0),
        ('set -o pipefail; { sleep 0.4; "$@" help; } | true', 0),
    ],
)
def test_streams_that_are_closed_or_broken_are_no_error(command: str, code: int) -> None:
    done, _, err = shell(command)
    assert done == code
    assert "Traceback" not in err
    assert "Exception" not in err


def test_a_full_disk_is_an_error() -> None:
    code, _, err = shell('"$@" help >/dev/full')
    assert (code, err) == (1, "ERROR: cannot write the output: No space left on device\n")


def test_output_in_an_encoding_that_lacks_the_character() -> None:
    code, _, err = crm("nosuch-漢", PYTHONIOENCODING="ascii")
    assert code == 2
    assert "nosuch-\\u6f22" in err


def test_a_bug_is_one_short_line_and_a_traceback_only_if_asked(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom crmsh_py import main\n"
        "def broken(*_): raise {error}\n"
        "main._work = broken\nmain.main(sys.argv[1:])\n"
    )

    def run(error: str, *words: str) -> tuple[int, str]:
        command = [sys.executable, "-c", program.format(error=error), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    code, err = run("RecursionError('deep')", "ls")
    assert (code, err.count("\n")) == (3, 1)
    assert "--debug" in err
    assert run("MemoryError()", "ls")[0] == 3
    code, err = run("KeyError('x')", "--debug", "ls")
    assert code == 3
    assert "Traceback" in err
    assert run("KeyboardInterrupt()", "ls") == (130, "ERROR: interrupted\n")


def test_what_is_not_needed_is_not_imported() -> None:
    heavy = {"lark", "lxml", "paramiko", "prompt_toolkit", "asyncio", "logging", "importlib.metadata", "subprocess"}
    program = "import os, sys, crmsh_py.main as m\nos._exit = sys.exit\n"
    program += f"try: m.main(['ls'])\nfinally: print({heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith("set()\n")


@pytest.fixture
def cib(tmp_path: Path) -> Path:
    path = tmp_path / "cib.xml"
    path.write_bytes((Path(__file__).parents[1] / "examples" / "empty.xml").read_bytes())
    return path


@pytest.mark.parametrize(
    ("script", "code", "line"),
    [
        ("configure\nprimitive y1 Dummy\nbad line\nprimitive y2 Dummy\ncommit\n", 2, 3),
        ("configure\nprimitive y1 Dummy\nbad line\nquit\n", 2, 3),
        ("nosuch\nconfigure primitive y1 Dummy\n", 2, 1),
        ("nosuch\nconfigure primitive y1 Dummy\nquit\n", 2, 1),
        ("configure\nprimitive y1 Dummy\norder o y1 y2\nquit\n", 5, None),
        ("configure\nprimitive y1 Dummy\nresource\nstart y1\n", 2, 3),
        ("configure\nprimitive y1 Dummy\nprimitive y1 Dummy\n", 1, 3),
        ("configure\nprimitive y1 Dummy\nload update /no/such/file\n", 4, 3),
        ("configure\nprimitive y1 Dummy\ner\n", 2, 3),
        ("configure\nprimitive y1 Dummy \\\n  op monitor 'x\n", 2, 3),
    ],
)
def test_one_bad_line_and_nothing_is_written(cib: Path, script: str, code: int, line: int | None) -> None:
    before = cib.read_bytes()
    path = cib.with_name("s.crm")
    path.write_text(script)
    for words, stdin, source in ((("-f", str(path)), "", str(path)), ((), script, "stdin")):
        done, out, err = crm("-c", str(cib), *words, stdin=stdin)
        assert (done, out, cib.read_bytes()) == (code, "", before)
        assert line is None or f"{source}:{line}:" in err.splitlines()[0]


@pytest.mark.parametrize("end", ["", "quit\n", "up\n", "exit\nnosuch\n", "up\nbye\n"])
@pytest.mark.parametrize("option", [[], ["-n"], ["-w"]])
def test_a_good_script_is_committed_at_its_end(cib: Path, end: str, option: list[str]) -> None:
    assert crm("-c", str(cib), *option, "configure", stdin="primitive y1 Dummy\n" + end)[0] == 0
    assert b'id="y1"' in cib.read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        b"configure\r\nprimitive y1 Dummy \\\r\n op monitor interval=10\r\n",
        b"\xef\xbb\xbfconfigure\nprimitive y1 Dummy op monitor interval=10",
        b"\n\n# \xe6\xbc\xa2\nconfigure\n\n  primitive y1 Dummy op monitor interval=10\n\n",
        b"# " + b"x" * 1_000_000 + b"\nconfigure primitive y1 Dummy op monitor interval=10\n",
    ],
)
def test_files_of_all_kinds_are_scripts(cib: Path, content: bytes) -> None:
    path = cib.with_name("s.crm")
    path.write_bytes(content)
    code, out, err = crm("-c", str(cib), "-f", str(path))
    assert (code, out) == (0, "")
    assert "ERROR" not in err
    assert b'interval="10s"' in cib.read_bytes()


def test_a_nul_in_a_script_is_an_error_at_its_place(cib: Path) -> None:
    path = cib.with_name("s.crm")
    path.write_bytes(b"configure\nprimitive a\0 Dummy\n")
    code, _, err = crm("-c", str(cib), "-f", str(path))
    assert code == 2
    assert f"{path}:2:12: ERROR" in err


def test_the_exit_code_says_whether_something_was_changed(cib: Path) -> None:
    option = ("-c", str(cib), "--detailed-exitcode", "configure")
    assert crm(*option, "primitive", "y1", "Dummy")[0] == 10
    assert crm(*option, "show")[0] == 0
    assert crm(*option, "commit")[0] == 0
    assert crm(*option, "primitive", "y1", "Dummy")[0] == 1
    assert crm(*option, stdin="primitive y2 Dummy\ncommit\n")[0] == 10
    assert crm(*option, stdin="primitive y3 Dummy\ncommit\nshow nosuch\n")[0] == 4


def test_settings_of_a_file_are_followed_and_wrong_ones_are_told(cib: Path) -> None:
    folder = cib.parent / "crm"
    folder.mkdir()
    (folder / "crm.conf").write_text("[color]\nstyle = color-always\n[core]\nwiat = yes\nobscure_pattern = fake\n")
    crm("-c", str(cib), "configure", "primitive", "y1", "Dummy", "fake=secret")
    code, out, err = crm("-c", str(cib), "configure", "show", "y1", XDG_CONFIG_HOME=str(cib.parent))
    assert code == 0
    assert "\x1b[" in out
    assert "secret" not in out
    assert f"{folder}/crm.conf:4:1: " in err
    assert "\x1b[" not in crm("-c", str(cib), "-o", "color.style=plain", "help", XDG_CONFIG_HOME=str(cib.parent))[1]


def test_json_is_one_document_and_problems_are_lines_of_json(cib: Path) -> None:
    _, out, err = crm("-o", "json", "-c", str(cib), "configure", stdin="sho\nnosuch x\nhelp\n")
    assert out == ""
    assert {json.loads(line)["shape"] for line in err.splitlines()} == {"problem"}
    _, out, _ = crm("-o", "json", "-c", str(cib), "configure", "show")
    assert json.loads(out)["shape"] == "configure.show"
