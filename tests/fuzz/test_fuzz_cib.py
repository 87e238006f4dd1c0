"""Files that should be a CIB: read and shown, or refused with an error of ours."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crmsh_py.cib import edit, listing
from crmsh_py.cib.document import Cib
from crmsh_py.errors import CrmError
from crmsh_py.language.parser import read_text
from crmsh_py.language.records import record
from crmsh_py.language.writer import text_of

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.crm"))


def xml_of(path: Path) -> bytes:
    cib = Cib.empty("pacemaker-3.9")
    edit.update(cib, read_text(path.read_text(encoding="utf-8"), path.name).statements)
    return cib.to_bytes()


SEEDS = [xml_of(path) for path in EXAMPLES]


def show_it(data: bytes) -> bool:
    """Whether the data is a CIB; if it is, it is shown in all ways."""
    try:
        cib = Cib.parse(data, "soup")
    except CrmError:
        return False
    shown = "\n".join(text_of(fragments) for fragments in listing.show(cib))
    exact = "\n".join(text_of(fragments) for fragments in listing.exact(cib)) + "\n"
    assert shown.strip() == "" or exact.count("\n") > 1
    assert read_text(exact, "exact").header
    for entry in listing.entries(cib):
        assert record(listing.statement_of(entry))["kind"]
    return True


@given(st.binary(max_size=200))
def test_random_bytes(data: bytes) -> None:
    assert not show_it(data)


@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=200)
def test_bytes_changed_in_a_cib(seed: bytes, random: Random, count: int) -> None:
    data = bytearray(seed)
    for _ in range(count):
        at = random.randrange(len(data))
        kind = random.randrange(3)
        if kind == 0:
            data[at] = random.randrange(256)
        elif kind == 1:
            del data[at : at + random.randrange(1, 20)]
        else:
            data[at:at] = data[random.randrange(len(data)) :][: random.randrange(1, 40)]
    show_it(bytes(data))
    assert len(data) < 2 * len(seed)


@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=200)
def test_elements_changed_in_a_cib(seed: bytes, random: Random, count: int) -> None:
    """Still XML: elements moved, doubled, emptied, renamed; attributes lost, swapped, and with values of others."""
    cib = Cib.parse(seed, "seed")
    for _ in range(count):
        elements = [el for el in cib.configuration.iter("*") if el is not cib.configuration]
        one, other = random.choice(elements), random.choice(elements)
        kind = random.randrange(6)
        parent = one.getparent()
        if kind == 0 and parent is not None:
            parent.remove(one)
        elif kind == 1 and one not in other.iterancestors() and one is not other:
            other.append(one)
        elif kind == 2:
            one.tag = other.tag
        elif kind == 3 and one.attrib:
            one.attrib.pop(random.choice(list(one.attrib)))
        elif kind == 4:
            one.attrib.update(other.attrib)
        else:
            one.text = "text"
    assert show_it(cib.to_bytes())


INSIDE = {
    "a comment": lambda: etree.Comment(" c "),
    "an instruction": lambda: etree.ProcessingInstruction("p", "i"),
    "an element": lambda: etree.Element("unknown"),
    "a rule": lambda: etree.Element("rule", id="new"),
}


@pytest.mark.parametrize("what", INSIDE)
def test_something_inside_an_element_of_each_kind(what: str) -> None:
    tags = {str(el.tag) for seed in SEEDS for el in Cib.parse(seed, "seed").configuration.iter("*")}
    assert len(tags) > 40
    for seed in SEEDS:
        for tag in tags:
            cib = Cib.parse(seed, "seed")
            found = cib.configuration.find(f".//{tag}")
            if found is not None:
                found.insert(0, INSIDE[what]())
                assert show_it(cib.to_bytes()), tag


@pytest.mark.parametrize("seed", SEEDS, ids=[path.stem for path in EXAMPLES])
def test_every_truncation_is_refused(seed: bytes) -> None:
    end = len(seed.rstrip())
    assert [at for at in range(0, end, 7) if show_it(seed[:at])] == []
    assert show_it(seed)
