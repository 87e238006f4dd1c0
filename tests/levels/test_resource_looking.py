"""`resource status`, `locate`, `operations`, `failcount show`, `why`, `scores`: of real CIBs and of small clusters."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from answers import data_of
from program import ROOT, in_process
from small_cluster import cib, clone, node_state, online, option, primitive, ran_op

from crmsh_py.cluster.state import State, primitives, state
from crmsh_py.cluster.state.places import instances, places
from crmsh_py.errors import CrmError

pytestmark = pytest.mark.needs_pacemaker

INFINITE_START = '<nvpair id="f" name="fail-count-web#start_0" value="INFINITY"/>'
STOPPED_GROUP = f"""<group id="g">{primitive("web")}<meta_attributes id="m">
<nvpair id="n" name="target-role" value="Stopped"/></meta_attributes></group>"""
MONITOR = '<nvpair id="f" name="fail-count-web#monitor_10000" value="3"/>'
MONITOR += '<nvpair id="l" name="last-failure-web#monitor_10000" value="1600000000"/>'


def resource(path: Path, line: str, code: int = 0) -> str:
    ran = in_process("-c", str(path), "resource", *line.split(), folder=path.parent)
    assert ran.code == code, ran
    return ran.out or ran.err


def answer(path: Path, line: str) -> Any:
    ran = in_process("-c", str(path), "-o", "json", "resource", *line.split(), folder=path.parent)
    assert ran.code == 0, ran
    return data_of(ran.out)


def read(path: Path) -> State | None:
    """None for what wants a newer Pacemaker."""
    try:
        return state({"CIB_file": str(path)})
    except CrmError:
        return None


# ---- real CIBs


def test_every_instance_is_shown_once(corpus: list[Path]) -> None:
    for path in corpus[::5]:
        found = read(path)
        if found is None:
            continue
        shown = answer(path, "status")
        assert [one["id"] for one in shown] == [one.id for one in primitives(found.resources)], path.name
        text = resource(path, "status")
        assert [line for line in text.splitlines() if "\t" in line] == [
            line for one in shown for line in text.splitlines() if line.strip().startswith(f"{one['id']}\t")
        ] or len({one["id"] for one in shown}) < len(shown), path.name


def test_where_it_runs_is_where_an_instance_of_it_is(corpus: list[Path]) -> None:
    for path in corpus[1::5]:
        found = read(path)
        if found is None:
            continue
        for one, said in zip(found.resources, answer(path, "locate"), strict=True):
            nodes = {node for inner in primitives((one,)) for node in inner.nodes}
            assert {at["node"] for at in said["nodes"]} <= nodes, path.name
            assert bool(said["nodes"]) == bool(nodes), (path.name, one.id)


def test_containers_lead_to_what_is_in_them(corpus: list[Path]) -> None:
    seen = set[int]()
    for path in corpus[2::5]:
        found = read(path)
        for one in instances(found.resources) if found else ():
            seen.add(len(one.containers))
            assert all(places([top]) for top in found.resources if top.id in one.containers) or not one.primitive.nodes
    assert seen >= {0, 1, 2}


def test_the_rest_answers_for_all_of_them(corpus: list[Path]) -> None:
    for path in corpus[3::9]:
        found = read(path)
        if found is None or not found.resources:
            continue
        name = found.resources[len(path.name) % len(found.resources)].id
        for line in ("operations", f"operations {name}", f"failcount {name} show", f"why {name}", f"status {name}"):
            answer(path, line)
        assert resource(path, f"why {name}").startswith(name)


def test_fail_counts_are_as_many_as_crm_mon_counts(corpus: list[Path]) -> None:
    counted = 0
    for path in corpus:
        if b"fail-count-" not in path.read_bytes() or (found := read(path)) is None:
            continue
        for one in found.history:
            # what failure-timeout has made void, it counts no more
            if one.orphaned or not 0 < one.fail_count < 1_000_000:
                continue
            said = answer(path, f"failcount {one.resource} show {one.node}")
            mine = [count for count in said if count["resource"] == one.resource]
            assert sum(int(count["value"]) for count in mine) == one.fail_count, (path.name, one)
            counted += one.fail_count
    assert counted > 10


# ---- small clusters


def test_a_failed_resource(tmp_path: Path) -> None:
    east = node_state("1", "east", ran_op("web", "monitor", 1, "it is broken", 10000), MONITOR)
    path = cib(
        tmp_path,
        primitive("web", **{"migration-threshold": "3"}),
        option("stonith-enabled", "false"),
        east + online("west"),
    )
    assert "FAILED" not in resource(path, "status")
    assert "fail count 3 of 3 on east" in resource(path, "status web")
    assert resource(path, "failcount web show").startswith("web on east: 3 (monitor 10s, last at 2020-09-13")
    assert resource(path, "failcount web show west") == "no fail counts\n"
    assert "monitor every 10s: error (1), " in resource(path, "operations web east")
    assert resource(path, "operations web west") == "no operations\n"
    why = resource(path, "why web east")
    assert "web has failed too often on east, and is kept away: fail count 3 of 3" in why
    assert "monitor failed on east, error: it is broken" in why
    assert [one["code"] for one in answer(path, "why web east")["reasons"]][:2] == ["fail-count", "failed-action"]


def test_a_start_that_failed_is_infinite(tmp_path: Path) -> None:
    east = node_state("1", "east", ran_op("web", "start", 1), INFINITE_START)
    path = cib(tmp_path, primitive("web"), option("stonith-enabled", "false"), east + online("west"))
    assert "fail count INFINITY on east" in resource(path, "status")
    assert answer(path, "failcount web show")[0]["value"] == "INFINITY"
    assert answer(path, "status")[0]["fail_counts"][0]["fail_count"] == 1_000_000


def test_a_fail_count_is_of_the_instance_on_its_node(tmp_path: Path) -> None:
    """Instances of a clone have one name; where none of them is on the node, it is of those that are nowhere."""
    counted = node_state("1", "east", ran_op("web", "start", 0), MONITOR)
    both = counted + node_state("2", "west", ran_op("web", "start", 0))
    path = cib(tmp_path, clone("c", primitive("web")), status=both)
    shown = {tuple(one["nodes"]): [count["node"] for count in one["fail_counts"]] for one in answer(path, "status")}
    assert shown == {("east",): ["east"], ("west",): []}
    assert resource(path, "status").count("fail count 3 on east") == 1
    away = node_state("1", "east", ran_op("web", "stop", 0), MONITOR) + node_state(
        "2", "west", ran_op("web", "start", 0)
    )
    path = cib(tmp_path, clone("c", primitive("web")), status=away)
    shown = {tuple(one["nodes"]): [count["node"] for count in one["fail_counts"]] for one in answer(path, "status")}
    assert shown == {("west",): [], (): ["east"]}
    alone = cib(tmp_path, primitive("web"), status=away)
    assert "web\t(ocf:pacemaker:Dummy):\t Started west; fail count 3 on east\n" in resource(alone, "status")


@pytest.mark.parametrize(
    ("resources", "options", "constraints", "code", "words"),
    [
        (primitive("web", **{"target-role": "Stopped"}), "", "", "target-role", "web is meant to be stopped"),
        (STOPPED_GROUP, "", "", "target-role", "g is meant to be stopped"),
        (primitive("web", **{"is-managed": "false"}), "", "", "unmanaged", "it is unmanaged"),
        (primitive("web", maintenance="true"), "", "", "maintenance", "it is in maintenance"),
        (
            primitive("web"),
            option("maintenance-mode", "true"),
            "",
            "maintenance-mode",
            "the cluster is in maintenance mode",
        ),
        (primitive("web"), option("stop-all-resources", "true"), "", "stop-all-resources", "stops everything"),
        (primitive("web"), option("symmetric-cluster", "false"), "", "opt-in", "symmetric-cluster is false"),
        (primitive("web"), option("stonith-enabled", "true"), "", "no-fencing", "no fence device is configured"),
        (
            primitive("web"),
            "",
            '<rsc_location id="l" rsc="web" node="east" score="-INFINITY"/>',
            "location",
            "web never runs on east [l]",
        ),
        (
            primitive("web"),
            "",
            '<rsc_ticket id="t" rsc="web" ticket="A" loss-policy="stop"/>',
            "ticket",
            "the ticket A is not granted here",
        ),
        (
            primitive("web") + primitive("db", **{"target-role": "Stopped"}),
            "",
            '<rsc_order id="x" first="db" then="web" kind="Mandatory"/>',
            "needs",
            "db does not run; web starts after db was started [x]",
        ),
        (
            primitive("web") + primitive("db"),
            "",
            '<rsc_colocation id="c" rsc="web" with-rsc="db" score="INFINITY"/>',
            "needs",
            "db does not run; web runs only where db runs [c]",
        ),
    ],
)
def test_why_it_does_not_run(
    tmp_path: Path, resources: str, options: str, constraints: str, code: str, words: str
) -> None:
    if "stonith-enabled" not in options:
        options += option("stonith-enabled", "false")
    path = cib(tmp_path, resources, options, constraints=constraints)
    assert code in {one["code"] for one in answer(path, "why web")["reasons"]}
    assert words in resource(path, "why web")
    without = cib(tmp_path, primitive("web"), option("stonith-enabled", "false"))
    assert code not in {one["code"] for one in answer(without, "why web")["reasons"]}


def test_a_node_that_is_away(tmp_path: Path) -> None:
    status = node_state("1", "east") + node_state("2", "west", crmd="offline")
    path = cib(tmp_path, primitive("web"), option("stonith-enabled", "false"), status)
    assert "west is offline" in resource(path, "why web west")
    assert "west" not in resource(path, "why web east")


@pytest.mark.parametrize(
    "line",
    ["status nix", "locate nix", "operations nix", "operations web nix", "failcount nix show", "failcount web show nix",
     "why nix", "why web nix", "scores nix", "constraints nix", "relations nix", "meta nix show", "trace nix"],
)  # fmt: skip
def test_what_is_not_there(tmp_path: Path, line: str) -> None:
    path = cib(tmp_path, primitive("web"))
    before = path.read_bytes()
    said = resource(path, line, code=4)
    assert "there is no " in said
    assert "nix" in said
    assert path.read_bytes() == before


@pytest.mark.parametrize("line", ["cleanup", "refresh web", "failcount web set east 3", "failcount web delete east"])
def test_what_acts_on_a_running_cluster_is_refused(tmp_path: Path, line: str) -> None:
    path = cib(tmp_path, primitive("web"))
    assert "ERROR" in resource(path, line, code=5)


def test_scores_of_what_is_in_a_container(tmp_path: Path) -> None:
    options = option("stonith-enabled", "false")
    ban = '<rsc_location id="l" rsc="g" node="west" score="-INFINITY"/>'
    path = cib(tmp_path, f'<group id="g">{primitive("web")}</group>{primitive("db")}', options, constraints=ban)
    assert {one["resource"] for one in answer(path, "scores g")} == {"g", "web"}
    assert "web: east=0 west=-INFINITY\n" in resource(path, "scores web")
    assert {one["resource"] for one in answer(path, "scores")} == {"g", "web", "db"}


@pytest.mark.parametrize("line", ["status", "locate", "operations", "failcount web show"])
def test_what_is_only_looked_at_starts_without_lxml(tmp_path: Path, line: str) -> None:
    path = cib(tmp_path, primitive("web"))
    program = (
        "import os, sys\nos._exit = sys.exit\nfrom crmsh_py.main import main\n"
        f"try: main(['-c', {str(path)!r}, 'resource', *{line.split()!r}])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "finally: sys.stderr.write('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.split())
    assert "crmsh_py.cluster.state" in loaded
    assert loaded.isdisjoint({"lxml", "lark", "json", "dataclasses", "asyncio", "logging", "crmsh_py.cib.session"})


def test_one_line_a_node_in_the_words_of_the_existing_shell(tmp_path: Path) -> None:
    status = node_state("1", "east", ran_op("web", "start", 0)) + online("west")
    path = cib(tmp_path, primitive("web") + primitive("db"), option("stonith-enabled", "false"), status)
    assert resource(path, "locate") == "resource web is running on: east\nresource db is NOT running\n"
    assert resource(path, "locate db web db") == "resource db is NOT running\nresource web is running on: east\n"
    assert json.loads(json.dumps(answer(path, "locate web"))) == [
        {"resource": "web", "nodes": [{"node": "east", "role": "Started"}]}
    ]
