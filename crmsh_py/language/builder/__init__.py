"""What a rule of the grammar makes of its children: statements and their parts.

RULES has a row for each rule of the grammar that has a name; the functions stand in the rooms that the chapters have,
each under its rule's name. Most rules are leaves that say a field (`Said("role", "Promoted")`) or a class whose
fields and children they are; the rest is there because text and CIB differ in shape: rules, dates, resource sets,
recipients, fencing levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language.allowed import check_allowed
from crmsh_py.language.builder import access, alerts, cluster, constraints, leaves, resources, rules

if TYPE_CHECKING:
    from crmsh_py.language.builder.filling import Rules
    from crmsh_py.language.lexemes import Lexeme

RULES: Rules = {
    **leaves.RULES,
    **rules.RULES,
    **resources.RULES,
    **constraints.RULES,
    **cluster.RULES,
    **access.RULES,
    **alerts.RULES,
}


class Builder:
    """What the functions of RULES are given. `exact`: nothing is checked or converted, since the text says all."""

    def __init__(self, exact: bool = False) -> None:
        self.exact = exact

    def check(self, name: str, value: Lexeme) -> None:
        """Raise BadSyntax where a value is none of the few that the schema allows."""
        if not self.exact:
            check_allowed(name, value)
