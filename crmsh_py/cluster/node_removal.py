"""Nodes that are gone for good."""

from __future__ import annotations

from crmsh_py.cluster.asking import ask

SECONDS = 40.0


def forget_node(name: str) -> None:
    """Make the running cluster forget a node: its status and what daemons remember of it. It must not run.

    The tool does not look whether the node runs: who calls this does. Raises what `asking.ask` does.
    """
    ask("crm_node", "--force", f"--remove={name}", seconds=SECONDS)
