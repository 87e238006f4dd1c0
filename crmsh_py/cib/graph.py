"""The resources of a configuration as a graph: what contains what, what comes before what, what runs with what."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from crmsh_py.cib.document import CONTAINERS, RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

ORDER = "order"
COLOCATION = "colocation"
_STYLES = {ORDER: "style=solid", COLOCATION: "style=dashed"}


class Node(NamedTuple):
    """A resource, or a place where the sets of a constraint meet, whose kind is `set`."""

    id: str
    kind: str
    agent: str
    container: str


class Edge(NamedTuple):
    """A constraint between two nodes: `kind` is order or colocation, `label` what more it says."""

    constraint: str
    kind: str
    from_: str
    to: str
    label: str


class Graph:
    """The nodes and edges, in the order of the CIB."""

    def __init__(self, cib: Cib) -> None:
        resources = cib.section("resources")
        self.nodes = [] if resources is None else [_node(el) for el in resources.iter(*RESOURCES - {"template"})]
        self.edges: list[Edge] = []
        constraints = cib.section("constraints")
        for el in () if constraints is None else constraints.iterchildren("rsc_order", "rsc_colocation"):
            self._take(el)

    def data(self) -> dict[str, Any]:
        """As plain data."""
        nodes = [{name: value for name, value in node._asdict().items() if value} for node in self.nodes]
        edges = [
            {"constraint": edge.constraint, "kind": edge.kind, "from": edge.from_, "to": edge.to, "label": edge.label}
            for edge in self.edges
        ]
        return {"nodes": nodes, "edges": edges}

    def dot(self) -> str:
        """As a digraph of graphviz."""
        inside: dict[str, list[Node]] = {}
        for node in self.nodes:
            inside.setdefault(node.container, []).append(node)
        lines = ["digraph configuration {", "\tcompound=true;", "\tnode [shape=box];"]
        lines += _drawn(inside, "", 1)
        stand_in = {node.id: _stand_in(inside, node.id) for node in self.nodes}
        lines += [_arrow(edge, stand_in) for edge in self.edges]
        return "\n".join([*lines, "}", ""])

    def _take(self, el: Element) -> None:
        """The edges of a constraint."""
        sets = list(el.iterchildren("resource_set"))
        if el.tag == "rsc_order":
            actions = ":".join(action for name in ("first-action", "then-action") if (action := el.get(name)))
            label = " ".join(filter(None, (el.get("kind") or el.get("score") or "Mandatory", actions)))
            kind, ends = ORDER, (el.get("first"), el.get("then"))
        else:
            label = (el.get("score") or "").replace("INFINITY", "inf")
            kind, ends = COLOCATION, (el.get("rsc"), el.get("with-rsc"))
        if sets:
            self._take_sets(el.get("id", ""), kind, label, sets)
        elif ends[0] and ends[1]:
            self.edges.append(Edge(el.get("id", ""), kind, ends[0], ends[1], label))

    def _take_sets(self, constraint: str, kind: str, label: str, sets: list[Element]) -> None:
        """Chains in sets that are sequential, and edges from each set to the next one."""
        previous: list[str] = []
        for number, one in enumerate(sets):
            members = [ref.get("id", "") for ref in one.iterchildren("resource_ref")]
            if not members:
                continue
            is_chain = one.get("sequential", "true").lower() in ("true", "on", "yes", "y", "1")
            if is_chain:
                pairs = pairwise(members)
                self.edges += [Edge(constraint, kind, first, then, label) for first, then in pairs]
            self._join(constraint, kind, label, previous, members[:1] if is_chain else members, number)
            previous = members[-1:] if is_chain else members

    def _join(self, constraint: str, kind: str, label: str, before: list[str], after: list[str], number: int) -> None:
        """Edges from each to each; where both are several, through a node between them."""
        if len(before) > 1 and len(after) > 1:
            middle = f"{constraint}/{number}"
            self.nodes.append(Node(middle, "set", "", ""))
            self.edges += [Edge(constraint, kind, one, middle, label) for one in before]
            before = [middle]
        self.edges += [Edge(constraint, kind, one, other, label) for one in before for other in after]


def _node(el: Element) -> Node:
    above = el.getparent()
    container = above.get("id", "") if above is not None and above.tag in CONTAINERS else ""
    agent = ":".join(value for name in ("class", "provider", "type") if (value := el.get(name)))
    template = el.get("template")
    return Node(el.get("id", ""), str(el.tag), agent or (f"@{template}" if template else ""), container)


def _drawn(inside: dict[str, list[Node]], container: str, depth: int) -> Iterator[str]:
    """The nodes of a container, boxes in boxes."""
    indent = "\t" * depth
    for node in inside.get(container, ()):
        if node.kind in CONTAINERS:
            yield f"{indent}subgraph {_quoted('cluster_' + node.id)} {{"
            yield f"{indent}\tlabel={_quoted(f'{node.kind} {node.id}')};"
            yield from _drawn(inside, node.id, depth + 1)
            yield f"{indent}}}"
        elif node.kind == "set":
            yield f"{indent}{_quoted(node.id)} [shape=point];"
        else:
            yield f"{indent}{_quoted(node.id)} [label={_quoted(node.id, node.agent)}];"


def _stand_in(inside: dict[str, list[Node]], id_: str) -> str:
    """What an edge to a node is drawn to: a box has no place for one, so the first node in it."""
    while id_ in inside:
        id_ = inside[id_][0].id
    return id_


def _arrow(edge: Edge, stand_in: dict[str, str]) -> str:
    tail, head = stand_in.get(edge.from_, edge.from_), stand_in.get(edge.to, edge.to)
    said = [_STYLES[edge.kind], f"label={_quoted(edge.label)}", f"tooltip={_quoted(edge.constraint)}"]
    if tail != edge.from_:
        said.append(f"ltail={_quoted('cluster_' + edge.from_)}")
    if head != edge.to:
        said.append(f"lhead={_quoted('cluster_' + edge.to)}")
    return f"\t{_quoted(tail)} -> {_quoted(head)} [{', '.join(said)}];"


def _quoted(*lines: str) -> str:
    """A string of graphviz, with line breaks between the lines."""
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") for line in lines if line)
    return '"' + "\\n".join(escaped) + '"'
