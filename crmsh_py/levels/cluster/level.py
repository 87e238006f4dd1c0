"""The level of nodes as machines; its commands are in the rooms beside this one."""

from __future__ import annotations

from crmsh_py.command.declare import Level

# what people know from the existing shell
NOT_YET = (
    "crash_test disable enable geo_init geo_init_arbitrator geo_join health init join remove rename restart start stop "
    "wait_for_startup"
)

level = Level(
    "cluster", "The nodes as machines: what runs on them, commands and files on all of them.", not_yet=NOT_YET.split()
)
