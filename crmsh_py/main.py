"""The program: options -> one line, a script, or the shell. The only place that exits."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING

from crmsh_py import __version__, masks
from crmsh_py.command.context import Context, Options
from crmsh_py.config import DISPLAYS, Settings, read_settings
from crmsh_py.errors import BUG, CHANGED, INTERRUPTED, BadSyntax, Cancelled, CrmError, NotPermitted, UsageError
from crmsh_py.output import FORMAT_FLAGS, FORMATS, Output, Record
from crmsh_py.problems import ERROR, Problem, listed

if TYPE_CHECKING:
    import argparse
    from typing import Any, NoReturn

LOST_OUTPUT = 120
# options of the existing shell, and why they are refused
REFUSED = {
    "-H": "the history level is not there yet",
    "--history": "the history level is not there yet",
    "-R": "there is no such trace; -d shows tracebacks of bugs",
    "--regression-tests": "there is no such trace; -d shows tracebacks of bugs",
    "-X": "profiles are not written; `python3 -X importtime -m crmsh_py` and cProfile are at hand",
    "--scriptdir": "the script level is not there yet",
}


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run `crm` with the arguments of the process, and leave it with an exit code of DESIGN 7."""
    # a parse makes many objects and drops none: the collector's passes over them would take time and find nothing
    gc.set_threshold(200_000)
    _open_standard_streams()
    output = Output(sys.stdout, sys.stderr, os.environ, stdin=sys.stdin)
    code = run(sys.argv[1:] if argv is None else argv, os.environ, output)
    if code == Cancelled.exit_code:
        # who presses Ctrl-C again while the interpreter ends would get another exit code, or a traceback
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End the process at once: to free all objects one by one would take as long as to make them."""
    # one that was closed at the start is None
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):  # as Python itself has it
            code = LOST_OUTPUT
    os._exit(code)


def run(argv: Sequence[str], environ: Mapping[str, str], output: Output) -> int:
    """Run `crm` with these arguments; the exit code. Every exception ends here."""
    output.debug = "--debug" in argv or "-d" in argv
    try:
        return _run_or_tell(argv, environ, output)
    except KeyboardInterrupt:
        output.tell(Problem(ERROR, Cancelled.code, INTERRUPTED))
        return Cancelled.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort
        output.tell_bug(error)
        return BUG


def _run_or_tell(argv: Sequence[str], environ: Mapping[str, str], output: Output) -> int:
    """Run `crm`, and tell its error; the exit code."""
    try:
        return _run(argv, environ, output)
    except CrmError as error:
        answer = _answer_of_command(argv, error)
        if answer is not None:
            output.show(answer)
            return answer.exit_code
        for problem in error.problems:
            output.tell(problem)
        return error.exit_code


def _answer_of_command(argv: Sequence[str], error: CrmError) -> Record | None:
    """What the command of a line says itself where the line is wrong; None for one that leaves that to its errors."""
    try:
        words = " ".join(_read_options(argv)[0].words).split()
    except UsageError:
        words = list(argv)
    name = next((word for word in words if not word.startswith("-")), "")
    from crmsh_py.levels import load

    command = load("root").commands.get(name)
    return command.failing(error) if command and command.failing else None


def _run(argv: Sequence[str], environ: Mapping[str, str], output: Output) -> int:
    given, words = _parse(argv)
    output.display = given.display
    output.format = given.format
    if given.version:
        output.show(_text_record("version", f"crm {__version__}\n"))
        return 0
    if given.help:
        output.show(_text_record("usage", _parser().format_help()))
        return 0
    if given.complete is not None:
        output.show(_completion(given.complete, environ))
        return 0
    settings = _settings(given, environ, output)
    options = Options(
        given.cib,
        given.force,
        given.no,
        given.wait,
        output.debug,
        given.keep_going,
        given.expect_epoch,
    )
    cx = Context(options, environ, output.tell, settings=settings, ask_user=output.ask, progress=output.progress)
    cx.can_ask = output.can_ask
    try:
        code = _work(given.file, words, cx, output)
    finally:
        for work in cx.at_end.values():
            work()
    return CHANGED if given.detailed_exitcode and not code and cx.has_written else code


def _settings(given: SimpleNamespace, environ: Mapping[str, str], output: Output) -> Settings:
    """Read the settings, and follow those of the output, also when they change. Raises UsageError."""
    settings, problems = read_settings(environ, given.settings)
    is_debugged = output.debug

    def follow(settings: Settings) -> None:
        output.display = given.display or settings["color.style"] or None
        output.pager = settings["core.pager"] or None
        output.debug = is_debugged or settings.is_on("core.debug")
        masks.hide(settings["core.obscure_pattern"])

    follow(settings)
    settings.followers.append(follow)
    for problem in problems:
        output.tell(problem)
    return settings


def _work(file: str | None, words: Sequence[str], cx: Context, output: Output) -> int:
    from crmsh_py.shell.interpreter import Interpreter

    interpreter = Interpreter(cx, output)
    rest = interpreter.descend(words)
    if file is not None:
        if rest:
            raise UsageError(f"with -f only a level can be given, not `{rest[0]}`")
        return interpreter.run_script(*_read_script(file))
    output.is_attended = True
    if rest:
        return interpreter.run_words(rest)
    if output.is_interactive:
        from crmsh_py.shell.prompt import Prompt  # heavy

        return Prompt(interpreter).run()
    output.is_attended = False
    return interpreter.run_script(*_read_script("-"))


def _completion(line: str, environ: Mapping[str, str]) -> Record:
    """What may stand at the end of a command line: a word a line, and behind a tab what it is."""
    from crmsh_py.levels import load
    from crmsh_py.shell.command_line import OptionOfProgram, candidates
    from crmsh_py.shell.everywhere import Stack

    options = [OptionOfProgram(flags, about["help"], "metavar" in about) for flags, about in OPTIONS]
    found = candidates(line, options, lambda cib: (Context(Options(cib), environ, lambda _: None), Stack(load)))
    return Record(
        "complete",
        lambda: [one._asdict() for one in found],
        lambda: [("", "".join(f"{one.text}\t{one.about}\n" for one in found))],
    )


def _read_script(path: str) -> tuple[str, str]:
    """The text of a script and its name for messages. Raises UsageError, BadSyntax, NotPermitted."""
    from crmsh_py.cib.stores.file import decoded, read_source

    source = "stdin" if path == "-" else path
    try:
        return decoded(read_source(path), source), source
    except (NotPermitted, BadSyntax):
        raise
    except CrmError as error:
        raise UsageError(f"cannot read the script: {error}") from None


# the options of the program, and what argparse is told of them
OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("-f", "--file"), {"metavar": "FILE", "help": "run a script; - is the standard input"}),
    (
        ("-c", "--cib"),
        {"metavar": "CIB", "help": "work on a CIB file (a value with a / or ending in .xml) or on a shadow CIB"},
    ),
    (("-D", "--display"), {"metavar": "MODE", "help": f"colour of the output: {', '.join(DISPLAYS)}"}),
    (("-F", "--force"), {"action": "store_true", "help": "go on where our own checks and crm_verify say no"}),
    (("-n", "--no"), {"action": "store_true", "help": "answer every question with no"}),
    (("-w", "--wait"), {"action": "store_true", "help": "wait until the cluster has settled"}),
    (("-d", "--debug"), {"action": "store_true", "help": "show tracebacks of bugs"}),
    (
        FORMAT_FLAGS,
        {
            "metavar": "FORMAT",
            "action": "append",
            "default": [],
            "help": f"{listed(FORMATS, 'or')}, which may also stand behind the command; or a setting, "
            "SECTION.NAME=VALUE",
        },
    ),
    (("--keep-going",), {"action": "store_true", "help": "run a script on after errors, and commit what was good"}),
    (
        ("--detailed-exitcode",),
        {"action": "store_true", "help": f"exit with {CHANGED} where the configuration was changed"},
    ),
    (("--expect-epoch",), {"metavar": "N", "type": int, "help": "commit only where the CIB has this epoch"}),
    (
        ("--complete",),
        {"metavar": "LINE", "help": "print what may follow at the end of a command line, for the TAB key of shells"},
    ),
    (("--version",), {"action": "store_true", "help": "show the version"}),
    (("-h", "--help"), {"action": "store_true", "help": "show this help; `crm help` lists the commands"}),
)


def _parser() -> argparse.ArgumentParser:
    import argparse  # heavy

    class Parser(argparse.ArgumentParser):
        def _get_formatter(self) -> argparse.HelpFormatter:
            # without a width argparse asks shutil for the terminal's, even where no help is shown: 3 ms
            return argparse.HelpFormatter(self.prog, width=100)

        def error(self, message: str) -> NoReturn:
            raise UsageError(message, hint="`crm --help` lists the options")

    parser = Parser(prog="crm", usage="crm [OPTIONS] [LEVEL]... [COMMAND [ARGUMENT]...]", add_help=False)
    parser.allow_abbrev = False
    for flags, about in OPTIONS:
        parser.add_argument(*flags, **about)
    parser.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _read_options(argv: Sequence[str]) -> tuple[SimpleNamespace, list[str]]:
    """The options, and what argparse does not know. Raises UsageError."""
    if argv and argv[0].startswith("-"):
        known, beyond = _parser().parse_known_args(list(argv))
        return SimpleNamespace(**vars(known)), beyond
    # what stands behind the first word is not for argparse, which is slow to load
    usual = {"store_true": False, "append": []}
    names = {flags[-1].lstrip("-").replace("-", "_"): usual.get(about.get("action", "")) for flags, about in OPTIONS}
    return SimpleNamespace(**names, words=list(argv)), []


def _parse(argv: Sequence[str]) -> tuple[SimpleNamespace, list[str]]:
    """The options, and the words behind them. Raises UsageError."""
    given, beyond = _read_options(argv)
    words: list[str] = given.words
    if words[:1] == ["--"]:
        del words[0]
    elif words and words[0].startswith("-"):
        raise _unknown_option(words[0])
    if beyond:
        raise _unknown_option(beyond[0])
    formats = [value for value in given.output if "=" not in value]
    given.settings = [value for value in given.output if "=" in value]
    for index in range(1, len(words) - 1):
        is_format = words[index + 1] in FORMATS or index == len(words) - 2
        if words[index] in FORMAT_FLAGS and is_format:
            formats.append(words[index + 1])
            del words[index : index + 2]
            break
    for name in formats:
        if name not in FORMATS:
            raise UsageError(f"no such output format: {name}", hint=f"formats are {listed(FORMATS)}")
    given.format = formats[-1] if formats else "text"
    _check_display(given.display)
    return given, words


def _unknown_option(word: str) -> UsageError:
    name = word.partition("=")[0] if word.startswith("--") else word[:2]
    hint = REFUSED.get(name, "`crm --help` lists the options")
    return UsageError(f"unknown option: {word}", hint=hint)


def _check_display(mode: str | None) -> None:
    if mode is None or mode in DISPLAYS:
        return
    hint = f"modes are {', '.join(DISPLAYS)}"
    if "uppercase" in mode.split(","):
        hint = "upper case is gone: what it wrote could not be read back"
    raise UsageError(f"no such display: {mode}", hint=hint)


def _text_record(shape: str, text: str) -> Record:
    return Record(shape, text.strip, lambda: [("", text)])


def _open_standard_streams() -> None:
    """Give closed streams a place to go, else the next file opened would take their number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
