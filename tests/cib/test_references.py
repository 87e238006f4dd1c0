"""The table of references against Pacemaker's own schemas, and what dangles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from schema_cibs import SCHEMAS, needs_schemas, schema_of
from schema_patterns import NOTHING, Attribute, Element, within

from crmsh_py.cib import references
from crmsh_py.cib.document import Cib

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
# free text to the schema, ids to Pacemaker
UNTYPED = {("fencing-level", "devices")}


def elements(schema: str) -> Iterator[Element]:
    left = list(schema_of(schema).sections.values())
    seen = set(left)
    while left:
        element = left.pop()
        yield element
        fresh = {part for part in within(element.parts[0]) if isinstance(part, Element)} - seen
        seen |= fresh
        left.extend(fresh)


@needs_schemas
def test_the_table_has_each_reference_of_each_schema_and_no_other() -> None:
    typed = {
        (element.tag, part.name)
        for path in SCHEMAS.glob("pacemaker-*.rng")
        for element in elements(path.stem)
        for part in within(element.parts[0])
        if isinstance(part, Attribute) and part.needs() != NOTHING
    }
    assert typed == {(tag, name) for tag, names in references.KINDS.items() for name in names} - UNTYPED


@pytest.mark.parametrize("name", ["references", "references-old"])
def test_each_reference_is_found_when_its_target_goes(name: str) -> None:
    """One id after the other is taken away, without any surgery."""
    data = (HERE / f"{name}.xml").read_bytes()
    whole = Cib.parse(data, name)
    assert references.dangling(whole) == []
    targets = {found.id for found in references.references(whole.configuration)}
    for id_ in targets:
        cib = Cib.parse(data, name)
        names = [el for el in cib.configuration.iter("*") if el.get("id") == id_ and el.tag not in references.REFERRING]
        for el in names:
            el.set("id", "elsewhere")
        assert {missing for _, _, missing in references.dangling(cib)} == {id_}


def test_the_hand_made_cibs_have_every_kind_of_reference() -> None:
    roots = [Cib.parse((HERE / f"{name}.xml").read_bytes(), name) for name in ("references", "references-old")]
    found = {(el.tag, attribute) for cib in roots for el, attribute, _ in references.references(cib.configuration)}
    assert found == {(tag, name) for tag, names in references.KINDS.items() for name in names}


def test_a_tag_may_name_a_node() -> None:
    cib = Cib.empty("pacemaker-3.9")
    from crmsh_py.cib import edit
    from crmsh_py.language.parser import parse

    edit.update(cib, parse("node 1: alpha\ntag t alpha 1\ntag u beta\n", "x"))
    assert references.dangling(cib) == [("u", "id", "beta")]
