"""What completion wants to know and is dear, or has to be asked of the cluster: asked once, and remembered.

`Later` does the work when it is asked for: of one line nobody waits long. `Background` never waits: it gives what is
known so far, and has the work done by threads.
"""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any, TypeVar

    T = TypeVar("T")

# works that are done at the same time, at most
AT_ONCE = 6
# after a failure nobody is asked again for so long, unless what was asked may be older than this
FAILED_SECONDS = 30.0


class _Known:
    """What is known by a key.

    value: that, or the default. since: when the work for it began, None where it never did. is_outdated: it is known
    to be wrong. is_awaited: the work is being done, or will be. has_failed: the value is only the default.
    is_answered: it was done once.
    """

    __slots__ = ("has_failed", "is_answered", "is_awaited", "is_outdated", "since", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.since: float | None = None
        self.is_outdated = False
        self.is_awaited = False
        self.has_failed = False
        self.is_answered = False

    def is_due(self, seconds: float | None) -> bool:
        """Whether the work is to be done, where the value may be so many seconds old."""
        if self.since is None or self.is_outdated:
            return not self.is_awaited
        if self.has_failed:
            seconds = FAILED_SECONDS if seconds is None else min(seconds, FAILED_SECONDS)
        return seconds is not None and not self.is_awaited and monotonic() - self.since > seconds

    def begin(self) -> None:
        """The work begins: what happens from now on, it may not see."""
        self.since = monotonic()
        self.is_outdated = False


class Later:
    """Does each work at once, on the first call, and remembers what came of it.

    is_waited_for: somebody waits while a work is done. misses: how often a default was given because nobody has
    answered yet.
    """

    is_waited_for = True

    def __init__(self) -> None:
        self.misses = 0
        self._known: dict[Hashable, _Known] = {}
        self._made: dict[Hashable, tuple[object, Any]] = {}

    def get(self, key: Hashable, work: Callable[[], T], default: T, seconds: float | None = None) -> T:
        """What the work gives; the default where it raises a CrmError, or is not done yet.

        key: names what is asked for. seconds: how old the answer may be before it is asked for again; None: as old as
        it likes. work: may run in another thread, so it must share nothing that others change, nor a lxml tree.
        """
        known = self._known.setdefault(key, _Known(default))
        if known.is_due(seconds):
            known.begin()
            try:
                known.value, known.has_failed = work(), False
            except CrmError:
                known.value, known.has_failed = default, True
        value: T = known.value
        return value

    def outdate(self, key: Hashable) -> None:
        """What is known by a key is wrong by now: the next `get` asks anew."""
        if key in self._known:
            self._known[key].is_outdated = True

    def forget(self, key: Hashable) -> None:
        """What is known by a key is not needed any more."""
        self._known.pop(key, None)

    def once(self, key: Hashable, version: object, make: Callable[[], T]) -> T:
        """What is made of something here and now; made anew only where the version is another one."""
        found = self._made.get(key)
        if found is None or found[0] != version:
            found = self._made[key] = (version, make())
        made: T = found[1]
        return made


class Background(Later):
    """Has the works done by threads, and gives what is known so far: nobody ever waits.

    on_arrival: called, by one of the threads, when something new is known.
    """

    is_waited_for = False

    def __init__(self, on_arrival: Callable[[], None]) -> None:
        super().__init__()
        from threading import Lock  # heavy

        self._on_arrival = on_arrival
        self._lock = Lock()
        self._waiting: list[tuple[_Known, Callable[[], Any], Any]] = []
        self._threads = 0

    def get(self, key: Hashable, work: Callable[[], T], default: T, seconds: float | None = None) -> T:
        """As of `Later`; an old value is given while it is asked for again."""
        with self._lock:
            known = self._known.setdefault(key, _Known(default))
            if known.is_due(seconds):
                known.is_awaited = True
                self._waiting.append((known, work, default))
            # also for what waits since a thread could not be started
            is_short = bool(self._waiting) and self._threads < AT_ONCE
            self._threads += is_short
            self.misses += not known.is_answered
            value: T = known.value
        if is_short:
            self._start()
        return value

    def outdate(self, key: Hashable) -> None:
        """As of `Later`."""
        with self._lock:
            super().outdate(key)

    def forget(self, key: Hashable) -> None:
        """As of `Later`."""
        with self._lock:
            super().forget(key)

    def _start(self) -> None:
        from threading import Thread

        try:
            # the program does not wait for it when it ends
            Thread(target=self._work, daemon=True).start()
        except RuntimeError:  # the system has no more of them; the next call tries again
            with self._lock:
                self._threads -= 1

    def _work(self) -> None:
        """Do what waits, the latest first: it is what the user looks at."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads -= 1
                    return
                known, work, default = self._waiting.pop()
                known.begin()
            try:
                value, has_failed = work(), False
            except BaseException:  # noqa: BLE001 - nobody asked for an error by pressing TAB
                value, has_failed = default, True
            with self._lock:
                is_new = not known.is_answered or (value is not known.value and value != known.value)
                known.value, known.has_failed = value, has_failed
                known.is_awaited, known.is_answered = False, True
            # who wanted to be told may be gone
            with suppress(Exception):
                if is_new:
                    self._on_arrival()
