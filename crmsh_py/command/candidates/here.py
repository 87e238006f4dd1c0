"""What this host has: files, shadows, schemas, users; and the settings of this program."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crmsh_py.command.candidates import Candidate
from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.command.context import Context

# who may ask the CIB daemon
_GROUP = "haclient"


def files(_: Context, partial: str) -> Iterator[Candidate]:
    """The files of the folder that was typed; a folder with a `/` behind it."""
    folder, name = os.path.split(partial)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            found = sorted((entry.name, entry.is_dir()) for entry in entries)
    except (OSError, ValueError):
        return
    for entry, is_folder in found:
        if name.startswith(".") or not entry.startswith("."):
            yield Candidate(os.path.join(folder, entry) + "/" * is_folder)


def shadows(cx: Context, _: str) -> list[Candidate]:
    """The shadow CIBs that are there."""
    from crmsh_py.cib.stores.shadow import names  # heavy

    try:
        return [Candidate(name, "shadow CIB") for name in names(cx.environ)]
    except CrmError:
        return []


def schemas(cx: Context, _: str) -> list[Candidate]:
    """The schemas of the installed Pacemaker, the newest first."""

    def look() -> list[str]:
        from crmsh_py.cib.schema import folder, names  # heavy

        return names(folder() or "")

    cib = cx.seen()
    found = reversed(cx.later.get("schemas", look, list[str]()))
    return [Candidate(name, "in use" if cib is not None and cib.schema == name else "") for name in found]


def users(cx: Context, _: str) -> list[Candidate]:
    """The users whom the cluster asks its access control lists about."""

    def look() -> list[str]:
        import grp  # heavy

        try:
            return sorted(grp.getgrnam(_GROUP).gr_mem)
        except KeyError:
            return []

    return [Candidate(name, f"of the group {_GROUP}") for name in cx.later.get("users", look, list[str]())]


def settings(cx: Context, _: str) -> Iterable[Candidate]:
    """The settings of this program, each with its value now."""
    from crmsh_py.config import SETTINGS, known

    for name in known():
        value = cx.settings[name]
        yield Candidate(name, f"now {value}" if value else "" if name in SETTINGS else "without effect here")
