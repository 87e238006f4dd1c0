"""What a change of the configuration does to resources that run, where the store is a running cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import Cancelled, CrmError, NotPermitted, Refused, TimedOut
from crmsh_py.problems import ERROR, WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.session import Session
    from crmsh_py.cluster.state import Failure

    Tools = Mapping[str, str | None]


STOP = "`resource stop {} --wait` stops it first"


def refuse_to_end(names: Iterable[str], tools: Tools, hint: str) -> None:
    """Raise Refused where one of the names is a primitive that runs. Who may not see that is not asked.

    tools: what selects the cluster for Pacemaker's tools. hint: with {} for the name. Raises Unreachable, TimedOut.
    """
    wanted = set(names)
    found = {name: nodes for name, nodes in _running(tools).items() if name in wanted} if wanted else {}
    problems = [
        Problem(
            ERROR,
            "resource-runs",
            f"{name} runs on {', '.join(nodes)}, and would be stopped",
            hint=hint.replace("{}", name),
            object_id=name,
        )
        for name, nodes in sorted(found.items())
    ]
    if problems:
        raise Refused(problems=problems)


def ended_by(session: Session) -> set[str]:
    """The primitives that the edits of a session delete, or give other ids."""
    return _primitives(session.base_cib()) - _primitives(session.draft)


def _primitives(cib: Cib) -> set[str]:
    section = cib.section("resources")
    return set() if section is None else {el.get("id") or "" for el in section.iter("primitive")}


def _running(tools: Tools) -> dict[str, tuple[str, ...]]:
    from crmsh_py.cluster.state import primitives, state  # heavy

    try:
        found = primitives(state(tools).resources)
    except NotPermitted:
        return {}
    except TimedOut as error:
        raise TimedOut(str(error), hint="with -F, or `delete --force`, nobody asks what runs") from None
    return {one.id.partition(":")[0]: one.nodes for one in found if one.nodes}


def failures(tools: Tools) -> set[Failure]:
    """What has failed so far; nothing where that cannot be known."""
    from crmsh_py.cluster.state import state  # heavy

    try:
        return set(state(tools).failures)
    except Cancelled:
        raise
    except CrmError:
        return set()


def told(failed: Iterable[Failure]) -> Iterator[Problem]:
    """A warning for each action that failed."""
    for one in sorted(failed):
        text = f"{one.task} of {one.resource} failed on {one.node}: {one.reason or one.exit_status}"
        yield Problem(WARNING, "failed-action", text, hint="`crm status` shows more", object_id=one.resource)
