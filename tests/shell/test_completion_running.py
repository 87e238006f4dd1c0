"""What makes sense to name, by what runs: as Pacemaker's own tool tells of a CIB with a status."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from small_cluster import clone, node_state, option, primitive, ran, ran_op, well

from crmsh_py.command.context import Context, Options
from crmsh_py.levels import load
from crmsh_py.shell.completer import complete
from crmsh_py.shell.everywhere import Stack

pytestmark = pytest.mark.needs_pacemaker

MORE = (
    primitive("off", target_role="Stopped")
    + primitive("lone")
    + primitive("own", is_managed="false")
    + primitive("kept", maintenance="true")
    + primitive("bad")
    + clone("copies", primitive("copy"), promotable="true")
)
CONSTRAINTS = (
    '<rsc_location id="cli-ban-web-on-west" rsc="web" role="Started" node="west" score="-INFINITY"/>'
    '<rsc_ticket id="t1" ticket="mine" rsc="lone"/>'
)
HISTORY = (
    ran("web", ("start", 0, 0))
    + ran("own", ("start", 0, 0))
    + ran("kept", ("start", 0, 0))
    + ran("fence", ("start", 0, 0), agent="stonith:fence_x")
    + ran_op("bad", "start", 1)
)
TICKETS = '<ticket_state id="theirs" granted="true"/><ticket_state id="other" granted="false"/>'


@pytest.fixture
def cx(tmp_path: Path) -> Context:
    path = well(
        tmp_path,
        more=MORE,
        constraints=CONSTRAINTS,
        east=node_state("1", "east", HISTORY),
        west=node_state("2", "west"),
        nodes=f'<node id="1" uname="east"/><node id="2" uname="west"><instance_attributes id="n2">'
        f'{option("standby", "on", "n2")}</instance_attributes></node><node id="3" uname="south"/>',
        tickets=TICKETS,
    )
    return Context(Options(cib=str(path)), dict(os.environ), lambda _: None)


def offered(cx: Context, line: str) -> dict[str, str]:
    found = complete(cx, Stack(load), line).candidates
    return {one.text: one.about for one in found if not one.text.startswith("--")}


def names(cx: Context, line: str) -> list[str]:
    return list(offered(cx, line))


def test_what_is_stopped_is_started_and_what_runs_is_stopped(cx: Context) -> None:
    assert names(cx, "resource start ") == ["copies", "copy", "lone", "off"]
    assert "off" not in names(cx, "resource stop ")
    assert {"web", "lone", "own"} <= set(names(cx, "resource stop "))
    assert names(cx, "resource restart ") == ["bad", "fence", "kept", "own", "web"]
    about = offered(cx, "resource stop ")
    assert about["web"] == "started on east: primitive ocf:pacemaker:Dummy"
    assert about["lone"] == "stopped: primitive ocf:pacemaker:Dummy"


def test_what_makes_no_sense_is_offered_to_who_types_it(cx: Context) -> None:
    assert offered(cx, "resource start we") == {"web": "started on east: primitive ocf:pacemaker:Dummy"}
    assert offered(cx, "resource stop of") == {"off": "disabled: primitive ocf:pacemaker:Dummy"}
    assert names(cx, "node online ea") == ["east"]


def test_who_is_managed_and_who_is_not(cx: Context) -> None:
    assert {"own", "kept"} >= set(names(cx, "resource manage ")) >= {"own"}
    assert "own" not in names(cx, "resource unmanage ")
    assert names(cx, "maintenance off ") == ["kept"]
    assert "kept" not in names(cx, "maintenance on ")
    assert names(cx, "resource promote ") == ["copies"]
    assert names(cx, "resource cleanup ")[0] == "bad"


def test_nodes_by_their_state(cx: Context) -> None:
    assert names(cx, "node online ") == ["west"]
    assert names(cx, "node standby ")[:1] == ["east"]
    assert "west" not in names(cx, "node standby ")
    assert names(cx, "node delete ") == ["south"]
    assert names(cx, "node clearstate ") == ["south"]
    assert offered(cx, "node show ") == {"east": "online", "south": "unclean", "west": "standby"}


def test_where_a_resource_can_go(cx: Context) -> None:
    assert names(cx, "resource move lone ")[0] == "east"
    assert names(cx, "resource move web ")[0] == "east", "there is no other one"
    assert names(cx, "resource ban web ")[0] == "east"
    assert names(cx, "resource clear ") == ["web"]
    assert names(cx, "resource clear web ")[:1] == ["west"]


def test_tickets_by_what_has_become_of_them(cx: Context) -> None:
    assert offered(cx, "site ticket revoke ") == {"theirs": "granted"}
    assert offered(cx, "site ticket grant ") == {"mine": "revoked", "other": "revoked"}


def test_of_a_file_without_a_state_everything_may_be_started(tmp_path: Path) -> None:
    path = well(tmp_path, more=MORE)
    path.write_text(path.read_text().partition("<status>")[0] + "<status/></cib>")
    cx = Context(Options(cib=str(path)), dict(os.environ), lambda _: None)
    assert names(cx, "resource start ") == ["off"], "it is meant to be stopped"
    assert offered(cx, "resource start we") == {"web": "primitive ocf:pacemaker:Dummy"}
    assert "off" not in names(cx, "resource stop ")
    assert {"east", "west"} <= set(names(cx, "node standby "))
