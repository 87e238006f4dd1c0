"""Files of a node over sftp, for root: read, or put in place whole."""

from __future__ import annotations

import hashlib
import os
import shlex
import stat
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, BinaryIO

    from crmsh_py.cluster.remote.connection import Connection

CHUNK = 1 << 15
# of a file, to be compared line by line; of a larger one only the checksum
MOST_BYTES = 1 << 20
# of a file that is read, for each node; with less it takes many times as long
_AHEAD_BYTES = 16 << 20
# where distributions have it
_SERVER = """\
for folder in /usr/lib/openssh /usr/libexec/openssh /usr/lib/ssh /usr/libexec /usr/lib; do
    [ -x "$folder/sftp-server" ] && exec "$folder/sftp-server"
done
exit 127"""


class Content(NamedTuple):
    """What is in a file. data: None where it is longer than MOST_BYTES."""

    sha256: str
    size: int
    data: bytes | None


class Original(NamedTuple):
    """A file to be copied: its size, its rights, and the names of its owner and its group."""

    path: str
    size: int
    mode: int
    user: str
    group: str


def content(chunks: Iterable[bytes]) -> Content:
    """What is in a file that comes in pieces; memory is bounded."""
    digest, kept, size = hashlib.sha256(), bytearray(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        if size <= MOST_BYTES:
            kept += chunk
    return Content(digest.hexdigest(), size, bytes(kept) if size <= MOST_BYTES else None)


def check_is_file(name: str, mode: int) -> None:
    """Raise CrmError where a file has no content of its own, as folders and devices."""
    if stat.S_ISDIR(mode):
        raise CrmError(f"{name} is a folder", hint="this is for single files")
    if not stat.S_ISREG(mode):
        raise CrmError(f"{name} is not a file")


def _open(connection: Connection) -> Any:
    """An SFTPClient. Raises NotPermitted, Unreachable, TimedOut, CrmError where the node has no sftp."""
    from paramiko import SFTPClient, SFTPError, SSHException  # heavy

    turn, is_root = connection.turn, connection.login.user == "root"
    # below sudo there are no subsystems
    line = "" if is_root else connection.as_root(_SERVER)
    channel = connection.channel()
    # for each answer, so that a file that goes on coming is not too long
    channel.settimeout(turn.seconds)
    try:
        if is_root:
            channel.invoke_subsystem("sftp")
        else:
            channel.exec_command(line.encode())
        return SFTPClient(channel)
    except SFTPError as error:
        raise _garbled(connection, error) from None
    except (SSHException, EOFError, OSError):
        turn.remaining()
        raise CrmError(f"{connection.login.node} has no sftp", hint="it comes with the ssh server") from None


def _garbled(connection: Connection, error: Exception) -> CrmError:
    """The error for an answer that is not sftp, which all that login shells write is mixed with."""
    login = connection.login
    hint = f"it writes nothing if `ssh {login.user}@{login.host} true` shows nothing; see its .bashrc"
    text = f"{login.node} does not speak sftp: {error}; probably the login shell of {login.user} there writes something"
    return CrmError(text, hint=hint)


def _pieces(file: Any, size: int) -> Iterator[bytes]:
    """A remote file from its beginning to its end; so much is asked for at once that the way there costs little."""
    for start in range(0, size, _AHEAD_BYTES):
        wanted = range(start, min(size, start + _AHEAD_BYTES), CHUNK)
        yield from file.readv([(offset, min(CHUNK, size - offset)) for offset in wanted])
    # what was added meanwhile; and files whose size the system does not know, as in /proc
    file.seek(size)
    yield from iter(lambda: file.read(CHUNK), b"")


class Files:
    """The files of a node. Methods raise NoSuchObject, NotPermitted, CrmError, TimedOut where nothing goes on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = connection.turn
        self._node = connection.login.node
        # bytes are as good for paths as text, which its annotations do not say
        self._sftp: Any = _open(connection)

    def read(self, path: str) -> Content:
        """What is in a file."""
        self._turn.stage = "while the file was read"
        with self._translated(path), self._sftp.open(os.fsencode(path), "rb") as file:
            found = file.stat()
            check_is_file(f"{path} on {self._node}", found.st_mode or 0)
            return content(self._watched(_pieces(file, found.st_size or 0)))

    def put(self, original: Original, file: BinaryIO) -> None:
        """Put a file in the place of the one of the same path, with its rights and, by their names, owner and group.

        file: what to read. It is whole there or not at all, and nobody else sees it before. A link stays, and what it
        leads to is replaced.
        """
        self._turn.stage = "while the file was copied"
        with self._translated(original.path):
            target = self._target(original.path)
            # files cannot be made with their rights over sftp, folders can
            folder = os.path.join(os.path.dirname(target), f".crm-{token_hex(8)}".encode())
            inside = os.path.join(folder, os.path.basename(target))
            self._turn.has_to_clear_up = True
            try:
                self._sftp.mkdir(folder, 0o700)
                self._fill(inside, original, file)
                self._sftp.posix_rename(inside, target)
            finally:
                self._forget(inside, folder)
                self._turn.has_to_clear_up = False

    def _target(self, path: str) -> bytes:
        """Where a file of this path is to be put. Raises CrmError where it cannot be."""
        target = os.fsencode(path)
        try:
            if stat.S_ISLNK(self._sftp.lstat(target).st_mode or 0):
                target = os.fsencode(self._sftp.normalize(target))
            found = self._sftp.stat(target)
        except FileNotFoundError:
            return target
        check_is_file(f"{path} on {self._node}", found.st_mode or 0)
        return target

    def _fill(self, path: bytes, original: Original, file: BinaryIO) -> None:
        """Write a new file, to the disk, with all that it is to have."""
        size = 0
        with self._sftp.open(path, "wbx") as there:
            there.set_pipelined(True)
            for chunk in self._watched(iter(lambda: file.read(CHUNK), b"")):
                there.write(chunk)
                size += len(chunk)
        if not size == self._sftp.stat(path).st_size == original.size:
            raise CrmError(f"{original.path} changed while it was copied to {self._node}")
        # a change of the owner takes some rights away, so it comes first
        self._sftp.chown(path, self._id("/etc/passwd", original.user), self._id("/etc/group", original.group))
        self._sftp.chmod(path, original.mode)
        # sftp knows no fsync that all servers have; where the program is missing, the disk has its own time
        self._connection.run(f"sync -- {shlex.quote(os.fsdecode(path))}")

    def _id(self, table: str, name: str) -> int:
        """The number of a user or a group on the node, where the same name may have another one."""
        if name.isdecimal():
            return int(name)
        with self._sftp.open(table, "rb") as file:
            for line in file.read().decode("utf-8", "replace").splitlines():
                fields = line.split(":")
                if fields[0] == name and len(fields) > 2 and fields[2].isdecimal():
                    return int(fields[2])
        raise CrmError(f"{self._node} has no {name} in {table}, to whom the file belongs here")

    def _watched(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of a file; each one that comes through begins the time anew."""
        for piece in pieces:
            yield piece
            self._turn.renew()

    def _forget(self, inside: bytes, folder: bytes) -> None:
        """Remove what is left of a copy; where the connection is lost, it cannot be."""
        for remove, path in ((self._sftp.remove, inside), (self._sftp.rmdir, folder)):
            with suppress(OSError, EOFError):
                remove(path)

    @contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        from paramiko import SFTPError, SSHException

        node = self._node
        try:
            yield
        except CrmError:
            raise
        except FileNotFoundError:
            raise NoSuchObject(f"there is no {path} on {node}, or no folder for it") from None
        except PermissionError:
            raise NotPermitted(f"{self._connection.login.user} may not use {path} on {node}") from None
        except TimeoutError:
            raise self._turn.timed_out() from None
        except SFTPError as error:
            self._turn.remaining()
            raise _garbled(self._connection, error) from None
        except (EOFError, SSHException):
            self._turn.remaining()
            raise Unreachable(f"the connection to {node} broke {self._turn.stage}") from None
        except OSError as error:
            self._turn.remaining()
            raise CrmError(f"{path} on {node}: {error.strerror or error}") from None
