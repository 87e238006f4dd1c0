"""Changes that are committed at once or only foreseen, and crm_simulate behind them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from corpus import needs_corpus
from prompt_desk import with_empty_cib
from small_cluster import cib, clone, node_state, option, primitive, ran

from crmsh_py.cib import attributes
from crmsh_py.cluster import simulation
from crmsh_py.cluster.state import Clone, Group, by_id, state
from crmsh_py.command import acting, consequences
from crmsh_py.command.context import Context, Options
from crmsh_py.config import read_settings
from crmsh_py.errors import Cancelled, CrmError, NoSuchObject, Refused
from crmsh_py.problems import ERROR, WARNING, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib

NODE = (
    '<node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member">'
    '<lrm id="1"><lrm_resources/></lrm></node_state>'
)
RESOURCES = """<resources>
<primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>
<primitive id="b" class="ocf" provider="pacemaker" type="Dummy"/>
</resources>"""
OPTIONS = """<crm_config><cluster_property_set id="o">
<nvpair id="o1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = with_empty_cib(tmp_path) / "web.xml"
    text = path.read_text().replace("<status/>", f"<status>{NODE}</status>").replace("<resources/>", RESOURCES)
    text = text.replace("<nodes/>", '<nodes><node id="1" uname="n1"/></nodes>').replace("<crm_config/>", OPTIONS)
    path.write_text(re.sub("<cib ", '<cib have-quorum="1" dc-uuid="1" ', text, count=1))
    return path


@pytest.fixture
def told() -> list[Problem]:
    return []


@pytest.fixture
def cx(file: Path, told: list[Problem]) -> Context:
    return Context(Options(cib=str(file)), dict(os.environ), told.append)


def stop_a(cib: Cib) -> list[Problem]:
    attributes.set_value(cib, cib.resource("a"), attributes.META, "target-role", "Stopped")
    return [Problem("info", "note", "a was stopped")]


def start_a(cib: Cib) -> list[Problem]:
    attributes.set_value(cib, cib.resource("a"), attributes.META, "target-role", "Started")
    return []


def stop_nothing(cib: Cib) -> list[Problem]:
    stop_a(cib)
    raise NoSuchObject("there is no such thing")


def tasks(plan: simulation.Plan) -> set[tuple[str, str]]:
    return {(action.resource, action.task) for action in plan.actions}


@pytest.mark.needs_pacemaker
def test_a_plan_has_what_is_and_what_comes(file: Path) -> None:
    plan = simulation.plan(file.read_bytes())
    assert tasks(plan) == {("a", "start"), ("b", "start")}
    assert [node.name for node in plan.nodes_before] == ["n1"]
    assert consequences.nodes(plan.resources_before, "a") == []
    assert consequences.nodes(plan.resources, "a") == ["n1"]
    assert simulation.plan(simulation.outcome(file.read_bytes())).actions == ()


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("data", [b"", b"no XML", b'<cib validate-with="pacemaker-3.0"><nosuch/></cib>'])
def test_what_is_no_cib_has_no_plan(data: bytes) -> None:
    with pytest.raises(CrmError) as raised:
        simulation.plan(data)
    assert "\n" not in raised.value.problems[0].text


@needs_corpus
@pytest.mark.needs_pacemaker
def test_real_cibs_have_plans(corpus: list[Path]) -> None:
    failed = 0
    for path in corpus[::12]:
        try:
            plan = simulation.plan(path.read_bytes())
        except CrmError:
            failed += 1  # of a few of them crm_simulate itself dies
            continue
        assert all(action.task for action in plan.actions), path
        assert all(action.resource or action.node for action in plan.actions), path
    assert failed <= len(corpus[::12]) // 4


@pytest.mark.needs_pacemaker
def test_what_is_foreseen_is_not_made(cx: Context, file: Path, told: list[Problem]) -> None:
    before = file.read_bytes(), cx.session.draft.to_bytes()
    assert tasks(acting.foresee(cx, stop_a)) == {("b", "start")}
    assert [problem.text for problem in told] == ["a was stopped"]
    assert not cx.is_dirty
    with pytest.raises(NoSuchObject):
        acting.foresee(cx, stop_nothing)
    assert (file.read_bytes(), cx.session.draft.to_bytes()) == before


def test_what_was_edited_before_is_committed_first(cx: Context, file: Path) -> None:
    cx.edit(lambda cib: (attributes.set_value(cib, cib.resource("b"), attributes.META, "priority", "1"), [])[1])
    with pytest.raises(NoSuchObject):
        acting.apply(cx, stop_nothing)
    assert b"priority" in file.read_bytes()
    assert not cx.is_dirty
    acting.apply(cx, stop_a)
    assert b"target-role" in file.read_bytes()


def test_an_answer_to_stay_does_nothing(cx: Context, file: Path) -> None:
    before = file.read_bytes()
    cx.edit(stop_a)
    cx.decide = lambda _: "stay"
    with pytest.raises(CrmError, match="the edits are still there"):
        acting.apply(cx, stop_a)
    assert file.read_bytes() == before
    assert cx.is_dirty


def test_a_commit_that_is_refused_leaves_nothing_edited(cx: Context, file: Path, told: list[Problem]) -> None:
    def spoil(cib: Cib) -> list[Problem]:
        cib.touch(cib.resource("a"))
        cib.resource("a").set("nosuch", "1")
        return [Problem("info", "note", "a is spoilt")]

    before = file.read_bytes()
    with pytest.raises(Refused):
        acting.apply(cx, spoil)
    assert not cx.is_dirty
    assert file.read_bytes() == before
    # what is told was done
    assert told == []


@pytest.mark.parametrize(
    ("option", "setting", "own", "is_waited_for"),
    [
        (False, "no", False, False),
        (True, "no", False, True),
        (False, "yes", False, True),
        (False, "no", True, True),
    ],
)
def test_all_ways_to_ask_for_it_are_the_same_wait(
    file: Path, option: bool, setting: str, own: bool, is_waited_for: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[bytes] = []
    settings = read_settings({}, [f"core.wait={setting}"])[0]
    cx = Context(Options(cib=str(file), wait=option), dict(os.environ), lambda _: None, settings=settings)
    monkeypatch.setattr(Context, "settle", lambda *_: waited.append(file.read_bytes()))
    acting.apply(cx, stop_a, wait=own, is_last=False)
    assert waited == []
    acting.apply(cx, start_a, wait=own)
    assert waited == [file.read_bytes()] * is_waited_for
    assert cx.is_to_wait(own) == is_waited_for


@pytest.mark.needs_pacemaker
def test_warnings_are_shown_and_errors_refuse(cx: Context, file: Path, told: list[Problem]) -> None:
    def forewarn(plan: simulation.Plan, before: object) -> list[Problem]:
        assert tasks(plan) == {("b", "start")}
        assert tasks(before()) == {("a", "start"), ("b", "start")}
        return [Problem(severity, "note", severity)]

    unchanged = file.read_bytes()
    severity = ERROR
    with pytest.raises(Refused):
        acting.apply(cx, stop_a, forewarn=forewarn)
    assert (file.read_bytes(), cx.is_dirty) == (unchanged, False)
    severity = WARNING
    told.clear()
    acting.apply(cx, stop_a, forewarn=forewarn)
    assert [problem.text for problem in told][:2] == ["a was stopped", WARNING]
    assert b"target-role" in file.read_bytes()


def test_without_a_scheduler_nobody_is_warned(cx: Context, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(file.parent))
    acting.apply(cx, stop_a, forewarn=lambda plan, before: [Problem(ERROR, "note", "never")])
    assert b"target-role" in file.read_bytes()


@pytest.mark.needs_pacemaker
def test_who_is_told_to_end_does_not_commit(cx: Context, file: Path) -> None:
    def forewarn(plan: simulation.Plan, before: object) -> list[Problem]:
        raise Cancelled("told to end")

    before = file.read_bytes()
    with pytest.raises(Cancelled):
        acting.apply(cx, stop_a, forewarn=forewarn)
    assert (file.read_bytes(), cx.is_dirty) == (before, False)


def test_text_of_a_plan() -> None:
    actions = [
        simulation.Action("move", "a", "n1", "n2", "", False),
        simulation.Action("stop", "b", "n1", "", "node availability", True),
        simulation.Action("fence", "", "n3", "", "", False),
    ]
    record = acting.plan_record(simulation.Plan(tuple(actions), (), (), (), ()))
    assert "".join(text for _, text in record.fragments()) == (
        "a: move n1 -> n2\nb: stop n1 (node availability) (blocked: it cannot be done)\nn3: fence\n"
    )
    assert record.data()[0]["destination"] == "n2"


def test_a_group_runs_as_far_as_it_is_meant_to(tmp_path: Path) -> None:
    runs, off = ran("a", ("start", 0, 0)), {"target-role": "Stopped"}
    for other, expected in ((primitive("b"), False), (primitive("b", **off), True)):
        inside = f'<group id="g">{primitive("a")}{other}</group>'
        for resources, id_, kind in ((inside, "g", Group), (clone("c", inside), "c", Clone)):
            status = node_state("1", "east", runs)
            path = cib(tmp_path, resources, option("stonith-enabled", "false"), status=status)
            found = by_id(state({"CIB_file": str(path)}).resources)[id_]
            assert isinstance(found[0], kind)
            assert consequences.runs(found) == expected, resources


@pytest.mark.needs_pacemaker
def test_what_is_blocked_is_not_called_unmanaged(tmp_path: Path) -> None:
    monitor = '<op id="m" name="stop" interval="0" on-fail="block"/>'
    web = primitive("web", inside=f"<operations>{monitor}</operations>", **{"target-role": "Stopped"})
    status = node_state("1", "east", ran("web", ("start", 0, 0), ("stop", 0, 1)))
    path = cib(tmp_path, web, option("stonith-enabled", "false"), status=status)
    plan = simulation.plan(path.read_bytes())
    home = Context(Options(cib=str(path)), dict(os.environ), print).session.draft.resource("web")
    (warning,) = consequences.not_as_wished(plan, [home], is_to_run=False)
    assert "web does not stop: web has failed, and is blocked" in warning.text


@needs_corpus
def test_a_bundle_is_where_its_containers_are(corpus: list[Path]) -> None:
    (path,) = (one for one in corpus if one.name == "bundle-order-stop.xml")
    found = state({"CIB_file": str(path)}).resources
    assert consequences.nodes(found, "redis-bundle") == ["undercloud"]
