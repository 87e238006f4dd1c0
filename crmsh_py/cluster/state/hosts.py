"""Which nodes could take resources, as far as crm_mon tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.state.facts import INFINITY, Bundle, base_id, primitives

if TYPE_CHECKING:
    from crmsh_py.cluster.state.facts import Clone, Node, State


def of_bundles(state: State) -> frozenset[str]:
    """The ids of what runs in bundles, the containers of their guest nodes among them."""
    bundles = (one for one in state.resources if isinstance(one, Bundle))
    return frozenset(one.id for one in primitives(bundles))


def hosts(clone: Clone, state: State) -> frozenset[str]:
    """The names of the nodes where an instance of the clone could run, or runs.

    None where nodes have to be opted in, which crm_mon does not tell. Guest nodes of bundles take none but the
    bundle's own.
    """
    if not state.summary.options.symmetric_cluster:
        return frozenset()
    ids = [*(one.id for one in clone.instances), *(one.id for one in primitives(clone.instances))]
    names = {clone.id, *ids, *map(base_id, ids)}
    banned = {
        ban.node for ban in state.bans if ban.weight <= -INFINITY and not ban.promoted_only and ban.resource in names
    }
    of_others = of_bundles(state)
    return frozenset(
        node.name
        for node in state.nodes
        if _takes_resources(node) and node.container not in of_others and node.name not in banned
    )


def _takes_resources(node: Node) -> bool:
    is_away = node.standby or node.standby_onfail or node.pending or node.unclean or node.shutdown
    return node.online and not is_away and not node.maintenance
