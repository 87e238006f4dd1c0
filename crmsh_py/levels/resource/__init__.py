"""The level resource: each of its rooms declares some of its commands."""

from crmsh_py.levels.resource import (
    attributes,
    failures,
    looking,
    placing,
    reasons,
    relations,
    restarting,
    running,
    secrets,
    tracing,
)
from crmsh_py.levels.resource.level import level

__all__ = [
    "attributes",
    "failures",
    "level",
    "looking",
    "placing",
    "reasons",
    "relations",
    "restarting",
    "running",
    "secrets",
    "tracing",
]
