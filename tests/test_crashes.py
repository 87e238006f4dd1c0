"""Lines that crash the existing shell, or that it takes silently for something else: one line each, and a code.

The rows of its crash list, and of what else went wrong in a short session with it.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shutil import copy
from typing import NamedTuple

import pytest
from lxml import etree
from program import PROGRAM, ROOT, Ran, as_process, check_no_bug, in_process


class Row(NamedTuple):
    """The words of the program, the exit code, and what is said."""

    words: tuple[str, ...]
    exit_code: int
    said: str = ""


ROWS = {
    "an operation without an interval": Row(
        ("configure", "primitive", "x", "Dummy", "op", "monitor", "timeout=30"), 0, "WARNING: x: the monitor has no"
    ),
    "a value with a blank in a rule": Row(
        ("configure", "location", "l", "address", "rule", "50:", "a", "eq", "x y"), 0
    ),
    "the what-if level": Row(("cibstatus", "save", "status.xml"), 2, "`cibstatus` is not there yet"),
    "the what-if level in configure": Row(("configure", "cibstatus"), 2, "`cibstatus` is not there yet"),
    "a clean-up": Row(("resource", "cleanup", "address"), 5, "`cleanup` acts on the running cluster"),
    "a commit of no shadow": Row(("cib", "commit"), 2, "expected"),
    "a shadow that is not there, deleted": Row(("cib", "delete", "nosuch"), 4, "no such shadow CIB: nosuch"),
    "a node that is not there": Row(("node", "show", "nosuch"), 4, "there is no node nosuch"),
    "the history": Row(("history", "info"), 2, "`history` is not there yet"),
    "a simulation": Row(("configure", "ptest"), 2, "`ptest` is not there yet"),
    "an option without its section": Row(
        ("-o", "check_frequency=never", "configure", "show"), 2, "no such setting: check_frequency"
    ),
    "an interval without a value": Row(
        ("configure", "primitive", "p", "Dummy", "op", "monitor", "interval"), 2, "expected name=value"
    ),
    "two kinds of container": Row(("configure", "bundle", "b", "docker", "image=x", "rkt", "image=y"), 5, "rkt"),
    "nothing to delete": Row(("configure", "delete"), 2, "expected an object"),
    "a kind that there is not": Row(("configure", "show", "type:nosuch"), 2, "nosuch is no kind of object"),
    "no kind at all": Row(("configure", "show", "type:"), 2, "an empty word is no kind of object"),
    "an object that is not there": Row(("configure", "show", "nosuch"), 4, "there is no object nosuch"),
    "an option that there is not": Row(("--nosuch", "configure", "show"), 2, "unknown option: --nosuch"),
    "a line in quotes": Row(("configure show address",), 0),
    "a command of another level": Row(
        ("configure", "resource", "stop", "web"), 2, "no such command in configure: resource"
    ),
    "letters of a keyword": Row(("configure", "foo", "address"), 2, "no such command in configure: foo"),
    "letters of erase": Row(("configure", "er"), 2, "`erase` must be written in full"),
    "a display that cannot be read back": Row(("-D", "uppercase", "configure", "show"), 2, "upper case is gone"),
    "the same attribute twice": Row(("configure", "primitive", "p", "Dummy", "fake=1", "fake=2"), 0),
    "an id that begins with a digit": Row(("configure", "primitive", "1p", "Dummy"), 2, "1p"),
}
CHANGING = ("an operation without an interval", "a value with a blank in a rule", "the same attribute twice")


@pytest.fixture(scope="module")
def web_service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web service of the examples."""
    folder = tmp_path_factory.mktemp("web")
    copy(ROOT / "examples" / "empty.xml", folder / "cib.xml")
    ran = in_process(
        "-c", "cib.xml", "configure", "load", "replace", str(ROOT / "examples" / "web-service.crm"), folder=folder
    )
    assert ran.code == 0, ran.err
    return folder / "cib.xml"


@pytest.fixture
def file(web_service: Path, tmp_path: Path) -> Path:
    return Path(copy(web_service, tmp_path / "cib.xml"))


def crm(file: Path, *words: str, stdin: bytes = b"") -> Ran:
    return as_process("-c", str(file), *words, folder=file.parent, stdin=stdin)


@pytest.mark.parametrize("name", ROWS)
def test_a_line_that_crashed(name: str, file: Path) -> None:
    row, before = ROWS[name], file.read_bytes()
    ran = crm(file, *row.words)
    assert ran.code == row.exit_code, ran.err
    assert row.said in ran.err
    assert len(re.findall(r"\bERROR: ", ran.err)) == bool(row.exit_code), ran.err
    assert bool(row.exit_code) <= (ran.out == ""), "stdout is data"
    assert (file.read_bytes() == before) == (name not in CHANGING)


def test_a_value_with_a_blank_is_one_value(file: Path) -> None:
    row = ROWS["a value with a blank in a rule"]
    assert crm(file, *row.words).code == 0
    assert etree.parse(str(file)).xpath("//rsc_location[@id='l']//expression/@value") == ["x y"]
    assert 'rule 50: a eq "x y"' in crm(file, "configure", "show", "l").out


def test_output_that_is_closed(file: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f'"$@" -c "{file}" configure show >&-', "bash", *PROGRAM],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    check_no_bug(Ran(done.returncode, done.stdout, done.stderr))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("text", ["a -- b", "--", "a--", "-->", "ends with -", "<!-- x -->"])
@pytest.mark.parametrize("method", ["update", "replace", "push"])
def test_a_comment_that_xml_cannot_hold(text: str, method: str, file: Path) -> None:
    loaded = file.parent / "new.crm"
    loaded.write_text(f"# {text}\nprimitive commented Dummy\n", encoding="utf-8")
    ran = crm(file, "configure", "load", method, loaded.name)
    assert ran.code == 0, ran.err
    assert f"# {text}\nprimitive commented Dummy\n" in crm(file, "configure", "show", "commented").out


@pytest.mark.parametrize("value", ["tr\\", '\\"', 'x\\"y', "\\\\", "'", '"', "it's \\"])
def test_a_value_that_ends_in_a_backslash(value: str, file: Path) -> None:
    root = etree.parse(str(file))
    for pair in root.iterfind(".//nvpair[@name='ip']"):
        pair.set("value", value)
    root.write(str(file))
    shown = crm(file, "configure", "show", "address")
    assert (shown.code, shown.err) == (0, "")
    again = crm(file, "configure", "primitive", "other", "Dummy")
    assert again.code == 0, again.err
    saved = crm(file, "configure", "save", "all.crm")
    loaded = crm(file, "configure", "load", "replace", "all.crm")
    assert (saved.code, loaded.code) == (0, 0), loaded.err
    assert set(etree.parse(str(file)).xpath("//nvpair[@name='ip']/@value")) == {value, "192.0.2.101", "192.0.2.102"} - (
        {"192.0.2.101", "192.0.2.102"}
    )


@pytest.mark.needs_pacemaker
def test_a_cib_of_a_newer_pacemaker(file: Path) -> None:
    """Pacemaker's tools refuse one that says it needs more features than they have."""
    newer = re.sub(rb'crm_feature_set="[^"]*"', b'crm_feature_set="99.9.9"', file.read_bytes())
    file.write_bytes(newer)
    assert crm(file, "configure", "show").code == 0
    ran = crm(file, "configure", "primitive", "x", "Dummy")
    assert ran.code in (0, 5), ran.err
    assert (file.read_bytes() == newer) == bool(ran.code)
    assert len(re.findall(r"\bERROR: ", ran.err)) == bool(ran.code), ran.err
