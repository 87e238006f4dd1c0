"""`resource move`, `ban` and `clear`, on CIB files."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from lxml import etree
from shadow_commands import crm
from test_resource_running import edited, file, running, settle  # noqa: F401 - fixtures

pytestmark = pytest.mark.needs_pacemaker
REFUSED = 5


def constraints(folder: Path) -> list[str]:
    return [el.get("id") for el in etree.parse(folder / "web.xml").findall(".//rsc_location")]


def where(folder: Path, rsc: str) -> str:
    (place,) = json.loads(crm(folder, f"resource locate {rsc} -o json").out)["data"][0]["nodes"]
    return place["node"]


def test_move_and_clear_and_the_old_names(running: Path) -> None:  # noqa: F811
    before = etree.canonicalize((running / "web.xml").read_text()).partition("<configuration")[2]
    for there, back in (("move", "clear"), ("migrate", "unmigrate"), ("move", "unmove"), ("ban", "unban")):
        crm(running, f"resource {there} c n1 force")
        assert len(constraints(running)) == 1
        assert (
            crm(running, f"resource {back} c").err
            == f"note: {'cli-ban-c-on-n1' if there == 'ban' else 'cli-prefer-c'} is removed\n"
        )
        assert etree.canonicalize((running / "web.xml").read_text()).partition("<configuration")[2] == before
    assert "nothing to clear" in crm(running, "resource clear c").err


@pytest.mark.parametrize(("word", "seconds"), [("PT5M", 300), ("5min", 300), ("1h", 3600), ("90s", 90), ("P1D", 86400)])
def test_a_lifetime(running: Path, word: str, seconds: int) -> None:  # noqa: F811
    now = datetime.now(timezone.utc)
    crm(running, f"resource move web n1 {word} force")
    crm(running, f"resource move db {word}")
    ends = [el.get("end") for el in etree.parse(running / "web.xml").iter("date_expression")]
    assert len(ends) == 2
    for end in ends:
        read = datetime.strptime(end, "%Y-%m-%d %H:%M:%S%z")
        assert timedelta(-1) < read - now - timedelta(seconds=seconds) < timedelta(seconds=60)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("move web nosuch", 4, "there is no node nosuch"),
        ("move web n", 4, "did you mean n"),
        ("move wbe n1", 4, "did you mean web?"),
        ("move web n1 PT0S", 2, "PT0S is no lifetime"),
        ("move web n1 soon", 2, "soon is no lifetime"),
        ("move web n1 99999999999999999999h", 2, "is too long"),
        ("move web", REFUSED, "no other node can have web: it stops"),
        ("move c", 1, "c is promoted nowhere"),
        ("ban web n1 --promoted", REFUSED, "web is not promotable"),
        ("ban i", 2, "c is active on n1 and n2"),
        ("move t n1", 2, "t is a template"),
        ("clear nosuch", 4, "there is no resource nosuch"),
        ("move i:0 n1", 2, "i:0 is an instance"),
        ("clear web nosuch", 4, "there is no node nosuch"),
    ],
)
def test_what_is_refused_writes_nothing(running: Path, line: str, code: int, said: str) -> None:  # noqa: F811
    for node in ("n1", "n2"):
        crm(running, f"configure location not-{node} web -inf: {node}" if node != where(running, "web") else "status")
    before = (running / "web.xml").read_bytes()
    assert said in crm(running, f"resource {line}", code).err
    assert (running / "web.xml").read_bytes() == before


def test_what_does_not_run_is_moved_to_a_node_but_not_away(file: Path) -> None:  # noqa: F811
    assert "web is running nowhere: say which node is meant" in crm(file, "resource move web", 1).err
    assert "cli-prefer-web holds web at n2" in crm(file, "resource move web N2").err
    assert constraints(file) == ["cli-prefer-web"]


@pytest.mark.parametrize(("attribute", "why"), [("standby", "in standby"), ("maintenance", "in maintenance")])
def test_to_a_node_where_it_cannot_be(running: Path, attribute: str, why: str) -> None:  # noqa: F811
    target = {"n1": "n2", "n2": "n1"}[where(running, "web")]
    number = target[1]
    crm(running, f"configure load update {node_file(running, number, attribute)}")
    text, said = edited(running, f"resource move web {target}")
    assert "cli-prefer-web" in " ".join(text)
    assert f"WARNING: web does not move to {target}: {target} is {why}" in said


def node_file(folder: Path, number: str, attribute: str) -> Path:
    """A configuration that gives a node an attribute that is true."""
    path = folder / "node.crm"
    path.write_text(f"node {number}: n{number} attributes {attribute}=true\n")
    return path


@pytest.mark.parametrize("name", ["a", "g", "i", "c"])
def test_a_part_moves_with_the_whole(running: Path, name: str) -> None:  # noqa: F811
    whole = {"a": "g", "i": "c"}.get(name, name)
    said = crm(running, f"resource move {name} n1 force").err
    assert (f"{name} is in {whole}, which moves as a whole" in said) == (name != whole)
    assert constraints(running) == [f"cli-prefer-{whole}"]
    crm(running, f"resource clear {name}")
    assert constraints(running) == []


def test_what_goes_along_is_named(running: Path) -> None:  # noqa: F811
    crm(running, "configure colocation with inf: web db")
    settle(running / "web.xml")
    ran = crm(running, "resource ban db n1 --dry-run")
    ran = crm(running, "resource ban db n2 --dry-run") if "nothing" in ran.out else ran
    assert re.search(r"^db: move (n1 -> n2|n2 -> n1)$", ran.out, re.MULTILINE)
    assert "note: banning db moves web" in ran.err
    assert constraints(running) == []


def test_clear_chooses(running: Path) -> None:  # noqa: F811
    for line in ("ban web n1", "ban web n2", "ban db n1 PT1H"):
        crm(running, f"resource {line}")
    assert (
        "nothing to clear: db has no constraint of `move` or `ban` that has expired"
        in crm(running, "resource clear db --expired").err
    )
    path = running / "web.xml"
    path.write_text(re.sub(r' end="2\d\d\d', ' end="2001', path.read_text()))
    assert crm(running, "resource clear db --expired").err == "note: cli-ban-db-on-n1 is removed\n"
    assert crm(running, "resource clear web n1").err == "note: cli-ban-web-on-n1 is removed\n"
    assert constraints(running) == ["cli-ban-web-on-n2"]
