"""Nodes as candidates: those that the configuration knows, with what the cluster says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.candidates import Candidate
from crmsh_py.command.candidates.objects import objects
from crmsh_py.command.candidates.state import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.command.candidates.objects import Objects
    from crmsh_py.command.context import Context

# the agent of a resource that is a node
_REMOTE = "primitive ocf:pacemaker:remote"


def configured(cx: Context, _: str = "") -> list[Candidate]:
    """The nodes that have an entry of their own."""
    found = objects(cx)
    return found.once("entries", lambda: _sorted(_entries(found)))


def nodes(cx: Context, _: str = "") -> Iterable[Candidate]:
    """All nodes, remote ones and guests too; with their state where it is known."""
    found = objects(cx)
    state = known(cx)
    if state is None or not state.is_cluster:
        return found.once("nodes", lambda: _sorted([*_entries(found), *_remote(found)]))
    # the cluster knows its remote nodes, for which all of a configuration would have to be looked through
    of_cluster = (Candidate(name, "node") for name in state.nodes)
    together = {one.text: one for one in (*of_cluster, *configured(cx))}
    return [
        together[name]._replace(about=_about(together[name], state.nodes.get(name, ""))) for name in sorted(together)
    ]


def _about(node: Candidate, state: str) -> str:
    return ", ".join(filter(None, (state, "" if node.about == "node" else node.about))) or node.about


def _sorted(found: Iterable[Candidate]) -> list[Candidate]:
    return sorted({one.text: one for one in reversed(list(found))}.values())


def _entries(found: Objects) -> Iterator[Candidate]:
    section = found.cib.section("nodes") if found.cib is not None else None
    for el in () if section is None else section.iterchildren("node"):
        type_ = el.get("type", "member")
        yield Candidate(el.get("uname") or el.get("id") or "", "node" if type_ == "member" else f"{type_} node")


def _remote(found: Objects) -> Iterator[Candidate]:
    yield from (Candidate(one.text, "remote node") for one in found.of("primitive") if one.about == _REMOTE)
    resources = found.cib.section("resources") if found.cib is not None else None
    for el in () if resources is None else resources.iter("nvpair"):
        if el.get("name") == "remote-node" and (value := el.get("value")):
            yield Candidate(value, "guest node")
