"""What is looked at: some nodes or resources, or all; and what is not to count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.state import base_id, by_id, primitives

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmsh_py.cluster.check.findings import Finding
    from crmsh_py.cluster.state import Resource, State


class Scope:
    """Chooses findings.

    nodes, resources: only what is about these, and what is about neither nodes nor resources; none for all of them.
    ignored: names of nodes and resources, and codes, that do not count. A group, clone or bundle stands for all that is
    in it.
    """

    def __init__(
        self, state: State, nodes: Iterable[str] = (), resources: Iterable[str] = (), ignored: Iterable[str] = ()
    ) -> None:
        named = by_id(state.resources)
        self._nodes = frozenset(nodes)
        self._resources = _with_inner(resources, named)
        self._ignored = frozenset(ignored).union(_with_inner(ignored, named))

    def has(self, finding: Finding) -> bool:
        """Whether a finding counts."""
        if finding.code in self._ignored:
            return False
        sides = ((self._nodes, finding.nodes), (self._resources, finding.resources))
        asked = [wanted.intersection(names) for wanted, names in sides if wanted and names]
        if any(names and self._ignored.issuperset(names) for _, names in sides):
            return False
        is_limited = any(wanted for wanted, _ in sides) and any(names for _, names in sides)
        return all(asked) and (bool(asked) or not is_limited)

    def has_node(self, name: str) -> bool:
        """Whether a node is looked at."""
        return name not in self._ignored and (not self._nodes or name in self._nodes)

    def has_resource(self, name: str) -> bool:
        """Whether a resource is looked at, by its name or that of an instance."""
        base = base_id(name)
        return base not in self._ignored and (not self._resources or bool({name, base} & self._resources))


def _with_inner(names: Iterable[str], named: dict[str, list[Resource]]) -> frozenset[str]:
    """Names of resources, and of all that is in them."""
    found = [name for name in names if name in named]
    inner = (base_id(one.id) for name in found for one in primitives(named[name]))
    return frozenset((*found, *inner))
