"""Nodes aside, what the cluster runs: resources, their templates and containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language.statements.item import PARTS, VALUES, Item, Statement

if TYPE_CHECKING:
    from crmsh_py.language.statements.attributes import AttributeSet, Operations


class Member(Item):
    """A resource, by its id, where it stands in a group, a clone, a bundle, a resource set or a tag."""

    id: str


class Primitive(Statement):
    """A resource, of an agent or of a template."""

    id: str | None
    class_: str | None = None
    provider: str | None = None
    type: str | None = None
    template: str | None = None
    description: str | None = None
    children: list[AttributeSet | Operations] = PARTS


class RscTemplate(Statement):
    """What several primitives have in common."""

    id: str | None
    class_: str | None = None
    provider: str | None = None
    type: str | None = None
    description: str | None = None
    children: list[AttributeSet | Operations] = PARTS


class Group(Statement):
    """Primitives that run together and start in their order."""

    id: str | None
    description: str | None = None
    children: list[Member | AttributeSet] = PARTS


class Clone(Statement):
    """A resource that runs in several places; `kind` is clone, or master in old configurations."""

    id: str | None
    kind: str = "clone"
    description: str | None = None
    children: list[Member | AttributeSet] = PARTS


class Mapping(Item):
    """A port-mapping or storage-mapping of a bundle."""

    kind: str
    values: dict[str, str] = VALUES
    id: str | None = None


class BundlePart(Item):
    """The docker, podman, rkt, network or storage part of a bundle."""

    kind: str
    values: dict[str, str] = VALUES
    children: list[Mapping] = PARTS


class Bundle(Statement):
    """A container image, and the primitive that runs inside."""

    id: str | None
    description: str | None = None
    children: list[BundlePart | Member | AttributeSet] = PARTS
