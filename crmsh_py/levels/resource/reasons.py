"""Why resources run where they do, or not at all: reasons in words, and the scheduler's scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.resource.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crmsh_py.cluster.scores import Score
    from crmsh_py.cluster.state.places import Where
    from crmsh_py.command.context import Context
    from crmsh_py.command.reasons import Reason
    from crmsh_py.output import Fragment


@level.command("why <rsc> [<node>]")
def why(cx: Context, rsc: str, node: str | None = None) -> Record:
    """Say why a resource runs where it does, or why it does not run; with a node, why not there.

    In the order of likelihood: it is meant to be stopped, the cluster is told to leave it alone, failures, nodes that
    are not there or in standby, constraints, tickets, what it needs and what does not run. What is said is what the
    configuration and the state of the cluster hold; the scheduler's scores for each node come last.

    Examples:
        why web
        why address alpha
    """
    from crmsh_py.cluster.state import state  # heavy
    from crmsh_py.cluster.state.places import places
    from crmsh_py.command import reasons
    from crmsh_py.command.known import nodes, resources

    found = state(cx.tools)
    (named,) = resources(found, [rsc])
    if node is not None:
        nodes(found, [node])
    where = places(named)
    said = list(reasons.reasons(cx.session.draft, found, rsc, named, node))
    is_there = any(one.node in (node, node or one.node) for one in where)
    data = {"resource": rsc, "node": node, "is_running": is_there}
    return Record(
        "resource.why",
        lambda: {**data, "nodes": [one._asdict() for one in where], "reasons": [one._asdict() for one in said]},
        lambda: _why_lines(rsc, node, where, said),
    )


def _why_lines(rsc: str, node: str | None, where: Iterable[Where], said: Iterable[Reason]) -> Iterator[Fragment]:
    running = ", ".join(f"{one.node} ({one.role})" if one.role != "Started" else one.node for one in where)
    yield "id", rsc
    yield "", f" runs on {running}" if running else " does not run"
    if node is not None and node not in {one.node for one in where}:
        yield "", f", not on {node}" if running else f" on {node}"
    yield "", "\n"
    for one in said:
        yield "", f"  - {one.text}"
        yield "reference", f" [{one.object}]" if one.object else ""
        yield "", "\n"


@level.command("scores [<resources:rsc>...]")
def scores(cx: Context, resources: Sequence[str] = ()) -> Record:
    """Show the scores by which the scheduler places resources on nodes, and by which it promotes instances.

    For each resource the last score that the scheduler came to, the highest first: a resource goes to the node of the
    highest score, and never to one of -INFINITY. Edits that are not committed yet count as if they were.

    Examples:
        scores
        scores web
        scores address server
    """
    from crmsh_py.cib.document import RESOURCES  # heavy
    from crmsh_py.cluster.scores import scores as ask
    from crmsh_py.cluster.state import base_id
    from crmsh_py.command.known import configured

    cib = cx.session.draft
    named = [configured(cib, name) for name in resources]
    wanted = {inner.get("id") for el in named for inner in el.iter(*RESOURCES)}
    found = ask(cib.to_bytes())
    if resources:
        found = [one for one in found if not wanted.isdisjoint((one.resource, base_id(one.resource)))]
    return Record("resource.scores", lambda: [one._asdict() for one in found], lambda: _score_lines(found))


def _score_lines(found: Iterable[Score]) -> Iterator[Fragment]:
    """The scores that count: of those for a resource on a node, the scheduler's last one."""
    from crmsh_py.cluster.state import number  # heavy

    last: dict[tuple[str, bool], dict[str, str]] = {}
    for one in found:
        of_resource = last.setdefault((one.resource, one.function == "promotion"), {})
        of_resource[one.node] = one.score
    for (resource, is_promotion), nodes in sorted(last.items()):
        yield "id", resource
        yield "keyword", " promotion" if is_promotion else ""
        yield "", ":"
        for node, score in sorted(nodes.items(), key=lambda one: -number(one[1])):
            yield from [("", " "), ("name", node or "nowhere"), ("", "="), ("score", score)]
        yield "", "\n"
