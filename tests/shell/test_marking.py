"""The styles of what is typed, at any level, and the first word that cannot be right.

text: the fragments joined are the text, whatever it is, and nothing is raised.
interpreter: a line has a fault where it would be refused, for what it would be refused.
typing: on the way to a line that is right there is no fault.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
from pathlib import Path

import pytest
from awkward import texts
from hypothesis import example, given
from hypothesis import strategies as some
from program import ROOT
from round_trip import save, show

from crmsh_py.cib.document import Cib
from crmsh_py.command.context import Context, Options
from crmsh_py.command.declare import Level
from crmsh_py.command.slots import SLOTS
from crmsh_py.errors import CrmError
from crmsh_py.language.words import logical_lines
from crmsh_py.levels import LEVELS, below, load
from crmsh_py.output import STYLES, Output
from crmsh_py.shell import marking
from crmsh_py.shell.everywhere import Stack
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.interpreter import Interpreter
from crmsh_py.shell.marking import Fault, Marked, marked

LETTERS = dict(
    zip("kianvrsotc", "keyword id agent name value reference score role ticket comment".split(), strict=True)
)
CONFIGURE = Stack(load, ("root", "configure"))
IDENTITY = (ROOT / "tests" / "language" / "identity.crm").read_text(encoding="utf-8").replace("\\\n", " ")
# what no schema allows, and what is said of it
WRONG = {"order-wrong-kind": "expected a kind or a score; a kind is Mandatory, Optional or Serialize"}


def names_of(level: str) -> tuple[str, ...]:
    """The stack of a level that was entered from the root."""
    if level == "root":
        return ("root",)
    return ("root", level) if level in below("root") else ("root", "configure", level)


def blocks() -> list[tuple[str, str]]:
    """The texts of marked.txt with their styles, each with its level."""
    text = (Path(__file__).parent / "marked.txt").read_text(encoding="utf-8").removesuffix("\n")
    _, *parts = re.split(r"(?:\A|\n\n)> (\w+)\n\n", text)
    return [(level, block) for level, many in zip(parts[::2], parts[1::2], strict=True) for block in many.split("\n\n")]


STACKS = [names_of(name) for name in ("root", *LEVELS)]
# the examples of all commands, each with where it is typed
EXAMPLES = [
    (names_of(name), line)
    for name in ("root", *LEVELS)
    for command in load(name).commands.values()
    for line in command.examples
]
EXAMPLES += [
    (("root", "configure"), line)
    for line in (
        *(line for command in everywhere.commands.values() for line in command.examples),
        *(line for line in IDENTITY.split("\n") if line and line[0] not in "# \t"),
    )
]


def text_of(found: Marked) -> str:
    return "".join(text for _, text in found.fragments)


# ------------------------------------------------------------------------------------------- any text

odd = (
    some.text(max_size=20)
    | texts
    | some.sampled_from(["\\\n", "\n", "\n#", "\n\n", " ", '"', "'", "$'", "\\", "\ufeff"])
)
lines = some.sampled_from([line for _, line in EXAMPLES])


@given(
    some.sampled_from(STACKS),
    some.lists(odd | lines | some.sampled_from(sorted(load("root").sublevels)), max_size=8).map("".join),
    some.booleans(),
)
@example(("root", "configure"), "\ufeffprimitive p Dummy \\\n# c\n\tparams a=b", False)
@example(("root", "configure"), 'primitive p Dummy params a="b \\\n c', False)
@example(("root",), "\x00node\x01 \ud800", False)
@example(("root",), "#crm exact 99\nnode a b c", True)
def test_the_fragments_are_the_text(names: tuple[str, ...], text: str, is_file: bool) -> None:
    found = marked(Stack(load, names), text, is_file=is_file)
    assert text_of(found) == text
    assert {style for style, _ in found.fragments} <= {"", *STYLES}
    if found.fault:
        assert 0 <= found.fault.start < found.fault.stop <= len(text)
        assert found.fault.expected


@given(some.sampled_from(STACKS), some.lists(lines | odd, max_size=6).map("\n".join))
def test_what_is_remembered_does_not_count(names: tuple[str, ...], text: str) -> None:
    stack = Stack(load, names)
    found = marked(stack, text)
    marking._marked_part.cache_clear()
    assert marked(stack, text) == found
    assert tuple(stack.names) == names


@given(some.lists(lines, min_size=1, max_size=4).map("\n".join), lines)
def test_a_line_does_not_depend_on_those_before_it_but_for_its_level(before: str, line: str) -> None:
    text = "configure\nup\n" + re.sub(
        r"(?m)^(up|end|back|cd|bye|exit|quit|cib|node|ra|options|configure)\b.*$", "#", before
    )
    both = marked(Stack(load), f"{text}\n{line}")
    alone = marked(Stack(load), line)
    styles = [style for style, part in both.fragments for _ in part]
    assert styles[len(text) + 1 :] == [style for style, part in alone.fragments for _ in part]


# ------------------------------------------------------------------------------------------- the interpreter


TAKEN, SHORT = (-1, "taken"), (-1, "too short")


def refusal(interpreter: Interpreter, names: tuple[str, ...], text: str) -> tuple[int, str]:
    """The column and the text of what a line is refused for; or TAKEN, or SHORT where it only ends too early."""
    (line,) = logical_lines(text, "")
    try:
        interpreter.read_line(Stack(load, names), line)
    except CrmError as error:
        problem = error.problems[0]
        assert problem.place
        is_short = problem.text.startswith("the line ends too early") or problem.place.column > len(text.rstrip(" "))
        return SHORT if is_short else (problem.place.column - 1, problem.text)
    return TAKEN


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    """An interpreter that reads lines and runs none."""
    cx = Context(Options(cib="nowhere.xml"), dict(os.environ), lambda _: None)
    return Interpreter(cx, Output(io.StringIO(), io.StringIO(), os.environ))


words = some.sampled_from(sorted({word for _, line in EXAMPLES for word in line.split()} - {"#"})) | some.sampled_from(
    ["--nosuch", "--", "--force=1", "force", "nosuch", "configure", "up", "res", "5", "name=value", "-h"]
)


@given(some.sampled_from(EXAMPLES), some.data())
def test_a_fault_is_what_a_line_is_refused_for(
    interpreter: Interpreter, case: tuple[tuple[str, ...], str], data: some.DataObject
) -> None:
    names, line = case
    found = line.split()
    at = data.draw(some.integers(0, len(found)))
    found[at : at + data.draw(some.integers(0, 1))] = data.draw(some.lists(words, max_size=2))
    text = " ".join(found) + " "
    if not text.strip() or text.startswith("#"):
        return
    fault = marked(Stack(load, names), text + "\n").fault
    at, said = refusal(interpreter, names, text)
    if (at, said) == TAKEN:
        assert fault is None
    elif (at, said) != SHORT:
        assert fault
        # a word that is wrong may stand before the quote that is not closed
        assert fault.start <= at <= fault.stop or said.startswith("expected a closing")
        assert fault.expected.startswith(said) or said.startswith(("expected a closing", "unknown option -"))


# ------------------------------------------------------------------------------------------- typing


@pytest.mark.parametrize(("names", "line"), EXAMPLES, ids=[f"{names[-1]}: {line[:50]}" for names, line in EXAMPLES])
def test_there_is_no_fault_on_the_way_to_what_is_right(names: tuple[str, ...], line: str) -> None:
    stack = Stack(load, names)
    faults = [(line[:stop], fault) for stop in range(len(line) + 1) if (fault := marked(stack, line[:stop]).fault)]
    assert faults == []
    assert marked(stack, line + "\n").fault is None


@pytest.mark.parametrize(("level", "block"), blocks(), ids=lambda text: re.sub(r"\s+", " ", text)[:60])
def test_a_text_and_its_styles(level: str, block: str) -> None:
    lines = block.split("\n")
    text = "\n".join(line[2:].removesuffix("|") for line in lines if line.startswith("$"))
    found = marked(Stack(load, names_of(level)), text)
    assert drawn(found, [line for line in lines if line.startswith("$")]) == lines


def drawn(found: Marked, shown: list[str]) -> list[str]:
    """A text as marked.txt draws it; shown: its lines there."""
    of = {style: letter for letter, style in LETTERS.items()}
    styles = "".join(of.get(style, " ") * len(part) for style, part in found.fragments)
    lines: list[str] = []
    at = 0
    for line in shown:
        length = len(line.removesuffix("|")) - 2
        lines += [line, f": {styles[at : at + length]}".rstrip()]
        if found.fault and at <= found.fault.start <= at + length:
            start, stop, expected = found.fault
            lines += ["^ " + " " * (start - at) + "~" * (stop - start), f"= {expected}"]
        at += length + 1
    return lines


# ------------------------------------------------------------------------------------------- real texts


def test_real_configurations_have_no_fault(corpus: list[Path]) -> None:
    faults = {}
    for path in corpus:
        cib = Cib.parse(path.read_bytes(), path.name)
        typed, exact = marked(CONFIGURE, show(cib)), marked(Stack(load), save(cib), is_file=True)
        found = [fault.expected for fault in (typed.fault, exact.fault) if fault]
        if found and found != [WRONG.get(path.stem)]:
            faults[path.stem] = found
    assert faults == {}


@pytest.mark.parametrize("path", sorted((ROOT / "examples").rglob("*.crm")), ids=lambda path: path.stem)
def test_the_examples_have_no_fault(path: Path) -> None:
    assert marked(Stack(load), path.read_text(encoding="utf-8"), is_file=True).fault is None


def test_a_statement_stands_in_a_file_at_any_level() -> None:
    text = "node 1: alpha\nnode standby alpha\nresource\nprimitive p Dummy\nstart p\nup\nnode beta utilization a=1\n"
    found = marked(Stack(load), text, is_file=True)
    assert found.fault is None
    assert ("id", "alpha") in found.fragments
    assert ("reference", "alpha") in found.fragments
    assert marked(Stack(load), text).fault == Fault(5, 7, "no such command in node: 1:; `help` lists the commands")


def test_exact_text_is_checked_as_exact() -> None:
    text = "#crm exact 1 schema=pacemaker-3.9\norder o nonsense: a b\n"
    assert marked(CONFIGURE, text, is_file=True).fault is None
    assert marked(CONFIGURE, text).fault is not None


# ------------------------------------------------------------------------------------------- a keystroke


def test_of_a_long_text_only_the_line_that_is_typed_is_read_again() -> None:
    before = "".join(f"primitive p{at} Dummy params \\\n\ta=b\n" for at in range(200))
    marked(CONFIGURE, before)
    misses = marking._marked_part.cache_info().misses
    for typed in ("p", "pr", "pri"):
        marked(CONFIGURE, before + typed)
    assert marking._marked_part.cache_info().misses == misses + 3


def test_neither_the_cluster_nor_the_disk_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*words: object, **more: object) -> None:
        raise AssertionError(words)

    def mark_all() -> list[Marked]:
        marking._marked_part.cache_clear()
        return [marked(Stack(load, names), line[: len(line) - cut]) for names, line in EXAMPLES for cut in (0, 1)]

    found = mark_all()  # modules are imported, and the grammar is read
    for module, name in ((os, "scandir"), (os, "open"), (os, "stat"), (os, "listdir"), (subprocess, "Popen")):
        monkeypatch.setattr(module, name, asked)
    monkeypatch.setattr("builtins.open", asked)
    again = mark_all()
    monkeypatch.undo()
    assert again == found


def test_many_words_are_read_in_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    check = SLOTS["selector"].check
    monkeypatch.setattr(SLOTS["selector"], "check", lambda word: checked.append(word) or check(word))
    found = marked(CONFIGURE, "show " + "web " * 2_000)
    assert found.fault is None
    assert len(checked) < 8_000
    assert [style for style, text in found.fragments if text == "web"] == ["reference"] * 2_000


def test_another_language_has_no_styles_but_that_of_its_keyword() -> None:
    toy = Level("toy", "words", keywords=lambda: frozenset({"word"}))
    toy.statements(lambda cx, statements: None)
    assert marked(Stack(lambda _: toy, ("toy",)), "word a b") == Marked([("keyword", "word"), ("", " a b")], None)
