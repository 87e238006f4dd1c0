"""What runs, as far as completion wants to know: which nodes and resources it makes sense to name, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.candidates.objects import objects
from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crmsh_py.cluster.state import Node, Resource
    from crmsh_py.command.context import Context

# an answer that takes longer is none
SECONDS = 3.0
# what was known may be so old; of so many primitives, which take a second, nobody waits for it
OLDEST_SECONDS = 5.0
MANY, OLDEST_OF_MANY_SECONDS = 1000, 60.0


class Running(NamedTuple):
    """A resource: the nodes where it is active, and what is said of all of its instances."""

    nodes: tuple[str, ...]
    is_disabled: bool
    is_managed: bool
    is_in_maintenance: bool
    has_failed: bool

    def about(self, is_cluster: bool) -> str:
        """In a few words; "" where nothing is said of it. is_cluster: something could run."""
        if self.nodes:
            return f"started on {', '.join(self.nodes)}"
        return "disabled" if self.is_disabled else "stopped" if is_cluster else ""


class Known(NamedTuple):
    """The state of the cluster, by names.

    nodes: online, standby, maintenance, pending, unclean or offline. tickets: granted, revoked or standby.
    """

    nodes: Mapping[str, str]
    resources: Mapping[str, Running]
    tickets: Mapping[str, str]

    @property
    def is_cluster(self) -> bool:
        """Whether anything could run: with a CIB file nothing does."""
        return any(said not in ("offline", "unclean") for said in self.nodes.values())


def known(cx: Context) -> Known | None:
    """The state, as of a moment ago; None where it is not known."""
    seen = objects(cx)
    is_large = len(seen.by_keyword.get("primitive", ())) > MANY
    # who does not tell the configuration would not tell this either
    if cx.later.is_waited_for and (is_large or seen.cib is None):
        return None
    try:
        tools = dict(cx.tools)
    except CrmError:
        return None
    oldest = OLDEST_OF_MANY_SECONDS if is_large else OLDEST_SECONDS
    return cx.later.get(("state", *sorted(tools.items(), key=str)), lambda: _ask(tools), None, oldest)


def _ask(tools: Mapping[str, str | None]) -> Known | None:
    """Raises CrmError."""
    from crmsh_py.cluster.state import by_id, state  # heavy

    found = state(tools, SECONDS)
    resources = {id_: _running(instances) for id_, instances in by_id(found.resources).items()}
    tickets = {one.id: "standby" if one.standby else one.status for one in found.tickets}
    return Known({one.name: _of_node(one) for one in found.nodes}, resources, tickets)


def _of_node(node: Node) -> str:
    if node.unclean:
        return "unclean"
    if not node.online:
        return "pending" if node.pending else "offline"
    if node.standby or node.standby_onfail:
        return "standby"
    return "maintenance" if node.maintenance else "online"


def _running(instances: Iterable[Resource]) -> Running:
    from crmsh_py.cluster.state import primitives

    parts = list(instances)
    inner = list(primitives(parts))
    active = dict.fromkeys(name for one in inner if one.active for name in one.nodes)
    return Running(
        tuple(active),
        bool(inner) and all(one.disabled for one in inner),
        all(one.managed for one in inner),
        any(one.maintenance for one in parts),
        any(one.failed for one in inner),
    )
