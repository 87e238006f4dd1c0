"""Fencing: its levels, and what cannot do without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.checks.constraints import unknown_node
from crmsh_py.problems import WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.checks.survey import Survey

TOPOLOGY = "fencing_topology"


def fencing_topology(survey: Survey) -> Iterator[Problem]:
    """Fencing targets that are no nodes, and devices that do not fence."""
    section = survey.cib.section("fencing-topology")
    levels = [] if section is None else list(section.iterchildren("fencing-level"))
    for target in dict.fromkeys(level.get("target") for level in levels):
        yield from unknown_node(survey, target, TOPOLOGY)
    devices = [device for level in levels for device in (level.get("devices") or "").split(",")]
    for device in dict.fromkeys(filter(None, devices)):
        resource = survey.resources.get(device)
        if resource is None:
            text = f"{TOPOLOGY}: the device {device} does not exist"
            yield Problem(WARNING, "unknown-device", text, object_id=TOPOLOGY)
        elif not _fences(survey, resource):
            text = f"{TOPOLOGY}: {device} is not a fencing device"
            yield Problem(WARNING, "not-a-device", text, hint="its class must be stonith", object_id=TOPOLOGY)


def _fences(survey: Survey, resource: Element) -> bool:
    """Whether a resource, or what it contains, is of a fence agent."""
    names = [survey.agent_name(el) for el in resource.iter("primitive")]
    return any(name is not None and name.class_ == "stonith" for name in names)


def lock_manager(survey: Survey) -> Iterator[Problem]:
    """The distributed lock manager waits for fencing, and cannot be stopped without quorum."""
    for el in survey.primitives:
        if survey.agent_name(el) != ("ocf", "pacemaker", "controld"):
            continue
        id_ = el.get("id")
        if survey.is_fencing_disabled:
            text = f"{id_}: the distributed lock manager needs fencing, which is disabled"
            yield Problem(WARNING, "lock-manager-fencing", text, hint="set stonith-enabled=true", object_id=id_)
        policy = survey.cluster_options.get("no-quorum-policy", "stop")
        if policy in ("stop", "ignore"):
            text = f"{id_}: with no-quorum-policy={policy} the distributed lock manager hangs when quorum is lost"
            yield Problem(WARNING, "lock-manager-quorum", text, hint="set no-quorum-policy=freeze", object_id=id_)
        return
