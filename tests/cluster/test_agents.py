"""Metadata of agents: real agents of our own in an OCF_ROOT, the cache, Pacemaker's agents where they are installed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmsh_py.cluster import agents
from crmsh_py.cluster.agents import Action, Agent, Parameter
from crmsh_py.cluster.agents.agent import _known, parse
from crmsh_py.cluster.agents.validate import validate
from crmsh_py.errors import CrmError, NoSuchObject

SMALL = """\
<resource-agent name="Small" version="1.0">
<version>1.1</version>
<parameters>
<parameter name="file" required="1" unique-group="place"><content type="string"/></parameter>
<parameter name="port" unique-group="place"><content type="integer" default="80"/></parameter>
<parameter name="old_file"><deprecated><replaced-with name="file"/></deprecated><content type="string"/></parameter>
<parameter name="passwd"/>
</parameters>
<actions>
<action name="start" timeout="40s"/>
<action name="stop" timeout="100"/>
<action name="monitor" timeout="20s" interval="10s" depth="0" role="Promoted"/>
<action name="promote"/><action name="demote"/>
<action name="validate-all" timeout="5s"/>
</actions>
</resource-agent>
"""
SCRIPT = """\
#!/bin/sh
case $1 in
meta-data) echo asked >> "{folder}/asked"; cat "{folder}/meta-data"; exit 0 ;;
validate-all)
    test -n "$OCF_RESKEY_file" && exit 0
    echo "noise" >&2
    echo "ocf-exit-reason:no file, and passwd is $OCF_RESKEY_passwd, for $OCF_RESOURCE_INSTANCE" >&2
    exit 6 ;;
esac
exit 3
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """ocf:mine:Small, an agent in an OCF_ROOT of its own; `asked` beside it has a line for each question."""
    folder = tmp_path / "ocf" / "resource.d" / "mine"
    folder.mkdir(parents=True)
    (tmp_path / "meta-data").write_text(SMALL)
    agent = folder / "Small"
    agent.write_text(SCRIPT.format(folder=tmp_path))
    agent.chmod(0o755)
    monkeypatch.setenv("OCF_ROOT", str(tmp_path / "ocf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    _known.cache_clear()
    return agent


def ask_again() -> Agent | None:
    """Ask as another process would: with nothing in memory."""
    _known.cache_clear()
    return agents.metadata("ocf", "mine", "Small")


def times_asked(tmp_path: Path) -> int:
    asked = tmp_path / "asked"
    return len(asked.read_text().splitlines()) if asked.exists() else 0


def entry(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "crm" / "ocf:mine:Small.json"


EXPECTED = Agent(
    "ocf:mine:Small",
    (
        Parameter("file", True, "place", "string"),
        Parameter("port", False, "place", "integer", "80"),
        Parameter("old_file", False, None, "string", None, True, ("file",)),
        Parameter("passwd"),
    ),
    (
        Action("start", "40s"),
        Action("stop", "100"),
        Action("monitor", "20s", "10s", "Promoted", "0"),
        Action("promote"),
        Action("demote"),
        Action("validate-all", "5s"),
    ),
)


@pytest.mark.usefixtures("small")
def test_an_agent_describes_itself_once(tmp_path: Path) -> None:
    for _ in range(3):
        assert agents.metadata("ocf", "mine", "Small") == EXPECTED
        assert ask_again() == EXPECTED
    assert times_asked(tmp_path) == 1
    assert EXPECTED.can_promote


def test_a_changed_agent_is_asked_again(small: Path, tmp_path: Path) -> None:
    assert ask_again() == EXPECTED
    (tmp_path / "meta-data").write_text(SMALL.replace('name="port"', 'name="gate"'))
    os.utime(small, ns=(1, 1))
    changed = ask_again()
    assert changed is not None
    assert [parameter.name for parameter in changed.parameters][1] == "gate"
    assert times_asked(tmp_path) == 2


@pytest.mark.usefixtures("small")
def test_the_cache_is_its_owners_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        ask_again()
    finally:
        os.umask(old)
    assert stat.S_IMODE(entry(tmp_path).parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry(tmp_path).stat().st_mode) == 0o600
    assert os.listdir(entry(tmp_path).parent) == [entry(tmp_path).name]


@pytest.mark.usefixtures("small")
def test_a_folder_that_others_can_write_is_not_used(tmp_path: Path) -> None:
    ask_again()
    for mode in (0o777, 0o770, 0o702):
        entry(tmp_path).parent.chmod(mode)
        before = entry(tmp_path).read_bytes()
        entry(tmp_path).write_bytes(before.replace(b"file", b"evil"))
        assert ask_again() == EXPECTED
        entry(tmp_path).write_bytes(before)
    assert times_asked(tmp_path) == 4


@pytest.mark.usefixtures("small")
def test_a_folder_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    entry(tmp_path).parent.parent.mkdir()
    entry(tmp_path).parent.symlink_to(elsewhere)
    assert ask_again() == EXPECTED
    assert ask_again() == EXPECTED
    assert times_asked(tmp_path) == 2
    assert not os.listdir(elsewhere)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"key": 1}',
        b'{"key": KEY}',
        b'{"key": KEY, "content": null}',
        b'{"key": KEY, "content": []}',
        b'{"key": KEY, "content": [[], [], []]}',
        b'{"key": KEY, "content": ["abcdefg", []]}',
        b'{"key": KEY, "content": [["abcdefg"], []]}',
        b'{"key": KEY, "content": [[["a", 1, null, null, null, false, []]], []]}',
        b'{"key": KEY, "content": [[["a", true, null, null, null, false, [1]]], []]}',
        b'{"key": KEY, "content": [[], [["start", 20, null, null, null]]]}',
        b'{"key": KEY, "content": [[], [["start", "20", null, null, null, null]]]}',
    ],
)
def test_a_broken_entry_is_written_anew(small: Path, tmp_path: Path, broken: bytes) -> None:
    ask_again()
    good = entry(tmp_path).read_bytes()
    state = small.stat()
    key = f'["{small}", {state.st_mtime_ns}, {state.st_size}]'.encode()
    assert key in good, "what stands for KEY is the key"
    entry(tmp_path).write_bytes(broken.replace(b"KEY", key))
    assert ask_again() == EXPECTED
    assert entry(tmp_path).read_bytes() == good
    assert times_asked(tmp_path) == 2


@pytest.mark.usefixtures("small")
def test_every_torn_entry_is_noticed(tmp_path: Path) -> None:
    ask_again()
    good = entry(tmp_path).read_bytes()
    for length in range(0, len(good), 7):
        entry(tmp_path).write_bytes(good[:length])
        assert ask_again() == EXPECTED
        assert entry(tmp_path).read_bytes() == good


def test_no_cache_no_harm(small: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert ask_again() == EXPECTED
    small.unlink()
    assert ask_again() is None


@pytest.mark.parametrize(
    ("class_", "provider", "type_"),
    [
        ("ocf", "mine", "Missing"),
        ("ocf", None, "Small"),
        ("ocf", "mine", "../mine/Small"),
        ("ocf", "..", "Small"),
        ("ocf", ".", "Small"),
        ("ocf", "mine/../mine", "Small"),
        ("ocf", "mine", ""),
        ("ocf", "mine", "-Small"),
        ("stonith", None, "fence_x/../../../bin/sh"),
        ("stonith", None, "sh"),
        ("systemd", None, "Small"),
        ("lsb", None, "Small"),
        ("", None, "Small"),
    ],
)
@pytest.mark.usefixtures("small")
def test_nothing_is_started_for_what_is_no_agent(tmp_path: Path, class_: str, provider: str, type_: str) -> None:
    assert agents.path(class_, provider, type_) is None
    assert agents.metadata(class_, provider, type_) is None
    assert times_asked(tmp_path) == 0


@pytest.mark.parametrize("said", ["", "<x/>", "no XML", "<resource-agent>", "\x00", "<resource-agent name='x'"])
@pytest.mark.usefixtures("small")
def test_an_agent_that_says_nothing_is_as_one_that_is_missing(tmp_path: Path, said: str) -> None:
    (tmp_path / "meta-data").write_text(said)
    assert ask_again() is None
    assert not entry(tmp_path).exists()


def test_an_agent_that_fails_is_as_one_that_is_missing(small: Path) -> None:
    small.write_text("#!/bin/sh\ncat /dev/null\nexit 1\n")
    assert ask_again() is None


def test_the_folders_are_the_list(small: Path) -> None:
    (small.parent / "Other").write_text("#!/bin/sh\n")
    (small.parent / ".hidden").write_text("#!/bin/sh\n")
    assert agents.providers() == ["mine"]
    assert agents.types("mine") == ["Small"], "what may not be run is no agent"
    assert agents.types("../resource.d/mine") == []
    assert agents.providers_of("Small") == ["mine"]
    assert agents.providers_of("small") == []


# ---- laws

words = some.text(some.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=8)
maybe = some.none() | words
parameters = some.builds(
    Parameter,
    words,
    some.booleans(),
    some.none() | words,
    maybe,
    maybe,
    some.just(True),
    some.lists(words, min_size=1, max_size=2).map(tuple),
) | some.builds(Parameter, words, some.booleans(), some.none() | words, maybe, maybe, some.just(False), some.just(()))
described = some.builds(
    Agent,
    some.just("ocf:mine:Drawn"),
    some.lists(parameters, max_size=4).map(tuple),
    some.lists(some.builds(Action, words, maybe, maybe, maybe, maybe), max_size=4).map(tuple),
)


def as_xml(agent: Agent) -> str:
    def attributes(**given: str | None) -> str:
        return "".join(
            f" {key.rstrip('_').replace('_', '-')}={quoteattr(value)}" for key, value in given.items() if value
        )

    lines = ["<resource-agent><parameters>"]
    for one in agent.parameters:
        own = attributes(name=one.name, required="1" if one.is_required else "0", unique_group=one.unique_group)
        news = "".join(f"<replaced-with{attributes(name=name)}/>" for name in one.replaced_with)
        deprecated = f"<deprecated>{news}</deprecated>" if one.is_deprecated else ""
        content = f"<content{attributes(type=one.type, default=one.default)}/>"
        lines.append(f"<parameter{own}>{deprecated}{content}</parameter>")
    lines.append("</parameters><actions>")
    lines += [f"<action{attributes(**one._asdict())}/>" for one in agent.actions]
    return "\n".join([*lines, "</actions></resource-agent>"])


@given(described)
def test_what_is_described_is_read(agent: Agent) -> None:
    assert parse(agent.name, as_xml(agent).encode()) == agent


@given(described)
def test_what_is_kept_is_what_was_read(tmp_path_factory: pytest.TempPathFactory, agent: Agent) -> None:
    from crmsh_py.cluster.agents import agent as room
    from crmsh_py.cluster.agents import cache

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        cache.store("x.json", ["key"], [agent.parameters, agent.actions])
        assert room._from_json(agent.name, cache.load("x.json", ["key"])) == agent
        assert cache.load("x.json", ["another key"]) is None


def test_old_fence_agents_say_obsoletes() -> None:
    xml = """<resource-agent><parameters><parameter name="ip" obsoletes="ipaddr" required="1"/>
    <parameter name="ipaddr" deprecated="1" required="1"/></parameters></resource-agent>"""
    agent = parse("stonith:fence_x", xml.encode())
    assert agent is not None
    assert [(one.name, one.is_deprecated, one.replaced_with) for one in agent.parameters] == [
        ("ip", False, ()),
        ("ipaddr", True, ("ip",)),
    ]


# ---- validate-all


@pytest.mark.usefixtures("small")
def test_an_agent_validates_its_parameters() -> None:
    good = validate("ocf", "mine", "Small", {"file": "/x"}, resource="r", seconds=10)
    assert (good.exit_code, good.reasons) == (0, ())
    bad = validate("ocf", "mine", "Small", {"passwd": "geheim"}, resource="r", seconds=10)
    assert (bad.exit_code, bad.reasons) == (6, ("no file, and passwd is ******, for r",))
    with pytest.raises(NoSuchObject):
        validate("ocf", "mine", "Missing", {}, resource="r", seconds=10)
    with pytest.raises(CrmError):
        validate("ocf", "mine", "Small", {"a=b": "c"}, resource="r", seconds=10)


def test_a_fence_agent_reads_its_parameters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = tmp_path / "fence_mine"
    agent.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/argv\ncat > {tmp_path}/stdin\n')
    agent.chmod(0o755)
    monkeypatch.setattr("crmsh_py.cluster.agents.installed.FENCE_AGENTS", str(tmp_path))
    assert agents.fence_agents() == ["fence_mine"]
    parameters = {"action": "off", "passwd": "geheim", "pcmk_host_list": "a"}
    assert validate("stonith", None, "fence_mine", parameters, resource="r", seconds=10).exit_code == 0
    assert (tmp_path / "stdin").read_text() == "action=validate-all\npasswd=geheim\n"
    assert (tmp_path / "argv").read_text() == "\n"
    with pytest.raises(CrmError, match="several lines"):
        validate("stonith", None, "fence_mine", {"login": "x\naction=off"}, resource="r", seconds=10)


# ---- Pacemaker's own

needs_agents = pytest.mark.skipif(
    agents.path("ocf", "pacemaker", "Stateful") is None, reason="Pacemaker's resource agents are not installed"
)


@pytest.mark.needs_pacemaker
@needs_agents
def test_pacemakers_agents_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    _known.cache_clear()
    found = {name: agents.metadata("ocf", "pacemaker", name) for name in agents.types("pacemaker")}
    assert {"Dummy", "Stateful", "ping", "remote"} <= set(found)
    assert all(agent is not None and agent.actions for agent in found.values())
    promotable = {name for name, agent in found.items() if agent is not None and agent.can_promote}
    assert promotable == {"Stateful"}
    assert len(os.listdir(tmp_path / "crm")) == len(found)
