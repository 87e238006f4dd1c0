"""What TAB offers: for each command and each place of a statement, by the declarations and by the grammar."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some
from program import ROOT, in_process

from crmsh_py.command.context import Context, Options
from crmsh_py.command.slots import SLOTS
from crmsh_py.language.keywords import statement_keywords
from crmsh_py.levels import LEVELS, load
from crmsh_py.shell.completer import complete
from crmsh_py.shell.everywhere import Stack

if TYPE_CHECKING:
    from pathlib import Path

CIB = str(ROOT / "examples" / "web-service.crm")


@pytest.fixture(scope="module")
def cx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """A session on a CIB with the objects of the example."""
    folder = tmp_path_factory.mktemp("cib")
    path = folder / "cib.xml"
    path.write_text((ROOT / "examples" / "empty.xml").read_text().replace("pacemaker-3.9", "pacemaker-3.0"))
    ran = in_process("-c", str(path), "-F", "configure", "load", "replace", CIB, folder=folder)
    assert ran.code == 0, ran
    return Context(Options(cib=str(path)), dict(os.environ), lambda _: None)


def offered(cx: Context, text: str) -> list[str]:
    return [one.text for one in complete(cx, Stack(load), text).candidates]


def commands() -> list[tuple[str, str]]:
    return [(name, command) for name in ("root", *LEVELS) for command in load(name).commands]


def entered(cx: Context, name: str, text: str) -> list[str]:
    """What is offered in a level."""
    return [
        one.text for one in complete(cx, Stack(load, ("root", name) if name != "root" else ("root",)), text).candidates
    ]


@pytest.mark.parametrize(("level", "command"), commands())
def test_every_command_is_offered_and_so_is_what_it_begins_with(cx: Context, level: str, command: str) -> None:
    assert command in entered(cx, level, command[:-1])
    usage = load(level).commands[command].usage
    found = entered(cx, level, f"{command} ")
    for item in usage.expected([]):
        kind = getattr(item, "kind", None)
        if kind is None:
            text = item.text
            assert any(word.lstrip("-").rstrip("=") == text for word in found), (item.text, found)
        elif kind not in ("path", "file", "source", "topic", "level"):
            possible = {one.text for one in SLOTS[kind].candidates(cx, "")}
            assert possible.intersection(found) or not possible, kind


@pytest.mark.parametrize("keyword", sorted(statement_keywords()))
def test_every_statement_is_offered(cx: Context, keyword: str) -> None:
    assert keyword in offered(cx, f"configure {keyword[:3]}")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("configure primitive x ", ["ocf:", "stonith:"]),
        ("configure primitive x ocf:pacemaker:Sta", ["ocf:pacemaker:Stateful"]),
        ("configure primitive x IPadd", ["IPaddr", "IPaddr2"]),
        ("configure primitive x IPaddr2 ", ["params", "op", "meta"]),
        ("configure primitive x IPaddr2 params ", ["ip=", "nic="]),
        ("configure primitive x IPaddr2 params ip=1 ni", ["nic="]),
        ("configure primitive x IPaddr2 ip=1 i", ["iflabel="]),
        ("configure primitive x Dummy op ", ["monitor", "start", "stop"]),
        ("configure primitive x Dummy op moni", ["monitor"]),
        (
            "configure primitive x Dummy op monitor ",
            ["interval=10s", "timeout=20s", "interval=", "timeout=", "role=", "on-fail="],
        ),
        ("configure primitive x Dummy op monitor interval=", ["interval=10s"]),
        ("configure primitive x Dummy op monitor on-fail=b", ["on-fail=block"]),
        ("configure primitive x Dummy meta is-man", ["is-managed="]),
        ("configure primitive x Dummy meta is-managed=f", ["is-managed=false"]),
        ("configure property no-quorum-policy=f", ["no-quorum-policy=freeze", "no-quorum-policy=fence"]),
        ("configure property stonith-en", ["stonith-enabled="]),
        ("configure location l web ", ["inf:", "-inf:", "0:"]),
        ("configure location l web inf: a", ["alpha"]),
        ("configure location l web rule inf: #uname e", ["eq"]),
        ("configure order o Mand", ["Mandatory:"]),
        ("configure order o Mandatory: web:", ["web:start", "web:stop", "web:promote", "web:demote"]),
        ("configure colocation c inf: web w", []),
        ("configure location l web role=", ["role=Started", "role=Stopped", "role=Promoted", "role=Unpromoted"]),
        ("configure show type:loc", ["type:location"]),
        ("cfg show chan", ["changed"]),
        ("resource move web ", ["alpha", "beta"]),
        ("resource stop web we", []),
        ("rsc sto", ["stop"]),
        ("node standby al", ["alpha"]),
        ("cd conf", ["configure"]),
        ("help resource mov", ["move"]),
        ("check --warning=fail", []),
        ("check --warning fail", ["failures=1"]),
        ("options set core.wa", ["core.wait", "core.wait_timeout"]),
        ("nosuch w", []),
        ("resource stop 'we", ["web"]),
        ("configure primitive ( ", []),
        ("# comm", []),
        ("configure load replace nosuch/", []),
    ],
)
@pytest.mark.needs_pacemaker
def test_what_is_offered_first(cx: Context, typed: str, first: list[str]) -> None:
    found = offered(cx, typed)
    assert bool(found) == bool(first), found
    assert [word[: len(want)] for word, want in zip(found, first, strict=False)] == first, found


def test_in_the_middle_what_is_behind_the_cursor_does_not_count(cx: Context) -> None:
    completion = complete(cx, Stack(load), 'configure location "l" web inf: al')
    assert (completion.start, completion.partial) == (32, "al")


def test_the_stack_stays_where_it_is(cx: Context) -> None:
    stack = Stack(load)
    complete(cx, stack, "configure show ")
    assert stack.names == ["root"]


_WORDS = some.sampled_from(
    "configure primitive web ocf:heartbeat:Dummy params meta op monitor rule ( ) #uname eq".split()
)
_ODD = some.text(some.sampled_from("ab=:$\"'\\ \t(){}@#%-\n\x00é"), max_size=6)


@given(some.lists(_WORDS | _ODD, max_size=7), some.sampled_from(["", " "]))
def test_no_line_is_an_error(words: list[str], end: str) -> None:
    cx = Context(Options(cib="/nowhere/cib.xml"), {}, lambda _: None)
    text = " ".join(words) + end
    completion = complete(cx, Stack(load), text)
    assert 0 <= completion.start <= len(text)
    assert all(one.text.lower().startswith(completion.partial.lower()) for one in completion.candidates)


# ---- the command line


def of_line(tmp_path: Path, line: str) -> list[str]:
    ran = in_process("--complete", line, folder=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    return [one.partition("\t")[0] for one in ran.out.splitlines()]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("crm --ver", ["--version"]),
        ("crm -D col", ["color", "color-always"]),
        ("crm --display=col", ["--display=color", "--display=color-always"]),
        ("crm --nosuch=col", []),
        ("crm --wait=col", []),
        ("crm -o core.wait_", ["core.wait_timeout="]),
        ("crm -o core.wait=", ["core.wait=yes", "core.wait=no"]),
        ("crm --cib=scr", ["--cib=script.crm"]),
        ("crm -o j", ["json"]),
        ("crm -f scr", ["script.crm"]),
        ("crm -c scr", ["script.crm"]),
        ("crm -F -w resou", ["resource"]),
        ("crm -x resou", []),
        ("crm resource stop 'a", []),
        ("crm", []),
        ("", []),
    ],
)
def test_options_and_what_follows_them(tmp_path: Path, line: str, wanted: list[str]) -> None:
    (tmp_path / "script.crm").touch()
    assert of_line(tmp_path, line) == wanted
