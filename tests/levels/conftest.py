"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest
from shadow_commands import crm


@pytest.fixture
def folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a live CIB, web.xml, and a folder of shadows."""
    monkeypatch.setenv("CIB_shadow_dir", str(folder / "shadows"))
    monkeypatch.setenv("CIB_file", "web.xml")
    (folder / "shadows").mkdir()
    crm(folder, "-F configure property stonith-enabled=false")
    crm(folder, "configure primitive old ocf:pacemaker:Dummy")
    return folder
