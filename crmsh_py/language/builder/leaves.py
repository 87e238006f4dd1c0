"""Rules that say one field, or one word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmsh_py.language import statements as st
from crmsh_py.language.allowed import KINDS, check_allowed
from crmsh_py.language.builder.filling import Child, Said, noted, split, syntax_error
from crmsh_py.language.lexemes import Lexeme
from crmsh_py.language.names import is_id, shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from crmsh_py.language.builder import Builder
    from crmsh_py.language.builder.filling import Rules

_SCORE = re.compile(r"[+-]?(\d+|inf|infinity)$", re.IGNORECASE)


def score_of(text: str) -> str:
    """A score as the CIB writes it: `inf` is INFINITY."""
    sign = text[0] if text[:1] in ("+", "-") else ""
    return f"{sign}INFINITY" if text[len(sign) :].lower() in ("inf", "infinity") else text


def leaf(name: str, change: Callable[[str], str] = str) -> Callable[[Builder, list[Lexeme]], Said]:
    """A rule that says one field by its last word."""
    return lambda builder, children: Said(name, change(children[-1].value), children[-1])


def keyed(builder: Builder, children: list[Child]) -> Said:
    """A rule of a keyword `name=` and a value."""
    key, value = children
    if isinstance(value, Said):
        return value
    name = key.keyword.strip("$=").replace("-", "_")
    if key.keyword != "$type=":
        builder.check(name, value)
    elif value.value:
        builder.check("value_type", value)
    return Said({"class": "class_"}.get(name, name), value.value, value)


def word(_: Builder, children: list[Lexeme]) -> Lexeme:
    """A rule that only says what kind of word stands there."""
    return children[0]


def object_id(builder: Builder, children: list[Lexeme]) -> Said:
    """The id of an object, which has to be one of XML."""
    lexeme = children[-1]
    if not builder.exact and not is_id(lexeme.value):
        hint = "an id begins with a letter or _, and has letters, digits, - _ and ."
        shown = shortened(lexeme.value) or "an empty word"
        raise syntax_error(f"{shown} cannot be an id", lexeme.place, hint)
    return Said("id", lexeme.value, lexeme)


def child(_: Builder, children: list[Lexeme]) -> st.Member:
    """A resource, or another object, by its id."""
    return noted(st.Member(children[0].value), children[0])


def role_name(builder: Builder, children: list[Lexeme]) -> Said:
    """A role, in any case where the text is typed; up to schema 3.8 a rule's may be any word, which is quoted then."""
    lexeme = children[0]
    if builder.exact or not lexeme.word.is_bare:
        return Said("role", lexeme.value, lexeme)
    check_allowed("role", lexeme)
    return Said("role", lexeme.value.capitalize(), lexeme)


# ---- scores: a quoted word is the name of an attribute


def score_or_attribute(_: Builder, children: list[Lexeme]) -> Said:
    """`inf:` or, where another word stands there, the node attribute that has the score."""
    lexeme = children[0]
    if lexeme.word.is_bare and _SCORE.match(lexeme.value):
        return Said("score", score_of(lexeme.value), lexeme)
    return Said("score_attribute", lexeme.value, lexeme)


def score(builder: Builder, children: list[Lexeme]) -> Said:
    """`inf:` and nothing else."""
    said = score_or_attribute(builder, children)
    if said.name != "score":
        raise syntax_error("expected a score", said.lexeme.place, "a score is a number, inf or -inf")
    return said


def order_kind(builder: Builder, children: list[Lexeme]) -> Said:
    """`Mandatory:` and the like, or a score."""
    lexeme = children[0]
    if lexeme.value.capitalize() in KINDS:
        return Said("kind", lexeme.value.capitalize(), lexeme)
    if _SCORE.match(lexeme.value):
        return Said("score", score_of(lexeme.value), lexeme)
    if builder.exact:
        return Said("kind", lexeme.value, lexeme)
    hint = f"a kind is {', '.join(KINDS[:-1])} or {KINDS[-1]}"
    raise syntax_error("expected a kind or a score", lexeme.place, hint)


# ---- words with colons in them


def node_name(builder: Builder, children: list[Lexeme]) -> list[Said]:
    """`name` or `name:type`."""
    lexeme = children[0]
    name, colon = lexeme.word, -1
    while (found := name.find_bare(":", colon + 1)) >= 0:
        colon = found
    if colon < 0:
        return [Said("uname", name.value, lexeme)]
    kind = Lexeme("WORD", name.cut(colon + 1))
    builder.check("type", kind)
    return [Said("uname", name.value[:colon], lexeme), Said("type", kind.value, kind)]


def agent(_: Builder, children: list[Lexeme]) -> list[Said]:
    """`class:provider:type`, `class:type` or `type`."""
    lexeme = children[0]
    names = {1: ("type",), 2: ("class_", "type"), 3: ("class_", "provider", "type")}
    parts = split(lexeme.word, 2)
    if not all(parts) and lexeme.word.is_bare:
        raise syntax_error("expected an agent", lexeme.place, "an agent is [class:[provider:]]type")
    return [Said(name, part, lexeme) for name, part in zip(names[len(parts)], parts, strict=True)]


RULES: Rules = {
    # ids and references
    "object_id": object_id,
    "set_id": leaf("id"),
    "options_id": leaf("id"),
    "node_id": leaf("id"),
    "tag_label": leaf("id"),
    "user_name": leaf("id"),
    "id_ref": leaf("id_ref"),
    "template": leaf("template"),
    "child": child,
    "tag_member": child,
    # other fields
    "acl_name": leaf("name"),
    "agent": agent,
    "boolean_op": leaf("boolean_op"),
    "description": leaf("description"),
    "location_node": leaf("node"),
    "node_name": node_name,
    "op_interval": leaf("interval"),
    "order_kind": order_kind,
    "path": leaf("path"),
    "permission_description": leaf("description"),
    "recipient_value": leaf("value"),
    "role_name": role_name,
    "rule_role": lambda builder, children: children[-1],
    "ticket": leaf("ticket"),
    # scores
    "colocation_score": score_or_attribute,
    "location_score": score,
    "node_score": leaf("score", score_of),
    "rule_score": score_or_attribute,
    "set_score": score,
    # `name=` and a value
    "colocation_option": keyed,
    "level_index": keyed,
    "location_option": keyed,
    "order_option": keyed,
    "suffix": keyed,
    "ticket_option": keyed,
    # words of which another rule makes something
    **dict.fromkeys(
        """agent_pattern attribute attribute_value close comparison date device duration flag interval_and_timeout joint
        member monitored name nvpair_id op_name rsc shortcut text unary xml_text xpath_or_name""".split(),
        word,
    ),
}
