"""Values that are never shown: those of attributes whose names look like passwords."""

from __future__ import annotations

import re

MASK = "******"
# the existing shell's default pattern, passw*
_NAME = "passw"
_ASSIGNED = rf"""(?P<name>{_NAME}[^\s=]*=)(?P<value>"(?:[^"\\]|\\.)*"?|\$?'(?:[^'\\]|\\.)*'?|\S+)"""
_IN_XML = rf"""(?P<pair>name="{_NAME}[^"]*"\s+value=")(?P<text>[^"]*)"""


def is_secret(name: str | None) -> bool:
    """Whether the value of an attribute of this name is masked."""
    return name is not None and name.lower().startswith(_NAME)


def masked_line(text: str) -> str:
    """A line of text or XML with stars in the place of secrets, as many as their characters, so that columns stay."""
    if _NAME not in text.lower():
        return text
    text = re.sub(_ASSIGNED, lambda found: found["name"] + "*" * len(found["value"]), text, flags=re.IGNORECASE)
    return re.sub(_IN_XML, lambda found: found["pair"] + "*" * len(found["text"]), text, flags=re.IGNORECASE)
