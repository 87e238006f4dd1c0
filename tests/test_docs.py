"""The pages for people: configurations in them are read, sessions are run as they are printed.

The sessions of a page go on from one another, in a folder with `examples/` and the web service in web.xml. In blocks
called `console` lines are typed to a shell, in those called `prompt` to the prompt of `crm`, on a host called alpha.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import CRM, PROMPT, Terminal

from crmsh_py import errors, main
from crmsh_py.config import SETTINGS
from crmsh_py.language.parser import read_text
from crmsh_py.language.statements import Remark
from crmsh_py.language.writer import Writer, text_of
from crmsh_py.levels import BELOW, load

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# a line that is typed, and those that continue it
_TYPED = re.compile(r"^\$ (.*\n(?:> .*\n)*)", re.MULTILINE)
_EXIT_CODE = re.compile(r"  # exit code (\d+)$", re.MULTILINE)
_MEANWHILE = re.compile(r"^\(another window\) \$ (.*)\n", re.MULTILINE)
# depends on the host; the pages say that they leave it out
_NOT_CHECKED = re.compile(r"^(\S+: )?WARNING: no metadata for .*\n(  .*\n)*", re.MULTILINE)


def blocks(page: Path) -> list[tuple[str, str, int]]:
    """The kind, the text and the line of each block."""
    text = page.read_text(encoding="utf-8")
    return [(found[1], found[2], text.count("\n", 0, found.start()) + 1) for found in _BLOCK.finditer(text)]


def configurations() -> list[pytest.param]:
    return [
        pytest.param(text, id=f"{page.stem}:{line}")
        for page in PAGES
        for kind, text, line in blocks(page)
        if kind == "crm"
    ]


def with_sessions() -> list[Path]:
    return [page for page in PAGES if any(kind in ("console", "prompt") for kind, *_ in blocks(page))]


def test_there_are_examples() -> None:
    assert len(configurations()) >= 5
    assert len(with_sessions()) >= 3


@pytest.mark.parametrize("text", configurations())
def test_a_configuration_is_read(text: str) -> None:
    said = read_text(text, "page")
    assert said.statements
    for statement in said.statements:
        if said.header and not isinstance(statement, Remark):
            written = text_of(Writer(exact=True).write(statement))
            assert read_text(f"#crm exact 1\n{written}", "written").statements == [statement]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder as the pages assume it, with `crm` in the path."""
    folder = tmp_path / "desk"
    shutil.copytree(ROOT / "examples", folder / "examples")
    program = tmp_path / "bin" / "crm"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m crmsh_py "$@"\n')
    program.chmod(0o755)
    shutil.copy(ROOT / "examples" / "empty.xml", folder / "web.xml")
    code, said = type_in(folder, "crm configure load replace examples/web-service.crm")
    assert code == 0, said
    return folder


def type_in(folder: Path, command: str) -> tuple[int, str]:
    """Run a command as a shell would; its exit code and both of its streams."""
    environ = {**os.environ, "PATH": f"{folder.parent}/bin:{os.environ['PATH']}", "CIB_file": "web.xml"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


def console(session: str, folder: Path) -> str:
    """What a shell shows where the lines of a session are typed. Fails where an exit code is not as it is claimed."""
    shown = ""
    for typed in _TYPED.findall(session):
        claimed = _EXIT_CODE.search(typed)
        code, said = type_in(folder, _EXIT_CODE.sub("", typed).replace("\n> ", "\n"))
        assert code == int(claimed[1] if claimed else 0), said
        shown += f"$ {typed}{said}"
    return _NOT_CHECKED.sub("", shown)


def prompt(session: str, folder: Path) -> str:
    """The same for the prompt of `crm`; what is done in another window says nothing."""
    command, _, lines = session.partition("\n")
    agents = {"OCF_ROOT": os.environ["OCF_ROOT"]} if "OCF_ROOT" in os.environ else {}
    words = [*CRM, *command.removeprefix("$ crm").split()]
    terminal = Terminal(words, folder, rows=100, CIB_file="web.xml", **agents)
    for line in lines.splitlines():
        before, mark, typed = line.partition("# ")
        if meanwhile := _MEANWHILE.match(f"{line}\n"):
            terminal.wait(f"(?={PROMPT})")
            assert type_in(folder, meanwhile[1]) == (0, "")
        elif mark and before.startswith("crm("):
            terminal.wait(PROMPT)
            terminal.type(f"{typed}\n")
        elif " to stay: " in line:
            terminal.wait(r" to stay: ?$")
            terminal.type(f"{line.rpartition(': ')[2]}\n")
    assert terminal.end() == 0
    said = terminal.said.replace(f"/{os.uname().nodename})", "/alpha)")
    return f"{command}\n{_NOT_CHECKED.sub('', said)}"


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("agents", ["as they are installed", "none"])
@pytest.mark.parametrize("page", with_sessions(), ids=lambda page: page.name)
def test_sessions_go_as_they_are_printed(
    page: Path, agents: str, desk: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if agents == "none":
        monkeypatch.setenv("OCF_ROOT", str(tmp_path))
    for kind, session, _ in blocks(page):
        if kind == "console":
            assert console(session, desk) == session
        elif kind == "prompt":
            assert prompt(session, desk) == _MEANWHILE.sub("", session)


def test_the_demo_runs_to_its_end(desk: Path) -> None:
    code, said = type_in(desk, "examples/demo")
    assert code == 0, said
    assert said.endswith("ERROR: wrong: then refers to nosuch, which does not exist\n")


def rows(column: int) -> set[str]:
    """What the tables of the README have in a column, as words in backquotes; a number stands bare."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    cells = [line.split("|")[column] for line in text.splitlines() if line.startswith("| ")]
    return {word for cell in cells for word in re.findall(r"`([^`]+)`|^ (\d+) $", cell) for word in word if word}


def test_the_readme_has_every_command_of_configure() -> None:
    assert set(load("configure").commands) <= rows(2)
    inner = {f"{name} {command}" for name in BELOW["configure"] for command in load(name).commands}
    assert inner <= rows(2)


def test_the_readme_has_every_option_and_setting_and_exit_code() -> None:
    options = {word for action in main._parser()._actions for word in action.option_strings}
    assert options <= {word.split()[0] for word in rows(1)}
    assert set(SETTINGS) <= rows(1)
    kinds = (errors.CrmError, *errors.CrmError.__subclasses__())
    codes = {0, main.BUG, main.CHANGED} | {kind.exit_code for kind in kinds}
    assert {str(code) for code in codes} == {word for word in rows(1) if word.isdigit()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
