"""The real CIBs that are not part of this project: the data of Pacemaker's own scheduler tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "CRM_CORPUS"
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "scheduler"
# Read at import: tests run without the variables that steer `crm`.
FOLDER = Path(os.environ.get(VARIABLE) or BESIDE)


def scheduler_cibs() -> list[Path]:
    """The files in the folder that $CRM_CORPUS names, or in ../shared/corpus/scheduler beside the checkout."""
    return sorted(FOLDER.glob("*.xml"))


needs_corpus = pytest.mark.skipif(
    not scheduler_cibs(), reason=f"no real CIBs in {FOLDER} ({VARIABLE} can name another folder)"
)
