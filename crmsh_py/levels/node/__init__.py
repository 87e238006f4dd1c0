"""The level node: each of its rooms declares some of its commands."""

from crmsh_py.levels.node import (
    attributes,
    fencing,
    looking,
    removal,
    states,
)
from crmsh_py.levels.node.level import level

__all__ = [
    "attributes",
    "fencing",
    "level",
    "looking",
    "removal",
    "states",
]
