"""All that is wrong with a CIB: own checks, Pacemaker's schema and, asked meanwhile, the scheduler's opinion."""

from __future__ import annotations

from copy import deepcopy
from threading import Thread
from typing import TYPE_CHECKING

from lxml.etree import tostring

from crmsh_py.cib.document import Cib
from crmsh_py.cib.references import object_name
from crmsh_py.errors import CrmError
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.etree import _Element as Element


def problems(cib: Cib) -> list[Problem]:
    """The problems of a CIB, each once. Raises what `crm_verify` raises."""
    from crmsh_py.cib import checks, references, schema
    from crmsh_py.cluster.pacemaker import crm_verify

    content = _without_state(cib)
    scheduler = _Meanwhile(lambda: crm_verify(content))
    found = [*references.unknown(cib), *checks.problems(cib)]
    of_schema = schema.problems(cib)
    found += of_schema
    scheduler.wait()
    if not any(problem.severity == ERROR for problem in of_schema):
        found += scheduler.result()
    return list(dict.fromkeys(found))


def news(problems: Iterable[Problem], base: Cib, draft: Cib) -> Iterator[Problem]:
    """The problems of a draft without those of objects that are as they were in the base.

    `verify` says everything; a commit that repeats what was said at the last one is not read any more.
    """
    before, now = _objects(base), _objects(draft)
    for problem in problems:
        old = before.get(problem.object_id or "")
        if problem.code == "not-checked" and problem.text in _gaps(base):
            continue
        if old is None or _text(old) != _text(now.get(problem.object_id or "")):
            yield problem


def _objects(cib: Cib) -> dict[str, Element]:
    return {object_name(el): el for el in cib.objects()}


def _text(el: Element | None) -> bytes:
    return b"" if el is None else tostring(el, with_tail=False)


def _gaps(cib: Cib) -> set[str]:
    """What agents could not be checked."""
    from crmsh_py.cib import checks

    return {problem.text for problem in checks.not_checked(cib)}


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
