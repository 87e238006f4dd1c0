"""A CIB file with a status section: a cluster of two nodes, east and west, where a resource and a device run."""

from __future__ import annotations

from pathlib import Path

AT = "1600000000"
KEY = "1:1:0:0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b"


def primitive(id_: str, agent: str = "ocf:pacemaker:Dummy", inside: str = "", **meta: str) -> str:
    """The XML of a primitive."""
    class_, _, rest = agent.partition(":")
    provider, colon, type_ = rest.rpartition(":")
    kept = f' provider="{provider}"' if colon else ""
    return f'<primitive id="{id_}" class="{class_}"{kept} type="{type_}">{_meta(id_, meta)}{inside}</primitive>'


def clone(id_: str, inside: str, **meta: str) -> str:
    """The XML of a clone."""
    return f'<clone id="{id_}">{_meta(id_, meta)}{inside}</clone>'


def _meta(id_: str, meta: dict[str, str]) -> str:
    pairs = {name.replace("_", "-"): value for name, value in meta.items()}
    return f'<meta_attributes id="{id_}-m">{_pairs(f"{id_}-m", pairs)}</meta_attributes>' if meta else ""


def _pairs(prefix: str, pairs: dict[str, str]) -> str:
    return "".join(f'<nvpair id="{prefix}-{name}" name="{name}" value="{value}"/>' for name, value in pairs.items())


def ran(resource: str, *operations: tuple[str, int, int], agent: str = "ocf:pacemaker:Dummy", reason: str = "") -> str:
    """What a node remembers of a resource: operation, interval in ms, exit code."""
    class_, _, rest = agent.partition(":")
    provider, colon, type_ = rest.rpartition(":")
    kept = f' provider="{provider}"' if colon else ""
    ops = "".join(
        f'<lrm_rsc_op id="{resource}_{"last_failure_0" if code else f"{operation}_{interval}"}"'
        f' operation_key="{resource}_{operation}_{interval}" operation="{operation}" interval="{interval}"'
        f' call-id="{call}" rc-code="{code}" op-status="0" exit-reason="{reason}" transition-key="{KEY}"'
        f' transition-magic="0:{code};{KEY}" last-rc-change="{AT}" exec-time="1500" queue-time="0"/>'
        for call, (operation, interval, code) in enumerate(operations, 5)
    )
    return f'<lrm_resource id="{resource}" class="{class_}"{kept} type="{type_}">{ops}</lrm_resource>'


def node_state(
    id_: str, name: str, history: str = "", attributes: dict[str, str] | None = None, up: bool = True
) -> str:
    """The status of a node."""
    crmd, join = ("online", "member") if up else ("offline", "down")
    return (
        f'<node_state id="{id_}" uname="{name}" in_ccm="{str(up).lower()}" crmd="{crmd}" join="{join}"'
        f' expected="{join}"><lrm id="{id_}"><lrm_resources>{history}</lrm_resources></lrm>'
        f'<transient_attributes id="{id_}"><instance_attributes id="s-{id_}">{_pairs(f"s-{id_}", attributes or {})}'
        "</instance_attributes></transient_attributes></node_state>"
    )


DEVICE, RUNS = "stonith:fence_x", ("start", 0, 0)
WELL = ran("web", RUNS) + ran("fence", RUNS, agent=DEVICE)


def cib(
    folder: Path,
    *,
    options: dict[str, str] | None = None,
    nodes: str = '<node id="1" uname="east"/><node id="2" uname="west"/>',
    more: str = "",
    constraints: str = "",
    web: str = primitive("web"),
    fence: str = primitive("fence", DEVICE),
    east: str | None = None,
    west: str | None = None,
    tickets: str = "",
    dc: str = "1",
    quorum: str = "1",
) -> Path:
    """A cluster that is well, but for what is said otherwise; more: resources beside web and fence."""
    path = folder / "cib.xml"
    east = node_state("1", "east", WELL) if east is None else east
    west = node_state("2", "west") if west is None else west
    set_ = _pairs("o", {"cluster-infrastructure": "corosync", **(options or {})})
    path.write_text(
        f'<cib validate-with="pacemaker-3.0" crm_feature_set="3.1.0" epoch="1" num_updates="0" admin_epoch="0"'
        f' have-quorum="{quorum}" dc-uuid="{dc}"><configuration><crm_config><cluster_property_set id="o">{set_}'
        f"</cluster_property_set></crm_config><nodes>{nodes}</nodes><resources>{web}{fence}{more}</resources>"
        f"<constraints>{constraints}</constraints></configuration><status>{east}{west}<tickets>{tickets}</tickets>"
        "</status></cib>",
        encoding="utf-8",
    )
    return path
