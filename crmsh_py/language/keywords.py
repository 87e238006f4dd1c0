"""The words that the grammar gives a meaning, read from the grammar itself.

Printing and reading a command line need them, but not the parser: a scan of the chapters costs a millisecond.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

GRAMMAR = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "grammar")
CHAPTERS = ("statements", "resources", "constraints", "cluster", "access", "rules", "words")

_COMMENT = re.compile(r"^//.*$", re.MULTILINE)
_LITERAL = re.compile(r'"([^"]+)"')


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
    text = _COMMENT.sub("", grammar_text())
    start = text[text.index("?start:") : text.index("\n\n", text.index("?start:"))]
    rules = re.findall(r"\w+", start.partition(":")[2])
    heads = (re.search(rf'^{rule}:\s*\(?((?:"\w+"[ |]*)+)', text, re.MULTILINE) for rule in rules)
    return frozenset(word for head in heads if head for word in _LITERAL.findall(head.group(1)))


@lru_cache(maxsize=1)
def inner_keywords() -> frozenset[str]:
    """Words that mean something inside a statement, and so are quoted where they are names or values."""
    text = _COMMENT.sub("", grammar_text())
    for keyword in statement_keywords():
        text = re.sub(rf'^\w+:\s*\(?(?:"\w+" \| )*"{keyword}"', "", text, count=1, flags=re.MULTILINE)
    return frozenset(_LITERAL.findall(text))
