"""What an edit of the structure does to all that refers to what it changes, row by row, with what it says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from round_trip import show

from crmsh_py.cib import edit, listing, references
from crmsh_py.cib.document import Cib
from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.language.parser import parse

if TYPE_CHECKING:
    from crmsh_py.problems import Problem

PRIMITIVES = ("primitive a Dummy", "primitive b Dummy", "primitive c Dummy", "primitive d Dummy")


def made(*lines: str) -> Cib:
    """A CIB after lines were typed, one by one."""
    cib = Cib.empty("pacemaker-3.9")
    for line in lines:
        edit.add(cib, parse(line, "typed"))
    return cib


def said(notes: list[Problem]) -> list[str]:
    assert {note.code for note in notes} <= {"carried-along"}
    return [note.text for note in notes]


def shown(cib: Cib) -> list[str]:
    """The text without primitives, each object on a line."""
    assert references.dangling(cib) == []
    lines = show(cib).replace(" \\\n\t", " ").rstrip("\n").split("\n")
    return [line for line in lines if line and not line.startswith("primitive")]


def after_delete(lines: tuple[str, ...], *ids: str) -> list[str]:
    cib = made(*PRIMITIVES, *lines)
    edit.delete(cib, ids)
    return shown(cib)


@pytest.mark.parametrize(
    ("line", "ids", "left"),
    [
        ("location l a 10: n", "a", []),
        ("location l { a b } 10: n", "a", ["location l { b } 10: n"]),
        ("location l { a b } 10: n", "a b", []),
        ("colocation k inf: a b", "b", []),
        ("colocation k inf: a b c", "b", ["colocation k inf: c a"]),
        ("colocation k inf: a:Promoted b:Promoted c:Promoted", "b", ["colocation k inf: c:Promoted a:Promoted"]),
        ("colocation k inf: a ( b c )", "c", ["colocation k inf: a b"]),
        ("colocation k inf: ( a b c )", "b", ["colocation k inf: ( a c )"]),
        ("colocation k inf: a b c", "a b", []),
        ("order o a b c", "a", ["order o b c"]),
        ("order o a:promote b:start c:stop", "b", ["order o a:promote c:stop"]),
        ("order o Optional: b a [ c ] symmetrical=false", "c", ["order o Optional: b a symmetrical=false"]),
        ("order o [ a b ] c", "a", ["order o b c"]),
        ("order o ( a b ) ( c d )", "a b", []),
        ("order o ( a b ) ( c d )", "a", ["order o ( b ) ( c d )"]),
        ("order o [ a b ] c", "c", []),
        ("colocation k inf: ( a b ) c", "c", []),
        ("order o a b ( c d )", "c d", ["order o a b"]),
        ("order o a b c d", "d", ["order o a b c"]),
        ("rsc_ticket t T: a", "a", []),
        ("rsc_ticket t T: a b:Promoted", "b", ["rsc_ticket t T: a $id=t-0"]),
        ("tag t a b", "a", ["tag t b"]),
        ("tag t a b", "a b", []),
        ("fencing_topology n: a,b c d", "a", ["fencing_topology n: b c d"]),
        ("fencing_topology n: a b m: a", "a", ["fencing_topology n: index=2 b"]),
        ("fencing_topology n: a,b", "b a", []),
        ("role r read ref:a write ref:b", "a", ["role r write ref:b"]),
        ("role r read ref:a", "a", ["role r"]),
        ("fencing_topology n: a", "fencing_topology", []),
        ("group g a b", "a b", []),
        ("group g a b", "a", ["group g b"]),
        ("clone g a", "a", []),
        ("bundle g docker image=x primitive a", "a", []),
        ("bundle g docker image=x primitive a", "g", []),
        ("property p: x=1", "p", []),
        ("alert m /bin/true", "m", []),
    ],
)
def test_what_referred_to_what_is_deleted(line: str, ids: str, left: list[str]) -> None:
    assert after_delete((line,), *ids.split()) == left


STACK = (
    "group g a b",
    "clone cg g",
    "location l cg 10: n",
    "order o cg c",
    "rsc_ticket t T: cg",
    "tag tt cg",
    "role r deny ref:cg",
)


@pytest.mark.parametrize(
    ("ids", "to", "others"),
    [
        ("cg", "g", ["g"]),
        ("g", "a", ["a", "b"]),
        ("g cg", "a", ["a", "b"]),
        ("cg a g", "b", ["b"]),
        ("a cg", "g", ["g"]),
    ],
)
def test_members_get_the_constraints_of_their_container_in_any_order(ids: str, to: str, others: list[str]) -> None:
    left = [line for line in after_delete(STACK, *ids.split()) if not line.startswith("group")]
    assert left == [
        f"tag tt {' '.join(others)}",
        f"location l {to} 10: n",
        f"order o {to} c",
        f"rsc_ticket t T: {to}",
        "role r deny " + " deny ".join(f"ref:{id_}" for id_ in others),
    ]
    assert after_delete(STACK, *reversed(ids.split())) == after_delete(STACK, *ids.split())


def test_what_goes_on_the_way_takes_what_refers_to_it_along() -> None:
    left = after_delete(
        ("tag t a", "location l t 10: n", "tag u l", "role r read ref:u", "acl_target sue r", "order o t ( b c )"), "a"
    )
    assert left == ["role r", "acl_target sue r"]


def test_each_change_beyond_the_typed_one_is_said() -> None:
    cib = made(*PRIMITIVES, "group g a b", "location l g 10: n", "order o a c", "clone cc c", "tag t c", "tag u a cc")
    assert said(edit.delete(cib, ["g", "c"])) == [
        "clone cc is deleted with c",
        "a and b stand alone now",
        "tag u no longer names cc",
        "tag t is deleted: it was empty",
        "location l now applies to a instead of g",
        "order o is deleted with cc",
    ]


def test_users_of_a_tag_or_template_that_live_on_keep_what_its_constraints_said() -> None:
    lines = ("rsc_template t Dummy", "primitive x @t", "primitive y @t", "tag g a b")
    constraints = ("location l g role=Promoted -inf: n", "colocation k 5: t c", "order o g:promote t:start")
    cib = made(*PRIMITIVES, *lines, *constraints)
    edit.delete(cib, ["t", "g"])
    assert shown(cib) == [
        "colocation k 5: ( x y ) c",
        "location l { a:Promoted b:Promoted } -inf: n",
        "order o ( a:promote b:promote ) ( x:start y:start )",
    ]


def test_a_template_that_goes_leaves_what_it_said_in_its_users() -> None:
    lines = (
        "rsc_template t ocf:pacemaker:Stateful params a=1 b=1 meta m=1 op monitor interval=10s op start timeout=9s",
        "primitive x @t",
        "primitive y @t params b=2 op monitor interval=20s",
        "primitive z @t params $id-ref=t-instance_attributes",
    )
    cib = made(*lines)
    notes = said(edit.delete(cib, ["t", "z"]))
    assert notes == [f"primitive {id_} takes over what template t says" for id_ in "xy"]
    text = show(cib).replace(" \\\n\t", " ").replace(" ocf:pacemaker:Stateful", "").rstrip("\n").split("\n")
    assert text == [
        "primitive x params a=1 b=1 meta m=1 op monitor interval=10s op start timeout=9s interval=0s",
        "primitive y meta m=1 params b=2 a=1 op monitor interval=20s op start timeout=9s interval=0s",
    ]


def test_what_is_borrowed_is_kept_by_who_borrowed_it() -> None:
    cib = made(
        "primitive a Dummy params $id=shared $shared-x:x=1 y=2 meta rule $id=r 5: p eq q m=1",
        "primitive b Dummy params $id-ref=shared",
        "primitive c Dummy params $id-ref=shared",
        "primitive d Dummy params @shared-x:z",
        "location l c rule $id-ref=r",
    )
    assert said(edit.delete(cib, ["a"])) == [
        "primitive b takes over shared of primitive a",
        "location l takes over r of primitive a",
    ]
    assert references.dangling(cib) == []
    assert said(edit.update(cib, parse("primitive b Dummy", "x"))) == ["primitive c takes over shared of primitive b"]
    assert references.dangling(cib) == []
    text = show(cib)
    assert "primitive c Dummy \\\n\tparams $shared-x:x=1 y=2" in text
    assert "params @shared-x:z" in text


def test_a_node_takes_its_fencing_levels_and_locations_with_it() -> None:
    left = after_delete(
        ("node n", "node m", "fencing_topology n: a b m: b a", "location l a 10: n", "location r b rule #uname eq n"),
        "n",
    )
    assert left == ["node m", "location r b rule #uname eq n", "fencing_topology b a"]


@pytest.mark.parametrize("ids", [["a", "nosuch"], ["nosuch", "a"]])
def test_ids_that_are_not_there_are_told_and_nothing_goes(ids: list[str]) -> None:
    cib = made(*PRIMITIVES)
    before = cib.to_bytes()
    with pytest.raises(NoSuchObject, match="nosuch"):
        edit.delete(cib, ids)
    assert cib.to_bytes() == before
    assert said(edit.delete(cib, ids, force=True)) == ["nosuch does not exist"]
    assert cib.resource("a") is None


def test_a_comment_goes_with_its_object() -> None:
    cib = Cib.empty("pacemaker-3.9")
    edit.update(cib, parse("# of a\nprimitive a Dummy\n# of b\nprimitive b Dummy\n", "x"))
    edit.delete(cib, ["a"])
    assert show(cib) == "# of b\nprimitive b Dummy\n"


# ---- rename


def test_all_that_refers_to_an_object_follows_its_new_name() -> None:
    lines = (
        *("group g a b", "location l a 10: n", "colocation k inf: a c", "order o a b c", "rsc_ticket t T: a"),
        *(
            "tag tt a",
            "fencing_topology n: a,b",
            "role r read ref:a deny xpath:\"//primitive[@id='a']\" write meta:a:x",
        ),
    )
    cib = made(*PRIMITIVES[:3], *lines)
    old = show(cib)
    edit.rename(cib, "a", "new")
    assert references.dangling(cib) == []
    edit.rename(cib, "new", "a")
    assert show(cib) == old
    edit.rename(cib, "r", "right")
    edit.rename(cib, "tt", "tag2")
    assert shown(cib)[1] == "tag tag2 a"


def test_a_template_and_a_role_are_renamed_with_their_users() -> None:
    cib = made("rsc_template t Dummy", "primitive x @t", "role r read status", "acl_target sue r")
    assert said([*edit.rename(cib, "t", "base"), *edit.rename(cib, "r", "viewer")]) == [
        "primitive x now refers to base instead of t",
        "acl_target sue now refers to viewer instead of r",
    ]
    assert shown(cib) == ["rsc_template base Dummy", "role viewer read status", "acl_target sue viewer"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("n", "m", "n is a node"),
        ("a", "b", "the id b is taken"),
        ("a", "a-monitor-10s", "is taken"),
        ("a", "1st", "1st cannot be an id"),
        ("a", "two words", "cannot be an id"),
        ("nosuch", "x", "there is no object nosuch"),
        ("far", "x", "connection to the remote node"),
    ],
)
def test_what_is_not_renamed(old: str, new: str, why: str) -> None:
    cib = made(
        "node n", "primitive a Dummy op monitor interval=10s", "primitive b Dummy", "primitive far ocf:pacemaker:remote"
    )
    with pytest.raises(CrmError, match=why):
        edit.rename(cib, old, new)


def test_patterns_that_fit_one_of_two_names_are_told() -> None:
    cib = made("primitive web1 Dummy", "location l /web.*/ 10: n", "location k /1/ 10: n")
    assert said(edit.rename(cib, "web1", "www1")) == ["location l no longer applies to www1, by its pattern web.*"]
    assert said(edit.rename(cib, "www1", "web")) == [
        "location l now applies to web, by its pattern web.*",
        "location k no longer applies to web, by its pattern 1",
    ]


# ---- containers around constrained resources


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("location l a 10: n", "location l g 10: n"),
        ("location l { a b c } 10: n", "location l { g c } 10: n"),
        ("colocation k inf: a:Promoted c", "colocation k inf: g:Promoted c"),
        ("colocation k inf: a b", None),
        ("colocation k inf: a b c d", "colocation k inf: g c d"),
        ("order o a b c", "order o g c"),
        ("order o a ( b c )", "order o g c"),
        ("order o c:start b:start", "order o c:start g:start"),
        ("order o a b", None),
        ("rsc_ticket t T: a b", "rsc_ticket t T: g $id=t-0"),
        ("rsc_ticket t T: a b:Started c", "rsc_ticket t T: g $id=t-0 c"),
        ("order o [ a c ] b", None),
        ("tag t a b", "tag t a b"),
        ("fencing_topology n: a", "fencing_topology n: a"),
        ("role r read ref:a", "role r read ref:a"),
    ],
)
def test_constraints_of_members_become_those_of_the_group(line: str, left: str | None) -> None:
    cib = made(*PRIMITIVES, line, "group g a b")
    assert [text for text in shown(cib) if not text.startswith("group")] == ([left] if left else [])


def test_what_the_same_text_says_itself_is_not_rewritten() -> None:
    cib = made(*PRIMITIVES, "location l a 10: n")
    edit.update(cib, parse("group g a b\nlocation l a 10: n\nlocation m b 10: n", "x"))
    assert shown(cib) == ["group g a b", "location l a 10: n", "location m b 10: n"]
    cib = made(*PRIMITIVES, "location l a 10: n")
    edit.update(cib, parse("group g a b", "x"), exact=True)
    assert shown(cib) == ["group g a b", "location l a 10: n"]


def test_a_clone_of_a_group_gets_its_constraints_and_so_does_what_joins_the_group_later() -> None:
    cib = made(*PRIMITIVES, "location l a 10: n", "location m c 10: n", "group g a b", "clone k g")
    assert said(edit.add_member(cib, "g", "c", before="b")) == ["location m now applies to k instead of c"]
    assert shown(cib) == ["group g a c b", "clone k g", "location l k 10: n", "location m k 10: n"]


# ---- groups, member by member


@pytest.mark.parametrize(
    ("change", "members"),
    [
        ({"member": "c"}, "a b c"),
        ({"member": "c", "before": "a"}, "c a b"),
        ({"member": "c", "after": "a"}, "a c b"),
        ({"member": "a", "after": "b"}, "b a"),
    ],
)
def test_a_member_is_added_or_moved(change: dict[str, str], members: str) -> None:
    cib = made(*PRIMITIVES, "group g a b meta x=1")
    edit.add_member(cib, "g", **change)
    assert shown(cib) == [f"group g {members} meta x=1"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"group": "g", "member": "k"}, "k is a clone: a group holds only primitives"),
        ({"group": "g", "member": "c"}, "c is in clone k already"),
        ({"group": "k", "member": "d"}, "k is not a group but a clone"),
        ({"group": "g", "member": "nosuch"}, "there is no object nosuch"),
        ({"group": "g", "member": "d", "before": "c"}, "c is not a member of g"),
        ({"group": "g", "member": "a"}, "a is in group g already"),
        ({"group": "g", "member": "a", "before": "a"}, "a cannot stand beside itself"),
    ],
)
def test_what_cannot_be_added(change: dict[str, str], why: str) -> None:
    cib = made(*PRIMITIVES, "group g a b", "clone k c")
    with pytest.raises(CrmError, match=why):
        edit.add_member(cib, **change)


def test_members_are_taken_out_and_the_last_one_takes_the_group_with_it() -> None:
    cib = made(*PRIMITIVES, "group g a b", "location l g 10: n")
    with pytest.raises(CrmError, match="c is not a member of g"):
        edit.remove_member(cib, "g", "c")
    assert edit.remove_member(cib, "g", "a") == []
    assert shown(cib) == ["group g b", "location l g 10: n"]
    assert said(edit.remove_member(cib, "g", "b")) == [
        "group g is deleted: b was its last member",
        "b stands alone now",
        "location l now applies to b instead of g",
    ]
    assert shown(cib) == ["location l b 10: n"]


# ---- text in the place of objects


def exchanged(cib: Cib, ids: str, text: str) -> list[str]:
    entries = [entry for entry in listing.entries(cib) if entry.id in ids.split()]
    return said(edit.exchange(cib, entries, parse(text, "edited")))


@pytest.mark.parametrize("text", ["group g a c\ngroup h b d", "group h b d\ngroup g a c", "group h d a\ngroup g b c"])
def test_groups_exchange_members_in_any_order(text: str) -> None:
    cib = made(*PRIMITIVES, "group g a b", "group h c d", "location l g 10: n")
    assert exchanged(cib, "g h", text) == []
    assert shown(cib) == [*sorted(text.split("\n")), "location l g 10: n"]


def test_an_object_that_the_text_gives_another_kind_or_id_is_another_one() -> None:
    cib = made(*PRIMITIVES, "group g a", "location l g 10: n", "tag t g")
    exchanged(cib, "g", "clone g a")
    assert shown(cib) == ["clone g a", "tag t g", "location l g 10: n"]
    assert exchanged(cib, "g", "group h a b") == [
        "a stands alone now",
        "tag t now names a instead of g",
        "location l now applies to h instead of g",
    ]
    assert shown(cib) == ["group h a b", "tag t a", "location l h 10: n"]


def test_push_deletes_what_the_text_does_not_name() -> None:
    cib = made("node n", *PRIMITIVES, "location l a 10: n", "property x=1 y=2", "tag t a b", "fencing_topology n: a")
    edit.push(cib, parse("# kept\nprimitive b Dummy\nproperty y=3\ntag t b", "pushed"))
    assert shown(cib) == ["node n", "# kept", "tag t b", "property cib-bootstrap-options: y=3"]
    edit.push(cib, parse("primitive b Dummy", "pushed"), with_nodes=True)
    assert shown(cib) == ["# kept"]
    assert show(cib) == "# kept\nprimitive b Dummy\n"


def test_members_that_a_text_leaves_out_stand_alone() -> None:
    cib = made(*PRIMITIVES, "group g a b c", "clone k d")
    edit.update(cib, parse("group g b", "x"))
    edit.update(cib, parse("clone k a", "x"))
    assert shown(cib) == ["group g b", "clone k a"]
    assert {el.get("id") for el in cib.section("resources").iterchildren("primitive")} == {"c", "d"}


def test_erase_keeps_nodes_with_what_they_borrowed() -> None:
    cib = made("primitive a Dummy utilization $id=u cpu=1", "node n utilization $id-ref=u", "tag t a", "property x=1")
    assert said(edit.erase(cib)) == ["node n takes over u of primitive a"]
    assert shown(cib) == ["node n utilization cpu=1"]
    edit.erase(cib, with_nodes=True)
    assert show(cib) == ""
