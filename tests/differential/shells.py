"""The existing shell and this one: the same script to both, each on its own copy of a CIB file."""

from __future__ import annotations

import difflib
import os
import subprocess
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import NamedTuple

import equality
from existing_shell import EXISTING
from lxml import etree
from program import in_process

SECONDS = 60
# where their children stand among the attribute sets says nothing to the cluster
_PARENTS = frozenset((*equality.NVSETS, "cluster_property_set", "clone", "master", "group", "bundle"))
EMPTY = b"""<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
  <configuration><crm_config/><nodes/><resources/><constraints/></configuration><status/>
</cib>
"""


class Outcome(NamedTuple):
    """What became of a script: the exit code, the CIB, and what was said."""

    exit_code: int
    cib: etree._Element
    said: str


@cache
def version() -> str:
    """What the existing shell says that it is."""
    return subprocess.run([str(EXISTING), "--version"], capture_output=True, text=True, timeout=SECONDS).stdout.strip()


def starting_cib(text: str, folder: Path) -> bytes:
    """The bytes of a CIB file that holds this text."""
    file, loaded = folder / "start.xml", folder / "start.crm"
    file.write_bytes(EMPTY)
    loaded.write_text(text, encoding="utf-8")
    outcome = _in_process(["-F", "configure", "load", "replace", loaded.name], file)
    assert outcome.exit_code == 0, outcome.said
    return file.read_bytes()


def both(
    script: str, start: bytes, folder: Path, words: tuple[str, ...] = (), our_words: tuple[str, ...] = ()
) -> tuple[Outcome, Outcome]:
    """Run a script at the level `configure` of the existing shell, and at the same time of ours.

    words: options for both; our_words: more of them for ours.
    """
    theirs, ours, text = folder / "theirs.xml", folder / "ours.xml", folder / "script.crm"
    theirs.write_bytes(start)
    ours.write_bytes(start)
    text.write_text(script, encoding="utf-8")
    environ = {**os.environ, "CIB_file": str(theirs), "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    with (
        text.open("rb") as stdin,
        subprocess.Popen(
            [str(EXISTING), *words, "configure"],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environ,
            cwd=folder,
        ) as process,
    ):
        try:
            our_outcome = _in_process([*words, *our_words, "-f", text.name, "configure"], ours)
            said = process.communicate(timeout=SECONDS)[0]
        finally:
            process.kill()
    return Outcome(process.returncode, read(theirs.read_bytes()), said.decode("utf-8", "replace")), our_outcome


def _in_process(words: list[str], file: Path) -> Outcome:
    ran = in_process("-c", f"./{file.name}", *words, folder=file.parent)
    return Outcome(ran.code, read(file.read_bytes()), ran.out + ran.err)


def read(data: bytes) -> etree._Element:
    """The root of a CIB."""
    return etree.fromstring(data)


def same(cib: etree._Element) -> bytes:
    """Equal where two CIBs are: ids and values, comments, and every order that says something."""
    copy = deepcopy(cib)
    for element in copy.iter(*_PARENTS):
        equality.REWRITTEN[str(element.tag)](element)
    return equality.canonical(copy)


def difference(theirs: etree._Element, ours: etree._Element) -> str:
    """The lines of XML that only theirs (-), and that only ours (+) has; "" where the two are the same."""
    lines = difflib.unified_diff(_lines(theirs), _lines(ours), n=0, lineterm="")
    return "".join(f"{line[0]}{line[1:].strip()}\n" for line in lines if not line.startswith(("---", "+++", "@@")))


def _lines(cib: etree._Element) -> list[str]:
    root = etree.fromstring(same(cib))
    etree.indent(root)
    return etree.tostring(root, encoding="unicode").split("\n")
