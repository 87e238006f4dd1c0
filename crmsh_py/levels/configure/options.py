"""What cluster properties are set to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import NoSuchObject
from crmsh_py.levels.configure.level import level
from crmsh_py.masks import MASK, is_secret
from crmsh_py.output import Record
from crmsh_py.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmsh_py.cib.properties import Value
    from crmsh_py.command.context import Context


@level.command("get_property [<truth:truth>] [<name:property>]", aliases=("get-property",))
def get_property(cx: Context, truth: str = "", name: str | None = None) -> Record:
    """Show the value of a cluster property, or its default where it is not set.

    With -t, whether the value is one of Pacemaker's words for true, as `true` or `false`. The old and the new name of
    a property answer for each other (stonith-enabled and fencing-enabled). Without a name, the names that can be
    asked for.

    Examples:
        get_property stonith-enabled
        get_property -t maintenance-mode
        get_property
    """
    from crmsh_py.cib import properties  # heavy

    cib = cx.session.draft
    if name is None:
        names = properties.names(cib)
        return Record("configure.get_property.names", lambda: names, lambda: [("", f"{one}\n") for one in names])
    found = properties.property_value(cib, name)
    if found is None:
        raise _unknown(name, properties.names(cib))
    value = MASK if is_secret(found.name) else found.value
    shown = value if not truth else "true" if properties.is_true(value) else "false"
    return Record("configure.get_property", lambda: _data(name, found, value), lambda: [("", f"{shown}\n")])


def _data(name: str, found: Value, value: str) -> dict[str, object]:
    from crmsh_py.cib.properties import is_true

    return {"name": name, "value": value, "is-true": is_true(value), "is-set": found.is_set, "set-as": found.name}


def _unknown(name: str, known: Iterable[str]) -> NoSuchObject:
    known = list(known)
    if name in known:
        return NoSuchObject(f"the property {name} is not set and has no default")
    hint = did_you_mean(name, known, 3) or "`get_property` lists the names"
    return NoSuchObject(f"there is no property {name}", hint=hint)
