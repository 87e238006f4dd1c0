"""Each statement of the grammar stands under examples of it, which are right; so do the parts that have one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crmsh_py.language import statements as st
from crmsh_py.language.parser import parse
from crmsh_py.language.writer import Writer, text_of

GRAMMAR = Path(__file__).parents[2] / "grammar"
RULE = re.compile(r"((?:^// .*\n)+)^\??(\w+):", re.MULTILINE)
START = re.search(r"^\?start:(.*?)\n\n", (GRAMMAR / "statements.lark").read_text(), re.MULTILINE | re.DOTALL)
STATEMENTS = re.findall(r"\w+", START.group(1)) if START else []
# what an example of a part of a statement stands behind
BEFORE = {
    "instance_attributes": "primitive p Dummy",
    "operations": "primitive p Dummy",
    "op": "primitive p Dummy",
    "rule": "location l p",
}
EXAMPLES = [
    pytest.param(rule, line[3:], id=f"{rule}-{number}")
    for chapter in sorted(GRAMMAR.glob("*.lark"))
    for comments, rule in RULE.findall(chapter.read_text(encoding="utf-8"))
    if rule in STATEMENTS or rule in BEFORE
    for number, line in enumerate(comments.splitlines())
]


@pytest.mark.parametrize(("rule", "line"), EXAMPLES)
def test_an_example_is_right(rule: str, line: str) -> None:
    (statement,) = parse(f"{BEFORE[rule]} {line}" if rule in BEFORE else line, "example")
    if rule in STATEMENTS:
        assert type(statement).__name__ == "".join(word.capitalize() for word in rule.split("_"))
    else:
        assert statement.children


@pytest.mark.parametrize(("rule", "line"), EXAMPLES)
def test_what_an_example_prints_is_stable(rule: str, line: str) -> None:
    (statement,) = parse(f"{BEFORE[rule]} {line}" if rule in BEFORE else line, "example")
    assert printed(parse(printed(statement), "printed")[0]) == printed(statement)


def printed(statement: st.Statement) -> str:
    """The readable text, with all ids."""
    ids = {str(getattr(part, "id", "")) for part in st.parts(statement)}
    return text_of(Writer(referenced=ids).write(statement))


def test_every_statement_has_an_example() -> None:
    assert len(STATEMENTS) >= 20
    assert {rule for rule, _ in (param.values for param in EXAMPLES)} == {*STATEMENTS, *BEFORE}
