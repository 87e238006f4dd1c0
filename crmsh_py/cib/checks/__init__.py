"""What is wrong with a configuration that its schema does not see, each check a generator of problems.

Each problem is said once, with the object that has it. What needs the metadata of an agent is checked where that is
installed, and what is not is said in one warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.checks import agents, constraints, fencing, meta_values, names, operations, parameters, remotes
from crmsh_py.cib.checks.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.agents import Agent
    from crmsh_py.problems import Problem

CHECKS = (
    agents.not_checked,
    parameters.missing,
    parameters.unknown,
    parameters.shared,
    operations.operations,
    names.cluster_options,
    names.defaults,
    names.meta_attributes,
    meta_values.meta_values,
    constraints.locations,
    # its errors first: they are those that the scheduler has, too
    constraints.stand_ins,
    constraints.members,
    fencing.fencing_topology,
    fencing.lock_manager,
    remotes.remotes,
)
# those that look at the options of the cluster
OF_OPTIONS = (names.cluster_options, fencing.lock_manager)


def problems(
    cib: Cib,
    metadata: Callable[[str, str | None, str], Agent | None] | None = None,
    checks: Iterable[Callable[[Survey], Iterator[Problem]]] = CHECKS,
) -> Iterator[Problem]:
    """All problems of a configuration, or those that some of the checks find.

    metadata: class, provider and type of an agent -> what it says of itself; None asks the agents of this host.
    """
    survey = Survey(cib, metadata or of_this_host)
    for check in checks:
        yield from check(survey)


def not_checked(cib: Cib) -> Iterator[Problem]:
    """What `problems` says of the agents that are not installed here."""
    return agents.not_checked(Survey(cib, of_this_host))


def of_this_host(class_: str, provider: str | None, type_: str) -> Agent | None:
    """What an agent that is installed here says of itself, or None."""
    from crmsh_py.cluster.agents import metadata  # heavy

    return metadata(class_, provider, type_)
