"""Elements -> statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from crmsh_py.cib import comments
from crmsh_py.cib.mapping.old_acls import OLD_PERMISSION
from crmsh_py.cib.mapping.tables import SHAPES, Shape
from crmsh_py.language import statements as st
from crmsh_py.language.words import DEEPEST, is_line_comment

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.language.words import Comment

StatementT = TypeVar("StatementT", bound=st.Statement)

# resources inside others are objects of their own
_NESTED = frozenset(("primitive", "group"))


class Unsayable(Exception):
    """An element holds what the language cannot say; it is shown as XML."""


def read(el: Element, cls: type[StatementT]) -> StatementT:
    """The statement that an object of the CIB says. Raises Unsayable."""
    statement: StatementT = _read(el, cls)
    children: list[st.Item] = vars(statement)["children"]
    first = children[0] if children else None
    leading = first.comments if first is not None else statement.trailing
    count = 0
    while count < len(leading) and is_line_comment(leading[count].text):
        count += 1
    if count:
        statement.comments = leading[:count]
        if first is not None:
            first.comments = leading[count:]
        else:
            statement.trailing = leading[count:]
    return statement


def _read(el: Element, cls: type[st.Item], depth: int = 0) -> Any:
    if depth > DEEPEST:
        raise Unsayable(f"{el.tag!s} is nested too deeply")
    shape = SHAPES[cls]
    item = cls()
    state = item.__dict__
    tag = str(el.tag)
    if "kind" in cls.fields_ and not shape.tag:
        state["kind"] = None if tag == "acl_permission" else tag[len(shape.prefix) :]
    _read_attributes(el, _attribute_names(tag, cls, shape), shape, state)
    if len(el):
        _read_children(el, shape, item, depth + 1)
    if el.text and not el.text.isspace():
        raise Unsayable(f"{tag} has text")
    for name in shape.required:
        if state.get(name) is None:
            raise Unsayable(f"{tag} has no {name}")
    return item


def _attribute_names(tag: str, cls: type[st.Item], shape: Shape) -> dict[str, str]:
    if cls is not st.Permission:
        return shape.attributes
    return OLD_PERMISSION if tag != "acl_permission" else {"kind": "kind", **shape.attributes}


def _read_attributes(el: Element, names: dict[str, str], shape: Shape, state: dict[str, Any]) -> None:
    for name, value in el.attrib.items():
        field = names.get(str(name))
        if field:
            state[field] = value
        elif shape.values is None or name in shape.values:
            state["values"][name] = value
        else:
            raise Unsayable(f"{el.tag!s} has an attribute {name!s}")


def _read_children(el: Element, shape: Shape, item: st.Item, depth: int) -> None:
    children: list[st.Item] = vars(item).get("children", [])
    pending: list[Comment] = []
    for child in el:
        if comments.is_comment(child):
            pending.append(comments.read(child))
        else:
            part = _read_child(child, shape, el, depth)
            if pending:
                part.comments, pending = tuple(pending), []
            children.append(part)
        if child.tail and not child.tail.isspace():
            raise Unsayable(f"{el.tag!s} has text")
    if pending:
        item.trailing = tuple(pending)


def _read_child(child: Element, shape: Shape, parent: Element, depth: int) -> st.Item:
    tag = str(child.tag)
    cls = shape.children.get(tag)
    if cls is None:
        raise Unsayable(f"{parent.tag!s} has a child {tag}")
    if tag in _NESTED:
        return st.Member(child.get("id") or "")
    part: st.Item = _read(child, cls, depth)
    return part
