"""What a typed statement does to what is there already, and the slips that it is refused for."""

from __future__ import annotations

import pytest

from crmsh_py.cib import edit, listing
from crmsh_py.cib.document import Cib
from crmsh_py.errors import BadSyntax, CrmError
from crmsh_py.language.parser import parse
from crmsh_py.language.writer import text_of
from crmsh_py.masks import masked_line


def typed(*lines: str, schema: str = "pacemaker-3.9") -> list[str]:
    """The shown text of a CIB after some lines were typed, one by one."""
    cib = Cib.empty(schema)
    for line in lines:
        edit.add(cib, parse(line, "typed"))
    return "\n".join(text_of(fragments) for fragments in listing.show(cib)).replace(" \\\n\t", " ").split("\n")


def test_a_typed_node_keeps_what_it_has() -> None:
    shown = typed(
        'node 1: alpha description="rack 4" attributes size=big zone=e',
        "node 1: alpha utilization cpu=4",
        "node alpha attributes size=small",
    )
    assert shown == ['node 1: alpha description="rack 4" attributes size=small zone=e utilization cpu=4']


def test_a_set_with_a_rule_stands_beside_the_others() -> None:
    shown = typed("node a attributes x=1", "node a attributes rule #uname eq a x=2")
    assert shown == ["node a attributes x=1 attributes rule #uname eq a x=2"]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("node 1: alpha", "node 1: beta", "node 1 is alpha"),
        ("fencing_topology a: d", "fencing_topology b: d", "fencing_topology exists already"),
        ("primitive p Dummy", "primitive p Dummy", "primitive p exists already"),
        ("primitive p Dummy", "rsc_template p Dummy", "p is a primitive already"),
        ("primitive p Dummy params $id=x a=1", "primitive x Dummy", "the id x is taken"),
        ("node 1: alpha", "node 1", "1 is the id of node alpha"),
    ],
)
def test_what_is_there_is_not_replaced(first: str, second: str, said: str) -> None:
    with pytest.raises(CrmError, match=said):
        typed(first, second)


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("property stonith-enabled", 10, "stonith-enabled has no value"),
        ("property a = false", 10, "a has no value"),
        ("rsc_defaults x", 14, "x has no value"),
        ("primitive p Dummy; primitive q Dummy", 1, "Dummy; cannot be the name of an agent"),
        ("primitive p Dummy params a=1 # note", 30, "a comment stands on a line of its own"),
        ("primitive p Dummy params a=1 op_params b=1", 30, "op_params stands behind an op"),
        ("colocation c a b", 1, "expected a score"),
    ],
)
def test_slips_are_refused_at_their_word(line: str, column: int, said: str) -> None:
    with pytest.raises(BadSyntax) as caught:
        typed(line)
    problem = caught.value.problems[0]
    assert problem.text == said
    assert problem.place is not None
    assert problem.place.column == column


def test_what_is_loaded_may_say_all_that_a_cib_can() -> None:
    cib = Cib.empty("pacemaker-3.9")
    edit.update(cib, parse("property a: x\ncolocation c p q\nprimitive p Dummy\nprimitive q Dummy\n", "file"))
    assert {el.get("id") for el in cib.objects()} == {"a", "c", "p", "q"}


@pytest.mark.parametrize(("schema", "role"), [("pacemaker-3.9", "Promoted"), ("pacemaker-3.0", "Master")])
@pytest.mark.parametrize("said", ["Master", "promoted"])
def test_roles_have_the_names_of_the_schema(schema: str, role: str, said: str) -> None:
    lines = (f"primitive p Dummy op monitor interval=10s role={said}", f"location l p role={said} 1: n")
    wanted = [line.replace(f"role={said}", f"role={role}") for line in lines]
    assert typed(*lines, schema=schema) == wanted


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("params passwd=geheim ip=1", "params passwd=****** ip=1"),
        ('params password="a b" x=1', "params password=***** x=1"),
        ("params password='it", "params password=***"),
        ("params PASSWD=x", "params PASSWD=*"),
        ('xml <nvpair name="passwd" value="ab"/>', 'xml <nvpair name="passwd" value="**"/>'),
        ("xml <nvpair value='ab' id=\"x\" name='passwd'/>", "xml <nvpair value='**' id=\"x\" name='passwd'/>"),
        ('<nvpair name="passwd" value="ab"/><nvpair name="a" value="b"/>', None),
        ("set p.passwd geheim more", "set p.passwd ****** more"),
        ("set p.op.smtp_password geheim more", "set p.op.smtp_password ****** more"),
        ("params $a-id:smtp_password=geheim a=b", "params $a-id:smtp_password=****** a=b"),
        ("load update https://me:geheim@host/x?token=abc more", "load update https://me:******@host/x?********* more"),
        ("params user=passw", "params user=passw"),
    ],
)
def test_secrets_in_a_line_that_is_quoted_are_masked_and_columns_stay(line: str, shown: str | None) -> None:
    shown = shown or line.replace("ab", "**")
    assert masked_line(line) == shown
    assert len(shown) == len(line)


def test_options_with_a_rule_are_a_set_of_their_own_and_others_are_not_put_under_it() -> None:
    rule = "rule date spec hours=1-2"
    assert typed(f"property {rule} a=1", "property b=2", f"property {rule} c=3", "property d=4") == [
        f"property cib-bootstrap-options: {rule} a=1",
        "property cib-bootstrap-options-0: b=2 d=4",
        f"property cib-bootstrap-options-1: {rule} c=3",
    ]
    assert typed(f"rsc_defaults day: {rule} a=1", "rsc_defaults b=2") == [
        f"rsc_defaults day: {rule} a=1",
        "rsc_defaults rsc-options: b=2",
    ]
    assert typed("rsc_defaults own: a=1", "rsc_defaults b=2") == ["rsc_defaults own: a=1 b=2"]


def test_comments_are_not_doubled_when_an_object_is_loaded_again() -> None:
    cib = Cib.empty("pacemaker-3.9")
    text = "# of p\nprimitive p Dummy\n# of g\ngroup g p\n"
    for _ in range(2):
        edit.update(cib, parse(text, "file"))
    assert "".join(text_of(fragments) + "\n" for fragments in listing.show(cib)) == text


@pytest.mark.parametrize("together", [True, False])
def test_an_object_that_stands_for_its_part_may_come_later(together: bool) -> None:
    lines = (
        "primitive p Dummy params $id-ref=q operations $id-ref=q",
        "primitive q Dummy params x=1 operations $id=ops op monitor interval=10s",
        "location l p rule $id-ref=m",
        "location m q rule 5: a eq b",
    )
    shown = typed("\n".join(lines)) if together else typed(*lines)
    assert shown == [
        "primitive p Dummy params $id-ref=q-instance_attributes operations  $id-ref=ops",
        "primitive q Dummy params $id=q-instance_attributes x=1 operations $id=ops op monitor interval=10s",
        "location l p rule $id-ref=m-rule",
        "location m q rule $id=m-rule 5: a eq b",
    ]


def test_a_monitor_of_an_interval_that_is_there_is_refused() -> None:
    with pytest.raises(CrmError, match="has a monitor with the interval 60s already"):
        typed("primitive p Dummy op monitor interval=60s", "monitor p 1min")
    with pytest.raises(BadSyntax, match="expected an interval"):
        typed("primitive p Dummy", "monitor p :10s")
