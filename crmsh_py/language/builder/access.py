"""What access control is made of; `rights` puts the permissions together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import statements as st
from crmsh_py.language.builder import rights
from crmsh_py.language.builder.filling import Child, fill, flat, item, noted

if TYPE_CHECKING:
    from crmsh_py.language.builder import Builder
    from crmsh_py.language.builder.filling import Rules
    from crmsh_py.language.lexemes import Lexeme


def permission_spec(_: Builder, children: list[Lexeme]) -> rights.Spec:
    """`xpath:...`, `ref:...` or a short form."""
    return rights.Spec(children[0], children[-1])


def permissions(builder: Builder, children: list[Child]) -> list[st.Permission]:
    """What stands behind `read`, `write` or `deny`."""
    return [fill(permission, said) for permission, said in rights.permissions(children, builder.exact)]


def role(_: Builder, children: list[Child]) -> st.Role:
    """Rights under a name."""
    return fill(st.Role(None), flat(children))


def user(_: Builder, children: list[Child]) -> st.User:
    """Roles and rights of a user of old schemas."""
    return fill(st.User(None), flat(children))


def role_ref(_: Builder, children: list[Lexeme]) -> st.RoleRef:
    """A role's id, alone or behind `role:`."""
    return noted(st.RoleRef(children[-1].value), children[0])


RULES: Rules = {
    "permission_spec": permission_spec,
    "permissions": permissions,
    "role": role,
    "user": user,
    "role_ref": role_ref,
    "user_role": role_ref,
    "acl_target": item(lambda: st.AclTarget(None)),
    "acl_group": item(lambda: st.AclGroup(None)),
}
