"""The man page, from the declarations and the texts that `help` shows: `make man` writes it."""

from __future__ import annotations

import re
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING

from crmsh_py import __version__
from crmsh_py.levels import LEVELS, load
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.help.blocks import CODE, END, ITEM, ROW, WIDEST_NAME, Block, blocks
from crmsh_py.shell.help.derived import filled, rows
from crmsh_py.shell.help.entries import parts_of, words_of
from crmsh_py.shell.help.syntax import examples_of, statement_rules, syntax_of
from crmsh_py.shell.help.texts import statement_text, topic_names, topic_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crmsh_py.command.declare import Command, Level

    # the spellings of an option of the program, the name of its value or "", and what it does
    Option = tuple[Sequence[str], str, str]

SUMMARY = "configure and run Pacemaker clusters"
SYNOPSIS = ("crm [OPTION]... [LEVEL]... [COMMAND [ARGUMENT]...]", "crm [OPTION]... --file FILE [LEVEL]...")
# topics that have the usual name of a section and stand at its place: the first one, and the last ones
FIRST = {"overview": "DESCRIPTION"}
LAST = {
    "settings": "SETTINGS",
    "exit-codes": "EXIT STATUS",
    "environment": "ENVIRONMENT",
    "files": "FILES",
    "recipes": "EXAMPLES",
}
SEE_ALSO = "cibadmin crm_mon crm_resource crm_simulate crm_verify pacemakerd stonith_admin corosync booth".split()
WIDTH = 66
_ARGUMENT = re.compile(r"<([^<>]+)>")
_CODE = re.compile(r"`([^`]+)`")
# in the place of escapes while a text is folded
_BOLD, _ROMAN = "\1", "\2"
_ESCAPES = str.maketrans(
    {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}
    | {_BOLD: r"\fB", _ROMAN: r"\fR"}
)


def page(options: Iterable[Option]) -> str:
    """The page as roff, in the macros of man(7); the same text for the same declarations."""
    lines = [
        f'.\\" Made by `make man` from the declarations of crm {__version__}.',
        f'.TH CRM 8 "" "crm {escaped(__version__)}" "Pacemaker clusters"',
        # names and lines that are typed are not to be cut
        ".nh",
        ".nr HY 0",
        ".ad l",
        *section("NAME", [f"crm {_dash()} {SUMMARY}"]),
        *section("SYNOPSIS", "\n.br\n".join(map(_usage, SYNOPSIS)).splitlines()),
        *_topics(FIRST),
        *section("OPTIONS", _options(options)),
        *section("COMMANDS", _commands()),
        *section("STATEMENTS", _statements()),
        *_topics({name: _title(name) for name in topic_names() if name not in {**FIRST, **LAST}}),
        *_topics(LAST),
        *section("SEE ALSO", [", ".join(f"\\fB{escaped(name)}\\fR(8)" for name in SEE_ALSO)]),
    ]
    return "\n".join(lines) + "\n"


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A section with its title."""
    yield f'.SH "{escaped(title)}"'
    yield from lines


def escaped(text: str) -> str:
    """A text so that roff prints it as it is, a dash as a dash that can be copied."""
    text = text.translate(_ESCAPES)
    return f"\\&{text}" if text.startswith(".") else text


def paragraph(text: str) -> str:
    """A paragraph; what stands between backquotes is bold."""
    marked = _CODE.sub(rf"{_BOLD}\1{_ROMAN}", text)
    return "\n".join(map(escaped, wrap(marked, WIDTH, break_long_words=False, break_on_hyphens=False)))


def laid_out(parts: Iterable[Block]) -> Iterator[str]:
    """The parts of a text of help."""
    for sort, group in groupby(parts, lambda part: part.sort):
        if sort == ROW:
            yield from _rows([(part.name, part.text) for part in group])
        elif sort == CODE:
            yield from code([part.text for part in group])
        elif sort != END:
            for part in group:
                yield from (".IP \\(bu 2" if sort == ITEM else ".PP", paragraph(part.text))


def _rows(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A table: without empty lines between its rows."""
    width = min(max(len(name) for name, _ in pairs), WIDEST_NAME) + 2
    yield from (".PP", ".PD 0")
    for name, words in pairs:
        yield from (f".TP {width}", f"\\fB{escaped(name)}\\fR", paragraph(words) or "\\&")
    yield ".PD"


def code(lines: Iterable[str]) -> Iterator[str]:
    """Lines as they are typed."""
    yield from (".RS 4", ".PP", ".EX", *(escaped(part) for line in lines for part in line.splitlines()), ".EE", ".RE")


def _options(options: Iterable[Option]) -> Iterator[str]:
    for flags, value, about in options:
        spelt = ", ".join(f"\\fB{escaped(flag)}\\fR" for flag in flags)
        yield from (".TP", f"{spelt} \\fI{escaped(value)}\\fR" if value else spelt, paragraph(about))


def _commands() -> Iterator[str]:
    yield paragraph(
        "By levels. The examples are lines as they are typed at the level; from the command line of a shell, `crm` and "
        "the names of the levels stand before them."
    )
    for title, level in (("At every level", everywhere), ("At the root", load("root"))):
        yield from _level(title, level)
    for name in LEVELS:
        yield from _level(name, load(name))


def _level(title: str, level: Level) -> Iterator[str]:
    yield from (f'.SS "{escaped(title)}"', paragraph(level.summary))
    for command in level.commands.values():
        yield from _command(command)


def _command(command: Command) -> Iterator[str]:
    first, *others = command.usage.shown
    yield from (".TP", _usage(first))
    for line in others:
        yield from (".TQ", _usage(line))
    yield paragraph(command.summary)
    yield ".RS"
    if command.aliases:
        yield from (".PP", paragraph(f"Also called {', '.join(command.aliases)}."))
    yield from laid_out(blocks(command.body))
    yield from code(command.examples)
    yield ".RE"


def _statements() -> Iterator[str]:
    yield paragraph("Lines of the level `configure`, of scripts that begin there, and of files for `configure load`.")
    for rule in statement_rules():
        text, syntax = statement_text(rule), syntax_of(rule)
        yield from (f'.SS "{escaped(rule)}"', paragraph(text.summary))
        for line in syntax.lines:
            yield from (".PP", _usage(line))
        parts = {name: words for name, words in parts_of(syntax) if name not in syntax.topics}
        parts |= {name: f"see {_title(topic)}" for name, topic in syntax.topics.items()}
        yield from laid_out(rows({**parts, **words_of(syntax)}.items()))
        yield from laid_out(filled(text.body))
        yield from code([*examples_of(rule), *text.examples])


def _topics(titles: dict[str, str]) -> Iterator[str]:
    for name, title in titles.items():
        text = topic_text(name)
        yield from section(title, [paragraph(text.summary), *laid_out(filled(text.body))])
        if text.examples:
            yield from code(text.examples)


def _title(topic: str) -> str:
    return topic.replace("-", " ").upper()


def _usage(line: str) -> str:
    """A usage line: what is typed is bold, what stands for something else is italic."""
    return f"\\fB{_ARGUMENT.sub(lambda found: f'{chr(3)}{found[1]}{chr(4)}', line).translate(_ESCAPES)}\\fR".replace(
        chr(3), r"\fI"
    ).replace(chr(4), r"\fB")


def _dash() -> str:
    return r"\-"
