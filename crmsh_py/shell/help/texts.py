"""What no declaration says of statements and topics: the files of texts/, each in the form of a docstring.

The first line is the summary. `{name}` on a line of its own stands for what a declaration says (`derived.py`).
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from textwrap import dedent
from typing import NamedTuple

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "texts")
STATEMENTS, TOPICS = "statements", "topics"
# the second line of a topic that has other names
_OTHERS = "Also called "
# a line, and those that it is continued over
_EXAMPLE = re.compile(r"^\S.*(?:(?<=\\)\n.*)*", re.MULTILINE)


class Text(NamedTuple):
    """A text: its summary, what else there is to say, lines that can be typed, and other names of a topic."""

    summary: str
    body: str
    examples: list[str]
    others: tuple[str, ...] = ()


def statement_text(rule: str) -> Text:
    """The text on a statement, by its rule. Raises OSError where the package is damaged."""
    return _read(STATEMENTS, rule)


def topic_text(name: str) -> Text:
    """The text on a topic. Raises OSError where there is none."""
    return _read(TOPICS, name)


def summary_of_statement(keyword: str) -> str:
    """What a statement is for, in one line; "" for one of another language."""
    from crmsh_py.shell.help.syntax import rule_of

    rule = rule_of(keyword)
    return statement_text(rule).summary if rule else ""


@lru_cache(maxsize=1)
def topic_names() -> tuple[str, ...]:
    """The topics."""
    return tuple(sorted(name.removesuffix(".txt") for name in os.listdir(os.path.join(FOLDER, TOPICS))))


@lru_cache(maxsize=1)
def topics() -> dict[str, str]:
    """The topics by all their names."""
    named = {other: name for name in topic_names() for other in topic_text(name).others}
    return named | {name: name for name in topic_names()}


@lru_cache
def _read(folder: str, name: str) -> Text:
    with open(os.path.join(FOLDER, folder, f"{name}.txt"), encoding="utf-8") as file:
        summary, _, rest = file.read().partition("\n")
    body, _, examples = rest.strip("\n").partition("Examples:\n")
    others: tuple[str, ...] = ()
    if body.startswith(_OTHERS):
        first, _, body = body.partition("\n")
        others = tuple(first.removeprefix(_OTHERS).rstrip(".").split(", "))
    return Text(summary, body.strip("\n"), _EXAMPLE.findall(dedent(examples)), others)
