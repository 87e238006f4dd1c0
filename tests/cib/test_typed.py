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
        ("params user=passw", "params user=passw"),
    ],
)
def test_secrets_in_a_line_that_is_quoted_are_masked_and_columns_stay(line: str, shown: str) -> None:
    assert masked_line(line) == shown
    assert len(shown) == len(line)
