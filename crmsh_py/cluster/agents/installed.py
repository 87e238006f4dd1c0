"""The agents that are installed on this host, as the folders have them: nothing is started to know."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

PACEMAKERS_OCF_ROOT = "/usr/lib/ocf"
FENCE_AGENTS = "/usr/sbin"
# fence agents of an older kind, which the tools of cluster-glue run
PLUGINS = "/usr/lib/stonith/plugins"
INIT_SCRIPTS = "/etc/init.d"
UNITS = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")

# they become names of files, and arguments of a program
_NAME = re.compile(r"[A-Za-z0-9_][\w.+-]*", re.ASCII)


class AgentName(NamedTuple):
    """Which agent; the provider is None but for OCF agents."""

    class_: str
    provider: str | None
    type: str

    def __str__(self) -> str:
        return agent_name(*self)


def ocf_root() -> str:
    """The folder of the OCF agents: $OCF_ROOT, else Pacemaker's own."""
    return os.environ.get("OCF_ROOT") or PACEMAKERS_OCF_ROOT


def agent_name(class_: str, provider: str | None, type_: str) -> str:
    """How Pacemaker's tools name an agent: `ocf:heartbeat:IPaddr2`, `stonith:fence_xvm`."""
    return ":".join(part for part in (class_, provider, type_) if part)


def path(class_: str, provider: str | None, type_: str) -> str | None:
    """The file of an agent that describes itself, an OCF or a fence agent; None for others, and where it is missing."""
    if not _NAME.fullmatch(type_):
        return None
    if class_ == "ocf" and provider and _NAME.fullmatch(provider):
        found = os.path.join(ocf_root(), "resource.d", provider, type_)
    elif class_ == "stonith" and type_.startswith("fence_"):
        found = os.path.join(FENCE_AGENTS, type_)
    else:
        return None
    return found if os.path.isfile(found) and os.access(found, os.X_OK) else None


def file_of(name: AgentName) -> str | None:
    """The file of an agent or service of any class, whether it can be run or not; None where there is none."""
    class_, provider, type_ = name
    if class_ in ("ocf", "stonith") and (found := path(class_, provider, type_)):
        return found
    if not all(map(_NAME.fullmatch, type_.split("/"))):
        return None
    places = {
        "stonith": (f"{PLUGINS}/{type_}", f"{PLUGINS}/stonith2/{type_}.so"),
        "lsb": (f"{INIT_SCRIPTS}/{type_}",),
        "systemd": tuple(f"{folder}/{type_.removesuffix('.service')}.service" for folder in UNITS),
    }
    # Pacemaker's class `service` is the first of these that has it
    wanted = ("lsb", "systemd") if class_ == "service" else (class_,)
    return next((file for one in wanted for file in places.get(one, ()) if os.path.isfile(file)), None)


def providers() -> list[str]:
    """The providers of OCF agents, sorted."""
    return _entries(os.path.join(ocf_root(), "resource.d"))


def types(provider: str) -> list[str]:
    """The OCF agents of a provider, sorted."""
    if not _NAME.fullmatch(provider):
        return []
    return [name for name in _entries(os.path.join(ocf_root(), "resource.d", provider)) if path("ocf", provider, name)]


def providers_of(type_: str) -> list[str]:
    """The providers that have an OCF agent of this name, sorted."""
    return [provider for provider in providers() if path("ocf", provider, type_)]


def fence_agents() -> list[str]:
    """The fence agents, sorted."""
    return [name for name in _entries(FENCE_AGENTS) if path("stonith", None, name)]


def _entries(folder: str) -> list[str]:
    try:
        return sorted(filter(_NAME.fullmatch, os.listdir(folder)))
    except OSError:
        return []
