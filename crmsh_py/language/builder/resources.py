"""What resources, attribute sets and operations are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from crmsh_py.language import statements as st
from crmsh_py.language.allowed import OP_ATTRIBUTES, ROLES
from crmsh_py.language.builder.filling import Child, Setting, fill, flat, item, noted, syntax_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsh_py.language.builder import Builder
    from crmsh_py.language.builder.filling import Rules
    from crmsh_py.language.lexemes import Lexeme

ResourceT = TypeVar("ResourceT", st.Primitive, st.RscTemplate)


class Placed(NamedTuple):
    """A member that a keyword puts where it stands."""

    member: st.Member


# ---- attribute sets


def nvpair(_: Builder, children: list[Lexeme]) -> st.NVPair:
    """A name with a value or without, with the pair's id or a reference to it."""
    pair = st.NVPair()
    for lexeme in children:
        if lexeme.type == "NVID":
            pair.id = lexeme.value
        elif lexeme.type == "VALUE":
            pair.value = lexeme.value
        elif lexeme.type in ("REF", "NREF"):
            pair.id_ref = lexeme.value
        else:
            pair.name = lexeme.value
            if lexeme.type == "NVSELF":
                pair.id = lexeme.value
    return noted(pair, children[0])


instance_attributes = item(lambda: st.AttributeSet("instance_attributes"))
meta_attributes = item(lambda: st.AttributeSet("meta_attributes"))
utilization = item(lambda: st.AttributeSet("utilization"))


# ---- primitives and templates


def primitive(_: Builder, children: list[Child]) -> st.Primitive:
    """A primitive of an agent or of a template."""
    return _resource(st.Primitive(None), flat(children))


def rsc_template(_: Builder, children: list[Child]) -> st.RscTemplate:
    """A template."""
    return _resource(st.RscTemplate(None), flat(children))


def _resource(resource: ResourceT, children: Sequence[Child]) -> ResourceT:
    """All `op` belong to the one `operations`, which stands where the first of them does."""
    gathered: list[Child] = []
    operations: st.Operations | None = None
    for child in children:
        if isinstance(child, st.Op):
            if operations is None:
                operations = st.Operations()
                gathered.append(operations)
            operations.children.append(child)
        elif isinstance(child, st.Operations) and operations is not None:
            last = [other for other in children if isinstance(other, st.Operations)][-1]
            raise syntax_error("operations come before the first op, once", last.place)
        else:
            operations = child if isinstance(child, st.Operations) else operations
            gathered.append(child)
    return fill(resource, gathered)


def setting(_: Builder, children: list[Lexeme]) -> Setting:
    """`name=value` where it is no attribute of a set."""
    return Setting(children[0].value, children[1].value)


def op(builder: Builder, children: list[Child]) -> st.Op:
    """An operation; typed, what the schema does not know as an attribute of it is a parameter."""
    op = st.Op({"name": children[1].value})
    params = st.AttributeSet("instance_attributes")
    for child in children[2:]:
        if not isinstance(child, Setting):
            continue
        if builder.exact or child.name in OP_ATTRIBUTES:
            if params.children:
                text = f"{child.name}= is an attribute of op and comes before its parameters"
                raise syntax_error(text, children[0].place)
            is_role = child.name == "role" and not builder.exact and child.value.capitalize() in ROLES
            op.values[child.name] = child.value.capitalize() if is_role else child.value
        elif child.name == "id":
            op.id = child.value
        else:
            params.children.append(st.NVPair(child.name, child.value))
    if params.children:
        op.children.append(params)
    return fill(op, children)


# ---- containers


def placed_child(_: Builder, children: list[Child]) -> Placed:
    """`primitive id` or `group id` among attribute sets."""
    return Placed(noted(children[-1], children[0]))


def group(_: Builder, children: list[Child]) -> st.Group:
    """A group."""
    return fill(st.Group(None), _members_last(children))


def clone(_: Builder, children: list[Child]) -> st.Clone:
    """`clone`, or `ms` and `master` of old schemas."""
    kind = "clone" if children[0].keyword == "clone" else "master"
    return fill(st.Clone(None, kind), _members_last(children))


def _members_last(children: list[Child]) -> list[Child]:
    """The members named at the head stand behind the attribute sets, those placed by keyword where they are."""
    named = [child for child in children if isinstance(child, st.Member)]
    rest = [child for child in children if not isinstance(child, st.Member)]
    return [child.member if isinstance(child, Placed) else child for child in rest] + named


def bundle(_: Builder, children: list[Child]) -> st.Bundle:
    """A bundle."""
    return fill(st.Bundle(None), _members_last(children))


def bundle_part(_: Builder, children: list[Child]) -> st.BundlePart:
    """The container, the network or the storage of a bundle."""
    return fill(st.BundlePart(children[0].keyword, _values(children)), children)


def mapping(_: Builder, children: list[Child]) -> st.Mapping:
    """A port or storage mapping; its `id=` is the same as `$id=`."""
    values = _values(children)
    id_ = values.pop("id", None)
    return fill(st.Mapping(children[0].keyword, values, id_), children)


def _values(children: list[Child]) -> dict[str, str]:
    return {child.name: child.value for child in children if isinstance(child, Setting)}


RULES: Rules = {
    "nvpair": nvpair,
    "instance_attributes": instance_attributes,
    "implied_params": instance_attributes,
    "op_params": instance_attributes,
    "meta_attributes": meta_attributes,
    "op_meta": meta_attributes,
    "utilization": utilization,
    "primitive": primitive,
    "rsc_template": rsc_template,
    "operations": item(st.Operations),
    "setting": setting,
    "op": op,
    "placed_child": placed_child,
    "group": group,
    "clone": clone,
    "bundle": bundle,
    "bundle_part": bundle_part,
    "mapping": mapping,
}
