"""How rules and their expressions are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import quoting
from crmsh_py.language import statements as st
from crmsh_py.language.allowed import ROLES
from crmsh_py.language.words import quote

if TYPE_CHECKING:
    from crmsh_py.language.writer.pen import Pen, Writers


def rule(pen: Pen, rule: st.Rule, *, is_nested: bool = False) -> None:
    """What stands behind `rule` or, nested, behind `(`, where the id comes behind `)`."""
    pen.assign("$id-ref", rule.id_ref, "reference")
    if not is_nested:
        pen.id(rule.id)
    if rule.role is not None:
        pen.say("$role=", "name")
        pen.join(quoting.value(rule.role) if rule.role in ROLES else quote(rule.role), "role")
    joint = rule.boolean_op or "and"
    if rule.boolean_op is not None and (joint == "or" and len(rule.children) < 2 or pen.exact and joint != "or"):
        pen.assign("$boolean-op", rule.boolean_op)
    _score(pen, rule)
    for index, child in enumerate(rule.children):
        if index:
            pen.say(joint, "keyword")
        pen.comments(child)
        EXPRESSIONS[type(child)](pen, child)


def _score(pen: Pen, rule: st.Rule) -> None:
    if rule.score is not None and (pen.exact or rule.score != "INFINITY"):
        pen.say(quoting.score_label(rule.score), "score")
    if rule.score_attribute is not None:
        pen.say(quoting.attribute_label(rule.score_attribute), "score")
    elif rule.score is None and rule.id_ref is None and not pen.exact:
        pen.say("0:", "score")


def nested_rule(pen: Pen, item: st.Rule) -> None:
    """A rule in brackets."""
    pen.say("(", "keyword")
    rule(pen, item, is_nested=True)
    pen.say(")", "keyword")
    pen.id(item.id)


def expression(pen: Pen, item: st.Expression) -> None:
    """`attribute eq value`, `defined attribute`."""
    is_unary = item.operation in ("defined", "not_defined")
    if is_unary:
        pen.say(item.operation, "keyword")
    pen.say(quoting.free_word(item.attribute), "name")
    if is_unary:
        pen.assign("$type", item.type)
    else:
        pen.say((f"{item.type}:" if item.type else "") + item.operation, "keyword")
    if is_unary or item.value is None:
        pen.assign("$value", item.value)
        pen.assign("$value-source", item.value_source)
    elif item.value_source is not None:
        pen.say(f"{item.value_source}{{{quoting.part(item.value)}}}", "value")
    else:
        pen.say(quoting.word(item.value), "value")
    if not is_unary and item.value is None and item.value_source is None:
        # without a value, the id tells where it ends
        pen.assign("$id", item.id, "id")
    else:
        pen.id(item.id)


def date_expression(pen: Pen, item: st.DateExpression) -> None:
    """`date lt ...`, `date in ...`, `date spec ...`."""
    pen.say("date", "keyword")
    if item.operation in ("lt", "gt"):
        pen.say(item.operation, "keyword")
        limit = item.end if item.operation == "lt" else item.start
        pen.say(quoting.word(limit or ""), "value")
    else:
        pen.say("in" if item.operation == "in_range" else "spec", "keyword")
        pen.assign("start", item.start)
        pen.assign("end", item.end)
        for child in item.children:
            pen.comments(child)
            if isinstance(child, st.Duration) and (pen.exact or not child.values or child.id in pen.referenced):
                pen.say("duration", "keyword")
            pen.id(child.id)
            pen.values(child.values)
    pen.id(item.id)


def rsc_expression(pen: Pen, item: st.RscExpression) -> None:
    """`rsc class:provider:type`; an empty part is said apart from an absent one."""
    pen.say("rsc", "keyword")
    parts = {"$class": item.class_, "$provider": item.provider, "$type": item.type}
    pen.say(":".join(quoting.part(part) if part else "" for part in parts.values()), "agent")
    for name, part in parts.items():
        if part == "":
            pen.assign(name, part)
    pen.id(item.id)


def op_expression(pen: Pen, item: st.OpExpression) -> None:
    """`op monitor interval=10s`."""
    pen.say("op", "keyword")
    pen.say(quoting.word(item.name))
    pen.assign("interval", item.interval)
    pen.id(item.id)


EXPRESSIONS: Writers = {
    st.Expression: expression,
    st.DateExpression: date_expression,
    st.RscExpression: rsc_expression,
    st.OpExpression: op_expression,
    st.Rule: nested_rule,
}
