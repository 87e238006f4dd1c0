"""The machinery of the losslessness tests: generated CIBs, and when two CIBs are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import pairwise
from pathlib import Path

import pytest
from corpus import needs_corpus, scheduler_cibs
from equality import ONE_OBJECT, assert_same, assert_same_meaning, canonical, meaning
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from lxml import etree
from schema_cibs import cibs, needs_schemas, schema_of, validator, vocabulary
from schema_patterns import targets

SCHEMAS = ("pacemaker-1.2", "pacemaker-2.0", "pacemaker-2.10", "pacemaker-3.0", "pacemaker-3.5", "pacemaker-3.9")
BATCH = 10

a_few = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def independent(strategy: st.SearchStrategy[etree._Element], count: int) -> list[etree._Element]:
    """`count` examples. After some, hypothesis mostly varies earlier ones, so they are drawn in small batches."""
    found: list[etree._Element] = []

    def collect(cib: etree._Element) -> None:
        found.append(cib)

    few = settings(max_examples=BATCH, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    for number in range(count // BATCH):
        seed(number)(few(given(strategy)(collect)))()
    return found


@pytest.fixture(scope="module")
def sample() -> list[etree._Element]:
    return independent(cibs("pacemaker-3.9"), 400)


def elements(cib: etree._Element) -> Iterator[etree._Element]:
    """All that is below the sections."""
    for section in cib.find("configuration").iterchildren(etree.Element):
        yield from section.iterdescendants(etree.Element)


@needs_schemas
@pytest.mark.parametrize("schema", SCHEMAS)
@a_few
@given(data=st.data())
def test_generated_cibs_are_valid_as_pacemaker_reads_them(schema: str, data: st.DataObject) -> None:
    cib = data.draw(cibs(schema))
    read_again = etree.fromstring(etree.tostring(cib, encoding="utf-8"))
    rng = validator(schema)
    assert rng.validate(read_again), rng.error_log
    assert cib.get("validate-with") == schema
    assert_same(cib, read_again)


@needs_schemas
def test_every_element_and_attribute_of_the_schema_is_reached(sample: list[etree._Element]) -> None:
    all_elements, all_attributes = vocabulary("pacemaker-3.9")
    seen_elements = {(element.getparent().tag, element.tag) for cib in sample for element in elements(cib)}
    seen_attributes = {(element.tag, name) for cib in sample for element in elements(cib) for name in element.attrib}
    assert not sorted(all_elements - seen_elements)
    assert not sorted(all_attributes - seen_attributes)
    assert seen_elements <= all_elements
    assert seen_attributes <= all_attributes


@needs_schemas
def test_vocabulary_is_the_schemas_own() -> None:
    """A reader that lost half of a schema would find everything reached."""
    all_elements, all_attributes = vocabulary("pacemaker-3.9")
    assert {("rule", "op_expression"), ("bundle", "rkt"), ("rsc_order", "lifetime")} <= all_elements
    assert {("duration", "moon"), ("rsc_colocation", "influence"), ("fencing-level", "target-value")} <= all_attributes
    assert ("op", "requires") not in all_attributes
    assert ("op", "requires") in vocabulary("pacemaker-1.2")[1]
    assert ("acl_user", "role_ref") in vocabulary("pacemaker-1.2")[0]
    assert schema_of("pacemaker-3.9").required == {"crm_config", "nodes", "resources", "constraints"}


@needs_schemas
def test_elements_of_an_interleave_come_in_every_order(sample: list[etree._Element]) -> None:
    neighbours = {
        (element.tag, first.tag, second.tag)
        for cib in sample
        for element in elements(cib)
        for first, second in pairwise(element.iterchildren(etree.Element))
    }
    for tag, first, second in (
        ("meta_attributes", "rule", "nvpair"),
        ("primitive", "utilization", "operations"),
        ("group", "primitive", "meta_attributes"),
        ("alert", "select", "recipient"),
    ):
        assert {(tag, first, second), (tag, second, first)} <= neighbours
    firsts = {next(cib.find("configuration").iterchildren(etree.Element)).tag for cib in sample}
    assert firsts >= schema_of("pacemaker-3.9").required


@needs_schemas
def test_ids_are_unique_and_references_have_targets(sample: list[etree._Element]) -> None:
    for cib in sample:
        tags: dict[str, str] = {}
        for element in elements(cib):
            if element.tag not in ("node", "acl_target", "resource_ref", "obj_ref", "role") and "id" in element.attrib:
                assert tags.setdefault(element.attrib["id"], element.tag) is element.tag
        for kind in ("node", "acl_target"):
            own = [element.get("id") for element in elements(cib) if element.tag == kind]
            assert len(own) == len(set(own))
        for element in elements(cib):
            check_references(element, tags)


def check_references(element: etree._Element, tags: dict[str, str]) -> None:
    names = {"id-ref", "rsc", "with-rsc", "first", "then", "template", "reference"} & set(element.attrib)
    names |= {"id"} if element.tag in ("resource_ref", "role") else set()
    for name in names - ({"template"} if element.tag != "primitive" else set()):
        wanted = targets(element.tag, name)
        assert element.attrib[name] in tags
        assert "*" in wanted or tags[element.attrib[name]] in wanted


@needs_schemas
def test_rules_never_contain_each_other(sample: list[etree._Element]) -> None:
    for cib in sample:
        rules = {rule.get("id"): rule for rule in cib.iter("rule") if "id" in rule.attrib}

        def depth(rule: etree._Element, rules: dict[str | None, etree._Element] = rules) -> int:
            inner = [rules.get(child.get("id-ref"), child) for child in rule.iterchildren("rule")]
            return 1 + max(map(depth, inner), default=0)  # an endless one raises RecursionError

        assert all(depth(rule) for rule in rules.values())


@needs_schemas
def test_comments_stand_everywhere_or_nowhere(sample: list[etree._Element]) -> None:
    found = [comment for cib in sample for comment in cib.iter(etree.Comment)]
    parents = {comment.getparent().tag for comment in found}
    assert {"configuration", "resources", "primitive"} <= parents
    assert any("\n" in comment.text for comment in found)
    assert any(not comment.text for comment in found)
    assert not any(list(cib.iter(etree.Comment)) for cib in independent(cibs(comments=False), 50))


@needs_schemas
def test_only_the_wanted_sections_are_filled() -> None:
    filled = {
        section.tag
        for cib in independent(cibs(sections=("resources", "constraints"), comments=False), 100)
        for section in cib.find("configuration").iterchildren(etree.Element)
        if len(section)
    }
    assert filled == {"resources", "constraints"}


def change_value(cib: etree._Element, data: st.DataObject) -> bool:
    holders = [element for element in elements(cib) if element.attrib]
    if holders:
        element = data.draw(st.sampled_from(holders))
        name = data.draw(st.sampled_from(sorted(element.attrib)))
        element.set(name, element.attrib[name] + data.draw(st.sampled_from((" ", "x", "\n", "\x85"))))
    return bool(holders)


def drop_attribute(cib: etree._Element, data: st.DataObject) -> bool:
    holders = [element for element in elements(cib) if element.attrib]
    if holders:
        element = data.draw(st.sampled_from(holders))
        del element.attrib[data.draw(st.sampled_from(sorted(element.attrib)))]
    return bool(holders)


def drop_node(cib: etree._Element, data: st.DataObject) -> bool:
    nodes = [node for section in cib.find("configuration") for node in section.iterdescendants()]
    if nodes:
        node = data.draw(st.sampled_from(nodes))
        node.getparent().remove(node)
    return bool(nodes)


def swap_inner(cib: etree._Element, data: st.DataObject) -> bool:
    parents = [*elements(cib), *cib.iterfind(f"configuration/{ONE_OBJECT}")]
    pairs = [
        pair for parent in parents for pair in pairwise(parent) if etree.tostring(pair[0]) != etree.tostring(pair[1])
    ]
    if pairs:
        first, second = data.draw(st.sampled_from(pairs))
        second.addnext(first)
    return bool(pairs)


def change_comment(cib: etree._Element, data: st.DataObject) -> bool:
    comments = list(cib.iter(etree.Comment))
    if comments:
        data.draw(st.sampled_from(comments)).text += "!"
    return bool(comments)


def change_schema(cib: etree._Element, data: st.DataObject) -> bool:
    cib.set("validate-with", "pacemaker-3.8")
    return True


CHANGES = (change_value, drop_attribute, drop_node, swap_inner, change_comment, change_schema)


@needs_schemas
@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_a_change_is_seen(change: Callable[[etree._Element, st.DataObject], bool]) -> None:
    changed = 0

    @a_few
    @given(cibs(), st.data())
    def law(cib: etree._Element, data: st.DataObject) -> None:
        nonlocal changed
        etree.indent(cib, space="")
        other = deepcopy(cib)
        if change(other, data):
            changed += 1
            assert canonical(cib) != canonical(other)
            with pytest.raises(AssertionError, match="configurations differ"):
                assert_same(cib, other)

    law()
    assert changed


@needs_schemas
@a_few
@given(cibs(), st.randoms(use_true_random=False))
def test_what_does_not_count_is_not_seen(cib: etree._Element, random: object) -> None:
    other = etree.fromstring(etree.tostring(cib, encoding="utf-8"))
    configuration = other.find("configuration")
    for section in configuration.iterchildren(etree.Element):
        shuffle(section, random) if section.tag != ONE_OBJECT else None
    for empty in [section for section in configuration.iterchildren(etree.Element) if not len(section)]:
        configuration.remove(empty)
    if configuration.find("tags") is None:
        etree.SubElement(configuration, "tags")
    shuffle(configuration, random)
    for element in elements(other):
        reversed_attributes = list(element.attrib.items())[::-1]
        element.attrib.clear()
        element.attrib.update(reversed_attributes)
    etree.indent(other, space="\t")
    etree.SubElement(other, "status")
    other.set("epoch", "77")
    assert_same(cib, other)
    assert_same_meaning(cib, other)


def shuffle(parent: etree._Element, random: object) -> None:
    children = list(parent)
    random.shuffle(children)
    parent[:] = children


def configured(section: str, content: str) -> etree._Element:
    inner = f"<configuration><{section}>{content}</{section}></configuration>"
    return etree.fromstring(f"<cib validate-with='pacemaker-3.9'>{inner}</cib>")


def primitive(content: str, name: str = "p") -> str:
    return f"<primitive id='{name}' class='ocf' provider='x' type='y'>{content}</primitive>"


def nvset(nvset_id: str, nvpair_id: str, value: str) -> str:
    return f"<meta_attributes id='{nvset_id}'><nvpair id='{nvpair_id}' name='n' value='{value}'/></meta_attributes>"


def operations(attributes: str, op: str) -> str:
    return primitive(f"<operations {attributes}><op name='monitor' {op}/></operations>")


def location(rule: str, expression: str) -> str:
    inner = f"<rule {rule}><expression attribute='a' operation='eq' value='1' {expression}/></rule>"
    return f"<rsc_location id='l' rsc='p'>{inner}</rsc_location>"


def order(attributes: str) -> str:
    return f"<rsc_order id='o' first='a' then='b' {attributes}/>"


def levels(*given: tuple[str, int, str]) -> str:
    """Each a target, an index and a device; the ids count."""
    each = enumerate(given)
    return "".join(
        f"<fencing-level id='l{number}' target='{target}' index='{index}' devices='{device}'/>"
        for number, (target, index, device) in each
    )


SAME_MEANING = [
    ("resources", primitive(nvset("a", "b", "v")), primitive(nvset("c", "d", "v"))),
    ("resources", operations("", "id='o' interval='10'"), operations("id='x'", "id='q' interval='10s'")),
    ("resources", operations("", "timeout='20' role='Master'"), operations("", "timeout='20s' role='Promoted'")),
    ("resources", operations("", "role='Slave' enabled='1'"), operations("", "role='Unpromoted' enabled='true'")),
    ("resources", primitive("<!-- x -->"), primitive("")),
    ("resources", f"<clone id='c'>{nvset('m', 'n', 'v')}{primitive('')}</clone>",
     f"<clone id='c'>{primitive('')}{nvset('m', 'n', 'v')}</clone>"),
    ("resources", "<bundle id='b'><storage/><network add-host='1'/><docker/><meta_attributes id='m'/></bundle>",
     "<bundle id='b'><meta_attributes id='n'/><docker/><network add-host='true'/><storage/></bundle>"),
    ("nodes", "<node id='1' uname='n' type='member' score='+INFINITY'/>", "<node id='1' uname='n' score='INFINITY'/>"),
    ("constraints", location("boolean-op='and' score='0'", "value-source='literal'"), location("id='r'", "id='e'")),
    ("constraints", order("score='-0'"), order("kind='Optional'")),
    ("constraints", order("score='-5'"), order("kind='Mandatory'")),
    ("fencing-topology", levels(("a", 3, "x"), ("b", 1, "y"), ("a", 7, "z")),
     levels(("b", 9, "y"), ("a", 2, "z"), ("a", 1, "x"))),
]  # fmt: skip
OTHER_MEANING = [
    ("resources", primitive(""), primitive("", name="q")),
    ("resources", primitive(nvset("m", "n", "v")) + primitive("<meta_attributes id-ref='m'/>", "q"),
     primitive(nvset("o", "n", "v")) + primitive("<meta_attributes id-ref='o'/>", "q")),
    ("resources", primitive(nvset("a", "b", "1")), primitive(nvset("a", "b", "true"))),
    ("resources", f"<group id='g'>{primitive('')}{primitive('', 'q')}</group>",
     f"<group id='g'>{primitive('', 'q')}{primitive('')}</group>"),
    ("crm_config", "<cluster_property_set id='a'/>", "<cluster_property_set id='b'/>"),
    ("rsc_defaults", "<meta_attributes id='a'/>", "<meta_attributes id='b'/>"),
    ("constraints", order(""), order("kind='Mandatory'")),
    ("constraints", location("", ""), location("", "type='string'")),
    ("constraints", location("", ""), location("score='1'", "")),
    ("fencing-topology", levels(("a", 1, "x"), ("a", 2, "y")), levels(("a", 2, "x"), ("a", 1, "y"))),
]  # fmt: skip


@pytest.mark.parametrize(("section", "first", "second"), SAME_MEANING)
def test_another_way_to_say_it_has_the_same_meaning(section: str, first: str, second: str) -> None:
    one, other = configured(section, first), configured(section, second)
    assert_same_meaning(one, other)
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(("section", "first", "second"), OTHER_MEANING)
def test_another_thing_said_has_another_meaning(section: str, first: str, second: str) -> None:
    one, other = configured(section, first), configured(section, second)
    assert meaning(one) != meaning(other)
    with pytest.raises(AssertionError, match="configurations differ"):
        assert_same_meaning(one, other)


def test_the_difference_is_shown_line_by_line() -> None:
    names = ("a", "\x85")
    one, other = (configured("nodes", f"<node id='1' uname='{name}'/><node id='2' uname='b'/>") for name in names)
    with pytest.raises(AssertionError) as caught:
        assert_same(one, other)
    assert '-    <node id="1" uname="a"/>' in str(caught.value).split("\n")
    assert '+    <node id="1" uname="&#133;"/>' in str(caught.value).split("\n")


@needs_corpus
@pytest.mark.parametrize("path", scheduler_cibs(), ids=lambda path: path.stem)
def test_real_cibs_are_the_same_however_they_are_written(path: Path) -> None:
    cib = etree.parse(path).getroot()
    other = deepcopy(cib)
    etree.indent(other, space="   ")
    assert_same(cib, other)
    assert_same_meaning(cib, other)
    next(other.iter("nvpair")).set("name", "changed")
    assert meaning(cib) != meaning(other)
