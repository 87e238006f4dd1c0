"""The level of larger edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.declare import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsh_py.command.context import Context

level = Level("assist", "Larger edits: a template for what is alike, a weak bond between resources.")


@level.command("template <first:rsc> <others:rsc>...")
def template(cx: Context, first: str, others: Sequence[str]) -> None:
    """Make a template of what primitives of one agent have in common.

    Attributes and operations that are the same in all of them move to a new template, which the primitives then use;
    what differs stays where it is. What the configuration means does not change.

    Examples:
        template fence-alpha fence-beta
    """
    from crmsh_py.cib.assist import make_template  # heavy

    cx.edit(lambda cib: make_template(cib, [first, *others]))


@level.command("weak-bond <first:rsc> <others:rsc>...")
def weak_bond(cx: Context, first: str, others: Sequence[str]) -> None:
    """Let resources run on one node, none of them depending on the others.

    A new Dummy resource is created, and a colocation that places each of the resources with it.

    Examples:
        weak-bond web gateway-clone
    """
    from crmsh_py.cib import assist  # heavy

    cx.edit(lambda cib: assist.weak_bond(cib, [first, *others]))
