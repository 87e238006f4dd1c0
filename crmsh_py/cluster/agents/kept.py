"""What agents, and what takes parameters as they do, say of themselves to people; asked once, and kept."""

from __future__ import annotations

import os
from functools import cache
from shutil import which
from typing import TYPE_CHECKING, Any

from crmsh_py.cluster.agents import cache as entries
from crmsh_py.cluster.agents import pseudo
from crmsh_py.cluster.agents.agent import Action, Parameter, ask
from crmsh_py.cluster.agents.description import Described, Description, description
from crmsh_py.cluster.agents.installed import agent_name, path
from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.run import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    States: TypeAlias = tuple[tuple[str, int, int], ...]

# a newer Pacemaker knows its meta attributes
_META = ("crm_resource", "--list-options=primitive", "--all", "--output-as=xml")
# what stands in the entries, as of this program
_FORM = 1


def kept(class_: str, provider: str | None, type_: str) -> Description | None:
    """What an agent says of itself, asked once as long as its file stays the same.

    None for agents that do not describe themselves (systemd, lsb), that are not installed, or fail.
    """
    where = path(class_, provider, type_)
    name = agent_name(class_, provider, type_)
    return None if where is None else _of_agent(name, where, _states(where))


def kept_options(name: str) -> Description | None:
    """The options of one of PSEUDO, asked once as long as Pacemaker's programs stay the same; None without them."""
    states = _states(*(os.path.join(folder, pseudo.FENCER) for folder in pseudo.FOLDERS))
    return _of_options(name, states) if states else None


def kept_meta_attributes() -> Description | None:
    """What Pacemaker says of the meta attributes of primitives, as `kept_options`; None of a Pacemaker before 2.1.8."""
    tool = which(_META[0])
    return _of_tool("meta-attributes", _states(tool)) if tool else None


def _states(*files: str) -> States:
    """The files that are there, each with its time and size."""
    found = []
    for file in files:
        try:
            state = os.stat(file)
        except OSError:
            continue
        found.append((file, state.st_mtime_ns, state.st_size))
    return tuple(found)


@cache
def _of_agent(name: str, where: str, states: States) -> Description | None:
    return _looked_up(name, states, lambda: _ask(name, where))


@cache
def _of_options(name: str, states: States) -> Description | None:
    try:
        return _looked_up(name, states, lambda: pseudo.describe(name))
    except NoSuchObject:
        return None


@cache
def _of_tool(name: str, states: States) -> Description | None:
    def look() -> Description | None:
        try:
            answer = run(_META, timeout=pseudo.SECONDS)
        except CrmError:
            return None
        # an older one does not know the option; that is remembered too
        return description(name, [answer.stdout]) or Description(name, "", "", "", (), ())

    return _looked_up(name, states, look)


def _ask(name: str, where: str) -> Description | None:
    try:
        answer = ask(name, where)
    except CrmError:
        return None
    return None if answer.exit_code else description(name, [answer.stdout])


def _looked_up(name: str, states: States, look: Callable[[], Description | None]) -> Description | None:
    """What was kept as of these files, else what is found out now, and kept."""
    entry, key = f"{name}.text.json", [_FORM, *(list(state) for state in states)]
    found = _from_json(entries.load(entry, key))
    if found is None:
        found = look()
        if found is not None:
            entries.store(entry, key, found)
    return found


# ---- as JSON, where each of the tuples is a list


def _from_json(content: Any) -> Description | None:
    try:
        name, version, summary, text, parameters, actions = content
        found = Description(
            name, version, summary, text, tuple(map(_parameter, parameters)), tuple(Action(*row) for row in actions)
        )
    except (TypeError, ValueError, IndexError):
        return None
    return found if _is_sound(found) else None


def _parameter(row: Any) -> Described:
    facts, summary, text, is_advanced, allowed = row
    parameter = Parameter(*facts)
    return Described(
        parameter._replace(replaced_with=tuple(parameter.replaced_with)), summary, text, is_advanced, tuple(allowed)
    )


def _is_sound(found: Description) -> bool:
    """Whether all texts are texts."""
    texts: list[Any] = [found.name, found.version, found.summary, found.text]
    unsaid: list[Any] = [value for action in found.actions for value in action[1:]]
    for one in found.parameters:
        texts += [one.facts.name, one.summary, one.text, *one.allowed, *one.facts.replaced_with]
        unsaid += [one.facts.unique_group, one.facts.type, one.facts.default]
    texts += [action.name for action in found.actions]
    return all(isinstance(text, str) for text in texts) and all(
        value is None or isinstance(value, str) for value in unsaid
    )
