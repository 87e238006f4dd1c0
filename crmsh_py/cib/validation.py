"""A resource's own agent asked whether its parameters are good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.checks import of_this_host
from crmsh_py.cib.checks.parameters import unknown_of
from crmsh_py.cib.checks.survey import Survey
from crmsh_py.cib.durations import milliseconds
from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, Refused
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

SETS = "instance_attributes"
SECONDS = 20.0
# OCF: OCF_ERR_PERM and what the other codes mean
NO_PERMISSION = 4
MEANINGS = {1: "it failed", 2: "a parameter is wrong", 5: "software is missing", 6: "it is not configured"}


def validate(cib: Cib, rsc: str) -> str:
    """Let the agent of a primitive validate its parameters; gives the sentence that says they are good.

    Raises NoSuchObject where there is no such primitive or no such agent here, Refused where the agent says no,
    NotPermitted, TimedOut, CrmError for parameters that depend on rules or are references.
    """
    survey = Survey(cib, of_this_host)
    el = survey.resources.get(rsc)
    name = None if el is None or el.tag != "primitive" else survey.agent_name(el)
    if el is None or name is None:
        raise NoSuchObject(f"there is no primitive {rsc}")
    return accepted(name, dict(_parameters(survey, el)), resource=rsc, object_id=rsc)


def check_names(name: tuple[str, str | None, str], parameters: Iterable[str]) -> None:
    """Raise Refused where an agent, by its class, provider and type, does not have parameters of these names.

    Most agents do not look at what they do not know. Of one that is not installed here, nothing is known.
    """
    agent = of_this_host(*name)
    if agent is not None and (found := list(unknown_of(agent, parameters))):
        raise Refused(problems=found)


def accepted(
    name: tuple[str, str | None, str], parameters: Mapping[str, str], *, resource: str, object_id: str | None = None
) -> str:
    """Let an agent, by its class, provider and type, validate parameters; gives the sentence that says they are good.

    resource: the name under which the agent is run. object_id: the primitive that has the parameters. Raises what
    `validate` does.
    """
    from crmsh_py.cluster.agents.validate import ACTION  # heavy
    from crmsh_py.cluster.agents.validate import validate as ask

    agent = of_this_host(*name)
    where = f"{object_id}: " if object_id else ""
    if agent is None:
        shown = ":".join(part for part in name if part)
        raise NoSuchObject(f"{shown} is not installed here, or cannot validate", hint="run it where the resource runs")
    actions = {action.name: action for action in agent.actions}
    # an agent might take an action that it does not know for another one: a fence agent, for a reboot
    if ACTION not in actions:
        raise CrmError(f"{agent.name} has no {ACTION}")
    advised = milliseconds(actions[ACTION].timeout)
    verdict = ask(*name, parameters, resource=resource, seconds=(advised or 0) / 1000 or SECONDS)
    if verdict.exit_code == 0:
        return f"{where}{agent.name} accepts its parameters"
    reasons = verdict.reasons or (MEANINGS.get(verdict.exit_code, f"exit code {verdict.exit_code}"),)
    found = [Problem(ERROR, "not-valid", f"{where}{agent.name}: {reason}", object_id=object_id) for reason in reasons]
    raise (NotPermitted if verdict.exit_code == NO_PERMISSION else Refused)(problems=found)


def _parameters(survey: Survey, el: Element) -> Iterator[tuple[str, str]]:
    """The parameters as Pacemaker hands them to the agent; own ones last, as they count."""
    template = survey.resources.get(el.get("template") or "")
    sources = [*reversed(list(survey.containers(el))), *(() if template is None else (template,)), el]
    for source in sources:
        for own in reversed(list(source.iterchildren(SETS))):
            if own.get("id-ref") or own.find("nvpair[@id-ref]") is not None:
                raise CrmError(f"{el.get('id')}: parameters of {source.get('id')} are references to others")
            if own.find("rule") is not None:
                raise CrmError(f"{el.get('id')}: parameters of {source.get('id')} depend on a rule")
            # of a name that is there twice, the first counts
            yield from {name: value or "" for name, value in reversed(list(survey.pairs(own)))}.items()
