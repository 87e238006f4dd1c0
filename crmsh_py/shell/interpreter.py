"""A line -> level, command, arguments -> run. A script is read whole before any of it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from crmsh_py.command.context import Context, located
from crmsh_py.command.names import LEVEL, UNKNOWN_COMMAND, find
from crmsh_py.command.usage import Misfit, describe
from crmsh_py.errors import CrmError, UsageError
from crmsh_py.language.header import read_header
from crmsh_py.language.words import Line, Word, logical_lines, quote_argv
from crmsh_py.levels import ALIASES
from crmsh_py.levels import load as load_level
from crmsh_py.output import Output, Record
from crmsh_py.problems import ERROR, Problem
from crmsh_py.shell.everywhere import UNKNOWN_LEVEL, Stack
from crmsh_py.shell.everywhere import level as everywhere

if TYPE_CHECKING:
    from typing import Any

    from crmsh_py.command.declare import Command, Level


class Step:
    """A line that was read and can be run.

    is_statement: it is one edit, which can be joined with its neighbours. is_border: what was edited up to here stays.
    """

    __slots__ = ("is_border", "is_statement", "line", "run")

    def __init__(
        self, line: Line, run: Callable[[Context], Any], is_statement: bool = False, is_border: bool = False
    ) -> None:
        self.line = line
        self.run = run
        self.is_statement = is_statement
        self.is_border = is_border


class Interpreter:
    """Runs lines for one Context; `stack` is where it stands."""

    def __init__(self, cx: Context, output: Output, load: Callable[[str], Level] = load_level) -> None:
        self.cx = cx
        self.output = output
        self.stack = Stack(load)
        self._border: Line | None = None

    def descend(self, words: Sequence[str]) -> Sequence[str]:
        """Enter the levels that the words of a command line begin with; the words that are left. Raises UsageError."""
        for index, word in enumerate(words):
            meaning = find(word, (self.stack.level, everywhere), ALIASES)
            if meaning.sort != LEVEL:
                return words[index:]
            self._note_guess(word, meaning.name, meaning.is_guess)
            self.stack.enter(meaning.name)
        return ()

    def run_words(self, words: Sequence[str]) -> int:
        """Run the words of a command line as one line, commit, and return the exit code. Raises CrmError."""
        return self.run_lines(logical_lines(quote_argv(words), ""))

    def run_script(self, text: str, source: str) -> int:
        """Run a text and return its exit code: all of it, or, where a line is wrong, nothing. Raises CrmError."""
        if read_header(text):
            # run as a script, it would be completed as what is typed is
            raise UsageError(f"{source} is exact text, not a script", hint="`configure load` takes it")
        return self.run_lines(logical_lines(text, source))

    def run_lines(self, lines: Iterable[Line]) -> int:
        """Read all lines, then run them, then commit what they edited.

        Raises the first error, with the problems of all lines that could not be read. With `keep_going` errors are
        shown instead, what is good is run and committed, and the exit code is the first error's.
        """
        steps, errors = self._read(lines)
        keep_going = self.cx.options.keep_going
        if errors and not keep_going:
            raise type(errors[0])(problems=[problem for error in errors for problem in error.problems])
        self._show_errors(errors)
        exit_code = errors[0].exit_code if errors else 0
        for work in [[step] for step in steps] if keep_going else _stretches(steps):
            try:
                done = self._run_stretch(work)
            except CrmError as error:
                if not keep_going:
                    raise
                self._show_errors([error])
                done = error.exit_code
            exit_code = exit_code or done
        self.cx.line = None
        if self.cx.is_dirty:
            self.cx.commit()
        return exit_code

    def read_line(self, stack: Stack, line: Line) -> Step | None:
        """What a line means at a stack of levels, which moves where the line moves it; None for a line without words.

        Raises UsageError or BadSyntax, with places.
        """
        if line.fault:
            raise line.fault
        return self._read_words(stack, line, 0) if line.words else None

    def _read(self, lines: Iterable[Line]) -> tuple[list[Step], list[CrmError]]:
        steps: list[Step] = []
        errors: list[CrmError] = []
        is_lost = False
        for line in lines:
            try:
                step = self.read_line(self.stack, line)
            except CrmError as error:
                is_unknown = error.problems[0].code in (UNKNOWN_COMMAND, UNKNOWN_LEVEL)
                # after a level that could not be entered, what follows is unknown too, and says nothing
                if not (is_lost and is_unknown):
                    errors.append(error)
                is_lost = is_lost or (is_unknown and len(line.words) == 1 and bool(self.stack.level.sublevels))
                continue
            if step:
                steps.append(step)
            if self.stack.is_closed:
                break
        return steps, errors

    def _read_words(self, stack: Stack, line: Line, at: int) -> Step | None:
        word = line.words[at]
        try:
            meaning = find(word.value, (stack.level, everywhere), ALIASES)
        except UsageError as error:
            raise _placed(error, word) from None
        self._note_guess(word.value, meaning.name, meaning.is_guess)
        rest = [other.value for other in line.words[at + 1 :]]
        if meaning.sort == LEVEL:
            return self._read_level(stack, line, at, meaning.name)
        if rest in (["--help"], ["-h"]):
            return self._read_command(stack.copy(), line, at, everywhere.commands["help"], [meaning.name])
        if meaning.command:
            return self._read_command(stack, line, at, meaning.command, rest)
        level = stack.level
        parsed = level.parse(_from_word(line, at, meaning.name))
        return Step(line, lambda cx: level.run_statement and level.run_statement(cx, parsed), is_statement=True)

    def _read_level(self, stack: Stack, line: Line, at: int, name: str) -> Step | None:
        if at + 1 == len(line.words):
            stack.enter(name)
            return None
        inner = stack.copy()
        inner.enter(name)
        step = self._read_words(inner, line, at + 1)
        stack.is_closed = inner.is_closed
        return step

    def _read_command(self, stack: Stack, line: Line, at: int, command: Command, rest: Sequence[str]) -> Step:
        try:
            arguments = command.usage.match(rest)
        except Misfit as misfit:
            raise UsageError(problems=[_misfit_problem(misfit, command, line, at)]) from None
        if everywhere.commands.get(command.name) is not command:
            return Step(line, partial(_call, command, arguments), is_border=command.is_border)
        try:
            record = command.handler(stack, **arguments)
        except UsageError as error:
            raise _placed(error, line.words[-1]) from None
        return Step(line, lambda _: record)

    def _run_stretch(self, steps: Sequence[Step]) -> int:
        """Run steps, as one edit where they are several. Raises CrmError, its problems with places."""
        try:
            if len(steps) == 1:
                return self._run_step(steps[0])
            self.cx.together(partial(self._run_steps, steps))
        except CrmError as error:
            problems = [located(problem, self.cx.line) for problem in error.problems]
            raise type(error)(problems=[*problems, *self._border_note()]) from error
        return 0

    def _run_steps(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._run_step(step)

    def _run_step(self, step: Step) -> int:
        self.cx.line = step.line
        result = step.run(self.cx)
        if step.is_border:
            self._border = step.line
        if isinstance(result, Record):
            self.output.show(result)
        return result if isinstance(result, int) else 0

    def _border_note(self) -> list[Problem]:
        border = self._border
        if border is None or not border.source or self.cx.options.keep_going:
            return []
        text = f"what stands up to line {border.number} was committed and stays; nothing after it was"
        return [Problem("info", "partly-committed", text)]

    def _show_errors(self, errors: Iterable[CrmError]) -> None:
        for error in errors:
            for problem in error.problems:
                self.output.tell(problem)

    def _note_guess(self, word: str, name: str, is_guess: bool) -> None:
        if is_guess:
            self.cx.note(f'"{word}" is read as "{name}"')


def _stretches(steps: Iterable[Step]) -> Iterable[list[Step]]:
    """The steps one by one, but neighbouring statements together."""
    for is_statement, group in groupby(steps, lambda step: step.is_statement):
        if is_statement:
            yield list(group)
        else:
            yield from ([step] for step in group)


def _call(command: Command, arguments: dict[str, Any], cx: Context) -> Any:
    return command.handler(cx, **arguments)


def _placed(error: UsageError, word: Word) -> UsageError:
    return UsageError(problems=[problem._replace(place=word.place) for problem in error.problems])


def _misfit_problem(misfit: Misfit, command: Command, line: Line, at: int) -> Problem:
    """What was expected of the command, with the place of the first word that does not fit."""
    index = at + 1 + misfit.index
    hint = misfit.hint or "usage: " + " | ".join(command.usage.lines)
    if index < len(line.words):
        return Problem(ERROR, "usage", str(misfit), line.words[index].place, hint)
    text = misfit.text or f"expected {describe(misfit.expected)} after `{line.words[-1].value}`"
    end = line.words[-1].stop
    return Problem(ERROR, "usage", text, line.place(end, end + 1), hint)


def _from_word(line: Line, at: int, keyword: str) -> Line:
    """The line from a word on, with its first word written in full."""
    first = line.words[at]
    if at == 0 and first.value == keyword:
        return line
    part = Line(line.source, line.number)
    part.text, part.pieces = line.text, line.pieces
    part.comments, part.trailing = line.comments, line.trailing
    part.words = [Word(keyword, None, line, first.start, first.stop), *line.words[at + 1 :]]
    if keyword == "xml":
        # as at the beginning of a line, what follows is one word and its quotes are its own
        raw = line.text[first.stop :].strip()
        part.words[1:] = (
            [Word(raw, "q" * len(raw), line, line.text.index(raw, first.stop), len(line.text))] if raw else []
        )
    return part
