"""Commits of shadow CIBs, and what is asked about them at the prompt, through the real program."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from program import in_process
from prompt_desk import QUESTION
from shadow_commands import crm, files, prompt, shown
from terminal import CRM, PROMPT, Terminal

# ------------------------------------------------------------------------------------------------ commits


def test_a_commit_keeps_what_others_changed(folder: Path) -> None:
    crm(folder, "cib new s")
    crm(folder, "-c s configure primitive mine ocf:pacemaker:Dummy")
    crm(folder, "configure primitive theirs ocf:pacemaker:Dummy")
    crm(folder, "configure delete old")
    ran = crm(folder, "--detailed-exitcode cib commit s", code=10)
    assert "merged with what somebody else has changed in web.xml meanwhile: theirs, old" in ran.err
    for cib in ("web.xml", "s"):
        assert "primitive mine " in shown(folder, cib)
        assert "primitive theirs " in shown(folder, cib)
        assert "primitive old " not in shown(folder, cib)
    # what is taken back in the live CIB is not brought again
    crm(folder, "configure delete mine")
    crm(folder, "--detailed-exitcode cib commit s")
    assert "primitive mine " not in shown(folder) + shown(folder, "s")


def test_two_changes_of_one_object_are_a_conflict(folder: Path) -> None:
    crm(folder, "cib new s")
    crm(folder, "-c s configure property stonith-enabled=true batch-limit=5", code=0)
    crm(folder, "configure property batch-limit=6")
    before = (folder / "web.xml").read_bytes(), (folder / "shadows" / "shadow.s").read_bytes()
    ran = crm(folder, "cib commit s", code=6)
    assert "batch-limit was changed here, and by somebody else meanwhile" in ran.err
    assert "batch-limit=5" in ran.err
    assert "batch-limit=6" in ran.err
    assert "`cib commit s overwrite`" in ran.err
    assert before == ((folder / "web.xml").read_bytes(), (folder / "shadows" / "shadow.s").read_bytes())
    ran = crm(folder, "cib commit s overwrite")
    assert "put in the place of what somebody else has changed" in ran.err
    assert "batch-limit=5" in shown(folder)


def test_what_a_shadow_of_unknown_origin_overwrites_is_named(folder: Path) -> None:
    crm(folder, "cib import web.xml s")
    crm(folder, "-c s configure primitive mine ocf:pacemaker:Dummy")
    theirs = "primitive theirs ocf:none:none params passwd=topsecret"
    for line in ("property batch-limit=5", theirs):
        crm(folder, f"-F configure {line}")
    path = folder / "web.xml"
    path.write_text(path.read_text().replace('id="old"', 'id="old" description="theirs"'))
    ran = crm(folder, "cib commit s overwrite")
    warnings = [line for line in ran.err.splitlines() if line.startswith("WARNING: put")]
    assert warnings == ["WARNING: put in the place of what web.xml had: removed batch-limit and theirs; changed old"]
    assert "topsecret" not in ran.out + ran.err
    # from now on the origin is known; and where nothing is lost, nothing is said
    crm(folder, "-c s configure delete mine")
    assert "WARNING: put" not in crm(folder, "cib commit s overwrite").err
    crm(folder, "cib import web.xml t")
    crm(folder, "-c t configure primitive added ocf:pacemaker:Dummy")
    assert "WARNING: put" not in crm(folder, "cib commit t overwrite").err
    assert "primitive added " in shown(folder)


def test_what_is_refused_overwrites_nothing(folder: Path) -> None:
    crm(folder, "cib import web.xml s")
    crm(folder, "-c s configure delete old")
    path = folder / "shadows" / "shadow.s"
    path.write_text(
        path.read_text().replace("<constraints/>", '<constraints><rsc_ticket id="x" nosuch="1"/></constraints>')
    )
    ran = crm(folder, "cib commit s overwrite", code=5)
    assert "put in the place" not in ran.err
    assert "primitive old " in shown(folder)


def test_a_planted_link_or_pipe_is_one_error(folder: Path) -> None:
    before = (folder / "web.xml").read_bytes()
    os.symlink(folder / "web.xml", folder / "shadows" / "shadow.link")
    os.mkfifo(folder / "shadows" / "shadow.pipe")
    for name in ("link", "pipe"):
        for line in (
            f"-c {name} configure show",
            f"cib use {name}",
            f"cib diff {name}",
            f"cib commit {name} overwrite",
        ):
            ran = crm(folder, line, code=1)
            assert f"ERROR: the shadow CIB {name} is a link, or no regular file" in ran.err
            assert f"hint: `cib delete {name}` removes it" in ran.err
        crm(folder, f"cib delete {name}")
    assert (folder / "web.xml").read_bytes() == before
    assert files(folder) == []


def test_what_does_not_go_together_is_said_with_words_that_help(folder: Path) -> None:
    crm(folder, "cib new s")
    crm(folder, "-c s configure location l old 100: node1")
    crm(folder, "configure delete old")
    before = (folder / "web.xml").read_bytes()
    for line in ("cib commit s", "cib commit s overwrite"):
        ran = crm(folder, line, code=6)
        assert "both changes do not go together" in ran.err
        assert "hint: edit the shadow CIB s so that it goes with what is in the live CIB now" in ran.err
        assert "`cib commit s overwrite`" not in ran.err
    assert (folder / "web.xml").read_bytes() == before


def test_a_commit_is_checked(folder: Path) -> None:
    crm(folder, "cib new s")
    path = folder / "shadows" / "shadow.s"
    path.write_text(path.read_text().replace('type="Dummy"', 'type="Dummy" nosuch="1"'))
    before = (folder / "web.xml").read_bytes()
    for line in ("cib commit s", "cib commit s force overwrite", "-F cib commit s"):
        crm(folder, line, code=5)
    assert (folder / "web.xml").read_bytes() == before


def test_an_epoch_is_expected_of_the_live_cib(folder: Path) -> None:
    crm(folder, "cib new s")
    crm(folder, "-c s configure delete old")
    assert "has the epoch" in crm(folder, "--expect-epoch 1 cib commit s", code=6).err
    crm(folder, "--expect-epoch 2 cib commit s")
    assert "primitive old " not in shown(folder)


# --------------------------------------------------------------------------------------------- the prompt


def test_the_prompt_shows_where_one_is(folder: Path) -> None:
    terminal = prompt(folder)
    for line, where in [
        ("cib new s", "crm(s/"),
        ("configure cib use", "crm(web.xml/"),
        ("configure", "crm(web.xml/HOST)configure"),
        ("cib", "crm(web.xml/HOST)configure cib"),
        ("use s", "crm(s/HOST)configure cib"),
        ("cd /cib", "crm(s/HOST)cib"),
    ]:
        terminal.type(line + "\n")
        terminal.wait(re.escape(where.replace("HOST", os.uname().nodename)))
        terminal.wait(r"# $")
    terminal.type("quit\n")
    assert terminal.end() == 0


@pytest.mark.parametrize("line", ["cib use", "cib use t", "cib new n", "cib import web.xml n"])
@pytest.mark.parametrize("answer", ["y", "n", "c"])
def test_going_elsewhere_asks_what_becomes_of_edits(folder: Path, line: str, answer: str) -> None:
    crm(folder, "cib new s")
    crm(folder, "cib new t")
    terminal = prompt(folder, "s")
    terminal.line("configure delete old")
    terminal.type(line + "\n")
    terminal.wait(QUESTION)
    terminal.type(answer + "\n")
    assert (f"crm(s/{os.uname().nodename})" in terminal.wait(PROMPT)) == (answer == "c")
    terminal.type("\x04")
    if answer == "c":
        terminal.wait(QUESTION)
        terminal.type("n\n")
    assert terminal.end() == 0
    assert ("primitive old " in shown(folder, "s")) == (answer != "y")
    assert "primitive old " in shown(folder)


def test_where_there_is_nothing_to_copy_edits_are_not_asked_about(folder: Path) -> None:
    crm(folder, "cib new s")
    places = {"CIB_shadow_dir": str(folder / "shadows"), "CIB_file": "nowhere.xml"}
    terminal = Terminal([*CRM, "-c", "s"], folder, **places)
    terminal.wait(PROMPT)
    terminal.line("configure delete old")
    assert "no such file: nowhere.xml" in terminal.line("cib new n")
    assert "-primitive old" in terminal.line("configure diff")
    terminal.type("\x04")
    terminal.wait(QUESTION)
    terminal.type("n\n")
    assert terminal.end() == 0
    assert crm(folder, "cib list").out == "s\n"


def test_a_temporary_shadow_goes_with_the_prompt(folder: Path) -> None:
    terminal = prompt(folder)
    terminal.line("cib new")
    assert len(files(folder)) == 2
    terminal.type("\x04")
    assert terminal.end() == 0
    assert files(folder) == []


def test_a_shadow_that_vanishes_while_it_is_used_is_said(folder: Path) -> None:
    terminal = prompt(folder)
    terminal.line("cib new s")
    assert terminal.line("configure delete old") == ""
    crm(folder, "cib delete s")
    assert "ERROR: no such shadow CIB: s" in terminal.line("configure commit")
    assert "-primitive old" in terminal.line("configure diff")
    terminal.type("quit\n")
    terminal.wait(QUESTION)
    terminal.type("n\n")
    assert terminal.end() == 0


def test_two_programs_on_one_shadow_are_merged(folder: Path) -> None:
    crm(folder, "cib new s")
    terminal = prompt(folder, "s")
    terminal.line("configure delete old")
    crm(folder, "-c s configure primitive other ocf:pacemaker:Dummy")
    assert "merged with what somebody else has changed in the shadow CIB s" in terminal.line("configure commit")
    terminal.type("quit\n")
    assert terminal.end() == 0
    crm(folder, "cib commit s")
    assert "primitive old " not in shown(folder)
    assert "primitive other " in shown(folder)


def test_a_shadow_that_is_no_cib_is_not_used(folder: Path) -> None:
    (folder / "shadows" / "shadow.s").write_text("no XML")
    for line in ("cib use s", "-c s configure show", "cib diff s", "cib reset s"):
        assert "the shadow CIB s is not a CIB" in crm(folder, line, code=1).err
    crm(folder, "cib new s force")
    assert shown(folder, "s") == shown(folder)


@pytest.mark.parametrize("name", ["a b", "it's", "..", "new\nline", '"', "ünï"])
def test_odd_names_are_names(folder: Path, name: str) -> None:
    in_process("cib", "new", name, folder=folder)
    assert [path.name for path in sorted((folder / "shadows").iterdir())] == [f"origin.{name}", f"shadow.{name}"]
    assert json.loads(crm(folder, "cib list -o json").out)["data"] == [{"name": name, "in_use": False}]
    assert in_process("-c", name, "configure", "delete", "old", folder=folder).code == 0
    assert in_process("cib", "commit", name, folder=folder).code == 0
    assert "primitive old " not in shown(folder)
    assert in_process("cib", "delete", name, folder=folder).code == 0
    assert files(folder) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may forbid itself nothing")
def test_a_folder_that_cannot_be_written_is_not_permitted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIB_shadow_dir", "/proc/self")
    ran = in_process("cib", "new", "s", folder=folder)
    assert ran.code != 0
    assert ran.err.count("\n") <= 2
    monkeypatch.setenv("CIB_shadow_dir", str(folder / "nowhere"))
    assert "there is no folder" in crm(folder, "cib new s", code=8).err
