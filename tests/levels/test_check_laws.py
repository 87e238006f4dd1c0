"""What holds for `crm check` whatever the state of the cluster is: on all real CIBs, and on states nobody has seen."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import in_process
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from crmsh_py.cluster.check import (
    CRITICAL,
    NAMES,
    OK,
    SEVERITIES,
    TOPICS,
    WARNING,
    Scope,
    Thresholds,
    examine,
    openmetrics,
    plugin,
)
from crmsh_py.cluster.check.counts import counts
from crmsh_py.cluster.state import (
    Ban,
    Bundle,
    Clone,
    Failure,
    FenceEvent,
    Group,
    History,
    Node,
    Options,
    Primitive,
    Replica,
    State,
    Summary,
    Ticket,
)

# ---- real CIBs: what is wrong is found a second time, in the XML itself

TRUE = "true"
NO_THRESHOLD = 1_000_000


def asked(path: Path) -> ET.Element | None:
    """What crm_mon tells of a CIB file; None where it tells nothing."""
    environ = {**os.environ, "CIB_file": str(path), "LC_ALL": "C"}
    argv = ["crm_mon", "--output-as=xml", "-1"]
    answer = subprocess.run(argv, env=environ, capture_output=True, timeout=60).stdout
    try:
        root = ET.fromstring(answer)
    except ET.ParseError:
        return None
    return root if root.find("summary") is not None else None


def number(said: str | None) -> int:
    return NO_THRESHOLD if said in ("INFINITY", "+INFINITY") else int(said or 0)


def critical(root: ET.Element) -> Iterator[str]:
    """What nobody may sleep through."""
    dc = root.find("summary/current_dc")
    if dc is None or dc.get("present") != TRUE or dc.get("with_quorum") != TRUE:
        yield "no DC or no quorum"
    for node in root.iterfind("nodes/node[@type='member']"):
        if node.get("unclean") == TRUE or TRUE not in (node.get("online"), node.get("pending")):
            yield f"node {node.get('name')} offline or unclean"
    for one in root.iterfind("node_history/node/resource_history"):
        if number(one.get("fail-count")) >= (number(one.get("migration-threshold")) or NO_THRESHOLD):
            yield f"{one.get('id')} at its threshold"
    yield from _dead_resources(root)


def _dead_resources(root: ET.Element) -> Iterator[str]:
    for one in root.iterfind("resources//resource"):
        if one.get("blocked") == TRUE or (one.get("failed") == TRUE and one.get("failure_ignored") != TRUE):
            yield f"{one.get('id')} blocked or failed"
    for one in [*root.iterfind("resources/resource"), *root.iterfind("resources/group/resource")]:
        is_wanted = (one.get("target_role") or "Started").lower() != "stopped" and one.get("orphaned") != TRUE
        if is_wanted and one.get("role") == "Stopped" and one.get("active") != TRUE:
            yield f"{one.get('id')} stopped"


def warning(root: ET.Element) -> Iterator[str]:
    """What somebody should look at in the morning."""
    if root.find("summary/cluster_options[@stonith-enabled='true'][@maintenance-mode='false']") is None:
        yield "no fencing, or maintenance mode"
    if not any(one.get("resource_agent", "").startswith("stonith:") for one in root.iterfind("resources//resource")):
        yield "no fencing device"
    for one in root.iterfind("node_history/node/resource_history"):
        if number(one.get("fail-count")):
            yield f"{one.get('id')} has failed"
    for tag in ("failures/failure", "fence_history/fence_event[@status='failed']", "tickets/ticket[@status='revoked']"):
        yield from (ET.tostring(one, "unicode") for one in root.iterfind(tag))
    yield from (str(ban.get("id")) for ban in root.iterfind("bans/ban") if ban.get("id", "").startswith("cli-"))
    yield from _odd_nodes(root)
    yield from _odd_resources(root)
    for one in root.iterfind("resources/clone[@unique='true']//resource[@role='Stopped']"):
        if TRUE not in (one.get("orphaned"), one.get("active")) and (one.get("target_role") or "").lower() != "stopped":
            yield f"{one.get('id')} stopped"


def _odd_nodes(root: ET.Element) -> Iterator[str]:
    for node in root.iterfind("nodes/node"):
        if TRUE in (node.get("standby"), node.get("standby_onfail"), node.get("maintenance"), node.get("pending")):
            yield f"node {node.get('name')} in standby, in maintenance or pending"
        if node.get("type") == "remote" and TRUE not in (node.get("online"), node.get("standby")):
            container = node.get("id_as_resource") or node.get("name")
            if not [one for one in root.iterfind("resources//resource") if _is_meant(one, container)]:
                yield f"remote node {node.get('name')} offline"


def _odd_resources(root: ET.Element) -> Iterator[str]:
    for one in root.iterfind("resources//resource"):
        if one.get("managed") != TRUE or TRUE in (one.get("failure_ignored"), one.get("failed")):
            yield f"{one.get('id')} unmanaged or failed"
        if one.get("orphaned") == TRUE and one.get("active") == TRUE:
            yield f"{one.get('id')} orphaned"


def _is_meant(one: ET.Element, id_: str | None) -> bool:
    return one.get("id") == id_ and (one.get("target_role") or "").lower() == "stopped"


@pytest.mark.needs_pacemaker
def test_no_failure_beside_ok_on_real_cibs(corpus: list[Path]) -> None:
    """No traceback (`in_process` looks for them), no OK beside a failure, and the states in their order."""
    ended = dict.fromkeys(range(4), 0)
    for path in corpus:
        root = asked(path)
        code, out, err = in_process("-c", str(path), "check", folder=path.parent)
        ended[code] += 1
        assert err == "", path.name
        assert out.startswith(f"CRM {NAMES[code]} - "), path.name
        if root is None:
            assert code == 3, path.name
            continue
        bad, worth_a_look = list(critical(root)), list(warning(root))
        if code == 3:
            assert "holds no state of a running cluster" in out, path.name
            assert not root.findall("nodes/node[@online='true']"), path.name
        elif bad:
            assert code == CRITICAL, (path.name, bad)
        elif worth_a_look:
            assert code in (WARNING, CRITICAL), (path.name, worth_a_look)
        if code == OK:
            assert root.findall("summary/current_dc[@present='true'][@with_quorum='true']"), path.name
    assert ended[CRITICAL] > 100
    assert ended[WARNING] > 20


@pytest.mark.needs_pacemaker
def test_real_cibs_in_all_forms(corpus: list[Path]) -> None:
    for path in corpus[::9]:
        codes = set()
        for format_ in ("text", "json", "openmetrics"):
            code, out, _ = in_process("-c", str(path), "check", "-o", format_, folder=path.parent)
            codes.add(code)
            if format_ == "json":
                assert json.loads(out)["data"]["exit_code"] == code, path.name
            if format_ == "openmetrics":
                read = {family.name: family.samples for family in text_string_to_metric_families(out)}
                assert read["ha_cluster_pacemaker_check_state"][0].value == code, path.name
        assert len(codes) == 1, path.name


# ---- states that nobody has seen

NAME = st.sampled_from(["a", "b", "c", "a:1", 'ä"|\n', "", "x" * 90, "\\", "漢字" * 30])
NAMES_ = st.lists(NAME, max_size=2).map(tuple)
SMALL = st.integers(0, 3)
ROLES = st.sampled_from(["Started", "Stopped", "Promoted", "Unpromoted", "Starting", "Promoting", ""])
TARGETS = st.sampled_from([None, "Started", "Stopped", "Unpromoted", "Promoted"])
COUNT = st.sampled_from([0, 1, 3, 1_000_000])


def some(strategy: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most).map(tuple)


PRIMITIVE = st.builds(
    Primitive, id=NAME, agent=st.sampled_from(["ocf:x:y", "stonith:z"]), role=ROLES, target_role=TARGETS, nodes=NAMES_
)
GROUP = st.builds(Group, id=NAME, members=some(PRIMITIVE))
CLONE = st.builds(Clone, id=NAME, target_role=TARGETS, instances=some(PRIMITIVE | GROUP))
BUNDLE = st.builds(Bundle, id=NAME, replicas=some(st.builds(Replica, number=SMALL, resources=some(PRIMITIVE))))
NODE = st.builds(
    Node,
    name=NAME,
    type=st.sampled_from(["member", "remote", "guest", "ping"]),
    container=st.none() | NAME,
    health=st.sampled_from(["green", "yellow", "red", ""]),
    resources_running=SMALL,
)
SUMMARY = st.builds(
    Summary,
    dc=st.none() | NAME,
    pacemakerd=st.sampled_from([None, "running", "shutting_down"]),
    options=st.builds(Options, no_quorum_policy=st.sampled_from(["stop", "ignore"])),
)
STATES = st.builds(
    State,
    summary=SUMMARY,
    nodes=some(NODE),
    resources=some(PRIMITIVE | GROUP | CLONE | BUNDLE),
    failures=some(st.builds(Failure, resource=NAME, node=NAME, reason=NAME)),
    fencing=some(st.builds(FenceEvent, target=NAME, status=st.sampled_from(["failed", "pending", "success"]))),
    bans=some(st.builds(Ban, id=st.sampled_from(["cli-ban-x", "y"]), resource=NAME, node=NAME)),
    tickets=some(st.builds(Ticket, id=NAME, status=st.sampled_from(["granted", "revoked"]))),
    history=some(
        st.builds(
            History, node=NAME, resource=NAME, fail_count=COUNT, migration_threshold=COUNT, operations=st.just(())
        )
    ),
)
LIMITS = st.dictionaries(st.sampled_from(list(TOPICS)), SMALL, max_size=3)
THRESHOLDS = st.builds(Thresholds, LIMITS, LIMITS)
WORDS = st.lists(NAME | st.sampled_from(list(SEVERITIES)), max_size=3)
NONE = Thresholds({}, {})

many = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@given(STATES, THRESHOLDS, WORDS)
@many
def test_the_text_keeps_to_its_form(state: State, thresholds: Thresholds, ignored: list[str]) -> None:
    scope = Scope(state, ignored=ignored)
    verdict = examine(state, TOPICS, scope, thresholds)
    text = plugin.text(verdict, counts(state, scope, verdict, thresholds))
    first, *details = text.splitlines()
    said, bar, numbers = first.partition("|")
    assert bar == "|"
    assert sum(1 if char.isascii() else 2 for char in said) <= 80
    assert said.startswith(f"CRM {NAMES[verdict.state]} - ")
    assert all(re.fullmatch(r"[a-z_]+=\d+(;\d*){0,4}", one) for one in numbers.split())
    assert len({one.partition("=")[0] for one in numbers.split()}) == len(numbers.split())
    assert len(details) == len(verdict.findings)
    assert all(line.isprintable() and "|" not in line for line in details)


@given(STATES)
@many
def test_the_worst_wins(state: State) -> None:
    verdict = examine(state, TOPICS, Scope(state), NONE)
    severities = [SEVERITIES[one.code] for one in verdict.findings]
    assert verdict.state == max(severities, default=OK)
    assert severities == sorted(severities, reverse=True)
    assert set(verdict.topics) == set(TOPICS)


COUNTED = st.builds(
    History,
    node=st.sampled_from(["n", "m"]),
    resource=st.sampled_from(["u:0", "u:1", "v"]),
    fail_count=COUNT,
    migration_threshold=COUNT,
    operations=st.just(()),
)


@given(STATES, st.lists(COUNTED))
@many
def test_the_highest_fail_count_is_found(state: State, history: list[History]) -> None:
    """Also where instances of a clone are on one node, which have their counts each."""
    state = state._replace(history=tuple(history), failures=())
    found = examine(state, ["failures"], Scope(state), NONE).findings
    assert max((one.times or 0 for one in found), default=0) == max((one.fail_count for one in history), default=0)


@given(STATES, st.lists(st.sampled_from(list(TOPICS)), unique=True), THRESHOLDS)
@many
def test_topics_are_independent(state: State, topics: list[str], thresholds: Thresholds) -> None:
    scope = Scope(state)
    whole, part = examine(state, TOPICS, scope, thresholds), examine(state, topics, scope, thresholds)
    assert part.topics == {topic: whole.topics[topic] for topic in topics}


@given(STATES, WORDS, NAMES_, NAMES_)
@many
def test_who_looks_at_less_finds_less(
    state: State, ignored: list[str], nodes: tuple[str, ...], resources: tuple[str, ...]
) -> None:
    whole = examine(state, TOPICS, Scope(state), NONE)
    part = examine(state, TOPICS, Scope(state, nodes, resources, ignored), NONE)
    assert set(part.findings) <= set(whole.findings)
    assert not {one.code for one in part.findings} & set(ignored)
    assert part.state <= whole.state


@given(STATES, st.sampled_from(list(TOPICS)), SMALL, st.sampled_from(["warning", "critical"]))
@many
def test_a_higher_threshold_is_never_worse(state: State, topic: str, number: int, which: str) -> None:
    found = [
        examine(state, TOPICS, Scope(state), NONE._replace(**{which: {topic: limit}})).topics[topic]
        for limit in (number, number + 1)
    ]
    assert found[1] <= found[0]


@given(STATES, THRESHOLDS)
@many
def test_prometheus_reads_any_state(state: State, thresholds: Thresholds) -> None:
    verdict = examine(state, TOPICS, Scope(state), thresholds)
    read = {family.name: family for family in text_string_to_metric_families(openmetrics.text(verdict, state))}
    name = "ha_cluster_pacemaker_"
    assert read[f"{name}check_state"].samples[0].value == verdict.state
    for family in read.values():
        labels = [tuple(sorted(one.labels.items())) for one in family.samples]
        assert len(labels) == len(set(labels))
    nodes = {one.labels["node"] for one in read[f"{name}nodes"].samples} if f"{name}nodes" in read else set()
    assert nodes <= {node.name for node in state.nodes}
