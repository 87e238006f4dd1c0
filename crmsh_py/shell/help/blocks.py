"""The text of help: what is marked in it, and how it is laid out for the terminal.

Marks, in docstrings and in the files of texts/, by the beginning of a line:

    word                        a paragraph, which is folded anew
    - word                      an item of a list; its other lines are indented by two blanks
      name   words              a row of a table: one to three blanks, the name, two blanks or more, the words; lines
                                that continue it are indented deeper
        word                    as it stands: four blanks or more
    {name} or {name word}       what a declaration says, a row of DERIVED (`derived.py`)
"""

from __future__ import annotations

import re
from itertools import groupby
from textwrap import TextWrapper
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crmsh_py.output import Fragment

WIDTH = 80
# a longer name has its words in the next line
WIDEST_NAME = 26
PARAGRAPH, ITEM, ROW, CODE, END = "paragraph", "item", "row", "code", "end"
_ROW = re.compile(r" {1,3}(\S.*?)(?: {2,}(.*)|)$")
_DERIVED = re.compile(r"\{(\w+)(?: (\w+))?\}")


class Block(NamedTuple):
    """A part of a text. sort: PARAGRAPH, ITEM, ROW (of a table; it has a name), CODE, or END, an empty line."""

    sort: str
    text: str
    name: str = ""


def blocks(text: str, derived: Callable[[str, str], Iterable[Block]] | None = None) -> list[Block]:
    """The parts of a text. derived: what stands for the two words in braces."""
    found: list[Block] = []
    for line in text.splitlines():
        mark = _DERIVED.fullmatch(line.strip())
        if mark and derived:
            found += derived(mark[1], mark[2] or "")
        else:
            block = _block(line, found[-1] if found else Block(END, ""))
            if block.sort == END or not (found and _goes_on(line, found[-1], block)):
                found.append(block)
            else:
                found[-1] = _joined(found[-1], block)
    return found


def _block(line: str, before: Block) -> Block:
    """A line as a part of its own."""
    row = _ROW.match(line)
    indent = len(line) - len(line.lstrip())
    if not line.strip():
        return Block(END, "")
    if line.startswith("- "):
        return Block(ITEM, line[2:])
    if before.sort in (ITEM, ROW) and indent >= (2 if before.sort == ITEM else 4):
        return Block(before.sort, line.strip(), before.name)
    if indent >= 4:
        return Block(CODE, line[4:])
    return Block(ROW, row[2] or "", row[1]) if row else Block(PARAGRAPH, line.strip())


def _goes_on(line: str, before: Block, block: Block) -> bool:
    if block.sort in (ITEM, ROW):
        return before.sort == block.sort and line.startswith("  " if block.sort == ITEM else "    ")
    return before.sort == block.sort


def _joined(before: Block, block: Block) -> Block:
    between = "\n" if block.sort == CODE else " "
    return before._replace(text=f"{before.text}{between}{block.text}".strip(" "))


def fragments(parts: Iterable[Block]) -> Iterator[Fragment]:
    """The parts as they are shown."""
    for is_table, group in groupby(parts, lambda part: part.sort == ROW):
        if is_table:
            yield from table((one.name, one.text) for one in group)
        else:
            yield from map(_shown, group)


def plain(parts: Iterable[Block]) -> str:
    """The parts as text alone."""
    return "".join(text for _, text in fragments(parts))


def _shown(part: Block) -> Fragment:
    if part.sort == CODE:
        return "", "".join(f"    {line}".rstrip() + "\n" for line in part.text.splitlines())
    return "", f"{folded(part.text, *(('- ', '  ') if part.sort == ITEM else ()))}\n"


def table(rows: Iterable[tuple[str, str]]) -> Iterator[Fragment]:
    """Names with their words beside them; the words of a long name stand below it."""
    rows = list(rows)
    width = min(max((len(name) for name, _ in rows), default=0), WIDEST_NAME)
    for name, words in rows:
        indent = " " * (width + 4)
        yield "keyword", f"  {name:{width if words else 0}}"
        yield "", "\n" if len(name) > width and words else ""
        text = folded(words, indent, indent)
        yield "", f"{text if len(name) > width else text.removeprefix(' ' * (width + 2))}\n"


def folded(text: str, first: str = "", other: str = "") -> str:
    """A text in lines of WIDTH columns; what the first one and the others begin with. Words are never cut."""
    return _wrapper(first, other).fill(text)


def folded_lines(text: str, indent: str = "") -> str:
    """A text of somebody else: its lines as they are, but for those that are too long."""
    return "\n".join(_wrapper(indent, indent).fill(line) if line.strip() else "" for line in text.splitlines())


def folded_usage(line: str, indent: str = "  ") -> str:
    """A usage line, cut between what stands in brackets, and inside of brackets only where there is no other way."""
    depth, glued = 0, []
    for char in line:
        depth += (char in "[(<") - (char in "])>")
        glued.append("\xa0" if char == " " and depth else char)
    wrapper = _wrapper(indent, indent + "    ")
    lines = wrapper.wrap("".join(glued))
    if any(len(one) > WIDTH for one in lines):
        lines = wrapper.wrap(line)
    return "\n".join(lines).replace("\xa0", " ")


def usage(lines: Sequence[str]) -> Iterator[Fragment]:
    """Usage lines as they are shown."""
    yield "keyword", "".join(f"{folded_usage(line)}\n" for line in lines)


def _wrapper(first: str, other: str) -> TextWrapper:
    return TextWrapper(
        WIDTH, initial_indent=first, subsequent_indent=other, break_long_words=False, break_on_hyphens=False
    )
