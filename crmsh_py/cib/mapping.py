"""Statements <-> elements, by table.

SHAPES says for each class which element it is, which attributes it has beside its fields and which children. Reading is
strict: what the table does not know cannot be said in the language, and `Unsayable` is raised instead of losing it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from crmsh_py.errors import CrmError
from crmsh_py.language import statements as st
from crmsh_py.language.words import SECTION_COMMENT, Comment

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class Unsayable(Exception):
    """An element holds what the language cannot say; it is shown as XML."""


class Shape(NamedTuple):
    """How a class is written in XML.

    tag: the element, "" where the field `kind` names it. prefix: what the element has before the kind.
    attributes: XML name -> field. values: names kept in the field `values`, None for any.
    children: tag -> class. required: fields without which an element cannot be said.
    """

    tag: str
    attributes: dict[str, str]
    children: dict[str, type[st.Item]]
    values: frozenset[str] | None = frozenset()
    prefix: str = ""
    required: tuple[str, ...] = ()


class Kind(NamedTuple):
    """Where objects of a statement stand: `section`, and `tag` for each class."""

    section: str
    tag: str


DATE_VALUES = frozenset(
    "seconds minutes hours days monthdays weekdays yeardays yearsdays weeks months years weekyears moon".split()
)
OP_VALUES = frozenset(
    "name description interval start-delay interval-origin timeout enabled record-pending role requires on-fail".split()
)
SET_VALUES = frozenset("sequential require-all ordering action role score kind".split())
_RENAMED = {"class_": "class", "children": "", "values": ""}
_RULES: dict[str, type[st.Item]] = {
    "expression": st.Expression,
    "date_expression": st.DateExpression,
    "rsc_expression": st.RscExpression,
    "op_expression": st.OpExpression,
    "rule": st.Rule,
}
_PAIRS: dict[str, type[st.Item]] = {"rule": st.Rule, "nvpair": st.NVPair}
_PARAMS_META: dict[str, type[st.Item]] = {"instance_attributes": st.AttributeSet, "meta_attributes": st.AttributeSet}
_UTILIZATION: dict[str, type[st.Item]] = {"utilization": st.AttributeSet}
_RESOURCE = _PARAMS_META | _UTILIZATION | {"operations": st.Operations}
_SETS: dict[str, type[st.Item]] = {"resource_set": st.ResourceSet, "lifetime": st.Lifetime}
_OLD_RIGHTS: dict[str, type[st.Item]] = dict.fromkeys(("read", "write", "deny"), st.Permission)


def _shape(
    cls: type[st.Item],
    tag: str,
    children: dict[str, type[st.Item]] | None = None,
    *,
    values: frozenset[str] | None = frozenset(),
    prefix: str = "",
    required: str = "",
) -> tuple[type[st.Item], Shape]:
    attributes = {_RENAMED.get(name, name.replace("_", "-")): name for name in cls.fields_}
    attributes.pop("", None)
    if not tag:
        attributes.pop("kind", None)
    return cls, Shape(tag, attributes, children or {}, values, prefix, tuple(required.split()))


SHAPES: dict[type[st.Item], Shape] = dict(
    (
        _shape(st.NVPair, "nvpair"),
        _shape(st.Expression, "expression", required="attribute operation"),
        _shape(st.DateSpec, "date_spec", values=DATE_VALUES),
        _shape(st.Duration, "duration", values=DATE_VALUES),
        _shape(
            st.DateExpression,
            "date_expression",
            {"date_spec": st.DateSpec, "duration": st.Duration},
            required="operation",
        ),
        _shape(st.RscExpression, "rsc_expression"),
        _shape(st.OpExpression, "op_expression", required="name"),
        _shape(st.Rule, "rule", _RULES),
        _shape(st.AttributeSet, "", _PAIRS),
        _shape(st.Op, "op", _PARAMS_META, values=OP_VALUES),
        _shape(st.Operations, "operations", {"op": st.Op}),
        _shape(st.ResourceSet, "resource_set", {"resource_ref": st.Member}, values=SET_VALUES),
        _shape(st.Lifetime, "lifetime", {"rule": st.Rule}),
        _shape(st.Member, "", required="id"),
        _shape(st.RoleRef, "", required="id"),
        _shape(st.Node, "node", {"instance_attributes": st.AttributeSet, **_UTILIZATION}, required="id uname"),
        _shape(st.Primitive, "primitive", _RESOURCE, required="id"),
        _shape(st.RscTemplate, "template", _RESOURCE, required="id class_ type"),
        _shape(st.Group, "group", _PARAMS_META | {"primitive": st.Member}, required="id"),
        _shape(st.Clone, "", _PARAMS_META | {"primitive": st.Member, "group": st.Member}, required="id"),
        _shape(st.Mapping, "", values=None),
        _shape(
            st.BundlePart, "", {"port-mapping": st.Mapping, "storage-mapping": st.Mapping}, values=None
        ),
        _shape(
            st.Bundle,
            "bundle",
            _PARAMS_META
            | {"primitive": st.Member}
            | dict.fromkeys(("docker", "podman", "rkt", "network", "storage"), st.BundlePart),
            required="id",
        ),
        _shape(st.Location, "rsc_location", _SETS | {"rule": st.Rule}, required="id"),
        _shape(st.Colocation, "rsc_colocation", _SETS, required="id"),
        _shape(st.Order, "rsc_order", _SETS, required="id"),
        _shape(st.RscTicket, "rsc_ticket", {"resource_set": st.ResourceSet}, required="id ticket"),
        _shape(st.Property, "cluster_property_set", _PAIRS),
        _shape(st.RscDefaults, "meta_attributes", _PAIRS),
        _shape(st.OpDefaults, "meta_attributes", _PAIRS),
        _shape(st.FencingLevel, "fencing-level", required="id devices"),
        _shape(st.FencingTopology, "fencing-topology", {"fencing-level": st.FencingLevel}),
        _shape(st.Tag, "tag", {"obj_ref": st.Member}, required="id"),
        _shape(st.Permission, "", required="kind"),
        _shape(st.Role, "acl_role", {"acl_permission": st.Permission, **_OLD_RIGHTS}, required="id"),
        _shape(st.AclTarget, "acl_target", {"role": st.RoleRef}, required="id"),
        _shape(st.AclGroup, "acl_group", {"role": st.RoleRef}, required="id"),
        _shape(st.User, "acl_user", {"role_ref": st.RoleRef, **_OLD_RIGHTS}, required="id"),
        _shape(st.SelectAttribute, "attribute", required="name"),
        _shape(st.SelectKind, "", {"attribute": st.SelectAttribute}, prefix="select_"),
        _shape(
            st.Select,
            "select",
            dict.fromkeys(("select_nodes", "select_fencing", "select_resources", "select_attributes"), st.SelectKind),
        ),
        _shape(st.Recipient, "recipient", _PARAMS_META, required="value"),
        _shape(
            st.Alert, "alert", _PARAMS_META | {"select": st.Select, "recipient": st.Recipient}, required="id path"
        ),
    )
)

KINDS: dict[type[st.Statement], Kind] = {
    st.Node: Kind("nodes", "node"),
    st.RscTemplate: Kind("resources", "template"),
    st.Primitive: Kind("resources", "primitive"),
    st.Bundle: Kind("resources", "bundle"),
    st.Group: Kind("resources", "group"),
    st.Clone: Kind("resources", "clone"),
    st.Tag: Kind("tags", "tag"),
    st.Location: Kind("constraints", "rsc_location"),
    st.Colocation: Kind("constraints", "rsc_colocation"),
    st.Order: Kind("constraints", "rsc_order"),
    st.FencingTopology: Kind("fencing-topology", "fencing-topology"),
    st.RscTicket: Kind("constraints", "rsc_ticket"),
    st.Property: Kind("crm_config", "cluster_property_set"),
    st.RscDefaults: Kind("rsc_defaults", "meta_attributes"),
    st.OpDefaults: Kind("op_defaults", "meta_attributes"),
    st.Role: Kind("acls", "acl_role"),
    st.User: Kind("acls", "acl_user"),
    st.AclTarget: Kind("acls", "acl_target"),
    st.AclGroup: Kind("acls", "acl_group"),
    st.Alert: Kind("alerts", "alert"),
}
# (section, tag) -> class; a master is a clone of old schemas
CLASSES: dict[tuple[str, str], type[st.Statement]] = {tuple(kind): cls for cls, kind in KINDS.items()}
CLASSES["resources", "master"] = st.Clone

# acls-2.0.rng came with pacemaker-1.3
OLD_ACL_SCHEMAS = ("pacemaker-1.0", "pacemaker-1.1", "pacemaker-1.2")
_NESTED = frozenset(("primitive", "group"))
# permissions of schema 1.x: element names are rights, attributes have other names
_OLD_PERMISSION = {"id": "id", "tag": "object_type", "ref": "reference", "xpath": "xpath", "attribute": "attribute"}


def read(el: Element, cls: type[st.Statement]) -> st.Statement:
    """The statement that an object of the CIB says. Raises Unsayable."""
    statement: Any = _read(el, cls)
    first = statement.children[0] if statement.children else None
    leading = first.comments if first is not None else statement.trailing
    count = 0
    while count < len(leading) and is_plain(leading[count]):
        count += 1
    if count:
        statement.comments = leading[:count]
        if first is not None:
            first.comments = leading[count:]
        else:
            statement.trailing = leading[count:]
    return statement  # type: ignore[no-any-return]


def is_plain(comment: Comment) -> bool:
    """Whether a comment can be written as a line that begins with #, as it stands."""
    text = comment.text
    return text.startswith("#") and "\n" not in text and text == text.rstrip(" \t\r") and not SECTION_COMMENT.match(text)


def _read(el: Element, cls: type[st.Item]) -> Any:
    shape = SHAPES[cls]
    item = cls()
    state = item.__dict__
    if "kind" in cls.fields_ and not shape.tag:
        state["kind"] = None if el.tag == "acl_permission" else el.tag[len(shape.prefix) :]
    _read_attributes(el, _attribute_names(el, cls, shape), shape, state)
    if len(el):
        _read_children(el, shape, item)
    if el.text and not el.text.isspace():
        raise Unsayable(f"{el.tag} has text")
    for name in shape.required:
        if state.get(name) is None:
            raise Unsayable(f"{el.tag} has no {name}")
    return item


def _attribute_names(el: Element, cls: type[st.Item], shape: Shape) -> dict[str, str]:
    if cls is not st.Permission:
        return shape.attributes
    return _OLD_PERMISSION if el.tag != "acl_permission" else {"kind": "kind", **shape.attributes}


def _read_attributes(el: Element, names: dict[str, str], shape: Shape, state: dict[str, Any]) -> None:
    for name, value in el.attrib.items():
        field = names.get(name)
        if field:
            state[field] = value
        elif shape.values is None or name in shape.values:
            state["values"][name] = value
        else:
            raise Unsayable(f"{el.tag} has an attribute {name}")


def _read_children(el: Element, shape: Shape, item: Any) -> None:
    pending: list[Comment] = []
    for child in el:
        if child.tag is etree.Comment:
            pending.append(Comment(child.text or ""))
        else:
            cls = shape.children.get(child.tag)
            if cls is None:
                raise Unsayable(f"{el.tag} has a child {child.tag}")
            # a resource inside another is an object of its own
            part = st.Member(child.get("id") or "") if child.tag in _NESTED else _read(child, cls)
            if pending:
                part.comments, pending = tuple(pending), []
            item.children.append(part)
        if child.tail and not child.tail.isspace():
            raise Unsayable(f"{el.tag} has text")
    if pending:
        item.trailing = tuple(pending)


# ------------------------------------------------------------------------------------------- write


def build(item: Any, tag: str, schema: str) -> Element:
    """The element that an item says; resources inside others are `resource_ref`-like place holders named `member`.

    Raises CrmError where a name cannot be one of XML.
    """
    shape = SHAPES[type(item)]
    el = etree.Element(tag)
    try:
        for xml_name, field in _written_names(item, tag, shape).items():
            value = getattr(item, field)
            if value is not None:
                el.set(xml_name, value)
        for name, value in getattr(item, "values", {}).items():
            el.set(name, value)
    except ValueError as error:
        raise CrmError(f"{tag}: {error}") from error
    for child in getattr(item, "children", ()):
        _append_comments(el, child.comments)
        el.append(build(child, _child_tag(item, child, schema), schema))
    _append_comments(el, item.trailing)
    return el


def _written_names(item: Any, tag: str, shape: Shape) -> dict[str, str]:
    if not isinstance(item, st.Permission):
        return shape.attributes
    return {"kind": "kind", **shape.attributes} if tag == "acl_permission" else _OLD_PERMISSION


def _append_comments(el: Element, comments: tuple[Comment, ...]) -> None:
    for comment in comments:
        el.append(etree.Comment(comment.text))


MEMBER = "member"


def _child_tag(parent: Any, child: Any, schema: str) -> str:
    shape = SHAPES[type(child)]
    if shape.tag:
        return shape.tag
    if isinstance(child, st.Member):
        return {st.ResourceSet: "resource_ref", st.Tag: "obj_ref"}.get(type(parent), MEMBER)
    if isinstance(child, st.RoleRef):
        return "role_ref" if isinstance(parent, st.User) else "role"
    if isinstance(child, st.Permission):
        return str(child.kind) if has_old_acls(schema) or isinstance(parent, st.User) else "acl_permission"
    return shape.prefix + str(child.kind)


def has_old_acls(schema: str) -> bool:
    """Whether a schema has the access control lists of Pacemaker 1.1.11 and before."""
    return schema in OLD_ACL_SCHEMAS
