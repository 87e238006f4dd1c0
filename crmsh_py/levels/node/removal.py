"""Nodes taken out of the cluster for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import Cancelled, CrmError, Refused
from crmsh_py.levels.node.level import level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context
    from crmsh_py.problems import Problem


@level.command("delete <nodes:node>...", destructive=True, border=True)
def delete(cx: Context, nodes: Sequence[str]) -> None:
    """Take nodes out of the cluster for good, with all that is said of them.

    Their entries with all attributes go, location constraints and fencing levels that name them, and what the running
    cluster remembers of them; notes say what. A node that is online, and the local one, are refused: stop the cluster
    there first, and take the node out of corosync.conf, else it comes back. A remote node goes with its resource.

    Examples:
        delete beta
    """
    from crmsh_py.cib.edit.node_removal import remove_nodes  # heavy
    from crmsh_py.cib.known_nodes import KnownNodes
    from crmsh_py.command import acting
    from crmsh_py.command.known import no_such

    names = list(dict.fromkeys(nodes))
    known = KnownNodes(cx.session.draft)
    remembered = _remembered(cx)
    for name in names:
        if name not in known.names and name not in remembered:
            raise no_such("node", name, {*known.names, *remembered})
        if name in known.resources:
            made_by = known.resources[name].get("id")
            raise Refused(f"{name} is made by the resource {made_by}", hint=f"`configure delete {made_by}` first")
    _refuse_what_runs(cx, names)

    def change(cib: Cib) -> Iterable[Problem]:
        return remove_nodes(cib, names)

    acting.apply(cx, change, is_last=False)
    if cx.is_live:
        _forget(cx, names)
        if cx.is_to_wait():
            cx.settle()


def _remembered(cx: Context) -> dict[str, bool]:
    """The nodes of the running cluster, and whether each is online; none for a file."""
    if not cx.is_live:
        return {}
    from crmsh_py.cluster.state import state  # heavy

    return {node.name: node.online or node.pending for node in state(cx.tools).nodes}


def _refuse_what_runs(cx: Context, names: Iterable[str]) -> None:
    if not cx.is_live:
        return
    from crmsh_py.command.known import local_node  # heavy

    remembered = _remembered(cx)
    local = local_node(cx, remembered)
    for name in names:
        if name == local:
            raise Refused(f"{name} is this node", hint="stop the cluster here, and delete it on another node")
        if remembered.get(name):
            raise Refused(f"{name} is online", hint="stop the cluster there first")


def _forget(cx: Context, names: Iterable[str]) -> None:
    """Make the running cluster forget nodes. Raises CrmError with each that it did not."""
    errors: list[CrmError] = []
    for name in names:
        try:
            _forget_one(cx, name)
        except Cancelled:
            raise
        except CrmError as error:
            text = f"{name} is out of the configuration, but the running cluster still remembers it: {error}"
            errors.append(type(error)(text, hint=f"`crm_node --force --remove={name}` makes it forget"))
        else:
            cx.note(f"the cluster has forgotten {name}; if corosync.conf names it still, it can come back")
    if errors:
        raise type(errors[0])(problems=[problem for error in errors for problem in error.problems])


def _forget_one(cx: Context, name: str) -> None:
    from crmsh_py.cluster.node_removal import forget_node  # heavy

    # the tool does not look, and the commit took its time
    if _remembered(cx).get(name):
        raise Refused("it has come online meanwhile")
    forget_node(name)
