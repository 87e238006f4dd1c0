"""The level where the shell starts."""

from crmsh_py.levels.root import check, status, verify
from crmsh_py.levels.root.level import level

__all__ = ["check", "level", "status", "verify"]
