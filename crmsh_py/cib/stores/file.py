"""A CIB in a file: lock, write aside, fsync, rename."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from crmsh_py.cib.stores.store import Moved, epoch
from crmsh_py.errors import BadSyntax, CrmError, NoSuchObject, NotPermitted, TimedOut
from crmsh_py.problems import ERROR, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from crmsh_py.cib.document import Cib

LOCK_SECONDS = 30.0
BEGINNING = "`cibadmin --empty` prints an empty CIB to begin with"


class File:
    """A CIB in a file of its own, without a cluster."""

    def __init__(self, path: str) -> None:
        self.label = path
        self.name = os.path.basename(path)
        self.path = path
        self._locked: int | None = None
        self.environ: Mapping[str, str | None] = {"CIB_file": path, "CIB_shadow": None}

    @property
    def identity(self) -> str:
        """The path of the file, where links lead."""
        return os.path.realpath(self.path)

    def read(self) -> bytes:
        """The content of the file. No lock is needed: a file changes by being replaced."""
        with _translated(self.path, BEGINNING), open(self.path, "rb") as file:
            return file.read()

    def write(self, old: bytes, new: bytes) -> None:
        """Replace the content at once or not at all; mode, owner and extended attributes stay.

        Raises Moved if the content is not `old`, TimedOut if another process holds the lock for 30 s.
        """
        with _translated(self.path):
            path = self._target()
            with _locked(path) if self._locked is None else nullcontext(self._locked) as current:
                with open(current, "rb", closefd=False) as file:
                    if file.read() != old:
                        raise Moved(
                            f"{self.label} was changed by somebody else meanwhile; nothing was written",
                            hint="repeat the command on the new content",
                        )
                _replace(path, current, new)

    def read_again(self, before: bytes) -> bytes:
        """The content of the file; `before` itself where it is the same."""
        now = self.read()
        return before if now == before else now

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the file, so that who has much to check is not overtaken. Raises what `write` does."""
        with ExitStack() as stack:
            with _translated(self.path):
                self._locked = stack.enter_context(_locked(self._target()))
            stack.callback(setattr, self, "_locked", None)
            yield

    def put(self, before: bytes, old: Cib, new: Cib, *, force: bool) -> Iterable[Problem]:  # noqa: ARG002 - no quorum
        """Write the CIB, newer by one epoch than `old`."""
        self.write(before, _renewed(new, old))
        return ()

    def _target(self) -> str:
        """The path of what is replaced by a write: where links lead. Raises OSError."""
        return os.path.realpath(self.path, strict=True)

    def settle(self, seconds: float, tell: Callable[[float], None]) -> None:
        """Nothing: no cluster does what is written to a file."""


def _renewed(cib: Cib, old: Cib) -> bytes:
    before = dict(cib.root.attrib)
    cib.root.set("epoch", str(epoch(old) + 1))
    cib.root.set("num_updates", "0")
    try:
        return cib.to_bytes()
    finally:
        cib.root.attrib.update(before)


@contextmanager
def _translated(path: str, missing: str | None = None) -> Iterator[None]:
    """OSError in, our own errors out; `missing` is the hint where there is no such file."""
    try:
        yield
    except ValueError as error:  # a NUL in the path
        raise NoSuchObject(f"not the name of a file: {path!r}") from error
    except OSError as error:
        raise _as_our_own(error, path, missing) from error


def _as_our_own(error: OSError, path: str, missing: str | None) -> CrmError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NoSuchObject(f"no such file: {path}", hint=missing)
    if error.errno in (errno.EACCES, errno.EPERM):
        return NotPermitted(
            f"not permitted: {path}",
            hint="it takes the right to read the file; to change it, to write in its folder too",
        )
    if error.errno == errno.EROFS:
        return NotPermitted(f"the file system of {path} is read-only")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CrmError(f"no space left to write {path}; nothing was changed")
    if error.errno == errno.EISDIR:
        return CrmError(f"{path} is a directory, not a file")
    return CrmError(f"{path}: {(error.strerror or str(error)).lower()}")


@contextmanager
def _locked(path: str) -> Iterator[int]:
    """Hold the lock of the file that `path` names now; gives its descriptor.

    Whoever holds the lock puts a new file in the place of the old one, and the lock belongs to the old one: so
    after the wait the name is looked up again.
    """
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise CrmError(f"{path} is not a regular file: it can be read, not written")
            _wait_for_lock(descriptor, path, deadline)
            if os.path.samestat(os.fstat(descriptor), os.stat(path)):
                yield descriptor
                return
        finally:
            os.close(descriptor)


def _wait_for_lock(descriptor: int, path: str, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimedOut(f"another process holds the lock of {path} for {LOCK_SECONDS:.0f} s") from None
            time.sleep(0.02)


def _replace(path: str, current: int, content: bytes) -> None:
    """Write a new file beside `path` and rename it over it. `current` is open on the old file."""
    _write_aside(path, content, lambda descriptor: _copy_rights(current, descriptor, path))
    _sync_folder(os.path.dirname(path))


def _write_aside(path: str, content: bytes, prepare: Callable[[int], None]) -> None:
    """Write a file that only its owner can read beside `path`, `prepare` it, and rename it over `path`."""
    from crmsh_py.run import ending_in_order  # heavy

    folder, name = os.path.split(path)
    aside = os.path.join(folder, f".{name[:200]}.{os.getpid()}.{os.urandom(4).hex()}")
    with ending_in_order():
        _write_and_rename(path, aside, content, prepare)


def _write_and_rename(path: str, aside: str, content: bytes, prepare: Callable[[int], None]) -> None:
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, "wb") as file:
            prepare(descriptor)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.rename(aside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(aside)
        raise


def _copy_rights(source: int, target: int, path: str) -> None:
    """Owner, extended attributes, mode: in the order in which the new file is never wider than the old one."""
    old, new = os.fstat(source), os.fstat(target)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.chown(target, old.st_uid, old.st_gid)
        except PermissionError:
            raise NotPermitted(
                f"the owner and group of {path} cannot be kept; nothing was written",
                hint="run this as the owner of the file, or as root",
            ) from None
    for attribute in _extended_attributes(source):
        try:
            os.setxattr(target, attribute, os.getxattr(source, attribute))
        except OSError:
            # Without its ACL, the group bits of a file, which are the ACL's mask, would be rights of the group.
            if attribute.startswith("system.posix_acl"):
                raise
    os.fchmod(target, stat.S_IMODE(old.st_mode))


def _extended_attributes(descriptor: int) -> list[str]:
    try:
        return os.listxattr(descriptor)
    except (OSError, AttributeError):  # the file system, or a system other than Linux, has none
        return []


def _sync_folder(folder: str) -> None:
    """Make the rename last. The content is in place already, so a file system that cannot do it is no failure."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_private(path: str, content: bytes) -> None:
    """Put a file that only its owner can read in the place of what has this name, also in that of a link.

    Raises NotPermitted, CrmError; nothing has changed then.
    """
    with _translated(path):
        _write_aside(path, content, lambda _: None)


def read_unlinked(path: str) -> tuple[bytes, os.stat_result]:
    """The content of a regular file and what it is, where others may have put a link or a pipe in its place.

    Raises OSError; of ELOOP for what is no regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.ELOOP, "not a regular file")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(), status
    finally:
        os.close(descriptor)


def write_private(path: str, content: bytes) -> None:
    """Write a file that only its owner can read, at once or not at all. Raises NotPermitted, CrmError."""
    with _translated(path):
        target = os.path.realpath(path)
        if os.path.exists(target) and not os.path.isfile(target):
            # a device or a pipe is written to, not replaced
            with open(target, "wb") as file:
                file.write(content)
            return
        _write_aside(target, content, lambda _: None)


def read_source(path: str) -> bytes:
    """The content of a file, of the standard input for `-`. Raises NoSuchObject, NotPermitted, CrmError."""
    with _translated(path), open(0 if path == "-" else path, "rb", closefd=path != "-") as file:
        return file.read()


def decoded(data: bytes, source: str) -> str:
    """A text file's content. Raises BadSyntax at the line that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        place = Place(source, number, column, column + 1, "")
        raise BadSyntax(problems=[Problem(ERROR, "not-utf8", "expected UTF-8", place)]) from None
