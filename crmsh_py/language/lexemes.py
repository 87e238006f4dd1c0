"""A word of a line -> the terminals of the grammar that it is made of, by what the parser can take.

`web:Promoted`, `100:`, `name=value`, `$id=x` and `param{p}` are one word each to a reader and to the quoting rules;
which characters of it divide it depends on the place. So the parser is asked: `can(terminal)` says whether it may
come now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmsh_py.language.words import Word
    from crmsh_py.problems import Place

Can = Callable[[str], bool]

# existing scripts quote a whole assignment: params "ip=10.0.0.1"
_ONE_QUOTED_PIECE = re.compile(r"""^(?:"(?:[^"\\]|\\.)*"|'[^']*')$""")

# nothing in it can divide it
_UNDIVIDED = re.compile(r"[\w.+-]+\Z")

# never the id of an attribute, as in $x=value
IDS = ("$id=", "$id-ref=")
PUNCTUATION = frozenset("()[]{}")


class Lexeme:
    """A terminal with the word, or the part of a word, that it was read from."""

    __slots__ = ("type", "word")

    def __init__(self, type_: str, word: Word) -> None:
        self.type = type_
        self.word = word

    @property
    def value(self) -> str:
        """The unquoted text."""
        return self.word.value

    @property
    def place(self) -> Place:
        """Where it stands in its source."""
        return self.word.place

    @property
    def keyword(self) -> str:
        """The text of a keyword as the grammar writes it."""
        return self.word.value.lower()


def lexemes(word: Word, can: Can, keywords: Mapping[str, str]) -> Iterator[Lexeme]:
    """The terminals of a word; `keywords` maps what the grammar writes to the names of its terminals."""
    if word.mask is None and _UNDIVIDED.match(word.value):
        return iter((_whole(word, can, keywords),))
    return _divided(word, can, keywords)


def _divided(word: Word, can: Can, keywords: Mapping[str, str]) -> Iterator[Lexeme]:
    first = word.value[:1]
    if first in ("$", "@") and (word.mask is None or word.mask[0] != "q"):
        cut = list(_marked(word, can, keywords))
        yield from cut[:-1]
        if cut[-1].type != "rest":
            yield cut[-1]
            return
        word = cut[-1].word
    yield from _assignment(word, can, keywords) or _prefixed(word, can, keywords) or _plain(word, can, keywords)


def _marked(word: Word, can: Can, keywords: Mapping[str, str]) -> list[Lexeme]:
    """`$...` and `@...`; a last lexeme `rest` is still to be cut."""
    equals, colon = word.find_bare("="), word.find_bare(":")
    if word.value[0] == "@":
        if colon > 0 and can("NREF"):
            return [Lexeme("NREF", word.cut(1, colon)), Lexeme("rest", word.cut(colon + 1))]
        return [Lexeme("REF", word.cut(1)) if can("REF") else Lexeme("rest", word)]
    marker = word.value[: equals + 1].lower() if equals > 0 else ""
    name = keywords.get(marker)
    if name and (marker in IDS or can(name)):
        return [Lexeme(name, word.cut(0, equals + 1)), Lexeme("VALUE", word.cut(equals + 1))]
    if colon > 1 and (equals < 0 or colon < equals) and can("NVID"):
        return [Lexeme("NVID", word.cut(1, colon)), Lexeme("rest", word.cut(colon + 1))]
    if equals > 1 and can("NVSELF"):
        return [Lexeme("NVSELF", word.cut(1, equals)), Lexeme("VALUE", word.cut(equals + 1))]
    return [Lexeme("rest", word)]


def _assignment(word: Word, can: Can, keywords: Mapping[str, str]) -> list[Lexeme]:
    equals = word.find_bare("=")
    is_quoted = equals < 0 and word.mask is not None and "=" in word.value and bool(_ONE_QUOTED_PIECE.match(word.raw))
    if is_quoted:
        equals = word.value.index("=")
    if equals < 0 or (equals == 0 and word.raw.startswith("=")):
        return []
    name = word.cut(0, equals + 1)
    is_keyword = name.is_bare or (is_quoted and not can("WORD"))
    terminal = keywords.get(name.value.lower()) if is_keyword else None
    if terminal is None or not can(terminal):
        terminal, name = "ATTR", word.cut(0, equals)
        # a resource is never called name=value, unless in quotes
        if not can(terminal) and not (can("RSC_SLOT") and word.is_bare):
            return []
    return [Lexeme(terminal, name), Lexeme("VALUE", word.cut(equals + 1))]


def _prefixed(word: Word, can: Can, keywords: Mapping[str, str]) -> Iterator[Lexeme] | None:
    """`xpath:...` and the like; None where the word does not begin so."""
    colon = word.find_bare(":")
    if colon <= 0 or _ends_bare(word, ":", colon):
        return None
    prefix = word.cut(0, colon + 1)
    terminal = keywords.get(prefix.value.lower()) if prefix.is_bare else None
    if terminal is None or not can(terminal):
        return None
    return _prefix_and_rest(Lexeme(terminal, prefix), word.cut(colon + 1), can, keywords)


def _ends_bare(word: Word, char: str, index: int) -> bool:
    """Whether a bare character at `index` is the last of the word, with not even `""` behind it."""
    is_last = index == len(word.value) - 1 and word.value.endswith(char)
    return is_last and (word.mask is None or (word.mask[index] != "q" and word.raw.endswith(char)))


def _prefix_and_rest(prefix: Lexeme, rest: Word, can: Can, keywords: Mapping[str, str]) -> Iterator[Lexeme]:
    yield prefix
    yield from lexemes(rest, can, keywords)


def _plain(word: Word, can: Can, keywords: Mapping[str, str]) -> list[Lexeme]:
    value = word.value
    last = len(value) - 1
    if _ends_bare(word, ":", last) and can("LABEL"):
        return [Lexeme("LABEL", word.cut(0, last))]
    brace = word.find_bare("{")
    if brace > 0 and value.endswith("}") and word.find_bare("}", last) == last and can("SOURCE"):
        return [Lexeme("SOURCE", word.cut(0, brace)), Lexeme("WORD", word.cut(brace + 1, last))]
    return [_whole(word, can, keywords)]


def _whole(word: Word, can: Can, keywords: Mapping[str, str]) -> Lexeme:
    terminal = keywords.get(word.value.lower()) if word.is_bare else None
    is_keyword = terminal and (word.value in PUNCTUATION or can(terminal) or not can("WORD"))
    return Lexeme(terminal if terminal and is_keyword else "WORD", word)
