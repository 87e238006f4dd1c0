"""Whatever is read as configuration: statements, or an error of ours with a place inside the text, and nothing else.

What was read goes into a CIB, and comes back from the text of that CIB.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from equality import assert_same, assert_same_meaning
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from round_trip import fallbacks, load, save, show, typed
from soup import SLOT_WORDS, grown, scripts, statements, texts

from crmsh_py.cib import edit, schema
from crmsh_py.cib.document import Cib
from crmsh_py.errors import BadSyntax, CrmError
from crmsh_py.language.keywords import grammar_text
from crmsh_py.language.parser import parse, read_text
from crmsh_py.language.words import logical_lines, quote_argv

if TYPE_CHECKING:
    from crmsh_py.language.statements import Statement

# what soup may refer to
BEFORE = """
node node1
primitive web Dummy
primitive db ocf:pacemaker:Stateful
primitive d1 stonith:fence_sbd
primitive d2 stonith:fence_sbd
rsc_template base Dummy
role operators read cib
"""
any_text = st.text(max_size=60)


def read(text: str, *, exact: bool = False) -> list[Statement]:
    """The statements, or none where the text is refused as it should be."""
    try:
        return parse(text, "soup", exact=exact)
    except BadSyntax as error:
        check_places(error, text)
        return []


def check_places(error: BadSyntax, text: str) -> None:
    lines = text.removeprefix("\ufeff").split("\n")
    assert error.problems
    for problem in error.problems:
        assert problem.text
        assert "\n" not in problem.text
        place = problem.place
        assert place is not None, problem
        assert place.source == "soup"
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 2
        assert place.column < place.end


def configured(text: str, *, exact: bool = False) -> Cib | None:
    """The CIB that the text makes of a small one; None where it is refused, in part or whole."""
    cib = typed(BEFORE)
    try:
        edit.update(cib, read(text, exact=exact), exact=exact)
    except CrmError:
        return None
    return cib


def check_is_kept(cib: Cib) -> None:
    """Whatever is in a CIB, `save` writes it and `load` reads it; what `show` prints of a valid one means the same."""
    text = save(cib)
    again = load(text)
    again.schema = cib.schema
    assert_same(again.root, cib.root)
    is_valid = not schema.problems(Cib.parse(cib.to_bytes(), "soup"))
    event(f"valid: {is_valid}, xml: {bool(fallbacks(text))}")
    if is_valid:
        # only a comment that looks like the first line of exact text may need XML
        assert "#crm exact" in text[1:] or fallbacks(text) == []
        assert_same_meaning(load(show(cib)).root, cib.root)


def test_every_slot_has_words() -> None:
    declared = set(re.findall(r"\b[A-Z_]+_SLOT\b", grammar_text()))
    assert declared - set(SLOT_WORDS) == set()


@given(statements, st.booleans())
@example("primitive a $'\\", True)
@example("xml <", False)
def test_one_statement_of_soup(text: str, exact: bool) -> None:
    cib = configured(text, exact=exact)
    if cib is not None:
        check_is_kept(cib)


@given(grown(), st.booleans())
@settings(max_examples=300)
def test_statements_along_the_grammar(text: str, exact: bool) -> None:
    cib = configured(text, exact=exact)
    if cib is not None:
        check_is_kept(cib)


@given(scripts)
def test_scripts_of_soup(text: str) -> None:
    try:
        said = read_text(text, "soup")
    except BadSyntax as error:
        check_places(error, text)
        return
    assert said.statements or said.header or not text.strip("\\\n \t\r\ufeff")
    cib = configured(text, exact=bool(said.header))
    if cib is not None:
        check_is_kept(cib)


@given(texts | any_text)
def test_text_of_any_kind(text: str) -> None:
    read(text)
    read(f"primitive {text}")


@given(st.lists(texts | any_text, max_size=6))
def test_arguments_are_one_line_each_time(words: list[str]) -> None:
    try:
        lines = list(logical_lines(quote_argv(words), "argv"))
    except BadSyntax:
        return  # a character that XML cannot hold
    assert len([line for line in lines if line.words or line.fault]) <= 1
