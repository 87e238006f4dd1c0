"""`resource start`, `stop`, `restart`, `promote`, `manage` and the like, on running clusters."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest
from bed import wait_until
from changes import configuration
from lxml import etree
from node_terminal import node_terminal
from terminal import PROMPT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bed import Node
    from program import Ran

pytestmark = pytest.mark.needs_cluster

FAILED, REFUSED, TIMED_OUT, INTERRUPTED = 1, 5, 9, 130
DUMMY = "ocf:pacemaker:Dummy"
# by on-fail=block nothing is tried again, and nothing fenced
STOPS_BADLY = f"{DUMMY} params op_sleep=3 op start timeout=20s op stop timeout=1s on-fail=block"
TARGET_ROLE = "nvpair[@name='target-role']"


def setup(node: Node, *lines: str) -> None:
    ran = node.crm("-w", "configure", stdin="\n".join((*lines, "")))
    assert ran.code == 0, ran


def resource(node: Node, line: str, code: int = 0, **more: object) -> Ran:
    ran = node.crm("resource", *line.split(), **more)
    assert ran.code == code, ran
    return ran


def where(node: Node, rsc: str) -> list[tuple[str, str]]:
    """The nodes where instances of a primitive are, and their roles."""
    root = etree.fromstring(node.run("crm_mon", "-1", "--output-as=xml").out.encode())
    found = root.xpath("//resources//resource[@id=$id or starts-with(@id,$many)]/node", id=rsc, many=f"{rsc}:")
    return sorted((el.get("name"), el.getparent().get("role")) for el in found)


def runs(node: Node, *names: str) -> list[bool]:
    return [bool(where(node, name)) for name in names]


def target_roles(node: Node) -> dict[str, str]:
    found = etree.fromstring(node.cib()).findall(f".//{TARGET_ROLE}")
    return {el.getparent().getparent().get("id"): el.get("value") for el in found}


# ---------------------------------------------------------------------------------------- start and stop


def test_stop_and_start(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}", f"primitive db {DUMMY}", "order o Mandatory: db web")
    said = resource(node, "stop db --wait").err
    assert said == "note: stopping db stops web too\n"
    assert runs(node, "db", "web") == [False, False]
    assert target_roles(node) == {"db": "Stopped"}
    before = node.cib()
    assert resource(node, "stop db").err == ""
    assert configuration(node.cib()) == configuration(before)
    assert resource(node, "start db --wait").err == ""
    assert runs(node, "db", "web") == [True, True]
    epoch = etree.fromstring(node.cib()).get("epoch")
    resource(node, "start db --wait")
    assert etree.fromstring(node.cib()).get("epoch") == epoch


def test_several_are_one_commit(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}", f"primitive db {DUMMY}", f"primitive fs {DUMMY}")
    before = int(etree.fromstring(node.cib()).get("epoch"))
    assert resource(node, "stop web db fs --wait").err == ""
    assert runs(node, "web", "db", "fs") == [False] * 3
    assert int(etree.fromstring(node.cib()).get("epoch")) == before + 1
    written = node.cib()
    assert "there is no resource nosuch" in resource(node, "start web nosuch db", 4).err
    assert configuration(node.cib()) == configuration(written)


def test_a_dry_run_writes_nothing_and_says_what_would_be_done(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}", f"primitive db {DUMMY}", "order o Mandatory: db web")
    before = node.cib()
    ran = resource(node, "stop db --dry-run")
    assert ran.err == "note: stopping db stops web too\n"
    assert sorted(line.split(" (")[0] for line in ran.out.splitlines()) == ["db: stop node1", "web: stop node1"]
    assert resource(node, "start db --dry-run").out == "the cluster would do nothing\n"
    ran = resource(node, "restart db --dry-run")
    tasks = [line.split(" (")[0] for line in ran.out.splitlines()]
    assert sorted(tasks[:2]) == ["db: stop node1", "web: stop node1"]
    assert sorted(tasks[2:]) == ["db: start node1", "web: start node1"]
    assert configuration(node.cib()) == configuration(before)


def test_what_did_not_start_is_an_error_where_it_is_waited_for(node: Node) -> None:
    setup(node, f"primitive web {DUMMY} params fail_start_on=node1 meta target-role=Stopped")
    ran = node.crm("-o", "core.wait=yes", "resource", "start", "web")
    assert ran.code == FAILED
    assert "start of web failed on node1" in ran.err
    assert "ERROR: the cluster has settled, but web does not run" in ran.err


def test_a_wait_has_an_end(node: Node) -> None:
    setup(node, f"primitive web {DUMMY} params op_sleep=3 op start timeout=20s meta target-role=Stopped")
    ran = node.crm("-o", "core.wait_timeout=1", "resource", "start", "web", "--wait")
    assert ran.code == TIMED_OUT, ran
    assert "what was committed stays" in ran.err
    assert target_roles(node) == {"web": "Started"}


def test_promote_and_demote(node: Node) -> None:
    setup(node, "primitive d ocf:pacemaker:Stateful", "clone c d meta promotable=true", f"primitive p {DUMMY}")
    resource(node, "demote c --wait")
    assert where(node, "d") == [("node1", "Unpromoted")]
    resource(node, "promote d --wait")
    assert where(node, "d") == [("node1", "Promoted")]
    assert target_roles(node) == {"c": "Promoted"}
    assert "p cannot be promoted" in resource(node, "promote p", REFUSED).err


def test_unmanaged_and_in_maintenance(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}")
    resource(node, "unmanage web --wait")
    ran = resource(node, "stop web --wait", FAILED)
    assert "WARNING: web does not stop: it is unmanaged" in ran.err
    assert runs(node, "web") == [True]
    resource(node, "start web")
    assert resource(node, "maintenance web").err == ""
    ran = resource(node, "maintenance web off")
    assert ran.err == "note: web keeps is-managed=false, and stays unmanaged as long as it does\n"
    resource(node, "manage web")
    resource(node, "maintenance web off --wait")
    resource(node, "stop web --wait")
    assert runs(node, "web") == [False]


# ----------------------------------------------------------------------------------------------- restart


@pytest.mark.parametrize("meta", ["", "meta target-role=Started priority=3"])
def test_restart_leaves_all_as_it_was(node: Node, meta: str) -> None:
    setup(node, f"primitive web {DUMMY} {meta}", f"primitive db {DUMMY}", "order o Mandatory: web db")
    before, calls = configuration(node.cib()), starts(node, "web")
    assert resource(node, "restart web").err == "note: restarting web stops db too\n"
    assert configuration(node.cib()) == before
    assert starts(node, "web") != calls
    assert runs(node, "web", "db") == [True, True]


def starts(node: Node, rsc: str) -> str:
    """What the cluster calls the last start of a resource."""
    root = etree.fromstring(node.cib())
    return root.xpath(f"string(//lrm_resource[@id='{rsc}']/lrm_rsc_op[@operation='start']/@call-id)")


def test_a_clone_and_a_group_with_members_of_their_own_mind(node: Node) -> None:
    setup(
        node,
        f"primitive a {DUMMY} meta target-role=Started",
        f"primitive b {DUMMY} meta target-role=Stopped",
        "group g a b",
        f"primitive i {DUMMY} meta target-role=Started",
        "clone c i",
    )
    before, calls = configuration(node.cib()), [starts(node, rsc) for rsc in ("a", "i")]
    assert "note: i is in c, which restarts as a whole" in resource(node, "restart g i").err
    assert configuration(node.cib()) == before
    assert runs(node, "a", "b", "i") == [True, False, True]
    assert all(starts(node, rsc) != call for rsc, call in zip(("a", "i"), calls, strict=True))


@pytest.fixture
def stuck(node: Node) -> Iterator[Node]:
    """A node that gets a resource `web` which does not stop in time; afterwards it does."""
    yield node
    assert node.crm("configure", "set", "web.stop.timeout", "20s").code == 0
    node.run("crm_resource", "--cleanup", "--resource=web", check=True)
    node.run("crm_resource", "--wait", check=True)


@pytest.mark.parametrize("meta", ["", "meta target-role=Started"])
def test_what_does_not_stop_is_left_as_it_was(stuck: Node, meta: str) -> None:
    node = stuck
    setup(node, f"primitive web {STOPS_BADLY} {meta}")
    before = configuration(node.cib())
    ran = resource(node, "restart web", FAILED)
    assert "stop of web failed on node1" in ran.err
    assert "note: the target-role of web is as it was before" in ran.err
    assert "ERROR: web does not stop" in ran.err
    assert configuration(node.cib()) == before


def test_what_stops_too_slowly_is_left_as_it_was(node: Node) -> None:
    setup(node, f"primitive web {DUMMY} params op_sleep=3 op start timeout=20s op stop timeout=20s")
    before = configuration(node.cib())
    ran = node.crm("-o", "core.wait_timeout=1", "resource", "restart", "web")
    assert ran.code == TIMED_OUT, ran
    assert "ERROR: web has not stopped in time" in ran.err
    assert "what was committed stays" not in ran.err
    assert configuration(node.cib()) == before
    node.run("crm_resource", "--wait", check=True)
    assert runs(node, "web") == [True]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_restart_starts_again_what_it_stopped(node: Node, sent: int) -> None:
    setup(node, f"primitive web {DUMMY} params op_sleep=2 op start timeout=20s op stop timeout=20s")
    before = configuration(node.cib())
    with node.popen_crm("resource", "restart", "web") as process:
        wait_until("it stops", lambda: node.run("pgrep", "-f", "[D]ummy stop").out)
        process.send_signal(sent)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode in (INTERRUPTED, -sent)
    assert "the target-role of web is as it was before" in said
    assert "Traceback" not in said
    assert configuration(node.cib()) == before
    node.run("crm_resource", "--wait", check=True)
    assert runs(node, "web") == [True]


@pytest.mark.parametrize("does", ["stop", "start"])
def test_a_second_ctrl_c_does_not_keep_what_was_stopped_from_starting(node: Node, does: str) -> None:
    setup(node, f"primitive web {DUMMY} params op_sleep=2 op start timeout=20s op stop timeout=20s")
    before = configuration(node.cib())
    with node.popen_crm("resource", "restart", "web") as process:
        wait_until("it is under way", lambda: node.run("pgrep", "-f", f"[D]ummy {does}").out)
        for pause in (0.25, 0.25, 0):
            process.send_signal(signal.SIGINT)
            time.sleep(pause)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == INTERRUPTED, said
    assert "could not be put back" not in said
    assert configuration(node.cib()) == before
    node.run("crm_resource", "--wait", check=True)
    assert runs(node, "web") == [True]


def test_there_is_nothing_to_restart(node: Node) -> None:
    setup(node, f"primitive web {DUMMY} meta target-role=Stopped", f"primitive db {DUMMY}")
    resource(node, "unmanage db --wait")
    before = configuration(node.cib())
    assert "web does not run: there is nothing to restart" in resource(node, "restart web", FAILED).err
    assert "db is unmanaged" in resource(node, "restart db", REFUSED).err
    assert "there is no resource nosuch" in resource(node, "restart db nosuch", 4).err
    assert configuration(node.cib()) == before


def test_progress_is_shown_on_a_terminal(node: Node) -> None:
    setup(node, f"primitive web {DUMMY} params op_sleep=2 op start timeout=20s op stop timeout=20s")
    with node_terminal(node, "resource", "restart", "web") as terminal:
        terminal.wait("waiting for the cluster")
        assert terminal.end() == 0


# ------------------------------------------------------------------------------- edits that are not committed


def test_at_the_prompt_it_is_asked_what_becomes_of_edits(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}")
    with node_terminal(node) as terminal:
        terminal.wait(PROMPT)
        terminal.line(f"configure primitive db {DUMMY}")
        terminal.type("resource stop web\n")
        terminal.wait(r"\? ?.*: ?$")
        terminal.type("n\n")
        terminal.wait(PROMPT)
        assert target_roles(node) == {}
        terminal.type("resource stop web\n")
        terminal.wait(r"\? ?.*: ?$")
        terminal.type("y\n")
        terminal.wait(PROMPT)
        assert target_roles(node) == {"web": "Stopped"}
        assert b'id="db"' in node.cib()
        terminal.type("quit\n")
        assert terminal.end() == 0


def test_in_a_script_edits_are_committed_first_and_it_is_a_border(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}")
    script = f"configure\nprimitive db {DUMMY}\nresource stop web\nprimitive fs {DUMMY}\nresource stop nosuch\n"
    ran = node.crm(stdin=script.replace("resource", "cd /\nresource").replace("primitive fs", "configure primitive fs"))
    assert ran.code == 4, ran
    assert "what was edited is committed" in ran.err
    assert "was committed and stays" in ran.err
    assert target_roles(node) == {"web": "Stopped"}
    assert b'id="db"' in node.cib()


def test_two_writers_at_once_both_have_their_way(node: Node) -> None:
    setup(node, *(f"primitive r{number} {DUMMY}" for number in range(6)))
    running = [node.popen_crm("resource", "stop", f"r{number}") for number in range(6)]
    said = []
    for process in running:
        with process:
            said.append(process.communicate(timeout=60)[1].decode())
    assert [process.returncode for process in running] == [0] * 6, said
    assert target_roles(node) == {f"r{number}": "Stopped" for number in range(6)}


def test_who_may_only_read_may_not_stop(node: Node) -> None:
    setup(node, f"primitive web {DUMMY}", "role watcher read xpath:/cib", "acl_target reader watcher")
    setup(node, "property enable-acl=true")
    node.add_user("reader", groups=("haclient",))
    assert resource(node, "stop web", 8, user="reader").err.count("ERROR") == 1
    assert target_roles(node) == {}
