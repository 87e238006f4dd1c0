"""Tickets of multi-site clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.declare import Level
from crmsh_py.errors import Refused
from crmsh_py.output import Record
from crmsh_py.problems import WARNING, Problem, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from crmsh_py.cluster.tickets import Ticket, Tickets
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

level = Level("site", "Tickets of multi-site clusters.")

_FORCE = "where you know it is right, use -F"


@level.command(
    "ticket (grant|revoke|standby|activate|delete) <ticket> [--wait]",
    "ticket (show|time) <ticket>",
    "ticket list",
    live=True,
)
def ticket(
    cx: Context,
    grant: bool = False,
    revoke: bool = False,
    standby: bool = False,
    activate: bool = False,
    delete: bool = False,
    show: bool = False,
    time: bool = False,
    list: bool = False,  # noqa: A002 - the word of the usage
    ticket: str = "",
    wait: bool = False,
) -> Record | None:
    """Grant tickets to this site and take them away, put them into standby, show them.

    `grant` and `revoke` ask, and want -F where nobody can be asked: another site may have the ticket, and resources
    meet their loss-policy. `standby` stops or demotes them in order beforehand, `activate` ends that. `delete` forgets
    a ticket. What booth manages is granted and revoked by `booth` only. --wait waits until the cluster has followed.

    Examples:
        ticket list
        ticket grant db
        ticket standby db
        ticket activate db --wait
        ticket show db
        ticket revoke db
    """
    from crmsh_py.cluster import tickets  # heavy

    known = tickets.tickets()
    if list:
        return _record(known.by_id.values(), _lines)
    found = _found(cx, known, ticket, is_new=grant)
    if show or time:
        return _record([found], _times if time else _lines)
    words = {"grant": grant, "revoke": revoke, "standby": standby, "activate": activate, "delete": delete}
    with cx.waiting(wait):
        _change(cx, known, found, *(word for word, is_said in words.items() if is_said))
    return None


def _change(cx: Context, known: Tickets, found: Ticket, word: str) -> None:
    from crmsh_py.cluster import tickets  # heavy

    if word == "grant":
        _grant(cx, known, found)
    elif word in ("revoke", "delete"):
        _revoke(cx, known, found, is_forgotten=word == "delete")
    elif word == "standby":
        tickets.standby(found.id)
    else:
        tickets.activate(found.id)


def _found(cx: Context, known: Tickets, name: str, *, is_new: bool) -> Ticket:
    """The ticket of a name; is_new: it may be one that nobody knows yet, with a warning. Raises NoSuchObject."""
    from crmsh_py.cluster.tickets import Ticket  # heavy
    from crmsh_py.command.known import no_such

    if name in known.by_id:
        return known.by_id[name]
    if not is_new:
        raise no_such("ticket", name, known.by_id)
    text, hint = f"no constraint names the ticket {name}", did_you_mean(name, known.by_id, 3)
    cx.warn(Problem(WARNING, "unused-ticket", text, hint=hint, object_id=name))
    return Ticket(name, False, False, None, (), {})


def _grant(cx: Context, known: Tickets, found: Ticket) -> None:
    from crmsh_py.cluster import tickets  # heavy

    _refuse_with_booth(known, found, "grant")
    if found.granted:
        cx.note(f"{found.id} is granted to this site already")
        return
    question = f"If another site has {found.id} too, resources run twice. Does no other site have it, for certain?"
    if not cx.ask(question):
        raise Refused(f"nobody has confirmed that no other site has {found.id}; nothing was done", hint=_FORCE)
    tickets.grant(found.id)


def _revoke(cx: Context, known: Tickets, found: Ticket, *, is_forgotten: bool) -> None:
    from crmsh_py.cluster import tickets  # heavy

    _refuse_with_booth(known, found, "revoke")
    if not (found.granted or is_forgotten):
        cx.note(f"{found.id} is not granted to this site")
        return
    about = f", and {listed(found.constraints)} decides what becomes of resources" if found.constraints else ""
    if found.granted and not found.standby and not cx.ask(f"{found.id} is granted and not in standby{about}. Go on?"):
        text = f"{found.id} is granted and not in standby{about}; nothing was done"
        raise Refused(text, hint=f"`site ticket standby {found.id}` stops them in order; {_FORCE}")
    if found.granted:
        tickets.revoke(found.id)
    if is_forgotten:
        tickets.forget(found.id)


def _refuse_with_booth(known: Tickets, found: Ticket, verb: str) -> None:
    if known.has_booth(found):
        by = f" ({listed(known.booth)})" if known.booth else ""
        text = f"{found.id} is managed by booth{by}, whose other sites would not know"
        raise Refused(text, hint=f"use `booth {verb} {found.id}`; `site ticket standby` works here")


# ---- show


def _record(found: Iterable[Ticket], lines: Any) -> Record:
    found = tuple(found)
    return Record("site.ticket", lambda: [_data(one) for one in found], lambda: lines(found))


def _data(one: Ticket) -> dict[str, Any]:
    last = None if one.last_granted is None else _when(one.last_granted, "UTC")
    return {**one._asdict(), "last_granted": last, "constraints": [*one.constraints]}


def _lines(found: Iterable[Ticket]) -> Iterator[Fragment]:
    for one in found:
        state = "granted" if one.granted else "revoked"
        yield from [("ticket", one.id), ("", " is "), ("" if one.granted else "warning", state)]
        yield "warning", ", standby" if one.standby else ""
        yield "", f", last granted {_when(one.last_granted, '')}" if one.last_granted is not None else ""
        yield "", f"; constraints: {' '.join(one.constraints)}" if one.constraints else ""
        yield "", "".join(f"; {name}={value}" for name, value in sorted(one.others.items()))
        yield "", "\n"


def _times(found: Iterable[Ticket]) -> Iterator[Fragment]:
    for one in found:
        when = "never" if one.last_granted is None else _when(one.last_granted, "")
        yield from [("ticket", one.id), ("", f" was last granted: {when}\n")]


def _when(seconds: int, zone: str) -> str:
    """A time for people, by the local clock; or, with UTC, in the form of ISO 8601."""
    from time import gmtime, localtime, strftime  # heavy

    if zone:
        return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(seconds))
    return strftime("%a %b %d %H:%M:%S %Y", localtime(seconds))
