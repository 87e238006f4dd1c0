"""Which objects the words of `show` choose."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from round_trip import load

from crmsh_py.cib import edit
from crmsh_py.cib.document import Cib
from crmsh_py.cib.listing import entries
from crmsh_py.cib.selection import select, shown
from crmsh_py.errors import NoSuchObject, UsageError
from crmsh_py.language.parser import parse

ROOT = Path(__file__).parents[2]
WEB = load((ROOT / "examples" / "web-service.crm").read_text(encoding="utf-8"))
SELECTORS = [
    "web",
    "address",
    "web*",
    "type:location",
    "type:primitive",
    "tag:public",
    "related:web",
    "*disk*",
    "alpha",
]


def names(*words: str, cib: Cib = WEB, base: Cib | None = None) -> list[str]:
    return [entry.id for entry in select(cib, words, lambda: base or cib)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tag:public", "address server"),
        ("type:tag", "public"),
        ("type:TAG", "public"),
        ("type:ms", "disk-clone gateway-clone"),
        ("type:node and alpha", "alpha"),
        ("tag:public and type:primitive and a*", "address"),
        ("web type:location and web-on*", "web-on-the-big-one"),
        ("type:location and web-on* or gateway", "gateway web-on-the-big-one"),
        ("gateway or web-on*", "gateway web-on-the-big-one"),
        ("related:address", "address web public"),
        (
            "related:web",
            "address files server web disk-before-web web-on-the-big-one web-where-connected web-with-disk",
        ),
        ("related:disk", "disk disk-clone"),
        ("related:public", "address server public"),
        ("related:web-with-disk", "web disk-clone web-with-disk"),
        ("related:IPaddr2", "address web public"),
        ("related:heartbeat:ipaddr2", "address web public"),
        ("related:ocf:linbit", "disk disk-clone"),
        ("related:stonith and type:primitive", "fence-alpha fence-beta"),
        ("related:fence-alpha and type:fencing_topology", ""),
        ("changed", ""),
        ("nothing*", ""),
    ],
)
def test_what_is_chosen(words: str, expected: str) -> None:
    chosen = names(*words.split())
    if words == "related:fence-alpha and type:fencing_topology":
        assert chosen == [""], "the topology, which has no id"
    else:
        assert chosen == expected.split()


@given(some.lists(some.sampled_from(SELECTORS), min_size=1, max_size=5))
def test_side_by_side_is_or_is_union(words: list[str]) -> None:
    union = {name for word in words for name in names(word)}
    assert set(names(*words)) == union
    assert names(*words) == names(*" or ".join(words).split())
    assert names(*words) == [entry.id for entry in entries(WEB) if entry.id in union], "in the order of `show`"


@given(some.sampled_from(SELECTORS), some.sampled_from(SELECTORS), some.sampled_from(SELECTORS))
def test_and_keeps_what_both_choose_of_all_before(first: str, second: str, third: str) -> None:
    assert set(names(first, second, "and", third)) == {*names(first), *names(second)} & {*names(third)}


@pytest.mark.parametrize("word", ["type:", "type:nosuch", "type:monitor", "and", "or", "obscure:ip"])
def test_no_selector(word: str) -> None:
    with pytest.raises(UsageError):
        names(word)


@pytest.mark.parametrize("words", ["web and", "web or and web", "and web", "web and or web", "web or"])
def test_a_joint_is_between_selectors(words: str) -> None:
    with pytest.raises(UsageError, match="expected a selector"):
        names(*words.split())


@pytest.mark.parametrize("word", ["nosuch", "addres", "tag:", "tag:web", "related:", "related:nosuch", ""])
def test_not_there(word: str) -> None:
    with pytest.raises(NoSuchObject):
        names(word)


def test_near_misses_are_named() -> None:
    with pytest.raises(NoSuchObject) as caught:
        names("addres")
    assert caught.value.problems[0].hint == "did you mean address?"


def test_what_is_an_id_is_taken_as_one() -> None:
    cib = load("primitive and Dummy\nprimitive changed Dummy\nprimitive x Dummy\ngroup or x")
    assert names("and", "changed", cib=cib) == ["and", "changed"]
    assert names("or", "and", cib=cib) == ["and", "or"]


def test_changed_is_what_differs_and_what_is_new() -> None:
    text = "primitive a Dummy\nprimitive b Dummy params passwd=x\ngroup g a\nproperty no-quorum-policy=stop\nnode 1: n"
    base, cib = load(text), load(text)
    cib.to_bytes()  # which indents it
    assert names("changed", cib=cib, base=base) == []
    for pair in cib.configuration.iter("nvpair"):
        if pair.get("name") == "passwd":
            pair.set("value", "y")
    edit.add(cib, parse("primitive c Dummy\nproperty batch-limit=3", "more"))
    assert names("changed", cib=cib, base=base) == ["b", "c", "cib-bootstrap-options"]


def test_a_real_configuration_did_not_change(corpus_file: Path) -> None:
    base, cib = (Cib.parse(corpus_file.read_bytes(), corpus_file.name) for _ in range(2))
    assert select(cib, ["changed"], lambda: base) == []


def test_obscure_is_set_apart() -> None:
    assert shown(["web", "obscure:ip*", "and", "type:group"]) == (["web", "and", "type:group"], ["ip*"])
    with pytest.raises(UsageError):
        shown(["obscure:"])
