"""What is legal in a CIB and a slip where a person types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import BadSyntax
from crmsh_py.language import statements as st
from crmsh_py.problems import ERROR, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTION_SETS = (st.Property, st.RscDefaults, st.OpDefaults)
CLAUSES = ("op_params", "op_meta")
# no file of an agent and no unit is called so: somebody thought that a shell or another syntax reads the line
NOT_IN_AGENTS = frozenset(";|&<>()$`\"'*?/ ,=")


def refuse_slips(statement: st.Statement) -> None:
    """Raise BadSyntax for options without values, statements without a point, and comments at the end of a line."""
    problems = [Problem(ERROR, "slip", text, place, hint) for text, place, hint in _slips(statement)]
    if problems:
        raise BadSyntax(problems=problems)


def _slips(statement: st.Statement) -> Iterator[tuple[str, Place | None, str]]:
    if isinstance(statement, st.Colocation) and (statement.score, statement.score_attribute) == (None, None):
        yield "expected a score", statement.place, "such as inf: behind the id"
    if isinstance(statement, OPTION_SETS) and (statement.children, statement.id, statement.id_ref) == ([], None, None):
        yield "there is no option", statement.place, "name=value; `ID:` alone makes an empty set"
    if isinstance(statement, (st.Primitive, st.RscTemplate)) and NOT_IN_AGENTS.intersection(statement.type or ""):
        yield f"{statement.type} cannot be the name of an agent", statement.place, "each statement on a line of its own"
        return  # the words behind it are not what they seem
    for part in st.parts(statement):
        if isinstance(part, st.DateSpec) and not part.values:
            yield "date spec says no date", part.place or statement.place, "such as hours=9-17"
        if not isinstance(part, st.NVPair) or part.value is not None or part.id_ref is not None:
            continue
        name = part.name or ""
        if isinstance(statement, OPTION_SETS):
            yield f"{name} has no value", part.place, "name=value, without blanks around ="
            return  # the words behind it are what it was to be
        if name.startswith("#"):
            yield "a comment stands on a line of its own", part.place, "load a file for a parameter of this name"
        elif name in CLAUSES:
            yield f"{name} stands behind an op", part.place, "`op monitor interval=10s op_params ...`"
