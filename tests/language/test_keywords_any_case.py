"""Keywords count in any case; words of the user keep theirs."""

from __future__ import annotations

import re

import pytest

from crmsh_py.language import statements as st
from crmsh_py.language.keywords import grammar_text
from crmsh_py.language.parser import parse

WORDS = sorted(set(re.findall(r'"([a-z_-]+)"', grammar_text())))
LINES = {
    "primitive": (
        "primitive p a params x=1 op monitor interval=10s op_params c=d op_meta e=f meta g=h utilization i=1",
    ),
    "rsc_template": ("rsc_template t a operations $id=o op start timeout=1 meta",),
    "group": ("group g a b params c=d meta e=f",),
    "clone": ("clone c a meta b=c", "ms c a", "master c a"),
    "bundle": (
        "bundle b docker image=i network control-port=1 port-mapping port=2 storage storage-mapping target-dir=/a",
    ),
    "node": ("node n attributes a=b utilization c=1 description=d",),
    "location": (
        "location l r rule a eq b or defined c or not_defined d",
        "location l r rule date spec hours=1 and date in start=1 duration hours=1 and date gt 1 and date lt 2",
        "location l r role=Started rule $role=Started a string:eq b",
        "location l r rule rsc a and op b interval=1",
        "location l r inf: n lifetime rule defined a",
    ),
    "colocation": ("colocation c inf: a b:Promoted node-attribute=n influence=true",),
    "order": (
        "order o mandatory: a:start b:promote symmetrical=false",
        "order o optional: a b sequential=false c require-all=true",
    ),
    "rsc_ticket": ("rsc_ticket t T: a loss-policy=stop",),
    "tag": ("tag t a b",),
    "property": ("property a=b", "property rule defined a b=c"),
    "rsc_defaults": ("rsc_defaults a=b",),
    "op_defaults": ("op_defaults rule op monitor a=b",),
    "fencing_topology": ("fencing_topology n: a,b attr:x=y c pattern:z d",),
    "role": (
        "role r description=d read xpath:/a write type:b attr:c deny ref:d",
        "role r read cib write status deny meta:a:b",
    ),
    "acl_target": ("acl_target u r",),
    "acl_group": ("acl_group u r",),
    "user": ("user u role:r",),
    "alert": (
        "alert a /p description=d select nodes fencing resources attributes { b } attributes c=d meta e=f to { x }",
    ),
    "monitor": ("monitor p 10s:20s",),
}
ALL = [line for lines in LINES.values() for line in lines]


def shouted(line: str) -> str:
    """The line with its keywords, and nothing else, in capitals."""
    return " ".join(word.upper() if word in WORDS and not _is_users(line, word) else word for word in line.split(" "))


def _is_users(line: str, word: str) -> bool:
    """The names of operations are words of the user."""
    return bool(re.search(rf"\bop {word}\b", line))


@pytest.mark.parametrize("line", ALL)
def test_keywords_in_capitals(line: str) -> None:
    assert shouted(line) != line
    assert parse(shouted(line), "") == parse(line, "")


@pytest.mark.parametrize("line", ALL)
def test_mixed_case(line: str) -> None:
    mixed = " ".join(
        word.capitalize() if word in WORDS and not _is_users(line, word) else word for word in line.split(" ")
    )
    assert parse(mixed, "") == parse(line, "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("LOCATION l r INF: n", "location l r inf: n"),
        ("location l r Infinity: n", "location l r inf: n"),
        ("location l r -InFinity: n", "location l r -inf: n"),
        ("location l r ROLE=promoted 5: n", "location l r role=Promoted 5: n"),
        ("order o MANDATORY: a b", "order o Mandatory: a b"),
        ("order o serialize: a b SYMMETRICAL=FALSE", "order o Serialize: a b symmetrical=FALSE"),
        ("colocation c INF: a b:PROMOTED", "colocation c inf: a b:Promoted"),
        ("PROPERTY i: A=B", "property i: A=B"),
        ("role r READ XPATH:/a TYPE:b", "role r read xpath:/a type:b"),
        ("role r WRITE META:web:x", "role r write meta:web:x"),
        ("fencing_topology ATTR:a=b c PATTERN:d e", "fencing_topology attr:a=b c pattern:d e"),
        ("location l r RULE a STRING:EQ b", "location l r rule a string:eq b"),
        ("node n DESCRIPTION=x", "node n description=x"),
        ("PRIMITIVE p a PARAMS $ID=s x=1", "primitive p a params $id=s x=1"),
        ("op_defaults RULE OP monitor INTERVAL=1s x=1", "op_defaults rule op monitor interval=1s x=1"),
    ],
)
def test_keywords_that_are_parts_of_words(typed: str, meant: str) -> None:
    assert parse(typed, "") == parse(meant, "")


@pytest.mark.parametrize("name", ["META", "Params", "RULE", "Op"])
def test_a_quoted_word_is_no_keyword(name: str) -> None:
    (group,) = parse(f'group g a "{name}" b', "")
    assert group == st.Group("g", children=[st.Member("a"), st.Member(name), st.Member("b")])


def test_words_of_the_user_keep_their_case() -> None:
    (primitive,) = parse("primitive P Dummy params Ip=A meta Target-Role=Started", "")
    assert (primitive.id, primitive.type) == ("P", "Dummy")
    assert [pair.name for one in primitive.children for pair in one.children] == ["Ip", "Target-Role"]
