"""The level where the shell starts; its commands are in the rooms beside this one."""

from __future__ import annotations

from crmsh_py.command.declare import Level
from crmsh_py.levels import NOT_YET, below

level = Level("root", "a shell for Pacemaker clusters", sublevels=below("root"), not_yet=NOT_YET)
