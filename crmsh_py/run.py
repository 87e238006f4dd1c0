"""Start a program with an argument list; the only user of subprocess."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import IO, TypeVar

from crmsh_py.errors import Cancelled, CrmError, NotPermitted, TimedOut

T = TypeVar("T")
# what would end the process without any clearing up
_ENDS = (signal.SIGTERM, signal.SIGHUP)
_LAST_WORDS_SECONDS = 2.0
# what a program started in the background may hold its output open
_QUIET_SECONDS = 1.0
# who waits for a thread looks up so often: a signal that comes just before a wait begins does not end it
SIGNAL_SECONDS = 0.5
_CHUNK = 1 << 16
# what was started, by this thread or by others, and has not ended
_running: set[subprocess.Popen[bytes]] = set()
# messages as they stand in the programs; without CHARSET, GLib refuses arguments that are not ASCII then
ENGLISH: dict[str, str | None] = {"LC_ALL": "C", "CHARSET": "UTF-8"}


class Result:
    """What a program left: its exit code (negative: the signal that ended it) and what it wrote."""

    __slots__ = ("exit_code", "program", "stderr", "stdout")

    def __init__(self, program: str, exit_code: int, stdout: bytes, stderr: bytes) -> None:
        self.program = program
        self.exit_code = exit_code
        self.stdout = stdout
        self.stderr = stderr

    @property
    def output_text(self) -> str:
        """stdout as text; bytes that are not UTF-8 show as \\xNN."""
        return self.stdout.decode("utf-8", "backslashreplace")

    @property
    def error_text(self) -> str:
        """stderr as text."""
        return self.stderr.decode("utf-8", "backslashreplace")


def run(
    argv: Sequence[str],
    *,
    stdin: bytes = b"",
    timeout: float,
    environ: Mapping[str, str | None] | None = None,
    every_second: Callable[[float], None] | None = None,
) -> Result:
    """Run a program to its end, in the locale C, whatever its exit code.

    stdin: what it reads. timeout: seconds; then the program and all its children are killed. environ: added to the
    environment; a variable that is None is taken out. every_second: gets the seconds that it has run.
    Raises TimedOut; CrmError where there is no such program, NotPermitted where it may not be run.
    """
    with _started(argv, {**ENGLISH, **(environ or {})}) as program:
        try:
            stdout, stderr = _patiently(argv[0], _exchange(program, stdin), timeout, every_second)
        except BaseException:
            _close_pipes(program)
            raise
    return Result(argv[0], program.returncode, stdout, stderr)


def stream(
    argv: Sequence[str],
    out: Callable[[bytes], object],
    err: Callable[[bytes], object],
    *,
    timeout: float,
    environ: Mapping[str, str | None] | None = None,
    every_second: Callable[[float], None] | None = None,
) -> int:
    """Run a program as `run` does, and take what it writes as it comes, however much that is; its exit code.

    out, err: get what comes on stdout and on stderr, in a thread each. What the program leaves running with its output
    open goes on, and is not waited for.
    """
    with _started(argv, {**ENGLISH, **(environ or {})}) as program:
        readers = [_reader(pipe, take) for pipe, take in ((program.stdout, out), (program.stderr, err)) if pipe]
        if program.stdin:
            program.stdin.close()
        _patiently(argv[0], program.wait, timeout, every_second)
        for reader in readers:
            reader.join(_QUIET_SECONDS)
    return program.returncode


def _reader(pipe: IO[bytes], take: Callable[[bytes], object]) -> threading.Thread:
    def read() -> None:
        with pipe:
            while chunk := os.read(pipe.fileno(), _CHUNK):
                take(chunk)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    return reader


def _exchange(program: subprocess.Popen[bytes], stdin: bytes) -> Callable[[float], tuple[bytes, bytes]]:
    """What waits for a program that reads this, and gives what it has written."""
    unread = [stdin]
    # it may be asked to wait again, but must not be given anything then
    return lambda seconds: program.communicate(unread.pop() if unread else None, seconds)


def _patiently(
    name: str, wait: Callable[[float], T], timeout: float, every_second: Callable[[float], None] | None = None
) -> T:
    """Wait for the end of a program by a function that does so for some seconds; what it gives. Raises TimedOut."""
    began = monotonic()
    while True:
        passed = monotonic() - began
        left = max(0.0, timeout - passed)
        try:
            return wait(min(1.0, left) if every_second else left)
        except subprocess.TimeoutExpired:
            if passed >= timeout:
                raise TimedOut(f"{name} did not end within {timeout:g} s") from None
            if every_second:
                every_second(monotonic() - began)


@contextmanager
def running(argv: Sequence[str], *, stdin: bytes, timeout: float) -> Iterator[Callable[[], Result]]:
    """Run a program while the `with` does other work; what this gives waits for its end, and has the result.

    What still runs when the `with` is left, however that is, is killed. Raises as `run` does, TimedOut when asked for
    the result.
    """
    said: list[Result | CrmError] = []

    def listen() -> None:
        try:
            stdout, stderr = _patiently(argv[0], _exchange(program, stdin), timeout)
            said.append(Result(argv[0], program.returncode, stdout, stderr))
        except TimedOut as error:
            said.append(error)

    def result() -> Result:
        listener.join()
        answer = said[0] if said else CrmError(f"{argv[0]} cannot be listened to")
        if isinstance(answer, CrmError):
            raise answer
        return answer

    with _started(argv, ENGLISH) as program:
        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            yield result
        finally:
            if program.poll() is None:
                _kill_group(program)
            listener.join()
            program.wait()


def kill_all() -> None:
    """Kill what other threads have started: the process ends, and they cannot do it any more."""
    for program in list(_running):
        _kill_group(program)


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    changed = {**os.environ, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def interactive(argv: Sequence[str], *, stdin: bytes | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run a program on the terminal, with our own stdin, stdout and stderr; its exit code, negative for a signal.

    stdin: what it reads instead of the terminal, as a pager does; that it reads only a part is no error. Ctrl-C is
    the program's while it runs. environ: added to the environment. Raises CrmError, NotPermitted as `run` does.
    """
    pipe = None if stdin is None else subprocess.PIPE

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(argv, stdin=pipe, env={**os.environ, **(environ or {})})

    with _without_ctrl_c(), _translated(argv), _in_hand(start, _end) as program:
        program.communicate(stdin)
    return program.returncode


@contextmanager
def _started(argv: Sequence[str], environ: Mapping[str, str | None]) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a group of its own, all of which is killed where the `with` is left by an error."""

    def start() -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        with _translated(argv):
            return subprocess.Popen(
                argv, stdin=pipe, stdout=pipe, stderr=pipe, env=_environment(environ), start_new_session=True
            )

    def kill(program: subprocess.Popen[bytes]) -> None:
        _kill_group(program)
        program.wait()

    with _in_hand(start, kill) as program:
        yield program


@contextmanager
def _in_hand(
    start: Callable[[], subprocess.Popen[bytes]], end: Callable[[subprocess.Popen[bytes]], None]
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is ended where the `with` is left by an error, or by a signal."""
    program = None
    with ending_in_order():
        try:
            # a signal between its start and the moment where it has a name would leave it behind
            with undisturbed():
                program = start()
                _running.add(program)
            yield program
        except BaseException:
            if program is not None:
                end(program)
            raise
        finally:
            _running.discard(program)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """What stands in this `with` clears up before the process ends, also where it is told to end from outside.

    Cancelled is raised there, and the signal does its work when it has left. What ignores the signal, as under nohup,
    goes on doing so. In threads other than the main one, nothing is done: only that one gets signals.
    """
    came: list[int] = []

    def cancel(number: int, _: object) -> None:
        # a second signal must not disturb the clearing up
        if not came:
            came.append(number)
            raise Cancelled("told to end")

    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, cancel) for number in _ENDS if _is_default(number)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            os.kill(os.getpid(), came[0])


@contextmanager
def undisturbed() -> Iterator[None]:
    """What stands in this `with` is done to its end, whatever Ctrl-C is pressed: it must have an end by itself, soon.

    The signals do their work when it is left; but not Ctrl-C where it is left by an error, which ends the work anyway.
    Programs that are started here are not kept from anything. In threads other than the main one, nothing is done.
    """
    came: list[int] = []
    before = {}
    if threading.current_thread() is threading.main_thread():
        numbers = (signal.SIGINT, *_ENDS)
        handlers = {number: signal.getsignal(number) for number in numbers}
        # what is ignored, as under nohup, stays so
        before = {number: handler for number, handler in handlers.items() if handler not in (None, signal.SIG_IGN)}
    for number in before:
        signal.signal(number, lambda number, _: came.append(number))
    has_failed = True
    try:
        yield
        has_failed = False
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for sent in dict.fromkeys(came):
            if sent != signal.SIGINT or not has_failed:
                os.kill(os.getpid(), sent)


def _is_default(number: int) -> bool:
    return signal.getsignal(number) is signal.SIG_DFL


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Leave Ctrl-C to the program that runs. It is not ignored, which the program would inherit."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _translated(argv: Sequence[str]) -> Iterator[None]:
    """OSError in, our own errors out."""
    try:
        yield
    except FileNotFoundError:
        raise CrmError(f"cannot run {argv[0]}: there is no such program", hint="is it installed?") from None
    except PermissionError:
        raise NotPermitted(f"cannot run {argv[0]}: permission denied") from None
    except (OSError, ValueError) as error:
        # ValueError: a NUL in an argument
        raise CrmError(f"cannot run {argv[0]}: {error}") from None


def _end(program: subprocess.Popen[bytes]) -> None:
    """End a program that may have to put the terminal in order."""
    program.terminate()
    try:
        program.wait(_LAST_WORDS_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def _kill_group(program: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(program.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # it ended, or became another user
        pass


def _close_pipes(program: subprocess.Popen[bytes]) -> None:
    for pipe in (program.stdin, program.stdout, program.stderr):
        if pipe:
            try:
                pipe.close()
            except BrokenPipeError:
                pass
