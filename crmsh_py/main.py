"""The program: options -> one line, a script, or the shell. The only place that exits."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crmsh_py import __version__
from crmsh_py.command.context import Context, Options
from crmsh_py.errors import Cancelled, CrmError, NotPermitted, UsageError
from crmsh_py.output import Output, Record
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from typing import NoReturn

FORMATS = ("text", "json")
BUG = 3


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run `crm` with the arguments of the process, and leave it with an exit code of DESIGN 7."""
    # a parse makes many objects and drops none: the collector's passes over them would take time and find nothing
    gc.set_threshold(200_000)
    _open_standard_streams()
    output = Output(sys.stdout, sys.stderr, os.environ)
    sys.exit(run(sys.argv[1:] if argv is None else argv, os.environ, output))


def run(argv: Sequence[str], environ: Mapping[str, str], output: Output) -> int:
    """Run `crm` with these arguments; the exit code. Every exception ends here."""
    try:
        return _run(argv, environ, output)
    except CrmError as error:
        for problem in error.problems:
            output.tell(problem)
        return error.exit_code
    except KeyboardInterrupt:
        output.tell(Problem(ERROR, "cancelled", "interrupted"))
        return Cancelled.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort
        _tell_bug(error, "--debug" in argv or "-d" in argv, output)
        return BUG


def _run(argv: Sequence[str], environ: Mapping[str, str], output: Output) -> int:
    given, words = _parse(argv)
    output.display = given.display
    output.format = given.output or "text"
    if given.version:
        output.show(_text_record("version", f"crm {__version__}\n"))
        return 0
    if given.help:
        output.show(_text_record("usage", _parser().format_help()))
        return 0
    options = Options(given.cib, given.force, given.no, given.wait, given.debug, given.keep_going)
    return _work(given.file, words, Context(options, environ, output.tell), output)


def _work(file: str | None, words: Sequence[str], cx: Context, output: Output) -> int:
    from crmsh_py.shell.interpreter import Interpreter

    interpreter = Interpreter(cx, output)
    rest = interpreter.descend(words)
    if file is not None:
        if rest:
            raise UsageError(f"with -f only a level can be given, not `{rest[0]}`")
        return interpreter.run_script(*_read_script(file))
    if rest:
        return interpreter.run_words(rest)
    if os.isatty(0):
        raise UsageError("the prompt is not there yet", hint="crm [OPTIONS] LEVEL COMMAND..., or a script on stdin")
    return interpreter.run_script(*_read_script("-"))


def _read_script(path: str) -> tuple[str, str]:
    """The text of a script and its name for messages. Raises UsageError, NotPermitted."""
    source = "stdin" if path == "-" else path
    try:
        with open(0 if path == "-" else path, "rb", closefd=path != "-") as file:
            content = file.read()
        return content.decode("utf-8"), source
    except PermissionError:
        raise NotPermitted(f"cannot read {source}: permission denied") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"line {line} of {source} is not UTF-8") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {source}: {getattr(error, 'strerror', None) or error}") from None


class _Parser(argparse.ArgumentParser):
    def _get_formatter(self) -> argparse.HelpFormatter:
        # without a width argparse asks shutil for the terminal's, even where no help is shown: 3 ms
        return argparse.HelpFormatter(self.prog, width=100)

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, hint="`crm --help` lists the options")


def _parser() -> _Parser:
    parser = _Parser(prog="crm", usage="crm [OPTIONS] [LEVEL]... [COMMAND [ARGUMENT]...]", add_help=False)
    parser.allow_abbrev = False
    add = parser.add_argument
    add("-f", "--file", metavar="FILE", help="run a script; - is the standard input")
    add("-c", "--cib", metavar="CIB", help="work on a CIB file (a value with a / or ending in .xml)")
    add("-D", "--display", choices=("plain", "color", "color-always"), help="colour of the output")
    add("-F", "--force", action="store_true", help="go on where our own checks and crm_verify say no")
    add("-n", "--no", action="store_true", help="answer every question with no")
    add("-w", "--wait", action="store_true", help="wait until the cluster has settled")
    add("-d", "--debug", action="store_true", help="show tracebacks of bugs")
    add("-o", "--output", metavar="FORMAT", help="text or json; may also stand behind the command")
    add("--keep-going", action="store_true", help="run a script on after errors, and commit what was good")
    add("--version", action="store_true", help="show the version")
    add("-h", "--help", action="store_true", help="show this help; `crm help` lists the commands")
    add("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _parse(argv: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """The options, and the words behind them. Raises UsageError."""
    given = _parser().parse_args(list(argv))
    words: list[str] = given.words
    if words[:1] == ["--"]:
        del words[0]
    elif words and words[0].startswith("-"):
        raise UsageError(f"unknown option: {words[0]}", hint="`crm --help` lists the options")
    for index in range(1, len(words) - 1):
        is_format = words[index + 1] in FORMATS or index == len(words) - 2
        if words[index] in ("-o", "--output") and is_format:
            given.output = words[index + 1]
            del words[index : index + 2]
            break
    if given.output is not None and "=" in given.output:
        raise UsageError(f"option settings are not there yet: {given.output}")
    if given.output not in (None, *FORMATS):
        raise UsageError(f"no such output format: {given.output}", hint=f"formats are {' and '.join(FORMATS)}")
    return given, words


def _text_record(shape: str, text: str) -> Record:
    return Record(shape, text.strip, lambda: [("", text)])


def _tell_bug(error: Exception, is_debug: bool, output: Output) -> None:
    if is_debug:
        from traceback import format_exception

        output.dump("".join(format_exception(error)))
    text = f"internal error: {type(error).__name__}: {error}"[:160]
    output.tell(Problem(ERROR, "internal-error", text + ("" if is_debug else "; run with --debug for a traceback")))


def _open_standard_streams() -> None:
    """Give closed streams a place to go, else the next file opened would take their number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
