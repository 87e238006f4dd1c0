"""ACL permissions: what a role's specifications mean, and the short forms of common ones.

A short form stands for one XPath exactly; an XPath that equals one is printed as it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from crmsh_py.errors import BadSyntax
from crmsh_py.language import statements as st
from crmsh_py.language.lexemes import Lexeme
from crmsh_py.problems import ERROR, Problem


class Spec(NamedTuple):
    """`xpath:...`, `type:...` or a short form; `keyword` and `word` are the same where it is one word."""

    keyword: Lexeme
    word: Lexeme


# short form -> XPath; a part in braces may be left out with its name
SHORT_FORMS = {
    "cib": "/cib",
    "status": "/cib/status",
    "property": "//crm_config/cluster_property_set{/nvpair[@name='%s']}",
    "node": "//nodes/node{[@uname='%s']}",
    "nodeattr": "//nodes/node/instance_attributes{/nvpair[@name='%s']}",
    "nodeutil": "//nodes/node{[@uname='%s']}/utilization",
    "meta": "//primitive[@id='%s']/meta_attributes{/nvpair[@name='%s']}",
    "params": "//primitive[@id='%s']/instance_attributes{/nvpair[@name='%s']}",
    "utilization": "//primitive[@id='%s']/utilization",
    "location": "//rsc_location[@id='cli-prefer-%s' and @rsc='%s']",
}
FIELDS = {"xpath": "xpath", "ref": "reference", "type": "object_type", "tag": "object_type", "attr": "attribute", "attribute": "attribute"}
_NAME = re.compile(r"[\w.-]+$")


def expand(keyword: str, names: Sequence[str]) -> str:
    """The XPath of a short form; `names` are what follows its colons."""
    template = SHORT_FORMS[keyword]
    if keyword == "location":
        return template % (names[0], names[0])
    has_optional = "{" in template
    required = template.count("%s") - has_optional
    if len(names) <= required:
        template = re.sub(r"\{.*?\}", "", template)
    return template.replace("{", "").replace("}", "") % tuple(names)


def fold(xpath: str) -> str | None:
    """The short form of an XPath, or None."""
    for keyword in SHORT_FORMS:
        for count in (0, 1, 2):
            names = _names(keyword, count, xpath)
            if names is not None:
                return ":".join((keyword, *names))
    return None


def _names(keyword: str, count: int, xpath: str) -> list[str] | None:
    """The names in an XPath that is the short form with `count` names, or None."""
    mark = "\0"
    try:
        pattern = re.escape(expand(keyword, [mark] * count)).replace(re.escape(mark), r"([\w.-]+)")
    except (TypeError, IndexError):
        return None
    found = re.fullmatch(pattern, xpath)
    if not found:
        return None
    names = list(found.groups())
    if keyword == "location" and len(set(names)) == 1:
        names = names[:1]
    return names if expand(keyword, names) == xpath else None


def permissions(children: Sequence[Any], exact: bool) -> Iterator[tuple[st.Permission, list[Any]]]:
    """The permissions that the words behind `read`, `write` or `deny` say, each with its fields.

    `type:` and `attr:` go together; any other specification is a permission of its own, but in exact text, where each
    permission has its own right.
    """
    right = children[0]
    permission = st.Permission(right.keyword)
    said: list[Any] = [right]
    for child in children[1:]:
        if not isinstance(child, Spec):
            if permission_is_full(permission) and not exact:
                yield permission, said
                permission, said = st.Permission(right.keyword), []
            said.append(child)
            continue
        field, value = _meaning(child)
        if not exact and permission_is_full(permission) and not _together(permission, field):
            yield permission, said
            permission, said = st.Permission(right.keyword), []
        setattr(permission, field, value)
    if not permission_is_full(permission):
        raise _error("expected a specification such as xpath: or ref:", right)
    yield permission, said


def permission_is_full(permission: st.Permission) -> bool:
    """Whether it says what it is about."""
    return bool((permission.xpath, permission.reference, permission.object_type, permission.attribute) != (None,) * 4)


def _together(permission: st.Permission, field: str) -> bool:
    return {"object_type": permission.attribute, "attribute": permission.object_type}.get(field) is not None and (
        getattr(permission, field) is None
    )


def _meaning(spec: Spec) -> tuple[str, str]:
    name = spec.keyword.keyword.rstrip(":")
    if name in FIELDS and spec.keyword is not spec.word:
        return FIELDS[name], spec.word.value
    names = [] if spec.keyword is spec.word else spec.word.value.split(":")
    try:
        return "xpath", expand(name, names)
    except (TypeError, IndexError):
        raise _error(f"{name}: takes fewer names", spec.word) from None


def _error(text: str, lexeme: Lexeme) -> BadSyntax:
    return BadSyntax(problems=[Problem(ERROR, "syntax", text, lexeme.word.place)])
