"""Candidates: words that may stand at a place, with what they are.

The rooms beside this say what a kind of word can be; the rows of SLOTS name what they offer. None of them waits for the
cluster: the configuration is `cx.seen()`, and what runs a program is asked through `cx.later`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from crmsh_py.command.context import Context

    # gives what may stand at a place; the text is what was typed of the word
    Source: TypeAlias = Callable[[Context, str], "Iterable[Candidate]"]

# where a word within a word begins
_STARTS = r"(?<![a-zA-Z0-9])[a-zA-Z0-9]|(?<=[a-z])[A-Z0-9]|(?<=[0-9])[a-zA-Z]"


class Candidate(NamedTuple):
    """A word that may stand at a place.

    text: the word, without quotes; one that ends in `=`, `:` or `/` is not whole: no blank follows. about: a few words
    on it, or "". note: all that is to be said of it, as plain text with line ends between paragraphs, or "".
    """

    text: str
    about: str = ""
    note: str = ""


def in_room(room: str, source: str) -> Source:
    """A source of a room beside this, which is imported when somebody wants to know."""

    def candidates(cx: Context, partial: str) -> Iterable[Candidate]:
        from importlib import import_module

        found: Iterable[Candidate] = getattr(import_module(f"{__name__}.{room}"), source)(cx, partial)
        return found

    return candidates


def words(*texts: str, about: str = "") -> Source:
    """A source that has always the same words."""
    found = tuple(Candidate(text, about) for text in texts)
    return lambda _, __: found


def said(rows: Mapping[str, str]) -> Source:
    """A source that has always the same words, each with what it is."""
    found = tuple(Candidate(text, about) for text, about in rows.items())
    return lambda _, __: found


def fitting(found: Iterable[Candidate], partial: str, is_fuzzy: bool = False) -> list[Candidate]:
    """Those that begin with what was typed, each once; those that do so in other letters, as A for a, last.

    is_fuzzy: also those that hold all its characters in this order. Those that begin with it come first, then those
    where each begins a word within the word, then the others.
    """
    begin = partial.lower()
    if is_fuzzy or not begin:
        each = list({one.text: one for one in found}.values())
        return _near(each, begin) if begin else each
    near = list({one.text: one for one in found if one.text.lower().startswith(begin)}.values())
    near.sort(key=lambda one: not one.text.startswith(partial))
    return near


def _near(found: list[Candidate], typed: str) -> list[Candidate]:
    anywhere = re.compile(".*?".join(map(re.escape, typed)), re.DOTALL)
    # a mark stands before each word of a text: `vip` are the beginnings of virtual-ip, and so is `virtip`
    beginnings = re.compile("\0" + "(?:.*?\0)?".join(map(re.escape, typed)), re.DOTALL)
    ranked: tuple[list[Candidate], ...] = ([], [], [])
    for one in found:
        text = one.text.lower()
        if text.startswith(typed):
            ranked[0].append(one)
        elif anywhere.search(text):
            marked = re.sub(_STARTS, "\0\\g<0>", one.text).lower()
            ranked[1 if beginnings.search(marked) else 2].append(one)
    return [one for rank in ranked for one in rank]


class Offer(NamedTuple):
    """What is offered at a place. others: what is right there too, but offered only to who begins to type it."""

    best: Iterable[Candidate]
    others: Iterable[Candidate] = ()

    def fitting(self, partial: str, is_fuzzy: bool = False) -> list[Candidate]:
        """What fits what was typed, best first."""
        return fitting(self.best, partial, is_fuzzy) or (fitting(self.others, partial, is_fuzzy) if partial else [])
