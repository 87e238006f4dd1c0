"""The CIB of a store as completion sees it: read beside the session, which is left alone."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from crmsh_py.cib.document import Cib
from crmsh_py.cluster.asking import ask

if TYPE_CHECKING:
    from crmsh_py.cib.stores.store import Store


# a cluster that takes longer is not seen
SECONDS = 4.0


class Seen:
    """What a store holds, in a tree of its own.

    of: the store. revision: of the session, when it was last looked at: after a commit the store holds something else.
    """

    def __init__(self, of: Store, is_waited_for: bool) -> None:
        self.of = of
        self._is_waited_for = is_waited_for
        self.revision = 0
        # by another thread perhaps: stores remember things from one call to the next
        self._store = copy(of)
        self._data = b""
        self._cib: Cib | None = None

    def read(self) -> Cib:
        """The CIB as it is now; the same one where it has not changed. Raises what stores raise."""
        data = self._store.read_again(self._data) if self._cib else self._read()
        if self._cib is None or data is not self._data:
            self._data, self._cib = data, Cib.parse(data, self._store.label)
        return self._cib

    def _read(self) -> bytes:
        """What the store holds; who has pressed TAB does not wait as long for a daemon that hangs as a command does."""
        if any(self._store.environ.values()) or not self._is_waited_for:
            return self._store.read()
        return ask("cibadmin", "--query", seconds=SECONDS).stdout
