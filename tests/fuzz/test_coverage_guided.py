"""A bounded run of the coverage-guided fuzzer; `$CRM_FUZZ_SECONDS` makes it longer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

TARGET = Path(__file__).with_name("fuzz_text.py")
SECONDS = os.environ.get("CRM_FUZZ_SECONDS", "20")
# bounded by count, so that a run is the same each time; CRM_FUZZ_SECONDS looks further
RUNS = () if "CRM_FUZZ_SECONDS" in os.environ else ("-runs=3000",)


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not there for this Python and machine")
def test_no_input_breaks_the_program(tmp_path: Path) -> None:
    options = [f"-max_total_time={SECONDS}", *RUNS, "-timeout=10", "-rss_limit_mb=2048", "-max_len=2000", "-seed=1"]
    done = subprocess.run(
        [sys.executable, TARGET, *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=int(SECONDS) + 120,
    )
    finds = [f"{path.name}: {path.read_bytes()!r}" for path in tmp_path.glob("*-*")]
    assert not finds, "\n".join(finds) + done.stderr[-3000:]
    assert done.returncode == 0, done.stderr[-3000:]
    runs = re.search(r"Done (\d+) runs", done.stderr)
    assert runs, done.stderr[-3000:]
    assert int(runs[1]) > 100
