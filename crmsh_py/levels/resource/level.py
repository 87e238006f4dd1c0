"""The level of resources; its commands are in the rooms beside this one."""

from __future__ import annotations

from crmsh_py.command.declare import Level

level = Level("resource", "Resources: start, stop, move, their attributes and failures.")
