"""What a store can do, whichever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from crmsh_py.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from crmsh_py.cib.document import Cib
    from crmsh_py.problems import Problem

# where the CIB daemon has the CIB of the cluster; the shadows of root and hacluster lie beside it
CIB_FOLDER = "/var/lib/pacemaker/cib"


class Moved(Conflict):
    """Somebody else wrote between reading and writing; nothing was written. To meet again may help."""


class Store(Protocol):
    """A place that holds one CIB.

    label: names it to people, name in one word. environ: selects it for Pacemaker's tools; None is a variable that must
    not be set.
    identity: tells it from all other stores of this host.
    """

    label: str
    name: str
    environ: Mapping[str, str | None]

    @property
    def identity(self) -> str: ...

    def read(self) -> bytes:
        """The CIB as it is now. Raises NoSuchObject, Unreachable, NotPermitted, TimedOut or CrmError."""

    def read_again(self, before: bytes) -> bytes:
        """The CIB as it is now; `before` itself where its configuration is still the same. Raises what `read` does."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep neighbours on this host, as far as they ask, from writing while this one reads again and writes."""

    def put(self, before: bytes, old: Cib, new: Cib, *, force: bool) -> Iterable[Problem] | None:
        """Put the configuration of `new` in the place of that of `old`, which is what `before` holds.

        force: also where it may be lost. Gives what is worth saying; None where nothing had to be written. Raises
        Moved if the store holds another configuration than `before`, Refused, NotPermitted, Unreachable, TimedOut or
        CrmError; the store is unchanged then, but if the answer got lost.
        """

    def settle(self, seconds: float, tell: Callable[[float], None]) -> None:
        """Wait until what was configured is done. `tell` gets the seconds that passed, every second.

        Raises TimedOut after so many seconds, Unreachable.
        """


def epoch(cib: Cib) -> int:
    """The number that grows with every change of the configuration; 0 where the CIB does not say it."""
    said = cib.root.get("epoch", "")
    return int(said) if said.isdecimal() else 0
