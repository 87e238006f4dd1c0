"""Secret parameters, whose values are not in the CIB but in files of each node, as `cibsecret` keeps them.

    /var/lib/pacemaker/lrm/secrets/RESOURCE/PARAMETER        the value
    /var/lib/pacemaker/lrm/secrets/RESOURCE/PARAMETER.sign   its MD5

In the CIB stands `lrm://` instead. cibsecret itself is not run: it hands values to other programs in their arguments,
where every user of the host can read them, and connects to other nodes without looking at their host keys.
"""

from __future__ import annotations

import os
from contextlib import suppress

from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, Refused

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


def files(resource: str, parameter: str, value: str) -> list[tuple[str, bytes]]:
    """The files of a secret, each with what stands in it. Raises Refused."""
    file, data = path(resource, parameter), check(value)
    return [(file + ".sign", _digest(data) + b"\n"), (file, data + b"\n")]


def store(resource: str, parameter: str, value: str) -> None:
    """Keep a secret on this node, its files for root alone. Raises NotPermitted, Refused, CrmError."""
    for file, data in files(resource, parameter, value):
        with _translated(file):
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


def remove(resource: str, parameter: str) -> bool:
    """Forget a secret on this node; whether it was there. Raises NotPermitted, CrmError."""
    file, was_there = path(resource, parameter), False
    with _translated(file):
        for one in (file, file + ".sign"):
            with suppress(FileNotFoundError, NotADirectoryError):
                os.unlink(one)
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
