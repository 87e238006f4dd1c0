"""The topics, and what the findings on them come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.check import whole
from crmsh_py.cluster.check.failures import failures
from crmsh_py.cluster.check.findings import CRITICAL, OK, SEVERITIES, WARNING, Finding
from crmsh_py.cluster.check.nodes import nodes, remote
from crmsh_py.cluster.check.resources import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from crmsh_py.cluster.check.scope import Scope
    from crmsh_py.cluster.state import State

TOPICS: dict[str, Callable[[State], Iterator[Finding]]] = {
    "quorum": whole.quorum,
    "nodes": nodes,
    "resources": resources,
    "failures": failures,
    "fencing": whole.fencing,
    "constraints": whole.constraints,
    "remote": remote,
    "tickets": whole.tickets,
    "config": whole.config,
}

# they are about more than the configuration
OF_WHAT_RUNS = frozenset({"quorum", "nodes", "resources", "failures", "remote"})


class Thresholds(NamedTuple):
    """Numbers by topics: with more than so many it is a warning, or critical.

    What is counted is the findings of the topic; for `failures`, how often a resource has failed on a node.
    """

    warning: Mapping[str, int]
    critical: Mapping[str, int]


class Verdict(NamedTuple):
    """The state of each topic that was looked at, and all findings, the worst first."""

    topics: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def state(self) -> int:
        """The worst of the topics: OK, WARNING or CRITICAL."""
        return max(self.topics.values(), default=OK)


def examine(
    state: State,
    topics: Iterable[str],
    scope: Scope,
    thresholds: Thresholds,
    severities: Mapping[str, int] = SEVERITIES,
) -> Verdict:
    """What is wrong with a cluster, of these topics. severities: by codes, for what no threshold is given."""
    judged: dict[str, list[Finding]] = {}
    for topic in topics:
        found = [finding for finding in TOPICS[topic](state) if scope.has(finding)]
        judged[topic] = [_judged(finding, topic, len(found), thresholds, severities) for finding in found]
    findings = sorted((one for found in judged.values() for one in found), key=lambda one: -one.state)
    states = {topic: max((one.state for one in found), default=OK) for topic, found in judged.items()}
    return Verdict(states, tuple(findings))


def _judged(finding: Finding, topic: str, found: int, thresholds: Thresholds, severities: Mapping[str, int]) -> Finding:
    """The finding with its state. Where only one of the thresholds is given, the other state is as without any."""
    number = found if finding.times is None else finding.times
    warning, critical = thresholds.warning.get(topic), thresholds.critical.get(topic)
    is_critical = severities[finding.code] == CRITICAL if critical is None else number > critical
    is_warning = warning is None or number > warning
    return finding._replace(topic=topic, state=CRITICAL if is_critical else WARNING if is_warning else OK)
