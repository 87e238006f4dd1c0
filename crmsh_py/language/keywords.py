"""The words that the grammar gives a meaning, read from the grammar itself.

Printing and reading a command line need them, but not the parser: one scan of the chapters is enough.
"""

from __future__ import annotations

import os
from functools import lru_cache

GRAMMAR = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "grammar")
CHAPTERS = ("statements", "resources", "constraints", "cluster", "access", "rules", "words")


@lru_cache(maxsize=1)
def grammar_text() -> str:
    """The chapters of the grammar as one text; raises OSError where the package is damaged."""
    texts = []
    for chapter in CHAPTERS:
        with open(os.path.join(GRAMMAR, f"{chapter}.lark"), encoding="utf-8") as file:
            texts.append(file.read())
    return "\n".join(texts)


@lru_cache(maxsize=1)
def statement_keywords() -> frozenset[str]:
    """The first words of statements."""
    rules = _rules()
    return frozenset(word for name in _statement_rules(rules) for word in _split_head(rules[name])[0])


@lru_cache(maxsize=1)
def inner_keywords() -> frozenset[str]:
    """Words that mean something inside a statement, and so are quoted where they are names or values."""
    rules = _rules()
    for name in _statement_rules(rules):
        rules[name] = _split_head(rules[name])[1]
    return frozenset(word for body in rules.values() for word in body.split('"')[1::2])


def _rules() -> dict[str, str]:
    """The rules of the grammar: name -> what stands behind the colon, on one line."""
    rules: dict[str, str] = {}
    name = ""
    for line in grammar_text().split("\n"):
        if line.startswith(" "):
            rules[name] += line
        elif line and not line.startswith(("//", "%")):
            name, _, body = line.partition(":")
            rules[name] = body
    return rules


def _statement_rules(rules: dict[str, str]) -> list[str]:
    return rules["?start"].replace("|", " ").split()


def _split_head(body: str) -> tuple[list[str], str]:
    """The literals that a rule begins with, one or several alternatives, and the rest of it."""
    heads: list[str] = []
    rest = body
    while True:
        between, found, after = rest.partition('"')
        if not found or between.strip(" (") != ("|" if heads else ""):
            return heads, rest
        word, _, rest = after.partition('"')
        heads.append(word)
