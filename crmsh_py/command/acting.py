"""Commands that change the configuration at once, whatever is edited: `resource stop`, `node standby`.

What was edited before is committed first (DESIGN, decision 4); what the command itself changes is committed on its
own, or comes to nothing.
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING

from crmsh_py.errors import Cancelled, CrmError, Refused
from crmsh_py.output import Record
from crmsh_py.problems import ERROR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.simulation import Action, Plan
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment
    from crmsh_py.problems import Problem

    Change = Callable[[Cib], Iterable[Problem]]
    # what is worth saying of what the scheduler would do after a change, and without it
    Forewarn = Callable[[Plan, Callable[[], Plan]], Iterable[Problem]]
    # what the CIB is like meanwhile, where more than the configuration is to change
    Aside = Callable[[Cib], AbstractContextManager[object]]

# so long the scheduler may think about what is only a warning
PATIENCE_SECONDS = 20.0


def act(
    cx: Context,
    change: Change,
    *,
    wait: bool = False,
    dry_run: bool = False,
    forewarn: Forewarn | None = None,
    is_last: bool = True,
    aside: Aside = nullcontext,
) -> Record | None:
    """Change the configuration and commit; or, with dry_run, say what the scheduler would do then.

    change: edits the CIB and gives notes, as for `Context.edit`. The others are as for `apply`. Raises what the change,
    `Context.commit` and `foresee` raise; the configuration is as before then.
    """
    if dry_run:
        return plan_record(foresee(cx, change, forewarn, aside))
    apply(cx, change, wait=wait, forewarn=forewarn, is_last=is_last, aside=aside)
    return None


def apply(
    cx: Context,
    change: Change,
    *,
    wait: bool = False,
    forewarn: Forewarn | None = None,
    is_last: bool = True,
    aside: Aside = nullcontext,
) -> None:
    """Change the configuration and commit. Raises what the change and `Context.commit` raise; all is as before then.

    wait: until the cluster has done it; is_last: as for `Context.commit`. forewarn: gets what the scheduler would do,
    before it is committed; not where the scheduler does not answer. What it gives is raised as Refused where it is an
    error; else it is shown with the notes of the change, when that is committed. aside: puts into the CIB, while the
    scheduler is asked, what changes besides the configuration.
    """
    cx.finish_edits()
    before = cx.session.draft.to_bytes() if forewarn else b""
    notes = cx.edited(change)
    try:
        if forewarn:
            with aside(cx.session.draft):
                after = cx.session.draft.to_bytes()
            notes += _forewarned(before, after, forewarn)
        cx.commit(wait=wait, about_all=False, is_last=False)
    except BaseException:
        # where it was written, there is nothing to undo
        cx.session.undo()
        raise
    for note in notes:
        cx.warn(note)
    if is_last and cx.is_to_wait(wait):
        cx.settle()


def foresee(cx: Context, change: Change, forewarn: Forewarn | None = None, aside: Aside = nullcontext) -> Plan:
    """What the scheduler would do after a change, which is not made; its notes are shown. aside: as for `apply`.

    Edits that are not committed yet count as if they were. Raises what the change raises, and what `simulation.plan`
    does.
    """
    from crmsh_py.cluster import simulation  # heavy

    before = cx.session.draft.to_bytes()
    cx.edit(change)
    try:
        with aside(cx.session.draft):
            plan = simulation.plan(cx.session.draft.to_bytes())
        for problem in forewarn(plan, cache(lambda: simulation.plan(before))) if forewarn else ():
            cx.warn(problem)
        return plan
    finally:
        cx.session.undo()


def _forewarned(before: bytes, after: bytes, forewarn: Forewarn) -> list[Problem]:
    """What is worth saying of a change. Raises Refused where it is an error."""
    from crmsh_py.cluster import simulation  # heavy

    if after == before:
        return []
    try:
        plan = simulation.plan(after, PATIENCE_SECONDS)
        problems = list(forewarn(plan, cache(lambda: simulation.plan(before, PATIENCE_SECONDS))))
    except Cancelled:
        raise
    except CrmError:
        return []  # it is the commit that says what is wrong
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors:
        raise Refused(problems=errors)
    return problems


def plan_record(plan: Plan) -> Record:
    """What the scheduler would do, as text and data."""
    return Record("plan", lambda: [action._asdict() for action in plan.actions], lambda: _fragments(plan))


def _fragments(plan: Plan) -> Iterator[Fragment]:
    if not plan.actions:
        yield "", "the cluster would do nothing\n"
    for action in plan.actions:
        yield from described(action)
        yield "", "\n"


def described(action: Action) -> Iterator[Fragment]:
    """`web: move node1 -> node2 (reason)`."""
    yield "id", action.resource or action.node
    yield "", ": "
    yield "keyword", action.task
    if action.resource and action.node:
        yield "", " "
        yield "name", action.node
    if action.destination:
        yield "", " -> "
        yield "name", action.destination
    if action.reason:
        yield "comment", f" ({action.reason})"
    if action.blocked:
        yield "error", " (blocked: it cannot be done)"
