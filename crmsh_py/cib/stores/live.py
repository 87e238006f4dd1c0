"""The CIB of the running cluster."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING

from crmsh_py.cib.stores import sending
from crmsh_py.cib.stores.store import CIB_FOLDER, Moved
from crmsh_py.cluster import asking, cibadmin
from crmsh_py.errors import Conflict, CrmError, Unreachable
from crmsh_py.problems import WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

NEIGHBOUR_SECONDS = 3.0
TRIES = 6
IDENTITY = ("admin_epoch", "epoch", "cib-last-written", "update-origin", "update-client", "update-user")
NO_QUORUM = "this part of the cluster has no quorum: when it meets the others, the changes of one side are lost"


class Live:
    """The CIB that the CIB daemon holds. What is written is a patch, which it takes only on the version it is for."""

    label = "the cluster"
    name = "live"
    identity = "live"
    environ: Mapping[str, str | None] = asking.LIVE

    def __init__(self) -> None:
        self._head: Element | None = None
        self._compares_the_epoch_alone = True

    def read(self) -> bytes:
        """The CIB, as far as the user may read it."""
        return cibadmin.query()

    def read_again(self, before: bytes) -> bytes:
        """The CIB as it is now; `before` where its configuration has not moved since, whatever its status does."""
        now = cibadmin.query_version()
        self._head = None
        if not _identity(now):
            return _same_or_new(before, self.read())
        if _identity(before) != _identity(now):
            return self.read()
        self._head = _parsed(now)
        return before

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Take turns with neighbours. Who gets no lock goes on without: the daemon sees to it that nothing is lost."""
        descriptor = _open_folder()
        try:
            if descriptor is not None:
                _wait_for_neighbours(descriptor)
            yield
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def put(self, before: bytes, old: Cib, new: Cib, *, force: bool) -> Iterable[Problem] | None:
        """Patch the CIB, whose configuration has not moved since `before`; how far its status has does not matter.

        Raises Moved; Unreachable without quorum, unless forced, which is worth a warning: what a part of the cluster
        writes on its own, another part takes back when they meet, or the other way round.
        """
        new = sending.without_new_containers(new, old)
        head = self._head if self._head is not None else _parsed(_head(before))
        if not _identity(before):
            return _put_unguarded(old, new, force)
        is_alone = head.get("have-quorum") == "0"
        if is_alone and not force:
            raise Unreachable(NO_QUORUM, hint="`crm status` shows who is missing; `-F` writes all the same")
        if not self._push(_identity(before), head, old, new, force):
            return None
        return [Problem(WARNING, "no-quorum", NO_QUORUM)] if is_alone else ()

    def _push(self, identity: str, head: Element, old: Cib, new: Cib, force: bool) -> bool:
        """Send the patch until it is taken; False where there is nothing to send. Raises Moved."""
        from crmsh_py.cib.patch import Version, patch  # heavy

        for attempt in range(TRIES):
            if _identity_of(head) != identity:
                break
            source = Version.of(head)
            target = Version(source.admin_epoch, source.epoch + 1, 0)
            # the strict comparison is what all versions of Pacemaker know; on a busy cluster it may never hold
            any_status = attempt > 0 and self._compares_the_epoch_alone
            change = patch(old, new, source, target, any_status=any_status, head=head)
            if change is None:
                return False
            try:
                cibadmin.apply_patch(sending.checked(change, old, force))
                return True
            except Conflict:
                head = _parsed(cibadmin.query_version())
            except CrmError as error:
                # one that has no kind of its own: the CIB was taken back, or such a patch is not known here
                head = _parsed(cibadmin.query_version()) if type(error) is CrmError else head
                if type(error) is not CrmError or (_identity_of(head) == identity and not any_status):
                    raise
                self._compares_the_epoch_alone = False
        raise Moved("the configuration of the cluster was changed by somebody else meanwhile; nothing was written")

    def settle(self, seconds: float, tell: Callable[[float], None]) -> None:
        """Wait until the cluster has no action left to do."""
        from crmsh_py.cluster import settling  # heavy

        settling.wait(seconds, tell)


def _head(data: bytes) -> bytes:
    """The `cib` element of a CIB alone."""
    head = data[: data.index(b">") + 1] if b">" in data else data
    return head if head.endswith(b"/>") else head[:-1] + b"/>"


def _identity(data: bytes) -> str:
    """What tells the configuration of a CIB from any other; "" where the user may not read that."""
    return _identity_of(_parsed(_head(data)))


def _identity_of(head: Element) -> str:
    """Also of one that was restored from a backup, and counts its changes from there."""
    return "" if head.get("epoch") is None else " ".join(head.get(name, "") for name in IDENTITY)


def _same_or_new(before: bytes, now: bytes) -> bytes:
    """`before`, where the two configurations are the same."""
    one, other = (_configuration(data) for data in (before, now))
    return before if one == other else now


def _configuration(data: bytes) -> bytes:
    found = _parsed(data).find("configuration")
    return b"" if found is None else _written(found)


def _parsed(data: bytes) -> Element:
    from lxml import etree  # heavy

    return etree.fromstring(data)


def _written(el: Element) -> bytes:
    from lxml import etree  # heavy

    return etree.tostring(el, with_tail=False)


def _put_unguarded(old: Cib, new: Cib, force: bool) -> Iterable[Problem] | None:
    """Patch a CIB whose version the user may not read: by attributes and elements, so that little can be lost."""
    from crmsh_py.cib.patch import Version, patch  # heavy

    nothing = Version(0, 0, 0)
    change = patch(old, new, nothing, nothing)
    if change is None:
        return None
    root = _parsed(sending.checked(change, old, force))
    for version in root.findall("version"):
        root.remove(version)
    cibadmin.apply_patch(_written(root))
    text = (
        "the access control lists hide the version of the CIB: what somebody else wrote in the same moment is not seen"
    )
    return [Problem(WARNING, "not-guarded", text)]


def _open_folder() -> int | None:
    """What neighbours lock: readable for whom Pacemaker lets use the cluster, and for nobody else."""
    try:
        return os.open(CIB_FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:  # not in the group; the tools decide what may be done
        return None


def _wait_for_neighbours(descriptor: int) -> None:
    deadline = monotonic() + NEIGHBOUR_SECONDS
    while monotonic() < deadline:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            sleep(0.005)
