"""What two configurations differ in, as text."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from crmsh_py.cib import listing, secrets
from crmsh_py.language.writer import text_of

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib


def changes(old: Cib, new: Cib) -> list[str]:
    """The lines of a unified diff of the readable text, three lines around each change; none where nothing changed."""
    before, after = secrets.masked_apart(old, new)
    return list(unified_diff(_lines(before), _lines(after), "committed", "edited", lineterm=""))


def _lines(cib: Cib) -> list[str]:
    shown = (text_of(fragments) for fragments in listing.show(cib))
    return [line for text in shown for line in text.split("\n")]
