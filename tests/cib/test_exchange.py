"""Objects given away as text and taken back: what nobody changed stays untouched, for every real configuration."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from equality import canonical
from round_trip import document, show

from crmsh_py.cib import edit
from crmsh_py.cib.document import Cib
from crmsh_py.cib.exchange import Exchange, XmlExchange
from crmsh_py.cib.selection import select
from crmsh_py.errors import BadSyntax, CrmError
from crmsh_py.language.parser import parse

TEXT = """
node 1: alpha
# the first of them
primitive a Dummy params state="/run/a" op monitor interval=10 timeout=20
primitive b Dummy
primitive c Dummy meta priority=1
group g a b meta target-role=Started
group h c
location l g 100: alpha
tag t c
property stonith-enabled=false
# the end
"""


@pytest.fixture
def cib() -> Cib:
    made = Cib.empty("pacemaker-3.9")
    edit.update(made, parse(TEXT, "text"))
    return made


def state(cib: Cib) -> bytes:
    return canonical(document(cib))


def exchanged(cib: Cib, *words: str, in_lines: bool = True) -> Exchange:
    return Exchange(cib, select(cib, words) if words else None, in_lines=in_lines)


def take(cib: Cib, objects: Exchange | XmlExchange, text: str) -> list[str]:
    """Take a text back; the notes."""
    change = objects.change(text.encode(), "text")
    return [] if change is None else [note.text for note in change(cib)]


@pytest.mark.parametrize("in_lines", [False, True])
def test_what_comes_back_as_it_was_changes_nothing(corpus_file: Path, in_lines: bool) -> None:
    cib = Cib.parse(corpus_file.read_bytes(), corpus_file.name)
    objects = exchanged(cib, in_lines=in_lines)
    # a blank more, so that the text is read at all
    assert objects.change((objects.text + "\n").encode(), "text") is None


def test_the_order_of_lines_does_not_matter(corpus_file: Path) -> None:
    cib = Cib.parse(corpus_file.read_bytes(), corpus_file.name)
    objects = exchanged(cib)
    lines = objects.text.splitlines(keepends=True)
    if "#" in {line[0] for line in lines} or any(line.startswith("\t") for line in lines):
        lines = [objects.text]  # comments belong to what stands behind them
    random.Random(7).shuffle(lines)
    assert objects.change("".join(lines).encode() + b"\n", "text") is None


def test_xml_that_comes_back_as_it_was_changes_nothing(corpus_file: Path) -> None:
    cib = Cib.parse(corpus_file.read_bytes(), corpus_file.name)
    objects = XmlExchange(cib, None)
    assert objects.change(objects.text.encode() + b"\n", "text") is None


def test_only_what_was_changed_is_touched(cib: Cib) -> None:
    # a bare interval, which gets its unit where it is typed
    next(cib.configuration.iter("op")).set("interval", "10")
    before = {el.get("id"): el for el in cib.objects()}
    objects = exchanged(cib)
    assert (
        take(cib, objects, objects.text.replace("priority=1", "priority=2").replace("interval=10 ", "interval=10  "))
        == []
    )
    after = {el.get("id"): el for el in cib.objects()}
    assert [id_ for id_ in before if before[id_] is not after[id_]] == ["c"]
    assert "priority=2" in show(cib)


def test_lines_that_are_gone_delete_and_new_ones_create(cib: Cib) -> None:
    objects = exchanged(cib)
    lines = [line for line in objects.text.splitlines() if not line.startswith(("tag", "location"))]
    take(cib, objects, "\n".join([*lines, "primitive d Dummy", "tag u d", ""]))
    assert [cib.find(id_) is not None for id_ in ("t", "l", "d", "u", "a")] == [False, False, True, True, True]


def test_members_change_their_groups_in_one_go(cib: Cib) -> None:
    objects = exchanged(cib, "g", "h")
    assert objects.text == "group g a b meta target-role=Started\ngroup h c\n"
    take(cib, objects, "group g a c meta target-role=Started\ngroup h b\n")
    assert "group g a c" in show(cib)
    assert "group h b" in show(cib)


def test_ids_and_comments_stay(cib: Cib) -> None:
    op = next(cib.configuration.iter("op"))
    op.set("id", "by-hand")
    objects = exchanged(cib, "a")
    take(cib, objects, objects.text.replace("timeout=20s", "timeout=30s"))
    assert next(cib.configuration.iter("op")).get("id") == "by-hand"
    assert show(cib).count("# the first of them") == 1


def test_ids_of_fencing_levels_stay_though_the_topology_has_none(cib: Cib) -> None:
    edit.update(cib, parse("primitive f stonith:fence_dummy\nfencing_topology alpha: f", "text"))
    next(cib.configuration.iter("fencing-level")).set("id", "by-hand")
    objects = exchanged(cib)
    assert "fencing_topology f\n" in objects.text
    take(cib, objects, objects.text.replace("fencing_topology f\n", "fencing_topology f a\n"))
    levels = {el.get("devices"): el.get("id") for el in cib.configuration.iter("fencing-level")}
    assert levels == {"f": "by-hand", "a": "fencing"}


def test_comments_at_the_end_can_be_changed(cib: Cib) -> None:
    objects = exchanged(cib)
    take(cib, objects, objects.text.replace("# the end", "# the very end"))
    assert "# the very end" in show(cib).splitlines()[-1]
    assert "# the end" not in show(cib)
    objects = exchanged(cib)
    take(cib, objects, "\n".join(objects.text.splitlines()[:-1]))
    assert "very end" not in show(cib)


def test_a_text_that_still_names_what_it_no_longer_has_is_refused(cib: Cib) -> None:
    before = state(cib)
    objects = exchanged(cib)
    for gone, holder in (
        ("primitive a", "g refers to a"),
        ("group g", "l refers to g"),
        ("primitive c", "h refers to c"),
    ):
        lines = [line for line in objects.text.splitlines() if not line.startswith(gone)]
        with pytest.raises(CrmError, match=holder):
            objects.change("\n".join(lines).encode(), "text")
    assert state(cib) == before


def test_what_is_not_in_the_text_follows(cib: Cib) -> None:
    objects = exchanged(cib, "g")
    notes = take(cib, objects, "")
    assert cib.find("g") is None
    assert notes, "what was carried along is said"
    assert "location l g" not in show(cib)


def test_every_error_of_the_text_is_said(cib: Cib) -> None:
    objects = exchanged(cib)
    with pytest.raises(BadSyntax) as caught:
        objects.change(b"junk\nprimitive x Dummy\nlocation\n", "text")
    assert [problem.place and problem.place.line for problem in caught.value.problems] == [1, 3]


def test_masks_are_refused(cib: Cib) -> None:
    edit.update(cib, parse("primitive s Dummy params passwd=secret", "text"))
    objects = exchanged(cib, "s")
    assert "passwd=secret" in objects.text
    with pytest.raises(CrmError, match="mask"):
        objects.change(b'primitive s Dummy params passwd="******"\n', "text")


def test_xml_of_a_member_goes_back_into_its_group(cib: Cib) -> None:
    objects = XmlExchange(cib, select(cib, ["a"]))
    take(cib, objects, objects.text.replace('timeout="20s"', 'timeout="25s"'))
    assert "group g a b" in show(cib)
    assert "timeout=25s" in show(cib)


def test_xml_that_leaves_out_an_object_deletes_it(cib: Cib) -> None:
    objects = XmlExchange(cib, select(cib, ["t", "l"]))
    start = objects.text.index("<tag id")
    take(cib, objects, objects.text[:start] + objects.text[objects.text.index("</tag>") + 6 :])
    assert "tag t" not in show(cib)
    assert "location l" in show(cib)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("primitive b Dummy", ["b"]),
        ("primitive c Dummy meta priority=2", ["c"]),
        ("primitive a Dummy\nprimitive b Dummy\ngroup g c", ["b", "g"]),
        ("node 1: alpha attributes x=1", ["alpha"]),
        ("property stonith-enabled=true", ["cib-bootstrap-options"]),
        ('xml <primitive id="b" class="ocf" provider="heartbeat" type="Dummy"/>', ["b"]),
    ],
)
def test_what_was_not_given_away_is_not_replaced(cib: Cib, text: str, told: list[str]) -> None:
    before = state(cib)
    with pytest.raises(CrmError) as caught:
        take(cib, exchanged(cib, "a"), text)
    assert [problem.object_id for problem in caught.value.problems] == told
    assert all("exists already" in problem.text and problem.place for problem in caught.value.problems)
    assert state(cib) == before


def test_xml_of_what_was_not_given_away_is_refused(cib: Cib) -> None:
    before = state(cib)
    for words, old, new in ((["t"], 'tag id="t"', 'tag id="l"'), (["a"], 'id="a"', 'id="b"')):
        objects = XmlExchange(cib, select(cib, words))
        with pytest.raises(CrmError, match=f"{new[-2]} exists already"):
            take(cib, objects, objects.text.replace(old, new))
    assert state(cib) == before


def test_an_object_that_is_said_twice_is_refused(cib: Cib) -> None:
    objects = exchanged(cib, "a", "c")
    with pytest.raises(BadSyntax, match="a is said twice"):
        objects.change(objects.text.replace("primitive c", "primitive a").encode(), "text")


@pytest.mark.parametrize("is_xml", [False, True])
def test_a_new_id_is_refused_where_something_else_needs_the_old_one(cib: Cib, is_xml: bool) -> None:
    before = state(cib)
    for id_, holder in (("c", "t"), ("g", "l"), ("b", "g")):
        chosen = select(cib, [id_])
        objects = XmlExchange(cib, chosen) if is_xml else Exchange(cib, chosen)
        quote = '"' if is_xml else " "
        text = objects.text.replace(f"{quote}{id_}{quote}", f"{quote}{id_}9{quote}")
        with pytest.raises(CrmError, match=f"{id_} is called {id_}9 in the text, but {holder}") as caught:
            objects.change(text.encode(), "text")
        assert caught.value.problems[0].hint == f"to give it another id: rename {id_} {id_}9"
    assert state(cib) == before


def test_a_new_id_that_all_follow_is_taken(cib: Cib) -> None:
    objects = exchanged(cib)
    notes = take(cib, objects, re.sub(r" c\b(?!-)", " c9", objects.text))
    assert notes == ["c is deleted"]
    assert "group h c9" in show(cib)
    assert "tag t c9" in show(cib)


def test_deletions_are_said(cib: Cib) -> None:
    objects = exchanged(cib, "t", "l")
    assert take(cib, objects, "primitive new Dummy") == ["t is deleted", "l is deleted"]
