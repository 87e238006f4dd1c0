"""What may stand at a place of a half-typed statement: as the grammar says, and the agent that the statement names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command import statement_names
from crmsh_py.command.candidates import Candidate, Offer, nodes, objects
from crmsh_py.command.candidates.keywords import KEYWORDS, MEANT_IN, ORDER, RARE
from crmsh_py.command.candidates.options import BUILT_IN
from crmsh_py.command.slots import SLOTS
from crmsh_py.command.statement_names import OF_OPERATIONS, Part
from crmsh_py.errors import BadSyntax
from crmsh_py.language.allowed import ACTIONS, ALLOWED, ROLES
from crmsh_py.language.automaton import END
from crmsh_py.language.parser import expected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crmsh_py.command.context import Context
    from crmsh_py.language.words import Word

SLOT = "_SLOT"
SECTIONS = frozenset(
    "params attributes meta utilization op op_params op_meta operations docker podman rkt network port-mapping storage "
    "storage-mapping".split()
)
_RULES = ("rule", "lifetime")
# what was given before one of these may be given again
_AFRESH = SECTIONS.union("rule lifetime ( ) [ ] { } and or date to select read write deny".split())
# parts that there may be several of
_AGAIN = frozenset("op rule port-mapping storage-mapping to ( [ and or read write deny".split())
_LABELS = frozenset(("score", "kind", "ticket", "target", "set_id"))
_HAS_SETS = ("params", "attributes", "meta", "utilization", *OF_OPERATIONS)
_COMPARISONS = ("eq", "ne", "lt", "gt", "lte", "gte")


def of_statement(cx: Context, words: Sequence[Word], partial: str) -> Offer:
    """What may follow the words of a statement; partial: what was typed of the next one."""
    try:
        wanted = expected(words)
    except BadSyntax:
        return Offer(())
    place = _Place(cx, words, partial)
    name, equals, _ = partial.partition("=")
    if equals:
        return Offer([one._replace(text=f"{name}={one.text}") for one in place.values(name)])
    if ":" in partial and (begun := place.begun(wanted)) is not None:
        return Offer(begun)
    return Offer(place.best(wanted), place.others(wanted))


class _Place:
    """A place in a statement."""

    def __init__(self, cx: Context, words: Sequence[Word], partial: str) -> None:
        self.cx = cx
        self.partial = partial
        self.words = [word.value for word in words]
        self.keyword = self.words[0].lower()
        bare = [word.value.lower() if at and word.is_bare else "" for at, word in enumerate(words)]
        at = max((at for at, word in enumerate(bare) if word in SECTIONS), default=0)
        rule = max((at for at, word in enumerate(bare) if word in _RULES), default=0)
        agent = self.words[2] if self.keyword in ("primitive", "rsc_template") and len(words) > 2 else ""
        self.is_rule_begun = bool(rule) and rule == len(words) - 1
        self.part = Part(self.keyword, bare[at], self.words[at + 1 :], rule > at, agent)
        self.sections = {word for word in bare if word} - _AGAIN
        afresh = max((at for at, word in enumerate(bare) if word in _AFRESH), default=0)
        self.given = {value.partition("=")[0] for value in self.words[afresh + 1 :] if "=" in value}

    # ---- what was begun

    def values(self, name: str) -> Iterable[Candidate]:
        """The values that a name can have here."""
        return statement_names.values(self.cx, self.part, name)

    def begun(self, wanted: Sequence[str]) -> Iterable[Candidate] | None:
        """What goes on a word that has a colon in it; None where the colon is nothing special."""
        head, _, _ = self.partial.rpartition(":")
        first = self.partial.partition(":")[0]
        if "RSC_SLOT" in wanted and self.keyword in ("order", "colocation"):
            return [Candidate(f"{head}:{word}") for word in (ACTIONS if self.keyword == "order" else ROLES[:4])]
        if first in ALLOWED["value_type"] and f"{first}:" in wanted:
            return [Candidate(f"{first}:{word}", KEYWORDS[word]) for word in _COMPARISONS]
        if f"{first}:" in wanted:
            return self._of_prefix(first)
        return None

    def _of_prefix(self, prefix: str) -> Iterator[Candidate]:
        """What stands behind `ref:`, `node:` and the like."""
        if prefix in ("type", "tag"):
            from crmsh_py.cib.mapping import CLASSES  # heavy

            found: Iterable[Candidate] = map(Candidate, sorted({tag for _, tag in CLASSES}))
        elif prefix == "role":
            found = objects.acl_roles(self.cx, "")
        elif prefix in ("meta", "params", "utilization", "location"):
            found = objects.resources(self.cx)
        elif prefix == "ref":
            found = objects.any_object(self.cx, "")
        else:
            kind = {"property": "property", "node": "node", "nodeattr": "node", "nodeutil": "node"}.get(prefix)
            found = SLOTS[kind].candidates(self.cx, "") if kind else ()
        yield from (one._replace(text=f"{prefix}:{one.text}") for one in found)

    # ---- what may begin

    def best(self, wanted: Sequence[str]) -> Iterator[Candidate]:
        """What is right here: behind an agent the words for its parts first, elsewhere names and slots."""
        words = (word for word in self._keywords(wanted) if not self._is_rare(word))
        keywords = [Candidate(word, self._meaning(word)) for word in words]
        if self.part.agent and not self.part.section and not self.part.is_rule:
            yield from keywords
            keywords = []
        for kind in self._slots(wanted):
            yield from self._of_slot(kind)
        yield from keywords

    def others(self, wanted: Sequence[str]) -> Iterator[Candidate]:
        """What few need: parts that are there already, ids, old names."""
        if "NAME" + SLOT in wanted:
            yield from self._names(is_old=True)
        if "SCORE" + SLOT in wanted and not self._is_scored():
            yield from self._labelled("score")
        words = [one for one in wanted if not one.endswith(SLOT) and one != END]
        best = set(self._keywords(wanted))
        for word in sorted(words, key=lambda word: ORDER.get(word, len(ORDER))):
            if word not in best or self._is_rare(word):
                yield Candidate(word, self._meaning(word))

    def _keywords(self, wanted: Sequence[str]) -> Iterator[str]:
        words = [one for one in wanted if not one.endswith(SLOT) and one != END]
        is_late = _LATE_IN_RULES if self.part.is_rule else ()
        for word in sorted(words, key=lambda word: (word in is_late, ORDER.get(word, len(ORDER)))):
            is_closed = word == "}" and "{" not in self.words
            if word not in self.sections and word.rstrip("=") not in self.given and not is_closed:
                yield word

    def _meaning(self, word: str) -> str:
        for place in ("rule" if self.part.is_rule else "", self.keyword):
            if word in MEANT_IN.get(place, ()):
                return MEANT_IN[place][word]
        return KEYWORDS.get(word, "")

    def _is_rare(self, word: str) -> bool:
        """Whether few need a word here."""
        return word.startswith("$") or word in RARE or self.keyword in _RARE_IN.get(word, ())

    def _slots(self, wanted: Sequence[str]) -> Iterator[str]:
        """The kinds of words that are wanted, the likely ones first."""
        kinds = [one[: -len(SLOT)].lower() for one in wanted if one.endswith(SLOT)]
        likely = ("name", "set_id", "score", "kind", "rsc", "device")
        for kind in sorted(kinds, key=lambda kind: likely.index(kind) if kind in likely else len(likely)):
            if kind != "score" or self._is_scored():
                yield kind

    def _is_scored(self) -> bool:
        """Whether a score is likely: sets of attributes and conditions in rules seldom have one."""
        return self.keyword in _SCORED and (self.is_rule_begun or not self.part.is_rule)

    def _of_slot(self, kind: str) -> Iterable[Candidate]:
        """The candidates of a slot; ids that stand there already are not offered again."""
        if kind == "name":
            return self._names()
        if kind in _LABELS:
            return self._labelled(kind)
        if kind == "op_name":
            return statement_names.operations(self.cx, self.part.agent)
        if kind == "value":
            return self._operands()
        if kind == "interval":
            return self._intervals()
        used = set(self.words[1:]) if kind in _ONCE else ()
        if kind == "rsc":
            found = self._resources()
        else:
            found = self._devices() if kind == "device" else SLOTS[kind].candidates(self.cx, self.partial)
        return (one for one in found if one.text not in used)

    def _names(self, *, is_old: bool = False) -> Iterator[Candidate]:
        """Names that can be set here, but for those that are; for an operation, with what is advised."""
        known = statement_names.names(self.cx, self.part)
        free = {name: one for name, one in known.items() if name not in self.given and one.is_old == is_old}
        if self.part.section == "op":
            for name, one in free.items():
                yield from (Candidate(f"{name}={two.text}", two.about) for two in one.values if two.about == "advised")
        yield from (Candidate(f"{name}=", one.about, one.note) for name, one in free.items())

    def _labelled(self, kind: str) -> Iterator[Candidate]:
        if kind == "set_id":
            found: Iterable[Candidate] = objects.objects(self.cx).of(self.keyword)
        else:
            found = SLOTS[kind].candidates(self.cx, self.partial)
        yield from (one._replace(text=f"{one.text}:") for one in found if f"{one.text}:" not in self.words)

    def _devices(self) -> Iterable[Candidate]:
        """Fencing devices, which commas put on one level."""
        found = SLOTS["device"].candidates(self.cx, "")
        head, comma, _ = self.partial.rpartition(",")
        return [one._replace(text=f"{head},{one.text}") for one in found] if comma else found

    def _resources(self) -> Iterable[Candidate]:
        """The resources that make sense in a statement."""
        if self.keyword in ("group", "bundle"):
            return objects.free("primitive")(self.cx, self.partial)
        if self.keyword in ("clone", "ms", "master"):
            return objects.free("primitive", "group")(self.cx, self.partial)
        if self.keyword == "monitor":
            return objects.objects(self.cx).of("primitive")
        found = [*objects.resources(self.cx), *objects.objects(self.cx).of("tag")]
        if self.keyword in ("order", "colocation"):
            word = "promote" if self.keyword == "order" else "Promoted"
            found += [one._replace(text=f"{one.text}:{word}") for one in objects.promotable(self.cx)]
        return found

    def _operands(self) -> Iterable[Candidate]:
        """What the attribute of an expression can be."""
        attribute = self.words[-2] if len(self.words) > 1 else ""
        if attribute == "#uname":
            return nodes.nodes(self.cx)
        if attribute in BUILT_IN:
            return [Candidate(value) for value in _OPERANDS.get(attribute, ())]
        return objects.objects(self.cx).values_of_nodes(attribute)

    def _intervals(self) -> Iterator[Candidate]:
        """What an agent advises for a monitor, INTERVAL:TIMEOUT."""
        el = objects.objects(self.cx).element(self.words[-1].partition(":")[0])
        if el is not None:
            for one in statement_names.actions(self.cx, objects.agent_word(el)):
                if one.name == "monitor" and one.interval:
                    yield Candidate(f"{one.interval}:{one.timeout}" if one.timeout else one.interval, "advised")


_CONTAINERS = ("group", "clone", "ms", "master")
# words that some statements take, and seldom need
_RARE_IN = {
    "params": ("node", "alert", *_CONTAINERS),
    "attributes": ("primitive", "rsc_template", "bundle", *_CONTAINERS),
    "primitive": _CONTAINERS,
    "group": ("bundle", *_CONTAINERS),
}
_LATE_IN_RULES = ("op", "(", "role=")
# what is named once in a statement
_ONCE = ("rsc", "device", "tag_member", "role_id")
_SCORED = ("location", "colocation")
_OPERANDS = {
    "#kind": ("cluster", "remote", "container"),
    "#is_dc": ("true", "false"),
    "#role": ROLES[:4],
}
