"""The timeouts of operations, raised to what agents advise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.checks import of_this_host
from crmsh_py.cib.checks.operations import advised_action, default_timeout, timeout_of
from crmsh_py.cib.checks.survey import Survey
from crmsh_py.cib.durations import milliseconds
from crmsh_py.cib.ids import Ids
from crmsh_py.cib.references import ids as ids_in_use
from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.problems import INFO, WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.agents import Agent

PACEMAKERS_DEFAULT = "20s"


def advise(cib: Cib, ids: Iterable[str]) -> list[Problem]:
    """Give the operations of resources at least the timeouts that their agents advise; what is longer stays.

    Operations that start, stop, promote and demote are added where the default is too short for them. Of groups,
    clones and bundles, all that is inside. Gives a note for each change, a warning for each agent that is not
    installed. Raises NoSuchObject for what is no resource, CrmError for operations that are a reference to those of
    another resource.
    """
    survey = Survey(cib, of_this_host)
    taken = Ids(ids_in_use(cib))
    notes: list[Problem] = []
    for id_ in ids:
        named = survey.resources.get(id_)
        if named is None:
            raise NoSuchObject(f"there is no resource {id_}")
        for el in named.iter("primitive", "template"):
            notes.extend(_advise_one(survey, el, taken))
    return notes


def _advise_one(survey: Survey, el: Element, ids: Ids) -> Iterator[Problem]:
    agent = survey.agent(el)
    id_ = el.get("id")
    if agent is None:
        text = f"{id_}: no metadata for {survey.agent_name(el) or 'its agent'}, its timeouts stay as they are"
        yield Problem(WARNING, "not-checked", text, object_id=id_)
        return
    reference = next((one.get("id-ref") for one in el.iterchildren("operations") if one.get("id-ref")), None)
    if reference is not None:
        raise CrmError(f"{id_}: its operations are those of {reference}", hint="name the resource that has them")
    default = default_timeout(survey) or PACEMAKERS_DEFAULT
    for op in el.iterfind("operations/op"):
        yield from _raise_timeout(survey, el, op, agent, default)
    yield from _add_operations(survey, el, agent, default, ids)


def _raise_timeout(survey: Survey, el: Element, op: Element, agent: Agent, default: str) -> Iterator[Problem]:
    action = advised_action(op, agent)
    old = timeout_of(survey, op)
    if action is None or not _is_shorter(old or default, action.timeout):
        return
    survey.cib.touch(el)
    timeout = _with_unit(action.timeout)
    op.set("timeout", timeout)
    yield _note(el, op.get("name"), timeout, f"it was {old}" if old else f"the default is {default}")


def _add_operations(survey: Survey, el: Element, agent: Agent, default: str, ids: Ids) -> Iterator[Problem]:
    template = survey.resources.get(el.get("template") or "")
    sources = (el,) if template is None else (el, template)
    there = {op.get("name") for source in sources for op in source.iterfind("operations/op")}
    names = ["start", "stop", *(["promote", "demote"] if _is_promotable(survey, el) else [])]
    for action in agent.actions:
        if action.name in names and action.name not in there and _is_shorter(default, action.timeout):
            there.add(action.name)
            survey.cib.touch(el)
            operations = el.find("operations")
            if operations is None:
                operations = etree.SubElement(el, "operations")
            timeout = _with_unit(action.timeout)
            id_ = ids.new(f"{el.get('id')}-{action.name}-0s")
            attributes = {"name": action.name, "timeout": timeout, "interval": "0s", "id": id_}
            etree.SubElement(operations, "op", attributes)
            yield _note(el, action.name, timeout, f"the default is {default}")


def _is_promotable(survey: Survey, el: Element) -> bool:
    for container in survey.containers(el):
        if container.tag == "master" or survey.values(container, "meta_attributes").get("promotable") == "true":
            return True
    return False


def _is_shorter(timeout: str, advised: str | None) -> bool:
    given, least = milliseconds(timeout), milliseconds(advised)
    return given is not None and least is not None and given < least


def _with_unit(timeout: str | None) -> str:
    return f"{timeout}s" if (timeout or "").isdecimal() else str(timeout)


def _note(el: Element, name: str | None, timeout: str, before: str) -> Problem:
    id_ = el.get("id")
    return Problem(INFO, "timeout", f"{id_}: the timeout of {name} is now {timeout} ({before})", object_id=id_)
