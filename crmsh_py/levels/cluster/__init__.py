"""The level cluster: each of its rooms declares some of its commands."""

from crmsh_py.levels.cluster import copy, diff, run, status
from crmsh_py.levels.cluster.level import level

__all__ = ["copy", "diff", "level", "run", "status"]
