"""target-role, is-managed and maintenance of resources: laws over real CIBs, and what goes where."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from corpus import needs_corpus, scheduler_cibs
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from schema_cibs import needs_schemas, validator

from crmsh_py.cib import attributes, running, schema
from crmsh_py.cib.document import RESOURCES, Cib
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File
from crmsh_py.cluster import simulation
from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from crmsh_py.problems import Problem

WISHES = [
    ("target-role", "Started"),
    ("target-role", "Stopped"),
    ("target-role", "Promoted"),
    ("target-role", "Unpromoted"),
    ("is-managed", "true"),
    ("is-managed", "false"),
    ("maintenance", "true"),
    ("maintenance", "false"),
]
wishes = st.lists(st.tuples(st.sampled_from(WISHES), st.booleans(), st.booleans()), min_size=1, max_size=4)


@st.composite
def real(draw: Any) -> tuple[Path, Cib, list[str]]:
    """A real CIB that fits its schema, and the ids of some of its resources."""
    path = draw(st.sampled_from(scheduler_cibs()))
    cib = Cib.parse(path.read_bytes(), path.name)
    assume(cib.schema in installed())
    names = [el.get("id") for el in cib.objects() if el.tag in RESOURCES and el.tag != "template"]
    assume(names)
    return path, cib, draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))


def installed() -> list[str]:
    """The schemas of the installed Pacemaker; where there is none, the ones of the CIBs do not matter."""
    where = schema.folder()
    return schema.names(where) if where else ["pacemaker-3.0", "pacemaker-3.7"]


def fits(cib: Cib) -> bool:
    return bool(validator(cib.schema).validate(deepcopy(cib.root)))


def sets(cib: Cib) -> dict[str, int]:
    """How many sets of meta attributes that hold in any case each resource has."""
    own = ((el, [one for one in el.findall("meta_attributes") if not one.get("id-ref")]) for el in cib.objects())
    return {el.get("id"): sum(one.find("rule") is None for one in found) for el, found in own if el.tag in RESOURCES}


def wish(
    cib: Cib, names: list[str], name: str, value: str, members: bool = False, others: bool = False
) -> list[Problem]:
    els = [cib.resource(one) for one in names]
    return running.wish(cib, els, name, value, of_members=lambda _: members, of_others=lambda _: others)


@needs_corpus
@needs_schemas
@given(real(), wishes)
@settings(max_examples=150)
def test_the_schema_fits_and_no_second_set_is_made(drawn: tuple[Path, Cib, list[str]], wanted: list[Any]) -> None:
    _, cib, names = drawn
    assume(fits(cib))
    before = sets(cib)
    for (name, value), members, others in wanted:
        wish(cib, names, name, value, members, others)
    assert fits(cib)
    assert all(count <= max(1, before[id_]) for id_, count in sets(cib).items())


@needs_corpus
@given(real(), wishes)
@settings(max_examples=60)
def test_undo_brings_back_each_byte(drawn: tuple[Path, Cib, list[str]], wanted: list[Any]) -> None:
    path, _, names = drawn
    session = Session(File(str(path)))
    before = session.draft.to_bytes()
    for (name, value), members, others in wanted:
        session.edit(lambda cib, n=name, v=value, m=members, o=others: wish(cib, names, n, v, m, o))
    while session.undo():
        pass
    assert session.draft.to_bytes() == before


@needs_corpus
@given(real(), st.sampled_from(WISHES))
@settings(max_examples=60)
def test_a_second_time_changes_nothing(drawn: tuple[Path, Cib, list[str]], wanted: tuple[str, str]) -> None:
    _, cib, names = drawn
    wish(cib, names, *wanted)
    once = cib.to_bytes()
    wish(cib, names, *wanted)
    assert cib.to_bytes() == once


@needs_corpus
@given(real())
@settings(max_examples=100)
def test_after_a_restart_all_is_as_it_was(drawn: tuple[Path, Cib, list[str]]) -> None:
    _, cib, names = drawn
    homes = list(dict.fromkeys(running.holder(cib.resource(name)) for name in names))
    before, roles = cib.to_bytes(), running.target_roles(homes)
    running.stop_all(cib, homes)
    assert all(attributes.value(el, "meta_attributes", "target-role") == running.STOPPED for el in homes)
    running.put_back(cib, homes, roles)
    assert cib.to_bytes() == before


@needs_corpus
@pytest.mark.needs_pacemaker
@given(real())
@settings(max_examples=25)
def test_a_start_after_a_stop_plans_what_was_planned_before(drawn: tuple[Path, Cib, list[str]]) -> None:
    _, cib, names = drawn
    homes = [running.holder(cib.resource(name)) for name in names]
    assume(not running.target_roles(homes))
    assume(
        not any(b"target-role" in etree.tostring(part) for part in cib.configuration.iter("rsc_defaults", "template"))
    )
    assume(not any(el.iterancestors("group", "clone", "master", "bundle") and _said(el) for el in homes))
    try:
        before = actions(cib)
    except CrmError:
        # of some of these CIBs crm_simulate 2.1.5 dies
        assume(False)
    wish(cib, names, "target-role", "Stopped")
    wish(cib, names, "target-role", "Started")
    assert actions(cib) == before


def _said(el: Any) -> bool:
    return any(
        attributes.value(above, "meta_attributes", "target-role") for above in el.iterancestors("group", "clone")
    )


def actions(cib: Cib) -> list[Any]:
    return sorted(simulation.plan(cib.to_bytes()).actions)


# ------------------------------------------------------------------------------------------ what goes where

CIB = """
<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config/><nodes/><resources>
<group id="g"><primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>{b}</group>
<clone id="c"><meta_attributes id="c-m"><nvpair id="p" name="promotable" value="true"/></meta_attributes>
<primitive id="i" class="ocf" provider="pacemaker" type="Stateful">{i}</primitive></clone>
<clone id="d"><group id="h"><primitive id="j" class="ocf" provider="pacemaker" type="Dummy"/></group></clone>
<bundle id="e"><docker image="x"/><network control-port="1"/>
<primitive id="k" class="ocf" provider="pacemaker" type="Dummy"/></bundle>
</resources><constraints/></configuration><status/></cib>
"""
B = '<primitive id="b" class="ocf" provider="pacemaker" type="Dummy">{}</primitive>'


def meta(name: str, value: str) -> str:
    return f'<meta_attributes id="x"><nvpair id="y" name="{name}" value="{value}"/></meta_attributes>'


def cib_with(b: str = "", i: str = "") -> Cib:
    return Cib.parse(CIB.format(b=B.format(b), i=i).encode(), "cib")


def said(cib: Cib, name: str = "target-role") -> dict[str, str]:
    """The resources that have an attribute, and its values."""
    pairs = cib.configuration.iterfind(f".//nvpair[@name='{name}']")
    return {pair.getparent().getparent().get("id"): pair.get("value") for pair in pairs}


@pytest.mark.parametrize(
    ("name", "home"),
    [("a", "a"), ("g", "g"), ("i", "c"), ("c", "c"), ("h", "d"), ("j", "j"), ("k", "e"), ("e", "e")],
)
def test_the_holder_is_what_has_the_instances(name: str, home: str) -> None:
    cib = cib_with()
    wish(cib, [name], "target-role", "Stopped")
    assert said(cib) == {home: "Stopped"}


def test_what_is_in_a_clone_has_no_value_of_its_own() -> None:
    for value in ("Stopped", "Started", "Master"):
        cib = cib_with(i=meta("target-role", value))
        notes = wish(cib, ["c"], "target-role", "Started")
        assert said(cib) == {"c": "Started"}
        assert [note.text for note in notes] == [f"target-role={value} of i is removed: it is set on c now"]


@pytest.mark.parametrize(
    ("own", "wanted", "then"),
    [
        ("Stopped", "Started", "stays stopped"),
        ("Started", "Stopped", "goes on running where it can"),
        ("stopped", "Started", "stays stopped"),
        ("Stopped", "Stopped", None),
        ("Started", "Started", None),
        ("Master", "Started", None),
    ],
)
def test_a_member_with_a_mind_of_its_own(own: str, wanted: str, then: str | None) -> None:
    kept = {"b": own, "g": wanted}
    cib = cib_with(meta("target-role", own))
    notes = wish(cib, ["g"], "target-role", wanted)
    assert said(cib) == kept
    assert [note.text for note in notes] == ([f"b in g keeps target-role={own}, and {then}"] if then else [])
    cib = cib_with(meta("target-role", own))
    wish(cib, ["g"], "target-role", wanted, members=True)
    assert said(cib) == ({"g": wanted} if then else kept)


def test_a_member_of_a_stopped_group_is_started_and_that_is_said() -> None:
    cib = cib_with()
    wish(cib, ["g"], "target-role", "Stopped")
    (note,) = wish(cib, ["b"], "target-role", "Started")
    assert note.text == "b has target-role=Started now, but g, which it is in, target-role=Stopped"
    assert wish(cib, ["b"], "target-role", "Stopped") == []


@pytest.mark.parametrize(
    ("name", "manages", "other", "against", "harmless"),
    [
        ("is-managed", "true", "maintenance", "true", "false"),
        ("maintenance", "false", "is-managed", "false", "true"),
    ],
)
def test_what_keeps_it_unmanaged_besides(name: str, manages: str, other: str, against: str, harmless: str) -> None:
    cib = cib_with(meta(other, harmless))
    assert wish(cib, ["b"], name, manages) == []
    cib = cib_with(meta(other, against))
    # nobody who wants a resource left alone wants it taken care of in another way
    assert wish(cib, ["b"], name, harmless if name == "maintenance" else "false", others=True) == []
    assert said(cib, other) == {"b": against}
    (note,) = wish(cib, ["b"], name, manages)
    assert note.text == f"b keeps {other}={against}, and stays unmanaged as long as it does"
    assert said(cib, other) == {"b": against}
    wish(cib, ["b"], name, manages, others=True)
    assert said(cib, other) == {}


@pytest.mark.parametrize(
    ("feature_set", "validate_with", "name"),
    [
        ("3.16.1", "pacemaker-3.0", "Promoted"),
        ("3.9.0", "pacemaker-3.7", "Promoted"),
        ("3.8.9", "pacemaker-3.6", "Master"),
        ("3.0.14", "pacemaker-3.0", "Master"),
        ("", "pacemaker-3.0", "Master"),
        ("", "pacemaker-4.0", "Promoted"),
    ],
)
def test_the_role_has_the_name_that_the_whole_cluster_knows(feature_set: str, validate_with: str, name: str) -> None:
    cib = cib_with()
    cib.schema = validate_with
    cib.root.set("crm_feature_set", feature_set)
    wish(cib, ["c"], "target-role", "Promoted")
    assert said(cib) == {"c": name}
