"""Statements of the configuration language, as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.configure.level import level

if TYPE_CHECKING:
    from crmsh_py.command.context import Context
    from crmsh_py.language.statements import Statement


@level.statements
def statement(cx: Context, statement: Statement) -> None:
    """Add an object to the configuration."""
    from crmsh_py.cib import edit  # heavy
    from crmsh_py.cib.secrets import refuse_masks

    refuse_masks([statement])
    cx.edit(lambda cib: edit.add(cib, [statement]))
