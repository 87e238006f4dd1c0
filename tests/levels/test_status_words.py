"""The words of `crm status`: against crm_mon's own text on real CIBs, and on made-up clusters small and large."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from program import in_process
from small_cluster import cib, clone, device, node_state, online, option, primitive, ran_op

from crmsh_py.cluster.state import Ban, Move, State, left_over, state
from crmsh_py.cluster.state.masking import mask, masked_html
from crmsh_py.cluster.state.reading import read
from crmsh_py.command.slots import STATUS_WORDS
from crmsh_py.errors import CrmError
from crmsh_py.levels.root.status.attention import items
from crmsh_py.levels.root.status.text import fragments
from crmsh_py.masks import MASK

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = [word for word in STATUS_WORDS if word not in ("xml", "html")]


def text_of(found: State, *words: str, left: tuple[Move, ...] = ()) -> str:
    return "".join(text for _, text in fragments(found, words, left))


def readable(corpus: list[Path], step: int) -> Iterator[tuple[Path, State]]:
    for path in corpus[::step]:
        try:
            yield path, state({"CIB_file": str(path), "CIB_shadow": None})
        except CrmError:
            continue  # it wants a newer Pacemaker


def section(text: str, heading: str) -> list[str]:
    """The lines of a section, those that were broken joined again."""
    _, _, rest = f"\n{text}".partition(f"\n{heading}:\n")
    rest = "" if rest.startswith("\n") else rest
    lines: list[str] = []
    for line in rest.partition("\n\n")[0].splitlines():
        if line.strip().startswith("*"):
            lines.append(line)
        elif lines:
            lines[-1] += f" {line.strip()}"
    return lines


# ---- real CIBs


@pytest.mark.needs_pacemaker
def test_every_word_on_every_cib(corpus: list[Path]) -> None:
    """None fails, and OK is not said beside a failure."""
    seen = 0
    for path, found in readable(corpus, 1):
        for words in [(), *((word,) for word in SHOWN), ("bynode", "brief", "detail"), ("full", "detail")]:
            assert text_of(found, *words).endswith("\n"), (path.name, words)
        is_wrong = found.failures or any(node.unclean for node in found.nodes) or found.summary.has_quorum is False
        assert not ("CLUSTER OK" in text_of(found, "simple") and is_wrong), path.name
        seen += 1
    assert seen > 200


LAWS = {
    "ops": ("-o", "Operations"),
    "timing": ("-ot", "Operations"),
    "failcounts": ("-f", "Migration Summary"),
    "tickets": ("-c", "Tickets"),
    "brief": ("-rb", "Full List of Resources"),
}


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("word", LAWS)
def test_what_crm_mon_says_is_said(word: str, corpus: list[Path]) -> None:
    """In the same words, line by line; but for the results of operations, which crm_mon tells with their times only."""
    options, heading = LAWS[word]
    seen = 0
    for path, found in readable(corpus, 4):
        environ = {**os.environ, "CIB_file": str(path), "LC_ALL": "C"}
        done = subprocess.run(["crm_mon", "-1", options], env=environ, capture_output=True, text=True, timeout=60)
        ours = section(text_of(found, word), heading)
        for line in section(done.stdout, heading):
            if "exec-time" in line and "last-rc-change" not in line:
                continue  # since when, nobody knows
            if "Container bundle" in line or "Stopped" in line or "ocf:pacemaker:remote" in line:
                continue  # said otherwise: what is in a bundle, how many instances have a place, guest nodes
            with_result = (f"{line}: rc=", f"{line} rc=")
            assert line in ours or any(one.startswith(with_result) for one in ours), path.name
            seen += 1
    assert seen > (0 if word == "failcounts" else 3)


# ---- what each word does


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """a runs on east and has failed once, b is disabled, west is in standby; a was moved, and a ticket is granted."""
    failed = ran_op("a", "monitor", 7, interval=10000)
    west = node_state("2", "west", attributes=option("standby", "on"))
    constraints = '<rsc_location id="cli-prefer-a" rsc="a" node="east" score="INFINITY" role="Started"/>'
    constraints += '<rsc_location id="wanted" rsc="a" node="west" score="-INFINITY"/>'
    count = option("fail-count-a#monitor_10000", "1") + option("my-passwd", "hunter2")
    status = node_state("1", "east", failed, attributes=count) + west
    resources = primitive("a", **{"migration-threshold": "3"}) + primitive("b", **{"target-role": "Stopped"}) + device()
    return cib(tmp_path, resources, status=status, constraints=constraints)


def shown(path: Path, *words: str) -> str:
    ran = in_process("-c", str(path), "status", *words, folder=path.parent)
    assert (ran.code, ran.err) == (0, ""), ran
    return ran.out


def data_of(path: Path) -> Any:
    return json.loads(in_process("-c", str(path), "-o", "json", "status", folder=path.parent).out)["data"]


@pytest.mark.needs_pacemaker
def test_what_is_wrong_comes_first(example: Path) -> None:
    first, _, rest = shown(example).partition("\n\n")
    lines = first.splitlines()
    assert lines[0] == "Needs attention:"
    for line in (
        "  * FAILED: a (east)",
        "  * Stopped, and should run: fence",
        "  * Node west: standby",
        "    * a on east: fail count 1 of 3 (migration-threshold)",
        "    * cli-prefer-a keeps a on east",
    ):
        assert line in lines
    assert rest.startswith("Cluster Summary:\n")


@pytest.mark.needs_pacemaker
def test_words_that_show_more(example: Path) -> None:
    plain = shown(example)
    bynode = shown(example, "bynode")
    assert "  * Node east: online:\n    * Resources:\n      * a\t(ocf:pacemaker:Dummy):\t FAILED\n" in bynode
    assert "Full List" not in bynode
    assert "Inactive Resources:\n  * b\t(ocf:pacemaker:Dummy):\t Stopped (disabled)" in shown(
        example, "bynode", "inactive"
    )
    for word, line in {
        "ops": '      * (5) monitor: interval="10000ms" rc=7 (not running)',
        "failcounts": "    * a: migration-threshold=3 fail-count=1",
        "tickets": "  * No tickets",
        "verbose": f"    * my-passwd\t: {MASK}",
        "detail": "  * Node east (1): online",
    }.items():
        assert line in shown(example, word), word
        assert line not in plain
    assert 'exec-time="1500ms"' in shown(example, "timing")
    assert "wanted prevents a from running on west" in shown(example, "verbose")
    full = shown(example, "full")
    for heading in ("Inactive Resources", "Operations", "Node Attributes", "Fencing History", "Tickets"):
        assert f"\n{heading}:\n" in full
    assert "hunter2" not in full + shown(example, "xml") + shown(example, "html")


@pytest.mark.needs_pacemaker
def test_words_that_show_less(example: Path) -> None:
    assert "Last updated" in shown(example)
    assert "Last updated" not in shown(example, "quiet")
    headless = shown(example, "noheaders")
    assert headless.startswith("Needs attention:")
    assert "Cluster Summary" not in headless
    assert "  * 1/2\t(ocf:pacemaker:Dummy):\tActive east\n" in shown(example, "brief")
    simple = shown(example, "simple")
    assert simple.startswith("CLUSTER WARN: FAILED: a (east); ")
    assert simple.count("\n") == 1


@pytest.mark.needs_pacemaker
def test_json_is_complete_with_any_word(example: Path) -> None:
    said = [
        json.loads(in_process("-c", str(example), "-o", "json", "status", *words, folder=example.parent).out)["data"]
        for words in ((), ("simple",), ("xml",), ("html",), ("full",))
    ]
    for one in said:
        one["summary"]["last_update"] = ""
    assert all(one == said[0] for one in said)
    assert [one["id"] for one in said[0]["moves"]] == ["cli-prefer-a"]


@pytest.mark.needs_pacemaker
def test_the_answers_of_crm_mon_itself(example: Path) -> None:
    root = ET.fromstring(shown(example, "xml"))
    assert root.tag == "pacemaker-result"
    assert {el.get("value") for el in root.iter("attribute") if el.get("name") == "my-passwd"} == {MASK}
    page = shown(example, "html", "bynode")
    assert page.startswith("<!DOCTYPE html>")
    for words in (("xml", "html"), ("xml", "--watch"), ("5",), ("full", "5")):
        assert in_process("-c", str(example), "status", *words, folder=example.parent).code == 2, words
    missing = in_process("-c", "missing.xml", "status", "html", folder=example.parent)
    assert (missing.code, missing.out) == (4, "")


def test_a_page_keeps_its_elements() -> None:
    page = "<p>login passwd=hunter2</p><a href='x?y=1'>http://u:pw@h/</a>"
    assert masked_html(page) == "<p>login passwd=*******</p><a href='x?y=1'>http://u:**@h/</a>"
    root = ET.fromstring('<r><failure exitreason="passwd=x"/><attribute name="a" value="b"/></r>')
    assert mask(root)
    assert root[0].get("exitreason") == "passwd=*"
    assert not mask(root)


# ---- what is stopped and should not be, and what is left alone


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(
    ("meta", "history", "is_said"),
    [
        ({}, "", True),
        ({"target-role": "Stopped"}, "", False),
        ({"target-role": "Started"}, "", True),
        ({"is-managed": "false"}, "", False),
        ({}, "start", False),
    ],
)
def test_a_resource_that_should_run(meta: dict[str, str], history: str, is_said: bool, tmp_path: Path) -> None:
    lrm = ran_op("a", history, 0) if history else ""
    path = cib(tmp_path, primitive("a", **meta), status=node_state("1", "east", lrm) + online("west"))
    assert ("* Stopped, and should run: a\n" in shown(path)) == is_said


@pytest.mark.needs_pacemaker
def test_a_clone_should_run_where_it_may(tmp_path: Path) -> None:
    """Not on a node in standby, nor where it is banned, nor where the cluster is opt-in."""
    clone, fine = f'<clone id="c">{primitive("a")}</clone>', node_state("1", "east", ran_op("a", "start", 0))
    line = "* Stopped, and should run: a\n"
    assert line in shown(cib(tmp_path, clone, status=fine + online("west")))
    away = node_state("2", "west", attributes=option("standby", "on"))
    assert line not in shown(cib(tmp_path, clone, status=fine + away))
    ban = '<rsc_location id="l" rsc="c" node="west" score="-INFINITY"/>'
    assert line not in shown(cib(tmp_path, clone, status=fine + online("west"), constraints=ban))
    opt_in = option("symmetric-cluster", "false")
    assert line not in shown(cib(tmp_path, clone, opt_in, status=fine + online("west")))


@pytest.mark.needs_pacemaker
def test_each_of_instances_that_differ_should_run(tmp_path: Path) -> None:
    """Though each node has one; those that are all alike may be fewer than there could be."""
    started = node_state("1", "east", ran_op("a:0", "start", 0)) + node_state("2", "west", ran_op("a:1", "start", 0))
    meta = {"clone-max": "3", "clone-node-max": "2"}
    line = "* Stopped, and should run: a\n"
    assert line in shown(cib(tmp_path, clone("c", primitive("a"), **meta, globally_unique="true"), status=started))
    assert line not in shown(cib(tmp_path, clone("c", primitive("a"), **meta), status=started))


@pytest.mark.needs_pacemaker
def test_no_fencing_is_said(tmp_path: Path) -> None:
    assert "* NO FENCING DEVICE is configured" in shown(cib(tmp_path, primitive("a")))
    assert "* NO FENCING DEVICE is configured" not in shown(cib(tmp_path, primitive("a") + device()))
    disabled = shown(cib(tmp_path, primitive("a"), option("stonith-enabled", "false")))
    assert "* Fencing is DISABLED" in disabled
    assert "NO FENCING" not in disabled


@pytest.mark.needs_pacemaker
def test_moves_that_are_left(tmp_path: Path) -> None:
    rule = """<rsc_location id="cli-prefer-b" rsc="b"><rule id="r" score="INFINITY" boolean-op="and">
<expression id="e" attribute="#uname" operation="eq" value="west" type="string"/>
<date_expression id="d" operation="lt" end="2099-01-01"/></rule></rsc_location>"""
    plain = '<rsc_location id="cli-prefer-a" rsc="a" node="east" score="INFINITY"/>'
    over = rule.replace("2099", "2019")
    for old, new in (("cli-prefer-b", "cli-prefer-c"), ('"r"', '"s"'), ('"e"', '"f"'), ('"d"', '"g"')):
        over = over.replace(old, new)
    path = cib(tmp_path, primitive("a") + primitive("b"), constraints=plain + rule + over)
    tools = {"CIB_file": str(path)}
    _, found = left_over(state(tools), tools)
    assert found == (Move("cli-prefer-a", "a", "east", ""), Move("cli-prefer-b", "b", "west", "2099-01-01"))
    assert "    * cli-prefer-b keeps b on west until 2099-01-01\n" in shown(path)
    nothing = state({"CIB_file": str(cib(tmp_path))})
    assert left_over(nothing, tools) == left_over(nothing, {"CIB_file": "missing.xml"}) == (nothing, ())


UNTIL = "2099-11-22 12:56:14Z"


def ban_until(resource: str, until: str) -> str:
    """As crm_resource makes it with a lifetime."""
    id_ = f"cli-ban-{resource}-on-west"
    return f"""<rsc_location id="{id_}" rsc="{resource}"><rule id="{id_}-rule" score="-INFINITY" boolean-op="and">
<expression id="{id_}-expr" attribute="#uname" operation="eq" value="west" type="string"/>
<date_expression id="{id_}-lifetime" operation="lt" end="{until}"/></rule></rsc_location>"""


@pytest.mark.needs_pacemaker
def test_bans_that_are_left(tmp_path: Path) -> None:
    """By the names of the constraints, not of their rules, and until when; how to remove them is said once."""
    wanted = ban_until("a", UNTIL).replace("cli-ban", "my")
    path = cib(tmp_path, primitive("a"), constraints=ban_until("a", UNTIL) + wanted)
    bans = {one["id"]: one["until"] for one in data_of(path)["bans"]}
    assert bans == {"cli-ban-a-on-west": UNTIL, "my-a-on-west-rule": ""}
    said = f"    * cli-ban-a-on-west prevents a from running on west until {UNTIL}\n"
    assert f"{said}    `crm resource clear a` removes it\n\n" in shown(path)
    assert "Negative Location Constraints of commands: 1\n" in shown(path, "simple")
    assert said not in shown(cib(tmp_path, primitive("a"), constraints=ban_until("a", "2019-11-22")))


@pytest.mark.needs_pacemaker
def test_how_to_remove_what_is_left_is_said_once(tmp_path: Path) -> None:
    move = '<rsc_location id="cli-prefer-{0}" rsc="{0}" node="east" score="INFINITY"/>'
    for moved, words in (("a", "them"), ("b", "those of a")):
        constraints = ban_until("a", UNTIL) + move.format(moved)
        text = shown(cib(tmp_path, primitive("a") + primitive("b"), constraints=constraints))
        assert text.count("crm resource clear") == 1
        assert f"    * cli-prefer-{moved} keeps {moved} on east\n    `crm resource clear a` removes {words}\n" in text
    assert "crm resource clear" not in shown(cib(tmp_path, primitive("a")))


def test_a_ban_without_its_constraint_stays_as_crm_mon_tells_it(tmp_path: Path) -> None:
    gone = made_up(2)._replace(bans=(Ban("cli-ban-a-on-b-rule", "a", "b", -1, False),))
    assert left_over(gone, {"CIB_file": str(cib(tmp_path))}) == (gone, ())


# ---- large clusters


def made_up(nodes: int) -> State:
    """A cluster of so many nodes: each fourth in standby, one unclean, a clone everywhere, a failure on each eighth."""
    xml = ['<r><pacemakerd state="running"/><summary><current_dc present="true" name="node-01" with_quorum="true"/>']
    xml += ['<cluster_options stonith-enabled="true" symmetric-cluster="true"/></summary><nodes>']
    names = [f"node-{number:02}" for number in range(1, nodes + 1)]
    for number, name in enumerate(names):
        is_lost = number == 1
        xml += [f'<node name="{name}" id="{number}" type="member" online="{str(not is_lost).lower()}" ']
        xml += [f'unclean="{str(is_lost).lower()}" standby="{str(number % 4 == 3).lower()}"/>']
    xml += ['</nodes><resources><resource id="fence" resource_agent="stonith:f" role="Started" managed="true"/>']
    xml += ['<clone id="c" managed="true">']
    for name in names:
        xml += ['<resource id="a" resource_agent="ocf:x:y" role="Started" active="true" managed="true">']
        xml += [f'<node name="{name}"/></resource>']
    xml += ["</clone></resources><failures>"]
    xml += [f'<failure op_key="a_monitor_10000" node="{name}" exitstatus="error"/>' for name in names[::8]]
    found = read(ET.fromstring("".join([*xml, "</failures></r>"])))
    assert found is not None
    return found


@pytest.mark.parametrize("nodes", [2, 3, 32])
def test_it_can_be_read_in_80_columns(nodes: int) -> None:
    found = made_up(nodes)
    for words in ((), ("brief",), ("bynode",), ("noheaders", "quiet")):
        for line in text_of(found, *words).splitlines():
            assert len(line.expandtabs()) <= 80, line
    text = text_of(found)
    assert all(node.name in text for node in found.nodes)
    assert text.splitlines()[1] == "  * Node node-02: UNCLEAN (offline)"
    # what many nodes have in common is one item
    standby = [item for item in items(found) if any("standby" in part for _, part in item.line)]
    assert len(standby) == (nodes > 3)
    assert text.count("\n") < 30 + nodes
