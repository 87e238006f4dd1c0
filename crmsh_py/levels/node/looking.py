"""What nodes are like: their state and attributes, and where they are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.node.level import level
from crmsh_py.masks import masked
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crmsh_py.cluster.attributes import Attributes
    from crmsh_py.cluster.state import Node
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

# Pacemaker's own among the transient attributes
_INTERNAL = ("#", "fail-count-", "last-failure-", "probe_complete", "shutdown")


@level.command("show [<nodes:node>...]", aliases=("list", "status"))
def show(cx: Context, nodes: Sequence[str] = ()) -> Record:
    """Show nodes: their state, attributes, capacities, and how many resources run there.

    All of them, or those that are named. Attributes that hold until the node leaves the cluster, transient ones, stand
    in a line of their own; those of Pacemaker's own are shown by `-o json` only. Secret values are masked.

    Examples:
        show
        show alpha
        show alpha beta
    """
    from crmsh_py.cluster.attributes import Attributes, attributes
    from crmsh_py.cluster.state import state  # heavy
    from crmsh_py.command import known

    found = state(cx.tools)
    shown = known.nodes(found, list(dict.fromkeys(nodes))) if nodes else found.nodes
    by_id = attributes(cx.tools)
    each = [(node, by_id.get(node.id) or Attributes({}, {}, {})) for node in shown]
    return Record("node.show", lambda: [_data(*one) for one in each], lambda: _lines(each))


@level.command("server [<nodes:node>...]")
def server(cx: Context, nodes: Sequence[str] = ()) -> Record:
    """Show where nodes are reached: the address that is configured for a remote node or a guest, else the name.

    All nodes, or those that are named; one line each.

    Examples:
        server
        server alpha
    """
    from crmsh_py.cib.known_nodes import KnownNodes  # heavy
    from crmsh_py.command.known import no_such

    known = KnownNodes(cx.session.draft)
    for name in nodes:
        if name not in known.names:
            raise no_such("node", name, known.names)
    found = {name: known.address(name) for name in nodes or known.names}
    return Record(
        "node.server",
        lambda: [{"node": name, "server": address} for name, address in found.items()],
        lambda: [("", f"{address}\n") for address in found.values()],
    )


def _data(node: Node, attributes: Attributes) -> dict[str, object]:
    return {
        **node._asdict(),
        "attributes": _masked(attributes.permanent),
        "transient_attributes": _masked(attributes.transient),
        "utilization": attributes.utilization,
    }


def _masked(values: Mapping[str, str]) -> dict[str, str]:
    return {name: masked(name, value) for name, value in values.items()}


def _lines(each: Iterable[tuple[Node, Attributes]]) -> Iterator[Fragment]:
    for node, attributes in each:
        is_fine = node.online and not (node.unclean or node.pending or node.standby or node.maintenance)
        style = "" if is_fine else "error" if node.unclean or not node.online else "warning"
        yield from [("name", node.name), ("", f"({node.id}): {node.type}, "), (style, ", ".join(_words(node)))]
        yield "", "\n"
        outside = {name: value for name, value in attributes.transient.items() if not name.startswith(_INTERNAL)}
        yield from _values("attributes", _masked(attributes.permanent))
        yield from _values("until it leaves", _masked(outside))
        yield from _values("utilization", attributes.utilization)
        yield "", f"\tresources running: {node.resources_running}\n" if node.resources_running else ""


def _values(title: str, values: Mapping[str, str]) -> Iterator[Fragment]:
    if values:
        from crmsh_py.language.quoting import value  # heavy

        yield "", f"\t{title}:"
        for name in sorted(values):
            yield from [("", " "), ("name", name), ("", "="), ("value", value(values[name]))]
        yield "", "\n"


def _words(node: Node) -> list[str]:
    """What there is to say of a node, whether it is online first."""
    is_up = "pending" if node.pending else "online" if node.online else "offline"
    said = {
        f"UNCLEAN ({is_up})" if node.unclean else is_up: True,
        "standby": node.standby and not node.standby_onfail,
        "standby (on-fail)": node.standby_onfail,
        "maintenance": node.maintenance,
        "shutting down": node.shutdown and node.online,
        "DC": node.is_dc,
        f"health is {node.health}": node.health in ("yellow", "red"),
        f"runs in {node.container}": node.container is not None,
    }
    return [words for words, is_so in said.items() if is_so]
