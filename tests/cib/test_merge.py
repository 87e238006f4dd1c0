"""Two people at one CIB: what both changed is brought together, or the later one is told."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsh_py.cib import edit
from crmsh_py.cib.document import Cib
from crmsh_py.cib.merge import Key, Merge, index
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File
from crmsh_py.cib.units import canonical
from crmsh_py.errors import Conflict
from crmsh_py.language.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BEGINNING = """
property stonith-enabled=false
node east
primitive x1 Dummy params fake=1
primitive x2 Dummy
primitive x3 Dummy
"""


def says(text: str) -> Callable[[Cib], list]:
    """An edit that loads a text."""
    return lambda cib: edit.update(cib, parse(text, "test"))


def without(id_: str) -> Callable[[Cib], list]:
    """An edit that removes an object."""

    def change(cib: Cib) -> list:
        el = cib.find(id_)
        el.getparent().remove(el)
        return []

    return change


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "web.xml"
    path.write_bytes(cib_of(BEGINNING).to_bytes())
    return path


def cib_of(text: str) -> Cib:
    cib = Cib.empty("pacemaker-3.9")
    says(text)(cib)
    return cib


def both(path: Path, mine: Callable[[Cib], list], theirs: Callable[[Cib], list], **how: bool) -> tuple[list, Cib]:
    """Open a session, let another one commit, commit; what is said, and what is in the file then."""
    session, other = Session(File(str(path))), Session(File(str(path)))
    session.edit(mine)
    other.edit(theirs)
    other.commit(force=True)
    said = session.commit(**how)
    return said, Cib.parse(path.read_bytes(), "the file")


def refusal(path: Path, mine: Callable[[Cib], list], theirs: Callable[[Cib], list]) -> list[str]:
    """What a refused commit says; the file is as the other one left it."""
    with pytest.raises(Conflict) as refused:
        both(path, mine, theirs)
    other = cib_of(BEGINNING)
    theirs(other)
    assert [*index(Cib.parse(path.read_bytes(), "the file"))] == [*index(other)]
    return [problem.text for problem in refused.value.problems]


def test_changes_of_different_objects_are_both_kept(path: Path) -> None:
    said, cib = both(path, says("primitive x1 Dummy params fake=2"), says("primitive y1 Dummy"), force=True)
    assert cib.configuration.xpath("//nvpair[@name='fake']/@value") == ["2"]
    assert cib.find("y1") is not None
    merged = next(problem for problem in said if problem.code == "merged")
    assert merged.text.endswith("meanwhile: y1")


def test_two_options_of_one_set_are_both_kept(path: Path) -> None:
    _, cib = both(path, says("property no-quorum-policy=freeze"), says("property batch-limit=10"), force=True)
    options = {el.get("name"): el.get("value") for el in cib.configuration.iter("nvpair")}
    assert options == {"stonith-enabled": "false", "no-quorum-policy": "freeze", "batch-limit": "10", "fake": "1"}


def test_one_value_that_both_changed_is_a_conflict_that_names_both(path: Path) -> None:
    said = refusal(path, says("primitive x1 Dummy params fake=2"), says("primitive x1 Dummy params fake=99"))
    assert said == [
        "x1 was changed here, and by somebody else meanwhile",
        "before: primitive x1 Dummy params fake=1",
        f"in {path}: primitive x1 Dummy params fake=99",
        "here: primitive x1 Dummy params fake=2",
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "object_id"),
    [
        (without("x2"), says("primitive x2 Dummy meta target-role=Stopped"), "x2"),
        (says("group g x1 x2"), says("primitive x1 Dummy params fake=99"), "x1"),
        (says("primitive x1 Dummy params fake=2"), without("x1"), "x1"),
        (says("primitive z ocf:pacemaker:Dummy"), says("primitive z Dummy"), "z"),
        (says("property stonith-enabled=true"), says("property stonith-enabled=0"), "stonith-enabled"),
        (says("property stonith-enabled=true"), without("cib-bootstrap-options"), "stonith-enabled"),
        (without("cib-bootstrap-options"), says("property batch-limit=3"), "batch-limit"),
    ],
)
def test_an_object_that_both_changed_is_a_conflict(
    path: Path, mine: Callable[[Cib], list], theirs: Callable[[Cib], list], object_id: str
) -> None:
    said = refusal(path, mine, theirs)
    assert any(object_id in text and "was changed here" in text for text in said)


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (says("order o Mandatory: x1 x3"), without("x3")),
        (says("primitive z Dummy"), says("location z x1 inf: east")),
    ],
)
def test_changes_that_do_not_go_together_are_a_conflict(
    path: Path, mine: Callable[[Cib], list], theirs: Callable[[Cib], list]
) -> None:
    assert refusal(path, mine, theirs)[0].endswith("both changes do not go together")
    for overwrite in (False, True):
        path.write_bytes(cib_of(BEGINNING).to_bytes())
        with pytest.raises(Conflict) as refused:
            both(path, mine, theirs, overwrite=overwrite)
        hint = refused.value.problems[0].hint or ""
        assert hint.startswith("`refresh`")
        assert ("`overwrite` does not help" in hint) == overwrite


def test_two_members_of_a_group_are_two_objects(path: Path) -> None:
    path.write_bytes(cib_of(NESTED).to_bytes())
    mine, theirs = says("primitive m1 Dummy params fake=2"), says("primitive m2 Dummy params fake=99")
    _, cib = both(path, mine, theirs, force=True)
    assert cib.configuration.xpath("//group/primitive//@value") == ["2", "99"]
    with pytest.raises(Conflict) as refused:
        both(path, says("primitive m1 Dummy params fake=3"), says("primitive m1 Dummy params fake=4"))
    assert refused.value.problems[3].text == "here: primitive m1 Dummy params fake=3"
    said, _ = both(
        path, says("primitive m1 Dummy params fake=5"), says("primitive m1 Dummy params fake=6"), overwrite=True
    )
    assert [problem.code for problem in said] == ["overwritten", "conflict-version"]
    assert "fake=6" in said[1].text


def test_the_same_change_twice_is_no_conflict(path: Path) -> None:
    _, cib = both(path, says("primitive x1 Dummy params fake=2"), says("primitive x1 Dummy params fake=2"), force=True)
    assert cib.configuration.xpath("//nvpair[@name='fake']/@value") == ["2"]


def test_who_says_so_overwrites(path: Path) -> None:
    mine, theirs = (
        says("primitive x1 Dummy params fake=2"),
        says("primitive x1 Dummy params fake=99\nprimitive y Dummy"),
    )
    _, cib = both(path, mine, theirs, overwrite=True, force=True)
    assert cib.configuration.xpath("//nvpair[@name='fake']/@value") == ["2"]
    assert cib.find("y") is not None


def test_a_secret_is_not_in_what_is_said_of_a_conflict(path: Path) -> None:
    said = refusal(
        path, says("primitive x1 systemd:x params passwd=s3cret"), says("primitive x1 systemd:x params passwd=0ther")
    )
    assert "s3cret" not in "".join(said)
    assert "0ther" not in "".join(said)
    assert [text.partition(": ")[2] for text in said[1:]] == [
        "primitive x1 Dummy params fake=1",
        'primitive x1 systemd:x params passwd="******"',
        'primitive x1 systemd:x params passwd="****** (changed)"',
    ]


def test_versions_of_a_secret_are_told_apart(path: Path) -> None:
    value = "primitive x1 systemd:x params passwd={}".format
    path.write_bytes(cib_of(BEGINNING + value("0ld")).to_bytes())
    with pytest.raises(Conflict) as refused:
        both(path, says(value("s3cret")), says(value("0ther")))
    assert [problem.text.partition("passwd=")[2] for problem in refused.value.problems] == [
        "",
        '"******"',
        '"****** (changed)"',
        '"****** (changed otherwise)"',
    ]


@pytest.mark.parametrize(
    "edit", ["property batch-limit={}", "property other: batch-limit={}", "rsc_defaults priority={}"]
)
def test_an_option_is_shown_as_it_is_typed(path: Path, edit: str) -> None:
    path.write_bytes(cib_of(f"{BEGINNING}property other: x=1\n{edit.format(3)}").to_bytes())
    with pytest.raises(Conflict) as refused:
        both(path, says(edit.format(4)), says(edit.format(5)))
    versions = [problem.text.partition(": ")[2] for problem in refused.value.problems[1:]]
    assert versions == [edit.format(number) for number in (3, 5, 4)]


def test_where_a_resource_stands_is_shown_where_that_is_the_change(path: Path) -> None:
    said = refusal(path, says("group g x1 x3"), says("primitive x1 Dummy params fake=55"))
    assert said[2:] == [
        f"in {path}: primitive x1 Dummy params fake=55",
        "here: primitive x1 Dummy params fake=1 (in group g)",
    ]


NESTED = (
    BEGINNING
    + """
primitive m1 Dummy
primitive m2 Dummy
primitive m3 Dummy
group gg m1 m2
"""
)
EDITS = {
    "x1": "primitive x1 Dummy params fake={0}",
    "x2": "primitive x2 Dummy params fake={0}",
    "new": "primitive new{0} Dummy",
    "group x2": "group g x2 x3",
    "option": "property batch-limit={0}",
    "default": "rsc_defaults resource-stickiness={0}",
    "location": "# said by {0}\nlocation l x1 {0}: east",
    "node": "node east attributes rack={0}",
    "m1": "primitive m1 Dummy params fake={0}",
    "m2": "primitive m2 Dummy params fake={0}",
    "m3": "primitive m3 Dummy params fake={0}",
    "more": "group gg m1 m2 m3",
    "fewer": "group gg m1",
    "clone": "clone c gg",
    "meta": "group gg m1 m2 meta priority={0}",
}
# that change one object, or members and what they are in
TOUCH = [
    {"x2", "group x2"},
    {"m3", "more"},
    {"m2", "fewer"},
    {"more", "fewer", "clone", "meta"},
]
LETTERS = st.sets(st.sampled_from(sorted(EDITS)), max_size=4)


@given(LETTERS, LETTERS)
def test_each_object_is_as_the_side_has_it_that_changed_it(mine: set[str], theirs: set[str]) -> None:
    base = cib_of(NESTED)
    sides = []
    for number, edits in enumerate((mine, theirs), 7):
        sides.append(cib_of(NESTED))
        for name in sorted(edits):
            says(EDITS[name].format(number))(sides[-1])
    merge = Merge(base, *sides)
    if merge.clashes():
        assert mine & theirs or any(mine & together and theirs & together for together in TOUCH)
        return
    merged = merge.merged()
    there = _texts(merged)
    assert there == _texts(Merge(base, *reversed(sides)).merged())
    ids = [el.get("id") for el in merged.configuration.iter("primitive", "group", "clone")]
    assert len(ids) == len(set(ids))
    changed = {key: side for side, keys in ((0, merge.mine), (1, merge.theirs)) for key in keys}
    expected = {key: _texts(sides[side]).get(key) for key, side in changed.items()}
    assert {key: there.get(key) for key in changed} == expected
    assert {key: text for key, text in there.items() if key not in changed} == {
        key: text for key, text in _texts(base).items() if key not in changed
    }


def _texts(cib: Cib) -> dict[Key, list[bytes]]:
    """What the objects of a CIB say, each without those in it."""
    return {key: canonical(unit) for key, unit in index(cib).items()}


MORE = """
    <crm_config><cluster_property_set id="s"><nvpair id="a" name="x1" value="1"/></cluster_property_set></crm_config>
    <nodes/><resources>{resources}</resources><constraints/>
    <rsc_defaults>{sets}</rsc_defaults>"""
ONE = '<meta_attributes id="one"><nvpair id="one-a" name="priority" value="1"/></meta_attributes>'
TWO = '<meta_attributes id="two"><nvpair id="two-a" name="priority" value="2"/></meta_attributes>'
P, Q = (f'<primitive id="{id_}" class="ocf" provider="heartbeat" type="Dummy"/>' for id_ in "pq")


def more(resources: str = P + Q, sets: str = ONE + TWO, change: tuple[str, str] = ("", "")) -> Cib:
    text = MORE.format(resources=resources, sets=sets).replace(*change)
    return Cib.parse(f'<cib validate-with="pacemaker-3.9"><configuration>{text}</configuration></cib>'.encode(), "test")


def test_comments_of_the_same_text_are_all_kept() -> None:
    line = "<!-- = = = -->"
    merge = Merge(more(f"{line}{P}{Q}"), more(f"{line}{P}{line}{Q}"), more(f"{line}{P}{Q}", change=('"1"', '"3"')))
    assert not merge.clashes()
    (resources,) = merge.merged().configuration.iter("resources")
    assert [el.get("id") for el in resources] == [None, "p", None, "q"]


def test_one_option_under_two_ids_is_one_option() -> None:
    def with_option(id_: str, value: str) -> Cib:
        return more(change=("</cluster_", f'<nvpair id="{id_}" name="maintenance-mode" value="{value}"/></cluster_'))

    assert [key.name for key in Merge(more(), with_option("u", "true"), with_option("v", "false")).clashes()] == [
        "maintenance-mode"
    ]


def test_the_order_of_option_sets_is_an_edit() -> None:
    merge = Merge(more(), more(sets=TWO + ONE), more(P))
    assert not merge.clashes()
    (defaults,) = merge.merged().configuration.iter("rsc_defaults")
    assert [el.get("id") for el in defaults] == ["two", "one"]
    three = ONE.replace("one", "three")
    again = Merge(more(sets=ONE + TWO + three), more(sets=TWO + ONE + three), more(sets=three + ONE + TWO))
    assert [key.tag for key in again.clashes()] == ["#order"]


def test_who_overwrites_puts_back_the_set_of_an_option(path: Path) -> None:
    mine, theirs = says("property batch-limit=7"), without("cib-bootstrap-options")
    _, cib = both(path, mine, theirs, overwrite=True, force=True)
    options = {el.get("name"): el.get("value") for el in cib.configuration.iterfind("crm_config//nvpair")}
    assert options == {"stonith-enabled": "false", "batch-limit": "7"}


def test_who_overwrites_moves_a_resource_that_somebody_else_moved(path: Path) -> None:
    mine, theirs = says("group g x1 x2"), says("group h x1")
    assert refusal(path, mine, theirs)
    path.write_bytes(cib_of(BEGINNING).to_bytes())
    _, cib = both(path, mine, theirs, overwrite=True, force=True)
    assert [el.get("id") for el in cib.configuration.iter("group")] == ["g"]
    assert [el.get("id") for el in cib.configuration.iter("primitive")].count("x1") == 1


GROUP = BEGINNING + "primitive r Dummy\ngroup g x1 x2 x3\n"


def overwritten(path: Path, mine: str, theirs: Callable[[Cib], list], start: str = GROUP) -> tuple[dict, dict]:
    """What is said of which objects, by code; the members of each group, and what is in none."""
    path.write_bytes(cib_of(start).to_bytes())
    said, cib = both(path, says(mine), theirs, overwrite=True, force=True)
    notes = {problem.code: problem.text.rpartition(": ")[2] for problem in said if problem.text.startswith(NOTES)}
    homes: dict[str, str] = {}
    for el in cib.configuration.iter("primitive"):
        home = el.getparent().get("id") or ""
        homes[home] = f"{homes.get(home, '')} {el.get('id')}".strip()
    return notes, homes


NOTES = ("merged with", "put in the place")


@pytest.mark.parametrize("theirs", ["group g x1 x2 x3 r", "primitive new Dummy\ngroup g x1 x2 x3 new"])
def test_who_overwrites_a_group_deletes_no_member_that_they_put_there(path: Path, theirs: str) -> None:
    name = theirs.rsplit(maxsplit=1)[-1]
    notes, homes = overwritten(path, "group g x1 x2", says(theirs))
    assert homes["g"] == f"x1 x2 {name}"
    assert notes == {"merged": name, "overwritten": "g"}


def test_who_overwrites_by_deleting_a_group_deletes_no_member_that_they_put_there(path: Path) -> None:
    path.write_bytes(cib_of(GROUP).to_bytes())
    mine = lambda cib: edit.delete(cib, ["x1", "x2", "x3", "g"])  # noqa: E731
    _, cib = both(path, mine, says("primitive new Dummy\ngroup g x1 x2 x3 new"), overwrite=True, force=True)
    assert [el.get("id") for el in cib.section("resources")] == ["r", "new"]


def test_who_overwrites_puts_a_member_back_where_it_was(path: Path) -> None:
    _, homes = overwritten(path, "primitive x2 Dummy params fake=7", without("x2"))
    assert homes == {"": "r", "g": "x1 x2 x3"}


def test_who_overwrites_what_they_changed_by_moving_it_moves_it(path: Path) -> None:
    notes, homes = overwritten(path, "group g x1 x3", says("primitive x1 Dummy params fake=55"), BEGINNING)
    assert homes["g"] == "x1 x3"
    assert notes == {"merged": "x1"}
    assert Cib.parse(path.read_bytes(), "it").configuration.xpath("//nvpair[@name='fake']/@value") == ["55"]


def test_who_overwrites_keeps_a_group_that_would_be_left_empty(path: Path) -> None:
    start = BEGINNING + "group g x1 x2\n"
    _, homes = overwritten(path, "group g x1", lambda cib: edit.delete(cib, ["x1"]), start)
    assert homes == {"": "x3 x2", "g": "x1"}


def test_who_overwrites_the_removal_of_an_option_set_keeps_what_was_added_to_it(path: Path) -> None:
    _, cib = both(path, without("cib-bootstrap-options"), says("property batch-limit=3"), overwrite=True, force=True)
    assert [el.get("name") for el in cib.configuration.iterfind("crm_config//nvpair")] == ["batch-limit"]


def write_many(path: str, writer: int, count: int) -> None:
    for number in range(count):
        session = Session(File(path))
        session.edit(says(f"primitive w{writer}-{number} Dummy"))
        session.commit(force=True)


def test_eight_writers_lose_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks are tried elsewhere; without the tools the writers meet more often."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PCMK_schema_directory", str(path.parent))
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(str(path), writer, 50)) for writer in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(240)
    assert [writer.exitcode for writer in writers] == [0] * 8
    cib = Cib.parse(path.read_bytes(), "the file")
    kept = {el.get("id") for el in cib.configuration.iter("primitive")}
    assert kept == {"x1", "x2", "x3", *(f"w{writer}-{number}" for writer in range(8) for number in range(50))}
    assert cib.root.get("epoch") == "400"
    assert [item.name for item in path.parent.iterdir()] == [path.name]
