"""A CIB file with a status section: a cluster of two nodes, east and west, as XML that tests put together."""

from __future__ import annotations

from pathlib import Path

AT = "1600000000"
KEY = "1:1:0:0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b"
DUMMY, DEVICE = "ocf:pacemaker:Dummy", "stonith:fence_x"
NODES = '<node id="1" uname="east"/><node id="2" uname="west"/>'


def option(name: str, value: str, prefix: str = "o") -> str:
    """An nvpair, of a cluster option for instance."""
    return f'<nvpair id="{prefix}-{name}" name="{name}" value="{value}"/>'


def options(pairs: dict[str, str], prefix: str = "o") -> str:
    return "".join(option(name, value, prefix) for name, value in pairs.items())


# ---- resources


def primitive(id_: str, agent: str = DUMMY, inside: str = "", **meta: str) -> str:
    return f'<primitive id="{id_}" {_type(agent)}>{_meta(id_, meta)}{inside}</primitive>'


def device() -> str:
    """A fencing device, without which something would be wrong."""
    return primitive("fence", DEVICE)


def clone(id_: str, inside: str, **meta: str) -> str:
    return f'<clone id="{id_}">{_meta(id_, meta)}{inside}</clone>'


def _type(agent: str) -> str:
    class_, _, rest = agent.partition(":")
    provider, colon, type_ = rest.rpartition(":")
    kept = f' provider="{provider}"' if colon else ""
    return f'class="{class_}"{kept} type="{type_}"'


def _meta(id_: str, meta: dict[str, str]) -> str:
    pairs = options({name.replace("_", "-"): value for name, value in meta.items()}, f"{id_}-m")
    return f'<meta_attributes id="{id_}-m">{pairs}</meta_attributes>' if meta else ""


# ---- status


def ran(resource: str, *operations: tuple[str, int, int], agent: str = DUMMY, reason: str = "") -> str:
    """What a node remembers of a resource: operation, interval in ms, exit code."""
    ops = "".join(
        f'<lrm_rsc_op id="{resource}_{"last_failure_0" if code else f"{operation}_{interval}"}"'
        f' operation_key="{resource}_{operation}_{interval}" operation="{operation}" interval="{interval}"'
        f' call-id="{call}" rc-code="{code}" op-status="0" exit-reason="{reason}" transition-key="{KEY}"'
        f' transition-magic="0:{code};{KEY}" last-rc-change="{AT}" exec-time="1500" queue-time="0"/>'
        for call, (operation, interval, code) in enumerate(operations, 5)
    )
    return f'<lrm_resource id="{resource}" {_type(agent)}>{ops}</lrm_resource>'


def ran_op(resource: str, operation: str, code: int, reason: str = "", interval: int = 0) -> str:
    """The same, of one operation of a Dummy."""
    return ran(resource, (operation, interval, code), reason=reason)


def node_state(
    id_: str, name: str, history: str = "", attributes: str = "", crmd: str = "online", join: str = "member"
) -> str:
    """The status of a node. Offline and still a member, it is unclean; with join="down" it has left in order."""
    return (
        f'<node_state id="{id_}" uname="{name}" in_ccm="{str(crmd == "online").lower()}" crmd="{crmd}" join="{join}"'
        f' expected="{join}"><lrm id="{id_}"><lrm_resources>{history}</lrm_resources></lrm>'
        f'<transient_attributes id="{id_}"><instance_attributes id="s-{id_}">{attributes}</instance_attributes>'
        "</transient_attributes></node_state>"
    )


def online(name: str) -> str:
    """The state of the second node, which is as it should be."""
    return node_state("2", name)


# ---- the CIB

RUNS = ("start", 0, 0)
WELL = ran("web", RUNS) + ran("fence", RUNS, agent=DEVICE)


def cib(
    folder: Path,
    resources: str = "",
    crm_config: str = "",
    status: str = "",
    constraints: str = "",
    *,
    nodes: str = NODES,
    dc: str = "1",
    quorum: str = "1",
) -> Path:
    """A cluster of two nodes, of which east is online and the DC; without status, both are online."""
    path = folder / "cib.xml"
    path.write_text(
        '<cib validate-with="pacemaker-3.0" crm_feature_set="3.1.0" epoch="1" num_updates="0" admin_epoch="0"'
        f' have-quorum="{quorum}" dc-uuid="{dc}"><configuration><crm_config><cluster_property_set id="o">'
        f"{option('cluster-infrastructure', 'corosync')}{crm_config}</cluster_property_set></crm_config>"
        f"<nodes>{nodes}</nodes><resources>{resources}</resources><constraints>{constraints}</constraints>"
        f"</configuration><status>{status or node_state('1', 'east') + node_state('2', 'west')}</status></cib>",
        encoding="utf-8",
    )
    return path


def well(
    folder: Path,
    *,
    options: dict[str, str] | None = None,
    more: str = "",
    web: str = primitive("web"),
    fence: str = primitive("fence", DEVICE),
    east: str = node_state("1", "east", WELL),
    west: str = node_state("2", "west"),
    tickets: str = "",
    **others: str,
) -> Path:
    """A cluster that is well, where web and a device run, but for what is said otherwise; more: other resources."""
    set_ = "".join(option(name, value) for name, value in (options or {}).items())
    status = f"{east}{west}<tickets>{tickets}</tickets>"
    return cib(folder, web + fence + more, set_, status, **others)
