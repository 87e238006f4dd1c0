"""A file store on bad days: each system call of a write fails, or is the last one of the process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from faults import System, be_killed, fail

from crmsh_py.cib import edit
from crmsh_py.cib.document import Cib
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores import file as stores
from crmsh_py.cib.stores.file import File
from crmsh_py.errors import CrmError
from crmsh_py.language.parser import parse

OLD, NEW = b"<old/>", b"<new/>"
CALLS = "open fstat write flush chown fchmod fsync rename close".split()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "web.xml"
    file.write_bytes(OLD)
    return file


def write_on(system: System, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(stores, "os", system.of(os))
        patch.setattr(stores, "open", system.opened, raising=False)
        File(str(path)).write(OLD, NEW)


def calls_of_a_write(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    system = System(CALLS, 0, "never", fail)
    write_on(system, path, monkeypatch)
    path.write_bytes(OLD)
    return system.calls


def test_every_call_that_matters_is_watched(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"open", "write", "flush", "fsync", "rename"} <= set(calls_of_a_write(path, monkeypatch))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_call_that_fails_leaves_the_old_or_the_new_content(
    path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    calls = calls_of_a_write(path, monkeypatch)
    for number, name in enumerate(calls, 1):
        path.write_bytes(OLD)
        is_late = number > calls.index("rename") + (when == "before")
        try:
            write_on(System(CALLS, number, when, fail), path, monkeypatch)
        except CrmError:
            assert path.read_bytes() == (NEW if is_late else OLD), (number, name)
        else:
            assert path.read_bytes() == NEW, (number, name)
        strays = [item for item in path.parent.iterdir() if item != path]
        assert not strays or (name, when) == ("open", "after"), (number, name)  # made, and known to nobody
        for stray in strays:
            stray.unlink()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_at_any_call_leaves_the_old_or_the_new_content(
    path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    calls = calls_of_a_write(path, monkeypatch)
    for number, name in enumerate(calls, 1):
        path.write_bytes(OLD)
        child = os.fork()
        if not child:
            write_on(System(CALLS, number, when, be_killed), path, monkeypatch)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        is_late = number > calls.index("rename") + (when == "before")
        assert path.read_bytes() == (NEW if is_late else OLD), (number, name)
        # the lock died with its holder, and what lies beside is in nobody's way
        File(str(path)).write(path.read_bytes(), OLD)


def commit_some(path: str, count: int, said: int) -> None:
    """Commit one primitive after the other, and say so after each."""
    session = Session(File(path))
    for number in range(count):
        session.edit(lambda cib, number=number: edit.update(cib, parse(f"primitive p{number} Dummy", "test")))
        session.commit(force=True)
        os.write(said, b"%d\n" % number)


def test_a_hundred_kills_lose_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that commits all the time is killed at any moment; what it said it had committed is there."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PCMK_schema_directory", str(tmp_path))
    path = tmp_path / "web.xml"
    path.write_bytes(Cib.empty("pacemaker-3.9").to_bytes())
    commit_some(str(path), 1, os.open(os.devnull, os.O_WRONLY))  # what is imported now, a child need not import
    moments = random.Random(7)
    for _ in range(100):
        path.write_bytes(Cib.empty("pacemaker-3.9").to_bytes())
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            commit_some(str(path), 1_000_000, writing)
        os.close(writing)
        with open(reading, "rb") as answers:
            first = answers.readline()
            time.sleep(moments.uniform(0, 0.02))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            said = [int(line) for line in (first + answers.read()).split()]
        kept = [el.get("id") for el in Cib.parse(path.read_bytes(), "the file").configuration.iter("primitive")]
        assert len(kept) - len(said) in (0, 1)
        assert kept == [f"p{number}" for number in range(len(kept))]


REAL_DISK = """
mount -t tmpfs -o size=64k none {folder}
cp {cib} {folder}/web.xml
{before}
{crm} -c {folder}/web.xml configure load update {text} 2>&1
echo "exit code $?"
cmp {cib} {folder}/web.xml && ls -A {folder}
"""


@pytest.mark.parametrize(
    ("before", "said", "exit_code"),
    [
        ("", "no space left to write", 1),
        ("mount -o remount,ro {folder}", "is read-only", 8),
    ],
)
def test_a_disk_that_takes_nothing(tmp_path: Path, before: str, said: str, exit_code: int) -> None:
    """A real full disk, and a real read-only one."""
    if subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode:
        pytest.skip("mounting a file system takes root, and a mount namespace")
    folder, cib, text = tmp_path / "disk", tmp_path / "cib.xml", tmp_path / "web.crm"
    folder.mkdir()
    cib.write_bytes(Cib.empty("pacemaker-3.9").to_bytes())
    text.write_text("\n".join(f"primitive p{number} Dummy" for number in range(2000)))
    crm = f"{sys.executable} -m crmsh_py"
    script = REAL_DISK.format(folder=folder, cib=cib, text=text, crm=crm, before=before.format(folder=folder))
    root = str(Path(stores.__file__).parents[3])
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, cwd=root)
    assert said in done.stdout
    assert f"exit code {exit_code}" in done.stdout
    assert done.stdout.endswith("\nweb.xml\n"), done.stdout + done.stderr
