"""Values that are never shown: those of attributes whose names look like passwords."""

from __future__ import annotations

import re
from functools import lru_cache

MASK = "******"
USUAL = "*passw*"
_VALUE = r"""(?P<value>"(?:[^"\\]|\\.)*"?|\$?'(?:[^'\\]|\\.)*'?|\S+)"""
_WORD = r"""(?:"[^"]*"|'[^']*'|[^\s=]+)"""
_TAG = r"""<(?:"[^"]*"?|'[^']*'?|[^'">])*"""
_XML_VALUE = r"""(?s)(?P<before>\bvalue\s*=\s*(?P<quote>["']))(?P<value>.*?)(?=(?P=quote)|$)"""

# who asks for a URL, and what for
_URL = r"(?P<before>://[^\s/:@]{0,100}:)(?P<secret>[^\s/@]+)@"
_QUERY = r"(?P<before>://[^\s?]{0,2000}\?)(?P<secret>\S+)"

# one for the process: errors are masked where no context is at hand
_patterns = [USUAL]


def hide(pattern: str) -> None:
    """Mask the values of attributes with these names from now on: globs between blanks or `|`, such as passw*|pin."""
    _patterns[:] = pattern.replace("|", " ").split() or [USUAL]


def is_secret(name: str | None) -> bool:
    """Whether the value of an attribute of this name is masked."""
    return name is not None and bool(_names(*_patterns).fullmatch(name))


def masked(name: str | None, value: str) -> str:
    """The value of an attribute of this name as it is shown."""
    return MASK if is_secret(name) else value


def masked_line(text: str) -> str:
    """A line of text or XML with stars in the place of secrets, as many as their characters, so that columns stay."""
    assigned, in_xml, rest = _in_lines(*_patterns)
    text = re.sub(_URL, lambda found: found["before"] + _stars(found["secret"]) + "@", text)
    text = re.sub(_QUERY, lambda found: found["before"] + _stars(found["secret"]), text)
    text = assigned.sub(lambda found: found["name"] + _stars(found["value"]), text)
    text = rest.sub(lambda found: found["name"] + _stars(found["value"]), text)
    return re.sub(_TAG, lambda tag: _masked_tag(tag[0]) if in_xml.search(tag[0]) else tag[0], text)


def _masked_tag(tag: str) -> str:
    return re.sub(_XML_VALUE, lambda found: found["before"] + _stars(found["value"]), tag)


def _stars(secret: str) -> str:
    return "*" * len(secret)


@lru_cache(maxsize=4)
def _names(*patterns: str) -> re.Pattern[str]:
    return re.compile(_regular(patterns, "."), re.IGNORECASE | re.DOTALL)


@lru_cache(maxsize=4)
def _in_lines(*patterns: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What stands before a secret: `name=`, or a path to it, as `set` has it; the name of an element in XML; and what
    makes all the rest of a line a secret, as in `param web set passwd ...` and `secret web set pin ...`."""
    name = _regular(patterns, r"[^\s=\"']", r"(?<![^\s=\"'])")
    last = _regular(patterns, r"[^\s=\"'.]", r"(?<=\.)")
    assigned = rf"""(?P<name>{name}=|\S\.{last}["']?\s+){_VALUE}"""
    in_xml = rf"""\bname\s*=\s*["']{name}["']"""
    plain = _regular(patterns, r"[^\s=\"'.]", r"(?<=[\s\"'])")
    # two words may stand in the wrong order, which is an error that shows the line
    given = rf"""\bset\s+(?:{_WORD}\s+)??["']?{plain}["']?\s+"""
    secret = rf"""\bsec\w*\s+(?:{_WORD}\s+set|set\s+{_WORD})\s+{_WORD}(?:\s+|=)"""
    rest = rf"""(?P<name>{given}|{secret})(?P<value>.+)"""
    return re.compile(assigned, re.IGNORECASE), re.compile(in_xml, re.IGNORECASE), re.compile(rest, re.IGNORECASE)


def _regular(patterns: tuple[str, ...], any_: str, start: str = "") -> str:
    """Globs as a regular expression; any_: what `?` stands for. start: where a name with a `*` before it can begin."""
    many = any_ + "*" if not start else any_ + "{0,100}"  # a search in a long line stays linear
    each = (
        (start if glob.startswith("*") else "") + re.escape(glob).replace(r"\*", many).replace(r"\?", any_)
        for glob in patterns
    )
    return f"(?:{'|'.join(each)})"
