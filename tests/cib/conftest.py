"""What the tests of the journal, and those of shadows, share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from journal_desk import Desk
from shadow_desk import live_in

if TYPE_CHECKING:
    from crmsh_py.cib.stores.file import File


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """What names a folder of shadows."""
    place = tmp_path / "shadows"
    place.mkdir()
    return {"CIB_shadow_dir": str(place)}


@pytest.fixture
def live(tmp_path: Path) -> File:
    """What shadows are made from and committed to."""
    return live_in(tmp_path)
