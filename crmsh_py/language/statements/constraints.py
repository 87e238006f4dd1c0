"""Constraints and resource sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language.statements.item import PARTS, VALUES, Item, Statement

if TYPE_CHECKING:
    from crmsh_py.language.statements.resources import Member
    from crmsh_py.language.statements.rules import Rule


class ResourceSet(Item):
    """Resources of a constraint; `values` has sequential, require-all, ordering, action, role, score and kind."""

    id: str | None = None
    id_ref: str | None = None
    values: dict[str, str] = VALUES
    children: list[Member] = PARTS


class Lifetime(Item):
    """Rules that say when a constraint counts."""

    children: list[Rule] = PARTS


class Location(Statement):
    """Where a resource may run."""

    id: str | None
    rsc: str | None = None
    rsc_pattern: str | None = None
    node: str | None = None
    score: str | None = None
    role: str | None = None
    resource_discovery: str | None = None
    children: list[ResourceSet | Rule | Lifetime] = PARTS


class Colocation(Statement):
    """Which resources run on one node."""

    id: str | None
    score: str | None = None
    score_attribute: str | None = None
    score_attribute_mangle: str | None = None
    rsc: str | None = None
    with_rsc: str | None = None
    node_attribute: str | None = None
    rsc_role: str | None = None
    with_rsc_role: str | None = None
    influence: str | None = None
    children: list[ResourceSet | Lifetime] = PARTS


class Order(Statement):
    """Which action comes before which."""

    id: str | None
    kind: str | None = None
    score: str | None = None
    first: str | None = None
    then: str | None = None
    first_action: str | None = None
    then_action: str | None = None
    symmetrical: str | None = None
    require_all: str | None = None
    children: list[ResourceSet | Lifetime] = PARTS


class RscTicket(Statement):
    """Which resources need a ticket of a multi-site cluster."""

    id: str | None
    ticket: str
    loss_policy: str | None = None
    rsc: str | None = None
    rsc_role: str | None = None
    children: list[ResourceSet] = PARTS
