"""The cluster is made to forget what was done with resources, so that it looks anew."""

from __future__ import annotations

from crmsh_py.cluster.asking import ask_xml
from crmsh_py.errors import TimedOut

# the controllers of all nodes have to answer
SECONDS = 30.0


def cleanup(
    resource: str | None,
    node: str | None,
    *,
    force: bool = False,
    operation: str | None = None,
    interval_ms: int = 0,
    seconds: float = SECONDS,
) -> None:
    """Forget the history and the fail counts of resources that have failed: of one or all, on one node or all.

    force: of a member of a group or of one instance of a clone, not of all of it. operation, interval_ms: whose fail
    count, else all of them. seconds: how long it may take. Raises NoSuchObject, Unreachable, NotPermitted, TimedOut,
    CrmError.
    """
    words = [] if operation is None else [f"--operation={operation}", f"--interval={interval_ms}ms"]
    _run("--cleanup", resource, node, force, words, seconds)


def refresh(resource: str | None, node: str | None, *, force: bool = False, seconds: float = SECONDS) -> None:
    """Forget the history of resources, whether they failed or not, so that the cluster probes them; as `cleanup`."""
    _run("--refresh", resource, node, force, [], seconds)


def _run(command: str, resource: str | None, node: str | None, force: bool, words: list[str], seconds: float) -> None:
    argv = [command, *words]
    argv += [f"--resource={resource}"] if resource is not None else []
    argv += [f"--node={node}"] if node is not None else []
    argv += ["--force"] if force else []
    try:
        ask_xml("crm_resource", *argv, seconds=seconds)
    except TimedOut:
        text = f"the cluster did not answer within {seconds:g} s; it may still do so"
        raise TimedOut(text, hint="`crm status` shows whether it works") from None
