"""Resource agents: which are installed, and what their metadata says."""

from __future__ import annotations

from crmsh_py.cluster.agents.agent import Action, Agent, Parameter, metadata
from crmsh_py.cluster.agents.installed import agent_name, fence_agents, path, providers, providers_of, types

__all__ = [
    "Action",
    "Agent",
    "Parameter",
    "agent_name",
    "fence_agents",
    "metadata",
    "path",
    "providers",
    "providers_of",
    "types",
]
