"""How resource sets are written: `a b ( c d ) [ e f ]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import quoting
from crmsh_py.language import statements as st

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmsh_py.language.writer.pen import Pen

# sequential and require-all -> what says them
BRACKETS = {("false", None): "()", ("false", "false"): "[]"}


def resource_sets(pen: Pen, children: Iterable[st.Item], suffix: str, *, taken_for: int = 0) -> None:
    """Resource sets; where readable text would read back as something else, the id of a set keeps it apart.

    suffix: role or action. taken_for: as many members alone would be read as those of a constraint without sets.
    """
    sets = [child for child in children if isinstance(child, st.ResourceSet)]
    is_ambiguous = bool(taken_for) and sum(len(item.children) for item in sets) == taken_for
    for index, item in enumerate(sets):
        after = sets[index + 1] if index + 1 < len(sets) else None
        _resource_set(pen, item, suffix, apart=is_ambiguous and after is None or _would_merge(item, after, suffix))


def member(pen: Pen, id_: str | None, suffix: str | None) -> None:
    """`rsc` or `rsc:role`."""
    pen.say(quoting.free_word(id_ or ""), "reference")
    if suffix is not None:
        pen.join(f":{quoting.part(suffix)}", "role")


def _resource_set(pen: Pen, item: st.ResourceSet, suffix: str, *, apart: bool) -> None:
    pen.comments(item)
    if item.id_ref is not None:
        pen.assign("$id-ref", item.id_ref, "reference")
        return
    values = dict(item.values)
    said = values.pop(suffix, None)
    brackets = _brackets(values)
    if brackets:
        pen.say(brackets[0], "keyword")
    for child in item.children:
        pen.comments(child)
        member(pen, child.id, said)
    pen.values(values)
    if apart and not brackets:
        pen.assign("$id", item.id, "id")
    else:
        pen.id(item.id)
    pen.trailing(item)
    if brackets:
        pen.say(brackets[1], "keyword")


def _brackets(values: dict[str, str]) -> str:
    """The brackets that say sequential and require-all, which are taken out of the values; "" where none do."""
    brackets = BRACKETS.get((values.get("sequential", ""), values.get("require-all")), "")
    if brackets:
        values.pop("sequential")
        values.pop("require-all", None)
    return brackets


def _would_merge(item: st.ResourceSet, after: st.ResourceSet | None, suffix: str) -> bool:
    """Whether the members of two sets in a row would be read as one set."""
    if after is None or item.id_ref or after.id_ref:
        return False
    values, next_values = dict(item.values), dict(after.values)
    said, next_said = values.pop(suffix, None), next_values.pop(suffix, None)
    if _brackets(values) or _brackets(next_values) or values:
        return False
    return said == next_said or bool(next_values)
