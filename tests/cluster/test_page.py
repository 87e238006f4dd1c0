"""The sessions of pages about running clusters, typed to a shell on a node of one."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from bed.node import PATH
from program import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from bed import Node

pytestmark = pytest.mark.needs_cluster
_BLOCK = re.compile(r"^```cluster\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TYPED = re.compile(r"^\$ (.*?)(?:  # exit code (\d+))?\n", re.MULTILINE)


@pytest.mark.parametrize("page", ["cluster.md", "operations.md"])
def test_the_sessions_of_a_page_go_as_it_says(page: str, node: Node, tmp_path: Path) -> None:
    program = tmp_path / "crm"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m crmsh_py "$@"\n')
    program.chmod(0o755)
    sessions = "".join(_BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")))
    typed = _TYPED.findall(sessions)
    assert len(typed) > 10
    for command, claimed in typed:
        ran = node.run("bash", "-c", command, env={"PATH": f"{tmp_path}:{PATH}"})
        assert ran.code == int(claimed or 0), (command, ran)
