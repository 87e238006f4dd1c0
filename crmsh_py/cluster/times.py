"""Times as Pacemaker writes them into rules."""

from __future__ import annotations


def has_passed(text: str) -> bool:
    """Whether a time, in UTC where it names no zone, is over; not, where it is none."""
    from datetime import datetime, timezone  # heavy

    try:
        read = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return False
    return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)) <= datetime.now(timezone.utc)
