"""The level `ra`: agents of our own in an OCF_ROOT, and Pacemaker's where they are installed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from program import ROOT, SECONDS, Ran, in_process

from crmsh_py.cluster.agents import agent, summaries
from crmsh_py.cluster.agents.description import description

METADATA = """\
<resource-agent name="{name}" version="0.3">
<version>1.1</version>
<longdesc lang="en">
    The first line of it.

      More, and more indented.
</longdesc>
<shortdesc lang="en">{summary}</shortdesc>
<parameters>
<parameter name="mode">
  <shortdesc>How</shortdesc><longdesc>How it works</longdesc>
  <content type="select" default="slow"><option value="slow"/><option value="fast"/></content>
</parameter>
<parameter name="secret_way" advanced="1"><longdesc>Only for the brave.</longdesc><content type="string"/></parameter>
<parameter name="old_file" deprecated="1"><deprecated><replaced-with name="file"/></deprecated></parameter>
<parameter name="file" required="1" unique-group="place"><shortdesc>The file</shortdesc><content type="string"/>
</parameter>
<parameter name="port" unique-group="place"><content type="integer" default=""/></parameter>
<parameter name="alone" unique="1"><content type="boolean"/></parameter>
</parameters>
<actions>
<action name="monitor" timeout="20s" interval="10s" depth="0" role="Promoted"/>
<action name="start" timeout="40s"/>
<action name="validate-all" timeout="5s"/>
</actions>
</resource-agent>
"""
AGENT = """\
#!/bin/sh
case $1 in
meta-data) echo asked >> "$0.asked"; cat "$0.xml" ;;
validate-all) test "$OCF_RESKEY_file" = "/a b" && exit 0
    echo "ocf-exit-reason:no file, and passwd is $OCF_RESKEY_passwd" >&2; exit 6 ;;
esac
"""


def put(folder: Path, name: str, script: str = AGENT, summary: str = "An agent of ours") -> Path:
    """An agent in a folder of agents."""
    path = folder / name
    path.write_text(script)
    path.chmod(0o755)
    (folder / f"{name}.xml").write_text(METADATA.format(name=name, summary=summary))
    return path


def times_asked(path: Path) -> int:
    asked = Path(f"{path}.asked")
    return len(asked.read_text().splitlines()) if asked.exists() else 0


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the provider `ours`, with the agent Small; there is another Small of `heartbeat`."""
    for provider in ("heartbeat", "ours"):
        folder = tmp_path / "ocf" / "resource.d" / provider
        folder.mkdir(parents=True)
        put(folder, "Small", summary=f"Small of {provider}")
    monkeypatch.setenv("OCF_ROOT", str(tmp_path / "ocf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    agent._known.cache_clear()
    return folder


@pytest.fixture
def without_pacemaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH that has what our agents need, and no tool of Pacemaker."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in ("cat", "sh", "sleep"):
        (folder / program).symlink_to(str(shutil.which(program)))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("crmsh_py.cluster.agents.installed.FENCE_AGENTS", str(folder))
    monkeypatch.setattr("crmsh_py.cluster.agents.pseudo.FOLDERS", ())


def crm(folder: Path, *words: str, code: int = 0) -> Ran:
    ran = in_process(*words, folder=folder)
    assert ran.code == code, ran
    return ran


def data(folder: Path, *words: str) -> object:
    return json.loads(crm(folder, *words, "-o", "json").out)["data"]


# ---- which there are


def test_agents_are_listed_with_what_they_are(ours: Path, tmp_path: Path) -> None:
    assert crm(tmp_path, "ra", "list", "ocf").out == (
        "ocf:heartbeat:Small  Small of heartbeat\nocf:ours:Small       Small of ours\n"
    )
    assert data(tmp_path, "ra", "list", "ocf", "ours") == [
        {"name": "ocf:ours:Small", "class": "ocf", "provider": "ours", "type": "Small", "summary": "Small of ours"}
    ]


def test_agents_are_asked_once_until_they_change(ours: Path, tmp_path: Path) -> None:
    for _ in range(3):
        assert "Small of ours" in crm(tmp_path, "ra", "list").out
    assert times_asked(ours / "Small") == 1
    put(ours, "Small", AGENT + "\n", summary="Another one now")
    assert "Another one now" in crm(tmp_path, "ra", "list").out
    assert times_asked(ours / "Small") == 2
    assert times_asked(ours.parent / "heartbeat" / "Small") == 1


@pytest.mark.parametrize(
    "script", ["exit 1", "exit 0", "echo '<x/>'", "echo '<resource-agent'", "kill -9 $$", "sleep 60"]
)
def test_an_agent_that_fails_or_hangs_is_listed_all_the_same(
    script: str, ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ours, "Bad", f"#!/bin/sh\n{script}\n")
    monkeypatch.setattr(summaries, "SECONDS", 0.5 if "sleep" in script else 20.0)
    shown = crm(tmp_path, "ra", "list", "ocf", "ours")
    assert shown.out == "ocf:ours:Bad\nocf:ours:Small  Small of ours\n"
    # nothing is kept of it: it may be well the next time
    put(ours, "Bad", summary="Well again")
    assert "Well again" in crm(tmp_path, "ra", "list").out


# agents get more time than the test has; Ctrl-C counts, even where these tests run in the background
_PATIENT = """
import signal
from crmsh_py.cluster.agents import summaries
from crmsh_py.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
summaries.SECONDS = 600
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_what_is_broken_off_waits_for_no_agent_and_leaves_none(
    number: signal.Signals, code: int, ours: Path, tmp_path: Path
) -> None:
    agents = [put(ours, name, '#!/bin/sh\necho $$ >> "$0.asked"\nexec sleep 600\n') for name in "ABCDEFGH"]
    words = [sys.executable, "-c", _PATIENT, "ra", "list", "ocf", "ours"]
    with subprocess.Popen(words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}) as program:
        deadline = time.monotonic() + SECONDS
        while sum(times_asked(one) for one in agents) < summaries.AT_ONCE and time.monotonic() < deadline:
            time.sleep(0.02)
        program.send_signal(number)
        assert program.wait(SECONDS) == code
    asked = [Path(f"{one}.asked") for one in agents if times_asked(one)]
    assert len(asked) == summaries.AT_ONCE
    assert not [one for one in asked if os.path.exists(f"/proc/{int(one.read_text())}")]


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"key": ["summaries", 1], "content": {"ocf:ours:Small": [1, 2]}}'])
def test_what_was_kept_may_be_broken(broken: str, ours: Path, tmp_path: Path) -> None:
    crm(tmp_path, "ra", "list", "ocf")
    (tmp_path / "cache" / "crm" / summaries.ENTRY).write_text(broken)
    assert "Small of ours" in crm(tmp_path, "ra", "list", "ocf").out


def test_providers(ours: Path, tmp_path: Path) -> None:
    put(ours, "Other")
    assert crm(tmp_path, "ra", "providers", "Small").out == "heartbeat\nours\n"
    assert data(tmp_path, "ra", "providers", "Other", "ocf") == ["ours"]


@pytest.mark.usefixtures("without_pacemaker")
def test_without_pacemaker_the_files_say_it(ours: Path, tmp_path: Path) -> None:
    classes = crm(tmp_path, "ra", "classes")
    assert classes.out.splitlines()[0] == "ocf / heartbeat ours"
    listed = crm(tmp_path, "ra", "list")
    assert "ocf:ours:Small       Small of ours\n" in listed.out
    for ran in (classes, listed):
        assert "crm_resource is not installed" in ran.err
    assert crm(tmp_path, "ra", "info", "Small").out.startswith("ocf:heartbeat:Small: Small of heartbeat\n")
    assert "no file, and passwd" in crm(tmp_path, "ra", "validate", "ours:Small", code=5).err
    assert "nobody here knows the options of cluster" in crm(tmp_path, "ra", "info", "cluster", code=4).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("list nosuch", "there is no class nosuch here"),
        ("list ofc", "did you mean ocf?"),
        ("list ocf our", "did you mean ours?"),
        ("list ocf ../ours", "there is no provider ../ours here"),
        ("providers small", "did you mean Small?"),
        ("providers Small nosuch", "there is no class nosuch here"),
        ("info Smal", "did you mean Small?"),
        ("info ocf:ours:Smal", "did you mean ocf:ours:Small"),
        ("info ocf:nosuch:Small", "there is no agent ocf:nosuch:Small here"),
        ("info nosuch:Small", "there is no agent nosuch:Small here"),
        ("info ocf:ours:../ours/Small", "there is no agent"),
        ("info stonith:../../bin/sh", "there is no agent"),
        ("info :", "there is no agent"),
        ("info ocf:ours:", "`ra list ocf ours`"),
        ("validate Smal file=x", "did you mean Small?"),
    ],
)
def test_what_is_not_here_is_said_with_what_is(words: str, said: str, ours: Path, tmp_path: Path) -> None:
    ran = crm(tmp_path, "ra", *words.split(), code=4)
    assert (ran.out, said in ran.err) == ("", True), ran.err


# ---- what an agent takes


def test_info_says_all_of_it(ours: Path, tmp_path: Path) -> None:
    assert (
        crm(tmp_path, "ra", "info", "ours:Small").out
        == """\
ocf:ours:Small: Small of ours

The first line of it.

  More, and more indented.

Parameters (*: required)

  file* (string, unique: file and port together): The file

  mode (slow | fast, default slow): How
      How it works

  port (integer, default empty, unique: file and port together)

  alone (boolean, unique)

  secret_way (advanced, string)
      Only for the brave.

  old_file (deprecated: use file)

Actions, and what the agent advises for them
  monitor       timeout=20s  interval=10s  role=Promoted  depth=0
  start         timeout=40s
  validate-all  timeout=5s
"""
    )


def test_info_as_data(ours: Path, tmp_path: Path) -> None:
    found = data(tmp_path, "ra", "meta", "Small")
    assert isinstance(found, dict)
    assert (found["name"], found["version"]) == ("ocf:heartbeat:Small", "0.3")
    assert found["text"] == "The first line of it.\n\n  More, and more indented."
    by_name = {one["name"]: one for one in found["parameters"]}
    assert list(by_name) == ["mode", "secret_way", "old_file", "file", "port", "alone"]
    assert (by_name["mode"]["allowed"], by_name["mode"]["default"]) == (["slow", "fast"], "slow")
    assert (by_name["old_file"]["deprecated"], by_name["old_file"]["replaced_with"]) == (True, ["file"])
    assert (by_name["secret_way"]["advanced"], by_name["mode"]["advanced"]) == (True, False)
    assert (by_name["file"]["required"], by_name["file"]["unique_group"], by_name["port"]["default"]) == (
        True,
        "place",
        "",
    )
    assert found["actions"][1] == {
        "name": "start",
        "timeout": "40s",
        "interval": None,
        "role": None,
        "depth": None,
    }


@given(some.text(some.sampled_from("ab \t\n"), max_size=20))
def test_a_text_keeps_its_words_and_loses_its_common_indent(text: str) -> None:
    metadata = f"<resource-agent><longdesc>{text}</longdesc></resource-agent>".encode()
    found = description("x", [metadata])
    assert found is not None
    assert found.text.split() == text.split()
    assert found.text == found.text.strip("\n")
    again = description("x", [f"<resource-agent><longdesc>\n{found.text}</longdesc></resource-agent>".encode()])
    assert again is not None
    assert not found.text or min(len(line) - len(line.lstrip()) for line in again.text.splitlines() if line) == 0


def test_an_agent_that_does_not_describe_itself_is_said(ours: Path, tmp_path: Path) -> None:
    put(ours, "Bad", "#!/bin/sh\necho 'it is broken' >&2\nexit 1\n")
    assert "ocf:ours:Bad does not describe itself: it is broken" in crm(tmp_path, "ra", "info", "ours:Bad", code=1).err


def test_validate(ours: Path, tmp_path: Path) -> None:
    described = ours / "Small.xml"
    described.write_text(described.read_text().replace('name="alone"', 'name="passwd"'))
    good = crm(tmp_path, "ra", "validate", "ours:Small", "file=/a b")
    assert good.err == "note: ocf:ours:Small accepts its parameters\n"
    unknown = crm(tmp_path, "ra", "validate", "ours:Small", "fiel=/a", "file=/a", code=5)
    assert unknown.err == "ERROR: ocf:ours:Small has no parameter fiel\n  hint: did you mean file?\n"
    bad = crm(tmp_path, "ra", "validate", "ours:Small", "file=x=y", "passwd=geheim", code=5)
    assert "ocf:ours:Small: no file, and passwd is ******\n" in bad.err
    for wrong, said in ((["file"], "not file"), (["=x"], "not =x"), (["file=x", "file=y"], "file is given twice")):
        assert said in crm(tmp_path, "ra", "validate", "ours:Small", *wrong, code=2).err


def test_an_agent_that_cannot_validate_is_not_asked(ours: Path, tmp_path: Path) -> None:
    path = put(ours, "Small", AGENT.replace("validate-all) ", 'validate-all) echo asked >> "$0.asked"; '))
    without = METADATA.replace('<action name="validate-all" timeout="5s"/>\n', "")
    Path(f"{path}.xml").write_text(without.format(name="Small", summary=""))
    assert "has no validate-all" in crm(tmp_path, "ra", "validate", "ours:Small", code=1).err
    assert times_asked(path) == 1, "for its metadata"


# ---- Pacemaker's own


@pytest.mark.needs_pacemaker
def test_pacemakers_agents(tmp_path: Path) -> None:
    classes = {one["class"]: one["providers"] for one in data(tmp_path, "ra", "classes")}
    assert "pacemaker" in classes["ocf"]
    listed = {one["name"]: one["summary"] for one in data(tmp_path, "ra", "list")}
    assert listed["ocf:pacemaker:ping"] == "node connectivity"
    assert data(tmp_path, "ra", "list", "fencing") == data(tmp_path, "ra", "list", "stonith")
    assert not [name for name in listed if name.startswith("service:")]


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("cluster", "cluster-recheck-interval"),
        ("cluster", "enable-acl"),
        ("pacemaker-fenced", "pcmk_host_map"),
        ("pacemaker-schedulerd", "no-quorum-policy"),
        ("pacemaker-controld", "dc-deadtime"),
        ("pacemaker-based", "enable-acl"),
    ],
)
def test_what_is_no_agent_and_takes_parameters(name: str, parameter: str, tmp_path: Path) -> None:
    found = data(tmp_path, "ra", "info", name)
    assert isinstance(found, dict)
    by_name = {one["name"]: one for one in found["parameters"]}
    assert by_name[parameter]["summary"]
    assert len(by_name) == len(found["parameters"])
    assert not any("advanced use" in one["summary"].lower() for one in by_name.values())
    assert f"\n  {parameter} (" in crm(tmp_path, "ra", "info", name).out


def test_a_newer_pacemaker_is_asked_for_all_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "crm_attribute"
    parameter = '<parameter name="new-one" advanced="1"><shortdesc>New</shortdesc></parameter>'
    tool.write_text(
        '#!/bin/sh\ntest "$*" = "--list-options=cluster --all --output-as=xml" || exit 64\n'
        f'echo \'<pacemaker-result><resource-agent name="x"><parameters>{parameter}</parameters></resource-agent>'
        "</pacemaker-result>'\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = data(tmp_path, "ra", "info", "cluster")
    assert isinstance(found, dict)
    assert [(one["name"], one["advanced"]) for one in found["parameters"]] == [("new-one", True)]
