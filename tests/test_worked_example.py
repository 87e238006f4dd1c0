"""A whole configuration as it is typed, as it is printed, and what of it is in the CIB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree
from round_trip import load, save, show, typed

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib

TYPED = """\
property stonith-enabled=false
node east description="rack 4" attributes zone=e utilization ram=64
node west
primitive vip IPaddr2 params ip=10.1.1.5 cidr_netmask=24 op monitor interval=20 timeout=30 on-fail=restart
primitive web apache params configfile="/srv/www/a b.conf" op monitor interval=30s OCF_CHECK_LEVEL=20 \\
    op start timeout=90 meta migration-threshold=3
primitive logd systemd:rsyslog
rsc_template base Dummy params fake=t op monitor interval=15s
primitive job1 @base params fake=j1
primitive db ocf:pacemaker:Stateful op monitor interval=10s role=Promoted op monitor interval=12s role=Unpromoted
primitive np Dummy params 2: rule #uname eq east fake=e params 1: fake=o
group front vip web meta target-role=Started
clone dbc db meta promoted-max=1 notify=true
location west-no front rule -inf: #uname eq west or not_defined ping
location night job1 rule 50: date spec hours=22-23 weekdays=6-7
location disc np resource-discovery=never -inf: west
colocation f-db 500: front dbc:Promoted
order db-f Mandatory: dbc:promote front:start
order par Optional: job1 ( np logd ) symmetrical=false
colocation near -inf: np job1
rsc_ticket tk geo: dbc:Promoted loss-policy=demote
tag edge vip np
rsc_defaults resource-stickiness=200
op_defaults timeout=60s
alert mail /usr/local/bin/alert.sh select nodes fencing to ops@example.org
role ops write meta:np:target-role read status
acl_target sue ops
"""
PRINTED = """\
node east \\
	description="rack 4" \\
	attributes zone=e \\
	utilization ram=64
node west
rsc_template base Dummy \\
	params fake=t \\
	op monitor interval=15s
primitive db ocf:pacemaker:Stateful \\
	op monitor interval=10s role=Promoted \\
	op monitor interval=12s role=Unpromoted
primitive job1 @base \\
	params fake=j1
primitive logd systemd:rsyslog
primitive np Dummy \\
	params 2: rule #uname eq east fake=e \\
	params 1: fake=o
primitive vip IPaddr2 \\
	params ip=10.1.1.5 cidr_netmask=24 \\
	op monitor interval=20s timeout=30s on-fail=restart
primitive web apache \\
	params configfile="/srv/www/a b.conf" \\
	op monitor interval=30s \\
	op_params OCF_CHECK_LEVEL=20 \\
	op start timeout=90s interval=0s \\
	meta migration-threshold=3
group front vip web \\
	meta target-role=Started
clone dbc db \\
	meta promoted-max=1 notify=true promotable=true interleave=true
tag edge vip np
order db-f Mandatory: dbc:promote front:start
location disc np resource-discovery=never -inf: west
colocation f-db 500: front dbc:Promoted
colocation near -inf: np job1
location night job1 \\
	rule 50: date spec hours=22-23 weekdays=6-7
order par Optional: job1 ( np logd ) symmetrical=false
location west-no front \\
	rule -inf: #uname eq west or not_defined ping
rsc_ticket tk geo: dbc:Promoted loss-policy=demote
property cib-bootstrap-options: \\
	stonith-enabled=false
rsc_defaults rsc-options: \\
	resource-stickiness=200
op_defaults op-options: \\
	timeout=60s
role ops \\
	write meta:np:target-role \\
	read status
acl_target sue \\
	ops
alert mail "/usr/local/bin/alert.sh" \\
	select nodes fencing \\
	to "ops@example.org"
"""
# What the CIB holds: an XPath in <configuration>, what it gives.
FACTS = [
    ("nodes/node[@uname='east']/@id", ["east"]),
    ("nodes/node[@uname='east']/@description", ["rack 4"]),
    ("nodes/node[@id='east']/instance_attributes/@id", ["east-instance_attributes"]),
    ("nodes/node[@id='east']/utilization/@id", ["east-utilization"]),
    ("//primitive[@id='web']/operations/op[1]/@*", ["30s", "monitor", "web-monitor-30s"]),
    ("//op[@id='web-monitor-30s']/instance_attributes/@id", ["web-monitor-30s-instance_attributes"]),
    ("//op[@id='web-monitor-30s']//nvpair/@name", ["OCF_CHECK_LEVEL"]),
    ("//op[@id='web-monitor-30s']//nvpair/@id", ["web-monitor-30s-instance_attributes-OCF_CHECK_LEVEL"]),
    ("//op[@id='web-start-0s']/@timeout", ["90s"]),
    ("resources/template[@id='base']/@*[name()!='id']", ["Dummy", "heartbeat", "ocf"]),
    ("//primitive[@id='job1']/@*[name()!='id']", ["base"]),
    ("//clone[@id='dbc']/meta_attributes/nvpair/@name", ["promoted-max", "notify", "promotable", "interleave"]),
    ("//clone[@id='dbc']/*[1][self::meta_attributes]/@id", ["dbc-meta_attributes"]),
    ("//primitive[@id='np']/instance_attributes/@id", ["np-instance_attributes", "np-instance_attributes-0"]),
    ("//primitive[@id='np']/instance_attributes/@score", ["2", "1"]),
    ("//rule[@id='np-instance_attributes-rule']/@score", ["INFINITY"]),
    ("//rule[@id='west-no-rule']/@score", ["-INFINITY"]),
    ("//rule[@id='west-no-rule']/@boolean-op", ["or"]),
    ("//rule[@id='west-no-rule']/expression/@id", ["west-no-rule-expression", "west-no-rule-expression-0"]),
    ("//rule[@id='night-rule']/date_expression/@operation", ["date_spec"]),
    ("//rule[@id='night-rule']/date_expression/date_spec/@*[name()!='id']", ["22-23", "6-7"]),
    ("//date_spec/@id", ["night-rule-expression-date_spec"]),
    ("//rsc_location[@id='disc']/@rsc", ["np"]),
    ("//rsc_location[@id='disc']/@resource-discovery", ["never"]),
    ("//rsc_location[@id='disc']/@score", ["-INFINITY"]),
    ("//rsc_location[@id='disc']/@node", ["west"]),
    ("//rsc_colocation[@id='f-db']/@score", ["500"]),
    ("//rsc_colocation[@id='f-db']/@with-rsc", ["dbc"]),
    ("//rsc_colocation[@id='f-db']/@with-rsc-role", ["Promoted"]),
    ("//rsc_order[@id='db-f']/@kind", ["Mandatory"]),
    ("//rsc_order[@id='db-f']/@first-action", ["promote"]),
    ("//rsc_order[@id='db-f']/@then-action", ["start"]),
    ("//rsc_order[@id='par']/@symmetrical", ["false"]),
    ("//rsc_order[@id='par']/resource_set/@id", ["par-0", "par-1"]),
    ("//resource_set[@id='par-0']/@sequential", []),
    ("//resource_set[@id='par-1']/@sequential", ["false"]),
    ("//rsc_ticket/@*[name()!='id']", ["Promoted", "dbc", "demote", "geo"]),
    ("alerts/alert/recipient/@id", ["mail-recipient-1"]),
    ("acls/acl_role/acl_permission/@id", ["ops-0", "ops-1"]),
    (
        "acls/acl_role/acl_permission/@xpath",
        ["//primitive[@id='np']/meta_attributes/nvpair[@name='target-role']", "/cib/status"],
    ),
    ("crm_config/cluster_property_set/@id", ["cib-bootstrap-options"]),
    ("crm_config//nvpair/@id", ["cib-bootstrap-options-stonith-enabled"]),
    ("rsc_defaults//@id", ["rsc-options", "rsc-options-resource-stickiness"]),
    ("op_defaults//@id", ["op-options", "op-options-timeout"]),
]
SECTIONS = ["crm_config", "nodes", "resources", "constraints", "acls", "alerts", "tags", "rsc_defaults", "op_defaults"]


@pytest.fixture(scope="module")
def cib() -> Cib:
    return typed(TYPED)


def test_it_prints_in_canonical_form(cib: Cib) -> None:
    assert show(cib) == PRINTED


def test_canonical_form_loads_as_the_same_configuration(cib: Cib) -> None:
    assert show(load(PRINTED)) == PRINTED
    assert configuration(load(save(cib))) == configuration(cib)


@pytest.mark.parametrize(("path", "found"), FACTS)
def test_the_cib_holds(cib: Cib, path: str, found: list[str]) -> None:
    got = cib.configuration.xpath(path)
    # the order of attributes means nothing in XML
    assert (sorted(got) if "@*" in path else got) == found


def test_the_sections(cib: Cib) -> None:
    assert sorted(str(section.tag) for section in cib.configuration) == sorted(SECTIONS)


def configuration(cib: Cib) -> dict[str, list[bytes]]:
    """The objects of each section, in an order of their own."""
    return {
        str(section.tag): sorted(etree.tostring(el, method="c14n") for el in section) for section in cib.configuration
    }
