"""The state of the cluster, again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.state import left_over, state
from crmsh_py.cluster.state.asking import SECONDS
from crmsh_py.levels.root.status.record import record
from crmsh_py.output import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crmsh_py.output import Record


def watched(tools: Mapping[str, str | None], words: Sequence[str], seconds: float) -> Watch:
    """The record of `--watch`; seconds: between two reads. That time has passed is no change of the state."""

    def take(every_second: Callable[[float], None] | None) -> tuple[Record, object]:
        found, left = left_over(state(tools, SECONDS, every_second), tools)
        return record(found, left, words), (found._replace(summary=found.summary._replace(last_update="")), left)

    return Watch("status", take, seconds, "crm status")
