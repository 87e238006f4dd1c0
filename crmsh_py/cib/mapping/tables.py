"""The tables: how each class of statement, and of part, is written in XML, and where its objects stand."""

from __future__ import annotations

from typing import NamedTuple

from crmsh_py.language import statements as st
from crmsh_py.language.allowed import DATE_PARTS, OP_ATTRIBUTES


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
        _shape(st.DateSpec, "date_spec", values=DATE_PARTS),
        _shape(st.Duration, "duration", values=DATE_PARTS),
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
        _shape(st.Op, "op", _PARAMS_META, values=OP_ATTRIBUTES),
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
        _shape(st.BundlePart, "", {"port-mapping": st.Mapping, "storage-mapping": st.Mapping}, values=None),
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
        _shape(st.Alert, "alert", _PARAMS_META | {"select": st.Select, "recipient": st.Recipient}, required="id path"),
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
CLASSES: dict[tuple[str, str], type[st.Statement]] = {(kind.section, kind.tag): cls for cls, kind in KINDS.items()}
CLASSES["resources", "master"] = st.Clone
