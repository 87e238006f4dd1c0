"""Ids: what XML allows, and how other texts become one."""

from __future__ import annotations

import re

# https://www.w3.org/TR/xml-names/#NT-NCName
_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MORE = "0-9.\xb7\u0300-\u036f\u203f-\u2040-"


def is_id(text: str) -> bool:
    """Whether a text can be an id of an object (xs:ID)."""
    return clean(text) == text


def clean(text: str) -> str:
    """A text as an id: what an id cannot have becomes a dot, and it never starts with a digit."""
    if text.isascii() and text.replace("-", "").replace(".", "").isidentifier() and text[0] not in "-.":
        return text
    cleaned = re.sub(f"[^{_START}{_MORE}]", ".", text)
    return cleaned if re.match(f"[{_START}]", cleaned) else f"_{cleaned}"


def shortened(word: str) -> str:
    """A word for a message: a long one is cut."""
    return word if len(word) <= 60 else f"{word[:57]}..."
