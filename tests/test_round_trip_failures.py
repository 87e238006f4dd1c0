"""What the existing shell loses between `show` and `load`, R1 to R14: none of it is lost here."""

from __future__ import annotations

import pytest
from equality import assert_same
from lxml import etree
from round_trip import document, fallbacks, load, save, show, typed

from crmsh_py.cib.document import Cib
from crmsh_py.language.parser import parse


def cib_of(**sections: str) -> Cib:
    cib = Cib.empty("pacemaker-3.9")
    for name, inner in sections.items():
        section = etree.fromstring(f"<x>{inner}</x>")
        cib.make_section(name).extend(list(section))
    return cib


def resource(inner: str, id_: str = "p") -> str:
    return f'<primitive id="{id_}" class="ocf" provider="heartbeat" type="Dummy">{inner}</primitive>'


def survives(cib: Cib) -> str:
    """Assert that a CIB comes back exactly from `save` and in its meaning from `show`; what `show` prints."""
    saved, shown = save(cib), show(cib)
    assert not fallbacks(saved + shown)
    assert_same(document(cib), document(load(saved)))
    assert show(load(shown)) == shown
    return shown


def test_r1_a_parameter_set_that_another_resource_refers_to() -> None:
    cib = typed("primitive p4 Dummy params $id=on-state state=1\nprimitive p5 Dummy params $id-ref=on-state")
    assert "params $id=on-state state=1" in survives(cib)
    again = load(show(cib)).configuration
    assert again.xpath("//primitive[@id='p5']/instance_attributes/@id-ref") == ["on-state"]
    assert again.xpath("//primitive[@id='p4']/instance_attributes/@id") == ["on-state"]


def test_r2_a_parameter_that_another_resource_refers_to() -> None:
    cib = typed("primitive p0 Dummy params $p0-state:state=1\nprimitive p2 Dummy params @p0-state")
    assert "$p0-state:state=1" in survives(cib)
    again = load(show(cib)).configuration
    assert again.xpath("//nvpair[@id='p0-state']/@value") == ["1"]
    assert again.xpath("//nvpair/@id-ref") == ["p0-state"]


def test_r3_a_meta_attribute_set_that_another_resource_refers_to() -> None:
    cib = typed("primitive p4 Dummy meta $id=q27m target-role=Stopped\nprimitive p5 Dummy meta $id-ref=q27m")
    assert "meta $id=q27m target-role=Stopped" in survives(cib)
    assert load(show(cib)).configuration.xpath("//meta_attributes/@id-ref") == ["q27m"]


@pytest.mark.parametrize("value", ["tr\\", 'x\\"y', "\\", '"', "\\\\", "a\"b'c", "\\n", "a\\ b"])
def test_r4_backslashes_and_quotes_in_values(value: str) -> None:
    cib = cib_of(resources=resource('<instance_attributes id="s"><nvpair id="n" name="a"/></instance_attributes>'))
    cib.configuration.xpath("//nvpair")[0].set("value", value)
    assert load(survives(cib)).configuration.xpath("//nvpair/@value") == [value]


@pytest.mark.parametrize("value", ["straße", "日本語", "مرحبا", "😀 and more", "e\u0301"])
def test_r5_a_value_in_any_script_is_printed_as_itself(value: str) -> None:
    cib = typed(f'primitive p Dummy params a="{value}"')
    assert f'a="{value}"' in survives(cib)
    assert load(show(cib)).configuration.xpath("//nvpair/@value") == [value]


R6 = [
    "location l p rule 10: a eq b and ( c eq d or defined e )",
    "rsc_defaults $id=d rule rsc ocf:heartbeat:Dummy resource-stickiness=5",
    "rsc_defaults $id=d rule rsc ::Dummy and rsc stonith:: x=1",
    "op_defaults $id=d rule op monitor timeout=60s",
    "op_defaults $id=d rule op monitor interval=10s and rsc systemd:: timeout=60s",
    "colocation c inf: p q influence=false",
    "order o Mandatory: p q $require-all=false",
    "location l p rule 5: date spec seconds=0-29 minutes=30 hours=1",
    "location l p rule 5: date in end=2030-01-01",
    "location l p rule 5: date in start=2030-01-01",
    "location l p rule 5: date spec yeardays=1-100",
]


@pytest.mark.parametrize("line", R6)
def test_r6_what_the_existing_shell_falls_back_to_xml_for(line: str) -> None:
    shown = survives(typed(f"primitive p Dummy\nprimitive q Dummy\n{line}"))
    assert "xml" not in shown


def test_r7_an_expression_value_that_looks_like_a_source() -> None:
    rule = '<rule id="r" score="1"><expression id="e" attribute="a" operation="eq" value="foo{x}"/></rule>'
    cib = cib_of(resources=resource(""), constraints=f'<rsc_location id="l" rsc="p">{rule}</rsc_location>')
    assert 'a eq "foo{x}"' in survives(cib)
    again = load(show(cib)).configuration
    assert again.xpath("//expression/@value") == ["foo{x}"]
    assert again.xpath("//expression/@value-source") == []


def test_r7_and_one_that_is_a_source() -> None:
    cib = typed("primitive p Dummy\nlocation l p rule 1: a eq param{x}")
    assert "a eq param{x}" in survives(cib)
    again = load(show(cib)).configuration
    assert again.xpath("//expression/@value-source") == ["param"]
    assert again.xpath("//expression/@value") == ["x"]


def test_r8_what_is_said_though_it_is_the_default() -> None:
    cib = cib_of(
        nodes='<node id="n" uname="n" type="member"/>',
        resources=resource(
            '<meta_attributes id="m"><rule id="r0" score="INFINITY" boolean-op="and">'
            '<expression id="e0" attribute="a" operation="defined" type="string"/>'
            "</rule></meta_attributes>"
        )
        + resource("", "q"),
        constraints='<rsc_order id="o" first="p" then="q" kind="Mandatory" first-action="start" symmetrical="true"/>'
        '<rsc_order id="o2" symmetrical="true"><resource_set id="x" sequential="true" require-all="true">'
        '<resource_ref id="p"/></resource_set></rsc_order>'
        '<rsc_location id="l" rsc="p" resource-discovery="always" role="Started"><rule id="r" boolean-op="and"'
        ' score="0"><expression id="e" attribute="a" operation="eq" value="1" value-source="literal"/></rule>'
        "</rsc_location>",
    )
    assert_same(document(cib), document(load(save(cib))))
    assert not fallbacks(save(cib) + show(cib))


def test_r9_ids_that_others_made() -> None:
    params = '<instance_attributes id="A"><nvpair id="B" name="a" value="1"/></instance_attributes>'
    op = '<op id="D" name="monitor" interval="10s"><meta_attributes id="E"/></op>'
    date = '<date_expression id="G" operation="date_spec"><date_spec id="H" hours="1"/></date_expression>'
    members = '<resource_set id="I"><resource_ref id="p"/></resource_set>'
    select = '<select><select_attributes><attribute id="K" name="a"/></select_attributes></select>'
    survives(
        cib_of(
            crm_config='<cluster_property_set id="mine"><nvpair id="nv" name="x" value="stop"/></cluster_property_set>',
            resources=resource(f'{params}<operations id="C">{op}</operations>'),
            constraints=f'<rsc_location id="l" rsc="p"><rule id="F" score="1">{date}</rule></rsc_location>'
            f'<rsc_ticket id="t" ticket="T">{members}</rsc_ticket>',
            acls='<acl_role id="r"><acl_permission id="J" kind="read" xpath="/cib"/></acl_role>',
            alerts=f'<alert id="al" path="/x">{select}<recipient id="L" value="v"/></alert>',
        )
    )


@pytest.mark.parametrize("text", ["# a -- b", "# --", "#-->", "# ends with -", "# <!-- x"])
def test_r10_two_dashes_in_a_comment(text: str) -> None:
    """XML cannot hold them as they are."""
    cib = typed(f"{text}\nprimitive p Dummy")
    assert cib.configuration.xpath("//primitive/@id") == ["p"]
    comments = [str(comment.text) for comment in cib.configuration.iter(etree.Comment)]
    assert len(comments) == 1
    assert text in survives(cib).split("\n")


def test_r11_keywords_of_dates_count_in_any_case() -> None:
    lower = "location l p rule 5: date spec hours=1 and date in start=2030-01-01 end=2031-01-01 and date lt 2040-01-01"
    upper = "LOCATION l p RULE 5: DATE SPEC HOURS=1 AND DATE IN START=2030-01-01 END=2031-01-01 AND DATE LT 2040-01-01"
    assert parse(upper, "") == parse(lower, "")


def test_r12_a_member_is_printed_in_one_way() -> None:
    said = [typed(line) for line in ("node 1: node1:member", "node 1: node1")]
    assert [show(cib) for cib in said] == ["node 1: node1\n"] * 2
    for cib in said:
        assert_same(document(cib), document(load(save(cib))))


def test_r13_operations_without_any() -> None:
    assert "operations" in survives(cib_of(resources=resource("<operations/>")))


def test_r14_an_attribute_set_without_attributes_keeps_its_id() -> None:
    cib = cib_of(resources=resource('<meta_attributes id="x"/>'))
    assert survives(cib) == "primitive p Dummy \\\n\tmeta\n"
    assert "meta $id=x" in save(cib)


def test_a_part_without_an_id_in_a_cib_that_is_not_valid_is_not_given_one() -> None:
    pair = '<meta_attributes id="m"><nvpair name="target-role" value="Started"/></meta_attributes>'
    unknown = '<primitive id="w" class="ocf" provider="heartbeat" kindtype="apache"/>'
    cib = cib_of(resources=f'<bundle id="b"><docker image="i"/>{unknown}{pair}</bundle>')
    saved = save(cib)
    assert_same(document(cib), document(load(saved)))
    assert save(load(saved)) == saved
