"""Statements of the configuration language, as they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from crmsh_py.levels.configure.level import level

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context
    from crmsh_py.language.statements import Statement
    from crmsh_py.problems import Problem


@level.statements
def put(cx: Context, statements: Sequence[Statement]) -> None:
    """Add objects to the configuration, or options to their sets."""
    from crmsh_py.cib.secrets import refuse_masks  # heavy

    refuse_masks(statements)
    cx.remember_places(statements)
    for batch in _batches(statements):
        cx.edit(partial(_add, batch))


def _add(statements: Sequence[Statement], cib: Cib) -> list[Problem]:
    from crmsh_py.cib import edit  # heavy

    return edit.add(cib, statements)


def _batches(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """The statements in edits that are as few as can be, and do what they would do one by one.

    A container takes over the constraints of what it contains, and what a clone is given depends on operations: it
    comes in an edit after those that say these.
    """
    from crmsh_py.language import statements as st

    inert = (st.Node, st.RscTemplate, st.Primitive, st.Property, st.RscDefaults, st.OpDefaults, st.Remark)
    containers = (st.Group, st.Clone, st.Bundle)
    batch: list[Statement] = []
    for statement in statements:
        if isinstance(statement, containers) and not all(isinstance(each, (*inert, *containers)) for each in batch):
            yield batch
            batch = []
        batch.append(statement)
    if batch:
        yield batch
