"""A fence agent for the nodes of a test bed: it says that it has done what it is asked to do, and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bed import Node

AGENT = """#!/bin/sh
for word in "$@"; do [ "$word" = metadata ] && set -- metadata; done
action=${1#--action=}
[ $# -gt 0 ] || while read -r line; do case "$line" in action=*) action=${line#action=} ;; esac; done
case "$action" in metadata) cat <<'XML'
<?xml version="1.0"?>
<resource-agent name="fence_said" shortdesc="says that it has done it"><longdesc>says so</longdesc><parameters>
<parameter name="action"><content type="string" default="reboot"/></parameter>
<parameter name="plug"><content type="string"/></parameter></parameters>
<actions><action name="on"/><action name="off"/><action name="reboot"/><action name="monitor"/><action name="list"/>
<action name="metadata"/></actions></resource-agent>
XML
;; esac
"""
NAME = "fence_said"


def device(*nodes: Node) -> str:
    """Install the agent on these nodes, which are on; the primitive of a device that can fence all of them.

    What was fenced in the bed before is forgotten: it outlives a reset.
    """
    nodes[0].run("stonith_admin", "--cleanup", "--history=*")
    for node in nodes:
        path = node.path(f"/usr/sbin/{NAME}")
        path.write_text(AGENT, encoding="utf-8")
        path.chmod(0o755)
    names = " ".join(node.name for node in nodes)
    return f"""<primitive id="device" class="stonith" type="{NAME}"><instance_attributes id="device-i">
<nvpair id="device-h" name="pcmk_host_list" value="{names}"/></instance_attributes></primitive>"""
