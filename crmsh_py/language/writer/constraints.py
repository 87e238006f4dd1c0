"""How constraints are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import quoting
from crmsh_py.language import statements as st
from crmsh_py.language.words import quote
from crmsh_py.language.writer.rules import rule
from crmsh_py.language.writer.sets import member, resource_sets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmsh_py.language.writer.pen import Pen, Writers


def location(pen: Pen, location: st.Location) -> None:
    """`location id rsc score: node`, or with rules in place of the node."""
    pen.head("location", location.id)
    _location_target(pen, location)
    pen.assign("role", location.role, "role")
    pen.assign("resource-discovery", location.resource_discovery)
    if location.node is not None:
        pen.say(quoting.score_label(location.score or ""), "score")
        pen.say(quoting.word(location.node), "reference")
    else:
        pen.assign("score", location.score, "score")
    for child in location.children:
        if isinstance(child, st.Rule):
            pen.line(child, "rule")
            rule(pen, child)
    _lifetime(pen, location.children)


def _location_target(pen: Pen, location: st.Location) -> None:
    if any(isinstance(child, st.ResourceSet) for child in location.children):
        pen.say("{", "keyword")
        resource_sets(pen, location.children, "role")
        pen.say("}", "keyword")
    elif location.rsc_pattern is not None:
        pattern = f"/{location.rsc_pattern}/"
        pen.say(quoting.word(pattern) if location.rsc_pattern else quote(pattern))
    else:
        pen.say(quoting.free_word(location.rsc or ""), "reference")


def _lifetime(pen: Pen, children: Iterable[st.Item]) -> None:
    for child in children:
        if isinstance(child, st.Lifetime):
            pen.line(child, "lifetime")
            for item in child.children:
                pen.comments(item)
                pen.say("rule", "keyword")
                rule(pen, item)


def colocation(pen: Pen, item: st.Colocation) -> None:
    """`colocation id score: rsc with-rsc`, or with resource sets."""
    pen.head("colocation", item.id)
    if item.score is not None:
        pen.say(quoting.score_label(item.score), "score")
    if item.score_attribute is not None:
        pen.say(quoting.attribute_label(item.score_attribute), "score")
    if item.rsc is not None:
        member(pen, item.rsc, item.rsc_role)
        member(pen, item.with_rsc, item.with_rsc_role)
    resource_sets(pen, item.children, "role", taken_for=2)
    pen.assign("node-attribute", item.node_attribute)
    pen.assign("influence", item.influence)
    pen.assign("score-attribute-mangle", item.score_attribute_mangle)
    _lifetime(pen, item.children)


def order(pen: Pen, item: st.Order) -> None:
    """`order id kind: first then`, or with resource sets."""
    pen.head("order", item.id)
    if item.kind is not None:
        pen.say(quoting.label(item.kind), "score")
    if item.score is not None:
        pen.say(quoting.score_label(item.score), "score")
    if item.first is not None:
        member(pen, item.first, item.first_action)
        member(pen, item.then, item.then_action)
    resource_sets(pen, item.children, "action", taken_for=2)
    pen.assign("symmetrical", item.symmetrical)
    pen.assign("$require-all", item.require_all)
    _lifetime(pen, item.children)


def rsc_ticket(pen: Pen, item: st.RscTicket) -> None:
    """`rsc_ticket id ticket: rsc`, or with resource sets."""
    pen.head("rsc_ticket", item.id)
    pen.say(quoting.label(item.ticket), "ticket")
    if item.rsc is not None:
        member(pen, item.rsc, item.rsc_role)
    resource_sets(pen, item.children, "role", taken_for=1)
    pen.assign("loss-policy", item.loss_policy)


WRITERS: Writers = {
    st.Location: location,
    st.Colocation: colocation,
    st.Order: order,
    st.RscTicket: rsc_ticket,
}
