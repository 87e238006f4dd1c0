"""A verdict and the state it is about as OpenMetrics text, which Prometheus and the node exporter read.

Names and labels are those of ha_cluster_exporter where it has the same thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.check.findings import CRITICAL, UNKNOWN, WARNING
from crmsh_py.cluster.state import Bundle, Clone, Group, base_id, primitives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crmsh_py.cluster.check.verdict import Verdict
    from crmsh_py.cluster.state import Node, Primitive, Resource, State

    Labels = tuple[tuple[str, str], ...]
    Samples = dict[Labels, int]

PREFIX = "ha_cluster_pacemaker_"
# where a value is a number of things, labels that occur several times count together
_METRICS = {
    "up": "Whether the state of the cluster could be read.",
    "check_state": "The state as monitoring plugins number it: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
    "check_topic_state": "The same for each topic.",
    "check_findings": "How many things were found to be wrong, by topic and severity.",
    "quorate": "Whether the nodes that meet have quorum.",
    "dc_present": "Whether there is a designated controller.",
    "stonith_enabled": "Whether fencing is enabled.",
    "maintenance_mode": "Whether the whole cluster is in maintenance mode.",
    "nodes": "1 for each state that a node is in.",
    "resources": "How many instances of a resource have a role and a status on a node.",
    "fail_count": "How often a resource has failed on a node; 1000000 is INFINITY.",
    "migration_threshold": "How often a resource may fail on a node; 1000000 is INFINITY.",
    "failed_actions": "How many failed actions a resource has in its history on a node.",
    "fencing_events": "How many nodes were fenced, by outcome.",
    "location_constraints": "The scores of the bans of a resource from a node; -1000000 is -INFINITY.",
    "ticket_granted": "Whether a ticket is granted to this site.",
}
_NODE_STATES = ("online", "standby", "standby_onfail", "maintenance", "pending", "unclean", "shutdown", "expected_up")
_STATUSES = ("active", "orphaned", "blocked", "failed", "failure_ignored")
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


def text(verdict: Verdict, state: State) -> str:
    """All metrics of a cluster that was examined."""
    summary, options = state.summary, state.summary.options
    return _text(
        {
            "up": _one(1),
            "check_state": _one(verdict.state),
            "check_topic_state": {_labels(topic=topic): value for topic, value in verdict.topics.items()},
            "check_findings": _findings(verdict),
            "quorate": _one(bool(summary.has_quorum)),
            "dc_present": _one(summary.dc is not None),
            "stonith_enabled": _one(options.stonith_enabled),
            "maintenance_mode": _one(options.maintenance_mode),
            "nodes": {labels: 1 for node in state.nodes for labels in _node(node)},
            "resources": _counted(_resources(state.resources)),
            "fail_count": {_labels(node=one.node, resource=one.resource): one.fail_count for one in state.history},
            "migration_threshold": {
                _labels(node=one.node, resource=one.resource): one.migration_threshold for one in state.history
            },
            "failed_actions": _counted(
                _labels(node=one.node, resource=one.resource, task=one.task) for one in state.failures
            ),
            "fencing_events": _counted(_labels(target=one.target, status=one.status) for one in state.fencing),
            "location_constraints": {
                _labels(constraint=one.id, node=one.node, resource=one.resource): one.weight for one in state.bans
            },
            "ticket_granted": {
                _labels(ticket=one.id, standby=_word(one.standby)): one.status == "granted" for one in state.tickets
            },
        }
    )


def unknown(state: int = UNKNOWN) -> str:
    """The metrics where nothing is known of the cluster."""
    return _text({"up": _one(0), "check_state": _one(state)})


def _text(metrics: Mapping[str, Samples]) -> str:
    lines = [line for name, samples in metrics.items() if samples for line in _metric(name, samples)]
    return "".join(f"{line}\n" for line in [*lines, "# EOF"])


def _metric(name: str, samples: Samples) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {_METRICS[name]}"
    yield f"# TYPE {PREFIX}{name} gauge"
    for labels, value in samples.items():
        said = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
        yield f"{PREFIX}{name}{'{' + said + '}' if said else ''} {int(value)}"


def _escaped(value: str) -> str:
    return value.translate(_ESCAPES)


def _one(value: int) -> Samples:
    return {(): value}


def _labels(**labels: str) -> Labels:
    return tuple(labels.items())


def _word(is_so: bool) -> str:
    return "true" if is_so else "false"


def _counted(labels: Iterable[Labels]) -> Samples:
    found: Samples = {}
    for one in labels:
        found[one] = found.get(one, 0) + 1
    return found


def _findings(verdict: Verdict) -> Samples:
    found = {
        _labels(topic=topic, severity=severity): 0 for topic in verdict.topics for severity in ("critical", "warning")
    }
    names = {CRITICAL: "critical", WARNING: "warning"}
    for one in verdict.findings:
        if one.state in names:
            found[_labels(topic=one.topic, severity=names[one.state])] += 1
    return found


def _node(node: Node) -> Iterator[Labels]:
    states = [name for name in _NODE_STATES if getattr(node, name)] + (["dc"] if node.is_dc else [])
    return (_labels(node=node.name, type=node.type, status=name) for name in states)


def _resources(resources: Iterable[Resource]) -> Iterator[Labels]:
    for resource in resources:
        clone = resource.id if isinstance(resource, Clone) else ""
        for part in resource.instances if isinstance(resource, Clone) else (resource,):
            group = base_id(part.id) if isinstance(part, Group) else ""
            bundle = part.id if isinstance(part, Bundle) else ""
            for one in primitives((part,)):
                yield from _primitive(one, clone, group, bundle)


def _primitive(one: Primitive, clone: str, group: str, bundle: str) -> Iterator[Labels]:
    """One for each node where it is, and each status that it has; one that is stopped has neither."""
    for node in one.nodes or ("",):
        for status in [name for name in _STATUSES if getattr(one, name)] or ["stopped"]:
            yield _labels(
                node=node,
                resource=base_id(one.id),
                role=one.role.lower(),
                managed=_word(one.managed),
                status=status,
                agent=one.agent,
                group=group,
                clone=clone,
                bundle=bundle,
            )
