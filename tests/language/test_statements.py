"""What is typed, what the CIB holds of it then, and how it is printed: the chapters in statements/*.txt.

A chapter begins with what is there already. Each case has a title, the typed lines, the elements that it is about
(with the resources in them by id alone) and the text that is printed of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from lxml import etree
from round_trip import load, save, show, typed

from crmsh_py.cib import listing
from crmsh_py.language.writer import text_of

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib

CHAPTERS = sorted((Path(__file__).parent / "statements").glob("*.txt"))


class Case(NamedTuple):
    """A case of a chapter."""

    given: str
    title: str
    typed: str
    xml: str
    printed: str


def cases(chapter: Path) -> list[Case]:
    given, *parts = chapter.read_text(encoding="utf-8").split("\n=== ")
    read = []
    for part in parts:
        title, _, rest = part.partition("\n")
        said, xml, printed = rest.rstrip("\n").split("\n---\n")
        read.append(Case(given.removeprefix("given").strip("\n"), title, said, xml, printed))
    return read


CASES = [pytest.param(case, id=f"{chapter.stem}: {case.title}") for chapter in CHAPTERS for case in cases(chapter)]


def elements(case: Case) -> list[etree._Element]:
    return list(etree.fromstring(f"<x>{case.xml}</x>", etree.XMLParser(remove_blank_text=True)))


def found(cib: Cib, wanted: etree._Element) -> etree._Element:
    """The element of the CIB that a case is about."""
    name = wanted.get("id")
    path = f"*/{wanted.tag}" if name is None else f"*//{wanted.tag}[@id='{name}']"
    if wanted.tag == "fencing-topology":
        path = "fencing-topology"
    (element,) = cib.configuration.xpath(path)
    return element


def form(element: etree._Element) -> str:
    """Indented, attributes sorted, resources inside by id alone."""
    copy = etree.fromstring(etree.tostring(element, method="c14n", with_tail=False))
    for inner in copy.xpath("*[self::primitive or self::group]"):
        id_ = inner.get("id")
        inner.clear()
        inner.set("id", id_)
    for part in copy.iter(etree.Element):
        part.text = None
        part.tail = None
    etree.indent(copy)
    return etree.tostring(etree.fromstring(etree.tostring(copy, method="c14n")), encoding="unicode")


def cib_of(case: Case) -> Cib:
    cib = typed(case.given)
    for line in case.typed.split("\n"):
        typed(line, cib=cib)
    return cib


def printed(cib: Cib, about: list[etree._Element]) -> str:
    chosen = [entry for entry in listing.entries(cib) if entry.el in about]
    return "\n".join(text_of(part) for part in listing.show(cib, chosen))


@pytest.mark.parametrize("case", CASES)
def test_what_is_typed_is_stored(case: Case) -> None:
    cib = cib_of(case)
    for wanted in elements(case):
        assert form(found(cib, wanted)) == form(wanted)


@pytest.mark.parametrize("case", CASES)
def test_what_is_stored_is_printed(case: Case) -> None:
    cib = cib_of(case)
    assert printed(cib, [found(cib, wanted) for wanted in elements(case)]) == case.printed


@pytest.mark.parametrize("case", CASES)
def test_both_texts_are_loaded_again(case: Case) -> None:
    cib = cib_of(case)
    assert show(load(show(cib))) == show(cib)
    assert save(load(save(cib))) == save(cib)


def test_there_are_many() -> None:
    assert len(CASES) >= 60
