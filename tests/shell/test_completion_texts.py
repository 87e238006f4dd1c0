"""What is said of candidates: by agents and by Pacemaker, asked once and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from completion_desk import Host, stack_of

from crmsh_py.cluster.agents import cache, kept, pseudo
from crmsh_py.cluster.agents.summaries import ENTRY, KEY
from crmsh_py.command.candidates import keywords
from crmsh_py.command.candidates.options import BOOLEAN, KINDS, ROLES
from crmsh_py.language.allowed import ALLOWED
from crmsh_py.language.allowed import ROLES as ALLOWED_ROLES
from crmsh_py.shell.completer import complete
from crmsh_py.shell.explained import _OF_KIND
from crmsh_py.shell.help.meaning import KINDS as KINDS_OF_HELP

if TYPE_CHECKING:
    from crmsh_py.command.candidates import Candidate
    from crmsh_py.command.context import Context

OPTIONS = """\
#!/bin/sh
test "$*" = metadata || exit 1
cat << 'EOF'
<resource-agent name="x"><version>1</version><parameters>
<parameter name="{name}"><shortdesc>{short}</shortdesc><longdesc>A long text.</longdesc>
<content type="{type}" default="{default}"/></parameter></parameters></resource-agent>
EOF
"""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    host = Host(tmp_path)
    host.settle(monkeypatch.setenv, monkeypatch.setattr)
    for remembered in (kept._of_agent, kept._of_options, kept._of_tool):
        remembered.cache_clear()
    return host


def of(cx: Context, line: str, text: str) -> Candidate:
    return next(one for one in complete(cx, stack_of("configure"), line).candidates if one.text == text)


def program(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def test_the_note_of_a_parameter_is_the_text_of_its_agent_and_the_facts(host: Host) -> None:
    line = "primitive x Web params "
    port = of(host.context(), line, "port=")
    assert port == ("port=", "default 80: the port", "the port\nThe port.\nMore of it.\ninteger; default 80")
    assert of(host.context(), line, "mode=").note == "select; values a b, c"
    assert of(host.context(), line, "secure=").note == "TLS\nboolean; default false; values true, false"


def test_an_agent_is_asked_once_until_it_changes(host: Host, tmp_path: Path) -> None:
    agent = host.ocf / "resource.d" / "heartbeat" / "Web"
    agent.write_text(agent.read_text().replace("cat <<", f"echo asked >> {tmp_path}/asked; cat <<"))
    line = "primitive x Web params "
    for _ in range(3):
        kept._of_agent.cache_clear()
        assert of(host.context(), line, "port=").about == "default 80: the port"
    assert (tmp_path / "asked").read_text() == "asked\n"
    agent.write_text(agent.read_text().replace("the port", "the door"))
    assert of(host.context(), line, "port=").about == "default 80: the door"


@pytest.mark.parametrize(
    "content", [None, [], [1, 2], ["Web", "1", "", "", [[["port"], "x"]], []], [["Web"] * 6] * 6, "x"]
)
def test_what_is_kept_and_broken_is_asked_for_again(host: Host, content: object) -> None:
    of(host.context(), "primitive x Web params ", "port=")
    (entry,) = host.programs.parent.glob("cache/crm/*Web.text.json")
    entry.write_text(json.dumps({**json.loads(entry.read_text()), "content": content}))
    kept._of_agent.cache_clear()
    assert of(host.context(), "primitive x Web params ", "port=").about == "default 80: the port"


def test_what_is_kept_is_what_was_said(host: Host) -> None:
    agents = ("ocf", "heartbeat", "Web"), ("ocf", "pacemaker", "Disk"), ("stonith", None, "fence_x")
    said = [kept.kept(*agent) for agent in agents]
    kept._of_agent.cache_clear()
    assert [kept.kept(*agent) for agent in agents] == said
    assert all(one is not None and one.parameters for one in said)
    assert kept.kept("ocf", "heartbeat", "nosuch") is None


def test_an_agent_that_fails_has_no_parameters(host: Host) -> None:
    program(host.ocf / "resource.d" / "heartbeat" / "Bad", "#!/bin/sh\nexit 1\n")
    assert kept.kept("ocf", "heartbeat", "Bad") is None
    assert complete(host.context(), stack_of("configure"), "primitive x Bad params po").candidates == []


def test_cluster_options_are_told_by_the_daemons(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudo, "FOLDERS", (str(tmp_path / "daemons"),))
    for daemon, name in (
        ("schedulerd", "no-quorum-policy"),
        ("controld", "a-new-one"),
        ("based", "b"),
        ("fenced", "pcmk_x"),
    ):
        text = OPTIONS.format(name=name, short=f"about {name}", type="string", default="stop")
        program(tmp_path / "daemons" / f"pacemaker-{daemon}", text)
    cx = host.context()
    assert of(cx, "property ", "no-quorum-policy=").about == "default stop: about no-quorum-policy"
    assert of(cx, "property ", "no-quorum-policy=").note.startswith("about no-quorum-policy\nA long text.\n")
    assert of(cx, "property ", "a-new-one=").about == "default stop: about a-new-one"
    assert of(cx, "property enable-", "enable-acl=").about == "not of this Pacemaker"
    assert of(cx, "primitive x stonith:fence_x params ", "pcmk_x=").about == "default stop: about pcmk_x"


def test_meta_attributes_are_told_by_a_pacemaker_that_knows_them(host: Host) -> None:
    tool = host.programs / "crm_resource"
    program(tool, "#!/bin/sh\nexit 64\n")
    assert of(host.context(), "primitive x Web meta ", "priority=").about.startswith("default 0: where not all")
    said = OPTIONS.format(name="priority", short="who is first", type="score", default="0")
    program(tool, said.replace("= metadata", '= "--list-options=primitive --all --output-as=xml"'))
    assert of(host.context(), "primitive x Web meta ", "priority=").about == "default 0: who is first"


def test_an_agent_is_described_where_its_summary_is_known(host: Host) -> None:
    cache.store(ENTRY, KEY, {"ocf:heartbeat:Web": ["/x", 1, 2, "a web server"], "ocf:pacemaker:Disk": "broken"})
    cx = host.context()
    assert of(cx, "primitive x ", "Web").about == "a web server"
    assert of(cx, "primitive x ocf:heartbeat:", "ocf:heartbeat:Web").about == "a web server"
    assert of(cx, "primitive x ", "Disk").about == ""


def test_secret_values_are_not_offered(host: Host) -> None:
    cx = host.context()
    from crmsh_py.cib import edit
    from crmsh_py.language.parser import parse

    lines = "primitive s Web params config=x password=geheim\nnode 3: gamma attributes password=geheim\n"
    cx.edit(lambda cib: edit.add(cib, parse(lines, "")))
    for level, line in (
        ("resource", "param s set password "),
        ("resource", "param s set password="),
        ("node", "attribute gamma set password "),
        ("configure", "location l web rule inf: password eq "),
        ("configure", "set s.password "),
    ):
        found = complete(cx, stack_of(level), line).candidates
        assert "geheim" not in repr(found), line


def test_words_that_are_told_are_those_that_the_language_allows() -> None:
    """The tables of the menu have a few words on each; which there are is said elsewhere."""
    for name, rows in keywords.VALUES.items():
        allowed = ALLOWED.get("value_type" if name == "type" else name.replace("-", "_"))
        # of the spellings of a boolean only the usual ones are offered
        assert allowed is None or set(rows) == set(allowed) or (set(rows) == set(BOOLEAN) <= set(allowed)), name
    assert set(ROLES) == set(ALLOWED_ROLES)
    assert set(KINDS) == set(ALLOWED["kind"])
    assert set(_OF_KIND) == set(KINDS_OF_HELP)
