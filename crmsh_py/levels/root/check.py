"""The check of the cluster for monitoring systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError
from crmsh_py.levels.root.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from crmsh_py.cluster.check import Scope, Verdict
    from crmsh_py.cluster.check.counts import Count
    from crmsh_py.cluster.state import State
    from crmsh_py.command.context import Context

SECONDS = 10


def unknown(error: CrmError, is_critical: bool = False) -> Record:
    """The answer where the state of the cluster cannot be known, and why. is_critical: that counts as CRITICAL."""
    from crmsh_py.cluster.check import CRITICAL, NAMES, UNKNOWN, openmetrics, plugin

    state = CRITICAL if is_critical else UNKNOWN
    texts = [problem.text for problem in error.problems]
    hints = [problem.hint for problem in error.problems if problem.hint]
    data = {
        "state": NAMES[state],
        "exit_code": state,
        "text": "; ".join(texts),
        "hint": "; ".join(hints) or None,
        "topics": {},
        "findings": [],
        "counts": [],
    }
    text = plugin.unknown([*texts, *hints], state)
    formats = {"openmetrics": lambda: openmetrics.unknown(state)}
    return Record("check", lambda: data, lambda: [("", text)], exit_code=state, formats=formats)


@level.command(
    "check [<topic:check_topic>...] [--warning <warning:threshold>]... [--critical <critical:threshold>]... "
    "[--node <node>]... [--resource <rsc>]... [--ignore <ignored:ignorable>]... [--timeout <seconds>] "
    "[--offline-is-warning] [--unknown-is-critical]",
    failing=unknown,
)
def check(
    cx: Context,
    topic: Sequence[str] = (),
    warning: Sequence[tuple[str, int]] = (),
    critical: Sequence[tuple[str, int]] = (),
    node: Sequence[str] = (),
    rsc: Sequence[str] = (),
    ignored: Sequence[str] = (),
    seconds: str = str(SECONDS),
    offline_is_warning: bool = False,
    unknown_is_critical: bool = False,
) -> Record:
    """Say whether the cluster is well, as a plugin of a monitoring system.

    The first line is for the overview, numbers for graphs behind its `|`, and a line for each finding follows, with
    its topic and its code. The exit code is 0 where all is well, 1 for WARNING, 2 for CRITICAL, and 3 for UNKNOWN:
    there is no cluster, no right to read it, no answer within --timeout (10 seconds), or the line is wrong.

    Topics are quorum, nodes, resources, failures, fencing, constraints, remote, tickets and config; all, where none
    is named. --warning and --critical take TOPIC=N: more than N findings of the topic are that bad; for `failures`, N
    is how often a resource may have failed on a node. --node and --resource look at these alone, and at the cluster
    as a whole. --ignore takes names of nodes and resources, and codes of findings.

    Examples:
        check fencing constraints config
        check tickets --critical tickets=0 --timeout 5
        check constraints --warning constraints=2 --ignore left-over-ban
    """
    from crmsh_py.cluster.check import SEVERITIES, TOPICS, WARNING, Scope, Thresholds, examine

    try:
        state = _state(cx, topic or list(TOPICS), seconds)
        _check_names(state, node, rsc, ignored)
    except CrmError as error:
        return unknown(error, unknown_is_critical)
    scope = Scope(state, node, rsc, ignored)
    thresholds = Thresholds(dict(warning), dict(critical))
    severities = {**SEVERITIES, "offline": WARNING} if offline_is_warning else SEVERITIES
    topics = [name for name in TOPICS if name in topic or not topic]
    return _answer(state, scope, examine(state, topics, scope, thresholds, severities), thresholds)


def _state(cx: Context, topics: Iterable[str], seconds: str) -> State:
    """The state of the cluster. Raises CrmError where it is not known, or not what the topics are about."""
    from crmsh_py.cluster.check.verdict import OF_WHAT_RUNS
    from crmsh_py.cluster.state import state

    found = state(cx.tools, int(seconds))
    is_seen = found.summary.dc is not None or found.history or any(node.online for node in found.nodes)
    if not (is_seen or cx.is_live) and OF_WHAT_RUNS.intersection(topics):
        selected = next(value for value in cx.tools.values() if value)
        raise CrmError(f"{selected} holds no state of a running cluster")
    return found


def _check_names(state: State, nodes: Sequence[str], resources: Sequence[str], ignored: Sequence[str]) -> None:
    """Raises NoSuchObject for a name that stands for nothing: what is misspelt would not be looked at."""
    if not (nodes or resources or ignored):
        return
    from crmsh_py.cluster.check import SEVERITIES
    from crmsh_py.cluster.state import by_id
    from crmsh_py.command.known import no_such  # heavy

    known = {"node": [node.name for node in state.nodes], "resource": list(by_id(state.resources))}
    for kind, names in (("node", nodes), ("resource", resources)):
        for name in names:
            if name not in known[kind]:
                raise no_such(kind, name, known[kind])
    every = {*known["node"], *known["resource"], *SEVERITIES}
    for name in ignored:
        if name not in every:
            raise no_such("node, resource or code", name, every)


def _answer(state: State, scope: Scope, verdict: Verdict, thresholds: Any) -> Record:
    from crmsh_py.cluster.check import openmetrics, plugin
    from crmsh_py.cluster.check.counts import counts

    numbers = counts(state, scope, verdict, thresholds)
    return Record(
        "check",
        lambda: _data(verdict, numbers),
        lambda: [("", plugin.text(verdict, numbers))],
        exit_code=verdict.state,
        formats={"openmetrics": lambda: openmetrics.text(verdict, state)},
    )


def _data(verdict: Verdict, counts: Sequence[Count]) -> dict[str, Any]:
    from crmsh_py.cluster.check import NAMES, plugin

    return {
        "state": NAMES[verdict.state],
        "exit_code": verdict.state,
        "text": plugin.summary(verdict, counts),
        "hint": None,
        "topics": {topic: NAMES[state] for topic, state in verdict.topics.items()},
        "findings": [
            {
                "topic": one.topic,
                "code": one.code,
                "state": NAMES[one.state],
                "text": one.text,
                "nodes": list(one.nodes),
                "resources": list(one.resources),
                "times": one.times,
            }
            for one in verdict.findings
        ],
        "counts": [one._asdict() for one in counts],
    }
