"""The configurations that are measured: n primitives, n/4 groups of two, n/4 locations, n/4 orders, 16 nodes."""

from __future__ import annotations

NODES = 16
OPTIONS = (
    '<crm_config><cluster_property_set id="cib-bootstrap-options">'
    '<nvpair id="cib-bootstrap-options-stonith-enabled" name="stonith-enabled" value="false"/>'
    "</cluster_property_set></crm_config>"
)


def as_text(n: int) -> str:
    """The configuration in the configuration language."""
    lines = [f"node {i + 1}: node{i}" for i in range(NODES)]
    lines += [
        f"primitive p{i} Dummy params fake={i} op monitor interval=30s timeout=20s meta migration-threshold=3"
        for i in range(n)
    ]
    lines += [f"group g{i} p{2 * i} p{2 * i + 1}" for i in range(n // 4)]
    lines += [f"location l{i} g{i} {i}: node{i % NODES}" for i in range(n // 4)]
    lines += [f"order o{i} Mandatory: g{i} p{n - 1 - i}" for i in range(n // 4)]
    return "\n".join(lines) + "\n"


def as_xml(n: int) -> str:
    """The same as a CIB."""
    groups = "".join(f'<group id="g{i}">{_primitive(2 * i)}{_primitive(2 * i + 1)}</group>' for i in range(n // 4))
    single = "".join(_primitive(i) for i in range(n // 4 * 2, n))
    locations = "".join(
        f'<rsc_location id="l{i}" rsc="g{i}" score="{i}" node="node{i % NODES}"/>' for i in range(n // 4)
    )
    orders = "".join(f'<rsc_order id="o{i}" kind="Mandatory" first="g{i}" then="p{n - 1 - i}"/>' for i in range(n // 4))
    nodes = "".join(f'<node id="{i + 1}" uname="node{i}"/>' for i in range(NODES))
    return (
        '<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">'
        f"<configuration>{OPTIONS}<nodes>{nodes}</nodes><resources>{groups}{single}</resources>"
        f"<constraints>{locations}{orders}</constraints></configuration><status/></cib>"
    )


def _primitive(i: int) -> str:
    return (
        f'<primitive id="p{i}" class="ocf" provider="heartbeat" type="Dummy">'
        f'<instance_attributes id="p{i}-instance_attributes">'
        f'<nvpair name="fake" value="{i}" id="p{i}-instance_attributes-fake"/></instance_attributes>'
        f'<operations><op name="monitor" interval="30s" timeout="20s" id="p{i}-monitor-30s"/></operations>'
        f'<meta_attributes id="p{i}-meta_attributes">'
        f'<nvpair name="migration-threshold" value="3" id="p{i}-meta_attributes-migration-threshold"/>'
        "</meta_attributes></primitive>"
    )
