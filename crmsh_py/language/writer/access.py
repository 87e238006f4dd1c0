"""How access control and alerts are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import quoting
from crmsh_py.language import statements as st
from crmsh_py.language.short_forms import fold
from crmsh_py.language.writer.attributes import ATTRIBUTE_KEYWORDS, attribute_set, set_body

if TYPE_CHECKING:
    from crmsh_py.language.writer.pen import Pen, Writers


def role(pen: Pen, role: st.Role) -> None:
    """`role id` and its permissions."""
    pen.head("role", role.id)
    pen.description(role.description)
    for child in role.children:
        permission(pen, child)


def permission(pen: Pen, item: st.Permission) -> None:
    """`read xpath:...` or the short form of the XPath."""
    pen.line(item, item.kind)
    if item.reference is not None and item.object_type is not None:
        # up to schema 1.x both narrow one permission; without its id they would be two
        pen.assign("$id", item.id, "id")
    else:
        pen.id(item.id)
    pen.assign("description", item.description)
    short = fold(item.xpath) if item.xpath is not None else None
    if short:
        pen.say(short)
    elif item.xpath is not None:
        pen.say(f"xpath:{quoting.value(item.xpath)}")
    for prefix, text in (("ref", item.reference), ("attr", item.attribute), ("type", item.object_type)):
        if text is not None:
            pen.say(f"{prefix}:{quoting.word(text)}")


def acl_target(pen: Pen, item: st.AclTarget) -> None:
    """`acl_target user roles...`."""
    pen.head("acl_target", item.id)
    _roles(pen, item)


def acl_group(pen: Pen, item: st.AclGroup) -> None:
    """`acl_group group roles...`."""
    pen.head("acl_group", item.id)
    _roles(pen, item)


def _roles(pen: Pen, item: st.AclTarget | st.AclGroup) -> None:
    pen.assign("name", item.name)
    for child in item.children:
        pen.line(child, quoting.word(child.id), "reference")


def user(pen: Pen, user: st.User) -> None:
    """`user id role:...`, with permissions of its own or without."""
    pen.head("user", user.id)
    for child in user.children:
        if isinstance(child, st.RoleRef):
            pen.line(child, f"role:{quoting.word(child.id)}", "reference")
        else:
            permission(pen, child)


def alert(pen: Pen, alert: st.Alert) -> None:
    """`alert id path`, what it selects, its attributes and recipients."""
    pen.head("alert", alert.id)
    pen.say(quoting.value(alert.path))
    pen.description(alert.description)
    for index, child in enumerate(alert.children):
        if isinstance(child, st.Select):
            select(pen, child)
        elif isinstance(child, st.Recipient):
            # attributes of the alert behind it would be read as its own
            is_followed = any(isinstance(other, st.AttributeSet) for other in alert.children[index + 1 :])
            recipient(pen, child, is_braced=is_followed or bool(pen.exact and child.children))
        else:
            attribute_set(pen, child, ATTRIBUTE_KEYWORDS)


def select(pen: Pen, select: st.Select) -> None:
    """`select nodes attributes { a b }`."""
    pen.line(select, "select")
    for kind in select.children:
        pen.comments(kind)
        pen.say(kind.kind, "keyword")
        if kind.kind == "attributes":
            pen.say("{", "keyword")
            for attribute in kind.children:
                pen.comments(attribute)
                start = f"${attribute.id}:" if pen.shows(attribute.id) else ""
                pen.say(start + quoting.free_word(attribute.name), "name")
            pen.say("}", "keyword")


def recipient(pen: Pen, item: st.Recipient, *, is_braced: bool) -> None:
    """`to value` with its attributes, or all of it in braces."""
    pen.line(item, "to")
    if is_braced:
        pen.say("{", "keyword")
    pen.id(item.id)
    pen.say(quoting.value(item.value))
    pen.assign("description", item.description)
    for child in item.children:
        pen.comments(child)
        pen.say(ATTRIBUTE_KEYWORDS[child.kind], "keyword")
        set_body(pen, child)
    if is_braced:
        pen.say("}", "keyword")


WRITERS: Writers = {
    st.Role: role,
    st.AclTarget: acl_target,
    st.AclGroup: acl_group,
    st.User: user,
    st.Alert: alert,
}
