"""The state of the cluster as a record: data for programs, text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.state import Bundle, Clone, Group, Primitive
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from crmsh_py.cluster.state import Move, State


def record(state: State, moves: Sequence[Move], words: Sequence[str]) -> Record:
    """What the command answers; words: those that it was given."""
    from crmsh_py.levels.root.status.text import fragments  # heavy

    return Record("status", lambda: data(state, moves), lambda: fragments(state, words, moves))


def data(state: State, moves: Sequence[Move]) -> dict[str, Any]:
    """All of it, as JSON shows it."""
    return {**_data(state), "moves": _data(tuple(moves))}


def _data(value: Any) -> Any:
    """Named tuples as objects; those that stand in the tree of resources say their kind."""
    if not isinstance(value, tuple):
        return value
    if not hasattr(value, "_asdict"):
        return [_data(one) for one in value]
    said = {name: _data(one) for name, one in value._asdict().items()}
    return (
        {"kind": type(value).__name__.lower(), **said} if isinstance(value, (Primitive, Group, Clone, Bundle)) else said
    )
