"""How long a constraint is to count: PT5M, P1D, 30s, 5min, 2h."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmsh_py.cib.durations import milliseconds
from crmsh_py.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

# a number alone may be the name of a node
PATTERN = r"P(?=[\dT])[\dYMWDTHS]+|\d+\s*(s|sec|m|min|h|hr)"


def is_lifetime(word: str) -> bool:
    """Whether a word looks like a lifetime."""
    return re.fullmatch(PATTERN, word, re.IGNORECASE) is not None


def end_of(lifetime: str) -> datetime:
    """When a lifetime that begins now is over, in UTC. Raises UsageError for one of nothing, or beyond all times."""
    from datetime import datetime, timedelta, timezone

    length = milliseconds(lifetime) or milliseconds(lifetime.upper())
    if not length:
        raise UsageError(f"{lifetime} is no lifetime", hint="examples: PT5M, P1D, 30s, 5min, 2h")
    try:
        return datetime.now(timezone.utc) + timedelta(milliseconds=length)
    except OverflowError:
        raise UsageError(f"{lifetime} is too long") from None
