"""What is left when the process is told to end: no file with secrets, no program that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crmsh_py.cib.scratch import scratch_file

ROOT = Path(__file__).parents[2]


def test_nobody_else_can_read_it_and_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch_file("cib.xml", b"content") as path:
        assert Path(path).read_bytes() == b"content"
        assert [os.stat(name).st_mode & 0o777 for name in (path, os.path.dirname(path))] == [0o600, 0o700]
        Path(path + "~").write_text("what an editor leaves")
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def heed_the_terminal() -> None:
    """A test run in the background has this signal ignored, and would pass that on."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def ended(tmp_path: Path, number: int, tool: str, *words: str) -> tuple[int, list[Path], bool]:
    """Run `configure` with a stub for a tool that waits, send a signal: exit code, files that stay, tool alive."""
    stub = tmp_path / tool
    # a shell that waits for another program: both have to go
    stub.write_text(
        f"#!/bin/sh\n[ $1 = --empty ] && exec /usr/sbin/cibadmin --empty\necho $$ > {tmp_path}/pid\nsleep 30\n:\n"
    )
    stub.chmod(0o755)
    cib = tmp_path / "cib.xml"
    text = (ROOT / "examples/empty.xml").read_text().replace("pacemaker-3.9", "pacemaker-3.0")
    cib.write_text(text.replace("pacemaker-3.8", "pacemaker-3.0"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(scratch),
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
    }
    line = [sys.executable, "-m", "crmsh_py", "-c", str(cib), "configure", *words]
    with subprocess.Popen(
        line, env=environ, stderr=subprocess.PIPE, cwd=tmp_path, preexec_fn=heed_the_terminal
    ) as process:
        deadline = time.monotonic() + 20
        while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip()):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        process.communicate(timeout=20)
    pid = int((tmp_path / "pid").read_text())
    # what was killed dies when it is its turn
    deadline = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return process.returncode, list(scratch.iterdir()), is_alive(pid)


def is_alive(pid: int) -> bool:
    """Whether a process runs: one that was killed may wait for a while until it is buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_upgrade_leaves_no_secrets(tmp_path: Path, number: int) -> None:
    assert ended(tmp_path, number, "cibadmin", "upgrade", "force") == (-number, [], False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_program_of_a_filter_goes_too(tmp_path: Path, number: int) -> None:
    assert ended(tmp_path, number, "slow", "filter", "slow now") == (-number, [], False)


def test_what_ignores_a_hangup_goes_on(tmp_path: Path) -> None:
    script = (
        "import os, signal; from crmsh_py.run import run;"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "print(run(['sh', '-c', f'kill -HUP {os.getpid()}; echo done'], timeout=20).output_text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout.strip()) == (0, b"done")
