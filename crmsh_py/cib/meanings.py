"""What constraints mean, in words, pair by pair: who needs whom, who is where.

A constraint with resource sets is several pairs. Where two sets meet of which both are in no sequence, that is not each
with each but all of the one with a place between them, so that it stays linear.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cib.properties import is_true
from crmsh_py.cib.scores import is_infinite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

ORDER, COLOCATION, GROUP, TICKET, LOCATION = "order", "colocation", "group", "ticket", "location"
BETWEEN = "set"
_DONE = {"start": "started", "stop": "stopped", "promote": "promoted", "demote": "demoted"}
_DOES = {"start": "starts", "stop": "stops", "promote": "is promoted", "demote": "is demoted"}
_LOSS = {
    "stop": "it is stopped where the ticket is lost",
    "demote": "it is demoted where the ticket is lost",
    "fence": "its node is fenced where the ticket is lost",
    "freeze": "it is left alone where the ticket is lost",
}


class Bond(NamedTuple):
    """One resource has to do with another one.

    dependent, needed: ids of resources, or of tags, or a place where two sets meet (`ID/2`). kind: order, colocation or
    group. constraint: its id; of a group, the group's. text: what it means.
    """

    dependent: str
    needed: str
    kind: str
    constraint: str
    text: str


def bonds(el: Element) -> Iterator[Bond]:
    """The pairs that an order or a colocation says something of."""
    sets = list(el.iterchildren("resource_set"))
    if el.tag == "rsc_order":
        yield from _ordered_sets(el, sets) if sets else _ordered(el)
    elif el.tag == "rsc_colocation":
        yield from _colocated_sets(el, sets) if sets else _colocated(el)


def group_bonds(group: Element) -> Iterator[Bond]:
    """The pairs of neighbours in a group."""
    members = [member.get("id", "") for member in group.iterchildren("primitive")]
    id_ = group.get("id", "")
    for before, after in pairwise(members):
        yield Bond(after, before, GROUP, id_, f"{after} starts after {before}, on the same node")


def meanings(el: Element) -> list[str]:
    """What a constraint means, in sentences without a full stop."""
    if el.tag == "rsc_location":
        return list(_locations(el))
    if el.tag == "rsc_ticket":
        return list(_tickets(el))
    # where two sets meet, one sentence is of all in it
    return list(dict.fromkeys(bond.text for bond in bonds(el)))


def is_hard(el: Element) -> bool:
    """Whether an order or a colocation keeps one resource from running while the other one does not."""
    if el.tag == "rsc_order":
        return _order_kind(el) == "Mandatory"
    score = el.get("score") or "INFINITY"
    return is_infinite(score) and not score.startswith("-")


# ---- orders


def _ordered(el: Element) -> Iterator[Bond]:
    first, then = el.get("first", ""), el.get("then", "")
    action = el.get("first-action") or "start"
    text = _order_text(el, first, action, then, el.get("then-action") or action)
    yield Bond(then, first, ORDER, el.get("id", ""), text)


def _order_text(el: Element, first: str, first_action: str, then: str, then_action: str) -> str:
    kind = _order_kind(el)
    if kind == "Serialize":
        return f"{then} and {first} never start or stop at the same time"
    does, done = _DOES.get(then_action, then_action), _DONE.get(first_action, first_action)
    text = f"{then} {does} after {first} was {done}"
    if kind == "Optional":
        text += ", where both are to be done at once"
    if el.get("symmetrical") is not None and not is_true(el.get("symmetrical", "")):
        text += "; nothing is said of the way back"
    return text


def _order_kind(el: Element) -> str:
    score = el.get("score")
    if el.get("kind"):
        return el.get("kind", "")
    return "Optional" if score is not None and not score.strip("+-0") else "Mandatory"


def _ordered_sets(el: Element, sets: Iterable[Element]) -> Iterator[Bond]:
    id_, before, action_before = el.get("id", ""), list[str](), "start"
    for number, one in enumerate(sets):
        members, action = _members(one), one.get("action") or "start"
        is_chain = _is_chain(one)
        pairs = list(pairwise(members)) if is_chain else []
        pairs += [(last, member) for last in before for member in (members[:1] if is_chain else members)]
        if before and not is_chain and len(before) > 1 < len(members):
            between, text = f"{id_}/{number}", f"{listed_ids(members)} after {listed_ids(before)}"
            yield from (Bond(between, last, ORDER, id_, text) for last in before)
            yield from (Bond(member, between, ORDER, id_, text) for member in members)
        else:
            for first, then in pairs:
                of_first = action_before if first in before else action
                yield Bond(then, first, ORDER, id_, _order_text(el, first, of_first, then, action))
        if members:
            before, action_before = (members[-1:] if is_chain else members), action


def listed_ids(ids: list[str]) -> str:
    """A list of which there may be many."""
    return f"all of {', '.join(ids)}"


# ---- colocations


def _colocated(el: Element) -> Iterator[Bond]:
    rsc, with_rsc = el.get("rsc", ""), el.get("with-rsc", "")
    text = _colocation_text(
        rsc,
        el.get("rsc-role"),
        with_rsc,
        el.get("with-rsc-role"),
        el.get("score") or "INFINITY",
        el.get("node-attribute"),
    )
    yield Bond(rsc, with_rsc, COLOCATION, el.get("id", ""), text)


def _colocation_text(
    rsc: str, role: str | None, with_rsc: str, with_role: str | None, score: str, attribute: str | None
) -> str:
    who = f"{rsc}, where it is {role}," if role and role != "Started" else rsc
    where = f"{with_rsc} is {with_role}" if with_role and with_role != "Started" else f"{with_rsc} runs"
    place = f"on a node with the same {attribute} as where" if attribute else "where"
    if score.startswith("-"):
        return (
            f"{who} never runs {place} {where}"
            if is_infinite(score)
            else f"{who} avoids to run {place} {where} ({score})"
        )
    return (
        f"{who} runs only {place} {where}" if is_infinite(score) else f"{who} prefers to run {place} {where} ({score})"
    )


def _colocated_sets(el: Element, sets: list[Element]) -> Iterator[Bond]:
    """Within a set each depends on the one before it; a set depends on the one behind it."""
    id_, attribute = el.get("id", ""), el.get("node-attribute")
    for number, one in enumerate(sets):
        members, role, score = _members(one), one.get("role"), one.get("score") or el.get("score") or "INFINITY"
        for before, after in pairwise(members) if _is_chain(one) else ():
            yield Bond(after, before, COLOCATION, id_, _colocation_text(after, role, before, role, score, attribute))
        if number + 1 == len(sets):
            return
        other = sets[number + 1]
        these = members[:1] if _is_chain(one) else members
        those = _members(other)[-1:] if _is_chain(other) else _members(other)
        score = el.get("score") or "INFINITY"
        if len(these) > 1 < len(those):
            text = _colocation_text(listed_ids(these), role, listed_ids(those), other.get("role"), score, attribute)
            yield from (Bond(this, f"{id_}/{number}", COLOCATION, id_, text) for this in these)
            yield from (Bond(f"{id_}/{number}", that, COLOCATION, id_, text) for that in those)
        else:
            for this in these:
                for that in those:
                    text = _colocation_text(this, role, that, other.get("role"), score, attribute)
                    yield Bond(this, that, COLOCATION, id_, text)


# ---- sets, locations, tickets


def _members(set_: Element) -> list[str]:
    return [ref.get("id", "") for ref in set_.iterchildren("resource_ref")]


def _is_chain(set_: Element) -> bool:
    return is_true(set_.get("sequential") or "true")


def _named(el: Element) -> Iterator[tuple[str, str | None]]:
    """The resources of a location or a ticket, with roles."""
    role = el.get("role") or el.get("rsc-role")
    for id_ in (el.get("rsc"), el.get("rsc-pattern")):
        if id_:
            yield id_, role
    for set_ in el.iterchildren("resource_set"):
        yield from ((member, set_.get("role") or role) for member in _members(set_))


def _locations(el: Element) -> Iterator[str]:
    for rsc, role in _named(el):
        who = f"what matches {rsc}" if rsc == el.get("rsc-pattern") else rsc
        if el.get("node") is not None:
            yield _location_text(who, role, el.get("node", ""), el.get("score") or "0")
        for rule in el.iterchildren("rule"):
            where = f"nodes for which the rule {rule.get('id') or rule.get('id-ref')} holds"
            score = rule.get("score") or el.get("score")
            if rule.get("score-attribute"):
                yield f"{who} goes to {where} by their {rule.get('score-attribute')}"
            else:
                yield _location_text(who, rule.get("role") or role, where, score or "INFINITY")


def _location_text(who: str, role: str | None, where: str, score: str) -> str:
    role = f" as {role}" if role and role != "Started" else ""
    if is_infinite(score):
        return f"{who} never runs{role} on {where}" if score[0] == "-" else f"{who} runs{role} on {where} where it can"
    if not score.strip("+-0"):
        return f"{who} may run{role} on {where}"
    if score.startswith("-"):
        return f"{who} avoids to run{role} on {where} ({score})"
    return f"{who} prefers to run{role} on {where} ({score})"


def _tickets(el: Element) -> Iterator[str]:
    loss = _LOSS.get(el.get("loss-policy") or "stop", "")
    for rsc, role in _named(el):
        does = f"is {role}" if role and role != "Started" else "runs"
        yield f"{rsc} {does} only while the ticket {el.get('ticket')} is granted; {loss}"
