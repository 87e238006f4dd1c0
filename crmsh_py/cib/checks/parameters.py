"""The parameters of resources, against the metadata of their agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.options import meta_attribute_names
from crmsh_py.masks import MASK, is_secret
from crmsh_py.problems import ERROR, WARNING, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.checks.survey import Survey
    from crmsh_py.cluster.agents import Agent, Parameter

SETS = "instance_attributes"
# what the fencer fills in by itself
FILLED_IN = ("action", "nodename", "plug", "port")
# what the shell functions of OCF agents read, and no metadata lists
TRACING = ("trace_ra", "trace_file", "trace_dir")


def missing(survey: Survey) -> Iterator[Problem]:
    """Parameters that an agent requires and that no set has: own, of the template, of the container."""
    for el in survey.primitives:
        agent = survey.agent(el)
        wanted = [] if agent is None else [one for one in agent.parameters if _is_wanted(one, agent)]
        if agent is None or not wanted:
            continue
        given = set(survey.values(el, SETS))
        for container in survey.containers(el):
            given.update(survey.values(container, SETS))
        id_ = el.get("id")
        for parameter in wanted:
            if not given.intersection(_spellings(parameter, agent)):
                text = f"{id_}: {agent.name} requires the parameter {parameter.name}"
                yield Problem(ERROR, "missing-parameter", text, object_id=id_)


def _is_wanted(parameter: Parameter, agent: Agent) -> bool:
    if not parameter.is_required or parameter.default or parameter.is_deprecated:
        return False
    return not (agent.name.startswith("stonith:") and parameter.name in FILLED_IN)


def _spellings(parameter: Parameter, agent: Agent) -> set[str]:
    """A parameter's name and the deprecated names of it."""
    return {parameter.name, *(old.name for old in agent.parameters if parameter.name in old.replaced_with)}


def unknown(survey: Survey) -> Iterator[Problem]:
    """Parameters that an agent does not have, or does not want any more. What a template has is said of it alone."""
    for el in (*survey.templates, *survey.primitives):
        agent = survey.agent(el)
        if agent is None:
            continue
        known = {parameter.name: parameter for parameter in agent.parameters}
        said = dict.fromkeys(name for own in _own_sets(el) for name, _ in survey.pairs(own))
        for name in said:
            parameter = known.get(name)
            if parameter is None and not _is_understood(name, agent):
                yield _unknown(el.get("id"), name, agent)
            elif parameter is not None and parameter.is_deprecated:
                yield _deprecated(el, parameter)


def _own_sets(el: Element) -> list[Element]:
    return [own for own in el.iterchildren(SETS) if own.get("id-ref") is None]


def _is_understood(name: str, agent: Agent) -> bool:
    """Whether a parameter is for Pacemaker, or for the library of the agent."""
    return name.startswith("pcmk_") if agent.name.startswith("stonith:") else name in TRACING


def unknown_of(agent: Agent, names: Iterable[str]) -> Iterator[Problem]:
    """What of these names is no parameter of an agent, deprecated or not."""
    known = {parameter.name for parameter in agent.parameters}
    return (_unknown(None, name, agent) for name in names if name not in known and not _is_understood(name, agent))


def _unknown(id_: str | None, name: str, agent: Agent) -> Problem:
    hint = did_you_mean(name, [parameter.name for parameter in agent.parameters])
    as_meta = name.replace("_", "-")
    if as_meta in meta_attribute_names("primitive"):
        hint = f"{as_meta} is a meta attribute: `meta {as_meta}=...`"
    text = f"{agent.name} has no parameter {name}"
    return Problem(ERROR, "unknown-parameter", f"{id_}: {text}" if id_ else text, None, hint, id_)


def _deprecated(el: Element, parameter: Parameter) -> Problem:
    id_ = el.get("id")
    hint = f"use {' or '.join(parameter.replaced_with)}" if parameter.replaced_with else None
    return Problem(WARNING, "deprecated-parameter", f"{id_}: {parameter.name} is deprecated", None, hint, id_)


def shared(survey: Survey) -> Iterator[Problem]:
    """Values that must be of one resource only, and are of several. What a rule guards is not compared."""
    holders: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for el in survey.primitives:
        agent = survey.agent(el)
        groups = {} if agent is None else _groups(agent)
        if agent is None or not groups:
            continue
        given = _unguarded(survey, el)
        for group in groups.values():
            if any(given.get(parameter.name) for parameter in group):
                key = tuple((one.name, given.get(one.name) or one.default or "") for one in group)
                holders.setdefault((agent.name, key), []).append(el.get("id", ""))
    for (agent_name, key), ids in holders.items():
        if len(ids) > 1:
            said = " ".join(f"{name}={MASK if is_secret(name) else value}" for name, value in key)
            text = f"{', '.join(ids[:-1])} and {ids[-1]} have the same {said}, which {agent_name} wants to be unique"
            yield Problem(WARNING, "shared-parameter", text, object_id=ids[-1])


def _groups(agent: Agent) -> dict[str, list[Parameter]]:
    groups: dict[str, list[Parameter]] = {}
    for parameter in agent.parameters:
        if parameter.unique_group is not None:
            groups.setdefault(parameter.unique_group, []).append(parameter)
    return groups


def _unguarded(survey: Survey, el: Element) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    template = survey.resources.get(el.get("template") or "")
    for source in (el,) if template is None else (el, template):
        for attributes in survey.sets(source, SETS):
            if attributes.find("rule") is None:
                for name, value in survey.pairs(attributes):
                    found.setdefault(name, value)
    return found
