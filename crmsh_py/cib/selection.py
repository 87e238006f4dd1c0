"""Which objects a command is about: ids, globs, kinds, tags, what is related to what, what was changed."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cib.listing import RANKS, Entry, entries
from crmsh_py.errors import NoSuchObject, UsageError
from crmsh_py.language.records import keyword
from crmsh_py.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crmsh_py.cib.document import Cib

GLOB = frozenset("*?[")
KIND = "type:"
TAG = "tag:"
RELATED = "related:"
OBSCURE = "obscure:"
CHANGED = "changed"
AND = "and"
OR = "or"


class Shown(NamedTuple):
    """What the words of `show` say: selectors, and globs of names whose values are masked beside the usual ones."""

    selectors: list[str]
    obscured: list[str]


def shown(words: Sequence[str]) -> Shown:
    """The words of `show`, with `obscure:GLOB` set apart. Raises UsageError where the glob is missing."""
    obscured = [word[len(OBSCURE) :] for word in words if word.startswith(OBSCURE)]
    if not all(obscured):
        raise UsageError("obscure: is followed by the name of an attribute, or a glob", hint="such as obscure:passw*")
    return Shown([word for word in words if not word.startswith(OBSCURE)], obscured)


def select(cib: Cib, words: Sequence[str], base: Callable[[], Cib] | None = None) -> list[Entry]:
    """The objects that the words choose, in the order of `show`; all where there are no words.

    Words are read from left to right. Each adds what it chooses to what was chosen so far, with `or` before it too;
    with `and` before it, only that stays which it chooses as well. base: gives the configuration that `changed`
    compares with. Raises NoSuchObject for what is not there, UsageError for what is no selector.
    """
    selection = _Selection(cib, base)
    if not words:
        return selection.entries
    chosen: set[int] = set()
    joint = ""
    for index, word in enumerate(words):
        if word in (AND, OR) and not selection.is_id(word):
            if joint or not index:
                raise UsageError(f"expected a selector before `{word}`", hint="such as type:location and web*")
            joint = word
            continue
        found = {id(entry.el) for entry in selection.matching(word)}
        chosen = chosen & found if joint == AND else chosen | found
        joint = ""
    if joint:
        raise UsageError(f"expected a selector after `{joint}`", hint="such as type:location and web*")
    return [entry for entry in selection.entries if id(entry.el) in chosen]


class _Selection:
    """The objects of a CIB, and what each selector chooses of them."""

    def __init__(self, cib: Cib, base: Callable[[], Cib] | None) -> None:
        self.cib = cib
        self.base = base
        self.entries = entries(cib)
        self.by_name: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for name in {entry.id, entry.el.get("id") or "", _keyword_alone(entry)} - {""}:
                self.by_name.setdefault(name, []).append(entry)

    def is_id(self, word: str) -> bool:
        """Whether an object is called like this: then that is what the word means."""
        return word in self.by_name

    def matching(self, word: str) -> Iterable[Entry]:
        """What one selector chooses."""
        if self.is_id(word):
            return self.by_name[word]
        if word == CHANGED:
            return self.changed()
        for prefix, choose in (
            (KIND, self.of_kind),
            (TAG, self.tagged),
            (RELATED, self.related),
            (OBSCURE, _refuse_obscure),
        ):
            if word.startswith(prefix):
                return choose(word[len(prefix) :])
        if GLOB.intersection(word):
            return [entry for entry in self.entries if fnmatchcase(entry.id, word)]
        # the ids of nodes are numbers, and what is meant is a name
        names = [name for name in self.by_name if not name.isdecimal()]
        raise self.missing(f"there is no object {word}", word, names)

    def missing(self, text: str, word: str, names: Iterable[str]) -> NoSuchObject:
        """The error for a name that is not there, with those that are near it."""
        return NoSuchObject(text, hint=did_you_mean(word, names, 3))

    def of_kind(self, kind: str) -> Iterable[Entry]:
        """The objects of a kind; `xml` are those that the language has no word for."""
        named = {"ms": "clone", "master": "clone"}.get(kind.lower(), kind.lower())
        classes = {keyword(cls()): cls for cls in RANKS}
        if named not in classes and named != "xml":
            raise UsageError(f"{kind or 'an empty word'} is no kind of object", hint="kinds: " + ", ".join(classes))
        return [entry for entry in self.entries if entry.cls is classes.get(named)]

    def tagged(self, tag: str) -> Iterable[Entry]:
        """The objects that a tag names."""
        section = self.cib.section("tags")
        tags = {} if section is None else {el.get("id") or "": el for el in section.iterchildren("tag")}
        if tag not in tags:
            raise self.missing(f"there is no tag {tag}", tag, tags)
        members = {el.get("id") for el in tags[tag].iterchildren("obj_ref")}
        return [entry for entry in self.entries if entry.el.get("id") in members]

    def related(self, word: str) -> Iterable[Entry]:
        """What has to do with an object, or with the resources of an agent."""
        from crmsh_py.cib.relations import of_agent, related_to

        heads = self.by_name.get(word) or of_agent(self.entries, word)
        if not word or not heads:
            raise self.missing(f"there is no object and no agent {word}", word, self.by_name)
        found = related_to(self.cib, [entry.el for entry in heads])
        return [entry for entry in self.entries if entry.el in found]

    def changed(self) -> Iterable[Entry]:
        """What is not as it was, or was not there."""
        from crmsh_py.cib.relations import identity, own_content

        if self.base is None:
            return []
        before = {identity(entry): own_content(entry.el) for entry in entries(self.base())}
        return [entry for entry in self.entries if before.get(identity(entry)) != own_content(entry.el)]


def _keyword_alone(entry: Entry) -> str:
    """The fencing topology has no id: it is chosen by its keyword."""
    return "fencing_topology" if entry.section == "fencing-topology" else ""


def _refuse_obscure(glob: str) -> Iterable[Entry]:
    raise UsageError(f"obscure:{glob} chooses nothing: it is for `show`, beside selectors")
