"""The operations of resources, against the metadata of their agents and what Pacemaker can do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.durations import milliseconds
from crmsh_py.problems import ERROR, WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.checks.survey import Survey
    from crmsh_py.cluster.agents import Action, Agent

# what every agent can, whether its metadata says so or not
ALWAYS = ("start", "stop", "monitor")
DURATIONS = ("interval", "timeout", "start-delay")
ONCE_ONLY = ("start", "stop", "promote", "demote")
OLD_ROLES = {"Master": "Promoted", "Slave": "Unpromoted"}


def operations(survey: Survey) -> Iterator[Problem]:
    """What is wrong with the operations that a primitive or a template has itself."""
    default = default_timeout(survey)
    for el in (*survey.templates, *survey.primitives):
        ops = [op for one in el.iterchildren("operations") for op in one.iterchildren("op")]
        if not ops:
            continue
        agent = survey.agent(el)
        if agent is not None:
            yield from _of_agent(survey, el, ops, agent, default)
        yield from _durations(el, ops)
        yield from _intervals(el, ops)


def _of_agent(
    survey: Survey, el: Element, ops: Iterable[Element], agent: Agent, default: str | None
) -> Iterator[Problem]:
    id_ = el.get("id")
    known = {action.name for action in agent.actions}
    unknown = dict.fromkeys(op.get("name", "") for op in ops)
    for name in unknown if known else ():
        if name not in known and name not in ALWAYS:
            text = f"{id_}: {agent.name} has no operation {name}"
            yield Problem(ERROR, "unknown-operation", text, object_id=id_)
    for op in ops:
        advised = advised_action(op, agent)
        timeout = timeout_of(survey, op) or default
        given, least = milliseconds(timeout), milliseconds(advised.timeout) if advised else None
        if advised and given is not None and least is not None and given < least:
            text = f"{id_}: the timeout of {_called(op)} is {timeout}, its agent advises at least {advised.timeout}"
            yield Problem(WARNING, "short-timeout", text, object_id=id_)


def advised_action(op: Element, agent: Agent) -> Action | None:
    """The action of the metadata that an operation is: of its name, and of its role and level where it has them."""
    found = [action for action in agent.actions if action.name == op.get("name")]
    found = [action for action in found if _role(action.role) == _role(op.get("role"))] or found
    found = [action for action in found if (action.depth or "0") == _level(op)] or found
    return min(found, key=lambda action: milliseconds(action.timeout) or 0, default=None)


def timeout_of(survey: Survey, op: Element) -> str | None:
    """The timeout that an operation itself has."""
    return op.get("timeout") or survey.values(op, "meta_attributes").get("timeout")


def default_timeout(survey: Survey) -> str | None:
    """The timeout that op_defaults gives operations without one; None where there is none."""
    section = survey.cib.section("op_defaults")
    if section is None:
        return None
    unguarded = (one for one in survey.sets(section, "meta_attributes") if one.find("rule") is None)
    return next((value for one in unguarded for name, value in survey.pairs(one) if name == "timeout"), None)


def _role(role: str | None) -> str:
    return OLD_ROLES.get(role or "", role or "Started")


def _level(op: Element) -> str:
    pairs = op.iterfind("instance_attributes/nvpair")
    return next((pair.get("value") or "0" for pair in pairs if pair.get("name") == "OCF_CHECK_LEVEL"), "0")


def _called(op: Element) -> str:
    role = op.get("role")
    return f"{op.get('name')} ({role})" if role else str(op.get("name"))


def _durations(el: Element, ops: Iterable[Element]) -> Iterator[Problem]:
    """What is no duration, Pacemaker reads as 0."""
    id_ = el.get("id")
    for op in ops:
        for name in DURATIONS:
            value = op.get(name)
            if value and milliseconds(value) is None:
                text = f"{id_}: the {name} of {_called(op)} is {value}, which is no duration"
                yield Problem(WARNING, "no-duration", text, hint=f"such as {name}=20s", object_id=id_)


def _intervals(el: Element, ops: Iterable[Element]) -> Iterator[Problem]:
    """Pacemaker knows an operation by its name and its interval, whatever its role and level."""
    id_ = el.get("id")
    seen: dict[tuple[str, int], int] = {}
    for op in ops:
        name, interval = op.get("name", ""), milliseconds(op.get("interval") or "0")
        if interval is None:
            continue
        seen[name, interval] = seen.get((name, interval), 0) + 1
        if name in ONCE_ONLY and interval:
            text = f"{id_}: the interval of {name} is {op.get('interval')}, and can only be 0"
            yield Problem(WARNING, "interval-not-zero", text, object_id=id_)
    recurring = any(name == "monitor" and interval for name, interval in seen)
    if ("monitor", 0) in seen and not recurring:
        text = f"{id_}: the monitor has no interval, so it does not recur"
        yield Problem(WARNING, "no-interval", text, hint="such as interval=10s", object_id=id_)
    for (name, interval), count in seen.items():
        if count > 1:
            text = (
                f"{id_}: {count} {name} operations have the interval {interval / 1000:g}s: Pacemaker runs one of them"
            )
            yield Problem(WARNING, "same-interval", text, hint="give each another interval", object_id=id_)
