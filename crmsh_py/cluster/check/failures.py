"""Actions that failed, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.check.findings import Finding
from crmsh_py.cluster.state import base_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmsh_py.cluster.state import Failure, History, State


def failures(state: State) -> Iterator[Finding]:
    """One for a resource on a node, with its highest fail count and what failed; without a count, it is once."""
    counted: dict[tuple[str, str], History] = {}
    for one in state.history:
        if one.fail_count:
            key = (one.node, base_id(one.resource))
            # several instances of a clone may be on one node
            counted[key] = max(counted.get(key, one), one, key=_badness)
    failed: dict[tuple[str, str], list[Failure]] = {}
    for failure in state.failures:
        failed.setdefault((failure.node, base_id(failure.resource)), []).append(failure)
    for key in dict.fromkeys((*counted, *failed)):
        yield _finding(*key, counted.get(key), failed.get(key, []))


def _badness(one: History) -> tuple[bool, int]:
    return one.has_reached, one.fail_count


def _finding(node: str, resource: str, history: History | None, failed: list[Failure]) -> Finding:
    """history: None where there is no fail count."""
    said = "".join(f"; {_outcome(failure)}" for failure in failed)
    about = ((node,), (resource,))
    if history is None:
        return Finding("failed-action", f"{resource} on {node}: {said.removeprefix('; ')}", *about, 1)
    kind = "threshold-reached" if history.has_reached else "fail-count"
    return Finding(kind, f"{resource} {history.failures} on {node}{said}", *about, history.fail_count)


def _outcome(failure: Failure) -> str:
    is_probe = failure.task == "monitor" and not failure.interval_ms
    what = failure.exit_status if failure.status == "complete" else failure.status
    reason = f" ({failure.reason})" if failure.reason else ""
    return f"{'probe' if is_probe else failure.task} {what}{reason}"
