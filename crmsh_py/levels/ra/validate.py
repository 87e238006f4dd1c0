"""An agent asked whether it would accept parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmsh_py.errors import UsageError
from crmsh_py.levels.ra.level import level

if TYPE_CHECKING:
    from crmsh_py.command.context import Context


@level.command("validate <agent> [<parameter:name>...]")
def validate(cx: Context, agent: str, parameter: Sequence[str] = ()) -> None:
    """Ask an agent whether it accepts parameters, each as NAME=VALUE, on this host and with your rights.

    Exit code 4 where the agent is not installed, 5 if it refuses them or does not have them.

    Examples:
        validate ocf:pacemaker:Dummy op_sleep=1
    """
    from crmsh_py.cib.validation import accepted, check_names  # heavy
    from crmsh_py.cluster.agents import catalogue

    parameters: dict[str, str] = {}
    for pair in parameter:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise UsageError(f"expected NAME=VALUE, not {pair}")
        if name in parameters:
            raise UsageError(f"{name} is given twice")
        parameters[name] = value
    found = catalogue.find(agent)
    check_names(found, parameters)
    cx.note(accepted(found, parameters, resource=found.type))
