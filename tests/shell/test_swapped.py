"""Two words in the wrong order: how the line is said right."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import in_process


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("resource failcount show web", "failcount web show"),
        ("resource web stop", "stop web"),
        ("resource meta set web priority 3", "meta web set priority 3"),
        ("resource param set web passwd geheim", "param web set passwd ******"),
        ("resource secret set web pin geheim", "secret web set pin ******"),
        ("node attribute set alpha rack 7", "attribute alpha set rack 7"),
    ],
)
def test_neighbours_that_were_swapped(line: str, meant: str, folder: Path) -> None:
    words = in_process(*line.split(), folder=folder)
    (folder / "script").write_text(line)
    script = in_process("-f", "script", folder=folder)
    for ran in (words, script):
        assert (ran.code, ran.out) == (2, "")
        assert f"  hint: did you mean `{meant}`?\n" in ran.err
        assert "geheim" not in ran.err


@pytest.mark.parametrize("line", ["resource web", "resource failcount web shwo", "resource nosuch web", "nosuch"])
def test_what_is_wrong_otherwise_has_its_own_hint(line: str, folder: Path) -> None:
    ran = in_process(*line.split(), folder=folder)
    assert (ran.code, "hint: " in ran.err) == (2, True)
    assert "did you mean `" not in ran.err
