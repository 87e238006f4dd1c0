"""Which nodes a command is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context


def chosen(cx: Context, cib: Cib, names: Sequence[str], is_all: bool) -> list[str]:
    """The nodes of these names, each once; without names the local one; with is_all every node.

    Guests and what bundles run in are among all nodes where something is said of them already. Raises NoSuchObject,
    UsageError.
    """
    from crmsh_py.cib.known_nodes import KnownNodes  # heavy
    from crmsh_py.command.known import local_node, no_such

    known = KnownNodes(cib)
    if is_all:
        if names:
            raise UsageError("--all means every node, and takes no names")
        return [name for name in known.names if name in known.entries or name not in known.guests]
    for name in names:
        if name not in known.names:
            raise no_such("node", name, known.names)
    return list(dict.fromkeys(names)) or [local_node(cx, known.names)]
