"""Tickets of multi-site clusters: what this site's cluster knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.asking import LIVE, ask, query
from crmsh_py.errors import CrmError, TimedOut

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

SECONDS = 25.0
# the CIB daemon of 2.1.5 never answers who looks for such a name
NOT_ASCII_SECONDS = 10.0
_STATES = "status/tickets/ticket_state"
_CONSTRAINTS = "configuration/constraints/rsc_ticket"
_BOOTH = "configuration/resources//primitive[@type='booth-site']"
# booth writes these beside the state of the tickets that it manages
_BOOTH_MARKS = ("booth-cfg-name", "owner", "expires", "term")
_OWN = ("id", "granted", "standby", "last-granted")


class Ticket(NamedTuple):
    """A ticket.

    granted: to this site. standby: what depends on it is stopped without its loss-policy. last_granted: seconds since
    1970, None where it never was. constraints: the ids of those that name it. others: what else stands in its state.
    """

    id: str
    granted: bool
    standby: bool
    last_granted: int | None
    constraints: tuple[str, ...]
    others: dict[str, str]


class Tickets(NamedTuple):
    """All tickets, by id; booth: the ids of the resources of booth that this cluster has."""

    by_id: dict[str, Ticket]
    booth: tuple[str, ...]

    def has_booth(self, ticket: Ticket) -> bool:
        """Whether booth manages a ticket, as far as the cluster knows."""
        return bool(self.booth) or any(name in ticket.others for name in _BOOTH_MARKS)


def tickets(tools: Mapping[str, str | None] = LIVE) -> Tickets:
    """The tickets that have a state or that a constraint names. Raises what `asking.ask` does.

    tools: what selects the CIB for Pacemaker's tools, `Context.tools`.
    """
    return _read(query(f"{_STATES}|{_CONSTRAINTS}|{_BOOTH}", tools, SECONDS))


def _read(found: list[Element]) -> Tickets:
    states = {el.get("id", ""): el.attrib for el in found if el.tag == "ticket_state"}
    constraints: dict[str, list[str]] = {}
    for el in found:
        if el.tag == "rsc_ticket":
            constraints.setdefault(el.get("ticket", ""), []).append(el.get("id", ""))
    names = sorted({*states, *constraints} - {""})
    made = {name: _ticket(name, states.get(name, {}), constraints.get(name, [])) for name in names}
    return Tickets(made, tuple(el.get("id", "") for el in found if el.tag == "primitive"))


def _ticket(name: str, state: Mapping[str, str], constraints: list[str]) -> Ticket:
    last = state.get("last-granted", "")
    return Ticket(
        name,
        state.get("granted") == "true",
        state.get("standby") == "true",
        int(last) if last.isdecimal() and int(last) else None,
        tuple(constraints),
        {key: value for key, value in state.items() if key not in _OWN},
    )


def grant(ticket: str) -> None:
    """Grant a ticket to this site, whatever others have. Raises what `asking.ask` does."""
    _run(ticket, "--grant", "--force")


def revoke(ticket: str) -> None:
    """Revoke a ticket from this site: what depends on it meets its loss-policy. Raises what `asking.ask` does."""
    _run(ticket, "--revoke", "--force")


def standby(ticket: str) -> None:
    """Let what depends on a ticket be stopped or demoted in order. Raises what `asking.ask` does."""
    _run(ticket, "--standby")


def activate(ticket: str) -> None:
    """End the standby of a ticket. Raises what `asking.ask` does."""
    _run(ticket, "--activate")


def forget(ticket: str) -> None:
    """Delete all that this site knows of the state of a ticket.

    Raises what `asking.ask` does; CrmError where it stays, as that of a name with quotes in it.
    """
    _run(ticket, "--cleanup", "--force")
    # the tool says that all is well
    still = tickets().by_id.get(ticket)
    if still is not None and (still.granted or still.standby or still.last_granted is not None):
        raise CrmError(f"the cluster keeps the state of {ticket}")


def _run(ticket: str, *words: str) -> None:
    try:
        ask("crm_ticket", f"--ticket={ticket}", *words, seconds=SECONDS if ticket.isascii() else NOT_ASCII_SECONDS)
    except TimedOut as error:
        if ticket.isascii():
            raise
        raise TimedOut(str(error), hint="Pacemaker may not be able to look for a name that is not ASCII") from None
