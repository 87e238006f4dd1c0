"""A journal that cannot be read, or has no place to be written to."""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_desk import Desk, add, die, leave, primitives

from crmsh_py.problems import WARNING

if TYPE_CHECKING:
    from collections.abc import Callable


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def put(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda entry: (entry / name).write_bytes(content) and None


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a draft cut short": lambda entry: cut(entry / "draft.xml.gz"),
    "a base cut short": lambda entry: cut(entry / "base.xml.gz"),
    "an empty draft": put("draft.xml.gz", b""),
    "garbage for a draft": put("draft.xml.gz", b"\x00garbage" * 100),
    "a draft that is no CIB": put("draft.xml.gz", gzip.compress(b"<nothing/>")),
    "a draft that is no XML": put("draft.xml.gz", gzip.compress(b"<cib")),
    "a draft with entities": put("draft.xml.gz", gzip.compress(b'<!DOCTYPE a [<!ENTITY b "c">]><cib/>')),
    "no draft": lambda entry: (entry / "draft.xml.gz").unlink(),
    "no base": lambda entry: (entry / "base.xml.gz").unlink(),
    "a folder for a draft": lambda entry: make_folder(entry / "draft.xml.gz"),
    "nothing said": put("about", b""),
    "garbage said": put("about", b"{" * 100),
    "much garbage said": put("about", b"[" * 100_000),
    "no text said": put("about", b"\xff\xfe"),
    "a list said": put("about", b"[1]"),
    "another format": put("about", b'{"format": 2}'),
    "not about anything": lambda entry: (entry / "about").unlink(),
    "an empty folder": lambda entry: [path.unlink() for path in entry.iterdir()],
    "a file": lambda entry: (shutil.rmtree(entry), entry.write_text("x")),
    "a link": lambda entry: (entry.rename(entry.parent.parent / "moved"), entry.symlink_to("../moved")),
    "a link that leads nowhere": lambda entry: (shutil.rmtree(entry), entry.symlink_to("nowhere")),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_cannot_be_read_is_told_once_and_set_aside(desk: Desk, damage: Callable[[Path], object]) -> None:
    leave(desk, "a")
    (hurt,) = desk.entries()
    damage(hurt)
    leave(desk, "whole")
    assert desk.offered() == [["whole"]]
    (told,) = desk.told
    assert told.severity == WARNING
    assert told.code == "journal-ignored"
    assert f"{hurt}.bad: " in told.text
    assert "\n" not in told.text
    assert hurt.with_name(hurt.name + ".bad") in desk.entries()
    assert desk.offered() == [["whole"]]
    assert len(desk.told) == 1


@settings(max_examples=60)
@given(data=st.data())
def test_any_bytes_in_any_file_are_ignored_or_the_same_edits(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    leave(desk, "a")
    path = desk.entries()[0] / data.draw(st.sampled_from(["about", "base.xml.gz", "draft.xml.gz"]))
    content = bytearray(path.read_bytes())
    # how long a file is differs from run to run
    at = data.draw(st.integers(0, 9999)) % len(content)
    content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path.write_bytes(content)
    assert desk.offered() in ([], [["a"]])
    assert len(desk.told) <= 1


def test_the_journal_of_a_living_session_is_never_set_aside(desk: Desk) -> None:
    journal, session = desk.journal(), desk.session()
    add(session, "a")
    journal.keep(session)
    (made,) = desk.entries()
    (made / "draft.xml.gz").write_bytes(b"")
    assert desk.offered() == []
    assert desk.told == []
    assert desk.entries() == [made]


# ---- places that cannot be used


def refuse(desk: Desk) -> str:
    """Edit where no journal can be kept; what is told."""
    journal, session = desk.journal(), desk.session()
    for id_ in ("a", "b"):
        add(session, id_)
        journal.keep(session)
    assert desk.offered() == []
    session.commit(force=True)
    journal.keep(session)
    assert primitives(desk.session().draft) == ["a", "b"]
    (told,) = desk.told
    assert (told.severity, told.code) == (WARNING, "no-journal")
    return told.text


@pytest.mark.parametrize("home", ["", "relative", "/nowhere/at/all"])
def test_without_a_home_there_is_one_warning(desk: Desk, home: str) -> None:
    desk.environ["HOME"] = home
    assert "no journal is kept" in refuse(desk)
    assert not Path("/nowhere").exists()


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_where_others_may_write_is_refused(desk: Desk, level: int, mode: int) -> None:
    desk.journal_folder.mkdir(parents=True)
    for path in (desk.journal_folder.parent, desk.journal_folder):
        path.chmod(0o700)
    (desk.journal_folder.parent, desk.journal_folder)[level].chmod(mode)
    assert "others may write there" in refuse(desk)
    assert desk.entries() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("level", [0, 1, 4])
def test_a_folder_of_somebody_else_is_refused(desk: Desk, level: int) -> None:
    desk.journal_folder.mkdir(parents=True)
    for path in desk.journal_folder.parents[1:4]:
        path.chmod(0o700)
    path = [desk.journal_folder, *desk.journal_folder.parents][level]
    os.chown(path, 12345, 12345)
    assert "belongs to somebody else" in refuse(desk)
    assert desk.entries() == []


@pytest.mark.parametrize("name", ["crm", "journal"])
def test_a_link_is_no_folder(desk: Desk, name: str) -> None:
    path = desk.journal_folder if name == "journal" else desk.journal_folder.parent
    path.parent.mkdir(parents=True)
    target = desk.folder / "target"
    target.mkdir()
    path.symlink_to(target)
    assert "no journal is kept" in refuse(desk)
    assert list(target.iterdir()) == []


def test_a_file_in_its_place_is_no_folder(desk: Desk) -> None:
    desk.journal_folder.parent.mkdir(parents=True)
    desk.journal_folder.write_text("mine")
    assert "no journal is kept" in refuse(desk)
    assert desk.journal_folder.read_text() == "mine"


def test_a_folder_that_somebody_removes_is_made_again(desk: Desk) -> None:
    journal, session = desk.journal(), desk.session()
    for id_ in ("a", "b"):
        add(session, id_)
        journal.keep(session)
        shutil.rmtree(desk.folder / ".local")
    add(session, "c")
    journal.keep(session)
    die(journal)
    assert desk.offered() == [["a", "b", "c"]]
    assert desk.told == []
