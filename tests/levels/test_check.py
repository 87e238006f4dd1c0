"""`crm check` on CIB files with their status sections: what it finds, its exit codes, its three forms."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from program import ROOT, Ran, in_process
from prometheus_client.openmetrics.parser import text_string_to_metric_families as of_openmetrics
from prometheus_client.parser import text_string_to_metric_families as of_plain_text
from small_cluster import DEVICE, RUNS, WELL, clone, node_state, options, primitive, ran, well
from test_json_answers import check as fitting

from crmsh_py.cluster.check import NAMES, SEVERITIES, TOPICS

pytestmark = pytest.mark.needs_pacemaker

NUMBER = re.compile(r"\w+=\d+;?\d*;?\d*;?\d*;?\d*")
STATEFUL = "ocf:pacemaker:Stateful"
FENCE = ran("fence", RUNS, agent=DEVICE)
# three of four instances that differ from each other run, on both nodes
FOUR = {
    "more": clone("c", primitive("u"), globally_unique="true", clone_max="4", clone_node_max="2"),
    "east": node_state("1", "east", WELL + ran("u:0", RUNS) + ran("u:1", RUNS)),
    "west": node_state("2", "west", ran("u:2", RUNS)),
}
TWICE = options({"fail-count-web#monitor_10000": "2"})
VERSIONED = node_state("1", "east", WELL, options({"#feature-set": "3.16.2"}))
FAILED = node_state("1", "east", ran("web", ("monitor", 10000, 7), RUNS) + FENCE, TWICE)
BAN = '<rsc_location id="cli-ban-web-on-west" rsc="web" node="west" score="-INFINITY"/>'


def crm(path: Path, *words: str) -> Ran:
    return in_process("-c", str(path), *words, folder=path.parent)


def found(path: Path, *words: str) -> tuple[int, list[str]]:
    """The exit code, and the codes of what was found, the worst first."""
    code, out, err = crm(path, "check", *words, "-o", "json")
    assert err == ""
    data = fitting(out)[0]["data"]
    assert (data["exit_code"], NAMES[data["exit_code"]]) == (code, data["state"])
    return code, [one["code"] for one in data["findings"]]


def of_node(id_: str, name: str, **attributes: str) -> str:
    pairs = "".join(
        f'<nvpair id="{name}-{number}" name="{key}" value="{value}"/>'
        for number, (key, value) in enumerate(attributes.items())
    )
    return f'<node id="{id_}" uname="{name}"><instance_attributes id="{name}-i">{pairs}</instance_attributes></node>'


def nodes(**attributes: str) -> str:
    return '<node id="1" uname="east"/>' + of_node("2", "west", **attributes)


def stateful(role: str) -> dict[str, str]:
    """A promotable clone on both nodes, on one of them in this role."""
    started, promoted = ran("d", RUNS, agent=STATEFUL), ran("d", RUNS, ("promote", 0, 0), agent=STATEFUL)
    return {
        "more": clone("c", primitive("d", STATEFUL), promotable="true"),
        "east": node_state("1", "east", WELL + (promoted if role == "Promoted" else started)),
        "west": node_state("2", "west", started),
    }


OFFLINE = node_state("2", "west", crmd="offline", join="down")
CONDITIONS: list[tuple[dict[str, Any], int, list[str]]] = [
    ({}, 0, []),
    # quorum
    ({"dc": ""}, 2, ["no-dc"]),
    ({"quorum": "0"}, 2, ["no-quorum"]),
    # nodes
    ({"west": OFFLINE}, 2, ["offline"]),
    ({"west": ""}, 2, ["unclean"]),
    ({"nodes": nodes(standby="on")}, 1, ["standby"]),
    ({"nodes": nodes(standby="on"), "west": OFFLINE}, 2, ["offline", "standby"]),
    ({"nodes": nodes(maintenance="true")}, 1, ["maintenance"]),
    ({"west": node_state("2", "west").replace('join="member"', 'join="pending"')}, 1, ["pending"]),
    ({"east": VERSIONED, "west": node_state("2", "west").replace('join="member"', 'join="pending"')}, 1, ["pending"]),
    ({"east": VERSIONED}, 1, ["mixed-version"]),
    ({"nodes": nodes(**{"#health-disk": "yellow"}), "options": {"node-health-strategy": "custom"}}, 1, ["health"]),
    # resources
    ({"east": node_state("1", "east", FENCE)}, 2, ["stopped"]),
    (
        {"east": node_state("1", "east", FENCE), "web": primitive("web", is_managed="false")},
        2,
        ["stopped", "unmanaged"],
    ),
    ({"east": node_state("1", "east", FENCE), "web": primitive("web", target_role="Stopped")}, 0, []),
    (
        {"east": node_state("1", "east"), "options": {"stop-all-resources": "true"}},
        1,
        ["kept-stopped", "kept-stopped", "stop-all-resources"],
    ),
    ({"web": primitive("web", is_managed="false")}, 1, ["unmanaged"]),
    ({"options": {"maintenance-mode": "true"}}, 1, ["maintenance-mode", "maintenance-mode"]),
    ({"web": ""}, 1, ["orphaned"]),
    (
        {"more": clone("c", primitive("d")), "east": node_state("1", "east", WELL + ran("d", RUNS))},
        1,
        ["fewer-instances"],
    ),
    ({"more": clone("c", primitive("d"))}, 2, ["stopped"]),
    ({"more": clone("c", primitive("d"), target_role="Stopped")}, 0, []),
    (FOUR, 1, ["fewer-instances"]),
    ({**FOUR, "west": node_state("2", "west", ran("u:2", RUNS) + ran("u:3", RUNS))}, 0, []),
    (stateful("Promoted"), 0, []),
    (stateful("Unpromoted"), 2, ["not-promoted"]),
    # failures
    ({"east": FAILED}, 1, ["fail-count"]),
    ({"east": FAILED, "web": primitive("web", migration_threshold="3")}, 1, ["fail-count"]),
    ({"east": FAILED, "web": primitive("web", migration_threshold="2")}, 2, ["threshold-reached"]),
    ({"east": FAILED.replace('value="2"', 'value="INFINITY"')}, 2, ["threshold-reached"]),
    # fencing
    ({"options": {"stonith-enabled": "false"}}, 1, ["fencing-disabled"]),
    ({"fence": "", "east": node_state("1", "east", ran("web", RUNS))}, 1, ["no-fencing-device"]),
    # constraints
    ({"constraints": BAN}, 1, ["left-over-ban"]),
    ({"constraints": BAN.replace("cli-", "my-")}, 0, []),
    # tickets
    ({"tickets": '<ticket_state id="paris" granted="false"/>'}, 1, ["ticket-revoked"]),
    ({"tickets": '<ticket_state id="paris" granted="true" standby="true"/>'}, 1, ["ticket-standby"]),
    ({"tickets": '<ticket_state id="paris" granted="true"/>'}, 0, []),
]


@pytest.mark.parametrize(("changes", "exit_code", "codes"), CONDITIONS)
def test_each_condition_is_found(changes: dict[str, Any], exit_code: int, codes: list[str], tmp_path: Path) -> None:
    assert found(well(tmp_path, **changes)) == (exit_code, codes)


def test_a_clone_need_not_run_where_it_cannot(tmp_path: Path) -> None:
    """In standby, in maintenance, or where a constraint keeps it from."""
    one = {"more": clone("c", primitive("d")), "east": node_state("1", "east", WELL + ran("d", RUNS))}
    ban = '<rsc_location id="ban" rsc="c" node="west" score="-INFINITY"/>'
    assert found(well(tmp_path, **one, nodes=nodes(standby="on")), "resources") == (0, [])
    assert found(well(tmp_path, **one, nodes=nodes(maintenance="true")), "resources") == (0, [])
    assert found(well(tmp_path, **one, constraints=ban)) == (0, [])
    assert found(well(tmp_path, **one, constraints=ban.replace("-INFINITY", "-5"))) == (1, ["fewer-instances"])
    assert found(well(tmp_path, **one, options={"symmetric-cluster": "false"})) == (0, [])
    both = clone("c", f'<group id="g">{primitive("d")}{primitive("e")}</group>')
    east = node_state("1", "east", WELL + ran("d", RUNS) + ran("e", RUNS))
    of_member = ban.replace('rsc="c"', 'rsc="e"')
    assert found(well(tmp_path, more=both, east=east)) == (1, ["fewer-instances", "fewer-instances"])
    assert found(well(tmp_path, more=both, east=east, constraints=of_member)) == (0, [])


def test_the_worst_of_the_instances_on_a_node_counts(tmp_path: Path) -> None:
    counts = options({"fail-count-u:0#monitor_10000": "INFINITY", "fail-count-u:1#monitor_10000": "1"})
    east = node_state("1", "east", WELL + ran("u:0", RUNS) + ran("u:1", RUNS), counts)
    path = well(tmp_path, **{**FOUR, "east": east})
    assert found(path) == (2, ["threshold-reached", "fewer-instances"])
    assert crm(path, "check", "failures").out.startswith("CRM CRITICAL - u fail count INFINITY on east | ")


def test_remote_nodes_are_a_topic_of_their_own(tmp_path: Path) -> None:
    remote = primitive("far", "ocf:pacemaker:remote")
    unfenced = {"stonith-enabled": "false"}
    assert found(well(tmp_path, more=remote)) == (2, ["stopped", "unclean"])
    assert found(well(tmp_path, more=remote), "nodes") == (0, [])
    assert found(well(tmp_path, more=remote, options=unfenced), "remote") == (2, ["offline"])
    disabled = primitive("far", "ocf:pacemaker:remote", target_role="Stopped")
    left = '<node_state remote_node="true" id="far" uname="far" in_ccm="false" crm-debug-origin="x"/>'
    assert found(well(tmp_path, more=disabled, west=node_state("2", "west") + left)) == (0, [])


# ---- choosing


def test_topics_are_chosen(tmp_path: Path) -> None:
    bad = well(tmp_path, east=FAILED, west=OFFLINE, constraints=BAN)
    assert found(bad, "constraints") == (1, ["left-over-ban"])
    assert found(bad, "failures", "nodes") == (2, ["offline", "fail-count"])
    assert found(bad, "quorum", "config", "tickets", "remote", "fencing") == (0, [])


@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        (["--warning", "failures=1"], 1),
        (["--warning", "failures=2"], 0),
        (["--critical", "failures=2"], 1),
        (["--critical", "failures=1"], 2),
        (["--warning=failures=9", "--critical=failures=0"], 2),
        (["--warning", "nodes=0"], 1),
    ],
)
def test_more_than_the_threshold_is_bad_for_fail_counts(words: list[str], exit_code: int, tmp_path: Path) -> None:
    assert found(well(tmp_path, east=FAILED), *words)[0] == exit_code


def test_a_given_threshold_goes_before_that_of_the_resource(tmp_path: Path) -> None:
    path = well(tmp_path, east=FAILED, web=primitive("web", migration_threshold="2"))
    assert found(path)[0] == 2
    assert found(path, "--critical", "failures=5")[0] == 1
    assert found(path, "--critical", "failures=5", "--warning", "failures=2") == (0, ["threshold-reached"])


def test_more_findings_than_the_threshold_are_bad(tmp_path: Path) -> None:
    standby = well(tmp_path, nodes=of_node("1", "east", standby="on") + of_node("2", "west", standby="on"))
    assert found(standby, "nodes") == (1, ["standby", "standby"])
    assert found(standby, "nodes", "--warning", "nodes=2")[0] == 0
    assert found(standby, "nodes", "--critical", "nodes=1")[0] == 2
    assert found(standby, "nodes", "--critical", "nodes=2")[0] == 1
    offline = well(tmp_path, west=OFFLINE)
    assert found(offline, "nodes", "--warning", "nodes=1")[0] == 2
    assert found(offline, "nodes", "--critical", "nodes=1")[0] == 1
    assert found(offline, "nodes", "--critical", "nodes=1", "--warning", "nodes=1")[0] == 0
    tickets = well(tmp_path, tickets='<ticket_state id="paris" granted="false"/>')
    assert found(tickets, "--critical", "tickets=0") == (2, ["ticket-revoked"])


def test_nodes_and_resources_are_chosen(tmp_path: Path) -> None:
    group = f'<group id="g">{primitive("a")}{primitive("b")}</group>'
    path = well(tmp_path, east=FAILED, west=OFFLINE, more=group)
    assert found(path) == (2, ["offline", "stopped", "stopped", "fail-count"])
    assert found(path, "--node", "west") == (2, ["offline"])
    assert found(path, "--node", "east") == (1, ["fail-count"])
    assert found(path, "--resource", "web") == (1, ["fail-count"])
    assert found(path, "--resource", "g") == (2, ["stopped", "stopped"])
    assert found(path, "--resource", "a") == (2, ["stopped"])
    assert found(path, "--resource", "fence") == (0, [])
    assert found(path, "--resource", "web", "--node", "west") == (2, ["offline"])
    # what concerns all of the cluster concerns each part of it
    assert found(well(tmp_path, dc=""), "--resource", "web", "--node", "west") == (2, ["no-dc"])


def test_what_is_ignored_does_not_count(tmp_path: Path) -> None:
    path = well(tmp_path, east=FAILED, west=OFFLINE, web=primitive("web", is_managed="false"))
    assert found(path) == (2, ["offline", "unmanaged", "fail-count"])
    assert found(path, "--ignore", "west") == (1, ["unmanaged", "fail-count"])
    assert found(path, "--ignore", "offline", "--ignore=web") == (0, [])
    assert found(path, "--ignore", "unmanaged", "--ignore", "fail-count") == (2, ["offline"])
    assert found(path, "--offline-is-warning") == (1, ["offline", "unmanaged", "fail-count"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--node", "wets"], "there is no node wets\ndid you mean west?"),
        (["--resource", "wep"], "there is no resource wep\ndid you mean web?"),
        (["--ignore", "stanby"], "there is no node, resource or code stanby\ndid you mean standby or"),
        (["nodez"], "nodez is not a topic of the check\ndid you mean nodes?"),
        (["--warning", "5"], "5 is not TOPIC=N\n"),
        (["--critical", "nodez=5"], "nodez is not a topic of the check\n"),
        (["--warning", "nodes=-1"], "nodes=-1 is not TOPIC=N\n"),
        (["--timeout", "0"], "0 is not"),
        (["--timeout"], "expected"),
        (["--nosuch"], "unknown option --nosuch\n"),
        (["-o", "yaml"], "no such output format: yaml\n"),
    ],
)
def test_a_wrong_line_is_unknown(words: list[str], said: str, tmp_path: Path) -> None:
    code, out, err = crm(well(tmp_path), "check", *words)
    assert (code, err) == (3, "")
    assert out.startswith(f"CRM UNKNOWN - {said}")
    assert "|" not in out


def test_options_of_the_program_that_are_wrong_are_unknown_too(tmp_path: Path) -> None:
    for words in (["--nosuch", "check"], ["-o", "yaml", "check"], ["check nosuch"], ["-D", "pink", "check"]):
        code, out, err = in_process(*words, folder=tmp_path)
        assert (code, err, out[:14]) == (3, "", "CRM UNKNOWN - "), words
    assert in_process("-o", "yaml", "ls", folder=tmp_path).code == 2


# ---- the three forms


def test_the_first_line_is_for_the_overview(tmp_path: Path) -> None:
    long = primitive("a-resource-with-a-name-that-is-as-long-as-one-may-think-of-in-a-summer-of-rain")
    code, out, _ = crm(well(tmp_path, east=FAILED, more=long, constraints=BAN), "check", "--critical", "failures=4")
    first, *details = out.splitlines()
    text, bar, numbers = first.partition("| ")
    assert code == 2
    assert bar
    assert text.startswith("CRM CRITICAL - 1 critical, 2 warnings: a-resource-with")
    assert text.endswith("... ")
    assert len(text) <= 80
    assert all(NUMBER.fullmatch(number) for number in numbers.split())
    assert "nodes_online=2;;;0;2" in numbers.split()
    assert "failcount=2;0;4;0" in numbers.split()
    assert "quorum=1;;;0;1" in numbers.split()
    assert [line.split()[0] for line in details] == ["CRITICAL", "WARNING", "WARNING"]
    assert details[1:] == [
        "WARNING web fail count 2 on east; monitor not running (failures: fail-count)",
        "WARNING cli-ban-web-on-west keeps web from running on west (constraints: left-over-ban)",
    ]


def test_numbers_are_of_what_is_looked_at(tmp_path: Path) -> None:
    path = well(tmp_path, east=FAILED.replace('value="2"', 'value="INFINITY"'), west=OFFLINE)
    out = crm(path, "check", "--node", "west", "--warning", "nodes=3").out
    assert "nodes_online=0;;;0;1" in out
    assert "failcount=0;0;;0" in out
    assert "findings_nodes=1;3;;0" in out
    assert "failcount=1000000;0;;0" in crm(path, "check", "--resource", "web").out


def test_what_an_agent_says_breaks_nothing(tmp_path: Path) -> None:
    said = "no | here; `id` $(id) ~&#10;CRM OK - 2 nodes"
    path = well(tmp_path, east=node_state("1", "east", ran("web", ("monitor", 10000, 7), reason=said) + FENCE, TWICE))
    _, out, _ = crm(path, "check", "failures")
    first, detail = out.splitlines()
    assert first.count("|") == 1
    assert not set("|`$\"<>'&~") & set(detail)
    assert "no / here; id (id) \\nCRM OK" in detail


def metrics(path: Path, *words: str) -> tuple[int, dict[str, dict[tuple[str, ...], float]]]:
    """The exit code and what Prometheus's own parsers read, both the same, by names and values of labels."""
    code, out, err = crm(path, "check", *words, "-o", "openmetrics")
    assert err == ""
    read, plain = list(of_openmetrics(out)), list(of_plain_text(out))
    assert [family.samples for family in read] == [family.samples for family in plain]
    assert all(family.type == "gauge" and family.documentation for family in read)
    name = "ha_cluster_pacemaker_"
    return code, {
        family.name.removeprefix(name): {tuple(one.labels.values()): one.value for one in family.samples}
        for family in read
    }


def test_metrics_are_read_by_prometheus(tmp_path: Path) -> None:
    path = well(tmp_path, east=FAILED, west=OFFLINE, constraints=BAN, more=clone("c", primitive("d")))
    code, said = metrics(path)
    assert code == 2
    assert (said["up"], said["check_state"], said["quorate"]) == ({(): 1}, {(): 2}, {(): 1})
    assert said["nodes"][("east", "member", "online")] == 1
    assert ("west", "member", "online") not in said["nodes"]
    assert said["fail_count"][("east", "web")] == 2
    assert said["location_constraints"] == {("cli-ban-web-on-west", "west", "web"): -1000000}
    assert said["check_topic_state"][("nodes",)] == 2
    assert said["check_findings"][("failures", "warning")] == 1
    stopped = [key for key, value in said["resources"].items() if key[1] == "d" and value == 2]
    assert stopped == [("", "d", "stopped", "true", "stopped", "ocf:pacemaker:Dummy", "", "c", "")]


def test_labels_hold_any_character(tmp_path: Path) -> None:
    name = 'a\\n"b" \\ {x="1"} ä'
    escaped = name.replace("&", "&amp;").replace('"', "&quot;")
    path = well(tmp_path, tickets=f'<ticket_state id="{escaped}" granted="true"/>')
    assert metrics(path)[1]["ticket_granted"] == {(name, "false"): 1}


def test_metrics_are_there_when_nothing_is_known(tmp_path: Path) -> None:
    assert metrics(tmp_path / "missing.xml") == (3, {"up": {(): 0}, "check_state": {(): 3}})


def test_other_commands_have_no_metrics(tmp_path: Path) -> None:
    code, out, err = crm(well(tmp_path), "configure", "show", "-o", "openmetrics")
    assert (code, out) == (2, "")
    assert err.startswith("ERROR: configure.show has no output format openmetrics")


# ---- where nothing is known


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"<cib/>"])
def test_what_cannot_be_read_is_unknown(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "cib.xml"
    if content is not None:
        path.write_bytes(content)
    code, out, err = crm(path, "check")
    assert (code, err) == (3, "")
    assert out.startswith("CRM UNKNOWN - ")
    assert "|" not in out
    code, out, _ = crm(path, "check", "--unknown-is-critical")
    assert (code, out[:24]) == (2, "CRM CRITICAL - unknown: ")
    code, out, _ = crm(path, "check", "-o", "json")
    data = fitting(out)[0]["data"]
    assert (code, data["state"], data["topics"], data["counts"]) == (3, "UNKNOWN", {}, [])


def test_a_configuration_alone_has_no_state(tmp_path: Path) -> None:
    path = well(tmp_path, east="", west="", dc="")
    code, out, _ = crm(path, "check")
    assert code == 3
    assert f"{path} holds no state of a running cluster\n" in out
    assert found(path, "config", "fencing", "constraints", "tickets") == (0, [])


# ---- start-up

# each is dear, and the state of a cluster is read without them
DEAR = {
    "asyncio",
    "dataclasses",
    "difflib",
    "inspect",
    "json",
    "lark",
    "logging",
    "lxml",
    "lxml.etree",
    "socket",
    "ssl",
}


def test_the_check_starts_light(tmp_path: Path) -> None:
    program = (
        "import os, sys\nos._exit = sys.exit\nfrom crmsh_py.main import main\n"
        f"try: main(['-c', {str(well(tmp_path))!r}, 'check'])\n"
        "except SystemExit as end: assert not end.code\n"
        "finally: sys.stderr.write('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    loaded = set(done.stderr.split())
    assert done.returncode == 0
    assert "crmsh_py.cluster.check.verdict" in loaded
    assert sorted(loaded & DEAR) == []
    assert not [name for name in loaded if name.startswith(("crmsh_py.cluster.remote", "crmsh_py.cib.document"))]


# ---- the declaration


def test_the_page_names_each_topic_and_each_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "monitoring.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (OK|WARNING|CRITICAL) \|", page, re.MULTILINE))
    assert rows == {code: NAMES[state] for code, state in SEVERITIES.items()}
    assert set(re.findall(r"^\| `([a-z]+)` \| (?!WARNING|CRITICAL)", page, re.MULTILINE)) >= set(TOPICS)


def test_each_code_is_found_somewhere() -> None:
    """What can be ignored is what can be found."""
    said = set()
    for path in (Path(__file__).parents[2] / "crmsh_py" / "cluster" / "check").glob("*.py"):
        if path.stem != "findings":
            said |= set(re.findall(r'"([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert sorted(set(SEVERITIES) - said) == []


def test_candidates(tmp_path: Path) -> None:
    from crmsh_py.command.context import Context, Options
    from crmsh_py.command.slots import SLOTS

    cx = Context(Options(cib=str(well(tmp_path))), {}, lambda _: None)

    def offered(kind: str) -> list[str]:
        return [one.text for one in SLOTS[kind].candidates(cx, "")]

    assert offered("check_topic") == list(TOPICS)
    assert "failures=1" in offered("threshold")
    assert {"east", "web", "standby"} <= set(offered("ignorable"))
