"""The commands on shadow CIBs, through the real program; a CIB file stands in the place of the live CIB."""

from __future__ import annotations

import bz2
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from prompt_desk import QUESTION
from shadow_commands import ROOT, crm, files, prompt, script, shown
from terminal import CRM, PROMPT, Terminal

# --------------------------------------------------------------------------------- the flow of the wiki page

FLOW = """\
crm(web.xml/HOST)# cib new copy_config
crm(copy_config/HOST)# cib use copy_config
crm(copy_config/HOST)# configure
crm(copy_config/HOST)configure# show
primitive old ocf:pacemaker:Dummy
property cib-bootstrap-options: \\
TABstonith-enabled=false
crm(copy_config/HOST)configure# verify
WARNING: fencing is disabled: nodes that are not seen are not fenced
crm(copy_config/HOST)configure# delete old
crm(copy_config/HOST)configure*# cib commit copy_config
WARNING: these edits are not committed
--- committed
+++ edited
@@ -1,3 +1,2 @@
-primitive old ocf:pacemaker:Dummy
 property cib-bootstrap-options: \\
 TABstonith-enabled=false
Commit them? (y)es, (n)o, or (c) to stay: ANSWER
"""


def test_the_flow_that_forgets_a_commit_is_asked_about_it(folder: Path) -> None:
    """What stands behind a prompt is typed; the rest is what has to be shown."""
    screen = FLOW.replace("HOST", os.uname().nodename).replace("TAB", "\t").replace("ANSWER", "y")
    terminal = Terminal([*CRM, "-c", "web.xml"], folder, rows=100, CIB_shadow_dir=str(folder / "shadows"))
    for line in screen.splitlines():
        _, mark, typed = line.partition("# ")
        if mark and line.startswith("crm("):
            terminal.wait(PROMPT)
            terminal.type(typed + "\n")
        elif line.endswith(": y"):
            terminal.wait(QUESTION)
            terminal.type("y\n")
    terminal.wait(PROMPT)
    terminal.type("quit\n")
    assert terminal.end() == 0
    assert terminal.said[: len(screen)] == screen
    assert "note: what was edited is committed to the shadow CIB copy_config" in terminal.said
    assert "primitive old" not in shown(folder)
    assert "primitive old" not in shown(folder, "copy_config")


@pytest.mark.parametrize(("answer", "is_kept"), [("n", False), ("c", True), ("\x03", True)])
def test_the_flow_can_be_answered_otherwise(folder: Path, answer: str, is_kept: bool) -> None:
    terminal = prompt(folder)
    for line in ("cib new c", "configure", "delete old"):
        terminal.line(line)
    terminal.type("cib commit c\n")
    terminal.wait(QUESTION)
    terminal.interrupt() if answer == "\x03" else terminal.type(answer + "\n")
    terminal.wait(PROMPT)
    assert ("-primitive old" in terminal.line("diff")) == is_kept
    terminal.type("\x04")
    if is_kept:
        terminal.wait(QUESTION)
        terminal.type("n\n")
    assert terminal.end() == 0
    assert "primitive old" in shown(folder)
    assert "primitive old" in shown(folder, "c")


def test_the_flow_as_a_script_is_committed_and_says_so(folder: Path) -> None:
    ran = script(folder, "cib new c", "cib use c", "configure", "show", "verify", "delete old", "cib commit c")
    assert "note: what was edited is committed to the shadow CIB c" in ran.err
    assert "primitive old" in ran.out
    assert "primitive old" not in shown(folder) + shown(folder, "c")


def test_a_shadow_is_used_from_its_line_on(folder: Path) -> None:
    before = "configure primitive before ocf:pacemaker:Dummy"
    inside = "configure primitive inside ocf:pacemaker:Dummy"
    after = "configure primitive after ocf:pacemaker:Dummy"
    ran = script(folder, before, "cib new s", inside, "cib use", after)
    assert ran.err.count("what was edited is committed to") == 2
    assert [name for name in ("before", "inside", "after") if f"primitive {name} " in shown(folder)] == [
        "before",
        "after",
    ]
    assert [name for name in ("before", "inside", "after") if f"primitive {name} " in shown(folder, "s")] == [
        "before",
        "inside",
    ]


def test_what_a_script_left_behind_is_said_when_it_fails(folder: Path) -> None:
    lines = ("configure primitive a ocf:pacemaker:Dummy", "cib new s", "configure delete nosuch")
    ran = script(folder, *lines, code=4)
    assert "what stands up to line 2 was committed and stays" in ran.err
    assert "primitive a " in shown(folder)


# -------------------------------------------------------------------------------------------- the commands


def test_a_new_shadow_is_a_copy_and_is_used(folder: Path) -> None:
    (folder / "web.xml").write_text(
        (folder / "web.xml").read_text().replace("<status/>", '<status><node_state id="1" uname="a"/></status>')
    )
    ran = script(folder, "cib new s", "cib list", "configure show", "cib use", "cib list")
    assert ran.out == f"s\t(in use)\n{shown(folder)}s\n"
    assert "node_state" not in (folder / "shadows" / "shadow.s").read_text()
    crm(folder, "cib new t withstatus")
    assert "node_state" in (folder / "shadows" / "shadow.t").read_text()
    # a copy that has the status gets it again, one that has not does not
    for name, has_status in (("s", False), ("t", True)):
        crm(folder, f"-c {name} configure primitive a ocf:pacemaker:Dummy")
        crm(folder, f"cib reset {name}")
        assert shown(folder, name) == shown(folder)
        assert ("node_state" in (folder / "shadows" / f"shadow.{name}").read_text()) == has_status
    assert "holds no state" in crm(folder, "cib use s withstatus").err
    assert "holds no state" not in crm(folder, "cib use t withstatus").err


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("line", ["new s empty", "new s force empty", "new s empty withstatus force"])
def test_words_of_new_stand_in_any_order(folder: Path, line: str) -> None:
    crm(folder, f"cib {line}")
    assert shown(folder, "s") == ""


@pytest.mark.needs_pacemaker
def test_an_empty_shadow_takes_no_cluster(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CIB_file")
    crm(folder, "cib new s empty")
    tool = ("crm_attribute", "-t", "crm_config", "-n", "batch-limit", "-v", "5")
    subprocess.run(tool, env={**os.environ, "CIB_shadow": "s"}, check=True)
    assert "batch-limit=5" in shown(folder, "s")
    crm(folder, "-c s -F configure primitive a ocf:pacemaker:Dummy")
    # what is added to nothing is added to what there is
    crm(folder, "-c web.xml -F cib commit s")
    assert "primitive a " in shown(folder)
    assert "primitive old " in shown(folder)


def test_a_shadow_that_is_there_is_not_overwritten(folder: Path) -> None:
    crm(folder, "cib new s")
    crm(folder, "-c s configure delete old")
    for line in ("cib new s", "cib new s empty", "cib import web.xml s"):
        ran = crm(folder, line, code=1)
        assert "ERROR: there is a shadow CIB s already" in ran.err
        assert "primitive old " not in shown(folder, "s")
    for line in ("cib new s force", "-F cib new s", "cib import web.xml s force"):
        crm(folder, line)
        assert "primitive old " in shown(folder, "s")
        crm(folder, "-c s configure delete old")


def test_a_temporary_shadow_goes_when_it_is_committed_or_has_nothing(folder: Path) -> None:
    assert "is temporary" in script(folder, "cib new", "configure show").err
    assert files(folder) == []
    ran = script(folder, "cib new", "configure delete old", "cib commit", "cib list", "configure show")
    assert ran.out == shown(folder) == "property cib-bootstrap-options: \\\n\tstonith-enabled=false\n"
    assert files(folder) == []


def test_a_temporary_shadow_with_edits_is_kept(folder: Path) -> None:
    ran = script(folder, "cib new", "configure delete old")
    name = re.search(r"the shadow CIB (crm-\w+) holds edits that are not committed, and is kept", ran.err).group(1)
    crm(folder, f"cib commit {name}")
    assert "primitive old " not in shown(folder)


def test_a_line_alone_says_that_it_does_not_last(folder: Path) -> None:
    assert "`crm -c s ...` works on it" in crm(folder, "cib new s").err
    assert "it ends here; `crm -c s ...`" in crm(folder, "cib use s").err
    assert "it ends here" not in script(folder, "cib use s").err


def test_shadows_are_listed(folder: Path) -> None:
    crm(folder, "cib new b")
    crm(folder, "cib new a")
    assert crm(folder, "cib list").out == "a\nb\n"
    answer = json.loads(crm(folder, "-c b cib list -o json").out)
    Draft202012Validator(json.loads((ROOT / "docs/schemas/cib.list.json").read_text())).validate(answer)
    assert answer["data"] == [{"name": "a", "in_use": False}, {"name": "b", "in_use": True}]


def test_several_shadows_are_deleted_or_none(folder: Path) -> None:
    for name in ("a", "b", "c"):
        crm(folder, f"cib new {name}")
    ran = crm(folder, "cib delete a bb", code=4)
    assert "did you mean b?" in ran.err
    assert "the shadow CIB b is in use" in crm(folder, "-c b cib delete a b", code=1).err
    assert crm(folder, "cib list").out == "a\nb\nc\n"
    crm(folder, "cib delete a c")
    crm(folder, "-F cib delete a b")
    assert files(folder) == []
    assert crm(folder, "cib list").out == ""


def test_a_diff_is_against_the_live_cib_and_masks_secrets(folder: Path) -> None:
    crm(folder, "cib new s")
    assert crm(folder, "cib diff s").out == ""
    crm(folder, "-c s configure primitive f ocf:none:none params passwd=topsecret")
    ran = crm(folder, "cib diff s")
    assert ran.out.startswith("--- web.xml\n+++ s\n@@ ")
    assert "+primitive f ocf:none:none" in ran.out
    assert "topsecret" not in ran.out + ran.err
    answer = json.loads(crm(folder, "-c s cib diff -o json").out)
    Draft202012Validator(json.loads((ROOT / "docs/schemas/cib.diff.json").read_text())).validate(answer)
    assert answer["data"] == ran.out.splitlines()
    # those that are not committed to the shadow yet
    ran = script(folder, "cib use s", "configure delete f old", "cib diff", "configure refresh")
    assert [line for line in ran.out.splitlines() if line[0] in "+-"][2:] == ["-primitive old ocf:pacemaker:Dummy"]
    assert "the shadow's name is expected" not in crm(folder, "cib diff", code=2).out


def test_a_file_becomes_a_shadow(folder: Path) -> None:
    (folder / "pe-input-3.bz2").write_bytes(bz2.compress((folder / "web.xml").read_bytes()))
    crm(folder, "cib import web.xml")
    crm(folder, "cib import pe-input-3.bz2")
    crm(folder, "cib import pe-input-3.bz2 other")
    assert crm(folder, "cib list").out == "other\npe-input-3\nweb\n"
    assert shown(folder, "pe-input-3") == shown(folder)
    ran = script(folder, "cib import web.xml used", "configure delete old", "cib commit", code=6)
    assert "nobody knows what the shadow CIB used was made from" in ran.err
    ran = crm(folder, "cib commit used overwrite")
    assert "primitive old " not in shown(folder)
    assert [line for line in ran.err.splitlines() if "WARNING" in line] == [
        "WARNING: put in the place of what web.xml had: removed old"
    ]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("import nosuch.xml", 4, "no such file: nosuch.xml"),
        ("import bad.xml", 1, "bad.xml is not a CIB"),
        ("import 99999999", 4, "no input 99999999"),
        ("use nosuch", 4, "no such shadow CIB: nosuch"),
        ("reset nosuch", 4, "no such shadow CIB: nosuch"),
        ("diff nosuch", 4, "no such shadow CIB: nosuch"),
        ("commit nosuch", 4, "no such shadow CIB: nosuch"),
        ("delete nosuch", 4, "no such shadow CIB: nosuch"),
        ("use a/b", 2, "not the name of a shadow CIB"),
        ("new a/b", 2, "cannot be called"),
        ("new a.xml", 2, "cannot be called"),
        ("commit", 2, "no shadow CIB is in use"),
        ("diff", 2, "no shadow CIB is in use"),
        ("reset", 2, "no shadow CIB is in use"),
        ("del s", 2, "must be written in full"),
        ("cibstatus", 2, "not there yet"),
    ],
)
def test_what_cannot_be_is_one_error(line: str, code: int, said: str, folder: Path) -> None:
    (folder / "bad.xml").write_text("no XML")
    before = (folder / "web.xml").read_bytes()
    assert said in crm(folder, f"cib {line}", code=code).err
    assert (folder / "web.xml").read_bytes() == before
    assert files(folder) == []


def test_a_shadow_that_is_not_there_is_said_wherever_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = crm(folder, "-c nosuch configure show", code=4)
    assert "hint: `cib list` shows those that are there" in ran.err
    monkeypatch.delenv("CIB_file")
    monkeypatch.setenv("CIB_shadow", "other")
    assert "no such shadow CIB: other" in crm(folder, "configure show", code=4).err
