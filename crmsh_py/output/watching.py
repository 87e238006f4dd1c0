"""An answer that is given again and again: in place on a terminal, or a line of JSON at each change."""

from __future__ import annotations

import select
from time import monotonic, sleep
from typing import TYPE_CHECKING

from crmsh_py.errors import Cancelled, CrmError, TimedOut, Unreachable, UsageError
from crmsh_py.output.output import cells, is_terminal, problem_fragments, safe, terminal_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmsh_py.output.output import Fragment, Output, Watch
    from crmsh_py.output.screen import Screen

QUIT = "qQ"
# so long nothing is said of an answer that is awaited
PATIENCE_SECONDS = 3.0
TAB = 8


def watch(output: Output, record: Watch, format_: str) -> None:
    """Show the answers of a Watch until the user types q, or the reader goes away.

    What only fails for now, as while the cluster restarts, is shown, and is no end. Raises UsageError where there is
    no terminal for text, KeyboardInterrupt, and what `take` raises before it has answered at all.
    """
    if format_ == "json":
        _lines(output, record)
        return
    if format_ != "text":
        raise UsageError(f"what is watched is text or json, not {format_}")
    streams = (output.stdin, output.stdout)
    if not all(is_terminal(stream) for stream in streams) or not output.is_screen:
        raise UsageError("--watch takes a terminal", hint="with `-o json` each change is a line, also into a pipe")
    from crmsh_py.output.screen import screen  # heavy

    if output.stdin and output.stdout:
        with screen(output.stdin, output.stdout) as place:
            try:
                _Place(output, record, place).run()
            except _Enough:
                pass


def _is_for_now(error: CrmError, has_answered: bool) -> bool:
    """Whether it may be otherwise the next time."""
    is_usual = isinstance(error, (Unreachable, TimedOut))
    return is_usual or (has_answered and not isinstance(error, Cancelled))


class _Enough(Exception):
    """The user has seen enough."""


# ---- on a terminal


class _Place:
    """What is watched, on a screen: a title, below it the last answer."""

    def __init__(self, output: Output, record: Watch, screen: Screen) -> None:
        self.output = output
        self.record = record
        self.screen = screen
        self.fragments: list[Fragment] = []
        self.waiting = 0.0

    def run(self) -> None:
        """Show answers. Raises _Enough, and what `watch` raises."""
        self.draw()
        has_answered = False
        while True:
            try:
                self.fragments = list(self.record.take(self.tick)[0].fragments())
                has_answered = True
            except CrmError as error:
                if not _is_for_now(error, has_answered):
                    raise
                self.fragments = [part for problem in error.problems for part in problem_fragments(problem)]
            self.waiting = 0.0
            self.draw()
            self.pause(self.record.seconds)

    def tick(self, passed: float) -> None:
        """What is done while an answer is awaited."""
        self.waiting = passed
        self.pause(0.0)
        self.draw()

    def pause(self, seconds: float) -> None:
        """Let time pass, with an eye on the keys and on the size of the terminal. Raises _Enough."""
        end = monotonic() + seconds
        while True:
            typed, is_resized = self.screen.wait(end - monotonic())
            if any(key in QUIT for key in typed):
                raise _Enough
            if is_resized:
                self.draw(is_new=True)
            if monotonic() >= end:
                return

    def draw(self, is_new: bool = False) -> None:
        """Bring the screen up to date; is_new: all of it."""
        columns, height = terminal_size(self.output.stdout, {})
        late = f"; no answer for {self.waiting:.0f} s" if self.waiting >= PATIENCE_SECONDS else ""
        title = f"{self.record.title}, every {self.record.seconds:g} s{late} (q ends)"
        rows = folded([("heading", title), ("", "\n"), ("", "\n"), *self.fragments], columns)
        if len(rows) > height:
            hidden = len(rows) - max(1, height - 1)
            note = f"... {hidden} more lines, for which the terminal has no room"
            rows = [*rows[: max(1, height - 1)], *folded([("hint", note)], columns)][:height]
        self.screen.show([self.output.painted(row) for row in rows], is_new)


def folded(fragments: Iterable[Fragment], columns: int) -> list[list[Fragment]]:
    """The rows that a terminal of so many columns needs; blanks stand for tabs, and nothing is left to obey."""
    rows: list[list[Fragment]] = [[]]
    at = 0
    for style, text in fragments:
        for char in safe(text, "\n\t"):
            shown = " " * (TAB - at % TAB) if char == "\t" else char
            if char == "\n" or at + cells(shown) > columns:
                rows.append([])
                at = 0
            if char == "\n":
                continue
            if rows[-1] and rows[-1][-1][0] == style:
                rows[-1][-1] = (style, rows[-1][-1][1] + shown)
            else:
                rows[-1].append((style, shown))
            at += cells(shown)
    return rows if rows[-1] else rows[:-1]


# ---- for programs


def _lines(output: Output, record: Watch) -> None:
    """A line of JSON at each change; what fails for now is told once."""
    last: object = None
    said = ""
    has_answered = False
    while output.stdout is not None:
        try:
            answer, content = record.take(None)
            if not has_answered or said or content != last:
                output.show(answer, "json")
            last, said, has_answered = content, "", True
        except CrmError as error:
            if not _is_for_now(error, has_answered):
                raise
            if str(error) != said:
                for problem in error.problems:
                    output.tell(problem)
            said = str(error)
        if _is_gone_within(output, record.seconds):
            return


def _is_gone_within(output: Output, seconds: float) -> bool:
    """Wait; whether the reader of a pipe went away."""
    try:
        poll = select.poll()
        poll.register(output.stdout.fileno() if output.stdout else -1, 0)
    except (OSError, ValueError):  # a stream without a descriptor
        sleep(seconds)
        return False
    return bool(poll.poll(seconds * 1000))
