"""The CIB of the running cluster."""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import contextmanager
from copy import deepcopy
from time import monotonic, sleep
from typing import TYPE_CHECKING

from crmsh_py.cib.stores.store import Moved
from crmsh_py.cluster import cibadmin
from crmsh_py.errors import Conflict, Refused, Unreachable
from crmsh_py.problems import ERROR, WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.patch import Version

# readable for whom Pacemaker lets use the cluster, and for nobody else
CIB_FOLDER = "/var/lib/pacemaker/cib"
NEIGHBOUR_SECONDS = 10.0
TRIES = 5
_CUT = re.compile(r"[^\x00-\x7f].*[\"<&]", re.DOTALL)
CUT_HINT = 'a " or < or & stands behind a character that is not ASCII'
NO_QUORUM = "this part of the cluster has no quorum: what is written now may be lost when it meets the others"


class Live:
    """The CIB that the CIB daemon holds. What is written is a patch, which it takes only on the version it is for."""

    label = "the cluster"
    name = "live"
    identity = "live"
    environ: Mapping[str, str | None] = cibadmin.LIVE

    def __init__(self) -> None:
        self._head: Element | None = None

    def read(self) -> bytes:
        """The CIB, as far as the user may read it."""
        return cibadmin.query()

    def read_again(self, before: bytes) -> bytes:
        """The CIB as it is now; `before` where its configuration has not moved since, whatever its status does."""
        now = cibadmin.query_version()
        version = _version(now)
        self._head = None
        if version is None:
            return _same_or_new(before, self.read())
        known = _version(before)
        if known is None or known[:2] != version[:2]:
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

    def put(self, before: bytes, old: Cib, new: Cib, *, force: bool) -> Iterable[Problem]:
        """Patch the CIB, whose configuration has not moved since `before`; how far its status has does not matter.

        Raises Moved; Unreachable without quorum, unless forced, which is worth a warning: what a part of the cluster
        writes on its own, another part may take back when they meet.
        """
        from crmsh_py.cib.patch import Version, patch  # heavy

        version = _version(before)
        if version is None:
            return _put_unguarded(old, new, force)
        head = self._head if self._head is not None else _parsed(_head(before))
        is_alone = head.get("have-quorum") == "0"
        if is_alone and not force:
            raise Unreachable(NO_QUORUM, hint="`crm status` shows who is missing; `-F` writes all the same")
        # the strict comparison is what all versions of Pacemaker know, and on a busy cluster it may never hold
        any_status = False
        for _ in range(TRIES):
            source = Version.of(head)
            if source[:2] != version[:2]:
                break
            target = Version(source.admin_epoch, source.epoch + 1, 0)
            change = patch(old, _without_new_containers(new, old), source, target, any_status=any_status, head=head)
            if change is None:
                return ()
            _check_values(change, force)
            try:
                cibadmin.apply_patch(change)
                return [Problem(WARNING, "no-quorum", NO_QUORUM)] if is_alone else ()
            except Conflict:
                head = _parsed(cibadmin.query_version())
                any_status = True
        raise Moved("the configuration of the cluster was changed by somebody else meanwhile; nothing was written")

    def settle(self, seconds: float, tell: Callable[[float], None]) -> None:
        """Wait until the cluster has no action left to do."""
        from crmsh_py.cluster import settling  # heavy

        settling.wait(seconds, tell)


def _head(data: bytes) -> bytes:
    """The `cib` element of a CIB alone."""
    head = data[: data.index(b">") + 1] if b">" in data else data
    return head if head.endswith(b"/>") else head[:-1] + b"/>"


def _version(data: bytes) -> Version | None:
    """The version that a CIB says it has; None where the user may not read that."""
    from crmsh_py.cib.patch import Version  # heavy

    root = _parsed(_head(data))
    return Version.of(root) if root.get("epoch") is not None else None


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


def _check_values(patch: bytes, force: bool) -> None:
    """Refuse what Pacemaker 2.1.5, for one, cuts off: it escapes nothing behind the first character beyond ASCII."""
    if force or patch.isascii():
        return
    for el in _parsed(patch).iter("*"):
        for name, value in el.items():
            if _CUT.search(str(value)):
                text = f"Pacemaker may store the {name} of {el.get('id', str(el.tag))} without its end: {CUT_HINT}"
                raise Refused(problems=[Problem(ERROR, "unsafe-value", text, object_id=el.get("id"))])


def _put_unguarded(old: Cib, new: Cib, force: bool) -> Iterable[Problem]:
    """Patch a CIB whose version the user may not read: by attributes and elements, so that little can be lost."""
    from crmsh_py.cib.patch import Version, patch  # heavy

    nothing = Version(0, 0, 0)
    change = patch(old, _without_new_containers(new, old), nothing, nothing)
    if change is None:
        return ()
    _check_values(change, force)
    root = _parsed(change)
    for version in root.findall("version"):
        root.remove(version)
    cibadmin.apply_patch(_written(root))
    text = (
        "the access control lists hide the version of the CIB: what somebody else wrote in the same moment is not seen"
    )
    return [Problem(WARNING, "not-guarded", text)]


def _without_new_containers(new: Cib, old: Cib) -> Cib:
    """The CIB without empty sections that the other one has not: they may be there, and hidden."""
    seen = {el.tag for el in old.configuration}
    if all(len(el) or el.tag in seen for el in new.configuration):
        return new
    found = type(new)(deepcopy(new.root))
    for el in list(found.configuration):
        if not len(el) and el.tag not in seen:
            found.configuration.remove(el)
    return found


def _open_folder() -> int | None:
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
