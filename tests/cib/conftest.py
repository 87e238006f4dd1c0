"""What the tests of the journal share."""

from __future__ import annotations

from pathlib import Path

import pytest
from journal_desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
