"""Work for several nodes at once, in a thread each, with a deadline each.

No piece of work can hold up another one: one that does not end is left to itself at its deadline, whatever it waits
for, and its connection is closed.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, TimedOut
from crmsh_py.run import SIGNAL_SECONDS, ending_in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias, TypeVar

    T = TypeVar("T")
    Ask: TypeAlias = Callable[[str], bool]

# who is at his deadline may say so himself, in more words
GRACE_SECONDS = 0.5
# for what is broken off: to take back what it did, and to kill its program on this node
LAST_SECONDS = 2.0


class Turn:
    """What the work for one node is given: its deadline, and a way to ask the user.

    stage: what is being done, for the message at the deadline. has_to_clear_up: what is broken off gets time to take
    back what it did on the node, over the connection that is still there. seconds: what it may take, in all or, of
    what calls `renew`, since it last did. late: the error where it was given up at its deadline.
    """

    def __init__(self, node: str, seconds: float, events: SimpleQueue[Turn]) -> None:
        self.node = node
        self.seconds = seconds
        self.stage = "while connecting"
        self.deadline = monotonic() + seconds
        self.is_over = False
        self.has_to_clear_up = False
        self.question: str | None = None
        self.result: object = None
        self.error: BaseException | None = None
        self.late: TimedOut | None = None
        self._events = events
        self._answered = Event()
        self._answer = False
        self._closers: list[Callable[[], object]] = []

    def remaining(self) -> float:
        """Seconds until the deadline, more than 0. Raises TimedOut."""
        left = self.deadline - monotonic()
        if left <= 0 or self.is_over:
            raise self.timed_out()
        return left

    def timed_out(self) -> TimedOut:
        """The error for a deadline that has passed."""
        return TimedOut(f"{self.node} did not answer within {self.seconds:g} s, {self.stage}")

    def renew(self) -> None:
        """Begin the time anew, where something was achieved. Raises TimedOut where the turn is over."""
        self.remaining()
        self.deadline = monotonic() + self.seconds

    def ask(self, question: str) -> bool:
        """Have the user asked yes or no; the time that takes is not counted. False where the turn ends meanwhile."""
        asked = monotonic()
        self._answered.clear()
        self.question = question
        self._events.put(self)
        self._answered.wait()
        self.deadline += monotonic() - asked
        self.question = None
        return self._answer

    def answer(self, answer: bool) -> None:
        """Answer the question."""
        self._answer = answer
        self._answered.set()

    def at_end(self, close: Callable[[], object]) -> None:
        """Have this called when the turn is over, which also wakes who waits for what it closes."""
        self._closers.append(close)
        if self.is_over:
            close()

    def break_off(self) -> None:
        """Have the work stop by itself where it next looks."""
        self.is_over = True
        self.answer(False)

    def end(self) -> None:
        """Close what was opened. Errors in doing so are of no use to anyone."""
        self.break_off()
        while self._closers:
            try:
                self._closers.pop()()
            except Exception:  # noqa: BLE001, S110 - another library's, of a connection that is given up
                pass


def on_each(
    nodes: Iterable[str], work: Callable[[Turn], T], seconds: float, ask: Ask = lambda _: False
) -> dict[str, T | CrmError]:
    """Do the work for all nodes at once; what it returned or how it failed, in the order of the nodes.

    seconds: for each node. ask: asks the user, in this thread, one question at a time. Raises what the work raises
    beside CrmError, a bug; and what interrupts this thread, when all connections are closed.
    """
    events: SimpleQueue[Turn] = SimpleQueue()
    turns = [Turn(node, seconds, events) for node in nodes]
    threads = [Thread(target=_do, args=(work, turn, events), daemon=True) for turn in turns]
    with ending_in_order():
        try:
            for thread in threads:
                thread.start()
            _attend(turns, events, ask)
        finally:
            for turn in turns:
                turn.break_off()
            _wait(thread for turn, thread in zip(turns, threads, strict=True) if turn.has_to_clear_up)
            for turn in turns:
                turn.end()
            _wait(threads)
    return {turn.node: _outcome(turn) for turn in turns}


def _wait(threads: Iterable[Thread]) -> None:
    end = monotonic() + LAST_SECONDS
    for thread in threads:
        if thread.ident is not None:
            thread.join(max(0.0, end - monotonic()))


def _do(work: Callable[[Turn], T], turn: Turn, events: SimpleQueue[Turn]) -> None:
    try:
        turn.result = work(turn)
    except BaseException as error:  # noqa: BLE001 - it is raised again in the main thread
        turn.error = error
    events.put(turn)


def _attend(turns: Iterable[Turn], events: SimpleQueue[Turn], ask: Ask) -> None:
    """Answer questions until all turns have ended or are past their deadlines."""
    pending = set(turns)
    while pending:
        wait = min(GRACE_SECONDS + turn.deadline for turn in pending) - monotonic()
        try:
            turn = events.get(timeout=min(max(0.0, wait), SIGNAL_SECONDS))
        except Empty:
            for turn in [turn for turn in pending if not turn.question and _is_late(turn)]:
                pending.discard(turn)
                turn.late = turn.timed_out()
                turn.end()
            continue
        if turn not in pending:
            continue
        if turn.question:
            turn.answer(ask(turn.question))
        else:
            pending.discard(turn)


def _is_late(turn: Turn) -> bool:
    return turn.deadline + GRACE_SECONDS <= monotonic()


def _outcome(turn: Turn) -> Any:
    # whatever its work came to afterwards, with its connection closed
    if turn.late:
        return turn.late
    if turn.error is not None and not isinstance(turn.error, CrmError):
        raise turn.error
    return turn.error or turn.result
