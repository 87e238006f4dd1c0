"""The styles of the words of statements, and the first word that cannot be right.

writer: what `show` prints has the styles that the writer gave it.
parser: a fault is the error of the parser, at the same place.
typing: on the way to a statement that is right there is no fault.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from awkward import texts
from hypothesis import example, given
from hypothesis import strategies as some

from crmsh_py.cib import listing
from crmsh_py.cib.document import Cib
from crmsh_py.command.slots import SLOTS
from crmsh_py.errors import BadSyntax
from crmsh_py.language.builder import RULES
from crmsh_py.language.highlight import STYLE_OF, Highlighted, highlighted
from crmsh_py.language.keywords import statement_keywords
from crmsh_py.language.parser import parse, parse_line
from crmsh_py.language.table import load
from crmsh_py.language.words import Line, logical_lines, quote
from crmsh_py.language.writer import Fragment, Writer, text_of
from crmsh_py.output import STYLES

if TYPE_CHECKING:
    from crmsh_py.language.automaton import Table

FOLDER = Path(__file__).parent
LETTERS = dict(zip("kianvrsot", "keyword id agent name value reference score role ticket".split(), strict=True))
LINES = re.split(r"\n\n(?! *\^)", (FOLDER / "highlighted.txt").read_text(encoding="utf-8").removesuffix("\n"))[1:]
BLOCKS = [
    (block, exact)
    for name, exact in (("identity.crm", False), ("exact_identity.crm", True))
    for block in re.split(r"\n\n(?!\n)", (FOLDER / name).read_text(encoding="utf-8").removesuffix("\n"))
]
# a resource set writes all of its options alike
OF_SETS = {("value", "score"), ("value", "role")}
SETS = ("location", "colocation", "order", "rsc_ticket")
blocks = pytest.mark.parametrize(("block", "exact"), BLOCKS, ids=[re.sub(r"\s+", " ", text)[:60] for text, _ in BLOCKS])


def line_of(text: str) -> Line:
    return next(logical_lines(text, ""))


def styles_of(line: Line, found: Highlighted) -> list[str]:
    """The style of each character of a logical line."""
    styles = [""] * len(line.text)
    for start, stop, style in found.pieces:
        styles[start:stop] = [style] * (stop - start)
    return styles


# ------------------------------------------------------------------------------------------- tables


def test_a_terminal_is_in_one_rule_of_each_state() -> None:
    """Else its style would depend on what follows."""
    table = load(RULES)
    several = [
        name
        for state in table.states
        for name, at in state.items()
        if name.isupper() and at >= 0
        if len({action for action in table.states[at].values() if action < 0}) > 1
    ]
    assert several == []


def leaves(table: Table) -> set[str]:
    """The names of the rules that a terminal ends."""
    ends = {at for state in table.states for name, at in state.items() if name.isupper() and at >= 0}
    return {table.rules[-1 - action].name for at in ends for action in table.states[at].values() if action < 0}


def test_the_table_names_what_there_is() -> None:
    table = load(RULES)
    names = {*leaves(table), *(f"{leaf}:" for leaf in leaves(table)), *table.terminals.values(), *SLOTS}
    names.update(name for state in table.states for name in state)
    assert set(STYLE_OF) - names == set()
    assert set(STYLE_OF.values()) - set(STYLES) == set()


def test_a_rule_is_not_taken_for_a_slot_of_its_name() -> None:
    table = load(RULES)
    own = {
        (table.rules[-1 - action].name, name.removesuffix("_SLOT").lower())
        for state in table.states
        for name, at in state.items()
        if name.endswith("_SLOT")
        for action in table.states[at].values()
        if action < 0
    }
    # both are ids
    both = leaves(table) & set(SLOTS) & set(STYLE_OF) - {"set_id"}
    assert {name for name in both if (name, name) not in own} == set()


# ------------------------------------------------------------------------------------------- the writer


def differing(fragments: list[Fragment], exact: bool) -> set[tuple[str, str, str]]:
    """(what the writer says, what is said here, the text) where both give a style and not the same."""
    text = text_of(fragments)
    written = [style for style, part in fragments for _ in part]
    starts = [0]
    for physical in text.split("\n"):
        starts.append(starts[-1] + len(physical) + 1)
    found = set()
    for line in logical_lines(text, ""):
        if not line.words:
            continue
        styles = styles_of(line, highlighted(line.words, exact=exact))
        for offset, number, physical in line.pieces:
            for at in range(len(physical)):
                before, now = written[starts[number - 1] + at], styles[offset + at]
                is_known = (before, now) in OF_SETS and line.text.startswith(SETS)
                if before and now and before != now and not is_known:
                    found.add((before, now, line.text))
    return found


@blocks
def test_the_styles_are_those_of_the_writer(block: str, exact: bool) -> None:
    ids = re.findall(r"\$(?:id=)?([A-Za-z_][\w.-]*)(?=[: ]|$)", block, re.MULTILINE)
    writer = Writer(exact=exact, referenced=ids)
    for statement in parse(block, "", exact=exact):
        assert differing(writer.write(statement), exact) == set()


def test_the_styles_of_real_configurations_are_those_of_the_writer(corpus: list[Path]) -> None:
    found = set()
    for path in corpus[::4]:
        cib = Cib.parse(path.read_bytes(), path.name)
        for exact, entries in ((False, listing.show(cib)), (True, listing.exact(cib))):
            for fragments in entries:
                found |= differing(list(fragments), exact)
    assert found == set()


@blocks
def test_no_word_is_left_without_a_style(block: str, exact: bool) -> None:
    for line in logical_lines(block, ""):
        if line.words:
            styles = styles_of(line, highlighted(line.words, exact=exact))
            bare = [word.raw for word in line.words if "" in styles[word.start : word.stop]]
            assert bare == []


# ------------------------------------------------------------------------------------------- the parser


def parse_error(line: Line) -> tuple[int, str] | None:
    """Where the error of a line stands, and what is said; None where there is none but that it ends too early."""
    try:
        parse_line(line)
    except BadSyntax as error:
        (problem,) = error.problems
        assert problem.place
        offset = next(offset for offset, number, _ in line.pieces if number == problem.place.line)
        early = problem.text.startswith("the line ends too early")
        return None if early else (offset + problem.place.column - 1, problem.text)
    return None


def assert_as_the_parser_says(line: Line) -> None:
    error, fault = parse_error(line), highlighted(line.words).fault
    if error is None:
        # what ends too early may be wrong before its end too
        assert fault is None or re.match("the line ends too early", str(ending(line)))
    else:
        assert fault
        assert fault.expected.startswith(error[1])
        (word,) = (word for word in line.words if word.start <= fault.start < word.stop)
        # of a word with quotes only the part is meant that is wrong
        is_exact = word.is_bare and error[0] < word.stop
        assert error[0] == fault.start if is_exact else word.start <= error[0] <= word.stop


def ending(line: Line) -> BadSyntax | None:
    try:
        parse_line(line)
    except BadSyntax as error:
        return error
    return None


PARTS = sorted({word for block, _ in BLOCKS for word in block.replace("\\\n", " ").split()})
words = some.sampled_from(PARTS) | some.sampled_from(sorted(statement_keywords())) | texts.map(quote) | texts


@some.composite
def broken(draw: some.DrawFn) -> str:
    """A statement with a word too many, one too few, or another one."""
    block, _ = draw(some.sampled_from(BLOCKS))
    line = next(logical_lines(block.replace("\\\n", " ").split("\n")[-1], ""), None)
    found = [word.raw for word in line.words] if line and line.words else ["node"]
    at = draw(some.integers(0, len(found) - 1))
    found[at : at + draw(some.integers(0, 1))] = draw(some.lists(words, max_size=2))
    return " ".join(found)


@given(broken() | some.lists(words, min_size=1).map(" ".join))
@example("primitive p Dummy op monitor a=b interval=1")
@example("primitive p ocf:heartbeat: op")
@example("location l p rule a eq b and c eq d or e eq f")
@example("fencing_topology a: b c:")
def test_a_fault_is_what_the_parser_says(text: str) -> None:
    try:
        lines = list(logical_lines(text, ""))
    except BadSyntax:
        return
    for line in lines:
        if line.words:
            assert_as_the_parser_says(line)


@pytest.mark.parametrize("block", (FOLDER / "malformed.txt").read_text(encoding="utf-8").split("\n\n")[1:])
def test_a_malformed_statement_has_its_fault(block: str) -> None:
    text = "\n".join(line for line in block.split("\n") if not re.match(r"\s*\^~*$|[=?] ", line))
    for line in logical_lines(text, ""):
        if line.words:
            assert_as_the_parser_says(line)


@given(broken(), some.booleans())
def test_the_pieces_stand_in_order(text: str, is_typed: bool) -> None:
    for line in logical_lines(re.sub(r"[^\x20-\x7e]", "?", text), ""):
        if line.words:
            found = highlighted(line.words, is_typed=is_typed)
            assert all(one.stop <= other.start for one, other in pairwise(found.pieces))
            assert all(0 <= one.start < one.stop <= len(line.text) for one in found.pieces)
            assert found.fault is None or 0 <= found.fault.start < found.fault.stop <= len(line.text)


# ------------------------------------------------------------------------------------------- typing


@blocks
def test_there_is_no_fault_on_the_way_to_what_is_right(block: str, exact: bool) -> None:
    faults = []
    for line in logical_lines(block, ""):
        for word in line.words:
            before = line.words[: line.words.index(word)]
            for stop in range(word.start + 1, word.stop + 1):
                half = next(logical_lines(line.text[:stop], ""))
                if half.words and not half.fault and len(half.words) == len(before) + 1:
                    fault = highlighted(half.words, is_typed=True, exact=exact).fault
                    faults += [(half.text, fault)] * (fault is not None)
    assert faults == []


@pytest.mark.parametrize("block", LINES, ids=lambda block: block.split("\n")[0][:60])
def test_a_line_and_its_styles(block: str) -> None:
    text, *below = block.split("\n")
    text = text.removesuffix("|")
    marks = "" if not below or re.match(r" *\^|= ", below[0]) else below.pop(0)
    line = line_of(text)
    found = highlighted(line.words, is_typed=True)
    assert styles_of(line, found) == [LETTERS.get(letter, "") for letter in marks.ljust(len(text))]
    shown = [] if not found.fault else [caret(found.fault.start, found.fault.stop), f"= {found.fault.expected}"]
    assert below == shown


def caret(start: int, stop: int) -> str:
    return " " * start + "^" + "~" * (stop - start - 1)


def test_every_statement_has_a_line() -> None:
    first = {block.split(maxsplit=1)[0] for block in LINES}
    assert statement_keywords() - first == set()
