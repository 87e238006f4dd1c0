"""Resource agents: which are installed, and what they take."""

from crmsh_py.levels.ra import catalogue, info, validate
from crmsh_py.levels.ra.level import level

__all__ = ["catalogue", "info", "level", "validate"]
