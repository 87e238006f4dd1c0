"""The settings of a run, and where each of them comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.config.table import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DEFAULT = ""
COMMAND_LINE = "-o"


class Settings:
    """What is set, by full names (`core.editor`); what is not set has the value of SETTINGS.

    followers: called with the settings whenever one of them was changed.
    """

    def __init__(self, values: Mapping[str, str] | None = None, origins: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})
        self._origins = dict(origins or {})
        self.followers: list[Callable[[Settings], None]] = []

    def __getitem__(self, name: str) -> str:
        return self._values.get(name) or (SETTINGS[name][0] if name in SETTINGS else "")

    def is_on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self[name] in ("yes", "true", "on", "1")

    def origin(self, name: str) -> str:
        """Where the value of a setting comes from: the path of a file, COMMAND_LINE, or DEFAULT."""
        return self._origins.get(name, DEFAULT) if self._values.get(name) else DEFAULT

    def names(self) -> Iterable[str]:
        """All settings that have an effect, then those that were set without one; each sorted."""
        return [*sorted(SETTINGS), *sorted(set(self._values) - set(SETTINGS))]

    def become(self, other: Settings) -> None:
        """Take the values of other settings, and tell the followers."""
        self._values, self._origins = dict(other._values), dict(other._origins)
        self._tell()

    def set(self, name: str, value: str, origin: str) -> None:
        """Give a setting a value, which was checked, and tell the followers."""
        self._values[name] = value
        self._origins[name] = origin
        self._tell()

    def _tell(self) -> None:
        for follow in self.followers:
            follow(self)
