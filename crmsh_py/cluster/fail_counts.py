"""Fail counts: how often an operation of a resource failed on a node, as Pacemaker keeps them.

They are transient node attributes, `fail-count-RSC#OPERATION_MILLISECONDS`, one for each operation that failed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.asking import ask, query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from xml.etree.ElementTree import Element

    from crmsh_py.cluster.state import Node

SECONDS = 25.0
INFINITY = "INFINITY"
_NAME = re.compile(r"(?s)fail-count-(?P<resource>.+)#(?P<task>[^#]+)_(?P<ms>\d+)")
_OLD_NAME = re.compile(r"(?s)fail-count-(?P<resource>.+)")


class FailCount(NamedTuple):
    """How often an operation failed.

    resource: an instance, with its number where instances of a clone are told apart. operation, interval_ms: "" and 0
    where an older Pacemaker counted all in one. value: a number as text, or INFINITY. last_failure: in seconds since
    1970, None where it is not known.
    """

    resource: str
    node: str
    operation: str
    interval_ms: int
    value: str
    last_failure: int | None


def fail_counts(nodes: Iterable[Node], tools: Mapping[str, str | None]) -> list[FailCount]:
    """All fail counts, of the nodes given.

    tools: what selects the CIB for Pacemaker's tools, `Context.tools`. Raises what `asking.ask` does.
    """
    names = {node.id: node.name for node in nodes}
    found = query("status/node_state/transient_attributes", tools, SECONDS)
    return [count for el in found for count in _of_node(el, names)]


def _of_node(el: Element, names: Mapping[str, str]) -> Iterator[FailCount]:
    node = names.get(el.get("id", ""))
    if node is None:
        return
    values = {pair.get("name", ""): pair.get("value", "") for pair in el.iter("nvpair")}
    for name, value in values.items():
        found = _NAME.fullmatch(name) or _OLD_NAME.fullmatch(name)
        if found and value:
            since = values.get(name.replace("fail-count-", "last-failure-", 1), "")
            parts = found.groupdict()
            task, ms = parts.get("task") or "", int(parts.get("ms") or 0)
            yield FailCount(found["resource"], node, task, ms, value, int(since) if since.isdecimal() else None)


def set_fail_count(resource: str, node: str, operation: str, interval_ms: int, value: str) -> None:
    """Set a fail count in the running cluster. Raises what `asking.ask` does."""
    name = f"fail-count-{resource}#{operation}_{interval_ms}"
    ask("attrd_updater", f"--name={name}", f"--update={value}", f"--node={node}", seconds=SECONDS)
