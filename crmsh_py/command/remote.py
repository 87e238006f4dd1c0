"""Work on other nodes over ssh, as the settings have it; who sits at a terminal is asked about new hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from crmsh_py.cluster.remote.connection import Connection
    from crmsh_py.cluster.remote.login import Logins
    from crmsh_py.cluster.remote.together import Turn
    from crmsh_py.command.context import Context
    from crmsh_py.errors import CrmError

    T = TypeVar("T")


def on_each(
    cx: Context,
    nodes: Iterable[str],
    seconds: float,
    there: Callable[[Connection], T],
    here: Callable[[Turn], T] | None = None,
    local: str | None = None,
) -> dict[str, T | CrmError]:
    """Do something on all nodes at once: `here` on the local one, `there` on the others; what came of it, in order.

    seconds: for each node; `ssh_timeout` is what is set for it. Raises what `together.on_each` raises.
    """
    from crmsh_py.cluster.remote import together

    logins = _logins(cx)

    def work(turn: Turn) -> T:
        if here and turn.node == local:
            return here(turn)
        from crmsh_py.cluster.remote.connection import connect  # heavy

        return there(connect(logins.login(turn.node), turn))

    return together.on_each(nodes, work, seconds, lambda question: _ask(cx, question))


def ssh_timeout(cx: Context) -> float:
    """What may be taken for a node where nothing else is said, in seconds."""
    return float(cx.settings["core.ssh_timeout"])


def _logins(cx: Context) -> Logins:
    from crmsh_py.cluster.remote.login import Logins

    return Logins(cx.environ, cx.settings["core.hosts"], cx.settings["core.strict_host_key_checking"])


def _ask(cx: Context, question: str) -> bool:
    """Ask the user; -F, which answers yes to questions of our own, does not vouch for a host."""
    return not cx.options.is_no and cx.choose(f"{question} (yes/no)", ("yes", "no")) == "yes"
