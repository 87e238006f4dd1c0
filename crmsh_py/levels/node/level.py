"""The level of nodes; its commands are in the rooms beside this one."""

from __future__ import annotations

from crmsh_py.command.declare import Level

level = Level("node", "Nodes: standby, maintenance, fencing, attributes.")
