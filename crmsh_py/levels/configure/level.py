"""The level of the configuration; its commands are in the rooms beside this one."""

from __future__ import annotations

from crmsh_py.command.declare import Level
from crmsh_py.levels import below

NOT_YET = (
    "cibstatus",
    "history",
    "ptest",
    "rsctest",
    "simulate",
    "template",
)

level = Level(
    "configure",
    "The cluster's configuration: show, edit, verify, commit.",
    sublevels=below("configure"),
    not_yet=NOT_YET,
    aliases={"collocation": "colocation"},
)
