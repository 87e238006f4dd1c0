"""A usage line compiled to a small program, as a regular expression over words is.

An instruction is an item that takes a word, or a tuple of the positions that may be gone to, best first. The end of
the program is the end of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crmsh_py.command.slots import SLOTS

if TYPE_CHECKING:
    from typing import TypeAlias, TypeVar

    T = TypeVar("T")
    Instruction: TypeAlias = "Literal | Argument | tuple[int, ...]"

_TOKEN = re.compile(r"\[|\]|\(|\)|\||\.\.\.|<[^<>]+>|[^\s\[\]()|<>.]+|\S")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")


class Literal:
    """A word that stands for itself. `is_free`: it need not be there."""

    __slots__ = ("is_free", "text")

    def __init__(self, text: str, is_free: bool) -> None:
        self.text = text
        self.is_free = is_free

    @property
    def description(self) -> str:
        """For an error message."""
        return f"`{self.text}`"


class Argument:
    """A place for a word of a kind. `is_repeated`: its values make a list."""

    __slots__ = ("is_repeated", "kind", "name")

    def __init__(self, name: str, kind: str, is_repeated: bool) -> None:
        self.name = name
        self.kind = kind
        self.is_repeated = is_repeated

    @property
    def text(self) -> str:
        """As in the usage line."""
        return f"<{self.name}>" if self.name == self.kind else f"<{self.name}:{self.kind}>"

    @property
    def description(self) -> str:
        """For an error message."""
        return SLOTS[self.kind].description


class Option:
    """`--text`, with a value or without."""

    __slots__ = ("is_repeated", "text", "value")

    def __init__(self, text: str, value: Argument | None, is_repeated: bool) -> None:
        self.text = text
        self.value = value
        self.is_repeated = is_repeated

    @property
    def description(self) -> str:
        """For an error message."""
        return f"`--{self.text}`"


class Pattern:
    """One usage line, compiled: `line` as it is written, `program`, and the `options` that may stand anywhere."""

    def __init__(self, line: str, program: Sequence[Instruction], options: Sequence[Option]) -> None:
        self.line = line
        self.program = program
        self.options = options

    @property
    def literals(self) -> list[Literal]:
        """All literals behind the command's name."""
        return [item for item in self.program if isinstance(item, Literal)]

    def arguments(self) -> Iterator[Argument]:
        """All arguments, those of options last."""
        yield from (item for item in self.program if isinstance(item, Argument))
        yield from (option.value for option in self.options if option.value)

    def item(self, at: int) -> Literal | Argument | None:
        """What takes a word at a position; None at the end."""
        if at == len(self.program):
            return None
        item = self.program[at]
        return None if isinstance(item, tuple) else item

    def is_end(self, at: int) -> bool:
        """Whether a position is the end of the line."""
        return at == len(self.program)

    def closure(self, threads: Sequence[tuple[int, T]]) -> list[tuple[int, T]]:
        """All positions that take a word, or end the line, to be reached from these; best first, each once."""
        seen: set[int] = set()
        found: list[tuple[int, T]] = []
        stack = list(reversed(threads))
        while stack:
            at, taken = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            instruction = None if self.is_end(at) else self.program[at]
            if isinstance(instruction, tuple):
                stack.extend((target, taken) for target in reversed(instruction))
            else:
                found.append((at, taken))
        return found


def compile_pattern(line: str) -> Pattern:
    """Compile a usage line, without its first word, the command's name. Raises ValueError."""
    return _Compiler(line).pattern()


class _Compiler:
    """Recursive descent over the tokens; code is made relative to its own start and moved when it is joined."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.tokens = _TOKEN.findall(line)
        self.at = 1
        self.options: list[Option] = []

    def pattern(self) -> Pattern:
        if not self.tokens or not _NAME.match(self.tokens[0]):
            raise self.error("a usage line begins with the command's name")
        program = self.sequence(free=False)
        if self.at < len(self.tokens):
            raise self.error(f"{self.tokens[self.at]} is not opened")
        return Pattern(self.line, program, self.options)

    def error(self, text: str) -> ValueError:
        return ValueError(f"{self.line}: {text}")

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def sequence(self, free: bool) -> list[Instruction]:
        code: list[Instruction] = []
        while self.peek() not in ("", "]", ")", "|"):
            code += _moved(self.repeated(free), len(code))
        return code

    def repeated(self, free: bool) -> list[Instruction]:
        options = len(self.options)
        code = self.element(free)
        if self.peek() != "...":
            return code
        self.next()
        if len(self.options) > options:
            self.options[-1] = _repeated_option(self.options[-1])
            return code
        for item in code:
            if isinstance(item, Argument):
                item.is_repeated = True
        return [*code, (0, len(code) + 1)]

    def element(self, free: bool) -> list[Instruction]:
        sign = self.next()
        if sign == "[":
            if self.peek().startswith("--"):
                return self.option()
            code = self.choice("]", free=True)
            return [(1, len(code) + 1), *_moved(code, 1)]
        if sign == "(":
            return self.choice(")", free=True)
        if sign.startswith("<"):
            return [self.argument(sign)]
        if not _NAME.match(sign):
            raise self.error(f"{sign} is not in the notation")
        return [Literal(sign, free)]

    def choice(self, close: str, free: bool) -> list[Instruction]:
        branches = [self.sequence(free)]
        while self.peek() == "|":
            self.next()
            branches.append(self.sequence(free))
        if self.next() != close:
            raise self.error(f"{close} is missing")
        return _either(branches) if len(branches) > 1 else branches[0]

    def argument(self, token: str) -> Argument:
        name, _, kind = token[1:-1].partition(":")
        if not _NAME.match(name) or (":" in token and not _NAME.match(kind)):
            raise self.error(f"{token} is not in the notation")
        return Argument(name, kind or name, False)

    def option(self) -> list[Instruction]:
        name = self.next()[2:]
        value = self.argument(self.next()) if self.peek().startswith("<") else None
        if self.next() != "]" or not _NAME.match(name):
            raise self.error(f"[--{name}] is not in the notation")
        self.options.append(Option(name, value, False))
        return []


def _repeated_option(option: Option) -> Option:
    if option.value:
        option.value.is_repeated = True
    return Option(option.text, option.value, True)


def _moved(code: Sequence[Instruction], by: int) -> list[Instruction]:
    return [tuple(at + by for at in item) if isinstance(item, tuple) else item for item in code]


def _either(branches: Sequence[Sequence[Instruction]]) -> list[Instruction]:
    """A fork to the branches, each with a jump behind the last."""
    end = 1 + sum(len(branch) + 1 for branch in branches)
    code: list[Instruction] = [()]
    starts = []
    for branch in branches:
        starts.append(len(code))
        code += [*_moved(branch, len(code)), (end,)]
    code[0] = tuple(starts)
    return code
