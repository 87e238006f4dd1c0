"""RelaxNG schemas as patterns that a document in the making is filled from.

Read as they are: externalRef, include with overriding, nested grammars and parentRef, combine. Names of elements and
attributes must be plain: <anyName> stands in the status section alone, of which nothing is made.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from schema_cibs import Maker

ANYTHING = frozenset("*")
RESOURCES = frozenset(("primitive", "group", "clone", "master", "bundle", "template", "tag"))
ROLES = frozenset(("acl_role",))
TARGETS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("rsc", "with-rsc", "first", "then", "resource_ref/id"), RESOURCES),
    **dict.fromkeys(("role/id", "role_ref/id"), ROLES),
    **dict.fromkeys(("reference", "ref", "obj_ref/id"), ANYTHING),
    "template": frozenset(("template",)),
}


def targets(tag: str, attribute: str) -> frozenset[str]:
    """The tags that an IDREF may point at; `id-ref` stands for an element of its own tag."""
    return TARGETS.get(f"{tag}/{attribute}") or TARGETS.get(attribute) or frozenset((tag,))


# What a pattern cannot do without: alternatives, each a set of wants. A want is the tags of which one must have an id,
# or the name of an IDREF attribute whose element is not known yet.
Needs = frozenset[frozenset["str | frozenset[str]"]]
NOTHING: Needs = frozenset((frozenset(),))


class Pattern:
    """A RelaxNG pattern. A list of parts is a group: they follow each other."""

    def __init__(self, parts: Iterable[Pattern] = ()) -> None:
        self.parts = list(parts)
        self._cost: float | None = None
        self._needs: Needs | None = None
        self._reach: frozenset[str] | None = None

    def cost(self) -> float:
        """The least number of elements. A pattern within itself never makes the least, so it counts as infinite."""
        if self._cost is None:
            self._cost = math.inf
            self._cost = self.find_cost()
        return self._cost

    def needs(self) -> Needs:
        """The references that cannot be done without; empty where the pattern cannot be made at all."""
        if self._needs is None:
            self._needs = frozenset()
            self._needs = self.find_needs()
        return self._needs

    def reach(self) -> frozenset[str]:
        """The tags of all the elements that the pattern may have, at any depth."""
        if self._reach is None:
            left = [part for part in within(self) if isinstance(part, Element)]
            seen = set(left)
            while left:
                inner = {part for part in within(left.pop().parts[0]) if isinstance(part, Element)} - seen
                seen |= inner
                left += inner
            self._reach = frozenset(element.tag for element in seen)
        return self._reach

    def find_cost(self) -> float:
        return sum(part.cost() for part in self.parts)

    def find_needs(self) -> Needs:
        found = frozenset(frozenset().union(*wants) for wants in product(*(part.needs() for part in self.parts)))
        return NOTHING if frozenset() in found else found

    def fill(self, maker: Maker, element: etree._Element) -> list[etree._Element]:
        """Set the attributes that the pattern has and return the child elements that it has."""
        return [child for part in self.parts for child in part.fill(maker, element)]

    def text(self, maker: Maker, element: etree._Element, attribute: str) -> str:
        """A value of the attribute, for patterns of values."""
        return " ".join(part.text(maker, element, attribute) for part in self.parts)


class Interleave(Pattern):
    def fill(self, maker: Maker, element: etree._Element) -> list[etree._Element]:
        return maker.merge([part.fill(maker, element) for part in self.parts])


class Choice(Pattern):
    sorted = False

    def find_cost(self) -> float:
        return min((part.cost() for part in self.parts), default=math.inf)

    def find_needs(self) -> Needs:
        found: Needs = frozenset().union(*(part.needs() for part in self.parts))
        return NOTHING if frozenset() in found else found

    def pick(self, maker: Maker, tag: str) -> Pattern:
        if not self.sorted:
            # The smallest first, for that is what hypothesis shrinks to; a rule within a rule must not be it.
            self.parts.sort(key=lambda part: len(part.reach()))
            self.sorted = True
        able = [part for part in self.parts if maker.can(part, tag)]
        least = min(part.cost() for part in able)
        payable = [part for part in able if part.cost() <= max(maker.budget, least)]
        own = [part for part in payable if not any("id-ref" in wants for wants in part.needs())]
        # Borrowing by id-ref says little; where it would be taken every other time, little else got made.
        payable = own if own and len(own) < len(payable) and not maker.chance(1) else payable
        payable = [part for part in able if maker.goal in part.reach()] or payable
        return payable[maker.upto(len(payable) - 1)]

    def fill(self, maker: Maker, element: etree._Element) -> list[etree._Element]:
        return self.pick(maker, str(element.tag)).fill(maker, element)

    def text(self, maker: Maker, element: etree._Element, attribute: str) -> str:
        return self.pick(maker, str(element.tag)).text(maker, element, attribute)


class Repeat(Pattern):
    """optional (0 to 1), zeroOrMore (0 to infinite), oneOrMore (1 to infinite)."""

    def __init__(self, part: Pattern, least: int, most: float) -> None:
        super().__init__([part])
        self.least, self.most = least, most

    def find_cost(self) -> float:
        return self.least and self.parts[0].cost()

    def find_needs(self) -> Needs:
        return self.parts[0].needs() if self.least else NOTHING

    def fill(self, maker: Maker, element: etree._Element) -> list[etree._Element]:
        found: list[etree._Element] = []
        count = 0
        while count < self.most:
            work = partial(self.once, maker, element, count)
            made = maker.within_span(work) if self.parts[0].cost() else work()
            if made is None:
                break
            found += made
            count += 1
        return found

    def once(self, maker: Maker, element: etree._Element, count: int) -> list[etree._Element] | None:
        """Make the part for the `count`-th time, counted from 0, or None if that is enough."""
        part = self.parts[0]
        if count < self.least or maker.more(part, str(element.tag), count):
            return part.fill(maker, element)
        return None


class Element(Pattern):
    """An element; its part is what it holds."""

    def __init__(self, tag: str, content: Pattern) -> None:
        super().__init__([content])
        self.tag = tag

    def find_cost(self) -> float:
        return 1 + self.parts[0].cost()

    def find_needs(self) -> Needs:
        return frozenset(
            frozenset(targets(self.tag, want) if isinstance(want, str) else want for want in wants)
            for wants in self.parts[0].needs()
        )

    def fill(self, maker: Maker, element: etree._Element) -> list[etree._Element]:
        return [maker.make(self)]


class Attribute(Pattern):
    """An attribute; its part is a pattern of values."""

    def __init__(self, name: str, value: Pattern) -> None:
        super().__init__([value])
        self.name = name

    def find_needs(self) -> Needs:
        value = self.parts[0]
        return frozenset((frozenset((self.name,)),)) if isinstance(value, Data) and value.kind == "IDREF" else NOTHING

    def fill(self, maker: Maker, element: etree._Element) -> list[etree._Element]:
        element.set(self.name, self.parts[0].text(maker, element, self.name))
        return []


class Value(Pattern):
    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value

    def text(self, maker: Maker, element: etree._Element, attribute: str) -> str:
        return self.value


class Text(Pattern):
    def text(self, maker: Maker, element: etree._Element, attribute: str) -> str:
        return maker.free_text(element, attribute)


class Data(Text):
    """A value of an XSD type; `pattern` is its facet, `refused` the values in <except>."""

    def __init__(self, kind: str, pattern: str | None, refused: Iterable[str]) -> None:
        super().__init__()
        self.kind, self.pattern, self.refused = kind, pattern, frozenset(refused)

    def text(self, maker: Maker, element: etree._Element, attribute: str) -> str:
        if self.kind == "ID":
            return maker.new_id(element)
        if self.kind == "IDREF":
            return maker.refer(element, attribute)
        if self.pattern is not None or self.kind != "string":
            return maker.typed_text(self.kind, self.pattern)
        value = super().text(maker, element, attribute)
        return f"{value}x" if value in self.refused else value


class Ref(Pattern):
    """A name in a grammar, looked up when it is first used, since grammars refer to themselves."""

    def __init__(self, grammar: Grammar, name: str) -> None:
        super().__init__()
        self.grammar, self.name = grammar, name

    # Not remembered here: while the target is being looked at, its answer is that it cannot be had.
    def cost(self) -> float:
        return self.target().cost()

    def needs(self) -> Needs:
        return self.target().needs()

    def target(self) -> Pattern:
        return self.grammar.defined[self.name]

    def fill(self, maker: Maker, element: etree._Element) -> list[etree._Element]:
        return self.target().fill(maker, element)

    def text(self, maker: Maker, element: etree._Element, attribute: str) -> str:
        return self.target().text(maker, element, attribute)


def within(pattern: Pattern, *, seen: set[Pattern] | None = None) -> Iterator[Pattern]:
    """The pattern and what it consists of, down to the elements and attributes, not into them."""
    seen = set() if seen is None else seen
    if pattern in seen:
        return
    seen.add(pattern)
    yield pattern
    if not isinstance(pattern, (Element, Attribute)):
        for part in [pattern.target()] if isinstance(pattern, Ref) else pattern.parts:
            yield from within(part, seen=seen)


class Grammar:
    """A RelaxNG grammar: its definitions, the start pattern among them as `start`."""

    def __init__(self, folder: Path, parent: Grammar | None = None) -> None:
        self.folder, self.parent = folder, parent
        self.defined: dict[str, Pattern] = {}
        self.interleaved: set[str] = set()

    def read(self, source: etree._Element) -> Pattern:
        """Take in a <grammar> and return its start pattern."""
        self.take(source, frozenset())
        return Ref(self, "start")

    def take(self, source: etree._Element, overridden: frozenset[str]) -> None:
        """Take in definitions, but for those that the including grammar overrides."""
        for node in source.iterchildren("{*}include"):
            own = frozenset(_defines(inner) for inner in node.iterchildren("{*}start", "{*}define"))
            self.take(etree.parse(self.folder / node.attrib["href"]).getroot(), own | overridden)
            self.take(node, overridden)
        for node in source.iterchildren("{*}start", "{*}define"):
            if _defines(node) not in overridden:
                self.define(_defines(node), node)

    def define(self, name: str, node: etree._Element) -> None:
        """Take in one definition; several of a name are combined, as at least all but one of them say."""
        if node.get("combine") == "interleave":
            self.interleaved.add(name)
        joined = Interleave if name in self.interleaved else Choice
        new = self.group(node)
        self.defined[name] = joined([self.defined[name], new]) if name in self.defined else new

    def group(self, node: etree._Element) -> Pattern:
        parts = self.parts(node)
        return parts[0] if len(parts) == 1 else Pattern(parts)

    def parts(self, node: etree._Element) -> list[Pattern]:
        return [self.pattern(child) for child in node.iterchildren("{*}*") if _local(child) not in NAME_CLASSES]

    def pattern(self, node: etree._Element) -> Pattern:
        kind, name = _local(node), node.get("name", "").strip()
        if kind in ("element", "attribute"):
            return (Element if kind == "element" else Attribute)(name, self.group(node) if len(node) else Text())
        if kind in ("ref", "parentRef"):
            return Ref(self if kind == "ref" or self.parent is None else self.parent, name)
        if kind == "grammar":
            return Grammar(self.folder, self).read(node)
        if kind == "externalRef":
            return read_file(self.folder / node.attrib["href"])
        if kind == "value":
            return Value(node.text or "")
        if kind == "text":
            return Text()
        if kind == "data":
            refused = [value.text or "" for value in node.iterfind("{*}except//{*}value")]
            return Data(node.attrib["type"], node.findtext("{*}param[@name='pattern']"), refused)
        return self.combination(kind, node)

    def combination(self, kind: str, node: etree._Element) -> Pattern:
        if kind in REPEATS:
            return Repeat(self.group(node), *REPEATS[kind])
        return JOINS[kind](self.parts(node))


# How an element without the attribute `name` is named. Only <status> has them, of which nothing is made.
NAME_CLASSES = ("name", "anyName", "nsName")
REPEATS: dict[str, tuple[int, float]] = {"optional": (0, 1), "zeroOrMore": (0, math.inf), "oneOrMore": (1, math.inf)}
# Nothing can be chosen from no choices: that is <notAllowed>.
JOINS = {
    **dict.fromkeys(("group", "empty"), Pattern),
    **dict.fromkeys(("interleave", "mixed"), Interleave),
    **dict.fromkeys(("choice", "notAllowed"), Choice),
}


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname


def _defines(node: etree._Element) -> str:
    return node.get("name", "start")


@cache
def read_file(path: Path) -> Pattern:
    """The start pattern of a schema file. Raises OSError where it cannot be read."""
    return Grammar(path.parent).read(etree.parse(path).getroot())
