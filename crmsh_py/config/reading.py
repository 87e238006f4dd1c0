"""The files are read, and the options of the command line."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.config.settings import COMMAND_LINE, Settings
from crmsh_py.config.table import SETTINGS, check, is_without_effect, meant
from crmsh_py.errors import CrmError, UsageError
from crmsh_py.problems import WARNING, Place, Problem

if TYPE_CHECKING:
    from configparser import ConfigParser
    from typing import TypeAlias

    # section, name, value
    Said: TypeAlias = tuple[str, str, str | None]

SYSTEM_FILE = "/etc/crm/crm.conf"


class _Source(NamedTuple):
    """Where settings come from, and what `$NAME` stands for there."""

    origin: str
    environ: Mapping[str, str]
    values: dict[str, str]
    origins: dict[str, str]


def read_settings(environ: Mapping[str, str], given: Iterable[str]) -> tuple[Settings, list[Problem]]:
    """The settings, and warnings of what was passed over in the files.

    given: the values of `-o`, as SECTION.NAME=VALUE. Raises UsageError where one of them is wrong.
    """
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    problems: list[Problem] = []
    for path in (SYSTEM_FILE, user_file(environ)):
        content, reason = read_file(path) if path else (None, "")
        if path and reason:
            problems.append(_ignored(path, reason))
        elif path and content is not None:
            problems += _take_file(_Source(path, environ, values, origins), content)
    for setting in given:
        problems += _take_option(_Source(COMMAND_LINE, environ, values, origins), setting)
    return Settings(values, origins), problems


def user_file(environ: Mapping[str, str]) -> str | None:
    """The path of the user's file, whether it is there or not; None where the user has no home."""
    home = environ.get("HOME", "")
    folder = environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(folder):
        folder = os.path.join(home, ".config")
    return os.path.join(folder, "crm", "crm.conf") if os.path.isabs(folder) else None


def read_file(path: str) -> tuple[str | None, str]:
    """The text of a file that nobody else could have written, else why it is not taken; None where it is not there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None, ""
    except (OSError, ValueError) as error:
        return None, getattr(error, "strerror", None) or str(error)
    try:
        reason = _distrust(os.fstat(descriptor))
        if not reason:
            with open(descriptor, "rb", closefd=False) as file:
                return file.read().decode("utf-8"), ""
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except OSError as error:
        reason = str(error.strerror)
    finally:
        os.close(descriptor)
    return None, reason


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


def parsed(text: str, path: str) -> ConfigParser:
    """The sections of a file; what stands before the first one is of `core`. Raises configparser.Error."""
    from configparser import ConfigParser, MissingSectionHeaderError  # heavy

    parser = ConfigParser(strict=False)
    try:
        parser.read_string(text, path)
    except MissingSectionHeaderError:
        parser.read_string("[core]\n" + text, path)
    return parser


def _take_file(source: _Source, text: str) -> Iterable[Problem]:
    """Take the settings of a file; what is wrong with them, with places."""
    problems = []
    try:
        said = plain(text)
        for section, name, value in _parsed_lines(text, source.origin) if said is None else said:
            full = f"{section}.{name.replace('-', '_')}"
            if value is not None:
                wrong = _take(source, full, value)
            else:
                wrong = "" if is_without_effect(full) else f"the reference in {full} leads nowhere"
            if wrong:
                problems.append(Problem(WARNING, "setting", wrong, _place(source.origin, text, section, name)))
    except CrmError as error:
        return [_ignored(source.origin, str(error))]
    return problems


def plain(text: str) -> list[Said] | None:
    """Section, name and value of what a file of plain lines sets, as configparser has it; None for any other file.

    It takes 5 ms less, a tenth of what a short command takes.
    """
    sections: dict[str, dict[str, str]] = {}
    here: dict[str, str] | None = None
    for line in text.split("\n"):
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        if found := re.fullmatch(r"\[(?!DEFAULT\])([a-zA-Z_]+)\]", line):
            here = sections.setdefault(found[1], {})
        elif here is not None and (found := re.fullmatch(r"([a-zA-Z_]+) *[=:] *([^%]*)", line)):
            here[found[1].lower()] = found[2].strip()
        else:
            return None
    return [(section, name, value) for section, names in sections.items() for name, value in names.items()]


def _parsed_lines(text: str, path: str) -> Iterator[Said]:
    """The same of any file; the value is None where it refers to what is not there. Raises CrmError."""
    from configparser import Error  # heavy

    try:
        parser = parsed(text, path)
    except Error as error:
        raise CrmError(str(error).splitlines()[0]) from None
    for section in parser.sections():
        for name in parser.options(section):
            try:
                yield section, name, parser.get(section, name)
            except Error:
                yield section, name, None


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


def _take_option(source: _Source, setting: str) -> list[Problem]:
    name, _, value = setting.partition("=")
    name = name.strip().replace("-", "_")
    wrong = _take(source, name, value.strip())
    if wrong:
        raise UsageError(wrong, hint=None if name in SETTINGS else f"settings are {', '.join(SETTINGS)}")
    if is_without_effect(name):
        return [Problem(WARNING, "setting-without-effect", f"the setting {name} has no effect here")]
    return []


def _take(source: _Source, name: str, value: str) -> str:
    """Take one setting; else why not."""
    if name not in SETTINGS and not is_without_effect(name):
        return f"no such setting: {name}"
    value = meant(name, value, source.environ)
    wrong = check(name, value) if name in SETTINGS else ""
    if not wrong:
        source.values[name] = value
        source.origins[name] = source.origin
    return wrong
