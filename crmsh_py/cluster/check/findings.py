"""A finding: one thing that is not as it should be; what there is to find, each by its code and how bad it is."""

from __future__ import annotations

from typing import NamedTuple

# the states of monitoring plugins, which are their exit codes too
OK, WARNING, CRITICAL, UNKNOWN = range(4)
NAMES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")

# every code, with the state that it makes where no threshold says otherwise
SEVERITIES: dict[str, int] = {
    # quorum
    "no-dc": CRITICAL,
    "no-quorum": CRITICAL,
    "pacemaker-state": WARNING,
    # nodes, remote
    "offline": CRITICAL,
    "unclean": CRITICAL,
    "replica-offline": WARNING,
    "pending": WARNING,
    "shutting-down": WARNING,
    "standby": WARNING,
    "maintenance": WARNING,
    "health": WARNING,
    # resources
    "blocked": CRITICAL,
    "failed": CRITICAL,
    "stopped": CRITICAL,
    "not-promoted": CRITICAL,
    "failure-ignored": WARNING,
    "fewer-instances": WARNING,
    "in-transition": WARNING,
    "kept-stopped": WARNING,
    "orphaned": WARNING,
    "unmanaged": WARNING,
    # failures
    "threshold-reached": CRITICAL,
    "fail-count": WARNING,
    "failed-action": WARNING,
    # fencing
    "fencing-disabled": WARNING,
    "no-fencing-device": WARNING,
    "fencing-failed": WARNING,
    "fencing-pending": WARNING,
    # constraints
    "left-over-ban": WARNING,
    # tickets
    "ticket-revoked": WARNING,
    "ticket-standby": WARNING,
    # config, resources
    "maintenance-mode": WARNING,
    # config
    "stop-all-resources": WARNING,
    "mixed-version": WARNING,
}


class Finding(NamedTuple):
    """What is wrong with something.

    code: a key of SEVERITIES. text: one line for people, which names what it is about; it may hold any character.
    nodes, resources: the names of what it is about, containers with what is in them; none for the cluster as a whole.
    times: how often actions have failed, None for what is not counted by itself. topic, state: filled in by `examine`.
    """

    code: str
    text: str
    nodes: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    times: int | None = None
    topic: str = ""
    state: int = UNKNOWN
