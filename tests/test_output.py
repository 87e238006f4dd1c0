"""What is written to the terminal: carets, escapes, colour, JSON."""

from __future__ import annotations

import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsh_py.output import WINDOW, Output, Record, problem_fragments, safe, underlined
from crmsh_py.problems import ERROR, WARNING, Place, Problem


def cells(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.category(char) in ("Mn", "Me") for char in text)


def shown(problem: Problem) -> list[str]:
    return "".join(text for _, text in problem_fragments(problem)).splitlines()


texts = st.text(alphabet="ab 漢é\t\x1b\u0301", max_size=80)


@given(texts, st.text(alphabet="xyz", min_size=1, max_size=12), texts)
def test_the_caret_stands_under_the_word(before: str, word: str, after: str) -> None:
    place = Place("f", 1, len(before) + 1, len(before) + len(word) + 1, before + word + after)
    line, indent, length = underlined(place)
    assert length == len(word)
    starts = [at for at in range(len(line)) if line.startswith(word, at)]
    assert indent in [cells(line[:at]) for at in starts]


@given(st.text(max_size=400), st.integers(1, 500), st.integers(1, 500))
def test_a_long_line_is_cut_to_a_window_around_the_word(text: str, column: int, length: int) -> None:
    line, indent, caret = underlined(Place("f", 1, column, column + length, text))
    assert line.isprintable()
    assert cells(line) <= WINDOW + len("......")
    assert indent + caret <= max(cells(line), indent + 1)


def test_a_problem_with_all_that_it_can_say() -> None:
    place = Place("web.crm", 12, 36, 40, "location l1 web resource-discovery=nver inf: node1")
    problem = Problem(ERROR, "syntax", "expected a score or `rule`", place, "did you mean never?")
    assert shown(problem) == [
        "web.crm:12:36: ERROR: expected a score or `rule`",
        "  location l1 web resource-discovery=nver inf: node1",
        "  " + " " * 35 + "^~~~",
        "  hint: did you mean never?",
    ]


def test_a_caret_at_the_end_of_the_line() -> None:
    assert shown(Problem(ERROR, "c", "t", Place("", 1, 6, 7, "group")))[1:] == ["  group", "       ^"]


@given(st.text())
def test_nothing_that_a_terminal_obeys_gets_through(text: str) -> None:
    for line in shown(Problem(WARNING, "c", text, Place(text, 1, 1, 2, text), text)):
        assert line.isprintable()
    assert safe(text).isprintable()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


RECORD = Record("test.words", lambda: ["vip"], lambda: [("keyword", "primitive"), ("", " vip\n")])


@pytest.mark.parametrize(
    ("stream", "display", "environ", "is_coloured"),
    [
        (Terminal, None, {}, True),
        (Terminal, None, {"NO_COLOR": "1"}, False),
        (Terminal, None, {"TERM": "dumb"}, False),
        (Terminal, "plain", {}, False),
        (Terminal, "color", {"NO_COLOR": "1"}, True),
        (io.StringIO, None, {}, False),
        (io.StringIO, "color", {}, False),
        (io.StringIO, "color-always", {"NO_COLOR": "1", "TERM": "dumb"}, True),
    ],
)
def test_colour(stream: type[io.StringIO], display: str | None, environ: dict[str, str], is_coloured: bool) -> None:
    out = stream()
    Output(out, None, environ, display).show(RECORD)
    assert ("\x1b[" in out.getvalue()) == is_coloured
    assert out.getvalue().replace("\x1b[36m", "").replace("\x1b[0m", "") == "primitive vip\n"


def test_data_is_exact_in_a_pipe_and_harmless_on_a_terminal() -> None:
    record = Record("t", lambda: None, lambda: [("", "a\x9bb\tc\n")])
    for stream, text in ((io.StringIO(), "a\x9bb\tc\n"), (Terminal(), "a\\x9bb\tc\n")):
        Output(stream, None, {"NO_COLOR": "1"}).show(record)
        assert stream.getvalue() == text


def test_json_has_an_envelope_and_problems_are_json_too() -> None:
    out, err = io.StringIO(), io.StringIO()
    output = Output(out, err, {}, format_="json")
    output.show(RECORD)
    output.tell(Problem(WARNING, "unknown-node", "no such node: n9", Place("f", 1, 2, 3, "text"), object_id="l1"))
    assert json.loads(out.getvalue()) == {"shape": "test.words", "version": 1, "data": ["vip"]}
    assert json.loads(err.getvalue())["data"] == {
        "severity": "warning",
        "code": "unknown-node",
        "text": "no such node: n9",
        "hint": None,
        "object_id": "l1",
        "place": {"source": "f", "line": 1, "column": 2, "end": 3},
    }


def test_closed_streams_take_everything(capfd: pytest.CaptureFixture[str]) -> None:
    output = Output(None, None, {})
    output.show(RECORD)
    output.tell(Problem(ERROR, "c", "t"))
    output.dump("t")
    assert capfd.readouterr() == ("", "")
