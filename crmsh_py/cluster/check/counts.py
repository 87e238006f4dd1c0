"""The numbers of a cluster, for monitoring systems that keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.state import primitives

if TYPE_CHECKING:
    from crmsh_py.cluster.check.scope import Scope
    from crmsh_py.cluster.check.verdict import Thresholds, Verdict
    from crmsh_py.cluster.state import State


class Count(NamedTuple):
    """A number by its name.

    warning, critical: what it may not exceed without being that bad; most: what it cannot exceed; None where there is
    no such limit.
    """

    name: str
    value: int
    warning: int | None = None
    critical: int | None = None
    most: int | None = None


def counts(state: State, scope: Scope, verdict: Verdict, thresholds: Thresholds) -> list[Count]:
    """The numbers of what is looked at. `failcount` is the highest one, since thresholds are for each by itself.

    For each topic with a threshold there is the number of its findings.
    """
    nodes = [node for node in state.nodes if scope.has_node(node.name)]
    all_ = [one for one in primitives(state.resources) if scope.has_resource(one.id) and not one.orphaned]
    failed = [one.fail_count for one in state.history if scope.has_node(one.node) and scope.has_resource(one.resource)]
    fencing = [event for event in state.fencing if event.status == "failed" and scope.has_node(event.target)]
    limits = (thresholds.warning.get("failures", 0), thresholds.critical.get("failures"))
    topics = {topic for topic in verdict.topics if topic in thresholds.warning or topic in thresholds.critical}
    return [
        Count("nodes_online", sum(node.online for node in nodes), most=len(nodes)),
        Count("nodes_standby", sum(node.standby or node.standby_onfail for node in nodes)),
        Count("nodes_unclean", sum(node.unclean for node in nodes)),
        Count("resources", len(all_)),
        Count("resources_started", sum(one.active for one in all_), most=len(all_)),
        Count("resources_failed", sum(one.failed for one in all_)),
        Count("resources_unmanaged", sum(not one.managed for one in all_)),
        Count("failcount", max(failed, default=0), *limits),
        Count("fencing_failures", len(fencing)),
        Count("quorum", int(bool(state.summary.has_quorum)), most=1),
        *(
            Count(
                f"findings_{topic}",
                sum(finding.topic == topic for finding in verdict.findings),
                thresholds.warning.get(topic),
                thresholds.critical.get(topic),
            )
            for topic in verdict.topics
            if topic in topics and topic != "failures"
        ),
    ]
