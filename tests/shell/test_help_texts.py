"""The texts of help: each statement has one, their examples are run, and their syntax lines say all of the grammar."""

from __future__ import annotations

import re
import shlex
from itertools import groupby
from pathlib import Path

import pytest
from program import ROOT, in_process

from crmsh_py.language.keywords import grammar_text
from crmsh_py.shell.help.blocks import CODE, END, ITEM, PARAGRAPH, ROW, Block, blocks, folded_usage, fragments
from crmsh_py.shell.help.derived import DERIVED
from crmsh_py.shell.help.syntax import PARTS, examples_of, rule_of, statement_rules, syntax_of
from crmsh_py.shell.help.texts import FOLDER, statement_text, topic_names, topic_text, topics

FILES = sorted(Path(FOLDER).rglob("*.txt"))
# in the source; on the screen they are folded anew
WIDEST = 88


def test_every_statement_has_a_text_and_no_other() -> None:
    assert sorted(path.stem for path in FILES if path.parent.name == "statements") == sorted(statement_rules())
    assert {path.stem for path in FILES if path.parent.name == "topics"} == set(topic_names())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_text_is_in_its_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    summary, empty, *_ = text.splitlines()
    assert re.fullmatch(r"[A-Z].*\.", summary)
    assert not empty or (path.parent.name == "topics" and re.fullmatch(r"Also called [a-zA-Z.,_ -]+\.", empty))
    assert text.isascii()
    assert [line for line in text.splitlines() if len(line) > WIDEST or line != line.rstrip()] == []
    assert text.count("`") % 2 == 0
    for name in re.findall(r"^\{(\w+)(?: \w+)?\}$", text, re.MULTILINE):
        assert name in DERIVED


def test_every_derived_text_is_used() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in FILES)
    assert {name for name in DERIVED if f"{{{name}" not in texts} == set()


def test_topics_that_are_referred_to_are_there() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in FILES)
    known = {"topics", *topics(), "WORD", "AGENT", "property", "configure"}
    assert set(re.findall(r"`help ([a-zA-Z-]+)", texts)) <= known
    assert set(PARTS.values()) <= set(topics())


def test_a_name_is_of_one_topic() -> None:
    named = [other for name in topic_names() for other in (name, *topic_text(name).others)]
    assert len(named) == len(set(named))


# ---- examples


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the web service in web.xml, and nothing of the user's own."""
    (tmp_path / "web.xml").write_bytes((ROOT / "examples" / "empty.xml").read_bytes())
    for name in ("CIB_shadow_dir", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("CIB_file", "web.xml")
    load = f"load replace {ROOT / 'examples' / 'web-service.crm'}"
    assert in_process("configure", load, folder=tmp_path).code == 0
    return tmp_path


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("rule", statement_rules())
def test_the_examples_of_a_statement_are_loaded(rule: str, folder: Path) -> None:
    lines = statement_text(rule).examples
    # the old schemas have `user` alone
    assert bool(lines) == (rule != "user")
    run_script("configure", lines, folder)
    assert any(line.startswith((rule, f"clone {rule}")) for line in [*lines, *examples_of(rule)])


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("name", topic_names())
def test_the_examples_of_a_topic_are_run(name: str, folder: Path) -> None:
    for is_command_line, lines in groupby(topic_text(name).examples, lambda line: line.startswith("crm ")):
        if is_command_line:
            for line in lines:
                ran = in_process(*shlex.split(line)[1:], folder=folder)
                assert ran.code == 0, (line, ran)
        else:
            run_script("", list(lines), folder)


def run_script(level: str, lines: list[str], folder: Path) -> None:
    script = folder / "script.crm"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = in_process("-f", str(script), *([level] if level else []), folder=folder)
    assert ran.code == 0, ran
    assert "ERROR" not in ran.err


@pytest.mark.needs_pacemaker
def test_the_recipes_are_loaded(folder: Path) -> None:
    recipes = [part.text.splitlines() for part in blocks(topic_text("recipes").body) if part.sort == CODE]
    assert len(recipes) == 6
    *statements, commands = recipes
    run_script("configure", [line for recipe in statements for line in recipe], folder)
    run_script("", commands, folder)


# ---- the syntax lines


def literals(rule: str, seen: set[str] | None = None) -> set[str]:
    """The words that a rule writes, with those of the rules in it."""
    seen = set() if seen is None else seen
    seen.add(rule)
    body = re.search(rf"^\??{rule}:(.*(?:\n +.*)*)", grammar_text(), re.MULTILINE)
    assert body, rule
    found = set(re.findall(r'"([^"]+)"', body[1]))
    for name in re.findall(r"\b_?[a-z][a-z_]+\b", re.sub(r'"[^"]*"', "", body[1])):
        if name not in seen:
            found |= literals(name, seen)
    return found


@pytest.mark.parametrize("rule", [*statement_rules(), *PARTS])
def test_the_syntax_says_every_word_of_the_grammar(rule: str) -> None:
    shown: list[str] = []
    waiting, seen = [rule], set()
    while waiting:
        syntax = syntax_of(waiting.pop())
        shown += [*syntax.lines, *(line for lines in syntax.parts.values() for line in lines)]
        more = {part for part, topic in PARTS.items() if topic in syntax.topics.values()} - seen
        seen |= more
        waiting += more
    text = " ".join(shown)
    # `id=` may stand before an id, and is shown as the id
    missing = {word for word in literals(rule) - {"id="} if word not in text}
    assert missing == set()
    names = set(re.findall(r"(?<![\w$<=#-])[A-Z][A-Z-]+(?![\w>])", text))
    explained = {name for part in [rule, *seen] for name in _explained(part)}
    assert names <= explained


def _explained(rule: str) -> set[str]:
    syntax = syntax_of(rule)
    return {*syntax.parts, *syntax.topics}


def test_keywords_lead_to_their_rules() -> None:
    assert [rule_of(word) for word in ("clone", "ms", "master", "primitive", "nosuch", "meta")] == [
        *["clone"] * 3,
        "primitive",
        "",
        "",
    ]


# ---- the layout


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a\nb\n\nc", [Block(PARAGRAPH, "a b"), Block(END, ""), Block(PARAGRAPH, "c")]),
        ("- a\n  b\n- c", [Block(ITEM, "a b"), Block(ITEM, "c")]),
        ("  a b  c d\n       e\n  f  g", [Block(ROW, "c d e", "a b"), Block(ROW, "g", "f")]),
        ("a:\n\n    b\n      c\n    d", [Block(PARAGRAPH, "a:"), Block(END, ""), Block(CODE, "b\n  c\nd")]),
        ("{x y}", [Block(PARAGRAPH, "{x y}")]),
        ("", []),
    ],
)
def test_parts_of_texts(text: str, parts: list[Block]) -> None:
    assert blocks(text) == parts


def test_derived_parts_stand_where_they_are_named() -> None:
    found = blocks("a\n{x y}\nb", lambda name, word: [Block(CODE, f"{name} {word}")])
    assert found == [Block(PARAGRAPH, "a"), Block(CODE, "x y"), Block(PARAGRAPH, "b")]


def test_tables_have_their_words_side_by_side() -> None:
    text = "".join(part for _, part in fragments([Block(ROW, "one two", "a"), Block(ROW, "x " * 60, "b" * 30)]))
    first, name, *others = text.splitlines()
    assert first == f"  a{' ' * 27}one two"
    assert name == f"  {'b' * 30}"
    assert all(line.startswith(" " * 30 + "x") and len(line) <= 80 for line in others)


def test_usage_lines_are_cut_between_brackets() -> None:
    usage = "name " + " ".join(f"[--option-{number} <x>]" for number in range(9))
    lines = folded_usage(usage).splitlines()
    assert len(lines) > 1
    assert all(line.count("[") == line.count("]") for line in lines)
    assert " ".join(line.strip() for line in lines) == usage
