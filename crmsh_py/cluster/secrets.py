"""Secret parameters, whose values are not in the CIB but in files of each node, as `cibsecret` keeps them.

    /var/lib/pacemaker/lrm/secrets/RESOURCE/PARAMETER        the value
    /var/lib/pacemaker/lrm/secrets/RESOURCE/PARAMETER.sign   its MD5

In the CIB stands `lrm://` instead. cibsecret itself is not run: it hands values to other programs in their arguments,
where every user of the host can read them, and connects to other nodes without looking at their host keys.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    # what stands in files, by path; None: there is no such file
    Contents: TypeAlias = Mapping[str, bytes | None]

FOLDER = "/var/lib/pacemaker/lrm/secrets"
# what stands in the CIB
MARK = "lrm://"
_LONGEST = 1000


def path(resource: str, parameter: str) -> str:
    """The file of a secret. Raises Refused where a name cannot be that of a file."""
    for name in (resource, parameter):
        if "/" in name or name in ("", ".", "..") or "\0" in name:
            raise Refused(f"{name!r} cannot be the name of a file, in which the secret would be kept")
    return f"{FOLDER}/{resource}/{parameter}"


def check(value: str) -> bytes:
    """The value as it is kept. Raises Refused for one that Pacemaker would not read as it is."""
    data = value.encode("utf-8", "surrogateescape")
    if not data or data != data.rstrip() or b"\n" in data or b"\0" in data or len(data) > _LONGEST:
        hint = f"it has no line breaks and no blanks at its end, and at most {_LONGEST} bytes"
        raise Refused("this cannot be the value of a secret", hint=hint)
    return data


def files(resource: str, parameter: str, value: str) -> Contents:
    """The files of a secret, for `put`. Raises Refused."""
    sign, file = _both(path(resource, parameter))
    data = check(value)
    return {sign: _digest(data) + b"\n", file: data + b"\n"}


def kept(resource: str, parameter: str) -> Contents:
    """What stands in the files of a secret on this node, for `put`. Raises NotPermitted, CrmError."""
    return {file: _content(file) for file in _both(path(resource, parameter))}


def nothing(resource: str, parameter: str) -> Contents:
    """The files of a secret that is forgotten, for `put`."""
    return dict.fromkeys(_both(path(resource, parameter)))


def put(contents: Contents) -> None:
    """Give files of a secret on this node their contents, for root alone. Raises NotPermitted, CrmError."""
    for file, data in contents.items():
        with _translated(file):
            if data is None:
                _unlink(file)
            else:
                _folder(os.path.dirname(file))
                _write(file, data)


def read(resource: str, parameter: str) -> str:
    """A secret that is kept on this node. Raises NoSuchObject, NotPermitted, CrmError."""
    file = path(resource, parameter)
    with _translated(file), open(file, "rb") as there:
        return there.read().rstrip().decode("utf-8", "surrogateescape")


def verify(resource: str, parameter: str) -> None:
    """Raise CrmError where the value on this node is not that of its MD5, without which Pacemaker does not use it."""
    file = path(resource, parameter)
    value = read(resource, parameter).encode("utf-8", "surrogateescape")
    with _translated(file + ".sign"), open(file + ".sign", "rb") as there:
        said = there.read().strip()
    if said != _digest(value):
        raise CrmError(
            f"the secret {parameter} of {resource} is not as it was stored: its MD5 is another one",
            hint=f"`secret {resource} set {parameter}` stores it anew",
        )


def check_removable(resource: str, parameter: str) -> None:
    """Raise NotPermitted where `remove` would; no secret to remove is none."""
    file = path(resource, parameter)
    with _translated(file), suppress(FileNotFoundError, NotADirectoryError):
        os.lstat(file)
        if not os.access(os.path.dirname(file), os.W_OK | os.X_OK):
            raise PermissionError


def remove(resource: str, parameter: str) -> bool:
    """Forget a secret on this node; whether it was there. Raises NotPermitted, CrmError."""
    file = path(resource, parameter)
    with _translated(file):
        found = [_unlink(one) for one in _both(file)]
    return any(found)


def _both(file: str) -> tuple[str, str]:
    """The files of a secret, the one with its value last: without the other one, Pacemaker does not use it."""
    return file + ".sign", file


def _content(file: str) -> bytes | None:
    with _translated(file), suppress(FileNotFoundError, NotADirectoryError), open(file, "rb") as there:
        return there.read()
    return None


def _unlink(file: str) -> bool:
    """Remove a file, and its folder where nothing is left in it; whether it was there."""
    was_there = False
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(file)
        was_there = True
    with suppress(OSError):
        os.rmdir(os.path.dirname(file))
    return was_there


def _digest(data: bytes) -> bytes:
    from hashlib import md5  # heavy

    # Pacemaker wants it; it guards against slips, not against enemies
    return md5(data, usedforsecurity=False).hexdigest().encode()


def _folder(name: str) -> None:
    """A folder for root alone, with those above it."""
    os.makedirs(os.path.dirname(FOLDER), exist_ok=True)
    for one in (FOLDER, name):
        with suppress(FileExistsError):
            os.mkdir(one, 0o700)


def _write(file: str, data: bytes) -> None:
    """Put data into a file at once, or not at all; nobody else can read it at any time."""
    aside = f"{os.path.dirname(file)}/.{os.getpid()}.new"
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as there:
            there.write(data)
            there.flush()
            os.fsync(there.fileno())
        os.replace(aside, file)
    except BaseException:
        os.unlink(aside)
        raise


class _translated:  # noqa: N801 - used as a function
    """OSError in, our own errors out."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PermissionError):
            raise NotPermitted(f"not permitted: {self.file}", hint="secrets are for root alone") from None
        if isinstance(error, (FileNotFoundError, NotADirectoryError)):
            raise NoSuchObject(f"no such secret is kept on this node: {self.file}") from None
        if isinstance(error, OSError):
            raise CrmError(f"{self.file}: {error.strerror}") from None
