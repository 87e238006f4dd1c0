"""Sets of attributes, and operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language.statements.item import PARTS, VALUES, Item

if TYPE_CHECKING:
    from crmsh_py.language.statements.rules import Rule


class NVPair(Item):
    """A name with a value, or a reference to one."""

    name: str | None = None
    value: str | None = None
    id: str | None = None
    id_ref: str | None = None


class AttributeSet(Item):
    """A set of attributes; `kind` is instance_attributes, meta_attributes or utilization."""

    kind: str
    id: str | None = None
    id_ref: str | None = None
    score: str | None = None
    children: list[Rule | NVPair] = PARTS


class Op(Item):
    """An operation; `values` has name, interval, timeout and the rest."""

    values: dict[str, str] = VALUES
    id: str | None = None
    children: list[AttributeSet] = PARTS


class Operations(Item):
    """The operations of a resource."""

    id: str | None = None
    id_ref: str | None = None
    children: list[Op] = PARTS
