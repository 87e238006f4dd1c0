"""Problems: what is wrong with a text or a configuration, as values that pile up and are shown together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

ERROR = "error"
WARNING = "warning"
INFO = "info"


class Place(NamedTuple):
    """Where in a text: lines and columns count from 1, `end` is the column after the last character."""

    source: str
    line: int
    column: int
    end: int
    text: str


class Problem(NamedTuple):
    """One thing that is wrong.

    severity: ERROR, WARNING or INFO.
    code: stable and kebab-case (`unknown-node`), for machines.
    text: for people; starts in lower case, names the object, no full stop.
    place: where in the text that was read, if it came from a text.
    hint: what to do next.
    object_id: the id of the object of the CIB that it is about.
    """

    severity: str
    code: str
    text: str
    place: Place | None = None
    hint: str | None = None
    object_id: str | None = None


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`, each once."""
    *first, end = dict.fromkeys(words)
    return f"{', '.join(first)} {last} {end}" if first else end


def did_you_mean(word: str, known: Iterable[str], most: int = 1) -> str | None:
    """A hint that names what is spelt nearly as the word is, at most so many; None where nothing is."""
    from difflib import get_close_matches  # heavy

    near = get_close_matches(word, list(known), most)
    return f"did you mean {listed(near, 'or')}?" if near else None
