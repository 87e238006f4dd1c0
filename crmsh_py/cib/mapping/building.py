"""Statements -> elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from crmsh_py.cib import comments as comments_
from crmsh_py.cib.mapping.old_acls import OLD_PERMISSION, has_old_acls
from crmsh_py.cib.mapping.tables import SHAPES, Shape
from crmsh_py.errors import CrmError
from crmsh_py.language import statements as st

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.language.words import Comment

# what `build` writes in the place of a resource inside another
MEMBER = "member"


def build(item: Any, tag: str, schema: str) -> Element:
    """The element that an item says; resources inside others are place holders named `member`.

    Raises CrmError where a name cannot be one of XML.
    """
    shape = SHAPES[type(item)]
    el = etree.Element(tag)
    try:
        for xml_name, field in _attribute_names(item, tag, shape).items():
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


def _attribute_names(item: st.Item, tag: str, shape: Shape) -> dict[str, str]:
    if not isinstance(item, st.Permission):
        return shape.attributes
    return {"kind": "kind", **shape.attributes} if tag == "acl_permission" else OLD_PERMISSION


def _append_comments(el: Element, comments: tuple[Comment, ...]) -> None:
    for comment in comments:
        el.append(comments_.element(comment))


def _child_tag(parent: st.Item, child: Any, schema: str) -> str:
    shape = SHAPES[type(child)]
    if shape.tag:
        return shape.tag
    if isinstance(child, st.Member):
        return {st.ResourceSet: "resource_ref", st.Tag: "obj_ref"}.get(type(parent), MEMBER)
    if isinstance(child, st.RoleRef):
        return "role_ref" if isinstance(parent, st.User) else "role"
    if isinstance(child, st.Permission):
        return child.kind if has_old_acls(schema) or isinstance(parent, st.User) else "acl_permission"
    return shape.prefix + str(child.kind)
