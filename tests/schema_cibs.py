"""CIBs that Pacemaker's own RelaxNG schemas allow, drawn by hypothesis.

The schemas are read as they are, so that whatever they allow is reached: every element, every attribute, every order of
an <interleave>. Ids are unique and references have a target by construction; nothing generated is thrown away.

    @given(cibs("pacemaker-3.9"))
    def test_law(cib): ...
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import pytest
from awkward import PLAUSIBLE, comments, ids, texts
from hypothesis import strategies as st
from lxml import etree
from schema_patterns import ANYTHING, NOTHING, Attribute, Element, Pattern, Repeat, read_file, targets, within

T = TypeVar("T")
TYPED = {
    "integer": ("0", "1", "100", "-1", "-100", "1000000", "-1000001", "+5", "007", "-0", "123456789012345"),
    "positiveInteger": ("1", "2", "3", "9", "10", "04", "+5"),
    "nonNegativeInteger": ("0", "1", "5", "004"),
    "boolean": ("true", "false", "1", "0"),
}

SCHEMAS = Path(os.environ.get("PCMK_schema_directory", "/usr/share/pacemaker"))
needs_schemas = pytest.mark.skipif(
    not (SCHEMAS / "pacemaker-1.0.rng").exists(), reason=f"Pacemaker's schemas are not in {SCHEMAS}"
)

# Sections whose ids others refer to come first. Only feasibility hangs on this: the references themselves are drawn at
# the end, from the whole document.
MAKING_ORDER = ("resources", "tags", "nodes", "crm_config", "rsc_defaults", "op_defaults", "constraints")


@dataclass(frozen=True)
class Schema:
    """What a schema allows in <configuration>: a pattern for each section, and which sections it requires."""

    sections: dict[str, Element]
    required: frozenset[str]


@cache
def schema_of(name: str) -> Schema:
    """The schema with this name, as in `validate-with`. Raises OSError where it is not there."""
    (cib,) = _elements(read_file(SCHEMAS / f"{name}.rng"))
    content = next(part for part in _elements(cib.parts[0]) if part.tag == "configuration").parts[0]
    options = [part for part in within(content) if isinstance(part, Repeat) and not part.least]
    optional = {element.tag for part in options for element in _elements(part)}
    sections = {element.tag: element for element in _elements(content)}
    return Schema(sections, frozenset(sections) - optional)


def _elements(pattern: Pattern) -> list[Element]:
    return [part for part in within(pattern) if isinstance(part, Element)]


@cache
def validator(name: str) -> etree.RelaxNG:
    """The schema as libxml2 checks it, as Pacemaker does."""
    return etree.RelaxNG(etree.parse(SCHEMAS / f"{name}.rng"))


def vocabulary(name: str) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """All that the schema defines below the sections: (parent tag, tag) of elements, (tag, name) of attributes."""
    elements, attributes = set(), set()
    left: list[Element] = list(schema_of(name).sections.values())
    seen = set(left)
    while left:
        element = left.pop()
        inner = _elements(element.parts[0])
        elements |= {(element.tag, part.tag) for part in inner}
        attributes |= {(element.tag, part.name) for part in within(element.parts[0]) if isinstance(part, Attribute)}
        left += [part for part in inner if part not in seen]
        seen |= set(inner)
    return frozenset(elements), frozenset(attributes)


@st.composite
def _span(draw: Callable[[st.SearchStrategy[int]], int], work: Callable[[], T]) -> T:
    draw(_upto(0))
    return work()


@cache
def _upto(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


@cache
def _matching(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)


@cache
def _sample(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


class ShownElement(etree.ElementBase):
    """An element that hypothesis prints as XML when an example fails."""

    def __repr__(self) -> str:
        return etree.tostring(self, encoding="unicode", with_tail=False)


_parser = etree.XMLParser()
_parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=ShownElement))


@dataclass
class Maker:
    """One document in the making.

    draw: hypothesis' draw. rich: of 4 optional things, how many are taken. budget: how many elements may still be made.
    goal: a tag that is to occur, until it does; then it is `reached`, and such elements get nearly all they may have.
    ids: the ids given so far, by tag, of elements that are complete. owners: elements with an id, not yet complete.
    open: the tags from the section down to here. places: the elements that may have child elements.
    """

    draw: Callable[[st.SearchStrategy[object]], object]
    rich: int
    budget: int = 0
    goal: str = ""
    reached: str = ""
    ids: dict[str, list[str]] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)
    owners: list[etree._Element] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    waiting: list[tuple[etree._Element, str, frozenset[str]]] = field(default_factory=list)
    places: list[etree._Element] = field(default_factory=list)

    def one(self, strategy: st.SearchStrategy[T]) -> T:
        return cast("T", self.draw(cast("st.SearchStrategy[object]", strategy)))

    def upto(self, most: int) -> int:
        return self.one(_upto(most)) if most > 0 else 0

    def chance(self, of_four: int) -> bool:
        return self.upto(3) > 3 - of_four

    def known(self, wanted: frozenset[str]) -> bool:
        return bool(self.ids) if wanted == ANYTHING else any(tag in self.ids for tag in wanted)

    def can(self, part: Pattern, tag: str) -> bool:
        """Whether something exists for each reference that `part` cannot do without."""
        return part.needs() == NOTHING or any(
            all(self.known(targets(tag, want) if isinstance(want, str) else want) for want in wants)
            for wants in part.needs()
        )

    def more(self, part: Pattern, tag: str, count: int) -> bool:
        """Whether to make an optional or repeated `part` (once more, after `count`) in an element with this tag.

        Something is drawn whatever the answer, so that the rest of the document keeps its meaning while hypothesis
        shrinks another part of it.
        """
        often = 14 if tag == self.reached else 12 if len(self.open) == 1 else 4 * self.rich
        liked = self.upto(15) > 15 - often
        if self.goal in part.reach() and not count:
            return self.can(part, tag)
        return liked and part.cost() <= max(self.budget, 0) and self.can(part, tag)

    def within_span(self, work: Callable[[], T]) -> T:
        """What `work` returns; hypothesis takes all that it draws as one piece when it shrinks."""
        return self.one(_span(work))

    def make(self, pattern: Element) -> etree._Element:
        element = _parser.makeelement(pattern.tag)
        if pattern.tag == self.goal:
            self.goal, self.reached = "", pattern.tag
        # No child takes all that is left: else the first ones would starve the later ones.
        kept = (self.budget - 1) // 3 if self.open else 0
        self.budget -= 1 + kept
        self.open.append(pattern.tag)
        element.extend(pattern.parts[0].fill(self, element))
        self.open.pop()
        self.budget += kept
        self.complete(element)
        if pattern.parts[0].reach():
            self.places.append(element)
        return element

    def merge(self, lists: Sequence[list[etree._Element]]) -> list[etree._Element]:
        """All the elements, in a random order that keeps the order of each list."""
        left = [list(reversed(items)) for items in lists if items]
        merged = []
        while left:
            index = self.upto(len(left) - 1)
            merged.append(left[index].pop())
            left = [items for items in left if items]
        return merged

    def unique(self, kind: str, base: str) -> str:
        name, count = base, 0
        while (kind, name) in self.taken:
            count += 1
            name = f"{base}{count}"
        self.taken.add((kind, name))
        return name

    def new_id(self, element: etree._Element) -> str:
        self.owners.append(element)
        return self.unique("ID", self.one(ids))

    def complete(self, element: etree._Element) -> None:
        """From now on others may refer to the element. Operations that are borrowed themselves are no target."""
        if self.owners and self.owners[-1] is element:
            self.owners.pop()
            if "id-ref" not in element.attrib:
                self.ids.setdefault(str(element.tag), []).append(element.attrib["id"])

    def refer(self, element: etree._Element, attribute: str) -> str:
        """The text of an IDREF. A rule within a rule refers to complete ones, else rules could contain each other."""
        wanted = targets(str(element.tag), attribute)
        if self.open.count("rule") > 1:
            return self.one(st.sampled_from(self.ids["rule"]))
        self.waiting.append((element, attribute, wanted))
        return ""

    def free_text(self, element: etree._Element, attribute: str) -> str:
        tag = str(element.tag)
        if (tag, attribute) == ("obj_ref", "id") and self.ids and not self.chance(1):
            return self.refer(element, attribute)
        likely = PLAUSIBLE.get(f"{tag}/{attribute}") or PLAUSIBLE.get(attribute)
        if attribute == "id":
            # Free text, and often the same name as a resource's, as remote nodes have it.
            return self.unique(tag, self.one(ids if self.chance(3) else texts))
        return self.one(_sample(likely) if likely and self.chance(2) else texts)

    def typed_text(self, kind: str, pattern: str | None) -> str:
        return self.one(_matching(pattern) if pattern is not None else _sample(TYPED[kind]))

    def resolve(self) -> None:
        """Give every waiting reference a target other than the elements it stands in."""
        for element, attribute, wanted in self.waiting:
            around = {node.get("id") for node in (element, *element.iterancestors())}
            tags = sorted(self.ids) if wanted == ANYTHING else sorted(wanted)
            found = [name for tag in tags for name in self.ids.get(tag, ())]
            found = [name for name in found if name not in around] or found
            element.set(attribute, found[self.upto(len(found) - 1)])

    def add_comments(self) -> None:
        for _ in range(self.upto(3)):
            place = self.places[self.upto(len(self.places) - 1)]
            place.insert(self.upto(len(place)), etree.Comment(self.one(comments)))


@cache
def cibs(
    schema: str = "pacemaker-3.9", *, sections: tuple[str, ...] | None = None, size: int = 60, comments: bool = True
) -> st.SearchStrategy[etree._Element]:
    """Schema-valid <cib> elements: attributes and <configuration>, no status section.

    sections: the only ones to fill; by default some, different from document to document. Where references need a
    target (`constraints` need `resources`) both must be named. size: about how many elements a document has at most.
    comments: whether there may be some, anywhere in <configuration> where a child element may stand.
    """

    @st.composite
    def documents(draw: Callable[[st.SearchStrategy[object]], object]) -> etree._Element:
        maker = Maker(draw, rich=1)
        maker.rich += maker.upto(2)
        return _document(maker, schema, sections, size, comments)

    return documents()


def _document(maker: Maker, name: str, wanted: tuple[str, ...] | None, size: int, comments: bool) -> etree._Element:
    schema = schema_of(name)
    cib = _parser.makeelement("cib", {"validate-with": name, "admin_epoch": "0", "epoch": "1", "num_updates": "0"})
    configuration = etree.SubElement(cib, "configuration")
    made = _sections(maker, schema, None if wanted is None else frozenset(wanted), size)
    configuration.extend(maker.merge([[section] for section in made]))
    maker.resolve()
    maker.places.append(configuration)
    if comments and maker.chance(1):
        maker.add_comments()
    if maker.chance(1):
        etree.indent(cib)
    return cib


def _sections(maker: Maker, schema: Schema, wanted: frozenset[str] | None, size: int) -> list[etree._Element]:
    """The sections in the order of making. The one that holds the goal gets most of the size, so that it grows rich."""
    able = {tag: part for tag, part in schema.sections.items() if wanted is None or tag in wanted}
    goals = frozenset().union(*(part.parts[0].reach() for part in able.values()))
    maker.goal = maker.one(_sample(("", *sorted(goals))))
    holders = [tag for tag, part in able.items() if maker.goal in part.parts[0].reach()]
    holder = holders[maker.upto(len(holders) - 1)] if holders else ""
    made = []
    for tag in sorted(schema.sections, key=_making_order):
        often = {"resources": 4 if holder in ("constraints", "tags") else 2}.get(tag, 1)
        filled = tag == holder or (tag in wanted if wanted is not None else maker.chance(often))
        if filled or tag in schema.required or maker.chance(1):
            maker.budget = size if tag == holder else size // 5 if filled else 0
            made.append(maker.make(schema.sections[tag]))
    return made


def _making_order(section: str) -> int:
    return MAKING_ORDER.index(section) if section in MAKING_ORDER else len(MAKING_ORDER)
