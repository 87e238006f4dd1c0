"""What holds of every completion: how a candidate is put into a line, and which of them fit what was typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as some

from crmsh_py.command.candidates import Candidate, Offer, fitting
from crmsh_py.errors import BadSyntax
from crmsh_py.language.words import quote
from crmsh_py.shell.completer import OPEN_ENDS, cut, inserted

# what a name, a value or a path can hold
TEXTS = some.text(some.sampled_from("abZ1=:/$\"'\\ \t\n(){}[]@#%-,.é"), min_size=1, max_size=10)
LINES = ("resource start ", "configure primitive x Web params ", 'show "a b" ')


def typed(text: str, quotes: str) -> str:
    """A beginning of a text, as somebody types it: bare, or with a quote that is still open."""
    if quotes == "bare":
        return re.split(r"[ \t\n\"'\\]", text)[0]
    if quotes == "value":
        name, equals, value = text.partition("=")
        return f'{name}="{value[:1]}' if equals and not re.search(r"[\s\"'\\]", name + value[:1]) else ""
    return quotes + text[:1] if text[0] not in "\"'\\\n\t" else quotes


@given(TEXTS, some.sampled_from(LINES), some.sampled_from(["bare", '"', "'", "value"]))
@example("mode=a b", LINES[1], "value")
@example("/a folder/", LINES[0], "bare")
@example("name=", LINES[1], '"')
@example("it's", LINES[0], "'")
def test_what_is_inserted_is_read_as_the_candidate(text: str, line: str, quotes: str) -> None:
    begun = typed(text, quotes)
    assume(text.startswith(cut(f"{line}{begun}")[2]))
    put = inserted(text, begun)
    if text.endswith(OPEN_ENDS):
        words, start, partial = cut(line + put)
        assert (line + put)[start:] == put
        assert partial == text
    else:
        words, _, _ = cut(f"{line}{put} ")
        assert words[-1].value == text
    assert len(cut(f"{line}{put}x ")[0] if text.endswith(OPEN_ENDS) else words) >= len(cut(line)[0])


@pytest.mark.parametrize(
    ("text", "begun", "put"),
    [
        ("web", "w", "web"),
        ("web", '"w', '"web"'),
        ("mode=a b", "mo", 'mode="a b"'),
        ("mode=c", 'mode="', 'mode="c"'),
        ("a b", "a", '"a b"'),
        ("my folder/", "my", '"my folder/'),
        ("my folder/", '"my', '"my folder/'),
        ("#uname", "#", "#uname"),
        ("web:Promoted", "web:", "web:Promoted"),
        ("inf:", "in", "inf:"),
    ],
)
def test_what_is_inserted(text: str, begun: str, put: str) -> None:
    assert inserted(text, begun) == put


@given(TEXTS)
def test_of_a_name_with_a_value_the_equals_sign_stays_bare(text: str) -> None:
    put = inserted(f"name={text}", "na")
    word = cut(f"x {put} ")[0][-1] if not text.endswith(OPEN_ENDS) else None
    assert put.startswith("name=")
    assert word is None or word.find_bare("=") == 4


@given(TEXTS, some.integers(0, 10))
def test_an_open_quote_is_no_error(text: str, at: int) -> None:
    line = f"resource start {quote(text)[: at + 1]}"
    try:
        words, start, partial = cut(line)
    except BadSyntax:
        # a backslash is the last character
        assert line.endswith("\\")
        return
    assert line[:start].strip() == " ".join(word.raw for word in words)
    assert text.startswith(partial) or "\n" in text or "\t" in text


# ---- what fits


WORDS = some.lists(some.text(some.sampled_from("abAB-_.:= 1"), max_size=8).map(Candidate), max_size=12)
TYPED = some.text(some.sampled_from("abAB-1"), max_size=4)


def holds(text: str, typed: str) -> bool:
    """Whether a text holds these characters in this order."""
    rest = iter(text.lower())
    return all(char in rest for char in typed.lower())


@given(WORDS, TYPED)
def test_what_begins_so_fits_once_and_keeps_its_order(found: list[Candidate], begun: str) -> None:
    fit = [one.text for one in fitting(found, begun)]
    assert len(set(fit)) == len(fit)
    assert set(fit) == {one.text for one in found if one.text.lower().startswith(begun.lower())}
    order = list(dict.fromkeys(one.text for one in found))
    for same in (True, False):
        part = [text for text in fit if text.startswith(begun) is same]
        assert part == sorted(part, key=order.index)
    assert [text.startswith(begun) for text in fit] == sorted((text.startswith(begun) for text in fit), reverse=True)


@given(WORDS, TYPED)
def test_fuzzy_is_what_holds_it_and_what_begins_so_comes_first(found: list[Candidate], begun: str) -> None:
    fit = [one.text for one in fitting(found, begun, is_fuzzy=True)]
    assert len(set(fit)) == len(fit)
    assert set(fit) == {one.text for one in found if holds(one.text, begun)}
    starts = [text.lower().startswith(begun.lower()) for text in fit]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize(
    ("begun", "found", "order"),
    [
        ("vip", "drive-p xvxixp virtual-ip vip-old nfs-vip", "vip-old virtual-ip nfs-vip xvxixp"),
        ("nqp", "nonqp no-quorum-policy", "no-quorum-policy nonqp"),
        ("ip2", "ship2shore IPaddr2", "IPaddr2 ship2shore"),
        ("VirtI", "virtual-ip VirtualIP avirti", "virtual-ip VirtualIP avirti"),
    ],
)
def test_fuzzy_has_beginnings_of_words_before_others(begun: str, found: str, order: str) -> None:
    fit = fitting(map(Candidate, found.split()), begun, is_fuzzy=True)
    assert [one.text for one in fit] == order.split()


def test_others_are_offered_to_who_types_them() -> None:
    offer = Offer([Candidate("move")], [Candidate("migrate", "other name of move")])
    assert [one.text for one in offer.fitting("")] == ["move"]
    assert [one.text for one in offer.fitting("m")] == ["move"]
    assert [one.text for one in offer.fitting("mi")] == ["migrate"]
    assert Offer((), [Candidate("id=")]).fitting("") == []
