"""What the agents of this host say about names that a person types: which agent is meant, how its parameters are spelt.

For typed statements only: what a file means may not depend on the host. Everything that is not as it was typed is
said in a note. Where an agent is not installed, nothing is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import statements as st
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.etree import _Element as Element

    from crmsh_py.cluster.agents import Agent

DEFAULT_PROVIDER = "heartbeat"


def complete_agent(item: st.Statement, objects: Mapping[str, Element]) -> Iterator[Problem]:
    """Name the agent of a typed primitive or template in full, and its parameters as it does. Gives notes.

    objects: the objects of the configuration by their ids. Consume it all: the statement is changed on the way.
    """
    if not isinstance(item, (st.Primitive, st.RscTemplate)):
        return
    if item.type is not None:
        yield from _name(item)
    yield from _spell_parameters(item, objects)


# ---- agents


def _name(item: st.Primitive | st.RscTemplate) -> Iterator[Problem]:
    typed = ":".join(part for part in (item.class_, item.provider, item.type) if part)
    found = _installed(item.class_, item.provider, item.type or "")
    if found is None:
        return
    name = ":".join(part for part in found if part)
    if typed not in (name, name.removeprefix(f"ocf:{DEFAULT_PROVIDER}:"), name.removeprefix("stonith:")):
        yield Problem(INFO, "agent-name", f"{item.id}: {typed} is taken as {name}", object_id=item.id)
    item.class_, item.provider, item.type = found


def _installed(class_: str | None, provider: str | None, type_: str) -> tuple[str, str | None, str] | None:
    """The class, provider and type of the one installed agent that is meant, or None."""
    from crmsh_py.cluster import agents  # heavy

    if class_ == "stonith" or (class_ is None and type_.lower().startswith("fence_")):
        fence_agent = _alike(type_, agents.fence_agents())
        return None if fence_agent is None else ("stonith", None, fence_agent)
    if class_ not in (None, "ocf"):
        return None
    if agents.path("ocf", provider or DEFAULT_PROVIDER, type_):
        return "ocf", provider or DEFAULT_PROVIDER, type_
    exact = agents.providers_of(type_) if provider is None else []
    if exact:
        return ("ocf", exact[0], type_) if len(exact) == 1 else None
    for among in ([provider],) if provider else ([DEFAULT_PROVIDER], agents.providers()):
        near = [(one, name) for one in among for name in agents.types(one) if name.lower() == type_.lower()]
        if near:
            return ("ocf", *near[0]) if len(near) == 1 else None
    return None


def _alike(name: str, names: Iterable[str]) -> str | None:
    """The name among these, or the only one that differs in upper and lower case."""
    near = [one for one in names if one.lower() == name.lower()]
    if name in near:
        return name
    return near[0] if len(near) == 1 else None


# ---- parameters


def _spell_parameters(item: st.Primitive | st.RscTemplate, objects: Mapping[str, Element]) -> Iterator[Problem]:
    sets = [one for one in item.children if isinstance(one, st.AttributeSet) and one.kind == "instance_attributes"]
    pairs = [pair for one in sets for pair in one.children if isinstance(pair, st.NVPair) and pair.name]
    agent = _agent(item, objects) if pairs else None
    if agent is None:
        return
    known = {parameter.name for parameter in agent.parameters}
    for pair in pairs:
        typed = pair.name or ""
        near = [name for name in known if _plain(name) == _plain(typed)]
        if typed not in known and len(near) == 1:
            pair.name = near[0]
            text = f"{item.id}: {typed} is taken as {pair.name}, as {agent.name} spells it"
            yield Problem(INFO, "parameter-name", text, object_id=item.id)


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")


def _agent(item: st.Primitive | st.RscTemplate, objects: Mapping[str, Element]) -> Agent | None:
    template = getattr(item, "template", None)
    if template is None:
        return _metadata(item.class_, item.provider, item.type)
    el = objects.get(template)
    return None if el is None else _metadata(el.get("class"), el.get("provider"), el.get("type"))


def _metadata(class_: str | None, provider: str | None, type_: str | None) -> Agent | None:
    from crmsh_py.cluster.agents import metadata  # heavy

    return None if class_ is None or type_ is None else metadata(class_, provider, type_)


# ---- clones


def promotable_agent(primitive: Element, objects: Mapping[str, Element]) -> str | None:
    """The name of a primitive's agent if instances of it can be promoted; None where not, or where nobody knows."""
    template = objects.get(primitive.get("template") or "")
    source = primitive if template is None else template
    agent = _metadata(source.get("class"), source.get("provider"), source.get("type"))
    return agent.name if agent is not None and agent.can_promote else None
