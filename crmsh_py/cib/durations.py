"""Durations as Pacemaker reads them: 20, 20s, 500ms, 5min, PT1H."""

from __future__ import annotations

import re

_UNITS = {
    "us": 0.001,
    "usec": 0.001,
    "ms": 1,
    "msec": 1,
    "": 1000,
    "s": 1000,
    "sec": 1000,
    "m": 60_000,
    "min": 60_000,
    "h": 3_600_000,
    "hr": 3_600_000,
}
_PLAIN = r"(\d+)\s*([a-z]*)"
_ISO = r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
# of years, months, weeks, days, hours, minutes and seconds, in seconds; a year and a month as Pacemaker counts them
_ISO_SECONDS = (31_536_000, 2_592_000, 604_800, 86_400, 3600, 60, 1)


def milliseconds(text: str | None) -> int | None:
    """A duration in milliseconds; None for what is no duration. Without a unit it is in seconds."""
    words = (text or "").strip()
    plain = re.fullmatch(_PLAIN, words.lower())
    if plain and plain[2] in _UNITS:
        return int(int(plain[1]) * _UNITS[plain[2]])
    iso = re.fullmatch(_ISO, words)
    if iso and any(iso.groups()):
        return 1000 * sum(int(number or 0) * unit for number, unit in zip(iso.groups(), _ISO_SECONDS, strict=True))
    return None
