"""Counts that tests make, one line each at the end of a run: `laws: corpus: 285 exact, 0 same, 0 differ, 0 error`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

LINES: dict[str, tuple[Counter[str], tuple[str, ...]]] = {}


def count(name: str, outcome: str, *, of: tuple[str, ...]) -> None:
    """One more with this outcome under a name; `of` are all outcomes, in the order in which they are shown."""
    counter, _ = LINES.setdefault(name, (Counter(), of))
    counter[outcome] += 1


@contextmanager
def counted(name: str, good: str, *, of: tuple[str, ...]) -> Iterator[None]:
    """Count the block as `good`, as `differ` where an assertion fails, as `error` where anything else does."""
    try:
        yield
    except AssertionError:
        count(name, "differ", of=of)
        raise
    except Exception:
        count(name, "error", of=of)
        raise
    count(name, good, of=of)


def as_data() -> list[tuple[str, dict[str, int], tuple[str, ...]]]:
    """All counts, in a form that goes from one process to another."""
    return [(name, dict(counter), of) for name, (counter, of) in LINES.items()]


def merge(data: list[tuple[str, dict[str, int], tuple[str, ...]]]) -> None:
    """Add the counts of another process."""
    for name, counts, of in data:
        counter, _ = LINES.setdefault(name, (Counter(), tuple(of)))
        counter.update(counts)


def lines() -> list[str]:
    """The lines to show."""
    return [
        f"{name}: " + ", ".join(f"{counter[outcome]} {outcome}" for outcome in of)
        for name, (counter, of) in sorted(LINES.items())
    ]
