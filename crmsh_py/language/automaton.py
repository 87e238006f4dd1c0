"""The LALR automaton of the grammar: what runs when a text is read, without lark, which takes longer to import than a
statement takes to parse. `table.py` makes its table, with lark."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crmsh_py.language.lexemes import Lexeme

END = "$END"


class Unexpected(Exception):
    """The terminal cannot stand there."""


class Rule:
    """A rule of the grammar.

    size: of its expansion. inlined: the positions of those children that are lists to be put in their own place.
    is_transparent: with a single child, it is that child (`?rule`). make: gives its value, from a builder and the
    values of its children; None for such a list (`_rule`).
    """

    __slots__ = ("inlined", "is_transparent", "make", "name", "size")

    def __init__(
        self, name: str, size: int, inlined: Sequence[int], is_transparent: bool, make: Callable[..., Any] | None
    ) -> None:
        self.name = name
        self.size = size
        self.inlined = frozenset(inlined)
        self.is_transparent = is_transparent
        self.make = make


class Table:
    """What the automaton does.

    states: for each state, by the name of a terminal or a rule, the state to go to, or -1 - n to reduce rule n.
    terminals: the names of those that the grammar writes as a word, and that word. makers: by the names of rules.
    """

    def __init__(self, made: Mapping[str, Any], makers: Mapping[str, Callable[..., Any]]) -> None:
        self.start: int = made["start"]
        self.end: int = made["end"]
        self.states: list[dict[str, int]] = made["states"]
        self.rules = [
            Rule(name, size, inlined, is_transparent, makers.get(name))
            for name, size, inlined, is_transparent in made["rules"]
        ]
        self.terminals: dict[str, str] = made["terminals"]


class Automaton:
    """One text on its way through a table; `builder` is what the makers of its rules are given."""

    def __init__(self, table: Table, builder: Any) -> None:
        self._table = table
        self._builder = builder
        self._states = [table.start]
        self._values: list[Any] = []

    def feed(self, terminal: str, value: Lexeme) -> None:
        """Take a terminal. Raises Unexpected, and what the makers raise."""
        self._reduce(terminal)
        self._states.append(self._table.states[self._states[-1]][terminal])
        self._values.append(value)

    def finish(self) -> Any:
        """The value of the whole. Raises Unexpected where something is missing, and what the makers raise."""
        self._reduce(END)
        return self._values[-1]

    def can(self, terminal: str) -> bool:
        """Whether the terminal would be taken now; LALR's merged look-ahead alone would say yes too often."""
        states, rules = self._table.states, self._table.rules
        stack = self._states
        action = states[stack[-1]].get(terminal)
        while action is not None and action < 0:
            rule = rules[-1 - action]
            stack = stack[: len(stack) - rule.size]
            stack.append(states[stack[-1]][rule.name])
            if terminal == END and stack[-1] == self._table.end:
                return True
            action = states[stack[-1]].get(terminal)
        return action is not None

    def able(self) -> list[str]:
        """The terminals that would be taken now, END included."""
        return [name for name in self._table.states[self._states[-1]] if name.isupper() and self.can(name)]

    def _reduce(self, terminal: str) -> None:
        """Reduce what is complete before the terminal. Raises Unexpected."""
        table, states, values = self._table.states, self._states, self._values
        end = self._table.end if terminal == END else None
        while (action := table[states[-1]].get(terminal)) is not None:
            if action >= 0:
                return
            rule = self._table.rules[-1 - action]
            size = rule.size
            children: list[Any] = []
            if size:
                children = values[-size:]
                del values[-size:], states[-size:]
            if rule.inlined:
                children = _flat(children, rule.inlined)
            if rule.is_transparent and len(children) == 1:
                values.append(children[0])
            else:
                values.append(children if rule.make is None else rule.make(self._builder, children))
            states.append(table[states[-1]][rule.name])
            if states[-1] == end:
                return
        raise Unexpected(terminal)


def _flat(parts: list[Any], inlined: frozenset[int]) -> list[Any]:
    children = []
    for position, part in enumerate(parts):
        if position in inlined:
            children += part
        else:
            children.append(part)
    return children
