"""The level of the configuration: each of its rooms declares some of its commands."""

from crmsh_py.levels.configure import (
    changes,
    editing,
    files,
    graph,
    operations,
    options,
    schemas,
    show,
    statements,
    structure,
)
from crmsh_py.levels.configure.level import level

__all__ = [
    "changes",
    "editing",
    "files",
    "graph",
    "level",
    "operations",
    "options",
    "schemas",
    "show",
    "statements",
    "structure",
]
