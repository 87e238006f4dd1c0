"""A session on real files, with Pacemaker's own judgement where it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsh_py.cib.document import Cib
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File
from crmsh_py.errors import Conflict, CrmError, Refused
from crmsh_py.problems import WARNING

if TYPE_CHECKING:
    from pathlib import Path

SOUND = b"""<cib validate-with="pacemaker-3.9" admin_epoch="3" epoch="41" num_updates="7"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o-s" name="stonith-enabled" value="false"/></cluster_property_set>
</crm_config><nodes><node id="1" uname="east"/></nodes>
<resources><primitive id="vip" class="ocf" provider="heartbeat" type="Dummy"/></resources>
<constraints/></configuration><status/></cib>"""
OP = b'<op id="vip-%b" name="monitor" interval="10s"/>'
TWICE = b"<operations>" + OP % b"a" + OP % b"b" + b"</operations>"


class Failed(Exception):
    """An edit did not work out."""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    path = tmp_path / "web.xml"
    path.write_bytes(SOUND)
    return Session(File(str(path)))


def add(id_: str):
    """An edit that adds a primitive."""

    def edit(cib: Cib) -> str:
        from lxml import etree

        attributes = {"id": id_, "class": "ocf", "provider": "heartbeat", "type": "Dummy"}
        etree.SubElement(cib.root.find("configuration/resources"), "primitive", attributes)
        return id_

    return edit


def add_and_fail(id_: str):
    def edit(cib: Cib) -> None:
        add(id_)(cib)
        raise Failed(id_)

    return edit


def ids(cib: Cib) -> list[str]:
    return [element.get("id") for element in cib.root.iterfind("configuration/resources/*")]


def stored(session: Session) -> Cib:
    return Cib.parse(session.store.read(), "the file")


def test_nothing_is_read_before_it_is_needed(tmp_path: Path) -> None:
    session = Session(File(str(tmp_path / "nowhere.xml")))
    assert not session.is_dirty
    with pytest.raises(CrmError):
        _ = session.draft


def test_an_edit_gives_what_its_change_gives(session: Session) -> None:
    assert session.edit(add("web")) == "web"
    assert session.is_dirty
    assert ids(session.draft) == ["vip", "web"]
    assert session.base == SOUND


@given(st.lists(st.booleans(), max_size=8))
def test_edits_that_fail_leave_nothing(tmp_path_factory: pytest.TempPathFactory, plan: list[bool]) -> None:
    path = tmp_path_factory.mktemp("law") / "web.xml"
    path.write_bytes(SOUND)
    session = Session(File(str(path)))
    for number, succeeds in enumerate(plan):
        if succeeds:
            session.edit(add(f"r{number}"))
        else:
            with pytest.raises(Failed):
                session.edit(add_and_fail(f"r{number}"))
    assert ids(session.draft) == ["vip", *(f"r{number}" for number, succeeds in enumerate(plan) if succeeds)]
    assert session.is_dirty == any(plan)


def test_an_edit_within_an_edit_is_a_part_of_it(session: Session) -> None:
    session.edit(add("kept"))

    def script(_: Cib) -> None:
        session.edit(add("one"))
        session.edit(add_and_fail("two"))

    with pytest.raises(Failed):
        session.edit(script)
    assert ids(session.draft) == ["vip", "kept"]


def test_a_failed_part_that_somebody_caught_fails_the_whole(session: Session) -> None:
    def script(_: Cib) -> None:
        with pytest.raises(Failed):
            session.edit(add_and_fail("one"))
        session.edit(add("two"))

    with pytest.raises(Failed):
        session.edit(script)
    assert ids(session.draft) == ["vip"]
    session.edit(add("three"))
    assert ids(session.draft) == ["vip", "three"]


def test_a_commit_stores_the_draft_and_raises_the_epoch(session: Session) -> None:
    session.edit(add("web"))
    session.commit()
    cib = stored(session)
    assert ids(cib) == ["vip", "web"]
    assert [cib.root.get(name) for name in ("admin_epoch", "epoch", "num_updates")] == ["3", "42", "0"]
    assert not session.is_dirty
    assert session.base == session.store.read()
    session.edit(add("next"))
    session.commit()
    assert stored(session).root.get("epoch") == "43"


def test_a_commit_of_nothing_writes_nothing(session: Session) -> None:
    session.commit()
    session.edit(add("web"))
    session.edit(lambda cib: cib.root.find("configuration/resources").remove(cib.root.find(".//*[@id='web']")))
    session.commit()
    assert session.store.read() == SOUND
    assert not session.is_dirty


def test_a_change_meanwhile_of_the_same_object_is_a_conflict_and_stays(session: Session, tmp_path: Path) -> None:
    session.edit(add("web"))
    theirs = SOUND.replace(b"</resources>", b'<primitive id="web" class="lsb" type="web"/></resources>')
    (tmp_path / "web.xml").write_bytes(theirs)
    with pytest.raises(Conflict):
        session.commit()
    assert session.store.read() == theirs
    assert ids(session.draft) == ["vip", "web"]
    session.discard()
    assert not session.is_dirty
    assert session.base == theirs


@given(st.lists(st.sampled_from("abcdu"), max_size=12))
def test_undo_brings_back_what_was_before_each_edit(tmp_path_factory: pytest.TempPathFactory, plan: list[str]) -> None:
    path = tmp_path_factory.mktemp("law") / "web.xml"
    path.write_bytes(SOUND)
    session = Session(File(str(path)))
    states = [session.draft.to_bytes()]
    for letter in plan:
        if letter == "u":
            assert session.undo() == (len(states) > 1)
            states = states[:-1] or states
        else:
            session.edit(LETTERS[letter])
            states.append(session.draft.to_bytes())
        assert session.draft.to_bytes() == states[-1]
    while session.undo():
        states.pop()
        assert session.draft.to_bytes() == states[-1]
    assert not session.is_dirty


def into_a_group(cib: Cib) -> None:
    """Every resource that stands alone into the group, which is made where there is none."""
    from lxml import etree

    resources = cib.root.find("configuration/resources")
    group = resources.find("group")
    if group is None:
        group = etree.SubElement(resources, "group", id="g")
    cib.touch(group)
    group.extend(resources.findall("primitive"))


def out_of_the_group(cib: Cib) -> None:
    resources = cib.root.find("configuration/resources")
    for group in resources.findall("group"):
        cib.touch(group)
        resources.extend(list(group))
        resources.remove(group)


def changed(cib: Cib) -> None:
    """Something inside of every resource."""
    for element in cib.root.find("configuration/resources").iter("primitive"):
        cib.touch(element)
        element.set("type", element.get("type", "") + "x")


LETTERS = {"a": lambda cib: add(f"n{len(ids(cib))}")(cib), "b": into_a_group, "c": out_of_the_group, "d": changed}


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("force", [False, True])
def test_what_breaks_the_schema_is_refused_with_force_too(session: Session, force: bool) -> None:
    session.edit(add("1st"))
    with pytest.raises(Refused) as refused:
        session.commit(force=force)
    assert [(problem.code, problem.object_id) for problem in refused.value.problems] == [("schema", "1st")]
    assert session.store.read() == SOUND
    assert session.is_dirty


def with_twice(cib: Cib) -> None:
    """Two operations of one name and interval: the schema allows it, crm_verify does not."""
    from lxml import etree

    cib.root.find(".//primitive").append(etree.fromstring(TWICE))


@pytest.mark.needs_pacemaker
def test_what_crm_verify_calls_an_error_is_refused_unless_forced(session: Session) -> None:
    session.edit(with_twice)
    with pytest.raises(Refused) as refused:
        session.commit()
    assert any(problem.code == "same-interval" for problem in refused.value.problems)
    assert session.store.read() == SOUND
    warnings = session.commit(force=True)
    assert any(problem.code == "same-interval" for problem in warnings)
    assert {problem.severity for problem in warnings} == {WARNING}
    assert stored(session).root.find(".//op") is not None


@pytest.mark.needs_pacemaker
def test_an_error_that_the_base_has_does_not_refuse_another_edit(session: Session, tmp_path: Path) -> None:
    (tmp_path / "web.xml").write_bytes(SOUND.replace(b'type="Dummy"/>', b'type="Dummy">' + TWICE + b"</primitive>"))
    session.edit(add("web"))
    assert session.commit() == []  # it was said when it came in, and `verify` says it
    assert ids(stored(session)) == ["vip", "web"]


@pytest.mark.needs_pacemaker
def test_no_fencing_is_a_warning(session: Session, tmp_path: Path) -> None:
    (tmp_path / "web.xml").write_bytes(SOUND.replace(b'value="false"', b'value="true"'))
    session.edit(add("web"))
    assert [(problem.severity, problem.code) for problem in session.commit()] == [(WARNING, "no-fencing")]


@pytest.mark.needs_pacemaker
def test_a_failure_in_the_status_is_not_a_problem_of_the_configuration(corpus: list[Path], tmp_path: Path) -> None:
    """Real CIBs of clusters in trouble: nothing is said of nodes and results."""
    said = set()
    for path in corpus[::20]:
        said.update(problem.text for problem in Session(File(str(path))).problems())
    assert not [text for text in said if "unclean" in text or "Unexpected result" in text or "fenced" in text]


def test_what_cannot_be_checked_is_said_once(session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PCMK_schema_directory", str(tmp_path))
    session.edit(add("web"))
    assert [(problem.severity, problem.code) for problem in session.commit()] == [(WARNING, "not-checked")] * 2
    session.edit(add("next"))
    assert session.commit() == []
    assert ids(stored(session)) == ["vip", "web", "next"]
