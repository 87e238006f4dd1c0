"""Access control and alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language.statements.item import PARTS, Item, Statement

if TYPE_CHECKING:
    from crmsh_py.language.statements.attributes import AttributeSet


class RoleRef(Item):
    """An ACL role, by its id."""

    id: str


class Permission(Item):
    """A right; up to schema 1.x `tag`, `ref` and `attribute` together."""

    kind: str
    id: str | None = None
    xpath: str | None = None
    reference: str | None = None
    object_type: str | None = None
    attribute: str | None = None
    description: str | None = None


class Role(Statement):
    """Rights under a name."""

    id: str | None
    description: str | None = None
    children: list[Permission] = PARTS


class AclTarget(Statement):
    """The roles of a user; `name` is the user's where it is not the id."""

    id: str | None
    name: str | None = None
    children: list[RoleRef] = PARTS


class AclGroup(Statement):
    """The roles of a system group."""

    id: str | None
    name: str | None = None
    children: list[RoleRef] = PARTS


class User(Statement):
    """The rights of a user up to schema 1.x."""

    id: str | None
    children: list[RoleRef | Permission] = PARTS


class SelectAttribute(Item):
    """A node attribute whose changes an alert wants."""

    name: str
    id: str | None = None


class SelectKind(Item):
    """A kind of event that an alert wants: nodes, fencing, resources or attributes."""

    kind: str
    children: list[SelectAttribute] = PARTS


class Select(Item):
    """The events that an alert wants."""

    children: list[SelectKind] = PARTS


class Recipient(Item):
    """Who gets an alert."""

    value: str
    id: str | None = None
    description: str | None = None
    children: list[AttributeSet] = PARTS


class Alert(Statement):
    """A program that is called when something happens."""

    id: str | None
    path: str
    description: str | None = None
    children: list[Select | AttributeSet | Recipient] = PARTS
