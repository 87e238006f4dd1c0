"""Resource sets, as the language writes them: `a b ( c d ) [ e f ]`.

Members that follow each other form a set as long as their role (or action) is the same; an option or `$id=` ends a
set. `( )` is a set with sequential=false, `[ ]` one with require-all=false too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from crmsh_py.language import statements as st
from crmsh_py.language.allowed import check_allowed
from crmsh_py.language.builder.filling import syntax_error
from crmsh_py.language.lexemes import Lexeme

if TYPE_CHECKING:
    from crmsh_py.language.builder import Builder


class Option(NamedTuple):
    """`sequential=false` and the like, behind the members of a set."""

    name: str
    value: str
    lexeme: Lexeme


class Bracket(NamedTuple):
    """A bracketed set."""

    opening: Lexeme
    parts: Sequence[Any]


BRACKETS = {"(": {"sequential": "false"}, "[": {"sequential": "false", "require-all": "false"}}


def split(children: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """What belongs to the sets of a constraint, and the rest. The first id is the constraint's own."""
    parts: list[Any] = []
    rest: list[Any] = [children[0], children[1]]
    for child in children[2:]:
        is_part = isinstance(child, (Lexeme, Bracket, Option)) or getattr(child, "name", "") in ("id", "id_ref")
        (parts if is_part else rest).append(child)
    return parts, rest


def member(lexeme: Lexeme, suffix: str, builder: Builder) -> tuple[str, str | None]:
    """`rsc` or `rsc:role`; `suffix` is role or action."""
    colon = lexeme.word.find_bare(":")
    if colon < 0:
        return lexeme.value, None
    said = Lexeme("WORD", lexeme.word.cut(colon + 1))
    if builder.exact:
        return lexeme.value[:colon], said.value
    check_allowed(suffix, said)
    return lexeme.value[:colon], said.value.capitalize() if suffix == "role" else said.value


def simple_pair(
    parts: Sequence[Any], suffix: str, builder: Builder
) -> tuple[tuple[str, str | None], tuple[str, str | None]] | None:
    """The two resources of a constraint without sets, or None where it has sets."""
    if len(parts) == 2 and all(isinstance(part, Lexeme) for part in parts):
        return member(parts[0], suffix, builder), member(parts[1], suffix, builder)
    return None


def resource_sets(parts: Sequence[Any], suffix: str, builder: Builder) -> Iterator[st.ResourceSet]:
    """The sets that the parts of a constraint form. Raises BadSyntax for an option without members."""
    yield from _Sets(suffix, builder).read(parts, {})


class _Sets:
    """Reads the sets of one constraint; `members` and `options` are those of the set that is being read."""

    def __init__(self, suffix: str, builder: Builder) -> None:
        self.suffix = suffix
        self.builder = builder
        self.members: list[Lexeme] = []
        self.options: dict[str, Option] = {}

    def read(self, parts: Sequence[Any], base: dict[str, str]) -> Iterator[st.ResourceSet]:
        for part in parts:
            if isinstance(part, Bracket):
                yield from self.end(base)
                yield from self.read(part.parts, BRACKETS[part.opening.value])
            elif isinstance(part, Lexeme):
                if self.options:
                    yield from self.end(base)
                self.members.append(part)
            elif isinstance(part, Option):
                self.option(part.name, part)
            elif part.name == "id_ref":
                yield from self.end(base)
                yield st.ResourceSet(id_ref=part.value)
            else:
                self.option("$id", Option("$id", part.value, part.lexeme))
        yield from self.end(base)

    def option(self, name: str, option: Option) -> None:
        if not self.members:
            raise syntax_error(f"{name} stands behind the members of a set", option.lexeme.place)
        self.options[name] = option

    def end(self, base: dict[str, str]) -> Iterator[st.ResourceSet]:
        """End the set that is being read; where the role changes between its members, it is several."""
        values = dict(base)
        for name, option in self.options.items():
            values[name] = option.value
        id_ = values.pop("$id", None)
        if base and not self.builder.exact and values.get("sequential", "").lower() == "true":
            del values["sequential"]
        sets: list[st.ResourceSet] = []
        for said, members in groupby(self._members(), key=lambda pair: pair[1]):
            own = values if said is None else {**values, self.suffix: said}
            sets.append(st.ResourceSet(None, None, dict(own), [member for member, _ in members]))
        if sets:
            # the id stands right behind the last of them
            sets[-1].id = id_
        yield from sets
        self.members, self.options = [], {}

    def _members(self) -> Iterator[tuple[st.Member, str | None]]:
        for lexeme in self.members:
            name, said = member(lexeme, self.suffix, self.builder)
            part = st.Member(name)
            part.comments, lexeme.word.comments = lexeme.word.comments, ()
            yield part, said
