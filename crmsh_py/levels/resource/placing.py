"""Resources moved to nodes and kept from them, by constraints of their own; and those removed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.resource.level import level
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context
    from crmsh_py.output import Record


@level.command(
    "move <resource:rsc> [<node>] [<lifetime>] [force] [--wait] [--dry-run]", aliases=("migrate",), border=True
)
def move(
    cx: Context,
    resource: str,
    node: str | None = None,
    lifetime: str | None = None,
    force: bool = False,
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Move a resource to a node, or away from where it is.

    A constraint does it: cli-prefer-RESOURCE, which holds the resource at the node; without a node cli-ban-..., which
    keeps it from the node where it runs now. It stays until `clear` removes it, or for a lifetime: PT5M, 5min, 2h.
    An earlier one makes room for it. Of a promotable clone the promoted instance is moved; of a member of a group, the
    group. `force`: also to where it runs already.

    --wait waits until the cluster has settled. When the resource is there, and would stay there without it, the
    constraint is removed again; else it stays and that is said. If the resource did not arrive, all is made as it was
    before, and the exit code is 1; if it takes longer than core.wait_timeout, the constraint stays, and the exit code
    is 9. --dry-run says what the cluster would do, and changes nothing.

    Examples:
        move web beta
        move web beta 2h
        move disk-clone beta PT5M --wait
    """
    from crmsh_py.command.moves import Placement  # heavy

    work = Placement(cx, resource, node, lifetime, is_forced=force or cx.options.force)
    return work.run(wait=wait, dry_run=dry_run)


@level.command("ban <resource:rsc> [<node>] [<lifetime>] [force] [--promoted] [--wait] [--dry-run]", border=True)
def ban(
    cx: Context,
    resource: str,
    node: str | None = None,
    lifetime: str | None = None,
    force: bool = False,  # noqa: ARG001 - the existing shell wants it at times
    promoted: bool = False,
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Keep a resource from a node; without one, from the node where it runs now.

    The constraint cli-ban-RESOURCE-on-NODE holds even if no other node is left. It stays until `clear` removes it, or
    for a lifetime: PT5M, 5min, 2h. --promoted: instances of a promotable clone may run on the node, but not be
    promoted. --wait waits until the cluster has settled, and fails where the resource is still there. --dry-run says
    what the cluster would do, and changes nothing.

    Examples:
        ban web alpha
        ban web beta 30min
        ban disk-clone alpha --promoted
    """
    from crmsh_py.command.moves import Placement  # heavy

    work = Placement(cx, resource, node, lifetime, is_ban=True, promoted=promoted)
    return work.run(wait=wait, dry_run=dry_run)


@level.command(
    "clear <resource:rsc> [<node>] [--expired] [--wait] [--dry-run]",
    aliases=("unmove", "unmigrate", "unban"),
    border=True,
)
def clear(
    cx: Context,
    resource: str,
    node: str | None = None,
    expired: bool = False,
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Remove the constraints that `move` and `ban` have made for a resource, or crm_resource.

    All of them, or those that are about a node; --expired: those alone whose lifetime is over. The other options are
    as with `move`.

    Examples:
        clear web
        clear web beta --expired
    """
    from crmsh_py.cib import edit, placing  # heavy
    from crmsh_py.command.acting import act
    from crmsh_py.command.targets import resource as find

    def change(cib: Cib) -> list[Problem]:
        el = find(cib, resource)
        names = dict.fromkeys(one.get("id") or "" for one in (el, placing.whole(el)))
        found = [one for name in names for one in placing.constraints_of(cib, name)]
        chosen = [one for one in found if node is None or placing.is_there(one, node)]
        if node is not None and not chosen:
            _check_node(cib, node)
        doomed = [one.get("id") or "" for one in chosen if not expired or placing.is_over(one)]
        said = [f"{id_} is removed" for id_ in doomed]
        nothing = f"nothing to clear: {resource} has no constraint of `move` or `ban`{_restriction(node, expired)}"
        return [*(Problem(INFO, "note", text) for text in said or [nothing]), *edit.delete(cib, doomed)]

    return act(cx, change, wait=wait, dry_run=dry_run)


def _check_node(cib: Cib, name: str) -> None:
    """Raise NoSuchObject for a node that is not there; names of nodes are the same in upper and lower case."""
    from crmsh_py.cib.known_nodes import KnownNodes  # heavy
    from crmsh_py.command.known import no_such

    known = KnownNodes(cib).names
    if name.lower() not in {one.lower() for one in known}:
        raise no_such("node", name, known)


def _restriction(node: str | None, expired: bool) -> str:
    return (f" that is about {node}" if node else "") + (" that has expired" if expired else "")
