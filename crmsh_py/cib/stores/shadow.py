"""Shadow CIBs: Pacemaker's own files, so that crm_shadow and `CIB_shadow` of all its tools know the same ones.

Beside a shadow lies its origin: what it was made from, for the merge at its commit. Other programs know nothing of
origins, and may put another shadow in the place of the one that an origin belongs to. So both bear one stamp, in an
attribute that Pacemaker's tools leave alone and that no commit carries on; an origin of another stamp is none.

Others than who runs this may write in the folder: hacluster in root's, everybody where CIB_shadow_dir is /tmp. So
nothing here follows a link, and nothing is written into a file that is there already: a new one takes its name.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crmsh_py.cib.document import BadCib, Cib
from crmsh_py.cib.stores.file import File, read_unlinked, replace_private
from crmsh_py.cib.stores.store import CIB_FOLDER
from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PRIVILEGED = ("root", "hacluster")
# what the system says where a name is that of a link, of a pipe or of a socket
_NO_FILE = (errno.ELOOP, errno.ENXIO)
PREFIX = "shadow."
# no longer than the other one, so that every name of a shadow has room for it
ORIGIN_PREFIX = "origin."
# free text for Pacemaker: the program that wrote last
STAMP = "update-client"
LISTED = "`cib list` shows those that are there"


def folder(environ: Mapping[str, str]) -> str:
    """Where Pacemaker has the shadows of this user.

    In CIB_shadow_dir, else root's and hacluster's with the CIB of the cluster, those of others in .cib of their
    homes. Raises NotPermitted for a user without a home: Pacemaker's tools go to a folder that belongs to all then.
    """
    named = environ.get("CIB_shadow_dir")
    if named is not None:
        return named or "/"
    name, home = _user()
    if name in PRIVILEGED:
        return CIB_FOLDER
    home = environ.get("HOME", home)
    if not os.path.isabs(home):
        raise NotPermitted("shadow CIBs of this user have no place", hint="HOME or CIB_shadow_dir names one")
    return os.path.join(home, ".cib")


def _user() -> tuple[str, str]:
    """The name and the home of who runs this; empty where the system does not know them."""
    import pwd  # heavy

    try:
        user = pwd.getpwuid(os.geteuid())
    except KeyError:
        return "", ""
    return user.pw_name, user.pw_dir


def names(environ: Mapping[str, str]) -> list[str]:
    """The shadows that are there, sorted. Raises NotPermitted."""
    place = folder(environ)
    try:
        found = os.listdir(place)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise NotPermitted(f"not permitted: {place} ({error.strerror})") from None
    return sorted(name[len(PREFIX) :] for name in found if name.startswith(PREFIX) and name != PREFIX)


class Shadow(File):
    """A shadow CIB."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        """Raises UsageError for a name that no shadow can have, NotPermitted for a user who can have none."""
        if "/" in name or "\0" in name or not name:
            raise UsageError(f"not the name of a shadow CIB: {name!r}", hint="for a file, write -c ./FILE")
        self.folder = folder(environ)
        super().__init__(os.path.join(self.folder, PREFIX + name))
        self.label = f"the shadow CIB {name}"
        self.name = name
        self.environ = {"CIB_shadow": name, "CIB_shadow_dir": self.folder, "CIB_file": None}
        self._origin_path = os.path.join(self.folder, ORIGIN_PREFIX + name)

    @property
    def is_there(self) -> bool:
        """Whether there is such a shadow."""
        return os.path.lexists(self.path)

    def read(self) -> bytes:
        """The shadow as it is now. Raises NoSuchObject, NotPermitted, CrmError."""
        if not self.is_there:
            raise self.missing()
        try:
            return read_unlinked(self.path)[0]
        except FileNotFoundError:
            raise self.missing() from None
        except OSError as error:
            raise self._unreadable(error) from None

    def write(self, old: bytes, new: bytes) -> None:
        """Replace the content as a File does. Raises NoSuchObject, too."""
        if not self.is_there:
            raise self.missing()
        super().write(old, new)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the shadow. Raises NoSuchObject, and what `write` does."""
        if not self.is_there:
            raise self.missing()
        with super().alone():
            yield

    def missing(self) -> NoSuchObject:
        """What to raise where there is no such shadow."""
        return NoSuchObject(f"no such shadow CIB: {self.name}", hint=LISTED)

    def origin(self, content: bytes) -> bytes | None:
        """What the shadow, which has this content, was made from; None where nobody knows. Raises CrmError.

        An origin decides what a commit removes, so one that another user has written, or could write, is none.
        """
        try:
            found, status = read_unlinked(self._origin_path)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EACCES, errno.EPERM, *_NO_FILE):
                return None
            raise NotPermitted(f"not permitted: {self._origin_path} ({error.strerror})") from None
        if status.st_mode & 0o022 or not _is_trusted(status.st_uid):
            return None
        return found if _stamp(found) and _stamp(found) == _stamp(content) else None

    def make(self, cib: Cib, *, is_origin: bool) -> None:
        """Write the shadow, whether it is there or not. is_origin: the CIB is what it is made from, too.

        Raises NotPermitted, CrmError; the shadow is as before then, or has no origin.
        """
        content = _stamped(cib)
        if not os.path.isdir(self.folder):
            self._make_folder()
        replace_private(self.path, content)
        self._remember(content if is_origin else None)

    def settle_origin(self, committed: bytes) -> None:
        """Say that what the shadow was, `committed`, is where it came from. Raises NotPermitted, CrmError."""
        self._remember(committed)

    def renew(self, committed: bytes, cib: Cib) -> None:
        """Put a CIB, as what the shadow is made from, in the place of what was committed.

        Raises Moved if the shadow is not what was committed any more, NoSuchObject, NotPermitted, CrmError.
        """
        content = _stamped(cib)
        self.write(committed, content)
        self._remember(content)

    def delete(self) -> None:
        """Remove the shadow. Raises NoSuchObject, NotPermitted."""
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            raise self.missing() from None
        except OSError as error:
            raise NotPermitted(f"{self.label} cannot be deleted: {_said(error)}") from None
        self._remember(None)

    def _target(self) -> str:
        return self.path

    def _unreadable(self, error: OSError) -> CrmError:
        if error.errno in _NO_FILE:
            hint = f"`cib delete {self.name}` removes it, and not what it leads to"
            return CrmError(f"{self.label} is a link, or no regular file: {self.path}", hint=hint)
        kind = NotPermitted if isinstance(error, PermissionError) else CrmError
        return kind(f"{self.label} cannot be read: {_said(error)}")

    def _make_folder(self) -> None:
        """Make the folder of a user, for whom Pacemaker's tools would make it too."""
        if os.path.basename(self.folder) != ".cib":
            raise NotPermitted(
                f"there is no folder {self.folder} for shadow CIBs", hint="CIB_shadow_dir names another one"
            )
        try:
            os.mkdir(self.folder, 0o700)
        except OSError as error:
            raise NotPermitted(f"{self.folder} cannot be made: {_said(error)}") from None

    def _remember(self, origin: bytes | None) -> None:
        if origin is not None:
            replace_private(self._origin_path, origin)
            return
        try:
            os.unlink(self._origin_path)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise NotPermitted(f"{self._origin_path} cannot be deleted: {_said(error)}") from None


def _is_trusted(uid: int) -> bool:
    """Whether a user is who runs this, or one of those who may do all with a cluster."""
    if uid in (0, os.geteuid()):
        return True
    import pwd  # heavy

    try:
        return pwd.getpwuid(uid).pw_name in PRIVILEGED
    except KeyError:
        return False


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _stamped(cib: Cib) -> bytes:
    """The CIB with a stamp that no other one has."""
    before = dict(cib.root.attrib)
    cib.root.set(STAMP, f"crm.{os.urandom(8).hex()}")
    try:
        return cib.to_bytes()
    finally:
        if STAMP in before:
            cib.root.set(STAMP, before[STAMP])
        else:
            del cib.root.attrib[STAMP]


def _stamp(content: bytes) -> str | None:
    """The stamp of a CIB; None where it has none, or is no CIB."""
    try:
        stamp = Cib.parse(content, "").root.get(STAMP)
    except BadCib:
        return None
    return stamp if stamp is not None and stamp.startswith("crm.") else None
