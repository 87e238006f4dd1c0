"""Ids for what is typed without one: the scheme of the existing shell, exact strings, unique in the CIB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmsh_py.language import statements as st
from crmsh_py.language.names import clean

if TYPE_CHECKING:
    from collections.abc import Callable


class Ids:
    """Gives ids that no element has yet; `taken` are those in use, and grows."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self._next: dict[str, int] = {}

    def new(self, base: str) -> str:
        """`base`, or with -0, -1 ... behind it."""
        base = clean(base)
        return base if self._take(base) else self.numbered(base)

    def numbered(self, base: str, first: int = 0) -> str:
        """The first free one of base-0, base-1 ..."""
        base = clean(base)
        number = self._next.get(base, first)
        while not self._take(f"{base}-{number}"):
            number += 1
        self._next[base] = number + 1
        return f"{base}-{number}"

    def _take(self, id_: str) -> bool:
        if id_ in self.taken:
            return False
        self.taken.add(id_)
        return True

    def assign(self, statement: Any) -> None:
        """Give an id to every part of a statement that needs one and has none. The statement has its own."""
        parent = statement.id or ""
        if isinstance(statement, st.Node):
            parent = statement.uname
        for child in statement.children:
            self._assign(child, parent)

    def _assign(self, item: Any, parent: str) -> None:
        rule = _RULES.get(type(item))
        if rule is not None and item.id is None and getattr(item, "id_ref", None) is None:
            item.id = rule(self, item, parent)
        below = _prefix(item, parent)
        for child in getattr(item, "children", ()):
            self._assign(child, below)


def lacks_ids(statement: Any) -> bool:
    """Whether a part that the schema wants an id of has none: a CIB that is not valid."""
    return any(
        type(part) in _RULES and getattr(part, "id", None) is None and getattr(part, "id_ref", None) is None
        for part in st.parts(statement)
    )


def _prefix(item: Any, parent: str) -> str:
    """What the ids of an item's children begin with."""
    if isinstance(item, (st.Lifetime, st.Select, st.SelectKind, st.BundlePart, st.ResourceSet)):
        return parent
    return getattr(item, "id", None) or parent


_RULES: dict[type, Callable[[Ids, Any, str], str]] = {
    st.AttributeSet: lambda ids, item, parent: ids.new(f"{parent}-{item.kind}"),
    st.NVPair: lambda ids, item, parent: ids.new(f"{parent}-{item.name}"),
    st.Op: lambda ids, item, parent: ids.new(f"{parent}-{item.values.get('name')}-{item.values.get('interval', '0s')}"),
    st.Rule: lambda ids, item, parent: ids.new(f"{parent}-rule"),
    st.Expression: lambda ids, item, parent: ids.new(f"{parent}-expression"),
    st.DateExpression: lambda ids, item, parent: ids.new(f"{parent}-expression"),
    st.RscExpression: lambda ids, item, parent: ids.new(f"{parent}-expression"),
    st.OpExpression: lambda ids, item, parent: ids.new(f"{parent}-expression"),
    st.DateSpec: lambda ids, item, parent: ids.new(f"{parent}-date_spec"),
    st.Duration: lambda ids, item, parent: ids.new(f"{parent}-duration"),
    st.ResourceSet: lambda ids, item, parent: ids.numbered(parent),
    st.Mapping: lambda ids, item, parent: ids.numbered(parent),
    st.Permission: lambda ids, item, parent: ids.numbered(parent),
    st.SelectAttribute: lambda ids, item, parent: ids.numbered(parent),
    st.Recipient: lambda ids, item, parent: ids.numbered(f"{parent}-recipient", 1),
    st.FencingLevel: lambda ids, item, parent: ids.new("fencing"),
}
