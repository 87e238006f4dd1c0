"""`crm status`: what it shows of real CIBs, of made-up states, and of small clusters, as text and as JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from program import Ran, as_process, in_process
from small_cluster import cib, clone, device, node_state, online, option, primitive, ran, ran_op
from terminal import CRM, Terminal

from crmsh_py.cluster.state import Bundle, Clone, Group, Node, Primitive, State, primitives, state
from crmsh_py.errors import CrmError
from crmsh_py.levels.root.status.text import fragments
from crmsh_py.output import safe

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "schemas" / "status.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
SECTIONS = ("Cluster Summary:", "Node List:", "Full List of Resources:")


def text_of(found: State) -> str:
    return "".join(text for _, text in fragments(found))


def named(text: str) -> set[str]:
    """The words in a text, and what stands before a tab."""
    return {*re.split(r"[\s\[\]():]+", text), *re.findall(r"\* (.*?)\t", text)}


# ---- all that is there is shown


@pytest.mark.needs_pacemaker
def test_real_cibs(corpus: list[Path], tmp_path: Path) -> None:
    """Each is read, and the data fits its schema."""
    unreadable = []
    for path in corpus:
        ran = in_process("-c", str(path), "-o", "json", "status", folder=tmp_path)
        if ran.code:
            assert (ran.code, "cannot read the CIB" in ran.err) == (1, True), ran
            unreadable.append(path.name)
            continue
        VALIDATOR.validate(json.loads(ran.out))
    # they want a newer Pacemaker
    assert len(unreadable) < len(corpus) / 20, unreadable


@pytest.mark.needs_pacemaker
def test_each_node_and_resource_is_named(corpus: list[Path]) -> None:
    for path in corpus[::4]:
        try:
            found = state({"CIB_file": str(path), "CIB_shadow": None})
        except CrmError:
            continue
        text = text_of(found)
        assert {node.name for node in found.nodes} <= named(text), path.name
        assert {one.id for one in found.resources} <= named(text), path.name
        assert {one.id.partition(":")[0] for one in cloned_or_grouped(found)} <= {
            name.partition(":")[0] for name in named(text)
        }, path.name
        assert sum(one.failed for one in primitives(found.resources)) == text.count("\t FAILED"), path.name


def cloned_or_grouped(found: State) -> list[Primitive]:
    """The members of groups, and the instances of clones of primitives that run or could."""
    groups = [one for one in found.resources if isinstance(one, Group)]
    clones = [one for one in found.resources if isinstance(one, Clone) and isinstance(one.instances[0], Primitive)]
    return [one for one in primitives([*groups, *clones]) if one.active or not one.orphaned]


# a tree of resources no deeper than Pacemaker's
TEXT = st.text(max_size=8)
PRIMITIVE = st.builds(
    Primitive,
    id=TEXT,
    agent=TEXT,
    role=st.sampled_from(["Started", "Stopped", "Promoted", "Unpromoted", "Starting", ""]),
    nodes=st.lists(TEXT, max_size=2).map(tuple),
)
GROUP = st.builds(Group, members=st.lists(PRIMITIVE, max_size=2).map(tuple))
st.register_type_strategy(Primitive, PRIMITIVE)
st.register_type_strategy(Group, GROUP)
st.register_type_strategy(Clone, st.builds(Clone, instances=st.lists(PRIMITIVE | GROUP, max_size=3).map(tuple)))
RESOURCES = PRIMITIVE | GROUP | st.from_type(Clone) | st.from_type(Bundle)
STATES = st.builds(State, resources=st.lists(RESOURCES, max_size=3).map(tuple))


@given(STATES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_whatever_the_state_is_it_can_be_shown(found: State) -> None:
    """In lines of their own, each node by its name; nothing in a name makes a line, or does something to a terminal."""
    text = text_of(found)
    assert text.endswith("\n")
    assert safe(text, "\n\t") == text
    headings = [line for line in text.splitlines() if line and not line.startswith("  ")]
    assert headings[-3:] == list(SECTIONS)
    assert headings[:-3] in ([], ["Needs attention:"])
    assert len(headings) == len(set(headings))
    for node in found.nodes:
        assert safe(node.name, "\t") in text
    # failures are listed below a line of their own
    shown = sum(line.startswith(("  * ", "    * ")) for line in text.splitlines())
    assert shown >= len(found.failures) + len(found.resources) - len(guests(found.nodes))


def guests(nodes: tuple[Node, ...]) -> set[str]:
    return {node.name for node in nodes if node.type == "guest"}


# ---- small clusters


def shown(path: Path) -> list[str]:
    """The lines of `status`."""
    ran = in_process("-c", str(path), "status", folder=path.parent)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


@pytest.mark.needs_pacemaker
def test_what_is_fine_takes_no_line(tmp_path: Path) -> None:
    history = ran_op("a", "start", 0) + ran_op("fence", "start", 0)
    lines = shown(cib(tmp_path, primitive("a") + device(), status=node_state("1", "east", history) + online("west")))
    assert [line for line in lines if line and "Last" not in line] == [
        "Cluster Summary:",
        "  * Stack: corosync",
        "  * Current DC: east (version unknown) - partition with quorum",
        "  * 2 nodes configured",
        "  * 2 resource instances configured",
        "Node List:",
        "  * Online: [ east west ]",
        "Full List of Resources:",
        "  * a\t(ocf:pacemaker:Dummy):\t Started east",
        "  * fence\t(stonith:fence_x):\t Started east",
    ]


NODE_CASES = {
    "OFFLINE: [ west ]": node_state("2", "west", crmd="offline").replace('expected="member"', 'expected="down"'),
    "Node west: UNCLEAN (offline)": node_state("2", "west", crmd="offline"),
    "Node west: standby": node_state("2", "west", attributes=option("standby", "on")),
    "Node west: maintenance": node_state("2", "west", attributes=option("maintenance", "true")),
    "Node west: online (health is RED)": node_state("2", "west", attributes=option("#health-disk", "red")),
}


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(("line", "west"), NODE_CASES.items())
def test_a_node_says_what_is_with_it(line: str, west: str, tmp_path: Path) -> None:
    health = option("node-health-strategy", "migrate-on-red")
    lines = shown(cib(tmp_path, status=node_state("1", "east") + west, crm_config=health))
    assert f"  * {line}" in lines


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(
    ("resource", "history", "line"),
    [
        (primitive("a"), "", "a\t(ocf:pacemaker:Dummy):\t Stopped"),
        (primitive("a", **{"target-role": "Stopped"}), "", "a\t(ocf:pacemaker:Dummy):\t Stopped (disabled)"),
        (
            primitive("a", **{"is-managed": "false"}),
            ran_op("a", "start", 0),
            "a\t(ocf:pacemaker:Dummy):\t Started east (unmanaged)",
        ),
        (
            primitive("a", maintenance="yes"),
            ran_op("a", "start", 0),
            "a\t(ocf:pacemaker:Dummy):\t Started east (maintenance)",
        ),
        (primitive("a"), ran_op("a", "monitor", 7, interval=10000), "a\t(ocf:pacemaker:Dummy):\t FAILED east"),
        ("", ran_op("a", "start", 0), "a\t(ocf:pacemaker:Dummy):\t ORPHANED Started east"),
    ],
)
def test_a_resource_says_what_is_with_it(resource: str, history: str, line: str, tmp_path: Path) -> None:
    assert f"  * {line}" in shown(cib(tmp_path, resource, status=node_state("1", "east", history) + online("west")))


@pytest.mark.needs_pacemaker
def test_a_failure_says_where_and_why(tmp_path: Path) -> None:
    history = ran_op("a", "monitor", 7, reason="it went away", interval=10000)
    path = cib(tmp_path, primitive("a"), status=node_state("1", "east", history) + online("west"))
    said = "\n".join(shown(path))
    assert (
        "Failed Resource Actions:\n    * a 10s-interval monitor on east returned 'not running' (it went away)" in said
    )
    failure = data(path)["failures"][0]
    assert failure.pop("last_change").startswith("2020-09-13")
    assert failure == {
        "op_key": "a_monitor_10000",
        "resource": "a",
        "task": "monitor",
        "interval_ms": 10000,
        "node": "east",
        "exit_status": "not running",
        "exit_code": 7,
        "reason": "it went away",
        "status": "complete",
        "call": 5,
        "exec_ms": 1500,
    }


def data(path: Path) -> dict[str, Any]:
    """The data of `status -o json`, which fits its schema."""
    ran = in_process("-c", str(path), "status", "-o", "json", folder=path.parent)
    assert (ran.code, ran.err) == (0, "")
    said = json.loads(ran.out)
    VALIDATOR.validate(said)
    found: dict[str, Any] = said["data"]
    return found


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(
    ("options", "line"),
    [
        (option("maintenance-mode", "true"), "MAINTENANCE MODE"),
        (option("stop-all-resources", "true"), "STOP ALL RESOURCES"),
        (option("stonith-enabled", "false"), "Fencing is DISABLED"),
    ],
)
def test_an_option_that_stops_the_cluster_is_said(options: str, line: str, tmp_path: Path) -> None:
    assert any(said.startswith(f"  * {line}") for said in shown(cib(tmp_path, crm_config=options)))
    assert not any(said.startswith(f"  * {line}") for said in shown(cib(tmp_path)))


@pytest.mark.needs_pacemaker
def test_no_quorum_is_said_loudly(tmp_path: Path) -> None:
    path = cib(tmp_path, crm_config=option("no-quorum-policy", "freeze"))
    path.write_text(path.read_text(encoding="utf-8").replace('have-quorum="1"', 'have-quorum="0"'), encoding="utf-8")
    lines = shown(path)
    assert "  * Current DC: east (version unknown) - partition WITHOUT quorum" in lines
    assert any(line.startswith("  * NO QUORUM: the cluster leaves what runs") for line in lines)
    assert data(path)["summary"]["has_quorum"] is False


@pytest.mark.needs_pacemaker
def test_bans_of_commands_and_tickets_that_are_not_granted(tmp_path: Path) -> None:
    ban = '<rsc_location id="{}" rsc="a" node="west" score="-INFINITY"/>'
    ticket = '<rsc_ticket id="t" rsc="a" ticket="site-a" loss-policy="stop"/>'
    constraints = ban.format("cli-ban-a-on-west") + ban.format("wanted") + ticket
    path = cib(tmp_path, primitive("a"), constraints=constraints)
    assert shown(path)[:8] == [
        "Needs attention:",
        "  * Stopped, and should run: a",
        "  * NO FENCING DEVICE is configured: unless a watchdog fences (SBD), nothing is started",
        "  * Tickets:",
        "    * site-a: revoked",
        "  * Negative Location Constraints of commands:",
        "    * cli-ban-a-on-west prevents a from running on west",
        "    `crm resource clear a` removes it",
    ]
    assert {one["id"] for one in data(path)["bans"]} == {"cli-ban-a-on-west", "wanted"}


@pytest.mark.needs_pacemaker
def test_what_is_only_demoted_is_not_disabled(tmp_path: Path) -> None:
    for role, heading, inside in (
        ("Slave", "(promotable)", "Unpromoted (target-role): [ east ]"),
        ("Stopped", "(promotable, disabled)", ""),
    ):
        clone_ = clone("c", primitive("a", "ocf:pacemaker:Stateful"), promotable="true", target_role=role)
        history = ran("a", ("start", 0, 0), agent="ocf:pacemaker:Stateful")
        lines = shown(cib(tmp_path, clone_, status=node_state("1", "east", history) + online("west")))
        assert f"  * Clone Set: c [a] {heading}:" in lines
        assert not inside or f"    * {inside}" in lines


@pytest.mark.needs_pacemaker
def test_a_node_that_joins_is_of_no_other_version(tmp_path: Path) -> None:
    east = node_state("1", "east", attributes=option("#feature-set", "3.16.2"))
    assert "MIXED-VERSION" in "".join(shown(cib(tmp_path, status=east + online("west"))))
    joining = online("west").replace('join="member"', 'join="pending"')
    path = cib(tmp_path, crm_config=option("stonith-enabled", "true"), status=east + joining)
    assert "  * Node west: pending, standby" in shown(path)
    assert "MIXED-VERSION" not in "".join(shown(path))
    assert data(path)["summary"]["mixed_version"] is False


@pytest.mark.needs_pacemaker
def test_instances_of_a_clone_share_a_line_unless_something_is_with_them(tmp_path: Path) -> None:
    clone = f'<clone id="c">{primitive("a")}</clone>'
    fine, failed = ran_op("a", "start", 0), ran_op("a", "monitor", 7, interval=10000)
    path = cib(tmp_path, clone, status=node_state("1", "east", fine) + node_state("2", "west", fine))
    assert shown(path)[-2:] == ["  * Clone Set: c [a]:", "    * Started: [ east west ]"]
    path = cib(tmp_path, clone, status=node_state("1", "east", fine) + node_state("2", "west", failed))
    assert "    * a\t(ocf:pacemaker:Dummy):\t FAILED west" in shown(path)
    assert "    * Started: [ east ]" in shown(path)
    path = cib(tmp_path, clone, status=node_state("1", "east", fine) + online("west"))
    assert shown(path)[-2:] == ["    * Started: [ east ]", "    * Stopped: [ west ]"]


# ---- bad inputs, and where it is shown


def crm(*words: str, folder: Path) -> Ran:
    return as_process(*words, folder=folder)


@pytest.mark.needs_pacemaker
def test_what_cannot_be_read(tmp_path: Path) -> None:
    for content, code in ((None, 4), (b"", 1), (b"garbage", 1), (b"<foo/>", 1)):
        path = tmp_path / "cib.xml"
        if content is not None:
            path.write_bytes(content)
        ran = crm("-c", str(path), "status", folder=tmp_path)
        assert (ran.code, ran.out) == (code, ""), content
        assert ran.err.startswith("ERROR: ")
    unknown = crm("-c", str(path), "status", "bynod", folder=tmp_path)
    assert (unknown.code, unknown.out) == (2, "")
    assert "did you mean bynode?" in unknown.err


@pytest.mark.needs_pacemaker
def test_an_empty_cib(tmp_path: Path) -> None:
    ran = crm("-c", str(ROOT / "examples" / "empty.xml"), "status", folder=tmp_path)
    assert ran.code == 0
    assert "  * Current DC: NONE\n" in ran.out
    assert ran.out.endswith("Node List:\n  * No nodes\n\nFull List of Resources:\n  * No resources\n")


@pytest.mark.needs_pacemaker
def test_a_terminal_obeys_no_name(tmp_path: Path) -> None:
    path = cib(tmp_path)
    evil = path.read_text(encoding="utf-8").replace('"west"', '"w\x9b31m&#10;est"')
    path.write_text(evil, encoding="utf-8")
    terminal = Terminal([*CRM, "-c", str(path), "-o", "core.pager=", "status"], tmp_path)
    assert terminal.end() == 0
    assert "\\x9b31m" in terminal.said
    assert "\x9b" not in terminal.said
    assert in_process("-c", str(path), "status", folder=tmp_path).out.count("\n  * Online: ") == 1


@pytest.mark.needs_pacemaker
def test_of_a_terminal_failures_are_coloured(tmp_path: Path) -> None:
    path = cib(tmp_path, primitive("a"), status=node_state("1", "east", ran_op("a", "monitor", 7)) + online("west"))
    ran = in_process("-D", "color-always", "-c", str(path), "status", folder=tmp_path)
    assert "\x1b[1mNode List:\x1b[0m" in ran.out
    path = cib(tmp_path, status=node_state("1", "east") + node_state("2", "west", crmd="offline"))
    ran = in_process("-D", "color-always", "-c", str(path), "status", folder=tmp_path)
    assert "\x1b[1;31mUNCLEAN (offline)\x1b[0m" in ran.out


def test_nothing_dear_is_imported(tmp_path: Path) -> None:
    """A check that runs each minute does not pay for what only edits need."""
    program = "import sys; from crmsh_py.main import run; from crmsh_py.output import Output\n"
    program += f"run(['-c', {str(ROOT / 'examples' / 'empty.xml')!r}, 'status'], {{}}, Output(None, None, {{}}))\n"
    program += "sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    loaded = set(done.stdout.split())
    assert "crmsh_py.cluster.state" in loaded, done.stderr
    assert not loaded & {"lxml", "lark", "json", "logging", "asyncio", "dataclasses"}
