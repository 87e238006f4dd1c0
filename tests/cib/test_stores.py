"""A file store: real files, real processes."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from somebody_else import as_root, become_nobody, in_a_child, let_others_through

from crmsh_py.cib.stores import file as stores
from crmsh_py.cib.stores.file import File
from crmsh_py.errors import Conflict, CrmError, NoSuchObject, NotPermitted, TimedOut


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "web.xml"
    file.write_bytes(b"<old/>")
    file.chmod(0o640)
    return file


@given(st.binary(), st.binary())
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, old: bytes, new: bytes) -> None:
    path = tmp_path_factory.mktemp("law") / "any.xml"
    path.write_bytes(old)
    File(str(path)).write(old, new)
    assert File(str(path)).read() == new
    assert os.listdir(path.parent) == ["any.xml"]


def test_a_change_by_somebody_else_is_not_overwritten(path: Path) -> None:
    with pytest.raises(Conflict, match=r"web\.xml was changed by somebody else"):
        File(str(path)).write(b"<older/>", b"<new/>")
    assert path.read_bytes() == b"<old/>"
    assert os.listdir(path.parent) == ["web.xml"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o400])
def test_the_mode_stays(path: Path, mode: int) -> None:
    path.chmod(mode)
    if os.geteuid() and not mode & stat.S_IWUSR:
        pytest.skip("only root may write to a read-only file")
    File(str(path)).write(b"<old/>", b"<new/>")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_the_new_file_is_never_wider_than_the_old_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at whenever a system call could have changed it, under the most careless umask."""
    path.chmod(0o640)
    seen = []

    def spy(name: str) -> None:
        real = getattr(os, name)

        def look(*arguments: object) -> object:
            result = real(*arguments)
            seen.extend(stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob(".web.xml.*"))
            return result

        monkeypatch.setattr(stores.os, name, look)

    for name in ("open", "chown", "fchmod", "fsync"):
        spy(name)
    before = os.umask(0)
    try:
        File(str(path)).write(b"<old/>", b"<new/>")
    finally:
        os.umask(before)
    assert 0o600 in seen
    assert set(seen) <= {0o600, 0o640}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_and_the_group_stay(path: Path) -> None:
    os.chown(path, 1234, 5678)
    File(str(path)).write(b"<old/>", b"<new/>")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 5678)


@as_root
@pytest.mark.parametrize(
    ("mode", "owner", "said"),
    [
        (0o600, 0, "NotPermitted: not permitted"),
        (0o644, 0, "NotPermitted: not permitted"),
        (0o666, 0, "NotPermitted: the owner and group of"),
    ],
)
def test_who_may_not_write_is_told_so(path: Path, mode: int, owner: int, said: str) -> None:
    let_others_through(path.parent)
    path.parent.chmod(0o777)
    os.chown(path, owner, owner)
    path.chmod(mode)
    assert in_a_child(lambda: File(str(path)).write(b"<old/>", b"<new/>"), before=become_nobody).startswith(said)
    assert path.read_bytes() == b"<old/>"
    assert os.listdir(path.parent) == ["web.xml"]


@as_root
def test_a_file_in_a_folder_that_may_only_be_read_can_be_read(path: Path) -> None:
    let_others_through(path.parent)
    path.chmod(0o644)
    path.parent.chmod(0o555)
    assert in_a_child(File(str(path)).read, before=become_nobody) == "b'<old/>'"


def test_a_link_is_written_through(path: Path) -> None:
    link = path.with_name("link.xml")
    link.symlink_to("web.xml")
    File(str(link)).write(b"<old/>", b"<new/>")
    assert link.is_symlink()
    assert path.read_bytes() == b"<new/>"


def test_a_full_disk_leaves_the_old_content(path: Path) -> None:
    """The limit on the size of files stands in for the full disk: the same write fails, with EFBIG."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    said = in_a_child(lambda: File(str(path)).write(b"<old/>", b"x" * 100_000), before=limit)
    assert said.startswith("CrmError: ")
    assert "too large" in said
    assert path.read_bytes() == b"<old/>"
    assert os.listdir(path.parent) == ["web.xml"]


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.ENOSPC, CrmError, "no space left"),
        (errno.EDQUOT, CrmError, "no space left"),
        (errno.EROFS, NotPermitted, "read-only"),
        (errno.EIO, CrmError, "input/output error"),
    ],
)
def test_a_write_that_fails_late_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[CrmError], said: str
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(stores.os, "fsync", fail)
    with pytest.raises(kind, match=said):
        File(str(path)).write(b"<old/>", b"<new/>")
    assert path.read_bytes() == b"<old/>"
    assert os.listdir(path.parent) == ["web.xml"]


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("nowhere.xml", NoSuchObject, "no such file"),
        ("nowhere/web.xml", NoSuchObject, "no such file"),
        ("web.xml/below", NoSuchObject, "no such file"),
        ("", CrmError, "is a directory"),
        ("nul\0byte.xml", NoSuchObject, "not the name of a file"),
        ("n" * 300, CrmError, "name too long"),
        ("loop.xml", CrmError, "symbolic links"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(path: Path, name: str, kind: type[CrmError], said: str) -> None:
    path.with_name("loop.xml").symlink_to("loop.xml")
    store = File(f"{path.parent}/{name}")
    with pytest.raises(kind, match=said):
        store.read()
    with pytest.raises(kind, match=said):
        store.write(b"<old/>", b"<new/>")


def test_what_is_no_regular_file_is_not_written(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.xml"
    os.mkfifo(pipe)
    with pytest.raises(CrmError, match="not a regular file"):
        File(str(pipe)).write(b"", b"<new/>")


def test_who_holds_the_lock_is_waited_for_and_not_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "LOCK_SECONDS", 0.1)
    with stores._locked(str(path)), pytest.raises(TimedOut, match="holds the lock"):
        File(str(path)).write(b"<old/>", b"<new/>")
    File(str(path)).write(b"<old/>", b"<new/>")
    assert path.read_bytes() == b"<new/>"


def test_of_many_writers_each_loses_or_is_kept(tmp_path: Path) -> None:
    """Eight processes count to 20 each, in one file; every count that was not refused is there."""
    path = tmp_path / "count"
    path.write_bytes(b"0")
    code = """
    from crmsh_py.errors import Conflict
    done = 0
    while done < 20:
        was = File(sys.argv[2]).read()
        try:
            File(sys.argv[2]).write(was, b'%d' % (int(was) + 1))
            done += 1
        except Conflict:
            pass
    """
    program = (
        "import sys, os; sys.path[:0] = sys.argv[1].split(os.pathsep)\nfrom crmsh_py.cib.stores.file import File\n"
    )
    program += "\n".join(line[4:] for line in code.splitlines())
    argv = [sys.executable, "-c", program, os.pathsep.join(sys.path), str(path)]
    writers = [subprocess.Popen(argv) for _ in range(8)]
    assert [writer.wait(60) for writer in writers] == [0] * 8
    assert path.read_bytes() == b"160"
    assert os.listdir(tmp_path) == ["count"]
