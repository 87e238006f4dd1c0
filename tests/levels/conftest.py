"""What the tests of the commands share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from shadow_commands import ROOT, crm


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a live CIB, web.xml, and a folder of shadows."""
    monkeypatch.setenv("CIB_shadow_dir", str(tmp_path / "shadows"))
    monkeypatch.setenv("CIB_file", "web.xml")
    (tmp_path / "shadows").mkdir()
    shutil.copy(ROOT / "examples" / "empty.xml", tmp_path / "web.xml")
    crm(tmp_path, "-F configure property stonith-enabled=false")
    crm(tmp_path, "configure primitive old ocf:pacemaker:Dummy")
    return tmp_path
