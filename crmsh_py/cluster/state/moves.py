"""What commands that move and ban resources left behind, which crm_mon tells in part: of moves nothing, of bans not
until when they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.asking import query
from crmsh_py.cluster.state.facts import OF_COMMANDS
from crmsh_py.cluster.times import has_passed
from crmsh_py.errors import Cancelled, CrmError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from crmsh_py.cluster.state.facts import State

# the ids that Pacemaker's tools and `move` give; a constraint of another id is one that was wanted to stay
_OF_MOVES = f"{OF_COMMANDS}prefer-"
_CONSTRAINTS = "configuration/constraints/rsc_location"
SECONDS = 10.0


class Move(NamedTuple):
    """A location constraint that a move left behind; node: where it draws the resource. until: its end, or ""."""

    id: str
    resource: str
    node: str
    until: str


def left_over(state: State, environ: Mapping[str, str | None]) -> tuple[State, tuple[Move, ...]]:
    """The state, its bans of commands by the ids of their constraints and with their ends; and the moves in force.

    environ: selects the CIB that the state is of. Without moves and as it was, where that cannot be known. A second
    read beside that of crm_mon: a constraint that comes or goes between the two is told the next time.
    """
    try:
        read = query(_CONSTRAINTS, environ, SECONDS, where=f"starts-with(@id,'{OF_COMMANDS}')")
    except Cancelled:
        raise
    except CrmError:
        return state, ()
    found = [el for el in read if el.get("id", "").startswith(OF_COMMANDS)]
    named = {one.get("id", ""): el for el in found for one in (el, *el.iterfind("rule"))}
    bans = tuple(
        ban._replace(id=el.get("id", ""), until=_end(el)) if (el := named.get(ban.id)) is not None else ban
        for ban in state.bans
    )
    moves = (_move(el) for el in found if el.get("id", "").startswith(_OF_MOVES))
    return state._replace(bans=bans), tuple(one for one in moves if not has_passed(one.until))


def _move(el: Element) -> Move:
    """A move with its node, which stands in a rule where it ends by itself."""
    named = el.find(".//expression[@attribute='#uname']")
    node = el.get("node") or (named.get("value") if named is not None else None)
    return Move(el.get("id", ""), el.get("rsc", ""), node or "", _end(el))


def _end(el: Element) -> str:
    end = el.find(".//date_expression[@end]")
    return end.get("end", "") if end is not None else ""
