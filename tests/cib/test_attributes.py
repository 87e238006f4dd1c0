"""What is true of single attributes: the value after `set_value`, valid schemas, exact undo, nothing done to others."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from schema_cibs import SCHEMAS, cibs, needs_schemas
from test_edit_laws import dangling, drawn, fits

from crmsh_py.cib import attributes
from crmsh_py.cib.attributes import META, PARAMETERS, UTILIZATION
from crmsh_py.cib.document import Cib
from crmsh_py.cib.references import borrowed, object_of
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File
from crmsh_py.errors import CrmError, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# what the schema lets have which sets
KINDS = {
    "primitive": (META, PARAMETERS, UTILIZATION),
    "template": (META, PARAMETERS, UTILIZATION),
    "node": (PARAMETERS, UTILIZATION),
    **dict.fromkeys(("group", "clone", "master", "bundle"), (META, PARAMETERS)),
}
NAMES = ("priority", "target-role", "a name", "ümlaut", "#x")


def holders(cib: Cib) -> list[etree._Element]:
    return [el for el in cib.objects() if el.tag in KINDS and el.get("id")]


def others(cib: Cib, el: etree._Element) -> dict[str, dict[str, dict[str, str]]]:
    """What all other elements have, borrowed content included."""
    return {
        f"{other.tag} {other.get('id')}": {kind: attributes.values(other, kind) for kind in KINDS[str(other.tag)]}
        for other in holders(cib)
        if other is not el
    }


def check(path: Path, data: bytes, pick: Callable[[Sequence[Any]], Any]) -> None:
    path.write_bytes(data)
    session = Session(File(str(path)))
    cib = session.draft
    if not holders(cib):
        return
    el = pick(holders(cib))
    kind = pick(KINDS[str(el.tag)])
    if cib.schema in ("pacemaker-1.0", "pacemaker-1.2") and kind == UTILIZATION and el.tag == "bundle":
        return
    name = pick([*attributes.values(el, kind), *NAMES])
    before, sound, dangled = cib.to_bytes(), fits(cib.root), dangling(cib)
    untouched, sets = others(cib, el), len(el.findall(kind))
    try:
        session.edit(lambda draft: attributes.set_value(draft, el, kind, name, "17"))
    except Refused:
        assert list(borrowed(cib.configuration)), "only what is shared is refused"
        assert cib.to_bytes() == before
        return
    assert attributes.value(el, kind, name) == "17"
    assert others(cib, el) == untouched
    assert fits(cib.root) or not sound, cib.to_bytes().decode()
    assert dangling(cib) == dangled
    able = [one for one in el.findall(kind) if one.get("id-ref") is None and one.find("rule") is None]
    assert len(el.findall(kind)) == sets or len(able) == 1 or list(borrowed(cib.configuration))
    taken_out(session, el, kind, name)
    while session.undo():
        pass
    assert cib.to_bytes() == before


def taken_out(session: Session, el: etree._Element, kind: str, name: str) -> None:
    cib, sound, untouched = session.draft, fits(session.draft.root), others(session.draft, el)
    before = cib.to_bytes()
    try:
        assert session.edit(lambda draft: attributes.remove(draft, el, kind, name))
    except Refused:
        assert cib.to_bytes() == before
        return
    assert attributes.value(el, kind, name) is None
    assert others(cib, el) == untouched
    assert fits(cib.root) or not sound
    assert not session.edit(lambda draft: attributes.remove(draft, el, kind, name))


@needs_schemas
@pytest.mark.parametrize("schema", ["pacemaker-3.9", "pacemaker-2.10", "pacemaker-1.2"])
@settings(max_examples=80)
@given(st.data())
def test_attributes_of_made_up_cibs(tmp_path_factory: pytest.TempPathFactory, schema: str, draw: st.DataObject) -> None:
    root = draw.draw(cibs(schema, comments=False))
    check(tmp_path_factory.mktemp("law") / "cib.xml", etree.tostring(root), drawn(draw))


@needs_schemas
def test_attributes_of_real_cibs(corpus_file: Path, tmp_path: Path) -> None:
    cib = Cib.parse(corpus_file.read_bytes(), corpus_file.name)
    if not (SCHEMAS / f"{cib.schema}.rng").exists():
        pytest.skip(f"the schema {cib.schema or '(none named)'} is not installed here")
    chance = random.Random(corpus_file.stem)
    for _ in range(4):
        check(tmp_path / "cib.xml", cib.to_bytes(), chance.choice)


# ---- examples

DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"'


def cib_of(*resources: str, after: str = "") -> Cib:
    text = f"""<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config/>
    <nodes><node id="1" uname="alpha"/></nodes><resources>{"".join(resources)}</resources><constraints/>{after}
    </configuration><status/></cib>"""
    return Cib.parse(text.encode(), "test")


def primitive(id_: str, inside: str = "") -> str:
    return f'<primitive id="{id_}" {DUMMY}>{inside}</primitive>'


def pair(id_: str, value: str, name: str = "priority") -> str:
    return f'<nvpair id="{id_}" name="{name}" value="{value}"/>'


def resource(cib: Cib, id_: str) -> etree._Element:
    found = cib.find(id_)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [("", "", "2"), ('score="1"', "", "1"), ('score="1"', 'score="INFINITY"', "2"), ("", 'score="-INFINITY"', "1")],
)
def test_of_two_sets_the_one_counts_that_pacemaker_takes(first: str, second: str, value: str) -> None:
    sets = f'<meta_attributes id="m1" {first}>{pair("p1", "1")}</meta_attributes>'
    sets += f'<meta_attributes id="m2" {second}>{pair("p2", "2")}{pair("p3", "3")}</meta_attributes>'
    cib = cib_of(primitive("web", sets))
    assert attributes.value(resource(cib, "web"), META, "priority") == value
    attributes.set_value(cib, resource(cib, "web"), META, "priority", "9")
    assert [el.get("value") for el in cib.root.iter("nvpair")] == ["9", "9", "9"]


def test_a_set_with_a_rule_is_left_alone() -> None:
    rule = '<rule id="r" score="1"><date_expression id="d" operation="gt" start="2020-01-01"/></rule>'
    cib = cib_of(primitive("web", f'<meta_attributes id="m1">{rule}{pair("p1", "1")}</meta_attributes>'))
    web = resource(cib, "web")
    assert attributes.value(web, META, "priority") is None
    attributes.set_value(cib, web, META, "priority", "2")
    assert [el.get("id") for el in web.iter("nvpair")] == ["p1", "web-meta_attributes-priority"]
    assert not attributes.remove(cib, web, META, "is-managed")


@pytest.mark.parametrize("lender", ["set", "pair"])
def test_what_others_borrow_is_not_changed_behind_their_backs(lender: str) -> None:
    lent = "<meta_attributes id-ref='m1'/>"
    if lender == "pair":
        lent = "<meta_attributes id='m2'><nvpair id-ref='p1'/></meta_attributes>"
    cib = cib_of(
        primitive("web", f'<meta_attributes id="m1">{pair("p1", "1")}</meta_attributes>'), primitive("db", lent)
    )
    before = cib.to_bytes()
    for change in (
        lambda: attributes.set_value(cib, resource(cib, "web"), META, "priority", "2"),
        lambda: attributes.remove(cib, resource(cib, "web"), META, "priority"),
    ):
        with pytest.raises(Refused, match="priority of web is used by db too"):
            change()
    assert attributes.value(resource(cib, "db"), META, "priority") == "1"
    assert cib.to_bytes() == before


def test_a_borrowed_set_says_no_and_takes_other_attributes_beside_it() -> None:
    lent = '<meta_attributes id-ref="m1"/>'
    cib = cib_of(
        primitive("web", f'<meta_attributes id="m1">{pair("p1", "1")}</meta_attributes>'), primitive("db", lent)
    )
    db = resource(cib, "db")
    with pytest.raises(Refused, match="priority of db stands in the set m1, which it borrows"):
        attributes.set_value(cib, db, META, "priority", "2")
    with pytest.raises(Refused):
        attributes.remove(cib, db, META, "priority")
    attributes.set_value(cib, db, META, "priority", "1")
    attributes.set_value(cib, db, META, "target-role", "Stopped")
    attributes.set_value(cib, resource(cib, "web"), META, "target-role", "Started")
    assert attributes.values(db, META) == {"priority": "1", "target-role": "Stopped"}
    assert attributes.values(resource(cib, "web"), META) == {"priority": "1", "target-role": "Started"}


def test_a_borrowed_pair_becomes_one_of_its_own() -> None:
    lent = '<meta_attributes id="m2"><nvpair id-ref="p1"/></meta_attributes>'
    cib = cib_of(
        primitive("web", f'<meta_attributes id="m1">{pair("p1", "1")}</meta_attributes>'), primitive("db", lent)
    )
    attributes.set_value(cib, resource(cib, "db"), META, "priority", "2")
    assert attributes.value(resource(cib, "db"), META, "priority") == "2"
    assert attributes.value(resource(cib, "web"), META, "priority") == "1"


def test_what_a_permission_names_can_be_changed_but_not_go() -> None:
    acls = '<acls><acl_role id="r"><acl_permission id="a" kind="read" reference="p1"/></acl_role></acls>'
    cib = cib_of(primitive("web", f'<meta_attributes id="m1">{pair("p1", "1")}</meta_attributes>'), after=acls)
    web = resource(cib, "web")
    attributes.set_value(cib, web, META, "priority", "2")
    with pytest.raises(Refused, match="used by r too"):
        attributes.remove(cib, web, META, "priority")
    assert attributes.value(web, META, "priority") == "2"


def test_ids_are_those_of_typed_text_and_of_crm_attribute() -> None:
    cib = cib_of(primitive("web"))
    node = next(el for el in cib.objects() if el.tag == "node")
    attributes.set_value(cib, resource(cib, "web"), META, "priority", "1")
    attributes.set_value(cib, resource(cib, "web"), UTILIZATION, "cpu", "1")
    attributes.set_value(cib, node, PARAMETERS, "standby", "on")
    attributes.set_value(cib, node, UTILIZATION, "cpu", "4")
    assert [(str(el.tag), el.get("id")) for el in cib.configuration.iter(META, PARAMETERS, UTILIZATION, "nvpair")] == [
        ("instance_attributes", "nodes-1"),
        ("nvpair", "nodes-1-standby"),
        ("utilization", "nodes-1-utilization"),
        ("nvpair", "nodes-1-utilization-cpu"),
        ("meta_attributes", "web-meta_attributes"),
        ("nvpair", "web-meta_attributes-priority"),
        ("utilization", "web-utilization"),
        ("nvpair", "web-utilization-cpu"),
    ]


@pytest.mark.parametrize(("name", "value", "error"), [("a", "\x01", UsageError), ("passwd", "******", CrmError)])
def test_what_cannot_be_a_value_changes_nothing(name: str, value: str, error: type[CrmError]) -> None:
    cib = cib_of(primitive("web"))
    before = cib.to_bytes()
    with pytest.raises(error) as raised:
        attributes.set_value(cib, resource(cib, "web"), PARAMETERS, name, value)
    assert raised.value.problems[0].code in ("usage", "masked-value")
    assert cib.to_bytes() == before
    assert object_of(resource(cib, "web")).get("id") == "web"
