"""Settings: /etc/crm/crm.conf, then $XDG_CONFIG_HOME/crm/crm.conf, then `-o SECTION.NAME=VALUE`; the last one wins.

The files are those of the existing shell, whose other settings are accepted and have no effect here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crmsh_py.errors import UsageError
from crmsh_py.masks import USUAL
from crmsh_py.problems import WARNING, Place, Problem

if TYPE_CHECKING:
    from typing import TypeAlias

    Choices: TypeAlias = tuple[str, ...]

MOST_SECONDS = 86_400
SYSTEM_FILE = "/etc/crm/crm.conf"

_TEXT: Choices = ()
_SECONDS: Choices = ("seconds",)
_SWITCH: Choices = ("yes", "no", "true", "false", "on", "off", "1", "0")
DISPLAYS: Choices = ("plain", "color", "color-always")

# name -> the value without any setting, the legal values (none: any text)
SETTINGS: dict[str, tuple[str, Choices]] = {
    "core.editor": ("", _TEXT),
    "core.pager": ("", _TEXT),
    "core.wait": ("no", _SWITCH),
    "core.wait_timeout": ("300", _SECONDS),
    "core.debug": ("no", _SWITCH),
    "core.obscure_pattern": (USUAL, _TEXT),
    "color.style": ("", DISPLAYS),
}
# the existing shell's, by section; of a section that is None any name is taken
WITHOUT_EFFECT: dict[str, frozenset[str] | None] = {
    "core": frozenset(
        (
            "add_quotes check_frequency check_mode dot dotty force has_fa_advised_op has_ra_advised_op hosts "
            "ignore_missing_metadata lock_timeout manage_children no_generating_ssh_key no_ssh ptest "
            "report_tool_options skill_level sort_elements user"
        ).split()
    ),
    "path": None,
    "color": None,
    "report": None,
}


class Settings:
    """What is set, by full names (`core.editor`); what is not set has the value of SETTINGS."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> str:
        return self._values.get(name) or SETTINGS[name][0]

    def is_on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self[name] in ("yes", "true", "on", "1")


def read_settings(environ: Mapping[str, str], given: Iterable[str]) -> tuple[Settings, list[Problem]]:
    """The settings, and warnings of what was passed over in the files.

    given: the values of `-o`, as SECTION.NAME=VALUE. Raises UsageError where one of them is wrong.
    """
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for path in (SYSTEM_FILE, _user_file(environ)):
        content = _content(path, problems) if path else None
        if path and content is not None:
            problems += _take_file(path, content, environ, values)
    for setting in given:
        problems += _take_option(setting, environ, values)
    return Settings(values), problems


def _user_file(environ: Mapping[str, str]) -> str | None:
    home = environ.get("HOME", "")
    folder = environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(folder):
        folder = os.path.join(home, ".config")
    return os.path.join(folder, "crm", "crm.conf") if os.path.isabs(folder) else None


def _content(path: str, problems: list[Problem]) -> str | None:
    """The text of a file that nobody else could have written; None where it is not there or passed over."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        problems.append(_ignored(path, getattr(error, "strerror", None) or str(error)))
        return None
    try:
        reason = _distrust(os.fstat(descriptor))
        if not reason:
            with open(descriptor, "rb", closefd=False) as file:
                return file.read().decode("utf-8")
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except OSError as error:
        reason = str(error.strerror)
    finally:
        os.close(descriptor)
    problems.append(_ignored(path, reason))
    return None


def _distrust(found: os.stat_result) -> str:
    """Why a file is not taken, "" where it is: a setting names programs that are run."""
    if not stat.S_ISREG(found.st_mode):
        return "it is not a file"
    if found.st_uid not in (0, os.geteuid()):
        return "it belongs to somebody else"
    # a group of the same number as the owner is the owner's own
    if found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and found.st_gid != found.st_uid):
        return "others can write it"
    return ""


def _ignored(path: str, reason: str) -> Problem:
    return Problem(WARNING, "settings-ignored", f"{path} is ignored: {reason[:1].lower()}{reason[1:]}")


def _take_file(path: str, text: str, environ: Mapping[str, str], values: dict[str, str]) -> Iterable[Problem]:
    """Put the settings of a file into `values`; what is wrong with them, with places."""
    from configparser import ConfigParser, Error, MissingSectionHeaderError  # heavy

    parser = ConfigParser(strict=False)
    try:
        try:
            parser.read_string(text, path)
        except MissingSectionHeaderError:
            parser.read_string("[core]\n" + text, path)
    except Error as error:
        return [_ignored(path, str(error).splitlines()[0])]
    problems = []
    for section in parser.sections():
        for name in parser.options(section):
            full = f"{section}.{name.replace('-', '_')}"
            try:
                wrong = _take(full, parser.get(section, name), environ, values)
            except Error:
                wrong = f"the reference in {full} leads nowhere"
            if wrong and not _is_without_effect(full):
                problems.append(Problem(WARNING, "setting", wrong, _place(path, text, section, name)))
    return problems


def _place(path: str, text: str, section: str, name: str) -> Place:
    """Where a file sets a name: the last line of that section that does."""
    here, found, shown = "core", 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            here = stripped.strip("[]")
        elif here == section and stripped.replace(":", "=").partition("=")[0].strip().lower() == name:
            found, shown = number, line
    return Place(path, found, 1, len(shown) + 1, shown)


def _take_option(setting: str, environ: Mapping[str, str], values: dict[str, str]) -> list[Problem]:
    name, _, value = setting.partition("=")
    name = name.strip().replace("-", "_")
    wrong = _take(name, value.strip(), environ, values)
    if not wrong:
        return []
    if _is_without_effect(name):
        return [Problem(WARNING, "setting-without-effect", f"the setting {name} has no effect here")]
    known = ", ".join(SETTINGS)
    raise UsageError(wrong, hint=None if name in SETTINGS else f"settings are {known}")


def _take(name: str, value: str, environ: Mapping[str, str], values: dict[str, str]) -> str:
    """Put one setting into `values`; else why not."""
    if name not in SETTINGS:
        return f"no such setting: {name}"
    if value.startswith("$"):
        value = environ.get(value[1:], "")
    choices = SETTINGS[name][1]
    if name == "color.style":
        # `uppercase`, which the existing shell knows beside a colour, cannot be read back
        value = value.replace(",uppercase", "").replace("uppercase,", "")
    if choices is _SECONDS:
        if value and not (value.isdecimal() and 0 < int(value) <= MOST_SECONDS):
            return f"{name} is a number of seconds, up to {MOST_SECONDS}, not {value}"
    elif choices and value and value.lower() not in choices:
        legal = "yes or no" if choices is _SWITCH else f"{', '.join(choices[:-1])} or {choices[-1]}"
        return f"{name} is {legal}, not {value}"
    values[name] = value.lower() if choices else value
    return ""


def _is_without_effect(name: str) -> bool:
    section, _, rest = name.partition(".")
    if name in SETTINGS or section not in WITHOUT_EFFECT:
        return False
    known = WITHOUT_EFFECT[section]
    return known is None or rest in known
