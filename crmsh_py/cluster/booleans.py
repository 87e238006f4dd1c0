"""Pacemaker's words for true and false, in lower case; it reads them in any."""

from __future__ import annotations

TRUE = ("true", "on", "yes", "y", "1")
FALSE = ("false", "off", "no", "n", "0")
