"""How a word is written so that it is read back as itself, by the place where it stands."""

from __future__ import annotations

import re

from crmsh_py.language.allowed import DATE_PARTS
from crmsh_py.language.keywords import inner_keywords
from crmsh_py.language.words import quote

_BARE_VALUE = re.compile(r"[A-Za-z0-9_.-]+")
# outside of name=value a word stands bare unless that would change it; non-ASCII is quoted to be safe from look-alikes
_BARE_WORD = re.compile(r"[A-Za-z0-9_.,/+*#%&^~|!?;<>-][A-Za-z0-9_.,/+*#%&^~|!?;<>\[\]()@:-]*")
_LOOKS_LIKE_SCORE = re.compile(r"[+-]?(\d+|inf|infinity)", re.IGNORECASE)
_SCORE_NAMES = {"INFINITY": "inf", "-INFINITY": "-inf"}
# behind a rule these would still belong to it
RULE_NAMES = DATE_PARTS | {"start", "end", "interval"}


def value(text: str) -> str:
    """What stands behind an equals sign."""
    return text if _BARE_VALUE.fullmatch(text) else quote(text)


def word(text: str) -> str:
    """A word at a place where nothing but a word can stand."""
    return text if _BARE_WORD.fullmatch(text) and not text.endswith(":") else quote(text)


def part(text: str) -> str:
    """A word, or a part of one, in which a colon would begin the next part."""
    return quote(text) if ":" in text else word(text)


def free_word(text: str) -> str:
    """A word at a place where keywords can stand too."""
    return quote(text) if text.lower() in inner_keywords() else part(text)


def name(text: str, *, after_rule: bool = False, must_quote: bool = False) -> str:
    """The name of a name=value: an equals sign in it is escaped."""
    if "=" in text:
        return "\\=".join(quote(piece) if piece else "" for piece in text.split("="))
    is_plain = _BARE_WORD.fullmatch(text) and ":" not in text and "@" not in text
    return text if is_plain and not must_quote and not (after_rule and text.lower() in RULE_NAMES) else quote(text)


def flag(text: str, *, must_quote: bool = False) -> str:
    """A name without a value."""
    return name(text, must_quote=must_quote) if "=" in text or must_quote else free_word(text)


def score(text: str) -> str:
    """A score as it is written: INFINITY is inf."""
    return _SCORE_NAMES.get(text, text)


def label(text: str) -> str:
    """A word before a colon that belongs to it."""
    return f"{text if _BARE_VALUE.fullmatch(text) else quote(text)}:"


def score_label(text: str) -> str:
    """`inf:`"""
    shown = score(text)
    return f"{shown}:" if _LOOKS_LIKE_SCORE.fullmatch(shown) else label(text)


def attribute_label(text: str) -> str:
    """`pingd:`, the score is an attribute's value; quoted where it looks like a score itself."""
    return f"{quote(text)}:" if _LOOKS_LIKE_SCORE.fullmatch(text) else label(text)
