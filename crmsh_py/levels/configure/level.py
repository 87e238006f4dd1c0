"""The level of the configuration; its commands are in the rooms beside this one."""

from __future__ import annotations

from crmsh_py.command.declare import Level

NOT_YET = (
    "assist",
    "cib",
    "cibstatus",
    "default-timeouts",
    "delete",
    "edit",
    "erase",
    "filter",
    "get_property",
    "graph",
    "modgroup",
    "ptest",
    "ra",
    "refresh",
    "rename",
    "rsctest",
    "schema",
    "set",
    "template",
    "undo",
    "upgrade",
    "validate-all",
)

level = Level("configure", "The cluster's configuration: show, edit, verify, commit.", not_yet=NOT_YET)
