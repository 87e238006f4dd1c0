"""Which agents there are, of all classes, and what is meant by a name that people write."""

from __future__ import annotations

from shutil import which
from typing import TYPE_CHECKING

from crmsh_py.cluster.agents import installed
from crmsh_py.cluster.agents.installed import AgentName
from crmsh_py.cluster.asking import ask_xml
from crmsh_py.errors import CrmError, NoSuchObject, TimedOut
from crmsh_py.problems import did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

SECONDS = 20.0
DEFAULT_PROVIDER = "heartbeat"
FENCING = "stonith"
# Pacemaker's documentation says `fencing resources` where configurations say `stonith`
_ALIASES = {"fencing": FENCING}
# the same services as those of other classes, by another name
SERVICE = "service"


def classes() -> list[str]:
    """The classes of agents that are here, sorted. Without Pacemaker, those that are known by their files."""
    if not which("crm_resource"):
        files = {"ocf": installed.providers(), FENCING: installed.fence_agents()}
        return [name for name, found in files.items() if found]
    return sorted(el.text or "" for el in ask_xml("crm_resource", "--list-standards", seconds=SECONDS).iter("item"))


def class_of(word: str) -> str:
    """The class that is meant. Raises NoSuchObject where it is not here."""
    name = _ALIASES.get(word.lower(), word.lower())
    known = classes()
    if name not in known:
        hint = did_you_mean(name, [*known, *_ALIASES]) or (f"classes are {listed(known)}" if known else None)
        raise NoSuchObject(f"there is no class {word} here", hint=hint)
    return name


def agents(class_: str, provider: str | None = None) -> list[AgentName]:
    """The agents of a class, sorted; of OCF, those of one provider or of all. Raises NoSuchObject, TimedOut."""
    if class_ == "ocf":
        return [AgentName("ocf", one, type_) for one in _providers(provider) for type_ in installed.types(one)]
    if provider is not None:
        raise NoSuchObject(f"agents of the class {class_} have no providers", hint="those of the class ocf have")
    own = installed.fence_agents() if class_ == FENCING else ()
    return [AgentName(class_, None, type_) for type_ in sorted({*own, *_known_to_pacemaker(class_)})]


def _providers(wanted: str | None) -> list[str]:
    known = installed.providers()
    if wanted is None:
        return known
    if wanted not in known:
        hint = did_you_mean(wanted, known) or (f"providers are {listed(known)}" if known else None)
        raise NoSuchObject(f"there is no provider {wanted} here", hint=hint)
    return [wanted]


def _known_to_pacemaker(class_: str) -> Iterable[str]:
    if not which("crm_resource"):
        return ()
    try:
        root = ask_xml("crm_resource", f"--list-agents={class_}", seconds=SECONDS)
    except TimedOut:
        raise
    except CrmError:  # it fails where there are none
        return ()
    return [el.text for el in root.iter("agent") if el.text]


# ---- names


def find(word: str) -> AgentName:
    """The installed agent that a word names: `IPaddr2`, `pacemaker:Dummy`, `ocf:pacemaker:Dummy`, `stonith:fence_xvm`.

    Of OCF agents of one name it is the one of heartbeat. Raises NoSuchObject with the nearest names.
    """
    first, *rest = word.split(":")
    class_ = _ALIASES.get(first.lower(), first.lower())
    found = _find(class_, rest) if rest else _find_type(first)
    if found is None:
        raise _missing(word)
    return found


def _find(class_: str, rest: list[str]) -> AgentName | None:
    type_ = rest[-1]
    if class_ == "ocf":
        providers = rest[:-1] or _of_type(type_)
        return next((AgentName("ocf", one, type_) for one in providers if installed.path("ocf", one, type_)), None)
    if len(rest) > 1:
        return None
    name = AgentName(class_, None, type_)
    if class_ in (FENCING, "lsb", "systemd", SERVICE):
        # a service may have a name that no file has
        return name if installed.file_of(name) or type_ in _known_to_pacemaker(class_) else None
    return AgentName("ocf", class_, type_) if installed.path("ocf", class_, type_) else None


def _find_type(type_: str) -> AgentName | None:
    providers = _of_type(type_)
    if providers:
        return AgentName("ocf", providers[0], type_)
    name = AgentName(FENCING, None, type_)
    return name if installed.file_of(name) else None


def _of_type(type_: str) -> list[str]:
    return sorted(installed.providers_of(type_), key=lambda provider: provider != DEFAULT_PROVIDER)


def _missing(word: str) -> NoSuchObject:
    known = [*agents("ocf"), *(AgentName(FENCING, None, type_) for type_ in installed.fence_agents())]
    if not known:
        return NoSuchObject(f"there is no agent {word}: no resource agents are installed here")
    folder, _, type_ = word.rpartition(":")
    if folder and not type_:
        hint = f"`ra list {folder.replace(':', ' ')}` shows those that are here"
        return NoSuchObject(f"{word} is no agent: its name is missing", hint=hint)
    near = did_you_mean(word, [str(name) if ":" in word else name.type for name in known], 3)
    return NoSuchObject(f"there is no agent {word} here", hint=near or "`ra list` shows those that are here")
