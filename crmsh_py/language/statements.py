"""What the language can say: a dataclass for each kind of statement and for each part of one.

The fields are the attributes of the CIB with `_` for `-` (and `class_` for `class`), all of them text exactly as the CIB
holds it, None where the attribute is absent. `children` are the parts in the order in which they stand. `values` holds
attributes where the schema has many of one sort. Nothing here knows text or XML: `writer` prints statements, `parser`
reads them, `cib.mapping` turns them into elements and back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import dataclass_transform

    from crmsh_py.language.words import Comment
    from crmsh_py.problems import Place
else:
    # fifty dataclasses cost a fifth of the time of a one-shot `show`: this base class costs nothing
    def dataclass_transform(**_):
        return lambda cls: cls


@dataclass_transform(eq_default=False)
class Item:
    """A statement or a part of one.

    comments: what stands before it; `trailing`: comments after its last child; `place`: where it was read, if it was.
    A place does not count for equality.
    """

    comments: ClassVar[tuple[Comment, ...]] = ()
    trailing: ClassVar[tuple[Comment, ...]] = ()
    place: ClassVar[Place | None] = None
    fields_: ClassVar[tuple[str, ...]] = ()
    containers_: ClassVar[tuple[tuple[str, type], ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.fields_ = tuple(cls.__dict__.get("__annotations__", ()))
        cls.containers_ = tuple(
            (name, type(cls.__dict__[name])) for name in cls.fields_ if isinstance(cls.__dict__.get(name), (list, dict))
        )

    if not TYPE_CHECKING:

        def __init__(self, *given, **named):
            state = self.__dict__
            state.update(zip(self.fields_, given))
            state.update(named)
            for name, kind in self.containers_:
                if name not in state:
                    state[name] = kind()

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return state(self) == state(other)

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in state(self).items() if value)
        return f"{type(self).__name__}({said})"

    __hash__ = None  # type: ignore[assignment]


def state(item: Item) -> dict[str, Any]:
    """All that an item says: its fields, and its comments where it has some."""
    said = {name: getattr(item, name, None) for name in item.fields_}
    said.update({name: getattr(item, name) for name in ("comments", "trailing") if getattr(item, name)})
    return said


class Statement(Item):
    """One object of the configuration, or a set of options; its field `id` names it (None where it has none)."""


# ------------------------------------------------------------------------------------------ rules


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

    values: dict[str, str] = {}
    id: str | None = None


class Duration(Item):
    """How long a range is: `hours=4` and the like in `values`."""

    values: dict[str, str] = {}
    id: str | None = None


class DateExpression(Item):
    """A condition on the time: operation is lt, gt, in_range or date_spec."""

    operation: str
    start: str | None = None
    end: str | None = None
    id: str | None = None
    children: list[DateSpec | Duration] = []


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
    children: list[Expression | DateExpression | RscExpression | OpExpression | Rule] = []


# ---------------------------------------------------------------------------- attributes, operations


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
    children: list[Rule | NVPair] = []


class Op(Item):
    """An operation; `values` has name, interval, timeout and the rest."""

    values: dict[str, str] = {}
    id: str | None = None
    children: list[AttributeSet] = []


class Operations(Item):
    """The operations of a resource."""

    id: str | None = None
    id_ref: str | None = None
    children: list[Op] = []


# --------------------------------------------------------------------------------------- references


class Member(Item):
    """A resource, by its id, where it stands in a group, a clone, a bundle, a resource set or a tag."""

    id: str


class RoleRef(Item):
    """An ACL role, by its id."""

    id: str


class ResourceSet(Item):
    """Resources of a constraint; `values` has sequential, require-all, ordering, action, role, score and kind."""

    id: str | None = None
    id_ref: str | None = None
    values: dict[str, str] = {}
    children: list[Member] = []


class Lifetime(Item):
    """Rules that say when a constraint counts."""

    children: list[Rule] = []


# ---------------------------------------------------------------------------------------- resources


class Node(Statement):
    """A cluster node: `uname` is its name, `type` member, remote or ping."""

    id: str | None
    uname: str
    type: str | None = None
    description: str | None = None
    score: str | None = None
    children: list[AttributeSet] = []


class Primitive(Statement):
    """A resource, of an agent or of a template."""

    id: str | None
    class_: str | None = None
    provider: str | None = None
    type: str | None = None
    template: str | None = None
    description: str | None = None
    children: list[AttributeSet | Operations] = []


class RscTemplate(Statement):
    """What several primitives have in common."""

    id: str | None
    class_: str | None = None
    provider: str | None = None
    type: str | None = None
    description: str | None = None
    children: list[AttributeSet | Operations] = []


class Group(Statement):
    """Primitives that run together and start in their order."""

    id: str | None
    description: str | None = None
    children: list[Member | AttributeSet] = []


class Clone(Statement):
    """A resource that runs in several places; `kind` is clone, or master in old configurations."""

    id: str | None
    kind: str = "clone"
    description: str | None = None
    children: list[Member | AttributeSet] = []


class Mapping(Item):
    """A port-mapping or storage-mapping of a bundle."""

    kind: str
    values: dict[str, str] = {}
    id: str | None = None


class BundlePart(Item):
    """The docker, podman, rkt, network or storage part of a bundle."""

    kind: str
    values: dict[str, str] = {}
    children: list[Mapping] = []


class Bundle(Statement):
    """A container image, and the primitive that runs inside."""

    id: str | None
    description: str | None = None
    children: list[BundlePart | Member | AttributeSet] = []


# -------------------------------------------------------------------------------------- constraints


class Location(Statement):
    """Where a resource may run."""

    id: str | None
    rsc: str | None = None
    rsc_pattern: str | None = None
    node: str | None = None
    score: str | None = None
    role: str | None = None
    resource_discovery: str | None = None
    children: list[ResourceSet | Rule | Lifetime] = []


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
    children: list[ResourceSet | Lifetime] = []


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
    children: list[ResourceSet | Lifetime] = []


class RscTicket(Statement):
    """Which resources need a ticket of a multi-site cluster."""

    id: str | None
    ticket: str
    loss_policy: str | None = None
    rsc: str | None = None
    rsc_role: str | None = None
    children: list[ResourceSet] = []


# ------------------------------------------------------------------------------------- the cluster


class Property(Statement):
    """A set of cluster options."""

    id: str | None = None
    id_ref: str | None = None
    score: str | None = None
    children: list[Rule | NVPair] = []


class RscDefaults(Statement):
    """A set of defaults of resources' meta attributes."""

    id: str | None = None
    id_ref: str | None = None
    score: str | None = None
    children: list[Rule | NVPair] = []


class OpDefaults(Statement):
    """A set of defaults of operations' attributes."""

    id: str | None = None
    id_ref: str | None = None
    score: str | None = None
    children: list[Rule | NVPair] = []


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

    children: list[FencingLevel] = []
    id: str | None = None


class Tag(Statement):
    """A name for several objects."""

    id: str | None
    children: list[Member] = []


# -------------------------------------------------------------------------------- access, alerts


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
    children: list[Permission] = []


class AclTarget(Statement):
    """The roles of a user; `name` is the user's where it is not the id."""

    id: str | None
    name: str | None = None
    children: list[RoleRef] = []


class AclGroup(Statement):
    """The roles of a system group."""

    id: str | None
    name: str | None = None
    children: list[RoleRef] = []


class User(Statement):
    """The rights of a user up to schema 1.x."""

    id: str | None
    children: list[RoleRef | Permission] = []


class SelectAttribute(Item):
    """A node attribute whose changes an alert wants."""

    name: str
    id: str | None = None


class SelectKind(Item):
    """A kind of event that an alert wants: nodes, fencing, resources or attributes."""

    kind: str
    children: list[SelectAttribute] = []


class Select(Item):
    """The events that an alert wants."""

    children: list[SelectKind] = []


class Recipient(Item):
    """Who gets an alert."""

    value: str
    id: str | None = None
    description: str | None = None
    children: list[AttributeSet] = []


class Alert(Statement):
    """A program that is called when something happens."""

    id: str | None
    path: str
    description: str | None = None
    children: list[Select | AttributeSet | Recipient] = []


# ------------------------------------------------------------------------------------------- others


class Monitor(Statement):
    """`monitor`: a monitor operation to be added to a resource; intervals and timeouts as typed."""

    id: str | None
    role: str | None
    interval: str
    timeout: str | None = None


class Xml(Statement):
    """`xml`: an element as XML text."""

    text: str
    id: str | None = None


class Remark(Statement):
    """Comments that no object follows; `comments` holds them."""

    id: str | None = None


OptionSet = Union[Property, RscDefaults, OpDefaults]


def parts(item: Item) -> Iterator[Item]:
    """The item and everything in it, outside first."""
    yield item
    for child in getattr(item, "children", ()):
        yield from parts(child)
