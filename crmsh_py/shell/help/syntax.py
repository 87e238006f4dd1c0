"""How statements are written, in usage notation: read from the rules of the grammar, which have no other description.

A rule whose words are few stands in the place of its name. The others are parts, which have a line of their own and are
called by the name of the rule in capitals; those of PARTS are explained by a topic.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# parts of several statements -> the topic that explains them
PARTS = {
    "rule": "rules",
    "_set_body": "attributes",
    "_set_item": "attributes",
    "implied_params": "attributes",
    "_set_part": "resource-sets",
    "op": "operations",
}
MOST_IN_PLACE = 64
_RULE = re.compile(r"^\??([a-z_]+):(.*(?:\n +.*)*)", re.MULTILINE)
_TOKEN = re.compile(r'"[^"]*"|[A-Za-z_]+|[()|?*+]')
# between this and what follows there is no blank
_GLUE = "\0"
# what the splitter of words makes of a word: grammar/words.lark
_TERMINALS = {
    "WORD": "<word>",
    "LABEL": "<word>:",
    "ATTR": "<name>=" + _GLUE,
    "VALUE": "<value>",
    "NVID": "$<id>:" + _GLUE,
    "NVSELF": "$<id>=" + _GLUE,
    "REF": "@<id>",
    "NREF": "@<id>:" + _GLUE,
    "SOURCE": "<source>" + _GLUE,
}
_SLOT = "_SLOT"


class Syntax(NamedTuple):
    """How something is written.

    lines: in usage notation, each an alternative. parts: what its names in capitals stand for, each with its
    alternatives. topics: those that are explained elsewhere, each with the topic. slots: the kinds of words, as SLOTS
    has them.
    """

    lines: list[str]
    parts: dict[str, list[str]]
    topics: dict[str, str]
    slots: list[str]


class _Writing:
    """What came up while a rule was written down."""

    def __init__(self) -> None:
        self.rules: list[str] = []
        self.slots: list[str] = []

    def branches(self, rule: str) -> list[str]:
        """The alternatives of a rule."""
        return [self.sequence(tokens) for tokens in _branches(_TOKEN.findall(_rules()[rule]))]

    def sequence(self, tokens: list[str]) -> str:
        """What stands one behind the other."""
        found: list[str] = []
        at = 0
        while at < len(tokens):
            end = _end(tokens, at)
            sign = tokens[end] if end < len(tokens) and tokens[end] in "?*+" else ""
            found.append(self.item(tokens[at:end], sign))
            at = end + len(sign)
        return " ".join(found).replace(_GLUE + " ", "")

    def item(self, tokens: list[str], sign: str) -> str:
        """A word or a group, with what it says of how often it stands."""
        if tokens[0] == "(":
            texts = [self.sequence(branch) for branch in _branches(tokens[1:-1])]
        elif self.is_in_place(tokens[0]):
            texts = self.branches(tokens[0])
        else:
            texts = [self.word(tokens[0])]
        text = _either(texts)
        if sign in ("?", "*"):
            return f"[{text}]" + "..." * (sign == "*")
        is_one = len(texts) == 1 and (not sign or " " not in text)
        return (text if is_one else _grouped(text)) + "..." * (sign == "+")

    def word(self, token: str) -> str:
        """A word that is written as it is, a slot, or the name of a part."""
        if token.startswith('"'):
            text = token[1:-1]
            return f"'{text}'" if text in "()[]{}" else text + _GLUE * text.endswith(("=", ":"))
        if token.isupper():
            return _TERMINALS[token]
        slot = _slot(token)
        if slot:
            self.slots.append(slot)
            return _of_slot(token, slot.replace("_", "-"))
        self.rules.append(token)
        return part_name(token)

    def is_in_place(self, token: str) -> bool:
        """Whether a rule stands in the place of its name."""
        if token not in _rules() or token in PARTS or _slot(token) or token in _recursive():
            return False
        return len(_either(_Writing().branches(token))) <= MOST_IN_PLACE


def syntax_of(rule: str) -> Syntax:
    """How a rule is written, with the parts that it has."""
    writing = _Writing()
    lines = _plain(writing.branches(rule))
    parts: dict[str, list[str]] = {}
    topics: dict[str, str] = {}
    # what is found while a part is written stands behind it
    for part in writing.rules:
        if part in PARTS and PARTS[part] != PARTS.get(rule):
            topics[part_name(part)] = PARTS[part]
        elif part != rule and part_name(part) not in parts:
            parts[part_name(part)] = _plain(writing.branches(part))
    return Syntax(lines, parts, topics, list(dict.fromkeys(writing.slots)))


def statement_rules() -> list[str]:
    """The rules of statements, as the grammar lists them."""
    return _rules()["start"].replace("|", " ").split()


def rule_of(keyword: str) -> str:
    """The rule of the statement that begins with a keyword; "" where there is none."""
    return next((rule for rule in statement_rules() if keyword in _heads(rule)), "")


def examples_of(rule: str) -> list[str]:
    """What stands above a rule in the grammar, as comments."""
    from crmsh_py.language.keywords import grammar_text

    found = re.search(rf"((?:^// .*\n)+)^{rule}:", grammar_text(), re.MULTILINE)
    return [line[3:] for line in found[1].splitlines()] if found else []


def part_name(rule: str) -> str:
    """What a part is called in usage lines."""
    return rule.strip("_").upper().replace("_", "-")


@lru_cache(maxsize=1)
def _rules() -> dict[str, str]:
    from crmsh_py.language.keywords import grammar_text

    return {name: " ".join(body.split()) for name, body in _RULE.findall(grammar_text())}


@lru_cache(maxsize=1)
def _recursive() -> frozenset[str]:
    """The rules that are in themselves."""
    used = {name: {token for token in _TOKEN.findall(body) if token in _rules()} for name, body in _rules().items()}
    for within in _rules():
        used = {name: inner | used[within] if within in inner else inner for name, inner in used.items()}
    return frozenset(name for name, inner in used.items() if name in inner)


def _heads(rule: str) -> list[str]:
    """The words that a rule begins with."""
    tokens = _TOKEN.findall(_rules()[rule])
    first = tokens[: _end(tokens, 0)]
    return [token.strip('"') for token in first if token.startswith('"')]


def _slot(rule: str) -> str:
    """The kind of word that a rule is a place for; "" for one that is none."""
    tokens = _TOKEN.findall(_rules().get(rule, ""))
    return next((token[: -len(_SLOT)].lower() for token in tokens if token.endswith(_SLOT)), "")


def _of_slot(rule: str, kind: str) -> str:
    """A place for a word, as the first terminal of its rule says: `<id>`, `<score>:`, `<name>=`, `@<template>`."""
    terminal = _TERMINALS[_TOKEN.findall(_rules()[rule])[0]]
    return re.sub("<.*>", f"<{kind}>", terminal)


def _branches(tokens: list[str]) -> Iterator[list[str]]:
    """The alternatives of what stands between two brackets."""
    branch: list[str] = []
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        if tokens[at] == "|":
            yield branch
            branch = []
        else:
            branch += tokens[at:end]
        at = end
    yield branch


def _end(tokens: list[str], at: int) -> int:
    """The index behind a word, or behind the bracket that closes a group."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += (tokens[index] == "(") - (tokens[index] == ")")
        if not depth:
            return index + 1
    return len(tokens)


def _either(texts: list[str]) -> str:
    glue = _GLUE if all(text.endswith(_GLUE) for text in texts) else ""
    return " | ".join(text.rstrip(_GLUE) for text in texts) + glue


def _grouped(text: str) -> str:
    return f"({text.rstrip(_GLUE)}){_GLUE if text.endswith(_GLUE) else ''}"


def _plain(lines: Iterable[str]) -> list[str]:
    return [line.replace(_GLUE, "") for line in lines]
