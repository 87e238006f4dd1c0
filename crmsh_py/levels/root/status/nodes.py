"""Nodes as people read them: a line for each of which there is something to say, the others together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.root.status.lines import indented, names
from crmsh_py.levels.root.status.resources import on_node

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from crmsh_py.cluster.state import Node, State
    from crmsh_py.levels.root.status.lines import Line

_PREFIXES = {"remote": "Remote", "guest": "Guest"}
_ORDER = ("", "Remote", "Guest")


def lines(state: State, words: Container[str] = ()) -> Iterator[Line]:
    """All nodes. words: of the command; of them, `bynode`, `detail` and `brief` count."""
    if "bynode" in words or "detail" in words:
        yield from _each(state, words)
        return
    is_mixed = state.summary.mixed_version
    together: dict[tuple[str, bool], list[str]] = {}
    for node in state.nodes:
        prefix = _PREFIXES.get(node.type, "")
        said = condition(node, is_mixed)
        if said:
            yield [("", f"* {prefix}Node "), ("name", node.name), ("", ": "), (style(node), said)]
        else:
            together.setdefault((prefix, node.online), []).append(node.name)
    for prefix, is_online in ((prefix, is_online) for prefix in _ORDER for is_online in (True, False)):
        listed = together.get((prefix, is_online))
        if listed:
            word = "Online" if is_online else "OFFLINE"
            yield [("", "* "), ("" if is_online else "error", prefix + word), ("", ": "), *names(listed)]


def _each(state: State, words: Container[str]) -> Iterator[Line]:
    """A line for each node; below it, where it is asked for, what is active there."""
    hosts = {one: _host(state, one) for node in state.nodes if (one := node.container)} if "detail" in words else {}
    for node in state.nodes:
        about = ""
        if "detail" in words:
            about = f"@{hosts[node.container]}" if node.container else f" ({node.id})" if node.id != node.name else ""
        said = condition(node, state.summary.mixed_version and "detail" not in words)
        if not said:
            said = "online" if node.online else "OFFLINE"
        if "detail" in words and node.online and node.feature_set:
            said += f", feature set {node.feature_set}"
        heading: Line = [("", f"* {_PREFIXES.get(node.type, '')}Node "), ("name", node.name), ("", f"{about}: ")]
        is_fine = said.startswith("online")
        yield [*heading, ("" if is_fine else style(node), said), ("", ":" if "bynode" in words else "")]
        if "bynode" in words:
            active = list(on_node(state, node.name, words))
            yield from indented([[("", "* Resources:")], *indented(active)] if active else [])


def _host(state: State, container: str) -> str:
    """The node on which the resource runs that makes a guest node; "" where it does not run."""
    from crmsh_py.cluster.state import primitives

    return next((one.nodes[0] for one in primitives(state.resources) if one.id == container and one.nodes), "")


def condition(node: Node, with_version: bool) -> str:
    """What there is to say of a node beyond whether it is online, or ""; with_version: of Pacemaker, that too."""
    is_up = "pending" if node.pending else "online" if node.online else "offline"
    active = " (with active resources)" if node.online and node.resources_running else ""
    states = {
        f"UNCLEAN ({is_up})": node.unclean,
        "pending": node.pending and not node.unclean,
        "standby (on-fail)": node.standby_onfail,
        f"standby{active}": node.standby and not node.standby_onfail,
        "maintenance": node.maintenance,
        "shutting down": node.shutdown and node.online,
    }
    traits = {
        f"health is {node.health.upper()}": node.health in ("yellow", "red"),
        f"feature set {node.feature_set}": with_version and bool(node.feature_set),
    }
    said = [words for words, is_so in states.items() if is_so]
    more = [words for words, is_so in traits.items() if is_so]
    if is_up == "offline" and not node.unclean:
        return f"OFFLINE ({', '.join(said + more)})" if said or more else ""
    if said or not more:
        return ", ".join(said + more)
    return f"online ({', '.join(more)})"


def style(node: Node) -> str:
    """How what there is to say of a node is shown."""
    return "error" if node.unclean or node.health == "red" or not (node.online or node.pending) else "warning"
