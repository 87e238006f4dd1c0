"""Scores as they stand in the CIB."""

from __future__ import annotations

# what Pacemaker makes of INFINITY
INFINITY = 1_000_000


def is_infinite(score: str) -> bool:
    """Whether a score stands for never or always."""
    return score.lstrip("+-").upper() in ("INFINITY", "INF")


def number(score: str) -> int:
    """A score as a number, 0 where it is none."""
    said = score.lstrip("+-")
    size = INFINITY if is_infinite(score) else min(int(said), INFINITY) if said.isdecimal() else 0
    return -size if score.startswith("-") else size
