"""The names that can get a value at a place of a statement, and the values that each can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.candidates import Candidate, agents, objects, options
from crmsh_py.command.candidates.keywords import BUNDLE_SETTINGS, VALUES
from crmsh_py.command.candidates.options import BOOLEAN, KINDS, ROLES, Known
from crmsh_py.command.meanings import OPERATION_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crmsh_py.cluster.agents.agent import Action
    from crmsh_py.cluster.agents.description import Description
    from crmsh_py.command.candidates.options import Names
    from crmsh_py.command.context import Context

OF_OPERATIONS = ("op", "op_params", "op_meta")
_ON_FAIL = {
    "restart": "stopped and started, perhaps elsewhere",
    "ignore": "as if nothing had happened",
    "block": "left alone until somebody looks",
    "stop": "stopped everywhere",
    "standby": "all resources leave the node",
    "fence": "the node is fenced",
    "demote": "demoted, then promoted perhaps",
}
# the usual ones first
_OF_OPERATION = (
    *("interval", "timeout", "role", "on-fail", "enabled"),
    *("start-delay", "interval-origin", "record-pending", "requires"),
)
_OF_NODE = {"standby": "whether nothing may run there", "maintenance": "whether what runs there is left alone"}
_OF_ALERT = {
    "timeout": "default 30s: how long the agent may take",
    "timestamp-format": "how times are told, as for date(1)",
    "enabled": "default true: whether the agent is called",
}


# the values that names can have, wherever they stand
_SWITCHED = dict.fromkeys(BOOLEAN, "")
_CHOICES: dict[str, Mapping[str, str]] = {
    "on-fail": _ON_FAIL,
    "role": ROLES,
    **dict.fromkeys(("enabled", "record-pending", "standby", "maintenance", "add-host"), _SWITCHED),
}
# the elements whose meta attributes a statement can set
_TAGS = {"ms": "clone", "master": "clone", "rsc_template": "template"}
# what an agent does, and the cluster has not to be told of
_NO_OPERATIONS = ("meta-data", "validate-all", "status")
# in their usual order
_OPERATIONS = ("monitor", "start", "stop", "promote", "demote")
_CONSTRAINTS = ("location", "colocation", "order", "rsc_ticket")


class Part(NamedTuple):
    """A part of a statement that is being typed.

    keyword: of the statement. section: the word that begins the part, such as `meta`, or "". behind: the words that
    stand behind it. is_rule: it is a rule that is being typed, in this part. agent: what the resource is of, as it is
    written: a name, or @template; "" where it is of none.
    """

    keyword: str
    section: str = ""
    behind: Sequence[str] = ()
    is_rule: bool = False
    agent: str = ""


def names(cx: Context, part: Part) -> Names:
    """The names that can get a value in a part of a statement."""
    keyword, section = part.keyword, part.section
    if keyword == "property":
        return options.cluster_options(cx)
    if keyword == "op_defaults" or section in OF_OPERATIONS:
        return of_operation(cx, part)
    if keyword == "alert":
        return _told(_OF_ALERT) if section == "meta" else {}
    if keyword == "rsc_defaults" or section == "meta":
        return options.meta_of(cx, _TAGS.get(keyword, keyword))
    if section == "utilization":
        return options.set_before(cx, "utilization")
    if keyword == "node":
        return of_nodes(cx)
    if keyword == "bundle":
        return _told(BUNDLE_SETTINGS.get(section, {}))
    return of_agent(cx, part.agent)


def values(cx: Context, part: Part, name: str) -> Iterable[Candidate]:
    """The values that a name can have there, as far as they are few; in a constraint or a rule, an option is a name."""
    plain = name.removeprefix("$")
    if plain == "role" and part.section not in ("params", "utilization"):
        return [Candidate(role, about) for role, about in ROLES.items()]
    if part.is_rule or part.keyword in _CONSTRAINTS:
        return _of_option(cx, plain)
    known = names(cx, part).get(name)
    return known.values if known is not None else ()


def of_agent(cx: Context, word: str) -> Names:
    """The parameters of an agent, by what is written in its place."""
    agent = agent_of(cx, word)
    description = agents.description_of(cx, agent) if agent else None
    if agent is None or description is None:
        return {}
    more = agents.options_of(cx, "pacemaker-fenced") if agent[0] == "stonith" else None
    return options.parameters_of(description, more)


def of_nodes(cx: Context) -> Names:
    """The attributes that nodes have, and those that mean something to Pacemaker."""
    return {**_told(_OF_NODE), **options.set_before(cx, "instance_attributes", "node")}


def agent_of(cx: Context, word: str) -> agents.Agent | None:
    """The agent that a word stands for: its name, or @template; None where it is not known."""
    if not word.startswith("@"):
        return agents.meant(cx, word) if word else None
    el = objects.objects(cx).element(word[1:])
    return None if el is None else (el.get("class") or "", el.get("provider"), el.get("type") or "")


def actions(cx: Context, word: str) -> list[Action]:
    """What the agent can do that stands for a word, but for what is no operation."""
    agent = agent_of(cx, word)
    found: Description | None = agents.description_of(cx, agent) if agent else None
    return [one for one in found.actions if one.name not in _NO_OPERATIONS] if found else []


def operations(cx: Context, word: str) -> Iterator[Candidate]:
    """The operations that an agent advises, by its name or @template; the usual ones where it is not known."""
    found = {one.name: one for one in reversed(actions(cx, word))}
    usual = [name for name in _OPERATIONS if name in found]
    for name in [*usual, *sorted(found.keys() - usual)]:
        yield Candidate(name, _advice(found[name]))
    if not found:
        yield from (Candidate(name) for name in _OPERATIONS)


def of_operation(cx: Context, part: Part) -> Names:
    """The attributes of an operation, with the values that the agent advises."""
    name = part.behind[0] if part.section == "op" and part.behind else ""
    depths = [one.depth for one in actions(cx, part.agent) if one.name == name and one.depth not in (None, "0")]
    parameters = {"OCF_CHECK_LEVEL": Known("how thoroughly it checks", "", _advised(depths))}
    if part.section == "op_params":
        return parameters
    found = _told({name: OPERATION_ATTRIBUTES[name] for name in _OF_OPERATION})
    for attribute in ("interval", "timeout"):
        advised = [getattr(one, attribute) for one in actions(cx, part.agent) if one.name == name]
        found[attribute] = found[attribute]._replace(values=_advised(advised))
    found["requires"] = found["requires"]._replace(is_old=True)
    return {**found, **parameters} if part.section == "op" else found


def _of_option(cx: Context, name: str) -> Iterable[Candidate]:
    if name == "node-attribute":
        return objects.objects(cx).named("instance_attributes", "node")
    rows = {"kind": KINDS, "score": {"INFINITY": "always", "-INFINITY": "never"}, **VALUES}.get(name, {})
    return [Candidate(value, about) for value, about in rows.items()]


def _told(rows: Mapping[str, str]) -> Names:
    choices = {name: tuple(Candidate(*row) for row in _CHOICES.get(name, {}).items()) for name in rows}
    return {name: Known(about, "", choices[name]) for name, about in rows.items()}


def _advised(found: Iterable[str | None]) -> tuple[Candidate, ...]:
    return tuple(Candidate(value, "advised") for value in dict.fromkeys(found) if value)


def _advice(action: Action) -> str:
    said = ((name, getattr(action, name)) for name in ("interval", "timeout", "role"))
    return " ".join(f"{name}={value}" for name, value in said if value)
