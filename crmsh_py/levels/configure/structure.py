"""Objects deleted, renamed, moved into groups and out of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmsh_py.levels.configure.level import level

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context
    from crmsh_py.problems import Problem


@level.command("delete [--force] <name:obj>...", aliases=("rm",), destructive=True)
def delete(cx: Context, name: Sequence[str], force: bool = False) -> None:
    """Delete objects by their ids, and nodes by their names.

    No reference to what is gone stays behind. Constraints of a resource go with it, and it leaves resource sets, tags,
    fencing levels and permissions; what is empty then goes too. Members of a group or clone that is deleted stay, and
    get its constraints. A group goes with its last member. Resources of a template that is deleted take over what it
    says. Each change beyond the deletion itself is told. On a running cluster a resource that runs is not deleted. With
    --force it is, which stops it, and ids that are not there are passed over.

    Examples:
        delete web-on-the-big-one
        delete address server
        delete --force gateway-clone gateway no-such-id
    """
    from crmsh_py.cib import edit  # heavy
    from crmsh_py.command import running

    is_forced = force or cx.options.force
    if is_forced:
        cx.given_up.update(name)
    elif cx.is_live:
        running.refuse_to_end(name, cx.tools, running.STOP + "; or `delete --force {}`, and it is stopped")
    cx.edit(lambda cib: edit.delete(cib, name, force=is_forced))


@level.command("rename <old:obj> <new:id>")
def rename(cx: Context, old: str, new: str) -> None:
    """Give an object another id; all that refers to it follows.

    Ids of its attributes and operations stay as they are. Nodes have their names from the cluster: they are not
    renamed.

    Examples:
        rename web website
        rename web-with-disk together
    """
    from crmsh_py.cib import edit  # heavy

    cx.edit(lambda cib: edit.rename(cib, old, new))


@level.command(
    "modgroup <group:rsc> add <member:rsc> [before <sibling:rsc>]",
    "modgroup <group:rsc> add <member:rsc> after <sibling:rsc>",
    "modgroup <group:rsc> remove <member:rsc>",
)
def modgroup(
    cx: Context,
    group: str,
    member: str,
    sibling: str | None = None,
    add: bool = False,
    before: bool = False,
    after: bool = False,
    remove: bool = False,  # noqa: ARG001 - what is not added is removed
) -> None:
    """Add a primitive to a group, or take one out of it.

    A primitive is added at the end of the group, or before or after one of its members; a member is moved. The group
    takes over the constraints of what is added. It goes with its last member, which gets its constraints.

    Examples:
        modgroup web remove server
        modgroup web add server before address
    """
    from crmsh_py.cib import edit  # heavy

    def change(cib: Cib) -> list[Problem]:
        if not add:
            return edit.remove_member(cib, group, member)
        return edit.add_member(cib, group, member, before=sibling if before else None, after=sibling if after else None)

    cx.edit(change)


@level.command("erase [nodes]", destructive=True)
def erase(cx: Context, nodes: bool = False) -> None:
    """Delete all objects but the nodes; with `nodes`, these too.

    Examples:
        erase
        erase nodes
    """
    from crmsh_py.cib import edit  # heavy

    cx.edit(lambda cib: edit.erase(cib, with_nodes=nodes))
