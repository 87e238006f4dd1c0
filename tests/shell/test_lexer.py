"""The lexer of pygments: no character is lost, and the tokens say what the words are."""

from __future__ import annotations

from configparser import ConfigParser
from importlib import import_module

import pytest
from awkward import texts
from hypothesis import given
from hypothesis import strategies as some
from program import ROOT
from pygments import highlight
from pygments.formatters import NullFormatter
from pygments.lexers import load_lexer_from_file
from pygments.token import STANDARD_TYPES, Comment, Error, Keyword, Name, Number, String, Text, Whitespace

from crmsh_py.language.highlight import STYLE_OF
from crmsh_py.shell.lexer import TOKENS, CrmLexer

EXAMPLES = sorted((ROOT / "examples").rglob("*.crm"))
LINES = [line for path in EXAMPLES for line in path.read_text(encoding="utf-8").splitlines(keepends=True)]


def tokens(text: str) -> list[tuple[object, str]]:
    """The tokens of a text, without the blanks between them."""
    return [(kind, part) for _, kind, part in CrmLexer().get_tokens_unprocessed(text) if kind is not Whitespace]


@given(some.lists(some.text() | texts | some.sampled_from(LINES), max_size=6).map("".join))
def test_the_tokens_are_the_text(text: str) -> None:
    found = list(CrmLexer().get_tokens_unprocessed(text))
    assert "".join(part for _, _, part in found) == text
    assert [at for at, _, _ in found] == [len(text[:at]) for at, _, _ in found]
    assert all(text.startswith(part, at) for at, _, part in found)
    assert {kind for _, kind, _ in found} <= set(STANDARD_TYPES) - {Error}


@given(some.lists(texts | some.sampled_from(LINES), max_size=6).map("".join))
def test_nothing_is_added_or_taken_away_on_request(text: str) -> None:
    lexer = CrmLexer(ensurenl=False, stripnl=False)
    # pygments reads the ends of lines of all systems
    plain = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    assert "".join(part for _, part in lexer.get_tokens(text)) == plain


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_shown_as_it_is(path: pytest.Item) -> None:
    text = path.read_text(encoding="utf-8")
    assert highlight(text, CrmLexer(), NullFormatter()) == text


def test_it_is_loaded_as_pygments_loads_lexers() -> None:
    lexer = load_lexer_from_file(str(ROOT / "crmsh_py" / "shell" / "lexer.py"), "CrmLexer")
    assert [part for kind, part in lexer.get_tokens("node 1: alpha\n") if kind in Name] == ["1:", "alpha"]


def test_it_is_registered() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    (row,) = setup["options.entry_points"]["pygments.lexers"].strip().splitlines()
    name, module, attribute = row.replace(" ", "").replace("=", ":").split(":")
    assert getattr(import_module(module), attribute) is CrmLexer
    assert name in CrmLexer.aliases
    assert "*.crm" in CrmLexer.filenames


def test_every_style_has_a_token() -> None:
    assert {*STYLE_OF.values(), "keyword", "comment"} <= set(TOKENS)
    assert len(set(TOKENS.values())) == len(TOKENS)


def test_statements() -> None:
    text = '# who\nprimitive web ocf:heartbeat:apache \\\n\tparams port="8 0"\nlocation l web role=Started inf: n\n'
    assert tokens(text) == [
        (Comment.Single, "# who"),
        (Keyword, "primitive"),
        (Name.Class, "web"),
        (Name.Builtin, "ocf:heartbeat:apache"),
        (Text, " \\\n\t"),
        (Keyword, "params"),
        (Name.Attribute, "port="),
        (String, '"8 0"'),
        (Keyword, "location"),
        (Name.Class, "l"),
        (Name.Variable, "web"),
        (Name.Attribute, "role="),
        (Name.Constant, "Started"),
        (Number, "inf:"),
        (Name.Variable, "n"),
    ]


def test_a_script() -> None:
    text = "configure\nshow xml web\nup\nresource start web\nrsc_ticket t geo: web\nnosuch\n"
    assert tokens(text) == [
        (Keyword, "configure"),
        (Keyword, "show"),
        (Keyword, "xml"),
        (Name.Variable, "web"),
        (Keyword, "up"),
        (Keyword, "resource"),
        (Keyword, "start"),
        (Name.Variable, "web"),
        (Keyword, "rsc_ticket"),
        (Name.Class, "t"),
        (Name.Label, "geo:"),
        (Name.Variable, "web"),
        (Text, "nosuch\n"),
    ]


def test_exact_text_begins_with_what_says_so() -> None:
    text = "#crm exact 1 schema=pacemaker-3.9\n# a comment\nnode $id=1 alpha\n"
    assert tokens(text)[:3] == [
        (Comment.Preproc, "#crm exact 1 schema=pacemaker-3.9"),
        (Comment.Single, "# a comment"),
        (Keyword, "node"),
    ]


def test_a_guess() -> None:
    ours = [CrmLexer.analyse_text(path.read_text(encoding="utf-8")) for path in EXAMPLES]
    assert min(ours) > 0.8
    assert CrmLexer.analyse_text("#crm exact 1\nnode a\n") == 1.0
    others = [ROOT / name for name in ("README.md", "setup.cfg", "crmsh_py/main.py", "Makefile", "examples/demo")]
    assert max(CrmLexer.analyse_text(path.read_text(encoding="utf-8")) for path in others) < 0.3
    assert CrmLexer.analyse_text("") == 0.0
