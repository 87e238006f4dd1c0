"""The rows of tests/test_two_writers.py on the CIB of a running cluster: two real programs, and what comes of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from test_two_writers import ROWS, START, Row

if TYPE_CHECKING:
    from bed import Node

pytestmark = pytest.mark.needs_cluster

# probed, not started
SETUP = f"property stop-all-resources=true\n{START}"


def prepare(folder: Path) -> None:
    """The files of the rows, and a program `other`, which commits other.crm and copies its input to its output."""
    (folder / "x2.crm").write_text("primitive x2 Dummy meta target-role=Stopped\n", encoding="utf-8")
    other = folder / "other"
    other.write_text(f'#!/bin/sh\n"{sys.executable}" -m crmsh_py -f other.crm configure >&2 || exit\nexec cat\n')
    other.chmod(0o755)


def wrong(node: Node, row: Row, folder: Path) -> list[str]:
    """Let both write; what is not as the row has it."""
    (folder / "other.crm").write_text(row.other + "\n", encoding="utf-8")
    ran = node.crm("configure", stdin=f"{row.ours}\nfilter ./other aside\n", folder=folder)
    root = etree.fromstring(node.cib())
    found = [path for path in row.left if not root.xpath(path)]
    found += [said for said in row.said if said not in ran.err]
    return found if ran.code == row.exit_code and "<" not in ran.err else [*found, str(ran)]


def test_no_change_is_lost(node: Node, tmp_path: Path) -> None:
    """One after the other on one cluster, which begins each with the same resources and constraints."""
    prepare(tmp_path)
    assert node.crm("configure", stdin=SETUP).code == 0
    sections = [etree.fromstring(node.cib()).find(f"configuration/{name}") for name in ("resources", "constraints")]
    found = {}
    for name, row in ROWS.items():
        found[name] = wrong(node, row, tmp_path)
        for section in sections:
            node.cibadmin("--replace", f"--scope={section.tag}", "--xml-pipe", stdin=etree.tostring(section))
    assert {name: wrongs for name, wrongs in found.items() if wrongs} == {}
