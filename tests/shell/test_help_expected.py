"""What `?` says behind a half-typed line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some
from program import ROOT, in_process

from crmsh_py.command.context import Context, Options
from crmsh_py.levels import load
from crmsh_py.shell.everywhere import Stack
from crmsh_py.shell.help.explain import MOST, explain

if TYPE_CHECKING:
    from typing import Any

LINES = (
    "configure primitive web ocf:heartbeat:apache params port=8080 op monitor interval=30s on-fail=block meta x=1",
    "configure location l1 { web db } role=Started rule -inf: ( #uname eq a or not_defined b ) and date spec hours=1-4",
    "configure order o Mandatory: ( a b ) c:promote symmetrical=false",
    "configure fencing_topology alpha: f1,f2 attr:rack=1 f3",
    "configure role r write meta:web:target-role read xpath:'//node'",
    "configure show type:primitive -o json",
    "configure set web.priority 10",
    "resource move web alpha PT5M force --wait",
    "resource meta web set priority 5",
    "node attribute alpha set size big",
    "check failures --warning failures=2",
    "help configure show",
    "cd ../node",
    "options set core.wait yes",
    "cfg prim",
    "nosuch word",
    "# a comment",
    "configure primitive x 'half",
    "configure \\\nprimitive x \\\nDummy op",
)


@pytest.fixture(scope="module")
def cx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """A session on the web service."""
    folder = tmp_path_factory.mktemp("cib")
    path = folder / "cib.xml"
    path.write_bytes((ROOT / "examples" / "empty.xml").read_bytes())
    load_it = f"load replace {ROOT / 'examples' / 'web-service.crm'}"
    assert in_process("-c", str(path), "configure", load_it, folder=folder).code == 0
    return Context(Options(cib=str(path)), dict(os.environ), lambda _: None)


def asked(cx: Context, text: str, *levels: str) -> tuple[dict[str, Any], str]:
    """What is said behind a line, as data and as text."""
    record = explain(cx, Stack(load, ("root", *levels)), text)
    assert record.shape == "help.expected"
    return record.data(), "".join(part for _, part in record.fragments())


@pytest.mark.parametrize("line", LINES)
def test_every_beginning_of_a_line_is_explained(cx: Context, line: str) -> None:
    for end in range(len(line) + 1):
        data, text = asked(cx, line[:end])
        assert text.endswith("\n")
        assert bool(data["fault"]) != bool(text.startswith("Here: ") or "Here: " in text)
        assert not (data["fault"] and data["candidates"])
        assert len(data["candidates"]) <= MOST


@given(some.text(some.sampled_from("ab primitve=:$\"'\\ \t(){}@#%-?\n\x00é"), max_size=20))
def test_no_line_is_an_error(text: str) -> None:
    cx = Context(Options(cib="/nowhere/cib.xml"), {}, lambda _: None)
    stack = Stack(load, ("root", "configure"))
    record = explain(cx, stack, text)
    assert "".join(part for _, part in record.fragments()).endswith("\n")
    assert record.data()["line"] == text
    assert stack.names == ["root", "configure"]


def test_of_a_command_its_usage_is_marked(cx: Context) -> None:
    data, text = asked(cx, "resource move web ")
    usage, marks, *_ = text.splitlines()
    assert data["usage"] == ["move <resource> [<node>] [<lifetime>] [force] [--wait] [--dry-run]"]
    assert usage == f"  {data['usage'][0]}"
    marked = "".join(char if mark == "^" else " " for char, mark in zip(usage, marks, strict=False))
    assert marked.split() == ["<node>", "<lifetime>", "force", "--wait", "--dry-run"]
    assert data["places"][0] == "a node (<node>)"
    assert data["places"][-1] == "the end of the line"
    assert [one["text"] for one in data["candidates"]][:2] == ["alpha", "beta"]


def test_usage_lines_that_do_not_fit_are_not_marked(cx: Context) -> None:
    _, text = asked(cx, "modgroup web remove ", "configure")
    lines = text.splitlines()
    assert [line.strip() for line in lines if line.strip().startswith("^")] == ["^" * len("<member>")]
    assert lines.index("  modgroup <group> remove <member>") + 1 == next(at for at, x in enumerate(lines) if "^" in x)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", ["a command", "a level"]),
        ("configure ", ["a command", "a statement", "a level"]),
        ("resource ", ["a command"]),
        ("quit ", ["the end of the line"]),
        ("configure order o a b symmetrical=", ["a value of symmetrical"]),
        ("configure location l web inf: ", ["a node"]),
        ("configure tag t ", ["an object"]),
        ("configure tag t web ", ["an object", "the end of the line"]),
        ("configure show -o", ["the end of the line"]),
    ],
)
def test_places_are_said_in_words(cx: Context, text: str, places: list[str]) -> None:
    found = asked(cx, text)[0]["places"]
    assert found[-len(places) :] == places if "show" in text else found == places


def test_a_statement_may_end_where_it_is_whole(cx: Context) -> None:
    assert "the end of the line" not in asked(cx, "configure primitive x ")[0]["places"]
    assert "the end of the line" in asked(cx, "configure primitive x Dummy ")[0]["places"]
    assert "`meta`" in asked(cx, "configure primitive x Dummy ")[0]["places"]


def test_a_wrong_word_is_shown_with_what_was_expected(cx: Context) -> None:
    data, text = asked(cx, "configure shwo web ")
    assert (data["fault"]["start"], data["fault"]["stop"]) == (10, 14)
    line, marks, said = text.splitlines()
    assert line == "  configure shwo web "
    assert marks == "            ^~~~"
    assert "did you mean show" in said


def test_many_candidates_are_cut(cx: Context) -> None:
    data, text = asked(cx, "configure property ")
    assert len(data["candidates"]) == MOST
    assert data["more"] > 0
    assert f"and {data['more']} more" in text
