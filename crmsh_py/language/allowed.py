"""The values that Pacemaker's schema allows where it allows few, to say so at the word instead of at the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import BadSyntax
from crmsh_py.problems import ERROR, Problem, did_you_mean

if TYPE_CHECKING:
    from crmsh_py.language.lexemes import Lexeme

ROLES = ("Started", "Stopped", "Promoted", "Unpromoted", "Master", "Slave")
ACTIONS = ("start", "stop", "promote", "demote")
KINDS = ("Mandatory", "Optional", "Serialize")
BOOLEANS = ("true", "false", "yes", "no", "on", "off", "1", "0")

# RelaxNG: constraints-3.9, rule-3.9, nodes-3.9
ALLOWED = {
    "role": ROLES,
    "action": ACTIONS,
    "resource_discovery": ("always", "never", "exclusive"),
    "sequential": BOOLEANS,
    "require_all": BOOLEANS,
    "symmetrical": BOOLEANS,
    "ordering": ("group", "listed"),
    "kind": KINDS,
    "loss_policy": ("stop", "demote", "fence", "freeze"),
    "boolean_op": ("and", "or"),
    "value_source": ("literal", "param", "meta"),
    "type": ("member", "remote", "ping", "normal"),
    "value_type": ("string", "integer", "number", "version"),
}
# attributes of op; every other name that is typed there is an instance attribute of the operation
OP_ATTRIBUTES = frozenset(
    "name description interval start-delay interval-origin timeout enabled record-pending role requires on-fail".split()
)
# what date_spec and duration are made of, in all schemas
DATE_PARTS = frozenset(
    "seconds minutes hours days monthdays weekdays yeardays yearsdays weeks months years weekyears moon".split()
)
IN_ANY_CASE = frozenset(("role", "kind", *(name for name, words in ALLOWED.items() if words is BOOLEANS)))


def check_allowed(name: str, lexeme: Lexeme) -> None:
    """Raise BadSyntax, with the place and what is near, where `name` cannot have this value."""
    words = ALLOWED.get(name)
    value = lexeme.value
    if words is None or value in words:
        return
    if name in IN_ANY_CASE and value.lower() in {word.lower() for word in words}:
        return
    shown = name.removeprefix("value_type").replace("_", "-") or "type"
    hint = f"{shown} is {', '.join(words[:-1])} or {words[-1]}"
    near = did_you_mean(value, words)
    if near:
        hint += f" ({near})"
    text = f"{value} is no {shown}" if value else f"expected a value of {shown}"
    raise BadSyntax(problems=[Problem(ERROR, "value", text, lexeme.word.place, hint)])
