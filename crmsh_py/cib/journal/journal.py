"""The journal of a session: its edits are written down as they come, and gone when they are committed or dropped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crmsh_py.cib.journal.content import BASE, DRAFT, OWNER, about, packed, without_status
from crmsh_py.cib.journal.entry import LOCK, Entry
from crmsh_py.cib.journal.folder import open_folder
from crmsh_py.cib.journal.left import Left, left_behind
from crmsh_py.problems import WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from crmsh_py.cib.session import Session
    from crmsh_py.cib.stores.store import Store


class Journal:
    """Writes down the edits of one session at a time, and finds those that dead ones of the same user have left.

    What cannot be written is told, once, and disturbs nothing else.
    """

    def __init__(self, environ: Mapping[str, str], tell: Callable[[Problem], None]) -> None:
        self._environ = environ
        self._tell = tell
        self._has_told = False
        self._entry: Entry | None = None
        self._base: bytes | None = None
        self._session: Session | None = None
        self._revision = 0

    def keep(self, session: Session) -> None:
        """Make the journal hold the edits of a session as they are now; cheap where nothing has changed."""
        if session is self._session and session.revision == self._revision:
            return
        try:
            self._keep(session)
        except OSError as error:
            self._tell_once(error)
            return
        self._session, self._revision = session, session.revision

    @property
    def has_entry(self) -> bool:
        """Whether the next session would be offered something."""
        return self._entry is not None

    def left_behind(self, store: Store) -> Iterator[Left]:
        """The edits that dead sessions have left of a store, the last ones first."""
        return left_behind(self._environ, store, self._tell)

    def take_over(self, left: Left, session: Session) -> None:
        """Go on with an entry whose edits a session has resumed."""
        self._entry, self._base = left.entry, session.base
        self._session, self._revision = session, session.revision
        try:
            left.entry.write(OWNER, _process())
        except OSError as error:
            self._tell_once(error)

    def _keep(self, session: Session) -> None:
        if not session.is_dirty:
            self._forget()
            return
        draft = packed(without_status(session.draft))
        if self._entry is not None and self._base is session.base and self._entry.is_there:
            self._entry.write(DRAFT, draft)
            return
        self._forget()
        folder = open_folder(self._environ, make=True)
        try:
            files = {LOCK: about(session.store), OWNER: _process(), BASE: packed(session.base), DRAFT: draft}
            self._entry, self._base = Entry.make(folder, files), session.base
        finally:
            os.close(folder)

    def _forget(self) -> None:
        if self._entry is not None:
            if self._entry.is_there:
                self._entry.remove()
            self._entry.close()
        self._entry = self._base = None

    def _tell_once(self, error: OSError) -> None:
        if self._has_told:
            return
        self._has_told = True
        where = f"{error.filename}: " if error.filename else ""
        text = f"no journal is kept of what is not committed: {where}{(error.strerror or str(error)).lower()}"
        self._tell(Problem(WARNING, "no-journal", text))


def _process() -> bytes:
    return str(os.getpid()).encode()
