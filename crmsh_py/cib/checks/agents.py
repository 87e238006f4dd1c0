"""Agents whose metadata is not to be had here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.problems import WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmsh_py.cib.checks.survey import Survey

SHOWN = 6
# the classes of agents that describe themselves
DESCRIBED = ("ocf", "stonith")


def not_checked(survey: Survey) -> Iterator[Problem]:
    """One warning for all agents without metadata: a configuration may be of a host that has them."""
    lacking: dict[str, None] = {}
    for el in (*survey.templates, *survey.primitives):
        name = survey.agent_name(el)
        if name is not None and name.class_ in DESCRIBED and survey.agent(el) is None:
            lacking[str(name)] = None
    if not lacking:
        return
    listed = ", ".join(list(lacking)[:SHOWN])
    if len(lacking) > SHOWN:
        listed += f" and {len(lacking) - SHOWN} more"
    text = f"no metadata for {listed}: their parameters and operations are not checked"
    yield Problem(WARNING, "not-checked", text, hint="are these agents installed on this host?")
