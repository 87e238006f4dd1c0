"""What the agents of resources say: the timeouts that they advise, and whether their parameters are good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmsh_py.levels.configure.level import level

if TYPE_CHECKING:
    from crmsh_py.command.context import Context


@level.command("default-timeouts <rsc>...")
def default_timeouts(cx: Context, rsc: Sequence[str]) -> None:
    """Give the operations of resources the timeouts that their agents advise.

    A timeout that is longer than advised stays. Operations to start and stop are added where the default is too
    short for them. What changes is said. Of groups and clones, all that is inside.

    Examples:
        default-timeouts gateway
        default-timeouts web disk-clone
    """
    from crmsh_py.cib.timeouts import advise  # heavy

    cx.edit(lambda cib: advise(cib, rsc))


@level.command("validate-all <rsc>", aliases=("validate_all",))
def validate_all(cx: Context, rsc: str) -> None:
    """Ask the agent of a resource whether its parameters are good, on this host and with your rights.

    Exit code 4 where the agent is not installed, 5 if it refuses them. Parameters that depend on rules cannot be
    asked for, nor those that are references to others.

    Examples:
        validate-all gateway
    """
    from crmsh_py.cib.validation import validate  # heavy

    cx.note(validate(cx.session.draft, rsc))
