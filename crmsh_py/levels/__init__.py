"""The levels, as literal tables: a level's module is imported when a line enters it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmsh_py.command.declare import Level

LEVELS: dict[str, str] = {
    "assist": "larger edits: templates and weak bonds",
    "cib": "shadow CIBs: work on a configuration beside the live one",
    "cluster": "the nodes as machines: what runs on them, commands and files on all of them",
    "configure": "the cluster's configuration: show, edit, verify, commit",
    "maintenance": "maintenance mode, of the cluster or of a resource",
    "node": "nodes: standby, maintenance, fencing, attributes",
    "options": "the settings of this program",
    "ra": "resource agents: which are installed, what they take",
    "resource": "resources: start, stop, move, attributes, failures",
    "site": "tickets of multi-site clusters",
}
# the levels that are entered from another one than the root
BELOW: dict[str, tuple[str, ...]] = {
    "configure": ("assist", "cib", "ra"),
}
# those of them that are entered from the root too
ALSO_BELOW_ROOT = ("cib", "ra")
ALIASES: dict[str, str] = {
    "cf": "configure",
    "cfg": "configure",
    "cnf": "configure",
    "nd": "node",
    "rsc": "resource",
}
# what people know from the existing shell
NOT_YET = (
    "cibstatus",
    "corosync",
    "history",
    "report",
    "sbd",
    "script",
)


def below(level: str) -> dict[str, str]:
    """The levels that are entered from a level, with their summaries."""
    inner = {name for names in BELOW.values() for name in names}.difference(ALSO_BELOW_ROOT)
    names = [name for name in LEVELS if name not in inner] if level == "root" else BELOW.get(level, ())
    return {name: LEVELS[name] for name in names}


def load(name: str) -> Level:
    """The level of this name, which is a key of LEVELS or `root`."""
    level: Level = import_module(f"crmsh_py.levels.{name}").level
    return level
