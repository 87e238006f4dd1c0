"""The man page: it is what the declarations make of it, has all of them, and roff reads it without a warning."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as some
from program import ROOT

from crmsh_py import __version__, main
from crmsh_py.config import SETTINGS
from crmsh_py.language.keywords import statement_keywords
from crmsh_py.levels import LEVELS, load
from crmsh_py.shell import man
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.help.texts import topic_names

PAGE = (ROOT / "man" / "crm.8").read_text(encoding="utf-8")
MACROS = {"TH", "SH", "SS", "PP", "TP", "TQ", "IP", "RS", "RE", "EX", "EE", "PD", "br", "nh", "ad", "nr", '\\"'}
_UNESCAPED = {
    r"\e": "\\",
    r"\-": "-",
    r"\(aq": "'",
    r"\(ga": "`",
    r"\(ha": "^",
    r"\(ti": "~",
    r"\(dq": '"',
    r"\(bu": "-",
}


def plain(roff: str) -> str:
    """The text that stands in roff, without fonts."""
    text = re.sub(r"\\f[BIR]|^\\&", "", roff, flags=re.MULTILINE)
    return re.sub(r"\\(?:e|-|\(..)", lambda found: _UNESCAPED[found[0]], text)


def words(text: str) -> str:
    """A text with one blank between words, wherever its lines end."""
    return " ".join(text.split())


TEXT = words(plain(PAGE))


def test_the_page_is_current() -> None:
    made = runpy.run_path(str(ROOT / "man" / "make.py"))["made"]
    assert made() == PAGE, "`make man` writes it"
    assert made() == made()
    assert f"crm {__version__}" in TEXT


def test_it_has_the_usual_sections_in_the_usual_order() -> None:
    titles = re.findall(r'^\.SH "(.*)"$', PAGE, re.MULTILINE)
    usual = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "STATEMENTS"]
    last = ["SETTINGS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"]
    assert titles[: len(usual)] == usual
    assert titles[-len(last) :] == last
    assert len(titles) == len(set(titles)) == len(usual) + len(last) + len(topic_names()) - 6


def test_it_has_everything_that_is_declared() -> None:
    for level in (everywhere, load("root"), *map(load, LEVELS)):
        for command in level.commands.values():
            assert words(command.summary.replace("`", "")) in TEXT, command.name
            for usage in command.usage.shown:
                assert words(re.sub("[<>]", "", usage)) in TEXT
    for flags, about in main.OPTIONS:
        assert ", ".join(flags) in TEXT
        assert words(about["help"].replace("`", "")) in TEXT
    for name in (*LEVELS, *SETTINGS, *statement_keywords()):
        assert name in TEXT


def test_roff_takes_every_line_as_it_is_meant() -> None:
    for line in PAGE.splitlines():
        assert line == line.rstrip()
        assert line.isascii()
        assert not line.startswith("'")
        if line.startswith("."):
            assert line[1:].split(" ")[0] in MACROS, line
        # each escape is one of ours
        assert re.sub(r"\\(?:f[BIR]|e|-|&|\((?:aq|ga|ha|ti|dq|bu))", "", line).count("\\") == line.startswith('.\\"')


def test_roff_has_nothing_to_say() -> None:
    """Where groff is installed it is asked; what it would warn of is looked for in any case."""
    lines = [line.split(" ")[0] for line in PAGE.splitlines()]
    assert lines.count(".RS") == lines.count(".RE") > 100
    assert lines.count(".EX") == lines.count(".EE") > 100
    assert "\n\n" not in PAGE
    if shutil.which("groff"):
        argv = ["groff", "-man", "-ww", "-Tutf8", str(ROOT / "man" / "crm.8")]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")


@given(some.text(some.characters(min_codepoint=32, max_codepoint=126)))
def test_what_is_escaped_is_printed_as_it_is(text: str) -> None:
    escaped = man.escaped(text)
    assert plain(escaped) == text
    assert not escaped.startswith((".", "'"))


@given(some.lists(some.sampled_from(["a", ".br", "'x", "`code b`", "\\fI", "--wait", "...", '"q"'])))
def test_paragraphs_have_their_words(parts: list[str]) -> None:
    text = " ".join(parts)
    made = man.paragraph(text)
    assert words(plain(made)) == text.replace("`", "")
    assert not any(line.startswith((".", "'")) for line in made.splitlines())


@pytest.mark.parametrize(
    ("line", "roff"),
    [
        ("a <b> [c]", r"\fBa \fIb\fB [c]\fR"),
        ("a [--b <c-d>]", r"\fBa [\-\-b \fIc\-d\fB]\fR"),
    ],
)
def test_usage_lines(line: str, roff: str) -> None:
    assert man._usage(line) == roff
