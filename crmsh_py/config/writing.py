"""The user's file is changed: comments stay, and all else that this program does not know."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from crmsh_py.config.reading import parsed, read_file
from crmsh_py.errors import CrmError, NotPermitted, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HEADER = re.compile(r"\s*\[(?P<name>[^]]+)\]")
# an option as configparser reads it; a line that is indented goes on with what stands above
_OPTION = re.compile(r"(?P<name>[^\s#;:=\[][^:=]*?)\s*[:=]")


def write_settings(path: str, changes: Mapping[str, str | None]) -> None:
    """Change settings, by full names, in a file, which is made where it is not there; None takes one out.

    The file is replaced as a whole, or stays. Raises UsageError for a value that no file can hold, CrmError where
    the file is none that would be read, NotPermitted.
    """
    # whoever links the file to another place wants it there
    path = os.path.realpath(path)
    text, reason = read_file(path)
    if reason:
        raise CrmError(f"{path} is ignored, so nothing is written there: {reason}")
    written = changed(text or "", changes, path)
    if written != text:
        try:
            _replace(path, written)
        except PermissionError:
            raise NotPermitted(f"not permitted to write {path}") from None
        except OSError as error:
            raise CrmError(f"cannot write {path}: {error.strerror}") from None


def changed(text: str, changes: Mapping[str, str | None], path: str) -> str:
    """The text of a file with other settings. Raises UsageError, CrmError as `write_settings` does."""
    for name, value in changes.items():
        if value is not None and not (value.isprintable() and value == value.strip()):
            raise UsageError(f"the value of {name} cannot stand in a file: a line end, or blanks around it")
    before = _values(text, path)
    lines = text.splitlines()
    for name, value in changes.items():
        section, _, option = name.partition(".")
        lines = _set(lines, section, option, value)
    written = "".join(line + "\n" for line in lines)
    wanted = {**before, **changes}
    if _values(written, path) != {name: value for name, value in wanted.items() if value is not None}:
        raise CrmError(f"{path} is of a form that this program does not change", hint="change it with an editor")
    return written


def _values(text: str, path: str) -> dict[str, str]:
    """All that a file sets, by full names, references as they stand there. Raises CrmError."""
    from configparser import Error  # heavy

    try:
        parser = parsed(text, path)
    except Error as error:
        said = str(error).splitlines()[0]
        raise CrmError(f"{path} is ignored, so nothing is written there: {said}") from None
    # only what can be read: a single % is the beginning of a reference
    return {
        f"{section}.{name.replace('-', '_')}": value.replace("%%", "%")
        for section in parser.sections()
        for name, value in parser.items(section, raw=True)
    }


def _set(lines: list[str], section: str, option: str, value: str | None) -> list[str]:
    """The lines with an option set once, where it was set last; or nowhere."""
    found = list(_options(lines, section, option))
    said = [] if value is None else [f"{option} = {value.replace('%', '%%')}".rstrip()]
    if not found:
        return _add(lines, section, said) if said else lines
    *others, last = found
    lines = [*lines[: last[0]], *said, *lines[last[1] :]]
    for start, end in reversed(others):
        del lines[start:end]
    return lines


def _options(lines: list[str], section: str, option: str) -> Iterable[tuple[int, int]]:
    """Where a section sets an option: its first line, and the one behind its last."""
    here = "core"
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        if header and not line[:1].isspace():
            here = header["name"]
        found = _OPTION.match(line)
        if found and here == section and found["name"].replace("-", "_").lower() == option:
            yield number, _end(lines, number + 1)


def _end(lines: list[str], at: int) -> int:
    """Behind the lines that go on with an option; a comment and an empty line stand for themselves."""
    end = at
    while at < len(lines) and (not lines[at].strip() or lines[at][:1].isspace()):
        at += 1
        if lines[at - 1].strip() and lines[at - 1].lstrip()[:1] not in "#;":
            end = at
    return end


def _add(lines: list[str], section: str, said: list[str]) -> list[str]:
    """The lines with more of them at the end of a section, which is made where it is not there."""
    at = None
    here = "core"
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        if header and not line[:1].isspace():
            here = header["name"]
        is_said = line.strip() and line.lstrip()[:1] not in "#;"
        if here == section and is_said:
            at = number + 1
    if at is None:
        return [*lines, *([""] if lines and lines[-1].strip() else []), f"[{section}]", *said]
    return [*lines[:at], *said, *lines[at:]]


def _replace(path: str, text: str) -> None:
    """Write aside and rename, with the rights of the file that was there; a new one is the user's alone."""
    folder = os.path.dirname(path)
    _make(folder)
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
        if not os.access(path, os.W_OK):
            raise PermissionError
    except FileNotFoundError:
        mode = 0o600
    aside = os.path.join(folder, f".crm.conf.{os.urandom(6).hex()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, mode)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        os.replace(aside, path)
    except BaseException:
        os.unlink(aside)
        raise


def _make(folder: str) -> None:
    """Make a folder, and those above it, where they are not there. Raises OSError, NotPermitted."""
    above = folder
    while not os.path.isdir(above):
        above = os.path.dirname(above)
    if above != folder and os.stat(above).st_uid not in (0, os.geteuid()):
        # root with the home of somebody else would leave folders of root in it
        raise NotPermitted(f"{above} belongs to somebody else, so {folder} is not made there")
    os.makedirs(folder, mode=0o700, exist_ok=True)
