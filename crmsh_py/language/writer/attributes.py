"""How sets of attributes are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import quoting
from crmsh_py.language import statements as st
from crmsh_py.language.writer.rules import rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from crmsh_py.language.writer.pen import Pen

RESOURCE_KEYWORDS = {"instance_attributes": "params", "meta_attributes": "meta", "utilization": "utilization"}
OP_KEYWORDS = {"instance_attributes": "op_params", "meta_attributes": "op_meta"}
ATTRIBUTE_KEYWORDS = {**RESOURCE_KEYWORDS, "instance_attributes": "attributes"}


def attribute_set(pen: Pen, item: st.AttributeSet, keywords: dict[str, str] = RESOURCE_KEYWORDS) -> None:
    """A set on a line of its own; `keywords` names the kinds as its place does."""
    pen.line(item, keywords[item.kind])
    set_body(pen, item)


def set_body(pen: Pen, item: st.AttributeSet) -> None:
    """What stands behind `params`."""
    pen.id(item.id)
    pen.assign("$id-ref", item.id_ref, "reference")
    if item.score is not None:
        pen.say(quoting.score_label(item.score), "score")
    set_items(pen, item, pen.comments)
    pen.trailing(item)


def set_items(pen: Pen, item: st.AttributeSet | st.OptionSet, begin: Callable[[st.Item], None]) -> None:
    """Rules and attributes; `begin` is called before each."""
    after_rule = False
    for child in item.children:
        begin(child)
        if isinstance(child, st.Rule):
            pen.say("rule", "keyword")
            rule(pen, child)
            after_rule = True
        else:
            nvpair(pen, child, after_rule=after_rule)


def nvpair(pen: Pen, pair: st.NVPair, *, after_rule: bool = False) -> None:
    """`name=value`, `$id:name=value`, `@id:name`, or a name alone."""
    start = ""
    if pair.id_ref is not None:
        start = f"@{pair.id_ref}" + (":" if pair.name is not None else "")
    elif pen.shows(pair.id):
        start = f"${pair.id}:"
    if pair.name is None:
        pen.say(start, "reference")
        return
    # at the start of a line a bare # would begin a comment
    must_quote = pair.name.startswith("#") and pen.at_line_start and not start
    if pair.value is None:
        pen.say(start + quoting.flag(pair.name, must_quote=must_quote), "name")
    else:
        name = quoting.name(pair.name, after_rule=after_rule, must_quote=must_quote)
        pen.say(f"{start}{name}=", "name")
        pen.join(quoting.value(pair.value), "value")
