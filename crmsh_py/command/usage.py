"""A usage line -> its shape; words matched against a shape.

The notation, all of it:

    word                     a literal
    <name>  <name:kind>      an argument, whose kind is a row of `slots.SLOTS` (`<name>`: the kind has the same name)
    [x]                      optional
    (a|b)                    one of them
    x...                     once or more
    [--name]                 an option, which may stand anywhere behind the command
    [--name <x:kind>]        an option with a value (also written `--name=value`); with `...` it may be repeated

The first word is the command's name; several usage lines are alternatives and the first that fits wins. Within a
line a literal beats an argument and what stands first is taken first. `--` ends the options, and so does the first
word of an argument of the kind `words`.

What the handler is given, by name (`-` becomes `_`, a Python keyword gets a `_` behind it):
an argument its value, where it is present; under `...` a list; a literal that need not be there (in `[]` or `()`,
or in some usage lines only) and an option without a value: True or False.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from keyword import iskeyword
from typing import TYPE_CHECKING

from crmsh_py.command.pattern import Argument, Literal, Option, Pattern, compile_pattern
from crmsh_py.command.slots import SLOTS, Refusal
from crmsh_py.problems import did_you_mean

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Expected: TypeAlias = Literal | Argument | Option
    # a list that shares its tail with other readings of the same words
    Taken: TypeAlias = tuple[Expected, object, "Taken"] | None


class Misfit(Exception):
    """The words fit no usage line.

    index: the first word that does not fit; the number of words where more were expected.
    expected: what could have stood there.
    text: what is wrong, where there is more to say than what was expected; hint: what to do next.
    """

    def __init__(self, index: int, expected: Sequence[Expected], text: str | None, hint: str | None) -> None:
        self.index = index
        self.expected = expected
        self.text = text
        self.hint = hint
        super().__init__(text or f"expected {describe(expected)}")


def describe(expected: Sequence[Expected]) -> str:
    """`a resource id, "force" or the end`, for an error message."""
    if not expected:
        return "nothing more"
    names = list(dict.fromkeys(item.description for item in expected))
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


class Usage:
    """The usage lines of one command, compiled when they are first needed."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        self.name = lines[0].split(maxsplit=1)[0]

    @property
    def shown(self) -> list[str]:
        """The usage lines as they are shown: arguments without their kinds."""
        return [re.sub(r"(<[\w-]+):\w+>", r"\1>", line) for line in self.lines]

    @cached_property
    def patterns(self) -> list[Pattern]:
        """One a usage line. Raises ValueError where a line is not in the notation."""
        found = [compile_pattern(line) for line in self.lines]
        for pattern in found:
            if unknown := [item.kind for item in pattern.arguments() if item.kind not in SLOTS]:
                raise ValueError(f"{pattern.line}: {unknown[0]} is no kind of slot")
        return found

    @cached_property
    def flags(self) -> frozenset[str]:
        """The literals that need not be there, as the handler's parameters."""
        each: list[set[str]] = [{item.text for item in pattern.literals} for pattern in self.patterns]
        somewhere = set[str]().union(*each) - each[0].intersection(*each)
        inside = {item.text for pattern in self.patterns for item in pattern.literals if item.is_free}
        options = {item.text for pattern in self.patterns for item in pattern.options if not item.value}
        return frozenset(parameter(name) for name in somewhere | inside | options)

    def parameters(self) -> frozenset[str]:
        """The names of all the handler's parameters."""
        arguments = {parameter(item.name) for pattern in self.patterns for item in pattern.arguments()}
        return self.flags | arguments

    def match(self, words: Sequence[str]) -> dict[str, Any]:
        """The handler's arguments for the words behind the command's name. Raises Misfit."""
        walks = []
        for pattern in self.patterns:
            walk = _Walk(pattern, words)
            if walk.is_complete:
                return self._arguments(walk)
            walks.append(walk)
        raise _misfit(walks, words)

    def expected(self, words: Sequence[str]) -> list[Expected]:
        """What may stand behind these words, in order of usage lines; empty where they fit none."""
        walks = [_Walk(pattern, words) for pattern in self.patterns]
        return _unique(item for walk in walks if walk.index == len(words) for item in walk.expected)

    def _arguments(self, walk: _Walk) -> dict[str, Any]:
        found: dict[str, Any] = dict.fromkeys(self.flags, False)
        for item, value in walk.taken():
            name = parameter(item.text if isinstance(item, (Literal, Option)) else item.name)
            if isinstance(item, Argument):
                if item.is_repeated:
                    found.setdefault(name, []).append(value)
                else:
                    found[name] = value
            elif name in self.flags:
                found[name] = True
        return found


class _Walk:
    """The words taken along one usage line, as far as they fit.

    All readings of the words are followed at once, best first, so the time is linear in the words: `threads` are
    pairs of a position in the pattern and what was taken on the way there.
    """

    def __init__(self, pattern: Pattern, words: Sequence[str]) -> None:
        self.pattern = pattern
        self.words = words
        self.index = 0
        self.text: str | None = None
        self.hint: str | None = None
        self.given: list[tuple[Option, object]] = []
        self.wanted: Argument | None = None
        self.options_end = False
        self.threads: list[tuple[int, Taken]] = pattern.closure([(0, None)])
        while self.index < len(words) and self._step(words[self.index]):
            pass

    @property
    def is_complete(self) -> bool:
        """Whether all words are taken and none is missing."""
        done = self.index == len(self.words) and not self.wanted and not self.text
        return done and any(self.pattern.is_end(at) for at, _ in self.threads)

    @property
    def expected(self) -> list[Expected]:
        """What could stand where the walk ended."""
        if self.wanted:
            return [self.wanted]
        items: list[Expected] = [item for at, _ in self.threads if (item := self.pattern.item(at)) is not None]
        if not self.options_end:
            once = {option.text for option, _ in self.given if not option.is_repeated}
            items += [option for option in self.pattern.options if option.text not in once]
        return _unique(items)

    def taken(self) -> list[tuple[Expected, object]]:
        """What the best reading took, in order; options last."""
        best = next(taken for at, taken in self.threads if self.pattern.is_end(at))
        found: list[tuple[Expected, object]] = []
        while best is not None:
            item, value, best = best
            found.append((item, value))
        found.reverse()
        for option, value in self.given:
            found.append((option.value or option, value))
        return found

    def _step(self, word: str) -> bool:
        if not self.options_end and word.startswith("--"):
            if word == "--":
                self.options_end = True
                self.index += 1
                return True
            return self._take_option(*word[2:].partition("="))
        threads = self._advance(word)
        if not threads:
            return False
        self.threads = threads
        self.text = self.hint = None
        self.index += 1
        return True

    def _advance(self, word: str) -> list[tuple[int, Taken]]:
        literals: list[tuple[int, Taken]] = []
        arguments: list[tuple[int, Taken]] = []
        for at, taken in self.threads:
            item = self.pattern.item(at)
            if isinstance(item, Literal) and item.text == word:
                literals.append((at + 1, (item, word, taken)))
            elif isinstance(item, Argument):
                try:
                    arguments.append((at + 1, (item, SLOTS[item.kind].check(word), taken)))
                except Refusal as refusal:
                    self.text, self.hint = refusal.text, refusal.hint
                    continue
                self.options_end |= item.kind == "words" and not literals
        return self.pattern.closure(literals + arguments)

    def _take_option(self, name: str, equals: str, value: str) -> bool:
        option = next((option for option in self.pattern.options if option.text == name), None)
        if option is None:
            self.text, self.hint = (
                f"unknown option --{name}",
                did_you_mean(f"--{name}", [f"--{option.text}" for option in self.pattern.options]),
            )
            return False
        if not option.is_repeated and any(other is option for other, _ in self.given):
            self.text = f"--{name} is given twice"
            return False
        if option.value is None:
            if equals:
                self.text = f"--{name} takes no value"
                return False
            self.given.append((option, True))
            self.index += 1
            return True
        if not equals:
            self.index += 1
            if self.index == len(self.words):
                self.wanted = option.value
                return False
            value = self.words[self.index]
        return self._take_value(option, option.value, value)

    def _take_value(self, option: Option, argument: Argument, value: str) -> bool:
        try:
            self.given.append((option, SLOTS[argument.kind].check(value)))
        except Refusal as refusal:
            self.wanted, self.text, self.hint = argument, refusal.text, refusal.hint
            return False
        self.index += 1
        return True


def parameter(name: str) -> str:
    """The handler's parameter for a name of a usage line."""
    plain = name.replace("-", "_")
    return plain + "_" if iskeyword(plain) else plain


def _misfit(walks: Sequence[_Walk], words: Sequence[str]) -> Misfit:
    index = max(walk.index for walk in walks)
    furthest = [walk for walk in walks if walk.index == index]
    expected = _unique(item for walk in furthest for item in walk.expected)
    said = next((walk for walk in furthest if walk.text), None)
    if said is None or (index < len(words) and any(not walk.text and walk.expected for walk in furthest)):
        return Misfit(index, expected, None, said.hint if said else None)
    return Misfit(index, expected, said.text, said.hint)


def _unique(items: Iterable[Expected]) -> list[Expected]:
    return list({(type(item), item.text): item for item in items}.values())
