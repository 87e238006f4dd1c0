"""The level where the shell starts."""

from crmsh_py.levels.root import status
from crmsh_py.levels.root.level import level

__all__ = ["level", "status"]
