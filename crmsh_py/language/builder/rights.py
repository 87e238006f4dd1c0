"""ACL permissions: what the words behind `read`, `write` and `deny` mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crmsh_py.language import statements as st
from crmsh_py.language.builder.filling import syntax_error
from crmsh_py.language.short_forms import expand

if TYPE_CHECKING:
    from crmsh_py.language.lexemes import Lexeme


class Spec(NamedTuple):
    """`xpath:...`, `type:...` or a short form; `keyword` and `word` are the same where it is one word."""

    keyword: Lexeme
    word: Lexeme


# the word before the colon -> the field
FIELDS = {
    "xpath": "xpath",
    "ref": "reference",
    "type": "object_type",
    "tag": "object_type",
    "attr": "attribute",
    "attribute": "attribute",
}


def permissions(children: Sequence[Any], exact: bool) -> Iterator[tuple[st.Permission, list[Any]]]:
    """The permissions that the words behind `read`, `write` or `deny` say, each with its fields.

    `attr:` goes with what is beside it, for it says nothing alone; any other specification is a permission of its own,
    but in exact text and behind `$id=`, where each permission has its own right.
    """
    right = children[0]
    permission = st.Permission(right.keyword)
    said: list[Any] = [right]
    for child in children[1:]:
        if not isinstance(child, Spec):
            if not exact and _is_full(permission):
                yield permission, said
                permission, said = st.Permission(right.keyword), []
            said.append(child)
            continue
        field, value = _meaning(child)
        is_one = exact or any(getattr(other, "name", "") == "id" for other in said)
        if not is_one and _is_full(permission) and not _together(permission, field):
            yield permission, said
            permission, said = st.Permission(right.keyword), []
        setattr(permission, field, value)
    if not _is_full(permission):
        raise syntax_error("expected a specification such as xpath: or ref:", right.place)
    yield permission, said


def _is_full(permission: st.Permission) -> bool:
    """Whether it says what it is about."""
    fields = (permission.xpath, permission.reference, permission.object_type, permission.attribute)
    return any(field is not None for field in fields)


def _together(permission: st.Permission, field: str) -> bool:
    """Whether a field goes with those that the permission has: `attr:` with any other, each once."""
    others = [name for name in FIELDS.values() if name != field and getattr(permission, name) is not None]
    return getattr(permission, field) is None and (field == "attribute" or set(others) == {"attribute"})


def _meaning(spec: Spec) -> tuple[str, str]:
    name = spec.keyword.keyword.rstrip(":")
    if name in FIELDS and spec.keyword is not spec.word:
        return FIELDS[name], spec.word.value
    names = [] if spec.keyword is spec.word else spec.word.value.split(":")
    try:
        return "xpath", expand(name, names)
    except (TypeError, IndexError):
        raise syntax_error(f"{name}: takes fewer names", spec.word.place) from None
