"""Problems: what is wrong with a text or a configuration, as values that pile up and are shown together."""

from __future__ import annotations

from typing import NamedTuple

ERROR = "error"
WARNING = "warning"
INFO = "info"


class Place(NamedTuple):
    """Where in a text: lines and columns count from 1, `end` is the column after the last character."""

    source: str
    line: int
    column: int
    end: int
    text: str


class Problem(NamedTuple):
    """One thing that is wrong.

    severity: ERROR, WARNING or INFO.
    code: stable and kebab-case (`unknown-node`), for machines.
    text: for people; starts in lower case, names the object, no full stop.
    place: where in the text that was read, if it came from a text.
    hint: what to do next.
    object_id: the id of the object of the CIB that it is about.
    """

    severity: str
    code: str
    text: str
    place: Place | None = None
    hint: str | None = None
    object_id: str | None = None
