"""What alerts are made of: what follows a recipient belongs to it, up to `}` where it began with `{`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.language import statements as st
from crmsh_py.language.builder.filling import Child, Said, fill, item, noted, syntax_error
from crmsh_py.language.lexemes import Lexeme

if TYPE_CHECKING:
    from crmsh_py.language.builder import Builder
    from crmsh_py.language.builder.filling import Rules


class To(NamedTuple):
    """A recipient, and whether a brace stands before it."""

    recipient: st.Recipient
    is_braced: bool


def recipient(_: Builder, children: list[Child]) -> To:
    """`to value` or `to { value`."""
    is_braced = isinstance(children[1], Lexeme) and children[1].value == "{"
    return To(fill(st.Recipient(""), children), is_braced)


def select_kind(_: Builder, children: list[Lexeme]) -> st.SelectKind:
    """`nodes`, `fencing` or `resources`."""
    return noted(st.SelectKind(children[0].keyword), children[0])


def select_attribute(_: Builder, children: list[Lexeme]) -> st.SelectAttribute:
    """A node attribute, with an id or without."""
    id_ = children[0].value if len(children) > 1 else None
    return noted(st.SelectAttribute(children[-1].value, id_), children[0])


def alert(_: Builder, children: list[Child]) -> st.Alert:
    """An alert: its parts go to the recipient or the selection that stands open, or to itself."""
    alert = fill(st.Alert(None, ""), [child for child in children if isinstance(child, (Said, Lexeme))])
    to: To | None = None
    select: st.Select | None = None
    for child in children[1:]:
        if isinstance(child, (To, st.Select)):
            _check_closed(to)
        if isinstance(child, To):
            to = child
            alert.children.append(child.recipient)
        elif isinstance(child, Lexeme):
            if to is None or not to.is_braced:
                raise syntax_error("this } closes nothing", child.place)
            to = None
        elif isinstance(child, st.SelectKind):
            if select is None:
                raise syntax_error(f"{child.kind} comes after select", child.place)
            select.children.append(child)
        elif isinstance(child, st.AttributeSet):
            (to.recipient if to else alert).children.append(child)
        elif isinstance(child, st.Select):
            select, to = child, None
            alert.children.append(child)
    _check_closed(to)
    return alert


def _check_closed(to: To | None) -> None:
    if to is not None and to.is_braced:
        raise syntax_error("expected } behind this recipient", to.recipient.place)


RULES: Rules = {
    "alert": alert,
    "select": item(st.Select),
    "select_kind": select_kind,
    "selected": item(lambda: st.SelectKind("attributes")),
    "select_attribute": select_attribute,
    "recipient": recipient,
}
