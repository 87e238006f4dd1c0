"""An edit keeps the ids and the comments of what it does not change.

Parts of a statement without an id are matched with those of the element that they replace: by what names them (an
attribute's name, an operation's name and interval, a recipient), else by kind and position.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmsh_py.cib.durations import milliseconds
from crmsh_py.cib.infer import NEW_ROLES
from crmsh_py.language import statements as st

if TYPE_CHECKING:
    from collections.abc import Iterable

# parts that nothing names are told by their position among their like
_BY_POSITION = (
    st.AttributeSet,
    st.Rule,
    st.Expression,
    st.DateExpression,
    st.RscExpression,
    st.OpExpression,
    st.DateSpec,
    st.Duration,
    st.ResourceSet,
    st.Mapping,
    st.BundlePart,
    st.Select,
    st.SelectKind,
    st.Lifetime,
)


def adopt(new: Any, old: Any) -> None:
    """Give the parts of `new` the ids and comments of the parts of `old` that they stand for."""
    if not new.trailing and old.trailing:
        new.trailing = old.trailing
    unused = _Unused(getattr(old, "children", ()))
    for child in getattr(new, "children", ()):
        match = unused.take(child)
        if match is not None:
            _take(child, match)
            adopt(child, match)


class _Unused:
    """The parts of an element that no part of the new one stands for yet, looked up by what tells them."""

    def __init__(self, parts: Iterable[Any]) -> None:
        self._by_sort: dict[Any, dict[int, Any]] = {}
        self._by_name: dict[Any, list[Any]] = {}
        for part in reversed(list(parts)):
            self._by_sort.setdefault(_sort(part), {})[id(part)] = part
            for name in (("id", getattr(part, "id", None)), ("key", _key(part))):
                self._by_name.setdefault((_sort(part), name), []).append(part)

    def take(self, child: Any) -> Any:
        """The part that a new one stands for, or None."""
        own = getattr(child, "id", None)
        has_own_id = own is not None and not isinstance(child, (st.Member, st.RoleRef))
        match = self._first(_sort(child), ("id", own) if has_own_id else ("key", _key(child)))
        left = self._by_sort.get(_sort(child), {})
        if match is None and left and not has_own_id and isinstance(child, _BY_POSITION):
            match = next(reversed(left.values()))
        if match is not None:
            del left[id(match)]
        return match

    def _first(self, sort: Any, name: tuple[str, Any]) -> Any:
        found = self._by_name.get((sort, name), [])
        while found:
            part = found.pop()
            if id(part) in self._by_sort[sort]:
                return part
        return None


def _take(child: Any, match: Any) -> None:
    if "id" in child.fields_ and child.id is None and getattr(child, "id_ref", None) is None:
        child.id = match.id
    if not child.comments and match.comments:
        child.comments = match.comments


def _sort(item: Any) -> Any:
    return type(item), getattr(item, "kind", None)


def _key(item: Any) -> Any:
    if isinstance(item, st.NVPair):
        return (item.name, item.id_ref)
    if isinstance(item, st.Op):
        role = item.values.get("role", "")
        return (item.values.get("name"), _length(item.values.get("interval", "0")), NEW_ROLES.get(role, role))
    if isinstance(item, st.FencingLevel):
        return (item.target, item.target_pattern, item.target_attribute, item.target_value, item.index)
    if isinstance(item, st.Permission):
        return (item.kind, item.xpath, item.reference, item.object_type, item.attribute)
    if isinstance(item, st.Recipient):
        return item.value
    if isinstance(item, st.SelectAttribute):
        return item.name
    if isinstance(item, (st.Member, st.RoleRef)):
        return item.id
    if isinstance(item, st.Operations):
        return ()
    return repr(item)


def _length(interval: str) -> int | str:
    """An interval by which 60, 60s and 1min are one."""
    length = milliseconds(interval)
    return interval if length is None else length
