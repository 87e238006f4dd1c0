"""The state of the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.root.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from typing import Any

    from crmsh_py.command.context import Context


@level.command("status")
def status(cx: Context) -> Record:
    """Show the nodes, the resources, and what failed.

    All of it is read once, with crm_mon: from the running cluster, or from the status section of the CIB file or
    shadow that is worked on. Failed actions, fencing that failed or is pending, tickets that are not granted, and the
    bans that moving a resource left behind are shown where there are any. The exit code is 0 whatever the state is.

    Examples:
        status
        status -o json
    """
    from crmsh_py.cluster.state import state  # heavy
    from crmsh_py.levels.root.status_text import fragments

    found = state(cx.tools)
    if not cx.is_live and found.summary.dc is None:
        selected = next(value for value in cx.tools.values() if value)
        cx.note(f"{selected} holds no state of a running cluster")
    return Record("status", lambda: _data(found), lambda: fragments(found))


def _data(value: Any) -> Any:
    """Named tuples as objects; those that stand in the tree of resources say their kind."""
    if not isinstance(value, tuple):
        return value
    if not hasattr(value, "_asdict"):
        return [_data(one) for one in value]
    from crmsh_py.cluster.state import Bundle, Clone, Group, Primitive

    said = {name: _data(one) for name, one in value._asdict().items()}
    return (
        {"kind": type(value).__name__.lower(), **said} if isinstance(value, (Primitive, Group, Clone, Bundle)) else said
    )
