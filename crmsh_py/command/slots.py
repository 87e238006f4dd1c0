"""SLOTS: the kinds of words that commands and statements want, one row a kind.

A usage line names a kind as `<name:kind>`, the grammar as the terminal `<KIND>_SLOT`; description, check and
candidates of both are here. A check looks at the word alone: whether a resource exists is for the command to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError
from crmsh_py.language.allowed import ALLOWED, ROLES
from crmsh_py.language.places import PLACES

if TYPE_CHECKING:
    from typing import Any

    from lxml.etree import _Element as Element

    from crmsh_py.command.context import Context

_DURATION = r"(\d+(\.\d+)?\s*(us|usec|ms|msec|s|sec|m|min|h|hr)?|P(?=[\dT])[\dYMWDTHS.,]+)"
_SCORE = r"[+-]?(\d+|inf|infinity)"


class Refusal(Exception):
    """A word is not of the kind; `hint` says what is."""

    def __init__(self, text: str, hint: str | None = None) -> None:
        self.text = text
        self.hint = hint
        super().__init__(text)


def no_candidates(_: Context) -> Iterable[str]:
    """For kinds of which there are too many, or that only the user knows."""
    return ()


def any_word(word: str) -> str:
    """The word, which may not be empty. Raises Refusal."""
    if not word:
        raise Refusal("a word is expected here, this one is empty")
    return word


def any_text(word: str) -> str:
    """The word as it is, empty or not."""
    return word


class Slot:
    """A kind of word.

    description: with its article, for messages and help ("a resource id").
    check: the word -> the value that the handler is given. Raises Refusal.
    candidates: what TAB offers, for a Context.
    """

    __slots__ = ("candidates", "check", "description")

    def __init__(
        self,
        description: str,
        check: Callable[[str], Any] = any_word,
        candidates: Callable[[Context], Iterable[str]] = no_candidates,
    ) -> None:
        self.description = description
        self.check = check
        self.candidates = candidates


def one_of(what: str, words: Sequence[str]) -> Slot:
    """A kind that is one of some words, upper or lower case; the value is as listed."""
    values = {word.lower(): word for word in words}
    listed = ", ".join(words[:-1]) + " or " + words[-1]

    def check(word: str) -> str:
        if word.lower() not in values:
            raise Refusal(f"{word} is not {what}", f"expected {listed}")
        return values[word.lower()]

    return Slot(f"{what} ({listed})", check, lambda _: words)


def shaped(
    what: str,
    pattern: str,
    examples: str,
    candidates: Callable[[Context], Iterable[str]] = no_candidates,
) -> Slot:
    """A kind whose words have a form; `pattern` is compiled when it is first needed."""

    def check(word: str) -> str:
        if not re.fullmatch(pattern, word, re.IGNORECASE):
            raise Refusal(f"{word} is not {what}", f"examples: {examples}")
        return word

    return Slot(what, check, candidates)


def directory_entries(_: Context) -> Iterable[str]:
    """The files of the working directory; a directory with a `/` behind it."""
    from os import scandir

    try:
        with scandir() as entries:
            return sorted(entry.name + "/" * entry.is_dir() for entry in entries)
    except OSError:
        return ()


def ids_of(*tags: str, prefix: str = "", attribute: str = "id") -> Callable[[Context], Iterable[str]]:
    """Candidates: the ids (or another attribute) of the draft's objects with these tags, of all if none is given."""

    def candidates(cx: Context) -> Iterable[str]:
        found = (el.get(attribute) for el in _objects(cx) if not tags or el.tag in tags)
        return sorted({prefix + value for value in found if value})

    return candidates


def _objects(cx: Context) -> Iterable[Element]:
    try:
        return list(cx.session.draft.objects())
    except CrmError:
        return ()  # nobody asked for an error by pressing TAB


def fencing_devices(cx: Context) -> Iterable[str]:
    """The resources that fence."""
    return sorted(el.get("id", "") for el in _objects(cx) if el.get("class") == "stonith" and el.tag == "primitive")


def selectors(cx: Context) -> Iterable[str]:
    """What chooses objects: ids, kinds, tags, and what has to do with an object."""
    from crmsh_py.language.keywords import statement_keywords

    kinds = (f"type:{keyword}" for keyword in sorted(statement_keywords() - {"monitor"}))
    tags, ids = ids_of("tag", prefix="tag:")(cx), list(ids_of()(cx))
    return [*ids, *kinds, *tags, *(f"related:{id_}" for id_ in ids), "changed"]


def properties(cx: Context) -> Iterable[str]:
    """Every cluster property that Pacemaker knows or that is set."""
    from crmsh_py.cib.properties import names  # heavy

    try:
        return names(cx.session.draft)
    except CrmError:
        return ()


def schemas(_: Context) -> Iterable[str]:
    """The schemas of the installed Pacemaker."""
    from crmsh_py.cib.schema import folder, names  # heavy

    return names(folder() or "")


def settings(cx: Context) -> Iterable[str]:
    """The paths of all values that can be set."""
    from crmsh_py.cib.values import paths  # heavy

    try:
        return paths(cx.session.draft)
    except CrmError:
        return ()


def shadows(cx: Context) -> Iterable[str]:
    """The shadow CIBs that are there."""
    from crmsh_py.cib.stores.shadow import names  # heavy

    try:
        return names(cx.environ)
    except CrmError:
        return ()


def shadow_name(word: str) -> str:
    """The word, where a shadow CIB can be called so and `-c` finds it again. Raises Refusal."""
    if not word or "/" in word or "\0" in word or word.endswith(".xml"):
        raise Refusal(
            f"a shadow CIB cannot be called {word!r}", "-c takes a name with a / or ending in .xml for a file"
        )
    if word == "live" or word.startswith("-"):
        raise Refusal(f"a shadow CIB cannot be called {word!r}", "`live` is the cluster, and - begins an option")
    return word


RESOURCES = ("primitive", "group", "clone", "master", "bundle")
CONSTRAINTS = ("rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket")
METHODS = ("replace", "update", "push")


def row(kind: str, candidates: Callable[[Context], Iterable[str]] = no_candidates) -> Slot:
    """A kind that takes any word but an empty one."""
    return Slot(PLACES[kind], any_word, candidates)


SLOTS: dict[str, Slot] = {
    # objects of the configuration
    "id": row("id"),
    "obj": row("obj", ids_of()),
    "rsc": row("rsc", ids_of(*RESOURCES)),
    "node": row("node", ids_of("node", attribute="uname")),
    "template": row("template", ids_of("template", prefix="@")),
    "tag_member": row("tag_member", ids_of(*RESOURCES, *CONSTRAINTS)),
    "user": row("user"),
    "role_id": row("role_id", ids_of("acl_role")),
    "set_id": row("set_id"),
    "ticket": row("ticket", ids_of("rsc_ticket", attribute="ticket")),
    "agent": row("agent"),
    "device": row("device", fencing_devices),
    "selector": row("selector", selectors),
    # parts of statements
    "score": shaped(PLACES["score"], _SCORE, "100, -50, inf, -inf", lambda _: ("inf", "-inf", "0")),
    "role": one_of(PLACES["role"], ROLES),
    "kind": one_of(PLACES["kind"], ALLOWED["kind"]),
    "op_name": row("op_name", lambda _: ("monitor", "start", "stop", "promote", "demote")),
    "interval": shaped(PLACES["interval"], _DURATION, "10s, 5min, PT1H"),
    "attribute": row("attribute"),
    "target": row("target", ids_of("node", attribute="uname")),
    "xpath": row("xpath"),
    "path": row("path", directory_entries),
    "date": row("date"),
    "xml": row("xml"),
    # words of any kind
    "name": row("name"),
    "value": Slot(PLACES["value"], any_text),
    "text": Slot(PLACES["text"], any_text),
    # what commands want
    "file": row("file", directory_entries),
    "source": row("source", directory_entries),
    "method": one_of(PLACES["method"], METHODS),
    "topic": row("topic"),
    "level": row("level"),
    "truth": shaped(PLACES["truth"], "-t", "-t", lambda _: ("-t",)),
    "property": row("property", properties),
    "schema": row("schema", schemas),
    "setting": row("setting", settings),
    "program": row("program"),
    "number": shaped(PLACES["number"], r"[0-9]{1,9}", "0, 17"),
    "shadow": row("shadow", shadows),
    "new_shadow": Slot(PLACES["new_shadow"], shadow_name),
    "image": shaped(PLACES["image"], r"[a-z][a-z0-9_:]*", "svg, png, pdf"),
}
