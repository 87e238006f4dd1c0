"""CIBs of small clusters with a status section, as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def cib(tmp_path: Path, resources: str = "", crm_config: str = "", status: str = "", constraints: str = "") -> Path:
    """A cluster of two nodes, of which east is online and the DC."""
    path = tmp_path / "cib.xml"
    path.write_text(
        f"""<cib validate-with="pacemaker-3.0" crm_feature_set="3.1.0" epoch="1" num_updates="0" admin_epoch="0"
have-quorum="1" dc-uuid="1"><configuration><crm_config><cluster_property_set id="o">
<nvpair id="o-i" name="cluster-infrastructure" value="corosync"/>{crm_config}</cluster_property_set></crm_config>
<nodes><node id="1" uname="east"/><node id="2" uname="west"/></nodes>
<resources>{resources}</resources><constraints>{constraints}</constraints></configuration>
<status>{status or node_state("1", "east") + node_state("2", "west")}</status></cib>""",
        encoding="utf-8",
    )
    return path


def node_state(id_: str, name: str, lrm: str = "", attributes: str = "", crmd: str = "online") -> str:
    is_up = "true" if crmd == "online" else "false"
    return f"""<node_state id="{id_}" uname="{name}" in_ccm="{is_up}" crmd="{crmd}" join="member" expected="member">
<lrm id="{id_}"><lrm_resources>{lrm}</lrm_resources></lrm>
<transient_attributes id="{id_}"><instance_attributes id="s-{id_}">{attributes}</instance_attributes>
</transient_attributes></node_state>"""


def ran_op(resource: str, operation: str, code: int, reason: str = "", interval: int = 0) -> str:
    """The history of one operation of a Dummy."""
    key = f"{resource}_{operation}_{interval}"
    return f"""<lrm_resource id="{resource}" class="ocf" provider="pacemaker" type="Dummy"><lrm_rsc_op id="{key}"
operation_key="{key}" operation="{operation}" interval="{interval}" call-id="7" rc-code="{code}" op-status="0"
exit-reason="{reason}" transition-key="1:1:0:0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b" last-rc-change="1600000000"
transition-magic="0:{code};1:1:0:0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b" exec-time="1500"/></lrm_resource>"""


def dummy(id_: str, **meta: str) -> str:
    pairs = "".join(f'<nvpair id="{id_}-{name}" name="{name}" value="{value}"/>' for name, value in meta.items())
    return f"""<primitive id="{id_}" class="ocf" provider="pacemaker" type="Dummy">
<meta_attributes id="{id_}-m">{pairs}</meta_attributes></primitive>"""


def option(name: str, value: str) -> str:
    return f'<nvpair id="o-{name}" name="{name}" value="{value}"/>'


def device() -> str:
    """A fencing device, without which something would be wrong."""
    return '<primitive id="fence" class="stonith" type="fence_dummy"/>'


def online(name: str) -> str:
    """The state of the second node, which is as it should be."""
    return node_state("2", name)
