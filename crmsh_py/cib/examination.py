"""All that is wrong with a CIB: own checks, Pacemaker's schema and, asked meanwhile, the scheduler's opinion."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from crmsh_py.cib.document import Cib
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# what crm_verify says of a problem that our checks have found, with {} for the object
IN_OTHER_WORDS = {
    "same-interval": r"operation {}\b.* is duplicate of ",
    "interval-not-zero": r"ignoring {}\b.* action cannot be recurring",
    "no-duration": r"using \S+ instead of '",
    "constraint-on-member": r"ignoring (resource sets for )?constraint '{}' because|no template or tag named "
    r"|\S+: No resource found for ",
}


def problems(cib: Cib, *, of_options: bool = False) -> list[Problem]:
    """The problems of a CIB, each once. Raises what `crm_verify` raises.

    of_options: only those that the options of the cluster can have.
    """
    from crmsh_py.cib import checks, excerpt, references, schema
    from crmsh_py.cluster.pacemaker import verifying

    part = excerpt.of_options(cib) if of_options else cib
    with verifying(_without_state(part)) as opinion:
        own = list(checks.problems(cib, checks=checks.OF_OPTIONS if of_options else checks.CHECKS))
        of_schema = [*schema.problems(part), *references.unknown(cib)]
        is_valid = not any(problem.severity == ERROR for problem in of_schema)
        # of a CIB that names no schema, the scheduler has a wrong idea
        found = list(_joined(own, opinion() if is_valid and cib.schema else ()))
    return list(dict.fromkeys([*of_schema, *found]))


def news(problems: Iterable[Problem], base: Cib) -> Iterator[Problem]:
    """The problems of a draft without those that the base has too.

    `verify` says everything; a commit that repeats what was said at the last one is not read any more.
    """
    from crmsh_py.cib import checks

    known = {(problem.code, problem.text) for problem in checks.problems(base)}
    return (problem for problem in problems if (problem.code, problem.text) not in known)


def _joined(own: Iterable[Problem], opinion: Iterable[Problem]) -> Iterator[Problem]:
    """Our problems, as grave as the scheduler finds them; those of the scheduler that are not ours in other words."""
    opinion = list(opinion)
    for problem in own:
        pattern = _in_other_words(problem)
        same = [other for other in opinion if pattern.match(other.text)] if pattern else []
        opinion = [other for other in opinion if other not in same]
        is_grave = any(other.severity == ERROR for other in same)
        yield problem._replace(severity=ERROR) if is_grave else problem
    yield from opinion


def _in_other_words(own: Problem) -> re.Pattern[str] | None:
    pattern = IN_OTHER_WORDS.get(own.code)
    return None if pattern is None else re.compile(pattern.format(re.escape(own.object_id or "")))


def _without_state(cib: Cib) -> bytes:
    """The CIB without what its status section says: a failed monitor is not a fault of the configuration."""
    if any(len(status) for status in cib.root.iterchildren("status")):
        cib = Cib(deepcopy(cib.root))
        for status in cib.root.findall("status"):
            del status[:]
    return cib.to_bytes()
