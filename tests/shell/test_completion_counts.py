"""On a large configuration a keystroke costs little: all of it is looked through once, and not at each key."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from program import ROOT

from crmsh_py.cib.document import Cib
from crmsh_py.command.context import Context, Options
from crmsh_py.levels import load
from crmsh_py.shell.completer import complete, prepare
from crmsh_py.shell.everywhere import Stack

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

PRIMITIVES = 400
LINES = (
    "resource start ",
    "resource start p1",
    "resource move p12 ",
    "resource untrace p",
    "node standby n",
    "configure show ",
    "configure edit related:p1",
    "configure delete l1",
    "configure location l g1",
    "configure location l g1 inf: node1",
    "configure location l g1 rule ",
    "configure colocation c inf: p1",
    "configure order o Mandatory: p1 ",
    "configure group g p",
    "configure clone c ",
    "configure tag t p",
    "configure primitive x Dummy meta ",
    "configure primitive x Dummy utilization ",
    "configure property ",
    "configure modgroup g1 add ",
    "resource promote ",
)


class Looked(Cib):
    """A CIB that counts how often all of it is looked through."""

    times = 0

    def objects(self) -> Iterator[Element]:
        Looked.times += 1
        return super().objects()


@pytest.fixture
def cx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    monkeypatch.delitem(sys.modules, "cibs", raising=False)
    from cibs import as_xml

    path = tmp_path / "cib.xml"
    path.write_text(as_xml(PRIMITIVES))
    monkeypatch.setenv("PATH", "/nowhere")
    cx = Context(Options(cib=str(path)), {}, lambda _: None)
    monkeypatch.setattr(Cib, "parse", classmethod(lambda _, data, source: Looked(parse(data, source).root)))
    return cx


parse = Cib.parse


def looks(cx: Context) -> int:
    """How often the configuration is looked through while all lines are typed, each of them twice."""
    Looked.times = 0
    for line in (*LINES, *LINES):
        complete(cx, Stack(load), line)
    return Looked.times


def test_it_is_looked_through_when_it_is_first_needed_only(cx: Context) -> None:
    # all objects, names of meta attributes, of utilization, of what nodes have
    assert 0 < looks(cx) <= 5
    assert looks(cx) == 0


def test_an_edit_makes_it_look_once_more(cx: Context) -> None:
    looks(cx)
    cx.edit(lambda cib: cib.touch(cib.make_section("nodes")) or [])
    Looked.times = 0
    list(prepare(cx))
    assert Looked.times == 1
    assert looks(cx) <= 4
    assert looks(cx) == 0


def test_all_that_fits_is_offered(cx: Context) -> None:
    found = complete(cx, Stack(load), "resource start p").candidates
    assert len(found) == PRIMITIVES
    assert found[0].about == "primitive ocf:heartbeat:Dummy"


def test_of_many_objects_no_values_are_offered_before_more_is_typed(cx: Context) -> None:
    assert complete(cx, Stack(load), "configure set p").candidates == []
    found = [one.text for one in complete(cx, Stack(load), "configure set p12.").candidates]
    assert "p12.fake" in found
    assert "p12.monitor.timeout" in found
