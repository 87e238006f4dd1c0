"""An edit keeps the ids and the comments of what it does not change.

Parts of a statement without an id are matched with those of the element that they replace: by what names them (an
attribute's name, an operation's name and interval, a recipient), else by kind and position.
"""

from __future__ import annotations

import re
from typing import Any

from crmsh_py.cib.infer import NEW_ROLES
from crmsh_py.language import statements as st

_SECONDS = re.compile(r"(\d+)(?:s|sec)?$")
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
    unused = list(getattr(old, "children", ()))
    for child in getattr(new, "children", ()):
        match = _match(child, unused)
        if match is None:
            continue
        unused.remove(match)
        _take(child, match)
        adopt(child, match)


def _take(child: Any, match: Any) -> None:
    if "id" in child.fields_ and child.id is None and getattr(child, "id_ref", None) is None:
        child.id = match.id
    if not child.comments and match.comments:
        child.comments = match.comments


def _match(child: Any, unused: list[Any]) -> Any:
    like = [old for old in unused if _sort(old) == _sort(child)]
    own = getattr(child, "id", None)
    if own is not None and not isinstance(child, (st.Member, st.RoleRef)):
        return next((old for old in like if old.id == own), None)
    key = _key(child)
    same = next((old for old in like if _key(old) == key), None)
    if same is None and isinstance(child, _BY_POSITION):
        return like[0] if like else None
    return same


def _sort(item: Any) -> Any:
    return type(item), getattr(item, "kind", None)


def _key(item: Any) -> Any:
    if isinstance(item, st.NVPair):
        return (item.name, item.id_ref)
    if isinstance(item, st.Op):
        role = item.values.get("role", "")
        return (item.values.get("name"), seconds(item.values.get("interval", "0")), NEW_ROLES.get(role, role))
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


def seconds(interval: str) -> str:
    """An interval by which 10, 10s and 10sec are one."""
    found = _SECONDS.match(interval)
    return found.group(1) if found else interval
