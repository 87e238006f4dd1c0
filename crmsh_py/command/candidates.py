"""Candidates: words that may stand at a place, with what they are; by the kind of the place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.slots import SLOTS, directory_entries
from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.command.context import Context


class Candidate(NamedTuple):
    """A word, and a few words on it, or "". A word that ends in `=`, `:` or `/` is not whole: no blank follows."""

    text: str
    about: str = ""


def of_kind(cx: Context, kind: str, partial: str) -> Iterator[Candidate]:
    """The candidates of a row of SLOTS; partial: what was typed of the word, for paths."""
    slot = SLOTS[kind]
    if slot.candidates is directory_entries:
        yield from _paths(partial)
        return
    words = list(slot.candidates(cx))
    if kind == "agent" and ":" not in partial:
        # who knows its name need not know its provider
        words += SLOTS["agent_type"].candidates(cx) if partial else ()
    kinds = _kinds_of_objects(cx) if words else {}
    yield from (Candidate(word, kinds.get(word, "")) for word in words)


def fitting(found: Iterable[Candidate], partial: str) -> list[Candidate]:
    """Those that begin with what was typed, in any case of letters, each once."""
    begin = partial.lower()
    return list({one.text: one for one in found if one.text.lower().startswith(begin)}.values())


def _kinds_of_objects(cx: Context) -> dict[str, str]:
    """What the ids of objects are of: `primitive`, `group`. Nothing where no session is open: it would be dear."""
    if "session" not in cx.__dict__:
        return {}
    try:
        return {el.get("id") or "": str(el.tag) for el in cx.session.draft.objects()}
    except CrmError:
        return {}


def _paths(partial: str) -> Iterator[Candidate]:
    folder, name = os.path.split(partial)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            found = sorted((entry.name, entry.is_dir()) for entry in entries)
    except OSError:
        return
    for entry, is_folder in found:
        if name.startswith(".") or not entry.startswith("."):
            yield Candidate(os.path.join(folder, entry) + "/" * is_folder)
