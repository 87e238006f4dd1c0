"""Help on everything that is declared, and on the words that people type behind `help`."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from program import ROOT

from crmsh_py.cib.options import CLUSTER_OPTIONS, cluster_option_names, meta_attribute_names, meta_attributes
from crmsh_py.cluster.agents import pseudo
from crmsh_py.command import meanings
from crmsh_py.command.context import Context, Options
from crmsh_py.command.declare import Level
from crmsh_py.config.table import SETTINGS
from crmsh_py.errors import CrmError, NoSuchObject, UsageError
from crmsh_py.language.allowed import OP_ATTRIBUTES
from crmsh_py.language.keywords import statement_keywords
from crmsh_py.language.words import logical_lines
from crmsh_py.levels import LEVELS, load
from crmsh_py.output import Output
from crmsh_py.shell.everywhere import Stack
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.help import help_on
from crmsh_py.shell.help.meaning import names
from crmsh_py.shell.help.texts import topic_names, topics
from crmsh_py.shell.interpreter import Interpreter

if TYPE_CHECKING:
    from pathlib import Path

    from crmsh_py.output import Record

WIDEST = 100
_BRACES = re.compile(r"^\s*\{\w+( \w+)?\}$", re.MULTILINE)


def context(cib: str = "/nowhere/cib.xml") -> Context:
    return Context(Options(cib=cib), dict(os.environ), lambda _: None)


def asked(*words: str, level: str = "root", cx: Context | None = None) -> Record:
    """The answer to `help` at a level."""
    return help_on(cx or context(), Stack(load, ("root", level) if level != "root" else ("root",)), words)


def said(record: Record) -> str:
    return "".join(text for _, text in record.fragments())


def check_layout(record: Record) -> None:
    """Fail where a line is too long, or where there are two empty lines or blanks at an end."""
    text = said(record)
    # those of the grammar are lines
    examples = record.data().get("examples", ()) if isinstance(record.data(), dict) else ()
    assert [line for line in text.splitlines() if len(line) > WIDEST and line.strip() not in examples] == []
    assert "\n\n\n" not in text
    assert not text.startswith("\n")
    assert text.endswith("\n")
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


# ---- there is help on everything


def commands() -> list[tuple[str, str]]:
    levels = {"root": load("root"), **{name: load(name) for name in LEVELS}}
    return [(name, command) for name, level in levels.items() for command in (*level.commands, *everywhere.commands)]


@pytest.mark.parametrize("level", ["root", *LEVELS])
def test_every_level(level: str) -> None:
    check_layout(asked(level=level))
    text = said(asked(level=level))
    for name in (*load(level).commands, *load(level).keywords, *load(level).sublevels, *everywhere.commands):
        assert f"\n  {name} " in text, name


@pytest.mark.parametrize(("level", "command"), commands())
def test_every_command(level: str, command: str) -> None:
    record = asked(command, level=level)
    check_layout(record)
    text = said(record)
    assert (record.shape, record.data()["command"]) == ("help.command", command)
    assert f"\n  {command}" in text


@pytest.mark.parametrize("keyword", sorted(statement_keywords()))
@pytest.mark.parametrize("level", ["root", "configure", "resource"])
def test_every_statement(keyword: str, level: str) -> None:
    record = asked("statement", keyword, level=level)
    check_layout(record)
    text = said(record)
    assert record.shape == "help.statement"
    assert keyword in record.data()["syntax"][0].split(">")[0]
    assert text.startswith(f"{keyword}: ")
    assert record.data()["body"]
    assert not _BRACES.search(text), "what a declaration says is filled in"


@pytest.mark.parametrize("name", sorted(topics()))
def test_every_topic(name: str) -> None:
    record = asked("topic", name)
    check_layout(record)
    text = said(record)
    topic = topics()[name]
    assert record.data()["topic"] == topic
    assert text.startswith(f"{topic}: ")
    assert name in text
    assert not _BRACES.search(text), "what a declaration says is filled in"


@pytest.mark.parametrize("name", sorted(set(cluster_option_names())))
def test_every_cluster_option(name: str) -> None:
    record = asked(name)
    check_layout(record)
    data = record.data()
    assert (record.shape, data["kind"], data["name"]) == ("help.option", "property", name)
    assert f"property {name}=VALUE" in said(record)


@pytest.mark.needs_pacemaker
def test_every_cluster_option_of_this_pacemaker() -> None:
    found = pseudo.describe("cluster").parameters
    assert len(found) > 30
    for one in found:
        record = asked("property", one.facts.name)
        assert record.data()["summary"] == one.summary
        assert one.summary[:40] in said(record)


@pytest.mark.parametrize("name", sorted({*meta_attribute_names("group"), *meta_attribute_names("clone")}))
def test_every_meta_attribute(name: str) -> None:
    record = asked("meta", name)
    check_layout(record)
    assert record.data()["kind"] == "meta"
    assert record.data()["summary"]
    assert said(record).startswith(f"{name}: ")


@pytest.mark.parametrize("name", sorted(OP_ATTRIBUTES))
def test_every_attribute_of_operations(name: str) -> None:
    record = asked("op", name)
    check_layout(record)
    assert (record.data()["kind"], record.data()["name"]) == ("op", name)


def test_what_is_declared_elsewhere_is_explained_here() -> None:
    declared = {option.name for tag in ("group", "clone") for option in meta_attributes(tag)}
    assert set(meanings.META_ATTRIBUTES) == declared
    assert set(meanings.OPERATION_ATTRIBUTES) == OP_ATTRIBUTES
    assert set(meanings.SETTINGS) == set(SETTINGS)


def test_every_topic_is_listed() -> None:
    record = asked("topics")
    check_layout(record)
    text = said(record)
    assert list(record.data()) == list(topic_names())
    assert all(f"  {name} " in text for name in topic_names())


def test_all_names_are_explained() -> None:
    for level in ("root", "configure", "resource"):
        stack = Stack(load, ("root", level) if level != "root" else ("root",))
        for name in set(names(stack)):
            record = help_on(context(), stack, [name])
            assert record.shape.startswith("help."), name


# ---- what a word means


@pytest.mark.parametrize(
    ("line", "shape", "key", "value"),
    [
        ("", "help.level", "level", "root"),
        ("configure", "help.level", "level", "configure"),
        ("cfg", "help.level", "level", "configure"),
        ("node", "help.level", "level", "node"),
        ("statement node", "help.statement", "statement", "node"),
        ("configure node", "help.statement", "statement", "node"),
        ("configure show", "help.command", "command", "show"),
        ("configure get-property", "help.command", "command", "get_property"),
        ("resource migrate", "help.command", "command", "move"),
        ("move", "help.command", "level", "resource"),
        ("PRIMITIVE", "help.statement", "statement", "primitive"),
        ("collocation", "help.statement", "statement", "colocation"),
        ("ms", "help.statement", "statement", "ms"),
        ("op", "help.topic", "topic", "operations"),
        ("meta", "help.topic", "topic", "meta-attributes"),
        ("resource meta", "help.command", "command", "meta"),
        ("resource meta target-role", "help.option", "kind", "meta"),
        ("property stonith-enabled", "help.option", "other_names", ["fencing-enabled"]),
        ("configure property stonith-enabled", "help.option", "kind", "property"),
        ("maintenance", "help.level", "level", "maintenance"),
        ("meta maintenance", "help.option", "kind", "meta"),
        ("requires", "help.option", "kind", "meta"),
        ("op requires", "help.option", "kind", "op"),
        ("interval", "help.option", "kind", "op"),
        ("scor", "help.topic", "topic", "scores"),
        ("resou", "help.level", "level", "resource"),
        ("configure help", "help.command", "level", "everywhere"),
        ("?", "help.command", "command", "help"),
        ("configure show ?", "help.expected", "line", "configure show "),
    ],
)
def test_a_word_is_taken_for(line: str, shape: str, key: str, value: object) -> None:
    record = asked(*line.split())
    assert (record.shape, record.data()[key]) == (shape, value)


@pytest.mark.parametrize(
    ("level", "line", "shape"),
    [
        ("configure", "node", "help.statement"),
        ("resource", "node", "help.level"),
        ("configure", "configure primitive", "help.statement"),
        ("configure", "rsc move", "help.command"),
        ("node", "assist template", "help.command"),
        ("ra", "info", "help.command"),
        ("cib", "commit", "help.command"),
    ],
)
def test_words_mean_what_they_mean_at_the_level_first(level: str, line: str, shape: str) -> None:
    assert asked(*line.split(), level=level).shape == shape


@pytest.mark.parametrize(
    ("line", "exit_code", "text"),
    [
        ("nosuchthing", 4, "there is no help on nosuchthing"),
        ("primitve", 4, "did you mean primitive"),
        ("no-quorum-polcy", 4, "did you mean no-quorum-policy"),
        ("ruels", 4, "did you mean rules"),
        ("property nosuch", 4, "there is no help on property nosuch"),
        ("topic rules more", 4, "there is no help on topic rules more"),
        ("configure show more", 4, "try `help show`"),
        ("show", 2, "try `help configure show`, `help node show` or `help options show`"),
        ("corosync", 2, "`corosync` is not there yet"),
        ("configure era", 4, "there is no help on era"),
        ("agent nosuch", 4, "there is no agent nosuch"),
    ],
)
def test_what_means_nothing_says_so(line: str, exit_code: int, text: str) -> None:
    with pytest.raises((NoSuchObject, UsageError)) as caught:
        asked(*line.split())
    (problem,) = caught.value.problems
    assert caught.value.exit_code == exit_code
    assert text in f"{problem.text}; {problem.hint}"


def test_a_level_with_a_language_of_its_own_has_help() -> None:
    toy = Level("toy", "a level.", keywords=lambda: frozenset({"adverb"}))
    toy.statements(lambda cx, statements: None)
    stack = Stack(lambda name: toy if name == "toy" else load(name), ("root", "toy"))
    assert "adverb" in said(help_on(context(), stack, []))
    with pytest.raises(CrmError):
        help_on(context(), stack, ["adverb"])


# ---- agents and options


@pytest.mark.needs_pacemaker
def test_agents_and_their_parameters() -> None:
    for words in (["Dummy"], ["agent", "ocf:heartbeat:Dummy"], ["configure", "Dummy"]):
        assert asked(*words).data()["name"] == "ocf:heartbeat:Dummy"
    data = asked("IPaddr2", "ip").data()
    assert (data["agent"], data["kind"], data["required"], data["type"]) == (
        "ocf:heartbeat:IPaddr2",
        "parameter",
        True,
        "string",
    )
    assert "dotted quad" in said(asked("agent", "IPaddr2", "ip"))
    with pytest.raises(NoSuchObject) as caught:
        asked("IPaddr2", "cidr_netmsk")
    assert "cidr_netmask" in (caught.value.problems[0].hint or "")
    with pytest.raises(NoSuchObject):
        asked("agent", "IPaddr2", "ip", "more")


def test_a_cluster_option_is_explained_without_pacemaker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudo, "FOLDERS", ())
    monkeypatch.setenv("PATH", "/nowhere")
    data = asked("no-quorum-policy").data()
    assert (data["default"], data["allowed"][:2], data["summary"]) == ("stop", ["stop", "freeze"], "")
    with pytest.raises(NoSuchObject):
        asked("property", "of-a-newer-pacemaker")


def test_the_configuration_is_not_read_for_help() -> None:
    cx = context()
    for words in (["no-quorum-policy"], ["meta", "priority"], ["primitive"], ["topics"], ["IPaddr2x"]):
        try:
            asked(*words, cx=cx)
        except NoSuchObject:
            assert words == ["IPaddr2x"]
    assert "session" not in vars(cx)


def test_at_the_prompt_what_is_set_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "cib.xml"
    path.write_bytes((ROOT / "examples" / "empty.xml").read_bytes())
    cx = context(str(path))
    cx.is_typed = True
    assert asked("no-quorum-policy", cx=cx).data()["value"] is None
    shell = Interpreter(cx, Output(None, None, {}))
    shell.run_typed(next(iter(logical_lines("configure property no-quorum-policy=freeze", ""))))
    record = asked("no-quorum-policy", cx=cx)
    assert record.data()["value"] == "freeze"
    assert "set now  freeze" in said(record)


def test_options_have_one_explanation_for_all_their_names() -> None:
    for option in CLUSTER_OPTIONS:
        if len(option.names) > 1:
            found = [asked("property", name).data() for name in option.names]
            assert {one["default"] for one in found} == {found[0]["default"]}
            assert all(one["other_names"] for one in found)
