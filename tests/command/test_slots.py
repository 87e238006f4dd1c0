"""The table of slots: what words its kinds take and what they offer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crmsh_py.cib.selection import select
from crmsh_py.command.context import Context, Options
from crmsh_py.command.slots import SLOTS, Refusal
from crmsh_py.language.keywords import grammar_text

CIB = """<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0"><configuration>
<crm_config/><nodes><node id="1" uname="east"/></nodes><resources>
<primitive id="vip" class="ocf" provider="heartbeat" type="Dummy"/><primitive id="f" class="stonith" type="x"/>
<template id="base" class="ocf" provider="heartbeat" type="Dummy"/></resources>
<constraints><rsc_location id="l1" rsc="vip" node="east" score="1"/></constraints></configuration><status/></cib>"""


def context(path: Path | None) -> Context:
    return Context(Options(cib=str(path) if path else None), {}, lambda _: None)


def test_every_slot_of_the_grammar_is_a_row() -> None:
    kinds = {name.lower() for name in re.findall(r"\b([A-Z_]+)_SLOT\b", grammar_text())}
    assert kinds
    assert kinds <= SLOTS.keys()


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        ("rsc", ["f", "vip"]),
        ("node", ["east"]),
        ("device", ["f"]),
        ("template", ["@base"]),
        ("tag_member", ["f", "l1", "vip"]),
    ],
)
def test_candidates_come_from_the_draft(kind: str, offered: list[str], tmp_path: Path) -> None:
    path = tmp_path / "cib.xml"
    path.write_text(CIB)
    assert [one.text for one in SLOTS[kind].candidates(context(path), "")] == offered


def test_every_selector_that_is_offered_chooses(tmp_path: Path) -> None:
    path = tmp_path / "cib.xml"
    path.write_text(CIB)
    cx = context(path)
    offered = [one.text for typed in ("", "type:", "related:") for one in SLOTS["selector"].candidates(cx, typed)]
    assert {"east", "base", "f", "l1", "vip", "type:location", "related:vip", "changed"} <= set(offered)
    for word in (word for word in offered if not word.endswith(":")):
        assert select(cx.session.draft, [word], cx.session.base_cib) is not None


@pytest.mark.parametrize("kind", sorted(SLOTS))
def test_without_a_cib_there_are_no_errors_and_what_is_offered_is_of_the_kind(kind: str) -> None:
    for one in SLOTS[kind].candidates(context(None), ""):
        assert SLOTS[kind].check(one.text)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("score", "100 -5 +7 inf -INFINITY", "1.5 infinite --1"),
        ("duration", "30 5min 100ms PT5M P1D", "soon P 5x -1"),
        ("number", "0 -3", "x 1.0"),
        ("role", "Started stopped MASTER", "running"),
        ("method", "replace update push", "merge"),
        ("id", "vip", ""),
    ],
)
def test_checks(kind: str, good: str, bad: str) -> None:
    for word in good.split():
        SLOTS[kind].check(word)
    for word in bad.split() or [""]:
        with pytest.raises(Refusal):
            SLOTS[kind].check(word)
