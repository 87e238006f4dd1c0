"""Laws of the usage notation, then its corners."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsh_py.command.pattern import Argument, Literal, Option
from crmsh_py.command.slots import SLOTS, Slot
from crmsh_py.command.usage import Misfit, Usage

LITERALS = ["force", "xml", "to", "and-so"]
words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz*.:", min_size=1, max_size=6).filter(lambda w: w not in LITERALS)


def usage_and_words(depth: int = 2) -> st.SearchStrategy[tuple[str, list[str]]]:
    """A piece of usage notation, and words that fit it. Arguments are named later, by `named`."""
    leaf = st.one_of(
        st.sampled_from(LITERALS).map(lambda literal: (literal, [literal])),
        words.map(lambda word: ("<@:name>", [word])),
    )
    if not depth:
        return leaf
    inner = usage_and_words(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(inner, st.booleans()).map(lambda x: (f"[{x[0][0]}]", x[0][1] if x[1] else [])),
        st.tuples(inner, leaf, st.booleans()).map(lambda x: (f"({x[0][0]}|{x[1][0]})", x[0][1] if x[2] else x[1][1])),
        st.tuples(inner, inner).map(lambda x: (f"{x[0][0]} {x[1][0]}", x[0][1] + x[1][1])),
        words.flatmap(lambda w: st.lists(words).map(lambda more: ("<@:name>...", [w, *more]))),
    )


def named(line: str) -> str:
    parts = line.split("@")
    return parts[0] + "".join(f"a{index}{part}" for index, part in enumerate(parts[1:]))


def match_or_misfit(usage: Usage, given_words: list[str]) -> dict[str, object] | Misfit:
    try:
        return usage.match(given_words)
    except Misfit as misfit:
        return misfit


@given(usage_and_words())
def test_words_made_from_a_usage_fit_it_and_none_is_lost(made: tuple[str, list[str]]) -> None:
    line, given_words = made
    found = Usage([f"do {named(line)}"]).match(given_words)
    values = [value for each in found.values() for value in (each if isinstance(each, list) else [each])]
    for word in given_words:
        assert word in LITERALS or word in values


@given(usage_and_words())
def test_every_word_that_fits_was_expected(made: tuple[str, list[str]]) -> None:
    line, given_words = made
    usage = Usage([f"do {named(line)}"])
    for index, word in enumerate(given_words):
        expected = usage.expected(given_words[:index])
        assert any(isinstance(item, Argument) or item.text == word for item in expected)


@given(usage_and_words(), st.lists(st.sampled_from([*LITERALS, "w", "--x", "--", "-n", ""])))
def test_any_words_either_fit_or_misfit_at_one_of_them(made: tuple[str, list[str]], others: list[str]) -> None:
    usage = Usage([f"do {named(made[0])}"])
    found = match_or_misfit(usage, others)
    if isinstance(found, Misfit):
        assert 0 <= found.index <= len(others)
        assert str(found)
    else:
        assert set(found) <= usage.parameters()


@given(usage_and_words(), st.integers(0, 9))
def test_an_option_may_stand_anywhere(made: tuple[str, list[str]], where: int) -> None:
    line, given_words = made
    usage = Usage([f"do {named(line)} [--wait] [--within <within:number>]"])
    at = min(where, len(given_words))
    for option in (["--within", "7"], ["--within=7"]):
        found = usage.match([*given_words[:at], *option, *given_words[at:]])
        assert found.pop("within") == 7
        assert found.pop("wait") is False
        assert found == Usage([f"do {named(line)}"]).match(given_words)


def match(line: str, text: str) -> dict[str, object]:
    return Usage([line]).match(text.split())


MOVE = "move <rsc> [<node>] [<lifetime:duration>] [force]"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("vip", {"rsc": "vip", "force": False}),
        ("vip n1", {"rsc": "vip", "node": "n1", "force": False}),
        ("vip force", {"rsc": "vip", "force": True}),
        ("vip n1 PT5M force", {"rsc": "vip", "node": "n1", "lifetime": "PT5M", "force": True}),
        ("force", {"rsc": "force", "force": False}),
        ("vip force force", {"rsc": "vip", "node": "force", "force": True}),
        ("vip -- force", {"rsc": "vip", "force": True}),
    ],
)
def test_a_literal_beats_an_argument_where_both_fit(text: str, found: dict[str, object]) -> None:
    assert match(MOVE, text) == found


def test_a_kind_refuses_a_word() -> None:
    assert match("wait [<n:number>] [<rest:name>]", "x") == {"rest": "x"}
    with pytest.raises(Misfit) as caught:
        match("wait <within:duration>", "soon")
    assert caught.value.index == 0
    assert "soon is not a duration" in str(caught.value)
    assert caught.value.hint


def test_literals_that_need_not_be_there_are_true_or_false() -> None:
    assert match("set to <value>", "to 3") == {"value": "3"}
    assert match("turn <rsc> (on|off)", "vip on") == {"rsc": "vip", "on": True, "off": False}
    lines = ["failcount show <rsc>", "failcount set <rsc> <value:number>"]
    assert Usage(lines).match(["set", "vip", "3"]) == {"set": True, "show": False, "rsc": "vip", "value": 3}
    assert match("go [from <node>]", "from n1") == {"from_": True, "node": "n1"}


def test_the_first_usage_line_that_fits_wins() -> None:
    usage = Usage(["set <name> <value>", "set all <value>"])
    assert usage.match(["all", "1"]) == {"name": "all", "value": "1", "all": False}


def test_repetition_gives_a_list() -> None:
    assert match("show [xml] [<id>...]", "xml a b") == {"xml": True, "id": ["a", "b"]}
    assert match("copy (<file> to <node>)...", "a to n b to m") == {"file": ["a", "b"], "node": ["n", "m"], "to": True}
    assert match("run [--node <node>]...", "--node a --node b") == {"node": ["a", "b"]}


def test_the_words_kind_takes_options_too() -> None:
    assert match("run [--quiet] <command:words>...", "--quiet ls --all --") == {
        "quiet": True,
        "command": ["ls", "--all", "--"],
    }


@pytest.mark.parametrize(
    ("line", "text", "index", "said"),
    [
        ("show [xml]", "--frce", 0, "unknown option --frce"),
        ("show [--force]", "--frce", 0, "unknown option --frce"),
        ("show [--force]", "--force --force", 1, "--force is given twice"),
        ("show [--force]", "--force=1", 0, "--force takes no value"),
        ("show [--in <n:number>]", "--in x", 1, "x is not a whole number"),
        ("show [--in <n:number>]", "--in", 1, "expected a whole number"),
        ("show <id> to <node>", "a b", 1, "expected `to`"),
        ("show <id> to <node>", "a to", 2, "expected a node"),
        ("show", "x", 0, "expected nothing more"),
        ("show (a|b)", "c", 0, "expected `a` or `b`"),
    ],
)
def test_a_misfit_names_the_first_bad_word_and_what_was_expected(line: str, text: str, index: int, said: str) -> None:
    with pytest.raises(Misfit) as caught:
        match(line, text)
    assert (caught.value.index, str(caught.value)) == (index, said)


def test_of_several_usage_lines_the_furthest_ones_speak() -> None:
    usage = Usage(["fail <rsc> show", "fail <rsc> delete <node>", "fail all"])
    with pytest.raises(Misfit) as caught:
        usage.match(["vip", "drop"])
    assert str(caught.value) == "expected `show` or `delete`"


def test_expected_lists_literals_arguments_and_options_once() -> None:
    usage = Usage(["show [xml] [<id>...] [--all]", "show xml [<id>...]"])
    assert [item.text for item in usage.expected([])] == ["xml", "<id>", "all"]
    assert [type(item) for item in usage.expected([])] == [Literal, Argument, Option]
    assert [item.text for item in usage.expected(["xml", "--all"])] == ["<id>"]
    assert usage.expected(["--nosuch"]) == []


@pytest.mark.parametrize(
    "line", ["", "<id>", "a [b", "a b]", "a (b|", "a <no_such_kind>", "a <b:>", "a [--b <c:name> d]", "a |", "a ..."]
)
def test_a_line_that_is_not_in_the_notation_is_refused(line: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        Usage([line]).parameters()


def test_matching_is_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = Usage(["do [[<a:name>] [<b:name>]...]... [<c:name>...] end"])
    checked: list[str] = []

    def check(word: str) -> str:
        checked.append(word)
        return word

    monkeypatch.setitem(SLOTS, "name", Slot("a name", check))

    def cost(count: int) -> int:
        checked.clear()
        usage.match(["w"] * count + ["end"])
        return len(checked)

    assert cost(200) - cost(100) == cost(300) - cost(200) <= 600


@settings(max_examples=50)
@given(st.sampled_from(sorted(SLOTS)), st.text(max_size=12))
def test_a_check_gives_a_value_or_refuses(kind: str, word: str) -> None:
    found = match_or_misfit(Usage([f"do <x:{kind}>"]), ["--", word])
    assert str(found) if isinstance(found, Misfit) else set(found) == {"x"}
