"""Resource agents: which are installed, and what they take; the commands are in the rooms beside this one."""

from __future__ import annotations

from crmsh_py.command.declare import Level

level = Level("ra", "Resource agents: which are installed, what they take.")
