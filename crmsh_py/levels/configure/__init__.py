"""The level of the configuration: each of its rooms declares some of its commands."""

from crmsh_py.levels.configure import changes, files, show, statements
from crmsh_py.levels.configure.level import level

__all__ = ["changes", "files", "level", "show", "statements"]
