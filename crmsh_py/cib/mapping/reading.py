"""Elements -> statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from lxml import etree

from crmsh_py.cib.mapping.old_acls import OLD_PERMISSION
from crmsh_py.cib.mapping.tables import SHAPES, Shape
from crmsh_py.language import statements as st
from crmsh_py.language.words import SECTION_COMMENT, Comment

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

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
    while count < len(leading) and _is_plain(leading[count]):
        count += 1
    if count:
        statement.comments = leading[:count]
        if first is not None:
            first.comments = leading[count:]
        else:
            statement.trailing = leading[count:]
    return statement


def _is_plain(comment: Comment) -> bool:
    """Whether a comment can be written as a line that begins with #, as it stands."""
    text = comment.text
    is_line = text.startswith("#") and "\n" not in text and text == text.rstrip(" \t\r")
    return is_line and not SECTION_COMMENT.match(text)


def _read(el: Element, cls: type[st.Item]) -> Any:
    shape = SHAPES[cls]
    item = cls()
    state = item.__dict__
    tag = str(el.tag)
    if "kind" in cls.fields_ and not shape.tag:
        state["kind"] = None if tag == "acl_permission" else tag[len(shape.prefix) :]
    _read_attributes(el, _attribute_names(tag, cls, shape), shape, state)
    if len(el):
        _read_children(el, shape, item)
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


def _read_children(el: Element, shape: Shape, item: st.Item) -> None:
    children: list[st.Item] = vars(item)["children"]
    pending: list[Comment] = []
    for child in el:
        if isinstance(child, etree._Comment):
            pending.append(Comment(child.text or ""))
        else:
            part = _read_child(child, shape, el)
            if pending:
                part.comments, pending = tuple(pending), []
            children.append(part)
        if child.tail and not child.tail.isspace():
            raise Unsayable(f"{el.tag!s} has text")
    if pending:
        item.trailing = tuple(pending)


def _read_child(child: Element, shape: Shape, parent: Element) -> st.Item:
    tag = str(child.tag)
    cls = shape.children.get(tag)
    if cls is None:
        raise Unsayable(f"{parent.tag!s} has a child {tag}")
    if tag in _NESTED:
        return st.Member(child.get("id") or "")
    part: st.Item = _read(child, cls)
    return part
