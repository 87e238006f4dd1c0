"""Which objects a command is about: ids, globs and kinds."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from crmsh_py.cib.listing import Entry, entries
from crmsh_py.errors import NoSuchObject, UsageError
from crmsh_py.language.keywords import statement_keywords
from crmsh_py.language.records import keyword

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsh_py.cib.document import Cib

GLOB = frozenset("*?[")
KIND = "type:"


def select(cib: Cib, words: Sequence[str]) -> list[Entry]:
    """The objects that the words choose, in the order of `show`; all where there are no words.

    A word is an id, a glob, or `type:` and a keyword of the language. Raises NoSuchObject for an id that is not
    there, UsageError for a kind that the language does not have.
    """
    found = entries(cib)
    if not words:
        return found
    chosen: set[int] = set()
    for word in words:
        chosen.update(id(entry.el) for entry in _matching(found, word))
    return [entry for entry in found if id(entry.el) in chosen]


def _matching(found: list[Entry], word: str) -> list[Entry]:
    if word.startswith(KIND):
        return _of_kind(found, word[len(KIND) :])
    if GLOB.intersection(word):
        return [entry for entry in found if fnmatchcase(entry.id, word)]
    matching = [entry for entry in found if word in (entry.id, entry.el.get("id"), _keyword_alone(entry))]
    if not matching:
        near = get_close_matches(word, [entry.id for entry in found], 3)
        hint = f"did you mean {', '.join(near[:-1]) + ' or ' if near[1:] else ''}{near[-1]}?" if near else None
        raise NoSuchObject(f"there is no object {word}", hint=hint)
    return matching


def _keyword_alone(entry: Entry) -> str | None:
    """The fencing topology has no id: it is chosen by its keyword."""
    return "fencing_topology" if entry.section == "fencing-topology" else None


def _of_kind(found: list[Entry], kind: str) -> list[Entry]:
    named = {"ms": "clone", "master": "clone"}.get(kind, kind)
    if named not in statement_keywords():
        raise UsageError(f"{kind or 'an empty word'} is no kind of object", hint="such as primitive, location or node")
    return [entry for entry in found if entry.cls is not None and keyword(entry.cls()) == named]
