"""Statements in canonical form print back as themselves: identity.crm as `show`, exact_identity.crm as `save`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crmsh_py.language.parser import parse
from crmsh_py.language.writer import Writer, text_of

FOLDER = Path(__file__).parent
ID = re.compile(r"\$(?:id=)?([A-Za-z_][\w.-]*)(?=[: ]|$)", re.MULTILINE)


def blocks(name: str) -> list[str]:
    """What blank lines divide; a comment at the end of a statement is ended by a blank line of its own."""
    text = (FOLDER / name).read_text(encoding="utf-8").removesuffix("\n")
    return re.split(r"\n\n(?!\n)", text)


def name_of(block: str) -> str:
    return re.sub(r"\s+", " ", block)[:60]


READABLE, EXACT = blocks("identity.crm"), blocks("exact_identity.crm")


def printed(block: str, *, exact: bool) -> str:
    writer = Writer(exact=exact, referenced=ID.findall(block))
    return "\n".join(text_of(writer.write(one)) for one in parse(block, "", exact=exact))


@pytest.mark.parametrize("block", READABLE, ids=name_of)
def test_readable_text_prints_back(block: str) -> None:
    assert printed(block, exact=False) == block


@pytest.mark.parametrize("block", EXACT, ids=name_of)
def test_exact_text_prints_back(block: str) -> None:
    assert printed(block, exact=True) == block


def test_there_are_many() -> None:
    assert len(set(READABLE)) >= 120
    assert len(set(EXACT)) >= 60
