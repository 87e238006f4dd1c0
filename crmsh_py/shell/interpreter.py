"""A line -> level, command, arguments -> run. A script is read whole before any of it runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from crmsh_py.command.context import Context, located
from crmsh_py.command.names import LEVEL, NOT_YET, UNKNOWN_COMMAND, find
from crmsh_py.command.usage import Misfit, describe
from crmsh_py.errors import INTERRUPTED, Cancelled, CrmError, NoSuchObject, Refused, UsageError
from crmsh_py.language.header import read_header
from crmsh_py.language.words import Line, Word, logical_lines, quote_argv
from crmsh_py.levels import ALIASES
from crmsh_py.levels import load as load_level
from crmsh_py.output import FORMAT_FLAGS, FORMATS, Output, Record
from crmsh_py.problems import ERROR, Problem
from crmsh_py.shell.everywhere import UNKNOWN_LEVEL, Stack
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.swapped import meant

if TYPE_CHECKING:
    from typing import Any

    from crmsh_py.command.declare import Command, Level
    from crmsh_py.command.names import Meaning

# the options of the program that have no value, where somebody writes them behind a command
OPTION = re.compile("-[Fnwd]")


class Step:
    """A line that was read and can be run.

    statement: what a level's language says; neighbours are run together. is_border: what was edited up to here stays.
    format: of what it has to say, where the line names one.
    """

    __slots__ = ("format", "is_border", "level", "line", "run", "statement")

    def __init__(
        self,
        line: Line,
        run: Callable[[Context], Any] | None = None,
        is_border: bool = False,
        format_: str | None = None,
        level: Level | None = None,
        statement: Any = None,
    ) -> None:
        self.line = line
        self.run = run
        self.is_border = is_border
        self.format = format_
        self.level = level
        self.statement = statement


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
            if _is_line(words[index:]):
                return words[index:]
            meaning = _meaning(self.stack.level, words[index:])
            if meaning.sort != LEVEL:
                return words[index:]
            self._note_guess(word, meaning.name, meaning.is_guess)
            self.stack.enter(meaning.name)
        return ()

    def run_words(self, words: Sequence[str]) -> int:
        """Run the words of a command line as one line, commit, and return the exit code. Raises CrmError.

        One word with blanks in it is a line that was quoted as a whole.
        """
        return self.run_lines(logical_lines(words[0] if _is_line(words) else quote_argv(words), ""))

    def run_script(self, text: str, source: str) -> int:
        """Run a text and return its exit code: all of it, or, where a line is wrong, nothing. Raises CrmError."""
        if read_header(text):
            # run as a script, it would be completed as what is typed is
            raise UsageError(f"{source} is exact text, not a script", hint="`configure load` takes it")
        return self.run_lines(logical_lines(text, source))

    def run_lines(self, lines: Iterable[Line]) -> int:
        """Read all lines, then run them, then commit what they edited.

        Raises the first error, with the problems of all lines that could not be read. A command that ends with an
        exit code of its own ends the lines, and nothing is committed. With `keep_going` errors are shown instead,
        what is good is run and committed, and the exit code is the first error's.
        """
        steps, errors = self._read(lines)
        if self.cx.options.keep_going:
            return self._run_what_is_good(steps, errors)
        if errors:
            problems = [problem for error in errors for problem in error.problems]
            raise type(errors[0])(problems=[*problems, *_not_run(steps)])
        for work in _stretches(steps):
            exit_code = self._run_stretch(work)
            if exit_code:
                self._tell_stop(exit_code)
                return exit_code
        return self._commit()

    def run_typed(self, line: Line) -> None:
        """Read a line and run it at once, as at the prompt: what it edits is not committed.

        Raises CrmError; the draft and the level are as before then.
        """
        stack = self.stack.copy()
        step = self.read_line(stack, line)
        if step:
            self.cx.refresh()
            self._run_stretch([step])
            self.cx.line = None
        self.stack = stack

    def record(self, text: str) -> Record:
        """What a line, as it is typed at the root, has to say; nothing is shown. Raises CrmError."""
        step = self.read_line(Stack(self.stack.load), next(iter(logical_lines(text, ""))))
        result = step.run(self.cx) if step and step.run else None
        if not isinstance(result, Record):
            raise UsageError(f"`{text}` has nothing to say")
        return result

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
        is_lost = False  # in a level that could not be entered, whose lines say nothing
        for line in lines:
            if is_lost and _is_up(line):
                is_lost = False
                continue
            try:
                step = self.read_line(self.stack, line)
            except CrmError as error:
                code = error.problems[0].code
                if not (is_lost and code in (UNKNOWN_COMMAND, UNKNOWN_LEVEL, NOT_YET)):
                    errors.append(error)
                is_command = code in (UNKNOWN_COMMAND, NOT_YET) and len(line.words) == 1
                is_lost = is_lost or code == UNKNOWN_LEVEL or (is_command and bool(self.stack.level.sublevels))
                continue
            if step:
                steps.append(step)
            is_lost = is_lost and not line.words
            if self.stack.is_closed:
                break
        return steps, errors

    def _read_words(self, stack: Stack, line: Line, at: int) -> Step | None:
        word = line.words[at]
        try:
            meaning = _meaning(stack.level, [other.value for other in line.words[at:]])
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
        return Step(line, level=stack.level, statement=stack.level.parse(_from_word(line, at, meaning.name)))

    def _read_level(self, stack: Stack, line: Line, at: int, name: str) -> Step | None:
        if at + 1 == len(line.words):
            stack.enter(name)
            return None
        inner = stack.copy()
        inner.enter(name)
        step = self._read_words(inner, line, at + 1)
        stack.is_closed = inner.is_closed
        return step

    def _read_command(self, stack: Stack, line: Line, at: int, command: Command, words: Sequence[str]) -> Step:
        rest, format_ = _cut_format(words)
        try:
            arguments = command.usage.match(rest)
        except Misfit as misfit:
            dashed = _dashed(line, at + 1)
            if dashed and line.words.index(dashed) == at + 1 + misfit.index:
                raise _unknown_option(dashed, stack, command) from None
            problem = _misfit_problem(misfit, command, line, at)
            hint = meant((stack.level, everywhere), [command.name, *rest], 1 + misfit.index)
            raise UsageError(problems=[problem._replace(hint=hint or problem.hint)]) from None
        if everywhere.commands.get(command.name) is not command:
            run = partial(_call, command, arguments)
            if dashed := _dashed(line, at + 1):
                run = partial(_call_with_dash, run, dashed, _unknown_option(dashed, stack, command))
            return Step(line, run, is_border=command.is_border, format_=format_)
        try:
            said = command.handler(stack, **arguments)
        except UsageError as error:
            raise _placed(error, line.words[-1]) from None
        return Step(line, said if callable(said) else lambda _: said, format_=format_)

    def _run_what_is_good(self, steps: Iterable[Step], errors: Sequence[CrmError]) -> int:
        """Run steps one by one, whatever becomes of them, and commit; the exit code of the first error."""
        self._show_errors(errors)
        exit_code = errors[0].exit_code if errors else 0
        work: list[Callable[[], int]] = [partial(self._run_stretch, [step]) for step in steps]
        for run in (*work, self._commit):
            try:
                done = run()
            except Cancelled:
                raise
            except CrmError as error:
                self._show_errors([error])
                done = error.exit_code
            exit_code = exit_code or done
        return exit_code

    def _run_stretch(self, steps: Sequence[Step]) -> int:
        """Run a step, or statements of one level as one edit. Raises CrmError, its problems with places."""
        try:
            self.cx.line = steps[0].line if len(steps) == 1 else None
            level = steps[0].level
            if level is None or level.run_statements is None:
                return self._run_step(steps[0])
            self.cx.together(partial(level.run_statements, self.cx, [step.statement for step in steps]))
        except CrmError as error:
            problems = [self.cx.placed(problem) for problem in error.problems]
            raise type(error)(problems=[*problems, *self._border_note()]) from error
        except KeyboardInterrupt:
            problem = Problem(ERROR, Cancelled.code, INTERRUPTED)
            raise Cancelled(problems=[problem, *self._border_note()]) from None
        return 0

    def _commit(self) -> int:
        """Commit what there is to commit, at the end. Raises CrmError."""
        self.cx.line = None
        try:
            if self.cx.is_dirty:
                self.cx.commit()
        except CrmError as error:
            problems = [self.cx.placed(problem) for problem in error.problems]
            raise type(error)(problems=[*problems, *self._border_note()]) from error
        return 0

    def _tell_stop(self, exit_code: int) -> None:
        """Say where a script ended, whose command has said why."""
        line = self.cx.line
        if line is not None and line.source:
            text = f"the script ends here, with exit code {exit_code}; what was not committed is not written"
            for problem in (Problem(ERROR, "script-ends", text), *self._border_note()):
                self.output.tell(located(problem, line) if problem.severity == ERROR else problem)

    def _run_step(self, step: Step) -> int:
        result = step.run(self.cx) if step.run else None
        # what is still an edit was not committed: the command only looked
        if step.is_border and not self.cx.is_dirty:
            self._border = step.line
        if isinstance(result, Record):
            self.output.show(result, step.format)
            return result.exit_code
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


def _meaning(level: Level, words: Sequence[str]) -> Meaning:
    """What the first of these words means in a level. Raises UsageError."""
    try:
        return find(words[0], (level, everywhere), ALIASES)
    except UsageError as error:
        (problem,) = error.problems
        hint = _hint(level, words) if problem.code == UNKNOWN_COMMAND else None
        raise UsageError(problems=[problem._replace(hint=hint or problem.hint)]) from None


def _hint(level: Level, words: Sequence[str]) -> str | None:
    """What is meant by a line whose first word means nothing in a level."""
    elsewhere = ALIASES.get(words[0].lower(), words[0].lower())
    if level.name != "root" and elsewhere in load_level("root").sublevels:
        return f"`up` leaves {level.name}, `cd /{elsewhere}` goes there"
    return meant((level, everywhere), words, 0)


def _cut_format(words: Sequence[str]) -> tuple[Sequence[str], str | None]:
    """The words without `-o FORMAT` at their end, and that format."""
    if len(words) > 1 and words[-2] in FORMAT_FLAGS and words[-1] in FORMATS:
        return words[:-2], words[-1]
    return words, None


def _is_line(words: Sequence[str]) -> bool:
    """Whether the words of a command line are a whole line in quotes."""
    return len(words) == 1 and words[0].split() not in ([], [words[0]])


def _not_run(steps: Sequence[Step]) -> list[Problem]:
    """What is said of a script that was not begun, of which there is something to run."""
    if not (steps and steps[0].line.source):
        return []
    return [Problem("info", "not-run", "nothing of the script was run")]


def _is_up(line: Line) -> bool:
    up = everywhere.commands["up"]
    return len(line.words) == 1 and line.words[0].value.lower() in (up.name, *up.aliases)


def _stretches(steps: Iterable[Step]) -> Iterable[list[Step]]:
    """The steps one by one, but neighbouring statements of one level together."""
    for level, group in groupby(steps, lambda step: step.level):
        if level:
            yield list(group)
        else:
            yield from ([step] for step in group)


def _call(command: Command, arguments: dict[str, Any], cx: Context) -> Any:
    """Run a command. Raises Refused where it needs a running cluster and the store is something else."""
    if command.is_live:
        if not cx.is_live:
            text = f"`{command.name}` acts on the running cluster, and {cx.session.store.label} is none"
            raise Refused(text, hint="leave out -c, CIB_file and CIB_shadow; `cib use` alone goes back to the live CIB")
        cx.finish_edits()
    return command.handler(cx, **arguments)


def _call_with_dash(run: Callable[[Context], Any], word: Word, unknown: UsageError, cx: Context) -> Any:
    """Run a command with a word that may have been meant as an option. Raises `unknown` where nothing is called so."""
    try:
        return run(cx)
    except NoSuchObject as error:
        if error.problems[0].object_id == word.value:
            raise unknown from None
        raise


def _dashed(line: Line, at: int) -> Word | None:
    """The first word from there on that is an option of the program, where it would be a name here."""
    before_names = takewhile(lambda word: word.value != "--", line.words[at:])
    return next((word for word in before_names if OPTION.fullmatch(word.value)), None)


def _unknown_option(word: Word, stack: Stack, command: Command) -> UsageError:
    similar = (f"--{item.text}" for pattern in command.usage.patterns for item in pattern.options)
    same = next((option for option in similar if option.startswith(f"-{word.value}")), "")
    words = " ".join((*stack.names[1:], command.name))
    where = f"options of the program stand before the level: `crm {word.value} {words} ...`"
    hint = f"did you mean {same}? {where}" if same else where
    return UsageError(problems=[Problem(ERROR, UsageError.code, f"unknown option {word.value}", word.place, hint)])


def _placed(error: UsageError, word: Word) -> UsageError:
    return UsageError(problems=[problem._replace(place=word.place) for problem in error.problems])


def _misfit_problem(misfit: Misfit, command: Command, line: Line, at: int) -> Problem:
    """What was expected of the command, with the place of the first word that does not fit."""
    index = at + 1 + misfit.index
    hint = misfit.hint or "usage: " + " | ".join(command.usage.shown)
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
