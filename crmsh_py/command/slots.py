"""SLOTS: the kinds of words that commands and statements want, one row a kind.

A usage line names a kind as `<name:kind>`, the grammar as the terminal `<KIND>_SLOT`; description, check and
candidates of both are here. A check looks at the word alone: whether a resource exists is for the command to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from typing import Any

    from lxml.etree import _Element as Element

    from crmsh_py.command.context import Context

_DURATION = r"(\d+(\.\d+)?\s*(us|usec|ms|msec|s|sec|m|min|h|hr)?|P(?=[\dT])[\dYMWDTHS.,]+)"
_SCORE = r"[+-]?(\d+|inf|infinity)"
_SCHEMA = r"pacemaker-(\d+\.\d+|next)|none"


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


def one_of(what: str, *words: str) -> Slot:
    """A kind that is one of some words, upper or lower case; the value is as listed here."""
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


def number(word: str) -> int:
    """A whole number. Raises Refusal."""
    try:
        return int(word)
    except ValueError:
        raise Refusal(f"{word} is not a whole number") from None


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


def schemas(_: Context) -> Iterable[str]:
    """The schemas of the installed Pacemaker."""
    from crmsh_py.cib import schema  # heavy

    where = schema.folder()
    return schema.names(where) if where else ()


RESOURCES = ("primitive", "group", "clone", "master", "bundle")
CONSTRAINTS = ("rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket")
ROLES = ("Started", "Stopped", "Promoted", "Unpromoted", "Master", "Slave")
ACTIONS = ("start", "stop", "promote", "demote")

SLOTS: dict[str, Slot] = {
    # objects of the configuration
    "id": Slot("an id", candidates=ids_of()),
    "obj": Slot("the id of an object", candidates=ids_of()),
    "rsc": Slot("a resource id", candidates=ids_of(*RESOURCES)),
    "node": Slot("a node name", candidates=ids_of("node", attribute="uname")),
    "template": Slot("a resource template, `@` and its id", candidates=ids_of("template", prefix="@")),
    "tag_member": Slot("the id of a resource or constraint", candidates=ids_of(*RESOURCES, *CONSTRAINTS)),
    "user": Slot("a user name"),
    "role_id": Slot("the id of an ACL role", candidates=ids_of("acl_role")),
    "set_id": Slot("the id of a set"),
    "nv_id": Slot("the id of a name-value pair"),
    "ticket": Slot("a ticket", candidates=ids_of("rsc_ticket", attribute="ticket")),
    "agent": Slot("a resource agent (ocf:heartbeat:IPaddr2)"),
    "device": Slot("a fencing device", candidates=fencing_devices),
    "selector": Slot("an id, a glob or type:KIND", candidates=ids_of()),
    # parts of statements
    "score": shaped("a score", _SCORE, "100, -50, inf, -inf", lambda _: ("inf", "-inf", "0")),
    "role": one_of("a role", *ROLES),
    "action": one_of("an action", *ACTIONS),
    "kind": one_of("a kind of order", "Mandatory", "Optional", "Serialize"),
    "op_name": Slot("an operation", candidates=lambda _: ("monitor", "start", "stop", "promote", "demote")),
    "interval": shaped("an interval", _DURATION, "10s, 5min, PT1H"),
    "attribute": Slot("a node attribute"),
    "permission": one_of("a permission", "read", "write", "deny"),
    "target": Slot("a node name, a pattern or attribute=value", candidates=ids_of("node", attribute="uname")),
    "xpath": Slot("an XPath expression"),
    "tag": Slot("the name of an XML element"),
    "path": Slot("a file path", candidates=directory_entries),
    "date": Slot("a date (2030-01-31, 2030-01-31T12:00:00Z)"),
    "xml": Slot("an XML element"),
    # words of any kind
    "name": Slot("a name"),
    "value": Slot("a value", any_text),
    "text": Slot("a text", any_text),
    "words": Slot("words", any_text),
    # what commands want
    "duration": shaped("a duration", _DURATION, "30, 30s, 5min, PT5M"),
    "number": Slot("a whole number", number),
    "file": Slot("a file", candidates=directory_entries),
    "source": Slot("a file, or - for the standard input", candidates=directory_entries),
    "method": one_of("a method", "replace", "update", "push"),
    "schema": shaped("a schema", _SCHEMA, "pacemaker-3.9, pacemaker-4.0", schemas),
    "format": one_of("an output format", "text", "json"),
    "topic": Slot("a command, a level or a statement"),
    "level": Slot("a level, .. or /"),
}
