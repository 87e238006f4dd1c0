"""What is known of the keys of hosts: the files known_hosts of ssh, read and added to.

Hashed names, wildcards and revoked keys count, as for ssh; certificate authorities are passed over. Nothing here
speaks ssh: keys are blobs, as they go over the wire.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KNOWN = "known"
NEW = "new"
CHANGED = "changed"
REVOKED = "revoked"
_HASHED = "|1|"


class Entry(NamedTuple):
    """A line about a host; marker: `@revoked`, `@cert-authority` or ""."""

    marker: str
    type: str
    blob: bytes
    source: str
    line: int


def name_of(host: str, port: int) -> str:
    """What a host is called in known_hosts."""
    return host.lower() if port == 22 else f"[{host.lower()}]:{port}"


def entries(name: str, files: Iterable[str]) -> list[Entry]:
    """What the files say of a host. Files that are not there say nothing. Raises CrmError where one is unreadable."""
    return [entry for path in files for entry in _in_file(name, path)]


def verdict(found: Iterable[Entry], type_: str, blob: bytes) -> str:
    """KNOWN, NEW, CHANGED or REVOKED: what the entries of a host make of the key that it shows.

    A host of which only keys of other types are known is CHANGED: it was made to forget the key that we would check.
    """
    said = [entry for entry in found if entry.marker != "@cert-authority"]
    if any(entry.marker == "@revoked" and entry.blob == blob for entry in said):
        return REVOKED
    keys = [entry for entry in said if not entry.marker]
    if any((entry.type, entry.blob) == (type_, blob) for entry in keys):
        return KNOWN
    return CHANGED if keys else NEW


def fingerprint(blob: bytes) -> str:
    """The fingerprint of a key as ssh shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")


def add(path: str, name: str, type_: str, blob: bytes, *, is_hashed: bool) -> None:
    """Add a key to a file, which is made if need be, for its owner alone, and its folder too.

    A line is written whole or not at all. Raises CrmError where it cannot be.
    """
    said = _hashed(name, os.urandom(20)) if is_hashed else name
    line = f"{said} {type_} {base64.b64encode(blob).decode('ascii')}\n".encode()
    try:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        # in one write at the end: what others add at the same time, ssh itself too, is not lost, as by a new file
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            _append(descriptor, line)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise CrmError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _append(descriptor: int, line: bytes) -> None:
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        line = b"\n" + line
    if os.write(descriptor, line) != len(line):
        os.ftruncate(descriptor, size)
        raise OSError(0, "no space left")


def _in_file(name: str, path: str) -> Iterator[Entry]:
    try:
        with open(path, "rb") as file:
            lines = file.read().decode("utf-8", "replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise CrmError(f"{path} cannot be read: {error.strerror}") from None
    for number, line in enumerate(lines, 1):
        words = line.split()
        marker = words.pop(0) if line.lstrip().startswith("@") else ""
        if len(words) < 3 or words[0].startswith("#") or not _is_about(name, words[0]):
            continue
        try:
            yield Entry(marker, words[1], base64.b64decode(words[2], validate=True), path, number)
        except (binascii.Error, ValueError):
            continue


def _is_about(name: str, patterns: str) -> bool:
    """Whether the first field of a line means a host; one that is excepted by a `!` it does not mean at all."""
    found = False
    for pattern in patterns.lower().split(",") if not patterns.startswith(_HASHED) else [patterns]:
        if pattern.startswith(_HASHED):
            found |= _is_hash_of(name, pattern)
        elif pattern.startswith("!") and _matches(name, pattern[1:]):
            return False
        else:
            found |= _matches(name, pattern)
    return found


def _matches(name: str, pattern: str) -> bool:
    # brackets are a part of the name, `[host]:port`
    return fnmatchcase(name, pattern.replace("[", "[[]"))


def _is_hash_of(name: str, hashed: str) -> bool:
    try:
        salt = base64.b64decode(hashed.split("|")[2], validate=True)
    except (binascii.Error, ValueError, IndexError):
        return False
    return hmac.compare_digest(_hashed(name, salt).encode(), hashed.encode())


def _hashed(name: str, salt: bytes) -> str:
    digest = hmac.new(salt, name.encode(), "sha1").digest()
    return _HASHED + "|".join(base64.b64encode(part).decode("ascii") for part in (salt, digest))
