"""Agents as candidates: classes, providers, names; and what an agent says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.candidates import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crmsh_py.cluster.agents.description import Description
    from crmsh_py.command.context import Context

    # class, provider, type; as `metadata` takes it
    Agent = tuple[str, str | None, str]

# the classes that Pacemaker can have, whether they are here or not
CLASSES = {
    "ocf": "agents made for clusters",
    "stonith": "fence agents",
    "systemd": "units of systemd",
    "lsb": "init scripts",
    "service": "units or init scripts, whichever is there",
}
_INSTALLED_SECONDS = 60.0


class Installed:
    """The agents that are here: OCF agents by their providers, fence agents; and what they are, as far as is known."""

    def __init__(self) -> None:
        from crmsh_py.cluster.agents import installed  # heavy

        self.ocf = {provider: installed.types(provider) for provider in installed.providers()}
        self.fencing = installed.fence_agents()
        self.about = _summaries()

    def of_type(self, type_: str) -> Iterator[str]:
        """The full names of the agents with this name."""
        yield from (f"ocf:{provider}:{type_}" for provider, types in self.ocf.items() if type_ in types)
        yield from (f"stonith:{type_}" for one in self.fencing if one == type_)

    def named(self, text: str, full: str) -> Candidate:
        """A candidate with what the agent of this full name says of itself."""
        return Candidate(text, self.about.get(full, ""))

    def types(self) -> list[Candidate]:
        """The names of all, without classes and providers, sorted."""
        full = {name: f"stonith:{name}" for name in self.fencing}
        full |= {name: f"ocf:{provider}:{name}" for provider, names in self.ocf.items() for name in names}
        # who gives no provider means that of heartbeat
        full |= {name: f"ocf:heartbeat:{name}" for name in self.ocf.get("heartbeat", ())}
        return [self.named(name, full[name]) for name in sorted(full)]


def _summaries() -> Mapping[str, str]:
    """What agents have said that they are, when they were asked by `ra list`."""
    from crmsh_py.cluster.agents import cache
    from crmsh_py.cluster.agents.summaries import ENTRY, KEY

    content = cache.load(ENTRY, KEY)
    rows = content.items() if isinstance(content, dict) else ()
    return {name: row[-1] for name, row in rows if isinstance(row, list) and row and isinstance(row[-1], str)}


def _counted(types: Sequence[str]) -> str:
    return f"{len(types)} agent{'s' * (len(types) != 1)}"


def _here(cx: Context) -> Installed | None:
    return cx.later.get("agents", Installed, None, _INSTALLED_SECONDS)


def _services(cx: Context, class_: str) -> Iterable[str]:
    """The agents of a class that Pacemaker alone knows."""

    def ask() -> list[str]:
        from crmsh_py.cluster.agents.catalogue import agents as of_class  # heavy

        return [one.type for one in of_class(class_)]

    return cx.later.get(("agents", class_), ask, (), _INSTALLED_SECONDS)


def agents(cx: Context, partial: str) -> Iterator[Candidate]:
    """What names an agent, step by step: a class, a provider, the agent; or the agent's own name at once."""
    here = _here(cx)
    class_, *rest = partial.split(":")
    class_ = class_.lower()
    if not rest:
        yield from (Candidate(f"{name}:", about) for name, about in CLASSES.items())
        yield from here.types() if here else ()
    elif class_ == "ocf" and here:
        if len(rest) == 1:
            yield from (Candidate(f"ocf:{name}:", _counted(types)) for name, types in here.ocf.items() if types)
        else:
            names = (f"ocf:{rest[0]}:{type_}" for type_ in here.ocf.get(rest[0], ()))
            yield from (here.named(name, name) for name in names)
    elif class_ in CLASSES and class_ != "ocf":
        known = _services(cx, class_) or (here.fencing if here and class_ == "stonith" else ())
        about = here.about if here else {}
        yield from (Candidate(f"{class_}:{name}", about.get(f"{class_}:{name}", "")) for name in known)
    elif here:
        # heartbeat:IPaddr2 is ocf:heartbeat:IPaddr2
        provider = partial.partition(":")[0]
        types = here.ocf.get(provider, ())
        yield from (here.named(f"{provider}:{type_}", f"ocf:{provider}:{type_}") for type_ in types)


def described(cx: Context, partial: str) -> Iterator[Candidate]:
    """What `ra info` takes: agents, and what is none and takes parameters all the same."""
    from crmsh_py.cluster.agents.pseudo import PSEUDO  # heavy

    yield from agents(cx, partial)
    yield from (Candidate(name, "options of the cluster" if name == "cluster" else "daemon") for name in PSEUDO)


def agent_types(cx: Context, _: str) -> Iterable[Candidate]:
    """The names of OCF and fence agents, without class and provider."""
    here = _here(cx)
    return here.types() if here else ()


def agent_classes(_: Context, __: str) -> list[Candidate]:
    """The classes of agents."""
    return [Candidate(name, about) for name, about in CLASSES.items()]


def providers(cx: Context, _: str) -> list[Candidate]:
    """The providers of OCF agents."""
    here = _here(cx)
    return [Candidate(name, _counted(types)) for name, types in here.ocf.items()] if here else []


def description_of(cx: Context, agent: Agent) -> Description | None:
    """What an agent says of itself; None where it does not, or has not yet."""

    def ask() -> Description | None:
        from crmsh_py.cluster.agents.kept import kept  # heavy

        return kept(*agent)

    return cx.later.get(("agent", *agent), ask, None, _INSTALLED_SECONDS)


def options_of(cx: Context, name: str) -> Description | None:
    """The options of `cluster` or of a daemon, as far as they are known."""

    def ask() -> Description | None:
        from crmsh_py.cluster.agents.kept import kept_options  # heavy

        return kept_options(name)

    return cx.later.get(("options", name), ask, None)


def meta_attributes_of(cx: Context) -> Description | None:
    """What the installed Pacemaker says of meta attributes, as far as it does and it is known."""

    def ask() -> Description | None:
        from crmsh_py.cluster.agents.kept import kept_meta_attributes  # heavy

        return kept_meta_attributes()

    return cx.later.get(("options", "meta"), ask, None)


def meant(cx: Context, word: str) -> Agent | None:
    """The installed agent that a word names, as `primitive` reads it."""

    def look() -> Agent:
        from crmsh_py.cluster.agents.catalogue import find  # heavy

        return find(word)

    return cx.later.get(("meant", word), look, None, _INSTALLED_SECONDS)
