"""Rules and their expressions."""

from __future__ import annotations

from crmsh_py.language.statements.item import PARTS, VALUES, Item


class Expression(Item):
    """A comparison of a node attribute."""

    attribute: str
    operation: str
    value: str | None = None
    type: str | None = None
    value_source: str | None = None
    id: str | None = None


class DateSpec(Item):
    """When a moment fits: `hours=9-17` and the like in `values`."""

    values: dict[str, str] = VALUES
    id: str | None = None


class Duration(Item):
    """How long a range is: `hours=4` and the like in `values`."""

    values: dict[str, str] = VALUES
    id: str | None = None


class DateExpression(Item):
    """A condition on the time: operation is lt, gt, in_range or date_spec."""

    operation: str
    start: str | None = None
    end: str | None = None
    id: str | None = None
    children: list[DateSpec | Duration] = PARTS


class RscExpression(Item):
    """A condition on the agent of a resource, in rsc_defaults and op_defaults."""

    class_: str | None = None
    provider: str | None = None
    type: str | None = None
    id: str | None = None


class OpExpression(Item):
    """A condition on an operation, in op_defaults."""

    name: str
    interval: str | None = None
    id: str | None = None


class Rule(Item):
    """A rule: expressions that are joined by `boolean_op` (and, where it is absent)."""

    id: str | None = None
    id_ref: str | None = None
    boolean_op: str | None = None
    role: str | None = None
    score: str | None = None
    score_attribute: str | None = None
    children: list[Expression | DateExpression | RscExpression | OpExpression | Rule] = PARTS
