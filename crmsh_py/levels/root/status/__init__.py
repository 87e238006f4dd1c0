"""The state of the cluster: what is wrong, first; then all of it."""

from crmsh_py.levels.root.status.command import status

__all__ = ["status"]
