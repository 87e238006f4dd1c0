"""The cases of `cases/*.txt`.

A file is a topic. `=== start` heads the configuration that its scripts start from, every other `=== NAME` a case: a
script, which both shells get at the level `configure`. Lines `: WORD ...` below a header say more of it:

    : differs ROW ...      what becomes of it differs, as the rows of docs/differences.md say
    : refused WHO          `both`, `theirs` or `ours`: who leaves the configuration as it was
    : with WORD ...        options of the program
    : ours with WORD ...   options of our program beside them

`--- NAME` heads a file that lies beside the script. Where both shells change the configuration and the two differ,
`--- difference` heads the lines of the XML that only theirs (-) and that only ours (+) has.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "cases"


class Case(NamedTuple):
    """A script, what it starts from, and what is expected of it."""

    topic: str
    name: str
    start: str
    script: str
    files: dict[str, str]
    differs: tuple[str, ...] = ()
    refused: str = ""
    words: tuple[str, ...] = ()
    our_words: tuple[str, ...] = ()
    difference: str = ""

    def __str__(self) -> str:
        return f"{self.topic}: {self.name}"


def cases() -> list[Case]:
    """All cases of all topics."""
    return [case for file in sorted(FOLDER.glob("*.txt")) for case in _topic(file)]


def _topic(file: Path) -> list[Case]:
    head, *blocks = file.read_text(encoding="utf-8").split("\n=== ")
    assert all(line.startswith("#") for line in head.splitlines() if line), f"{file.name} begins with a case"
    (start_name, start), *rest = (_split(block) for block in blocks)
    assert start_name == "start", f"{file.name} has no start"
    return [_case(file.stem, name, start, body) for name, body in rest]


def _split(block: str) -> tuple[str, str]:
    name, _, body = block.partition("\n")
    return name.strip(), body.strip("\n") + "\n"


def _case(topic: str, name: str, start: str, body: str) -> Case:
    said: dict[str, tuple[str, ...]] = {}
    lines = body.splitlines(keepends=True)
    while lines and lines[0].startswith(": "):
        word, *values = lines.pop(0)[2:].split()
        if (word, *values[:1]) == ("ours", "with"):
            word, values = "ours with", values[1:]
        assert word in ("differs", "refused", "with", "ours with"), f"{topic}: {name}: {word}"
        said[word] = tuple(values)
    script, *parts = "".join(lines).split("--- ")
    files = dict(_split(part) for part in parts)
    return Case(
        topic,
        name,
        start,
        script.rstrip("\n") + "\n",
        files,
        said.get("differs", ()),
        " ".join(said.get("refused", ())),
        said.get("with", ()),
        said.get("ours with", ()),
        files.pop("difference", ""),
    )
