"""What agents are, in one line each: many are asked at once, and what they said is kept."""

from __future__ import annotations

import os
import re
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.agents import cache as kept
from crmsh_py.cluster.agents.agent import ask, root_of
from crmsh_py.cluster.agents.description import summary_of
from crmsh_py.cluster.agents.installed import file_of
from crmsh_py.errors import Cancelled, CrmError
from crmsh_py.run import SIGNAL_SECONDS, ending_in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from crmsh_py.cluster.agents.installed import AgentName

# an agent that takes longer is listed without its summary
SECONDS = 5.0
AT_ONCE = 6
# for the agents to be killed that are asked when the work is broken off
LAST_SECONDS = 2.0
ENTRY, KEY = "summaries.json", ["summaries", 1]
LARGEST = 100_000
_IN_SCRIPTS = re.compile(r"^#+\s*Short-Description:[ \t]*(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
_IN_UNITS = re.compile(r"^Description\s*=[ \t]*(.+?)\s*$", re.MULTILINE)


class _Question(NamedTuple):
    """An agent that has to be asked; state: its file with time and size, to know when to ask again."""

    name: AgentName
    state: list[Any]


def summaries(names: Sequence[AgentName], tell: Callable[[int, int], None]) -> dict[AgentName, str]:
    """The one line of each agent; "" for those that have none, fail, or take longer than five seconds.

    tell: gets how many agents of how many have answered, where any have to be asked.
    """
    known = _load()
    found: dict[AgentName, str] = {}
    questions: list[_Question] = []
    for name in names:
        state = _state(name)
        if name.class_ in ("lsb", "systemd", "service"):
            found[name] = _of_service(state)
        elif state is not None and known.get(str(name), [None])[:-1] == state:
            found[name] = known[str(name)][-1]
        elif state is not None:
            questions.append(_Question(name, state))
    for question, said in _answers(questions, tell):
        found[question.name] = said or ""
        if said is not None:
            known[str(question.name)] = [*question.state, said]
    if questions:
        kept.store(ENTRY, KEY, known)
    return {name: found.get(name, "") for name in names}


def _load() -> dict[str, list[Any]]:
    """What was kept: for each agent its state, and what it said."""
    content = kept.load(ENTRY, KEY)
    rows = content.items() if isinstance(content, dict) else ()
    return {name: row for name, row in rows if isinstance(row, list) and len(row) == 4 and isinstance(row[-1], str)}


def _state(name: AgentName) -> list[Any] | None:
    where = file_of(name)
    try:
        state = os.stat(where) if where else None
    except OSError:
        return None
    return [where, state.st_mtime_ns, state.st_size] if state else None


def _answers(
    questions: Sequence[_Question], tell: Callable[[int, int], None]
) -> Iterator[tuple[_Question, str | None]]:
    """What agents say, as they answer; None where one does not."""
    if not questions:
        return
    waiting: SimpleQueue[_Question] = SimpleQueue()
    said: SimpleQueue[tuple[_Question, str | None]] = SimpleQueue()
    is_over = Event()
    for question in questions:
        waiting.put(question)
    # the program does not wait for them when it ends
    threads = [Thread(target=_work, args=(waiting, said, is_over), daemon=True) for _ in range(AT_ONCE)]
    with ending_in_order():
        try:
            for thread in threads:
                thread.start()
            for done in range(1, len(questions) + 1):
                answer = _next(said)
                tell(done, len(questions))
                yield answer
        finally:
            is_over.set()
            end = monotonic() + LAST_SECONDS
            for thread in threads:
                if thread.ident is not None:
                    thread.join(max(0.0, end - monotonic()))


def _next(said: SimpleQueue[tuple[_Question, str | None]]) -> tuple[_Question, str | None]:
    """The next answer. A signal that comes just before the wait begins does not end it, and is seen a moment later."""
    while True:
        try:
            return said.get(timeout=SIGNAL_SECONDS)
        except Empty:
            continue


def _work(waiting: SimpleQueue[_Question], said: SimpleQueue[tuple[_Question, str | None]], is_over: Event) -> None:
    """Ask one agent after the other, until all were asked or nobody wants to know any more."""
    while not is_over.is_set():
        try:
            question = waiting.get_nowait()
        except Empty:
            return
        said.put((question, _ask(question, is_over)))


def _ask(question: _Question, is_over: Event) -> str | None:
    def go_on(_: float) -> None:
        if is_over.is_set():
            raise Cancelled("broken off")

    where = question.state[0]
    try:
        answer = ask(str(question.name), where, SECONDS, go_on)
    except CrmError:
        return None
    root = None if answer.exit_code else root_of(answer.stdout)
    return None if root is None else summary_of(root)


def _of_service(state: list[Any] | None) -> str:
    """What a script or a unit says of itself in its file; nothing is started to know."""
    if state is None:
        return ""
    try:
        with open(state[0], encoding="utf-8", errors="replace") as file:
            text = file.read(LARGEST)
    except OSError:
        return ""
    said = (_IN_UNITS if state[0].endswith(".service") else _IN_SCRIPTS).search(text)
    return said[1] if said else ""
