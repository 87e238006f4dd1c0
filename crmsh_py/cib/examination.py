"""All that is wrong with a CIB: own checks, Pacemaker's schema and, asked meanwhile, the scheduler's opinion."""

from __future__ import annotations

from copy import deepcopy
from threading import Thread
from typing import TYPE_CHECKING

from crmsh_py.cib.document import Cib
from crmsh_py.errors import CrmError
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Callable


def problems(cib: Cib) -> list[Problem]:
    """The problems of a CIB, each once. Raises what `crm_verify` raises."""
    from crmsh_py.cib import checks, schema
    from crmsh_py.cluster.pacemaker import crm_verify

    content = _without_state(cib)
    scheduler = _Meanwhile(lambda: crm_verify(content))
    found = list(checks.problems(cib))
    of_schema = schema.problems(cib)
    found += of_schema
    scheduler.wait()
    if not any(problem.severity == ERROR for problem in of_schema):
        found += scheduler.result()
    return list(dict.fromkeys(found))


def _without_state(cib: Cib) -> bytes:
    """The CIB without what its status section says: a failed monitor is not a fault of the configuration."""
    if any(len(status) for status in cib.root.iterchildren("status")):
        cib = Cib(deepcopy(cib.root))
        for status in cib.root.findall("status"):
            del status[:]
    return cib.to_bytes()


class _Meanwhile:
    """Work that goes on in a thread of its own; here it waits for another process."""

    def __init__(self, work: Callable[[], list[Problem]]) -> None:
        self._work = work
        self._found: list[Problem] = []
        self._error: CrmError | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._found = self._work()
        except CrmError as error:
            self._error = error

    def wait(self) -> None:
        self._thread.join()

    def result(self) -> list[Problem]:
        if self._error:
            raise self._error
        return self._found
