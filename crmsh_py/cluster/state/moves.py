"""What moves of resources left behind, which crm_mon does not tell: it knows of bans alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.asking import query
from crmsh_py.cluster.times import has_passed
from crmsh_py.errors import Cancelled, CrmError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

# the ids that Pacemaker's tools and `move` give; a constraint of another id is one that was wanted to stay
_PREFIX = "cli-prefer-"
_CONSTRAINTS = "configuration/constraints/rsc_location"
SECONDS = 10.0


class Move(NamedTuple):
    """A location constraint that a move left behind; node: where it draws the resource. until: its end, or ""."""

    id: str
    resource: str
    node: str
    until: str


def moves(environ: Mapping[str, str | None]) -> tuple[Move, ...]:
    """The moves that are still in force, of the CIB that `environ` selects; none where that cannot be known.

    A second read beside that of crm_mon: a constraint that comes or goes between the two is told the next time.
    """
    try:
        found = query(_CONSTRAINTS, environ, SECONDS, where=f"starts-with(@id,'{_PREFIX}')")
        left = (_move(el) for el in found if el.get("id", "").startswith(_PREFIX))
        return tuple(one for one in left if not has_passed(one.until))
    except Cancelled:
        raise
    except CrmError:
        return ()


def _move(el: Element) -> Move:
    """A move with its node and its end, which stand in a rule where it ends by itself."""
    named = el.find(".//expression[@attribute='#uname']")
    end = el.find(".//date_expression[@end]")
    node = el.get("node") or (named.get("value") if named is not None else None)
    return Move(el.get("id", ""), el.get("rsc", ""), node or "", (end.get("end") if end is not None else None) or "")
