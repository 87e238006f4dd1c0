"""The laws of the language, over real CIBs and over CIBs made from Pacemaker's schemas.

exact: `save`, then `load replace` on an empty CIB, is the same configuration, and nothing had to be raw XML.
meaning: `show`, then `load`, means the same; what is shown then is what was shown.
statements: each statement is read back from its exact text as itself; text that is read and written stays as it is.
The scheduler does the same with the original and with what came back.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from corpus import needs_corpus, scheduler_cibs
from equality import assert_same, assert_same_meaning
from figures import count, counted
from hypothesis import given, settings
from hypothesis import strategies as some
from lxml import etree
from round_trip import fallbacks, load, save, show
from schema_cibs import cibs, needs_schemas

from crmsh_py.cib import listing
from crmsh_py.cib.document import Cib
from crmsh_py.language.parser import parse, read_text
from crmsh_py.language.statements import Statement, Xml
from crmsh_py.language.writer import Writer, text_of

SCHEMAS = ("1.2", "2.0", "2.10", "3.0", "3.5")
CORPUS = scheduler_cibs()
over_the_corpus = pytest.mark.parametrize("path", CORPUS, ids=[path.stem for path in CORPUS])
OUTCOMES = ("exact", "same", "differ", "error")


def cib_of(root: etree._Element) -> Cib:
    """The document as `crm` reads it from a file."""
    return Cib.parse(etree.tostring(root), "made")


def exact(cib: Cib) -> None:
    saved = save(cib)
    again = Cib.parse(load(saved).to_bytes(), "again")
    assert_same(cib.root, again.root)
    assert save(again) == saved
    raw = fallbacks(saved)
    for line in raw:
        # no form of the language stands where this comment does
        assert "<!--" in line, f"{line} could be said"
    count("laws: objects as raw XML", "for a comment", of=("for a comment",)) if raw else None


def meaning(cib: Cib) -> None:
    shown = show(cib)
    again = load(shown, cib.schema)
    assert_same_meaning(cib.root, Cib.parse(again.to_bytes(), "again").root)
    assert show(load(show(again), cib.schema)) == show(again)


def statements_of(cib: Cib) -> list[Statement]:
    return [listing.statement_of(entry) for entry in listing.entries(cib)]


def statements(cib: Cib) -> None:
    for statement in statements_of(cib):
        text = text_of(Writer(exact=True).write(statement))
        if not fallbacks("".join(text_of(part) for part in listing.exact(cib))):
            assert parse(text, "text", exact=True) == [statement], text
            assert [text_of(Writer(exact=True).write(one)) for one in parse(text, "text", exact=True)] == [text]


def stable(cib: Cib) -> None:
    """What was printed is printed again after it was read, without a CIB between."""
    shown = show(cib)
    writer = Writer(referenced=listing.references(cib), nodes=cib.nodes())
    again = "".join(text_of(writer.write(one)) + "\n" for one in parse(shown, "shown"))
    assert again == shown


@needs_corpus
@over_the_corpus
def test_a_real_cib_is_saved_exactly(path: Path) -> None:
    with counted("laws: save and load of the corpus", "exact", of=OUTCOMES):
        exact(Cib.parse(path.read_bytes(), path.name))


@needs_corpus
@over_the_corpus
def test_a_real_cib_is_shown_in_its_meaning(path: Path) -> None:
    with counted("laws: show and load of the corpus", "same", of=OUTCOMES):
        meaning(Cib.parse(path.read_bytes(), path.name))


@needs_corpus
@over_the_corpus
def test_the_statements_of_a_real_cib(path: Path) -> None:
    cib = Cib.parse(path.read_bytes(), path.name)
    statements(cib)
    stable(cib)


LAWS: dict[str, tuple[str, Callable[[Cib], None]]] = {
    "exact": ("exact", exact),
    "meaning": ("same", meaning),
    "statements": ("same", statements),
    "stable": ("same", stable),
}


@needs_schemas
@pytest.mark.parametrize("law", LAWS)
@given(data=some.data())
def test_a_law_over_made_cibs(law: str, data: some.DataObject) -> None:
    root = data.draw(cibs("pacemaker-3.9"))
    good, check = LAWS[law]
    with counted(f"laws: {law}, pacemaker-3.9 made by hypothesis", good, of=OUTCOMES):
        check(cib_of(root))


@needs_schemas
@pytest.mark.parametrize("version", SCHEMAS)
@settings(max_examples=settings().max_examples // 2)
@given(data=some.data())
def test_the_laws_over_made_cibs_of_older_schemas(version: str, data: some.DataObject) -> None:
    root = data.draw(cibs(f"pacemaker-{version}"))
    for good, check in LAWS.values():
        with counted(f"laws: {check.__name__}, pacemaker-{version} made by hypothesis", good, of=OUTCOMES):
            check(cib_of(root))
