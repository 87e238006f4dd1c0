"""How children become the fields and the parts of an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from crmsh_py.errors import BadSyntax
from crmsh_py.language import statements as st
from crmsh_py.language.lexemes import Lexeme
from crmsh_py.problems import ERROR, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crmsh_py.language.builder import Builder
    from crmsh_py.language.words import Word

    # a rule's name -> what makes something of the rule's children
    Rules = dict[str, Callable[[Builder, list[Any]], Any]]

Child = Any
ItemT = TypeVar("ItemT", bound=st.Item)


class Said(NamedTuple):
    """A field with its value and where it was said."""

    name: str
    value: str
    lexeme: Lexeme


class Setting(NamedTuple):
    """A name and a value that become one of the item's `values`."""

    name: str
    value: str


def syntax_error(text: str, place: Place | None, hint: str | None = None) -> BadSyntax:
    """A BadSyntax at a place."""
    return BadSyntax(problems=[Problem(ERROR, "syntax", text, place, hint)])


def fill(item: ItemT, children: Sequence[Child]) -> ItemT:
    """Put fields and parts into an item; a field that is said twice is an error."""
    said: set[str] = set()
    for child in children:
        if isinstance(child, Said):
            if child.name in said:
                raise syntax_error(f"{_shown(child.name)} is given twice", child.lexeme.place)
            if child.name not in item.fields_:
                raise syntax_error(f"{_shown(child.name)} cannot stand here", child.lexeme.place)
            said.add(child.name)
            setattr(item, child.name, child.value)
        elif isinstance(child, st.Item):
            vars(item)["children"].append(child)
    first = next((child for child in children if isinstance(child, Lexeme)), None)
    return noted(item, first) if first else item


def _shown(field: str) -> str:
    return field.rstrip("_").replace("_", "-")


def noted(item: ItemT, lexeme: Lexeme) -> ItemT:
    """Give an item the place and the comments of the word that it begins with."""
    item.place = lexeme.place
    if lexeme.word.comments:
        item.comments = lexeme.word.comments
        lexeme.word.comments = ()
    return item


def item(make: Callable[[], st.Item]) -> Callable[[Builder, list[Child]], st.Item]:
    """A rule whose children are the fields and the parts of what `make` makes."""
    return lambda builder, children: fill(make(), children)


def flat(children: Sequence[Child]) -> list[Child]:
    """The children with those that are lists taken apart."""
    found: list[Child] = []
    for child in children:
        found.extend(child if isinstance(child, list) else (child,))
    return found


def split(word: Word, most: int) -> list[str]:
    """The parts of a word between its bare colons, at most `most` + 1."""
    parts: list[str] = []
    start = 0
    while len(parts) < most and (colon := word.find_bare(":", start)) >= 0:
        parts.append(word.value[start:colon])
        start = colon + 1
    return [*parts, word.value[start:]]
