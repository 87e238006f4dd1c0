"""Completion as it is written down: a line, the cursor, the candidates in their order; for every place there is."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pytest
from completion_desk import TRANSCRIPTS, Exchange, Host, exchanges, levels, renewed, stack_of

from crmsh_py.command.candidates.keywords import BUNDLE_SETTINGS, KEYWORDS, LITERALS, MEANT_IN
from crmsh_py.command.pattern import Argument, Option
from crmsh_py.command.sensible import CHOICES
from crmsh_py.command.slots import SLOTS
from crmsh_py.errors import BadSyntax, UsageError
from crmsh_py.language.keywords import inner_keywords, statement_keywords
from crmsh_py.language.parser import expected
from crmsh_py.levels import load
from crmsh_py.shell.completer import complete, cut
from crmsh_py.shell.everywhere import level as everywhere

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crmsh_py.command.context import Context

FILES = sorted(TRANSCRIPTS.glob("*.txt"))
WRITTEN = [one for file in FILES for one in exchanges(file)]
# kinds of words that stand behind another one only
INSIDE = {"role=": "role", "xpath:": "xpath"}


@pytest.fixture
def cx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    host = Host(tmp_path)
    host.settle(monkeypatch.setenv, monkeypatch.setattr)
    monkeypatch.chdir(tmp_path)
    return host.context()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_transcript(cx: Context, file: Path) -> None:
    before = file.read_text(encoding="utf-8").splitlines()
    found = list(difflib.unified_diff(before, renewed(cx, file).splitlines(), "written", "offered", lineterm="", n=3))
    assert not found, "\n".join(found)


def begins(level: str, name: str) -> bool:
    return any(one.level == level and one.text.startswith(f"{name} ") for one in WRITTEN)


def test_there_is_a_line_for_each_command() -> None:
    missing = [(level, name) for level in levels() for name in load(level).commands if not begins(level, name)]
    missing += [("root", name) for name in everywhere.commands if not begins("root", name)]
    assert missing == []


def test_there_is_a_line_for_each_statement() -> None:
    assert [keyword for keyword in sorted(statement_keywords()) if not begins("configure", keyword)] == []


def wanted(exchange: Exchange) -> Iterator[str]:
    """The kinds of words that may stand at the cursor."""
    words = cut(exchange.text)[0]
    stack = stack_of(exchange.level)
    for at, word in enumerate(words):
        command = stack.level.commands.get(word.value) or everywhere.commands.get(word.value)
        if command is None and word.value in stack.level.sublevels:
            stack.enter(word.value)
        elif command is None:
            yield from (name[: -len("_SLOT")].lower() for name in expected(words) if name.endswith("_SLOT"))
            return
        else:
            found = command.usage.expected([one.value for one in words[at + 1 :]])
            arguments = (item.value if isinstance(item, Option) else item for item in found)
            yield from (item.kind for item in arguments if isinstance(item, Argument))
            return


def test_there_is_a_line_for_each_kind_of_word() -> None:
    seen = {kind for one in WRITTEN for prefix, kind in INSIDE.items() if one.text.endswith(f" {prefix}")}
    for one in WRITTEN:
        try:
            seen.update(wanted(one))
        except (BadSyntax, UsageError):
            continue
    assert sorted(SLOTS.keys() - seen - {"duration", "words"}) == []


# ---- tables beside the declarations: nothing is missing, nothing is left over


def test_every_word_of_the_grammar_is_explained_and_no_other() -> None:
    assert sorted(inner_keywords() - statement_keywords() - KEYWORDS.keys()) == []
    assert sorted(KEYWORDS.keys() - inner_keywords()) == []
    assert {word for words in MEANT_IN.values() for word in words} <= KEYWORDS.keys()
    assert MEANT_IN.keys() <= inner_keywords() | statement_keywords()
    assert BUNDLE_SETTINGS.keys() <= inner_keywords()


def test_what_is_said_of_words_of_commands_is_of_one_that_there_is() -> None:
    patterns = [
        pattern for level in levels() for one in load(level).commands.values() for pattern in one.usage.patterns
    ]
    literals = {item.text for pattern in patterns for item in pattern.literals}
    options = {f"--{item.text}" for pattern in patterns for item in pattern.options}
    assert sorted(LITERALS.keys() - literals - options) == []


def test_every_choice_is_for_an_argument_that_there_is() -> None:
    there = {
        f"{level} {command.name} {item.name}"
        for level in levels()
        for command in load(level).commands.values()
        for pattern in command.usage.patterns
        for item in pattern.arguments()
    }
    assert sorted(CHOICES.keys() - there) == []


def test_where_only_a_new_name_can_stand_nothing_is_offered(cx: Context) -> None:
    for line in ("primitive ", "location ", "tag ", "alert ", "role "):
        assert complete(cx, stack_of("configure"), line).candidates == []
