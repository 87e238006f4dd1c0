"""Statements as plain data for `-o json`.

A statement is an object with its `kind` (the keyword of the language), its attributes by their names in the CIB, and
its parts in lists by their element's name: `instance_attributes`, `operations`, `rule`. Resources that it names are
ids in `members`; comments are left out.
"""

from __future__ import annotations

import re
from typing import Any

from crmsh_py.language import statements as st

# the names of parts where they are not those of their classes
NAMES: dict[type[st.Item], str] = {
    st.NVPair: "nvpair",
    st.SelectAttribute: "attribute",
    st.FencingLevel: "level",
    st.RoleRef: "roles",
    st.Member: "members",
    st.SelectKind: "events",
}
# a record has its own `kind`; that of other parts is the name of the list in which they stand
KIND_NAMES: dict[type[st.Item], str] = {st.Order: "order-kind", st.Permission: "right"}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def record(statement: st.Statement) -> dict[str, Any]:
    """A statement as data that JSON can hold."""
    kind = statement.kind if isinstance(statement, st.Clone) else keyword(statement)
    return {"kind": kind, **_fields(statement)}


def keyword(item: st.Item) -> str:
    """The name of a class as the language and the CIB write it: RscTemplate is rsc_template."""
    return NAMES.get(type(item)) or _WORD.sub("_", type(item).__name__).lower()


def _fields(item: Any) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in item.fields_:
        value = getattr(item, name, None)
        if value is None:
            continue
        if name == "children":
            for child in value:
                said.setdefault(_list_name(child), []).append(_part(child))
        elif name == "values":
            said.update(value)
        elif name != "kind":
            said[name.strip("_").replace("_", "-")] = value
        elif type(item) in KIND_NAMES:
            said[KIND_NAMES[type(item)]] = value
    return said


def _part(item: Any) -> Any:
    if isinstance(item, (st.Member, st.RoleRef)):
        return item.id
    fields = _fields(item)
    return {"name": item.kind, **fields} if isinstance(item, st.SelectKind) else fields


def _list_name(item: Any) -> str:
    named = (st.AttributeSet, st.BundlePart, st.Mapping)
    return str(item.kind) if isinstance(item, named) else keyword(item)
