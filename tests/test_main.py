"""The real program in a process of its own: options, exit codes, and streams that break."""

from __future__ import annotations

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
        (["-o", "core.editor=vi", "ls"], "option settings are not there yet"),
        (["-f", "/no/such/file"], "cannot read /no/such/file"),
        (["nosuch"], "no such command: nosuch"),
        (["status"], "`status` is not there yet"),
        (["rsc", "start", "x"], "`rsc` is not there yet"),
        (["-f", "-", "ls"], "with -f only a level"),
        (["ls", "-f", "x"], "expected nothing more"),
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
    assert "line 2" in err


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
    program = f"import sys, crmsh_py.main as m\ntry: m.main(['ls'])\nfinally: print({heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith("set()\n")
