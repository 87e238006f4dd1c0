"""Tags and constraints of what joins a clone or bundle, and rights that name in an XPath what goes."""

from __future__ import annotations

import pytest
from test_surgery import PRIMITIVES, made, said, shown

from crmsh_py.cib import edit
from crmsh_py.language.parser import parse


@pytest.mark.parametrize(
    ("lines", "line", "left"),
    [
        (("tag t a b",), "clone k a", "tag t k b"),
        (("tag t a b",), "bundle k docker image=x primitive a", "tag t k b"),
        (("group g a b", "tag t a c b g"), "clone k g", "tag t c k"),
        (("clone k a", "tag t k b"), "group g b", "tag t k b"),
        (("group g a b", "tag t a"), "group h c", "tag t a"),
    ],
)
def test_a_tag_names_the_clone_of_what_it_named(lines: tuple[str, ...], line: str, left: str) -> None:
    cib = made(*PRIMITIVES, *lines)
    notes = said(edit.add(cib, parse(line, "typed")))
    assert [text for text in shown(cib) if text.startswith("tag")] == [left]
    assert (left not in lines) == any(note.startswith("tag t now names k instead of a") for note in notes)


def test_members_of_a_group_that_is_cloned_have_constraints_no_longer() -> None:
    cib = made(*PRIMITIVES, "group g a b", "location l a 10: n", "colocation m inf: c b", "tag t c")
    edit.add(cib, parse("clone k g", "typed"))
    assert shown(cib) == ["group g a b", "clone k g", "tag t c", "location l k 10: n", "colocation m inf: c k"]
    assert said(edit.add_member(cib, "g", "d")) == []
    assert said(edit.add_member(cib, "g", "c")) == [
        "tag t now names k instead of c",
        "colocation m is deleted: both of its sides are k now",
    ]


def test_a_clone_that_is_said_again_changes_no_tag() -> None:
    cib = made(*PRIMITIVES, "group g a b", "clone k g")
    edit.update(cib, parse("tag t a g", "text"))
    for text in ("clone k g meta x=1", "group g b a", "group g a b\nclone k g"):
        assert said(edit.update(cib, parse(text, "text"))) == []
    assert "tag t a g" in shown(cib)
    cib = made(*PRIMITIVES, "group g a b", "tag t a g", "clone k c")
    assert said(edit.update(cib, parse("group g b\nclone k a", "text"))) == ["tag t now names k instead of a"]


@pytest.mark.parametrize(
    ("path", "ids", "told"),
    [
        ("//primitive[@id='a']/meta_attributes", "a", "role r no longer has a right to write a, which"),
        ('//primitive[ @id = "a" ]', "a", "role r no longer has a right to write a, which"),
        ("//primitive[@id='a']", "b", None),
        ("//primitive[@id='aa']", "a", None),
        ("//primitive[not(@id='a')]", "a", "role r still names a in an XPath"),
        ("//primitive[@id='a' or @id='b']", "a", "role r still names a in an XPath"),
        ("//primitive[@id='a']|//primitive[@id='b']", "a", "role r still names a in an XPath"),
        ("//group[@id='g']/primitive", "g", "role r still names g in an XPath, not c"),
        ("//group[@id='g']/primitive", "c", "role r no longer has a right to write g, which"),
    ],
)
def test_a_right_that_names_what_goes_in_an_xpath(path: str, ids: str, told: str | None) -> None:
    quote = "'" if '"' in path else '"'
    cib = made(*PRIMITIVES, "group g c", f"role r write xpath:{quote}{path}{quote} read ref:d")
    notes = [note for note in said(edit.delete(cib, ids.split())) if note.startswith("role")]
    assert [note.startswith(told or "") for note in notes] == ([True] if told else [])
    left = cib.configuration.findall("acls/acl_role/acl_permission")
    assert len(left) == (1 if told and "no longer" in told else 2)


def test_a_right_to_a_user_or_a_part_that_is_said_again_stays() -> None:
    cib = made(*PRIMITIVES, "role r read xpath:\"//acl_target[@id='u']\" deny xpath:\"//nvpair[@id='a-meta-x']\"")
    edit.add(cib, parse("acl_target u r", "typed"))
    edit.update(cib, parse("primitive a Dummy meta $id=a-meta a-meta-x:x=1", "text"), exact=False)
    assert said(edit.update(cib, parse("acl_target u r\nprimitive a Dummy", "text"))) == []
    assert len(cib.configuration.findall("acls/acl_role/acl_permission")) == 2
    assert said(edit.delete(cib, ["u"])) == ["role r no longer has a right to read u, which it named in an XPath"]


def test_a_reference_where_none_can_be_is_none() -> None:
    cib = made(*PRIMITIVES)
    cib.configuration.find("resources/primitive[@id='b']").set("id-ref", "a")  # type: ignore[union-attr]
    assert said(edit.delete(cib, ["a"])) == []
    assert cib.configuration.find("resources/primitive[@id='b']") is not None
