"""`resource start`, `stop` and the like, on CIB files: what is said, what is asked, what is written."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from program import as_process, in_process
from prompt_desk import prompt
from shadow_commands import crm, shown
from terminal import PROMPT

DUMMY = "ocf:pacemaker:Dummy"
CONFIGURATION = f"""\
node 1: n1
node 2: n2
primitive a {DUMMY}
primitive b {DUMMY} meta target-role=Stopped
group g a b
primitive i ocf:pacemaker:Stateful
clone c i meta promotable=true
primitive web {DUMMY}
primitive db {DUMMY}
order o Mandatory: db web
tag both web db
rsc_template t {DUMMY}
primitive u @t
"""
REFUSED = 5


@pytest.fixture
def file(folder: Path) -> Path:
    (folder / "all.crm").write_text(CONFIGURATION)
    crm(folder, "-F configure load update all.crm")
    return folder


def edited(folder: Path, line: str, code: int = 0) -> tuple[list[str], str]:
    """The lines that a command adds to the text of the configuration, and what is said on stderr."""
    before = Counter(shown(folder).splitlines())
    said = crm(folder, line, code).err
    after = Counter(shown(folder).splitlines())
    return list((after - before).elements()), said


def meta(text: list[str]) -> list[str]:
    """The meta attributes in lines of configuration."""
    return re.findall(r"(?<=[ \t])[\w-]+=(?:Stopped|Started|Promoted|Unpromoted|true|false)", " ".join(text))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("start web", ["target-role=Started"]),
        ("stop web db", ["target-role=Stopped"] * 2),
        ("stop both", ["target-role=Stopped"] * 2),
        ("unmanage web", ["is-managed=false"]),
        ("manage web", ["is-managed=true"]),
        ("maintenance web", ["maintenance=true"]),
        ("maintenance web db off", ["maintenance=false"] * 2),
        ("maintenance web true", ["maintenance=true"]),
        ("promote c", ["target-role=Promoted"]),
        ("demote i", ["target-role=Unpromoted"]),
    ],
)
def test_it_is_written_at_once(file: Path, line: str, wanted: list[str]) -> None:
    assert [one for one in meta(edited(file, f"resource {line}")[0]) if one != "promotable=true"] == wanted
    assert edited(file, f"resource {line}")[0] == []


@pytest.mark.parametrize("line", ["start web", "stop c", "demote c", "unmanage web", "maintenance web off", "stop g"])
@pytest.mark.needs_pacemaker
def test_a_dry_run_writes_nothing(file: Path, line: str) -> None:
    before = (file / "web.xml").read_bytes()
    assert crm(file, f"resource {line} --dry-run").out == "the cluster would do nothing\n"
    assert (file / "web.xml").read_bytes() == before


@pytest.mark.needs_pacemaker
def test_a_dry_run_counts_what_is_not_committed(file: Path) -> None:
    script = "configure delete web\nresource stop web --dry-run\n"
    done = as_process(folder=file, stdin=script.encode())
    assert (done.code, "there is no resource web" in done.err) == (4, True)
    script = "configure primitive new ocf:pacemaker:Dummy\nresource stop new --dry-run\n"
    assert as_process(folder=file, stdin=script.encode()).code == 0
    assert "target-role" not in shown(file).partition("primitive new")[2].partition("primitive")[0]


def test_on_a_shadow_too(file: Path) -> None:
    crm(file, "cib new s")
    crm(file, "-c s resource stop web")
    assert "target-role=Stopped" in shown(file, "s").partition("primitive web")[2].partition("primitive")[0]
    assert "target-role=Stopped" not in shown(file).partition("primitive web")[2].partition("primitive")[0]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("stop wbe", 4, "did you mean web?"),
        ("stop web nosuch", 4, "there is no resource nosuch"),
        ("start t", 2, "t is a template, which does not run"),
        ("stop i:0", 2, "i:0 is an instance"),
        ("promote web", REFUSED, "web cannot be promoted"),
        ("promote c g", REFUSED, "g cannot be promoted"),
        ("restart web", REFUSED, "`restart` acts on the running cluster"),
        ("stop", 2, "expected"),
    ],
)
def test_what_is_refused_writes_nothing(file: Path, line: str, code: int, said: str) -> None:
    before = (file / "web.xml").read_bytes()
    assert said in crm(file, f"resource {line}", code).err
    assert (file / "web.xml").read_bytes() == before


# -------------------------------------------------------------------------------- members with other values


@pytest.mark.parametrize(
    ("words", "is_kept"),
    [
        ("", True),
        ("-n", True),
        ("-F", False),
        ("-o core.manage_children=always", False),
        ("-o core.manage_children=never", True),
        ("-F -o core.manage_children=never", True),
    ],
)
def test_in_scripts_a_member_keeps_its_value_unless_it_is_set_otherwise(file: Path, words: str, is_kept: bool) -> None:
    _, said = edited(file, f"{words} resource start g")
    assert ("b in g keeps target-role=Stopped, and stays stopped" in said) == is_kept
    assert ("target-role=Stopped of b is removed" in said) != is_kept
    assert ("target-role=Stopped" in shown(file)) == is_kept


@pytest.mark.parametrize("answer", ["y", "n"])
def test_at_the_prompt_it_is_asked(file: Path, answer: str) -> None:
    terminal = prompt(file)
    terminal.type("resource start g\n")
    terminal.wait(r"b in g has target-role=Stopped, and stays stopped. Remove it\? \(y/n\) ?$")
    terminal.type(f"{answer}\n")
    terminal.wait(PROMPT)
    terminal.type("quit\n")
    assert terminal.end() == 0
    assert ("target-role=Stopped" in shown(file)) == (answer == "n")
    assert "target-role=Started" in shown(file)


@pytest.mark.parametrize("answer", ["y", "n"])
def test_maintenance_beside_is_managed_is_asked_about(file: Path, answer: str) -> None:
    crm(file, "resource maintenance web")
    assert crm(file, "resource unmanage web").err == ""
    assert "maintenance=true" in shown(file)
    assert "web keeps maintenance=true, and stays unmanaged" in crm(file, "resource manage web").err
    terminal = prompt(file)
    terminal.type("resource manage web\n")
    terminal.wait(r"web has maintenance=true too, and stays unmanaged with it. Remove it\? \(y/n\) ?$")
    terminal.type(f"{answer}\n")
    terminal.wait(PROMPT)
    terminal.type("quit\n")
    assert terminal.end() == 0
    assert ("maintenance=true" in shown(file)) == (answer == "n")


def test_ctrl_c_at_the_question_writes_nothing(file: Path) -> None:
    before = (file / "web.xml").read_bytes()
    terminal = prompt(file)
    terminal.type("resource start g\n")
    terminal.wait(r"\(y/n\) ?$")
    terminal.interrupt()
    terminal.wait(PROMPT)
    assert "nothing was edited" not in terminal.line("configure diff")
    terminal.type("quit\n")
    assert terminal.end() == 0
    assert (file / "web.xml").read_bytes() == before


# ---------------------------------------------------------------------------------------------- odd names


@pytest.mark.parametrize("name", ["ünï", "a.b", "_x-1", "Über.größe", "stop"])
def test_odd_names(folder: Path, name: str) -> None:
    assert in_process("configure", "primitive", name, DUMMY, folder=folder).code == 0
    for command in ("stop", "start", "unmanage", "maintenance", "clear"):
        assert in_process("resource", command, name, folder=folder).code == 0
    for words in (["move", name, "nöde"], ["ban", name, "nöde"]):
        assert in_process("resource", *words, folder=folder).code == 4
    assert "target-role=Started" in shown(folder)


@pytest.mark.parametrize("name", ["-web", "a b", '"', "'; echo", "a\nb", "", "*", "web:x", "@t"])
def test_names_that_nothing_can_have_are_not_there(folder: Path, name: str) -> None:
    before = (folder / "web.xml").read_bytes()
    for command in ("stop", "restart", "move", "clear"):
        assert in_process("resource", command, "--", name, folder=folder).code in (2, 4, 5)
    assert (folder / "web.xml").read_bytes() == before


# --------------------------------------------------------------------------------------- with a status section


@pytest.fixture
def running(file: Path) -> Path:
    """The same, with all of it running as the scheduler would have it."""
    path = file / "web.xml"
    states = "".join(
        f'<node_state id="{id_}" uname="{name}" in_ccm="true" crmd="online" join="member" expected="member">'
        f'<lrm id="{id_}"><lrm_resources/></lrm></node_state>'
        for id_, name in ((1, "n1"), (2, "n2"))
    )
    text = path.read_text().replace("<status/>", f"<status>{states}</status>")
    path.write_text(text.replace("<cib ", '<cib have-quorum="1" dc-uuid="1" ', 1))
    settle(path)
    return file


def settle(path: Path) -> None:
    """Let all be done that the scheduler would do."""
    argv = ["crm_simulate", "--simulate", f"--xml-file={path}", f"--save-output={path}"]
    subprocess.run(argv, check=True, capture_output=True, timeout=60)


@pytest.mark.needs_pacemaker
def test_what_stops_too_is_named(running: Path) -> None:
    assert crm(running, "resource stop db").err == "note: stopping db stops web too\n"
    # what stops already is not because of it
    assert crm(running, "resource stop web db").err == ""


@pytest.mark.needs_pacemaker
def test_what_does_not_start_is_said_beforehand(running: Path) -> None:
    crm(running, "configure location l web -inf: n1")
    crm(running, "resource stop web")
    assert crm(running, "resource start web").err == ""
    crm(running, "configure location m web -inf: n2")
    crm(running, "resource stop web")
    assert "WARNING: web does not start: the scheduler has no node for it" in crm(running, "resource start web").err
    crm(running, "resource unmanage db")
    assert "WARNING: db does not stop: it is unmanaged" in crm(running, "resource stop db").err


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(("off", "on"), [("unmanage {}", "manage {}"), ("maintenance {}", "maintenance {} off")])
def test_what_the_cluster_does_when_it_takes_care_again_is_said(running: Path, off: str, on: str) -> None:
    for name, about, where in (("web", "web", "it"), ("c", "i", "the clone c")):
        crm(running, f"resource {off.format(name)}")
        crm(running, f"resource stop {name}")
        said = crm(running, f"resource {on.format(name)}").err
        assert f"note: {about} stops: target-role=Stopped is set on {where}\n" in said
    for line in ("unmanage db", "stop db", "start db"):
        crm(running, f"resource {line}")
    assert "stops" not in crm(running, "resource manage db").err


@pytest.mark.needs_pacemaker
def test_a_plan_as_json(running: Path) -> None:
    said = json.loads(crm(running, "resource stop db --dry-run -o json").out)
    assert said["shape"] == "plan"
    assert {(one["resource"], one["task"]) for one in said["data"]} == {("db", "stop"), ("web", "stop")}
    tasks = json.loads(crm(running, "resource restart db --dry-run -o json").out)["data"]
    assert [one["task"] for one in tasks] == ["stop", "stop", "start", "start"]


def test_the_prompt_is_light(file: Path) -> None:
    """The scheduler is not asked, and no heavy library read, by help."""
    argv = [sys.executable, "-X", "importtime", "-m", "crmsh_py", "resource", "help", "stop"]
    done = subprocess.run(argv, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=60)
    assert done.returncode == 0
    assert "lxml" not in done.stderr
