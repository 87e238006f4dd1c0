"""What an agent is, takes and does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError
from crmsh_py.levels.ra.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from crmsh_py.cluster.agents.agent import Action
    from crmsh_py.cluster.agents.description import Described, Description
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment


@level.command("info <agent:described>", aliases=("meta",))
def info(_: Context, agent: str) -> Record:
    """Show what an agent is: its parameters, and its actions with the timeouts and intervals that it advises.

    Without a class, OCF agents and fence agents are looked for, those of heartbeat first. `cluster` shows the options
    of the cluster, `pacemaker-fenced` the parameters that all fence agents have, and pacemaker-schedulerd,
    pacemaker-controld and pacemaker-based the options of these daemons.

    Examples:
        info IPaddr2
        info ocf:pacemaker:ping
        info cluster
    """
    found = _describe(agent)
    return Record("ra.info", lambda: _data(found), lambda: _fragments(found))


def _describe(agent: str) -> Description:
    """Raises NoSuchObject, and CrmError where an agent does not describe itself."""
    from crmsh_py.cluster.agents import catalogue, path, pseudo  # heavy
    from crmsh_py.cluster.agents.agent import ask
    from crmsh_py.cluster.agents.description import description

    if agent in pseudo.PSEUDO:
        return pseudo.describe(agent)
    name = catalogue.find(agent)
    answer = ask(str(name), path(*name))
    found = None if answer.exit_code else description(str(name), [answer.stdout])
    if found is None:
        said = answer.error_text.strip().partition("\n")[0]
        raise CrmError(f"{name} does not describe itself{f': {said}' if said else ''}")
    return found


# ---- as data


def _data(agent: Description) -> dict[str, Any]:
    return {
        "name": agent.name,
        "version": agent.version or None,
        "summary": agent.summary,
        "text": agent.text,
        "parameters": [_parameter_data(one) for one in agent.parameters],
        "actions": [one._asdict() for one in agent.actions],
    }


def _parameter_data(one: Described) -> dict[str, Any]:
    facts = one.facts
    return {
        "name": facts.name,
        "type": facts.type,
        "default": facts.default,
        "required": facts.is_required,
        "unique_group": facts.unique_group,
        "deprecated": facts.is_deprecated,
        "replaced_with": list(facts.replaced_with),
        "advanced": one.is_advanced,
        "allowed": list(one.allowed),
        "summary": one.summary,
        "text": one.text,
    }


# ---- as text


def _fragments(agent: Description) -> Iterator[Fragment]:
    yield "agent", agent.name
    yield "", f": {agent.summary}\n" if agent.summary else "\n"
    if agent.text and agent.text != agent.summary:
        yield "", f"\n{agent.text}\n"
    if agent.parameters:
        yield "heading", "\nParameters (*: required)\n"
        for one in sorted(agent.parameters, key=_rank):
            yield from _parameter(one, agent)
    if agent.actions:
        yield "heading", "\nActions, and what the agent advises for them\n"
        yield from _actions(agent.actions)
    if agent.name.startswith("stonith:"):
        yield "hint", "\n`ra info pacemaker-fenced` shows what all fence agents take besides\n"


def _rank(one: Described) -> int:
    """What has to be given first, what nobody should give last."""
    return 3 if one.facts.is_deprecated else 2 if one.is_advanced else 0 if one.facts.is_required else 1


def _parameter(one: Described, agent: Description) -> Iterator[Fragment]:
    facts = one.facts
    yield "name", f"\n  {facts.name}"
    yield "warning", "*" if facts.is_required else ""
    about = ", ".join(_about(one, agent))
    yield "", f" ({about})" if about else ""
    yield "", f": {one.summary}\n" if one.summary else "\n"
    for line in one.text.splitlines():
        yield "comment", f"      {line}".rstrip() + "\n"


def _about(one: Described, agent: Description) -> Iterable[str]:
    facts = one.facts
    if facts.is_deprecated:
        yield f"deprecated: use {', '.join(facts.replaced_with)}" if facts.replaced_with else "deprecated"
    if one.is_advanced:
        yield "advanced"
    if one.allowed:
        yield " | ".join(one.allowed)
    elif facts.type:
        yield facts.type
    if facts.default is not None:
        yield f"default {facts.default or 'empty'}"
    if facts.unique_group is not None:
        group = [other.facts.name for other in agent.parameters if other.facts.unique_group == facts.unique_group]
        yield "unique" if len(group) == 1 else f"unique: {' and '.join(group)} together"


def _actions(actions: Iterable[Action]) -> Iterator[Fragment]:
    rows = list(actions)
    width = max(len(one.name) for one in rows)
    for one in rows:
        advised = one._asdict()
        del advised["name"]
        yield "keyword", f"  {one.name:{width}}"
        yield "", "".join(f"  {key}={value}" for key, value in advised.items() if value is not None) + "\n"
