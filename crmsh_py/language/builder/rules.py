"""What rules and their expressions are made of."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from crmsh_py.language import statements as st
from crmsh_py.language.builder.filling import Child, Said, Setting, fill, flat, noted, split, syntax_error
from crmsh_py.language.lexemes import Lexeme

if TYPE_CHECKING:
    from crmsh_py.language.builder import Builder
    from crmsh_py.language.builder.filling import Rules

# an id right behind one of these is that of the inner element, not of the date expression
INNER_DATE = ("SPEC", "DATE_SPEC", "DURATION")


def rule(builder: Builder, children: list[Child]) -> st.Rule:
    """A rule, nested or not; a typed one without a score has INFINITY."""
    rule = st.Rule()
    joints = [child for child in children if isinstance(child, Lexeme) and child.type in ("AND", "OR")]
    for joint in joints[1:]:
        if joint.keyword != joints[0].keyword:
            raise syntax_error("and and or cannot be mixed in one rule", joint.place, "put one of them in ( )")
    if joints and joints[0].keyword == "or":
        rule.boolean_op = "or"
    fill(rule, [child for child in children if child not in joints])
    if not builder.exact and rule.score is None and rule.score_attribute is None and rule.id_ref is None:
        rule.score = "INFINITY"
    return rule


def value_type(_: Builder, children: list[Lexeme]) -> Said:
    """`string:` and the like."""
    return Said("type", children[0].keyword[:-1], children[0])


def operand(builder: Builder, children: list[Lexeme]) -> list[Said]:
    """A value, or `source{value}`."""
    said = [Said("value", children[-1].value, children[-1])]
    if len(children) > 1:
        builder.check("value_source", children[0])
        said.append(Said("value_source", children[0].value, children[0]))
    return said


def expression(_: Builder, children: list[Child]) -> st.Expression:
    """`attribute eq value` and `defined attribute`."""
    words = [child for child in children if isinstance(child, Lexeme)]
    is_unary = words[0].type in ("DEFINED", "NOT_DEFINED")
    name, operation = (words[1], words[0]) if is_unary else (words[0], words[1])
    expression = st.Expression(name.value, operation.keyword)
    fill(expression, [child for child in flat(children) if isinstance(child, Said)])
    return noted(expression, words[0])


def range_limit(_: Builder, children: list[Lexeme]) -> Said:
    """`start=` or `end=`."""
    return Said(children[0].keyword[:-1], children[1].value, children[1])


def date_part(_: Builder, children: list[Lexeme]) -> Setting:
    """`hours=9-17` and the like."""
    return Setting(children[0].keyword[:-1], children[1].value)


def date_expression(_: Builder, children: list[Child]) -> st.DateExpression:
    """A condition on the time."""
    operation = children[1].keyword
    if operation not in ("lt", "gt"):
        return _date_in(children, is_range=operation in ("in", "in_range"))
    limit = Said("end" if operation == "lt" else "start", children[2].value, children[2])
    return fill(st.DateExpression(operation), [children[0], limit, *children[3:]])


def _date_in(children: list[Child], *, is_range: bool) -> st.DateExpression:
    """`date in`, which has a duration where it says something of one, and `date spec`, which always has its element."""
    inner = st.Duration() if is_range else st.DateSpec()
    has_inner = not is_range
    own: list[Child] = [children[0]]
    for before, child in pairwise(children[1:]):
        if isinstance(child, Setting):
            inner.values[child.name] = child.value
        elif isinstance(child, Said) and child.name == "id" and _is_inner(before):
            inner.id = child.value
        elif isinstance(child, Said):
            own.append(child)
        has_inner = has_inner or not isinstance(child, Said)
    expression = st.DateExpression("in_range" if is_range else "date_spec")
    if has_inner:
        expression.children.append(inner)
    return fill(expression, own)


def _is_inner(child: Child) -> bool:
    return isinstance(child, Lexeme) and child.type in INNER_DATE


def rsc_expression(_: Builder, children: list[Child]) -> st.RscExpression:
    """`rsc class:provider:type`; a part that is left out is not asked for."""
    parts: list[Any] = [part or None for part in split(children[1].word, 2)]
    class_ = parts[0] if len(parts) > 1 else None
    provider = parts[1] if len(parts) > 2 else None
    item = st.RscExpression(class_, provider, parts[-1])
    return fill(item, [children[0], *children[2:]])


def op_expression(_: Builder, children: list[Child]) -> st.OpExpression:
    """`op monitor interval=10s`."""
    return fill(st.OpExpression(children[1].value), [children[0], *children[2:]])


RULES: Rules = {
    "rule": rule,
    "nested_rule": rule,
    "value_type": value_type,
    "operand": operand,
    "expression": expression,
    "range_limit": range_limit,
    "date_part": date_part,
    "date_expression": date_expression,
    "rsc_expression": rsc_expression,
    "op_expression": op_expression,
}
