"""What an agent says of itself: its parameters and its actions."""

from __future__ import annotations

import os
from functools import cache
from shutil import which
from typing import TYPE_CHECKING, Any, NamedTuple

from crmsh_py.cluster.agents import cache as kept
from crmsh_py.cluster.agents.installed import PACEMAKERS_OCF_ROOT, agent_name, ocf_root, path
from crmsh_py.errors import CrmError
from crmsh_py.run import Result, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

SECONDS = 20.0


class Parameter(NamedTuple):
    """A parameter of an agent.

    unique_group: the name of the group of parameters whose values together may be of one resource only, or None.
    type, default: None where the agent does not say. replaced_with: the names to use instead of a deprecated one.
    """

    name: str
    is_required: bool = False
    unique_group: str | None = None
    type: str | None = None
    default: str | None = None
    is_deprecated: bool = False
    replaced_with: tuple[str, ...] = ()


class Action(NamedTuple):
    """An action that an agent supports, with the timeout, interval, role and depth that it advises, as text."""

    name: str
    timeout: str | None = None
    interval: str | None = None
    role: str | None = None
    depth: str | None = None


class Agent(NamedTuple):
    """An agent: its name as Pacemaker's tools have it, `ocf:heartbeat:IPaddr2`."""

    name: str
    parameters: tuple[Parameter, ...] = ()
    actions: tuple[Action, ...] = ()

    @property
    def can_promote(self) -> bool:
        """Whether instances of it can be promoted."""
        return {"promote", "demote"} <= {action.name for action in self.actions}


def metadata(class_: str, provider: str | None, type_: str) -> Agent | None:
    """What an agent says of itself, asked once as long as its file stays the same.

    None for agents that do not describe themselves (systemd, lsb), that are not installed, or fail.
    """
    where = path(class_, provider, type_)
    if where is None:
        return None
    try:
        state = os.stat(where)
    except OSError:
        return None
    return _known(agent_name(class_, provider, type_), where, state.st_mtime_ns, state.st_size)


@cache
def _known(name: str, where: str, mtime_ns: int, size: int) -> Agent | None:
    entry, key = f"{name}.json", [where, mtime_ns, size]
    agent = _from_json(name, kept.load(entry, key))
    if agent is None:
        agent = parse(name, _ask(name, where))
        if agent is not None:
            kept.store(entry, key, [agent.parameters, agent.actions])
    return agent


def _ask(name: str, where: str) -> bytes:
    """The metadata as XML; nothing where the agent or Pacemaker's tool does not give it."""
    try:
        answer = ask(name, where)
    except CrmError:
        return b""
    return b"" if answer.exit_code else answer.stdout


def ask(
    name: str, where: str | None, seconds: float = SECONDS, every_second: Callable[[float], None] | None = None
) -> Result:
    """Let an agent describe itself, through Pacemaker's tool or, where that is not installed, by its own program.

    where: the file of an OCF or fence agent. every_second: as for `run`. Raises CrmError where there is nobody to ask,
    TimedOut.
    """
    # crm_resource looks for OCF agents in the folder it was built for, whatever OCF_ROOT says
    is_ours = name.startswith("ocf:") and ocf_root() != PACEMAKERS_OCF_ROOT
    if where and (is_ours or not which("crm_resource")):
        words = ["meta-data"] if name.startswith("ocf:") else ["-o", "metadata"]
        return run([where, *words], timeout=seconds, environ={"OCF_ROOT": ocf_root()}, every_second=every_second)
    return run(["crm_resource", f"--show-metadata={name}"], timeout=seconds, every_second=every_second)


# ---- as XML


def parse(name: str, xml: bytes) -> Agent | None:
    """An agent from its metadata; None where that is none."""
    root = root_of(xml)
    if root is None:
        return None
    return Agent(name, tuple(parameter for parameter, _ in parameters_of(root)), tuple(actions_of(root)))


def root_of(xml: bytes) -> Element | None:
    """The element `resource-agent` of metadata, wherever it stands; None where there is none."""
    from xml.etree import ElementTree as ET  # heavy

    try:
        root = ET.fromstring(xml)  # noqa: S314 - the agent has run as this user already
    except ET.ParseError:
        return None
    return next(root.iter("resource-agent"), None)


def parameters_of(root: Element) -> Iterator[tuple[Parameter, Element]]:
    """The parameters in metadata, each with its element."""
    replaced = {old: el.get("name", "") for el in root.iter("parameter") for old in el.get("obsoletes", "").split()}
    for el in root.iterfind("parameters/parameter"):
        name = el.get("name")
        if name:
            content = el.find("content")
            of_content = {} if content is None else content.attrib
            deprecated = el.find("deprecated")
            news = () if deprecated is None else tuple(new.get("name", "") for new in deprecated.iter("replaced-with"))
            yield (
                Parameter(
                    name,
                    is_true(el.get("required")),
                    el.get("unique-group") or (name if is_true(el.get("unique")) else None),
                    of_content.get("type"),
                    of_content.get("default"),
                    deprecated is not None or is_true(el.get("deprecated")) or name in replaced,
                    news or ((replaced[name],) if name in replaced else ()),
                ),
                el,
            )


def actions_of(root: Element) -> Iterator[Action]:
    """The actions in metadata."""
    for el in root.iterfind("actions/action"):
        name = el.get("name")
        if name:
            yield Action(name, el.get("timeout"), el.get("interval"), el.get("role"), el.get("depth"))


def is_true(text: str | None) -> bool:
    """Whether an attribute of metadata says yes."""
    return text in ("1", "true", "yes")


# ---- as JSON


def _from_json(name: str, content: Any) -> Agent | None:
    try:
        parameters, actions = content
        agent = Agent(
            name,
            tuple(Parameter(*row)._replace(replaced_with=tuple(row[6])) for row in parameters),
            tuple(Action(*row) for row in actions),
        )
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    return agent if _is_sound(agent) else None


def _is_sound(agent: Agent) -> bool:
    words: list[Any] = [text for action in agent.actions for text in action]
    flags: list[Any] = []
    for parameter in agent.parameters:
        words += [parameter.name, parameter.unique_group, parameter.type, parameter.default, *parameter.replaced_with]
        flags += [parameter.is_required, parameter.is_deprecated]
    return all(word is None or isinstance(word, str) for word in words) and all(
        isinstance(flag, bool) for flag in flags
    )
