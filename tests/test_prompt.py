"""The prompt, on a terminal of its own: what is typed and what is shown."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from prompt_desk import QUESTION, crm, prompt, run, stored, with_empty_cib
from terminal import CRM, PLAIN, PROMPT, Terminal

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


def program(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript(path: Path, folder: Path) -> None:
    """Its first line is the command; what stands behind a prompt is typed, ^D is Ctrl-D."""
    command, _, screen = path.read_text(encoding="utf-8").replace("HOST", os.uname().nodename).partition("\n")
    words = command.removeprefix("$ crm").split()
    terminal = Terminal([*CRM, "-c", "web.xml", *words], folder, rows=100)
    for line in screen.splitlines():
        shown, mark, typed = line.partition("# ")
        if mark and shown.startswith("crm("):
            terminal.wait(PROMPT)
            terminal.type("\x04" if typed == "^D" else typed + "\n")
        elif shown.startswith("> "):
            terminal.wait(r"^> $")
            terminal.type(shown[2:] + "\n")
        elif line.startswith("Commit them"):
            terminal.wait(QUESTION)
            terminal.type(line.rpartition(": ")[2] + "\n")
    assert terminal.end() == 0
    assert terminal.said.rstrip() == screen.replace("^D", "").rstrip()


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 3


def test_a_failed_line_leaves_the_draft_and_the_session_ends_with_0(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    assert terminal.line("primitive a Dummy") == ""
    for bad in ("primitive", "primitive a Dummy", "show nosuch", "nosuch", "primitive 'b"):
        assert "ERROR" in terminal.line(bad)
    assert terminal.line("show") == "primitive a Dummy"
    terminal.line("commit")
    terminal.type("quit\n")
    assert terminal.end() == 0
    assert 'id="a"' in stored(folder)


def test_ctrl_c_drops_the_line_and_stays(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    for begun in ("primitive a Dummy", "primitive b \\\n"):
        terminal.type(begun)
        terminal.wait(r"^> $" if "\\" in begun else "Dummy$")
        terminal.interrupt()
        terminal.wait(PROMPT)
    assert terminal.line("show") == ""
    terminal.type("\x04")
    assert terminal.end() == 0


def test_ctrl_c_ends_a_command_and_the_draft_is_whole(folder: Path) -> None:
    bin_ = folder / "bin"
    bin_.mkdir()
    program(bin_, "crm_verify", 'touch "$OLDPWD/began" ./began 2>/dev/null\nexec sleep 30\n')
    terminal = prompt(folder, "configure", PATH=f"{bin_}:{os.environ['PATH']}")
    terminal.line("property stonith-enabled=false")
    terminal.line("primitive a Dummy")
    terminal.type("commit\n")
    terminal.wait("commit\n")
    while not (folder / "began").exists():
        pass
    terminal.interrupt()
    assert "interrupted" in terminal.wait(PROMPT)
    assert "primitive a Dummy" in terminal.line("show")
    assert 'id="a"' not in stored(folder)
    terminal.type("\x04")
    terminal.wait(QUESTION)
    terminal.type("n\n")
    assert terminal.end() == 0


@pytest.mark.parametrize(
    ("answer", "is_committed"),
    [("y\n", True), ("YES\n", True), ("n\n", False), ("\x04", False), ("maybe\nno\n", False), ("\n\ny\n", True)],
)
@pytest.mark.parametrize("way", ["quit\n", "\x04", "up\nbye\n"])
def test_leaving_with_edits_asks(folder: Path, way: str, answer: str, is_committed: bool) -> None:
    terminal = prompt(folder, "configure")
    terminal.line("primitive a Dummy")
    terminal.type(way)
    assert "+primitive a Dummy" in terminal.wait(QUESTION)
    terminal.type(answer)
    assert terminal.end() == 0
    assert ("nothing was committed" in terminal.said) != is_committed
    assert ('id="a"' in stored(folder)) == is_committed


def test_to_stay_is_an_answer(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    terminal.line("primitive a Dummy")
    for answer in ("c\n", "stay\n", "\x03"):
        terminal.type("quit\n")
        terminal.wait(QUESTION)
        terminal.interrupt() if answer == "\x03" else terminal.type(answer)
        terminal.wait(PROMPT)
    assert terminal.line("show") == "primitive a Dummy"
    terminal.type("quit\n")
    terminal.wait(QUESTION)
    terminal.type("\x04")
    assert terminal.end() == 0


@pytest.mark.parametrize(("option", "is_committed"), [("-n", False), ("-F", True)])
def test_options_answer(folder: Path, option: str, is_committed: bool) -> None:
    terminal = prompt(folder, option, "configure")
    terminal.line("primitive a Dummy")
    terminal.type("\x04")
    assert terminal.end() == 0
    assert ('id="a"' in stored(folder)) == is_committed
    assert ("nothing was committed" in terminal.said) != is_committed


def test_a_refused_commit_stays(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    terminal.line("xml <primitive id='a' class='ocf' provider='heartbeat' type='Dummy' nosuch='1'/>")
    terminal.type("quit\n")
    terminal.wait(QUESTION)
    terminal.type("y\n")
    assert "ERROR: a:" in terminal.wait(PROMPT)
    terminal.type("\x04")
    terminal.wait(QUESTION)
    terminal.type("n\n")
    assert terminal.end() == 0


def test_forced_leaving_ends_even_where_the_commit_is_refused(folder: Path) -> None:
    terminal = prompt(folder, "-F", "configure")
    terminal.line("xml <primitive id='a' class='ocf' provider='heartbeat' type='Dummy' nosuch='1'/>")
    terminal.type("\x04")
    assert terminal.end() == 5
    assert 'id="a"' not in stored(folder)


def test_a_clean_session_sees_what_others_write(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    assert terminal.line("show") == ""
    assert run(folder, "configure", "primitive", "b", "Dummy") == 0
    assert terminal.line("show") == "primitive b Dummy"
    terminal.line("primitive c Dummy")
    terminal.line("commit")
    terminal.type("\x04")
    assert terminal.end() == 0
    assert 'id="b"' in stored(folder)
    assert 'id="c"' in stored(folder)


def test_lines_that_are_pasted_are_run_one_by_one(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    terminal.type("\x1b[200~# a note\nprimitive a Dummy \\\n\tparams fake=1\n\nprimitive b Dummy\n\x1b[201~\n")
    terminal.wait(PROMPT)
    terminal.type("commit\n\x04")
    assert terminal.end() == 0
    assert 'id="b"' in stored(folder)
    assert "<!--# a note-->" in stored(folder)
    assert 'name="fake" value="1"' in stored(folder)


def test_a_bug_is_told_and_the_prompt_goes_on(folder: Path) -> None:
    start = (
        "import sys; from crmsh_py.levels.configure import level; from crmsh_py import main\n"
        "def broken(*_, **__): raise RuntimeError('not foreseen')\n"
        "level.commands['show'].handler = broken; main.main(sys.argv[1:])"
    )
    for option in ((), ("-d",)):
        terminal = Terminal([CRM[0], "-c", start, *PLAIN, "-c", "web.xml", *option, "configure"], folder)
        terminal.wait(PROMPT)
        terminal.line("primitive a Dummy")
        said = terminal.line("show")
        assert "internal error: RuntimeError: not foreseen" in said
        assert ("Traceback" in said) == bool(option)
        assert "+primitive a Dummy" in terminal.line("diff")
        terminal.type("\x04")
        terminal.wait(QUESTION)
        terminal.type("n\n")
        assert terminal.end() == 0


@pytest.mark.parametrize(("settings_", "pages"), [({}, True), ({"PAGER": ""}, False), ({"PAGER": "cat"}, False)])
def test_a_long_text_goes_through_the_pager(folder: Path, settings_: dict[str, str], pages: bool) -> None:
    names = [f"p{number:02}" for number in range(30)]
    script = "configure\n" + "".join(f"primitive {name} Dummy\n" for name in names)
    assert run(folder, stdin=script) == 0
    if pages:
        settings_ = {"PAGER": str(program(folder, "pager", "exec sed s/^/paged:/\n"))}
    for rows, is_long in ((24, True), (50, False)):
        terminal = Terminal([*CRM, "-c", "web.xml", "configure", "show"], folder, rows=rows, **settings_)
        assert terminal.end() == 0
        mark = "paged:" if pages and is_long else ""
        assert terminal.said == "".join(f"{mark}primitive {name} Dummy\n" for name in names)


def test_a_pager_that_ends_early_or_is_not_there_is_no_error(folder: Path) -> None:
    for name, text in (("true", ""), ("nosuch", "a shell for"), ("'", "a shell for")):
        terminal = Terminal([*CRM, "help"], folder, rows=3, PAGER=name)
        assert terminal.end() == 0
        assert text in terminal.said.lower()
        assert ("WARNING: the pager cannot be used" in terminal.said) == bool(text)


@pytest.mark.skipif(not shutil.which("less"), reason="less is not installed")
def test_less_shows_a_page_and_ends(folder: Path) -> None:
    terminal = Terminal([*CRM, "help"], folder, rows=5)
    terminal.wait(r"^:")
    terminal.type("q")
    assert terminal.end() == 0


def test_an_editor_of_lines(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    terminal.type("primitive x Dummy\x01\x1b[3~\x0b")  # to the beginning, delete, kill
    terminal.type("primitive a Dummy\n")
    terminal.wait(PROMPT)
    terminal.type("\x1b[A\x7f\x7f\x7f\x7f\x7fStateful\n".replace("a Dummy", "b"))
    terminal.wait(PROMPT)
    terminal.type("\x04")
    terminal.wait(QUESTION)
    terminal.type("n\n")
    assert terminal.end() == 0


def test_a_reference_to_nothing_is_an_error_at_once(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    terminal.line("primitive a Dummy")
    assert "ERROR: o: then refers to b, which does not exist" in terminal.line("order o a b")
    assert terminal.line("show") == "primitive a Dummy"
    assert terminal.line("primitive b Dummy") == ""
    assert terminal.line("order o a b") == ""
    terminal.type("\x04")
    terminal.wait(QUESTION)
    terminal.type("n\n")
    assert terminal.end() == 0


# in an order in which each is good where those it needs are there
LINES = {
    "property stonith-enabled=false": (),
    "primitive a Dummy": (),
    "primitive b Dummy \\\n  params fake='x # \"y\"' \\\n  op monitor interval=10": (),
    "# a note\nprimitive c ocf:pacemaker:Stateful": (),
    "clone m c meta promotable=true": ("primitive c ",),
    "group g a b meta priority=1": ("primitive a ", "primitive b "),
    "location l b rule -inf: not_defined pingd or pingd lte 0": ("primitive b ",),
    "colocation k inf: a m:Promoted": ("primitive a ", "clone m "),
    "order o a b": ("primitive a ", "primitive b "),
    "tag t a b": ("primitive a ", "primitive b "),
    "rsc_defaults resource-stickiness=100": (),
}
BAD = ["nosuch a", "primitive", "primitive 'x", "cd nosuch", "location", "help", "ls", "# nothing follows", "\\", ""]


def possible(chosen: set[str]) -> list[str]:
    lines: list[str] = []
    for line, needs in LINES.items():
        if line in chosen and all(any(need in earlier for earlier in lines) for need in needs):
            lines.append(line)
    return lines


GOOD = some.sets(some.sampled_from(list(LINES))).map(possible)
# what is shrunk here is slow, and small already
FEW = settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def type_in(folder: Path, text: str) -> int:
    terminal = Terminal([*CRM, "-c", "web.xml", "-F"], folder, rows=500, columns=500)
    terminal.wait(PROMPT)
    for line in text.splitlines():
        terminal.type(line + "\n")
        terminal.wait(rf"{PROMPT}|^> $")
    terminal.type("\x04")
    return terminal.end()


def result(folder: Path, work: Callable[[], object]) -> str:
    with_empty_cib(folder)
    work()
    return crm(folder, "configure", "save", "-").stdout


@FEW
@given(lines=GOOD)
def test_the_same_lines_make_the_same_configuration_however_they_are_given(folder: Path, lines: list[str]) -> None:
    """Typed, piped, in a file, quoted as one word, and each as a command of its own."""
    script = "".join(line + "\n" for line in lines)
    text = "configure\n" + script
    (folder / "script").write_text(text)
    (folder / "lines").write_text(script)

    def one_by_one() -> None:
        for line in lines:
            assert run(folder, "configure", line + "\n") == 0

    results = {
        "typed": result(folder, lambda: type_in(folder, text)),
        "piped": result(folder, lambda: run(folder, stdin=text)),
        "piped to the level": result(folder, lambda: run(folder, "configure", stdin=script)),
        "file": result(folder, lambda: run(folder, "-f", "script")),
        "file for the level": result(folder, lambda: run(folder, "-f", "lines", "configure")),
        "one word": result(folder, lambda: run(folder, text)),
        "one by one": result(folder, one_by_one),
    }
    assert set(results.values()) == {results["file"]}
    assert results["file"].count("primitive") >= script.count("primitive ")


@FEW
@given(lines=GOOD, bad=some.lists(some.tuples(some.integers(0, 20), some.sampled_from(BAD)), max_size=4))
def test_bad_lines_are_passed_over_at_the_prompt_as_by_keep_going(
    folder: Path, lines: list[str], bad: list[tuple[int, str]]
) -> None:
    for at, line in bad:
        lines.insert(at, line)
    text = "configure\n" + "".join(line + "\n" for line in lines)
    typed = result(folder, lambda: type_in(folder, text))
    assert typed == result(folder, lambda: run(folder, "--keep-going", "-F", stdin=text))


def test_the_file_keeps_its_rights(folder: Path) -> None:
    (folder / "web.xml").chmod(0o640)
    terminal = prompt(folder, "-F", "configure")
    terminal.line("primitive a Dummy")
    terminal.type("\x04")
    assert terminal.end() == 0
    assert stat.S_IMODE((folder / "web.xml").stat().st_mode) == 0o640


def test_an_agent_that_is_not_here_is_told_at_once(folder: Path) -> None:
    """It may be that of another host, so that it is no error."""
    terminal = prompt(folder, "configure")
    assert "did you mean Dummy?" in terminal.line("primitive a ocf:pacemaker:Dumy")
    assert terminal.line("primitive b ocf:pacemaker:Dummy") == ""
    assert "ocf:heartbeat:Dumy is not installed" in terminal.line("primitive c Dumy")
    terminal.type("\x04")
    terminal.wait(QUESTION)
    terminal.type("n\n")
    assert terminal.end() == 0
