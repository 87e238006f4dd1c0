"""Values that are hard on quoting, one by one, in every place that takes a value: both texts give them back."""

from __future__ import annotations

import pytest
from equality import assert_same, assert_same_meaning
from figures import count
from round_trip import document, fallbacks, load, save, show

from crmsh_py.cib.document import Cib

# without blanks
WORDS = r"""
\ \\ tr\ \lead \n \t\n C:\dir\ " "" "a" x\"y \' ' '' it's 'a' '"' $'a' $'a\nb' $ $x $x=y $id=x $id-ref=x $(id) `id`
${x} @ @x @x:y # #x #<!--x--> % & &amp; <a/> <!--a--> ]]> --> = a=b =a a= a==b : a:b :a a: :: a:b:c 100: inf: -inf:
xpath:/a attr:a=b { } {x} x{y} param{x} ( ) [ ] , a,b ; | ~ * ? ! ^a.*$ params META rule Op and OR date rsc to
select xml primitive spec start end eq defined duration lifetime role=Started name=value interval=10s description=x
type:version inf INFINITY -INFINITY 0 -1 +5 007 10s 1.5 true None - --force -o . straße 日本語 مرحبا 😀
""".split()
VALUES = [
    *WORDS,
    *("", " ", "  ", " lead", "trail ", "two  blanks", "( a )", "[ a ]", "# x", "#crm exact 1", 'say "x"', "a\\ b"),
    *("a\tb", "\t", "a\nb", "\n", "a\n\nb\n", "a\r\nb", "\r", "\n# c\n", "\x7f", "\x85", "\u200b", "\ufeff", "\u2028"),
    *("e\u0301", "\u00a0", "a\u00a0b", "x" * 300),
]


def resource(inner: str, attributes: str = 'class="ocf" provider="heartbeat" type="Dummy"') -> str:
    return f'<resources><primitive id="p" {attributes}>{inner}</primitive></resources>'


def nvpair(tag: str, wrapped: str = "{}") -> str:
    return wrapped.format(
        f'<{tag} id="s"><nvpair id="n" name="a" V="value"/><nvpair id="m" name="b" value="c"/></{tag}>'
    )


def operation(inner: str, attributes: str = "") -> str:
    return resource(f'<operations><op id="o" name="monitor" interval="10s" {attributes}>{inner}</op></operations>')


def bundle(inner: str) -> str:
    return f'<resources><bundle id="b">{inner}</bundle></resources>'


def topology(attributes: str) -> str:
    return f'<fencing-topology><fencing-level id="f" index="1" devices="d" {attributes}/></fencing-topology>'


def permission(attributes: str) -> str:
    return f'<acls><acl_role id="r"><acl_permission id="x" kind="read" {attributes}/></acl_role></acls>'


def options(section: str, tag: str, pair: str) -> str:
    return f'<{section}><{tag} id="s">{pair}</{tag}></{section}>'


def in_container(tag: str, attributes: str) -> str:
    return f'<resources><{tag} id="g" {attributes}><primitive id="p" class="lsb" type="y"/></{tag}></resources>'


def granted(target: str) -> str:
    return f'<acls><acl_role id="r"/><{target}><role id="r"/></{target.split(" ", maxsplit=1)[0]}></acls>'


def alert(inner: str, attributes: str = "") -> str:
    return f'<alerts><alert id="a" path="/x" {attributes}>{inner}</alert></alerts>'


def constraint(tag: str, attributes: str) -> str:
    return f'<constraints><{tag} id="c" {attributes}/></constraints>'


def ruled(expression: str, attributes: str = 'score="1"') -> str:
    rule = f'<rule id="r" {attributes}><{expression}</rule>'
    return f'<constraints><rsc_location id="l" rsc="p">{rule}</rsc_location></constraints>'


def dated(operation: str, attributes: str = "", inner: str = "") -> str:
    return ruled(f'date_expression id="e" operation="{operation}" {attributes}>{inner}</date_expression>')


def behind_rule(pair: str) -> str:
    date = '<date_expression id="e" operation="date_spec"><date_spec id="d" hours="1"/></date_expression>'
    rule = f'<rule id="r">{date}</rule>'
    return resource(f'<instance_attributes id="s">{rule}{pair}</instance_attributes>')


# Where a value can stand: the sections of a configuration; the attribute `V="name"` is the one that gets the value,
# where the value is that of `name`.
PLACES = {
    "parameter": resource(nvpair("instance_attributes")),
    "meta attribute": resource(nvpair("meta_attributes")),
    "utilization": resource(nvpair("utilization")),
    "op_params": operation(nvpair("instance_attributes")),
    "op_meta": operation(nvpair("meta_attributes")),
    "node attribute": nvpair("instance_attributes", '<nodes><node id="1" uname="u">{}</node></nodes>'),
    "property": nvpair("cluster_property_set", "<crm_config>{}</crm_config>"),
    "rsc_defaults": nvpair("meta_attributes", "<rsc_defaults>{}</rsc_defaults>"),
    "op_defaults": nvpair("meta_attributes", "<op_defaults>{}</op_defaults>"),
    "alert attribute": nvpair("instance_attributes", alert("{}")),
    "recipient attribute": nvpair("meta_attributes", alert('<recipient id="t" value="v">{}</recipient>')),
    "group parameter": nvpair(
        "instance_attributes",
        '<resources><group id="g">{}<primitive id="p" class="ocf" provider="x" type="y"/></group></resources>',
    ),
    "value behind a rule": behind_rule('<nvpair id="n" name="a" V="value"/>'),
    "name behind a rule": behind_rule('<nvpair id="n" V="name" value="x"/>'),
    "name without value behind a rule": behind_rule('<nvpair id="n" V="name"/>'),
    "name of a parameter": resource(
        '<instance_attributes id="s"><nvpair id="n" V="name" value="x"/></instance_attributes>'
    ),
    "name of a meta attribute": resource(
        '<meta_attributes id="s"><nvpair id="n" V="name" value="x"/></meta_attributes>'
    ),
    "name of a property": options("crm_config", "cluster_property_set", '<nvpair id="n" V="name" value="x"/>'),
    "name without value": resource(
        '<instance_attributes id="s"><nvpair id="n" V="name"/><nvpair id="m" name="b" value="c"/></instance_attributes>'
    ),
    "property without value": options("crm_config", "cluster_property_set", '<nvpair id="n" V="name"/>'),
    "description of a node": '<nodes><node id="1" uname="u" V="description"/></nodes>',
    "description of a primitive": resource("", 'class="ocf" provider="x" type="y" V="description"'),
    "description of a template": '<resources><template id="t" class="lsb" type="y" V="description"/></resources>',
    "description of a group": in_container("group", 'V="description"'),
    "description of a clone": in_container("clone", 'V="description"'),
    "description of a bundle": '<resources><bundle id="b" V="description"><docker image="i"/></bundle></resources>',
    "description of a role": '<acls><acl_role id="r" V="description"/></acls>',
    "description of a permission": permission('xpath="/cib" V="description"'),
    "description of an alert": alert("", 'V="description"'),
    "description of a recipient": alert('<recipient id="t" value="v" V="description"/>'),
    "description of an operation": operation("", 'V="description"'),
    "attribute of an expression": ruled('expression id="e" V="attribute" operation="eq" value="x"/>'),
    "attribute that is defined": ruled('expression id="e" V="attribute" operation="defined"/>'),
    "value of an expression": ruled('expression id="e" attribute="a" operation="eq" V="value"/>'),
    "value of a version": ruled('expression id="e" attribute="a" operation="gt" type="version" V="value"/>'),
    "value in a parameter": ruled('expression id="e" attribute="a" operation="eq" value-source="param" V="value"/>'),
    "value that is literal": ruled('expression id="e" attribute="a" operation="eq" value-source="literal" V="value"/>'),
    "score-attribute": ruled('expression id="e" attribute="a" operation="defined"/>', 'V="score-attribute"'),
    "date before": dated("lt", 'V="end"'),
    "date behind": dated("gt", 'V="start"'),
    "start of a range": dated("in_range", 'V="start" end="x"'),
    "end of a range": dated("in_range", 'V="end"'),
    "duration": dated("in_range", 'start="x"', '<duration id="d" V="hours"/>'),
    "date spec": dated("date_spec", "", '<date_spec id="d" V="hours"/>'),
    "class of rsc": ruled('rsc_expression id="e" V="class" type="x"/>'),
    "provider of rsc": ruled('rsc_expression id="e" class="ocf" V="provider" type="x"/>'),
    "type of rsc": ruled('rsc_expression id="e" V="type"/>'),
    "name of op": ruled('op_expression id="e" V="name"/>'),
    "interval of op": ruled('op_expression id="e" name="monitor" V="interval"/>'),
    "ticket": constraint("rsc_ticket", 'rsc="p" V="ticket"'),
    "node of a location": constraint("rsc_location", 'rsc="p" score="1" V="node"'),
    "rsc-pattern": constraint("rsc_location", 'V="rsc-pattern" score="1" node="n"'),
    "node-attribute": constraint("rsc_colocation", 'rsc="p" with-rsc="q" score="1" V="node-attribute"'),
    "name of a node": '<nodes><node id="1" V="uname"/></nodes>',
    "id of a node": '<nodes><node V="id" uname="n"/></nodes>',
    "type of an agent": resource("", 'class="ocf" provider="heartbeat" V="type"'),
    "provider of an agent": resource("", 'class="ocf" V="provider" type="x"'),
    "unit": resource("", 'class="systemd" V="type"'),
    "fencing target": topology('V="target"'),
    "fencing pattern": topology('V="target-pattern"'),
    "fencing attribute": topology('V="target-attribute" target-value="x"'),
    "fencing value": topology('target-attribute="x" V="target-value"'),
    "path of an alert": '<alerts><alert id="a" V="path"/></alerts>',
    "recipient": alert('<recipient id="t" V="value"/>'),
    "one of two recipients": alert('<recipient id="t" V="value"/><recipient id="u" value="b"/>'),
    "selected attribute": alert('<select><select_attributes><attribute id="t" V="name"/></select_attributes></select>'),
    "xpath": permission('V="xpath"'),
    "object type": permission('V="object-type"'),
    "attribute of a permission": permission('object-type="x" V="attribute"'),
    "name of an acl_target": granted('acl_target id="t" V="name"'),
    "id of an acl_target": granted('acl_target V="id"'),
    "id of an acl_group": granted('acl_group V="id"'),
    "image": bundle('<docker V="image"/>'),
    "options of a container": bundle('<podman image="i" V="options"/>'),
    "network": bundle('<docker image="i"/><network V="ip-range-start"/>'),
    "port-mapping": bundle('<docker image="i"/><network><port-mapping id="m" V="port"/></network>'),
    "storage-mapping": bundle(
        '<docker image="i"/><storage><storage-mapping id="m" source-dir="s" V="target-dir"/></storage>'
    ),
    "member of a tag": '<tags><tag id="t"><obj_ref V="id"/><obj_ref id="b"/></tag></tags>',
    "name of an operation": resource('<operations><op id="o" V="name" interval="10s"/></operations>'),
    "interval of an operation": resource('<operations><op id="o" name="monitor" V="interval"/></operations>'),
    "timeout of an operation": operation("", 'V="timeout"'),
}


def cib_with(place: str, value: str) -> Cib:
    cib = Cib.parse(
        f'<cib validate-with="pacemaker-3.9"><configuration>{PLACES[place]}</configuration></cib>'.encode(), place
    )
    (element,) = cib.root.xpath("//*[@V]")
    element.set(element.attrib.pop("V"), value)
    return cib


def trouble(cib: Cib, *, exact: bool) -> str | None:
    """What goes wrong with the text of a CIB, if anything does."""
    try:
        text = save(cib) if exact else show(cib)
        if raw := fallbacks(text):
            return f"said as {raw}"
        (assert_same if exact else assert_same_meaning)(document(cib), document(load(text, cib.schema)))
    except AssertionError as error:
        return f"{text}\n{error}"
    except Exception as error:
        return repr(error)
    return None


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "readable"])
@pytest.mark.parametrize("place", PLACES)
def test_every_value_comes_back(place: str, exact: bool) -> None:
    wrong = {value: trouble(cib_with(place, value), exact=exact) for value in VALUES}
    for said in wrong.values():
        count(f"values: {'exact' if exact else 'readable'} text", "differ" if said else "same", of=("same", "differ"))
    bad = {value: said for value, said in wrong.items() if said}
    first = next(iter(bad.values()), "")
    assert not bad, f"{len(bad)} values at {place}: {list(bad)}\n{first}"


def test_there_are_many_values_and_places() -> None:
    assert len(set(VALUES)) >= 60
    assert len(PLACES) >= 60
