"""What the nodes of a test bed start from, and get back to: corosync.conf, the CIB."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bed.node import PATH, wait_until

if TYPE_CHECKING:
    from bed.node import Node

# With Pacemaker's own dc-deadtime the first election waits for 20 s.
OPTIONS = {"dc-deadtime": "1s", "stonith-enabled": "false"}
# Attributes that Pacemaker itself gives a node.
OWN = ("#feature-set", "probe_complete", "shutdown")
COROSYNC = """\
totem {{
  version: 2
  cluster_name: bed
  transport: knet
  # a lost node is noticed within seconds
  token: 1000
}}
nodelist {{
{nodes}}}
quorum {{
  provider: corosync_votequorum
}}
logging {{
  to_stderr: yes
  to_syslog: no
}}
"""
NODE = "  node {{\n    nodeid: {number}\n    name: {name}\n    ring0_addr: {address}\n  }}\n"

File = tuple[str, str, int]


def files(addresses: Mapping[str, str], options: Mapping[str, str]) -> dict[str, dict[str, File]]:
    """For each node: paths -> content, owner, mode."""
    hosts = "127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for name, address in addresses.items())
    members = enumerate(addresses.items(), 1)
    nodes = "".join(NODE.format(number=number, name=name, address=address) for number, (name, address) in members)
    same = {
        "etc/hosts": (hosts, "root:root", 0o644),
        "etc/resolv.conf": ("", "root:root", 0o644),
        "etc/corosync/corosync.conf": (COROSYNC.format(nodes=nodes), "root:root", 0o644),
        "var/lib/pacemaker/cib/cib.xml": (_cib(options), "hacluster:haclient", 0o600),
    }
    return {name: same | {"etc/hostname": (f"{name}\n", "root:root", 0o644)} for name in addresses}


def _cib(options: Mapping[str, str]) -> str:
    empty = subprocess.run(["cibadmin", "--empty"], check=True, capture_output=True, env={"PATH": PATH})
    cib = ET.fromstring(empty.stdout)
    name = "cib-bootstrap-options"
    found = ET.SubElement(cib.find("configuration/crm_config"), "cluster_property_set", id=name)
    for option, value in options.items():
        ET.SubElement(found, "nvpair", id=f"{name}-{option}", name=option, value=value)
    return ET.tostring(cib, encoding="unicode")


def restore(node: Node, seeded: bytes) -> None:
    """Give the cluster the configuration of a CIB that was read before, and no status but of its nodes.

    The resources end first. TimeoutError where they do not.
    """
    _configure(node, seeded)
    wait_until("the resources are gone", lambda: _is_idle(node) and not _status(node, "lrm_resource"))
    for state in _status(node, "node_state"):
        for attribute in state.iterfind("transient_attributes//nvpair"):
            name, uname = attribute.get("name"), state.get("uname")
            if name is None:
                # what is left of one that a user might not write
                node.cibadmin("--delete", "--xpath", f"//nvpair[@id='{attribute.get('id')}']")
            # an attribute may be there before the node's state has its name
            elif name not in OWN and uname:
                node.run("attrd_updater", "--delete", "--name", name, "--node", uname, check=True)


def _configure(node: Node, seeded: bytes) -> None:
    now, wanted = ET.fromstring(node.cib()), ET.fromstring(seeded)
    if now.get("validate-with") != wanted.get("validate-with"):
        # the schema is of the whole, which is taken only if it is newer
        wanted.set("admin_epoch", now.get("admin_epoch"))
        wanted.set("epoch", str(int(now.get("epoch")) + 1))
        node.cibadmin("--replace", "--xml-pipe", stdin=ET.tostring(wanted))
    elif ET.tostring(now.find("configuration")) != ET.tostring(wanted.find("configuration")):
        # a replacement would cost an election
        before, after = node.path("/run/before.xml"), node.path("/run/after.xml")
        before.write_bytes(ET.tostring(now))
        now[0] = wanted[0]
        after.write_bytes(ET.tostring(now))
        argv = ("crm_diff", "--no-version", "--original=/run/before.xml", "--new=/run/after.xml")
        node.cibadmin("--patch", "--xml-pipe", stdin=node.run(*argv).out)


def _status(node: Node, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(node.cibadmin("--query", "--scope=status").out).iter(tag))


def _is_idle(node: Node) -> bool:
    """Whether the designated controller has nothing to do."""
    return "S_IDLE" in "".join(node.run("crmadmin", "--status", name).out for name in node.bed.nodes)
