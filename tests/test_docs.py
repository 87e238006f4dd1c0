"""The pages for people: configurations in them are read, sessions are run as they are printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crmsh_py.language.parser import read_text
from crmsh_py.language.statements import Remark
from crmsh_py.language.writer import Writer, text_of

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[pytest.param]:
    return [
        pytest.param(found[2], id=f"{page.stem}:{text.count(chr(10), 0, found.start()) + 1}")
        for page in PAGES
        if (text := page.read_text(encoding="utf-8"))
        for found in _BLOCK.finditer(text)
        if found[1] == kind
    ]


def test_there_are_examples() -> None:
    assert len(blocks("crm")) >= 5
    assert len(blocks("console")) >= 2


@pytest.mark.parametrize("text", blocks("crm"))
def test_a_configuration_is_read(text: str) -> None:
    said = read_text(text, "page")
    assert said.statements
    for statement in said.statements:
        if said.header and not isinstance(statement, Remark):
            written = text_of(Writer(exact=True).write(statement))
            assert read_text(f"#crm exact 1\n{written}", "written").statements == [statement]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder as the pages assume it: `crm` in the path, `examples/`, and the web service in web.xml."""
    folder = tmp_path / "desk"
    shutil.copytree(ROOT / "examples", folder / "examples")
    program = tmp_path / "bin" / "crm"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m crmsh_py "$@"\n')
    program.chmod(0o755)
    shutil.copy(ROOT / "examples" / "empty.xml", folder / "web.xml")
    code, said = type_in(folder, "crm -c web.xml configure load replace examples/web-service.crm")
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


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("session", blocks("console"))
def test_a_session_goes_as_it_is_printed(session: str, desk: Path) -> None:
    printed = ""
    for command in re.findall(r"^\$ (.*)$", session, re.MULTILINE):
        code, said = type_in(desk, command.partition("  # exit code")[0])
        printed += f"$ {command}\n{said}"
        claimed = re.search(r"# exit code (\d+)$", command)
        assert code == int(claimed[1] if claimed else 0), said
    assert printed == session


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
