"""The journal of uncommitted edits on good days: what is written down, for whom, and for how long."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from journal_desk import EMPTY, Desk, add, die, leave
from random_edits import random_edit

from crmsh_py.cib import edit
from crmsh_py.cib.document import Cib
from crmsh_py.cib.merge import Merge
from crmsh_py.errors import CrmError
from crmsh_py.language.parser import parse

if TYPE_CHECKING:
    import pytest

HERE = Path(__file__).parent


@settings(max_examples=40)
@given(data=st.data())
def test_what_is_resumed_is_the_draft_and_undo_gives_back_what_was_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.path.write_bytes((HERE / data.draw(st.sampled_from(["references.xml", "references-old.xml"]))).read_bytes())
    journal, session = desk.journal(), desk.session()
    for _ in range(data.draw(st.integers(1, 4))):
        try:
            _, change, _ = random_edit(
                session.draft, lambda some: some[data.draw(st.integers(0, 999)) % max(len(some), 1)]
            )
            session.edit(change)
        except CrmError:
            continue
        journal.keep(session)
    if not session.is_dirty:
        return
    die(journal)
    (left,) = desk.left()
    resumed = desk.session()
    resumed.resume(left.base, left.draft)
    assert said(resumed.base_cib()) == said(session.base_cib())
    assert said(resumed.draft) == said(session.draft)
    assert left.is_in(session.draft)
    before = said(desk.session().draft)
    base, is_in = session.base_cib(), left.is_in(desk.session().draft)
    if said(session.draft) == before:
        assert is_in
    elif base.schema != session.draft.schema or Merge(base, session.draft, base).mine:
        assert not is_in
    resumed.undo()
    assert said(resumed.draft) == before
    left.drop()
    assert desk.entries() == []
    assert desk.told == []


def said(cib: Cib) -> bytes:
    """The configuration of a CIB, and its schema."""
    copy = Cib.parse(cib.to_bytes(), "a copy")
    copy.root.attrib.clear()
    for el in copy.root.findall("status"):
        copy.root.remove(el)
    copy.schema = cib.schema
    return copy.to_bytes()


def test_without_edits_there_is_no_entry(desk: Desk) -> None:
    journal, session = desk.journal(), desk.session()
    journal.keep(session)
    assert not (desk.folder / ".local").exists()
    for end in (session.undo, session.discard, lambda: session.commit(force=True)):
        add(session, "a")
        journal.keep(session)
        assert len(desk.entries()) == 1
        assert journal.has_entry
        end()
        journal.keep(session)
        assert desk.entries() == []
        assert not journal.has_entry


def test_the_last_line_counts_and_undo_is_a_line(desk: Desk) -> None:
    journal, session = desk.journal(), desk.session()
    for ids in ("a", "b", "c"):
        add(session, ids)
        journal.keep(session)
    session.undo()
    journal.keep(session)
    die(journal)
    assert desk.offered() == [["a", "b"]]


def test_folders_are_0700_and_files_0600_whatever_the_umask(desk: Desk) -> None:
    before = os.umask(0)
    try:
        leave(desk, "a")
    finally:
        os.umask(before)
    for path in [desk.journal_folder, *desk.journal_folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert len(list(desk.journal_folder.rglob("*"))) == 5


def test_the_journal_is_where_the_user_keeps_such_things(desk: Desk, tmp_path: Path) -> None:
    desk.environ["XDG_STATE_HOME"] = str(tmp_path / "elsewhere")
    leave(desk, "a")
    assert len(list((tmp_path / "elsewhere" / "crm" / "journal").iterdir())) == 1
    desk.environ["XDG_STATE_HOME"] = "not/absolute"
    assert desk.offered() == []
    leave(desk, "b")
    assert desk.offered() == [["b"]]


def test_living_sessions_keep_their_own(desk: Desk) -> None:
    living = [(desk.journal(), desk.session()) for _ in range(2)]
    for number, (journal, session) in enumerate(living):
        add(session, f"p{number}")
        journal.keep(session)
        assert desk.offered() == []
    assert len(desk.entries()) == 2
    said = f"another session of yours, process {os.getpid()}, has uncommitted edits of {desk.path}"
    assert desk.noted == [said] * 3
    assert desk.left(desk.folder / "other.xml") == []
    assert len(desk.noted) == 3
    die(living[0][0])
    assert desk.offered() == [["p0"]]
    die(living[1][0])
    assert sorted(desk.offered()) == [["p0"], ["p1"]]


def test_one_of_two_that_begin_at_once_is_offered_it(desk: Desk) -> None:
    leave(desk, "a")
    (held,) = desk.left()
    assert desk.left() == []
    held.close()
    assert desk.offered() == [["a"]]


def test_the_last_ones_come_first(desk: Desk) -> None:
    for age, id_ in ((300, "old"), (100, "young"), (200, "middle")):
        leave(desk, id_)
        (made,) = [path for path in desk.entries() if time.time() - path.stat().st_mtime < 50]
        os.utime(made, (time.time() - age,) * 2)
    assert desk.offered() == [["young"], ["middle"], ["old"]]


def test_edits_of_another_file_or_host_are_not_offered(desk: Desk) -> None:
    leave(desk, "a")
    other = desk.folder / "other.xml"
    other.write_bytes(EMPTY)
    assert desk.left(other) == []
    link = desk.folder / "link.xml"
    link.symlink_to(desk.path)
    (left,) = desk.left(link)
    left.close()
    about = desk.entries()[0] / "about"
    about.write_text(json.dumps({**json.loads(about.read_text()), "host": "elsewhere"}))
    assert desk.offered() == []
    assert len(desk.entries()) == 1
    assert desk.told == []


def test_the_name_of_the_cluster_tells_clusters(desk: Desk) -> None:
    named = parse("property cluster-name=one", "test")
    session = desk.session()
    session.edit(lambda cib: edit.update(cib, named))
    session.commit(force=True)
    leave(desk, "a")
    (left,) = desk.left()
    assert left.is_of(desk.session().draft)
    assert not left.is_of(Cib.parse(desk.path.read_bytes().replace(b'"one"', b'"two"'), "another cluster"))
    # a cluster gets its name when it first runs
    assert left.is_of(Cib.parse(EMPTY, "a new cluster"))


def test_edits_that_somebody_committed_meanwhile_are_nothing_to_offer(desk: Desk) -> None:
    leave(desk, "a")
    other = desk.session()
    add(other, "b", "a")
    other.commit(force=True)
    (left,) = desk.left()
    assert left.is_in(desk.session().draft)
    other.edit(lambda cib: edit.delete(cib, ["a"]))
    other.commit(force=True)
    assert not left.is_in(desk.session().draft)


def test_who_goes_on_keeps_the_entry_up_to_date(desk: Desk) -> None:
    leave(desk, "a")
    (left,) = desk.left()
    journal, session = desk.journal(), desk.session()
    session.resume(left.base, left.draft)
    journal.take_over(left, session)
    journal.keep(session)
    assert desk.left() == []
    add(session, "b")
    journal.keep(session)
    assert len(desk.entries()) == 1
    die(journal)
    assert desk.offered() == [["a", "b"]]


def test_a_new_base_is_a_new_entry(desk: Desk) -> None:
    journal, session = desk.journal(), desk.session()
    add(session, "a")
    journal.keep(session)
    session.commit(force=True)
    add(session, "b")
    journal.keep(session)
    (made,) = desk.entries()
    assert b'id="a"' in gzip.decompress((made / "base.xml.gz").read_bytes())
    die(journal)
    assert desk.offered() == [["a", "b"]]


def test_another_session_takes_the_place_of_the_one_before(desk: Desk) -> None:
    journal, session = desk.journal(), desk.session()
    add(session, "a")
    journal.keep(session)
    session = desk.session()
    journal.keep(session)
    assert desk.entries() == []
    add(session, "b")
    journal.keep(session)
    die(journal)
    assert desk.offered() == [["b"]]


def test_a_large_status_is_not_written_with_each_line(desk: Desk) -> None:
    filler = "".join(random.Random(1).choices("0123456789abcdef", k=200_000))
    desk.path.write_bytes(EMPTY.replace(b"<status/>", f'<status><node_state id="{filler}"/></status>'.encode()))
    leave(desk, "a")
    assert (desk.entries()[0] / "draft.xml.gz").stat().st_size < 1000


# ---- age


def test_what_nobody_takes_up_is_kept_for_30_days(desk: Desk) -> None:
    leave(desk, "a")
    for days, is_there in ((29, True), (31, False)):
        os.utime(desk.entries()[0], (time.time() - days * 86_400,) * 2)
        assert bool(desk.left(desk.folder / "other.xml")) is False
        assert bool(desk.entries()) == is_there


def test_a_living_session_may_be_old(desk: Desk) -> None:
    journal, session = desk.journal(), desk.session()
    add(session, "a")
    journal.keep(session)
    os.utime(desk.entries()[0], (0, 0))
    assert desk.left() == []
    assert len(desk.entries()) == 1
    add(session, "b")
    journal.keep(session)
    die(journal)
    assert desk.offered() == [["a", "b"]]


def test_what_is_half_made_or_bad_is_swept_away_when_it_is_old(desk: Desk) -> None:
    leave(desk, "a")
    kept = desk.entries()[0]
    half = desk.journal_folder / ".half"
    shutil.copytree(kept, half)
    bad = desk.journal_folder / "some.bad"
    bad.mkdir()
    file = desk.journal_folder / "file.bad"
    file.write_text("anything")
    for days, left in ((0.5, {kept, half, bad, file}), (2, {kept, bad, file}), (31, {kept})):
        for path in (half, bad, file):
            if path.exists():
                os.utime(path, (time.time() - days * 86_400,) * 2)
        assert desk.offered() == [["a"]]
        assert set(desk.entries()) == left
    assert desk.told == []
