"""What constraints are made of; `sets` puts their resource sets together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import statements as st
from crmsh_py.language.builder import sets
from crmsh_py.language.builder.filling import Child, Said, fill, flat, item, syntax_error
from crmsh_py.language.builder.leaves import score_of
from crmsh_py.language.lexemes import Lexeme

if TYPE_CHECKING:
    from crmsh_py.language.builder import Builder
    from crmsh_py.language.builder.filling import Rules


def location_target(builder: Builder, children: list[Child]) -> list[Child]:
    """A resource, a pattern between slashes, or resource sets in braces."""
    if len(children) > 1:
        return list(sets.resource_sets(children[1:-1], "role", builder))
    lexeme = children[0]
    if not lexeme.value.startswith("/"):
        return [Said("rsc", lexeme.value, lexeme)]
    is_empty = lexeme.value == "//" and lexeme.word.is_bare
    if is_empty or lexeme.value == "/" or not lexeme.value.endswith("/"):
        raise syntax_error("expected a pattern between slashes", lexeme.place)
    return [Said("rsc_pattern", lexeme.value[1:-1], lexeme)]


def location(_: Builder, children: list[Child]) -> st.Location:
    """Where a resource may run."""
    return fill(st.Location(None), flat(children))


def colocation(builder: Builder, children: list[Child]) -> st.Colocation:
    """Two resources, or resource sets."""
    rest, said = sets.split(children)
    pair = sets.simple_pair(rest, "role", builder)
    if pair is None:
        said += sets.resource_sets(rest, "role", builder)
    constraint = fill(st.Colocation(None), said)
    if pair:
        (constraint.rsc, constraint.rsc_role), (constraint.with_rsc, constraint.with_rsc_role) = pair
    return constraint


def order(builder: Builder, children: list[Child]) -> st.Order:
    """Two resources with their actions, or resource sets."""
    rest, said = sets.split(children)
    pair = sets.simple_pair(rest, "action", builder)
    if pair is None:
        _check_kind(builder, rest)
        said += sets.resource_sets(rest, "action", builder)
    constraint = fill(st.Order(None), said)
    if pair:
        (constraint.first, constraint.first_action), (constraint.then, constraint.then_action) = pair
    return constraint


def _check_kind(builder: Builder, parts: list[Child]) -> None:
    """Two resources with `kind=` behind them are no set but a kind at the wrong place, unless the set has an id."""
    options = [part for part in parts if isinstance(part, sets.Option)]
    is_pair = len(parts) - len(options) == 2 and all(isinstance(part, (Lexeme, sets.Option)) for part in parts)
    for option in options:
        if is_pair and option.name == "kind" and not builder.exact:
            hint = f"{option.value}: behind the id of the order"
            raise syntax_error("the kind stands before the resources", option.lexeme.place, hint)


def rsc_ticket(builder: Builder, children: list[Child]) -> st.RscTicket:
    """A resource, or resource sets."""
    rest, said = sets.split(children)
    single = rest[0] if len(rest) == 1 and isinstance(rest[0], Lexeme) else None
    if single is None:
        said += sets.resource_sets(rest, "role", builder)
    constraint = fill(st.RscTicket(None, ""), said)
    if single is not None:
        constraint.rsc, constraint.rsc_role = sets.member(single, "role", builder)
    return constraint


def bracket(_: Builder, children: list[Child]) -> sets.Bracket:
    """`( a b )` or `[ a b ]`."""
    return sets.Bracket(children[0], children[1:-1])


def set_option(builder: Builder, children: list[Child]) -> sets.Option:
    """`sequential=false` and the like."""
    key = children[0].keyword.rstrip("=")
    value = children[1]
    if isinstance(value, Said):
        return sets.Option(key, value.value, value.lexeme)
    builder.check(key.replace("-", "_"), value)
    return sets.Option(key, score_of(value.value) if key == "score" else value.value, value)


RULES: Rules = {
    "location_target": location_target,
    "location": location,
    "colocation": colocation,
    "order": order,
    "rsc_ticket": rsc_ticket,
    "lifetime": item(st.Lifetime),
    "bracket": bracket,
    "set_option": set_option,
}
