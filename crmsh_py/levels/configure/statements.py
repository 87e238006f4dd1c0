"""Statements of the configuration language, as they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from crmsh_py.language.statements import Primitive, RscTemplate
from crmsh_py.levels.configure.level import level
from crmsh_py.problems import WARNING, Problem, did_you_mean

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context
    from crmsh_py.language.statements import Statement


@level.statements
def put(cx: Context, statements: Sequence[Statement]) -> None:
    """Add objects to the configuration, or options to their sets."""
    from crmsh_py.cib.secrets import refuse_masks  # heavy

    refuse_masks(statements)
    cx.remember_places(statements)
    for batch in _batches(statements):
        cx.edit(partial(_add, batch))
    if cx.is_typed:
        for problem in _unknown_agents(cx.session.draft, statements):
            cx.warn(problem)


def _unknown_agents(cib: Cib, statements: Iterable[Statement]) -> Iterator[Problem]:
    """Who types is told at once that an agent is not installed, as it may be misspelled; `verify` says it of all."""
    from crmsh_py.cluster.agents.installed import types  # heavy

    for statement in statements:
        el = cib.resource(statement.id or "") if isinstance(statement, Primitive | RscTemplate) else None
        if el is not None and el.get("class") == "ocf":
            provider, type_ = el.get("provider", ""), el.get("type", "")
            known = types(provider)
            if type_ not in known:
                text = f"the agent ocf:{provider}:{type_} is not installed on this host"
                hint = did_you_mean(type_, known)
                yield Problem(WARNING, "not-checked", text, statement.place, hint, statement.id)


def _add(statements: Sequence[Statement], cib: Cib) -> list[Problem]:
    from crmsh_py.cib import edit  # heavy

    return edit.add(cib, statements)


def _batches(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """The statements in edits that are as few as can be, and do what they would do one by one.

    A container takes over the constraints of what it contains, and what a clone is given depends on operations: where
    one of these was said of what it contains, the container comes in an edit of its own, behind that.
    """
    batch: list[Statement] = []
    named: set[str] = set()
    inside: dict[str, list[str]] = {}
    for statement in statements:
        members = _members(statement)
        if members and not named.isdisjoint(_all_inside(members, inside)):
            yield batch
            batch, named, inside = [], set(), {}
        batch.append(statement)
        inside[statement.id or ""] = members
        if not members:
            named.update(_named(statement))
    if batch:
        yield batch


def _members(statement: Statement) -> list[str]:
    """The ids of what a container contains; nothing for what is none."""
    from crmsh_py.language import statements as st

    if not isinstance(statement, (st.Group, st.Clone, st.Bundle)):
        return []
    return [child.id for child in statement.children if isinstance(child, st.Member)]


def _all_inside(ids: Sequence[str], inside: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    left = list(ids)
    while left:
        id_ = left.pop()
        if id_ not in found:
            found.add(id_)
            left += inside.get(id_, [])
    return found


def _named(statement: Statement) -> Iterator[str]:
    """All ids that a statement may name: what it says anywhere, but for resources, which name only themselves."""
    from crmsh_py.language import statements as st

    if isinstance(statement, (st.Node, st.RscTemplate, st.Primitive)):
        return
    for part in st.parts(statement):
        for field in part.fields_:
            value = getattr(part, field, None)
            if isinstance(value, str):
                yield value
            elif isinstance(value, (list, tuple)):
                yield from (each for each in value if isinstance(each, str))
