"""What is true of all edits: no reference dangles, the schema fits, text loads back, undo brings back each byte."""

from __future__ import annotations

import random
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from equality import assert_same_meaning
from hypothesis import given, settings
from hypothesis import strategies as st
from random_edits import random_edit
from round_trip import load, show
from schema_cibs import SCHEMAS, cibs, needs_schemas, validator

from crmsh_py.cib import references
from crmsh_py.cib.document import Cib
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File
from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml import etree

# two CIBs with every kind of reference: a schema of today, and one with the first ACLs
HERE = Path(__file__).parent


def fits(root: etree._Element) -> bool:
    # validation enters ids into tables of the document that outlive a change of it
    return bool(validator(root.get("validate-with")).validate(deepcopy(root)))


def borrows_elsewhere(root: etree._Element) -> bool:
    """Whether content is borrowed where the schema would not let it stand, such as a node's rule in op_defaults."""
    lenders = {el.get("id"): place_of(el) for el in root.iter("*") if el.get("id")}
    return any(lenders.get(el.get("id-ref")) != place_of(el) for el in root.iterfind(".//*[@id-ref]"))


def place_of(el: etree._Element) -> list[str]:
    return [str(above.tag) for above in el.iterancestors()]


def dangling(cib: Cib) -> set[tuple[str, str]]:
    """The objects whose references dangle, and what is missing."""
    return {(name, id_) for name, _, id_ in references.dangling(cib)}


def check(path: Path, data: bytes, pick: Callable[[Sequence[Any]], Any], count: int) -> None:
    """Edit a CIB some times; all laws after each edit, undo at the end."""
    path.write_bytes(data)
    session = Session(File(str(path)))
    dangled, fitted = {id_ for _, id_ in dangling(session.draft)}, fits(session.draft.root)
    fitted = fitted and not borrows_elsewhere(session.draft.root)
    before = [session.draft.to_bytes()]
    told: list[str] = []
    for _ in range(count):
        try:
            name, change, stated = random_edit(session.draft, pick)
            told.append(name)
            session.edit(change)
        except CrmError:
            assert session.draft.to_bytes() == before[-1], f"a refused edit left something: {told}"
            continue
        fresh = {(name, id_) for name, id_ in dangling(session.draft) if id_ not in dangled}
        assert {name for name, _ in fresh} <= stated, (told, fresh)
        if fresh or (name == "constrain" and not fits(session.draft.root)):
            session.undo()  # the text itself named what is not there, or what its schema does not have
            assert session.draft.to_bytes() == before[-1], told
            continue
        assert fits(session.draft.root) or not fitted, (told, session.draft.to_bytes().decode())
        before.append(session.draft.to_bytes())
    if fitted:
        assert_loads_back(session.draft)
    while len(before) > 1:
        assert session.draft.to_bytes() == before.pop(), told
        assert session.undo()
    assert session.draft.to_bytes() == before[0], told


def assert_loads_back(cib: Cib) -> None:
    again = load(show(cib), cib.schema)
    assert_same_meaning(Cib.parse(cib.to_bytes(), "edited").root, Cib.parse(again.to_bytes(), "again").root)


def drawn(data: st.DataObject) -> Callable[[Sequence[Any]], Any]:
    def pick(choices: Sequence[Any]) -> Any:
        if not len(choices):
            raise IndexError
        return choices[data.draw(st.integers(0, len(choices) - 1))]

    return pick


@needs_schemas
@pytest.mark.parametrize("name", ["references", "references-old"])
@given(st.data())
def test_edits_of_a_cib_with_every_kind_of_reference(
    tmp_path_factory: pytest.TempPathFactory, name: str, draw: st.DataObject
) -> None:
    check(tmp_path_factory.mktemp("law") / "cib.xml", (HERE / f"{name}.xml").read_bytes(), drawn(draw), 5)


@needs_schemas
@pytest.mark.parametrize("schema", ["pacemaker-3.9", "pacemaker-2.10", "pacemaker-1.2"])
@settings(max_examples=60)
@given(st.data())
def test_edits_of_made_up_cibs(tmp_path_factory: pytest.TempPathFactory, schema: str, draw: st.DataObject) -> None:
    from lxml import etree

    root = draw.draw(cibs(schema, comments=False))
    check(tmp_path_factory.mktemp("law") / "cib.xml", etree.tostring(root), drawn(draw), 3)


@needs_schemas
def test_edits_of_real_cibs(corpus_file: Path, tmp_path: Path) -> None:
    chance = random.Random(corpus_file.stem)
    cib = Cib.parse(corpus_file.read_bytes(), corpus_file.name)
    if not (SCHEMAS / f"{cib.schema}.rng").exists():
        pytest.skip(f"the schema {cib.schema or '(none named)'} is not installed here")
    check(tmp_path / "cib.xml", cib.to_bytes(), chance.choice, 6)
