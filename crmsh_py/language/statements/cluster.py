"""Nodes, options, fencing levels, tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language.statements.item import PARTS, Item, Statement

if TYPE_CHECKING:
    from crmsh_py.language.statements.attributes import AttributeSet, NVPair
    from crmsh_py.language.statements.resources import Member
    from crmsh_py.language.statements.rules import Rule


class Node(Statement):
    """A cluster node: `uname` is its name, `type` member, remote or ping."""

    id: str | None
    uname: str
    type: str | None = None
    description: str | None = None
    score: str | None = None
    children: list[AttributeSet] = PARTS


class Property(Statement):
    """A set of cluster options."""

    id: str | None = None
    id_ref: str | None = None
    score: str | None = None
    children: list[Rule | NVPair] = PARTS


class RscDefaults(Statement):
    """A set of defaults of resources' meta attributes."""

    id: str | None = None
    id_ref: str | None = None
    score: str | None = None
    children: list[Rule | NVPair] = PARTS


class OpDefaults(Statement):
    """A set of defaults of operations' attributes."""

    id: str | None = None
    id_ref: str | None = None
    score: str | None = None
    children: list[Rule | NVPair] = PARTS


class FencingLevel(Item):
    """Devices that fence a target together; the levels of a target are tried by `index`."""

    devices: str
    index: str | None = None
    target: str | None = None
    target_pattern: str | None = None
    target_attribute: str | None = None
    target_value: str | None = None
    id: str | None = None


class FencingTopology(Statement):
    """All fencing levels; there is one of it."""

    children: list[FencingLevel] = PARTS
    id: str | None = None


class Tag(Statement):
    """A name for several objects."""

    id: str | None
    children: list[Member] = PARTS


OptionSet = Property | RscDefaults | OpDefaults
