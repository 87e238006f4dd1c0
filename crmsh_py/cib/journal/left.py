"""What dead sessions have left in the journal."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.document import BadCib, Cib
from crmsh_py.cib.journal import entry as entries
from crmsh_py.cib.journal.content import BASE, DRAFT, OWNER, Unreadable, is_about, unpacked
from crmsh_py.cib.journal.entry import BAD, LOCK, Entry
from crmsh_py.cib.journal.folder import open_folder, path
from crmsh_py.errors import CrmError
from crmsh_py.problems import INFO, WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from crmsh_py.cib.stores.store import Store

DAY = 86_400.0
# how long edits that nobody takes up are kept, and for how long a session may be making or removing an entry
KEPT_SECONDS, HALF_MADE_SECONDS = 30 * DAY, DAY
# what the system says where an entry is none; anything else may be another time
_NO_ENTRY = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO)


class Left:
    """Edits that a dead session has left: what it had read, and what that had become.

    Nobody else is offered them until this is closed. age: how long ago they were made, in seconds.
    """

    def __init__(self, entry: Entry) -> None:
        """Raises OSError, Unreadable or BadCib where the entry is not whole."""
        self.entry = entry
        self.base = unpacked(entry.read(BASE))
        self.draft = unpacked(entry.read(DRAFT))
        self.age = max(0.0, time.time() - entry.changed)
        self._cibs = Cib.parse(self.base, "the journal"), Cib.parse(self.draft, "the journal")

    def is_of(self, now: Cib) -> bool:
        """Whether a CIB is of the cluster of which the edits were made; a cluster that is new has no name yet."""
        names = {_cluster_name(self._cibs[0]), _cluster_name(now)} - {None}
        return len(names) < 2

    def is_in(self, now: Cib) -> bool:
        """Whether a CIB has all of the edits, so that they would change nothing."""
        base, draft = self._cibs
        said = _said(now)
        if said == _said(base):
            return said == _said(draft)
        from crmsh_py.cib.merge import Merge  # heavy

        return said == _said(Merge(base, draft, now).merged())

    def drop(self) -> None:
        """Remove them. Raises CrmError."""
        try:
            self.entry.remove()
        except OSError as error:
            self.close()
            raise CrmError(f"the journal cannot be written: {(error.strerror or str(error)).lower()}") from None

    def close(self) -> None:
        """Leave them for the next session."""
        self.entry.close()


def left_behind(environ: Mapping[str, str], store: Store, tell: Callable[[Problem], None]) -> Iterator[Left]:
    """The edits that dead sessions of this user have left of a store, the last ones first.

    What is too old is removed. What cannot be read is told, and told once; and that a session that lives has some.
    """
    try:
        folder = open_folder(environ, make=False)
    except OSError:  # there is none, or none that can be trusted
        return
    try:
        for name in _names(folder):
            try:
                left = _look_at(folder, name, store, tell)
            except (OSError, Unreadable, BadCib) as error:
                _set_aside(folder, name, error, path(environ), tell)
                continue
            if left is not None:
                yield left
    finally:
        os.close(folder)


def _names(folder: int) -> list[str]:
    try:
        return entries.names(folder)
    except OSError:
        return []


def _look_at(folder: int, name: str, store: Store, tell: Callable[[Problem], None]) -> Left | None:
    """What an entry holds, if it is of a dead session and of this store. Raises OSError, Unreadable, BadCib."""
    age = time.time() - os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime
    if age > (HALF_MADE_SECONDS if name.startswith(".") else KEPT_SECONDS):
        _sweep_unless_alive(folder, name)
        return None
    if name.startswith(".") or name.endswith(BAD):
        return None
    entry = Entry.claim(folder, name)
    if entry is None:
        _tell_of_living(folder, name, store, tell)
        return None
    try:
        if is_about(entry.read(LOCK), store):
            return Left(entry)
    except BaseException:
        entry.close()
        raise
    entry.close()
    return None


def _tell_of_living(folder: int, name: str, store: Store, tell: Callable[[Problem], None]) -> None:
    """Say that a session lives which has edits: its connection may be lost, and it may not know that yet."""
    try:
        process = entries.peek(folder, name, OWNER).decode()
        if not is_about(entries.peek(folder, name, LOCK), store) or not process.isdecimal():
            return
    except (OSError, ValueError):  # it has just removed them
        return
    text = f"another session of yours, process {process}, has uncommitted edits of {store.label}"
    hint = "if its connection was lost, end it, and start crm again"
    tell(Problem(INFO, "journal-in-use", text, hint=hint))


def _sweep_unless_alive(folder: int, name: str) -> None:
    try:
        entry = Entry.claim(folder, name)
    except OSError:  # none that anybody could be at work on
        entries.sweep(folder, name)
        return
    if entry is not None:
        with suppress(OSError):
            entry.remove()
        entry.close()


def _set_aside(folder: int, name: str, error: Exception, where: str, tell: Callable[[Problem], None]) -> None:
    said = str(error)
    try:
        if not isinstance(error, OSError):
            name = entries.set_aside(folder, name)
        elif error.errno in _NO_ENTRY:
            name, said = entries.set_aside(folder, name), "they are not whole"
        else:
            said = (error.strerror or said).lower()
    except OSError:  # its session has removed it meanwhile
        return
    text = f"uncommitted edits of an earlier session are ignored: {os.path.join(where, name)}: {said}"
    tell(Problem(WARNING, "journal-ignored", text))


def _said(cib: Cib) -> bytes:
    said = etree.tostring(cib.configuration, method="c14n", with_comments=True)
    return cib.schema.encode() + b"\n" + said


def _cluster_name(cib: Cib) -> str | None:
    options = cib.configuration.iterfind("crm_config/cluster_property_set/nvpair[@name='cluster-name']")
    return next((option.get("value") for option in options), None)
