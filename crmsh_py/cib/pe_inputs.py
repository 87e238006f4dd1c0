"""The inputs that Pacemaker's scheduler keeps, one for each transition: CIBs with their status, compressed or not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crmsh_py.cib.sources import LARGEST
from crmsh_py.cib.stores.file import read_source
from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, UsageError
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = "/var/lib/pacemaker/pengine"
KINDS = ("pe-input", "pe-warn", "pe-error")
PACKED = (".bz2", ".gz")


def find(said: str, folder: str = FOLDER) -> str:
    """The path of the input with a number, or of a file, looked for here and among the inputs.

    Raises NoSuchObject, NotPermitted, and UsageError for a number that several inputs have.
    """
    if said.isdecimal() and not os.path.exists(said):
        return os.path.join(folder, _numbered(said, folder))
    there = os.path.join(folder, said)
    return there if "/" not in said and not os.path.exists(said) and os.path.exists(there) else said


def name_of(path: str) -> str:
    """The name of a file, without what says that it is XML, and packed."""
    name = os.path.basename(path)
    for ending in (*PACKED, ".xml"):
        name = name.removesuffix(ending) or name
    return name


def read(path: str) -> bytes:
    """The content of a file, unpacked. Raises NoSuchObject, NotPermitted, CrmError."""
    data = read_source(path)
    if data.startswith(b"BZh"):
        from bz2 import BZ2Decompressor

        packed = BZ2Decompressor()
        return _unpacked(path, lambda: packed.decompress(data, LARGEST + 1), lambda: packed.eof)
    if data.startswith(b"\x1f\x8b"):
        from zlib import decompressobj

        zipped = decompressobj(wbits=31)  # with the header of gzip
        return _unpacked(path, lambda: zipped.decompress(data, LARGEST + 1), lambda: zipped.eof)
    return data


def _numbered(number: str, folder: str) -> str:
    try:
        there = os.listdir(folder)
    except FileNotFoundError:
        there = []
    except OSError as error:
        raise NotPermitted(f"not permitted: {folder} ({error.strerror})") from None
    wanted = {f"{kind}-{int(number)}" for kind in KINDS}
    found = sorted(name for name in there if name_of(name) in wanted)
    if len(found) > 1:
        raise UsageError(f"{number} could be {listed(found, 'or')}", hint="write the name of the one that is meant")
    if not found:
        raise NoSuchObject(f"the scheduler has kept no input {number} in {folder}")
    return found[0]


def _unpacked(path: str, unpack: Callable[[], bytes], is_whole: Callable[[], bool]) -> bytes:
    from zlib import error as zlib_error

    try:
        content = unpack()
    except (OSError, ValueError, zlib_error):
        raise CrmError(f"{path} cannot be unpacked: it is damaged") from None
    if len(content) > LARGEST:
        raise CrmError(f"{path} is larger than {LARGEST // 2**20} MiB when it is unpacked")
    if not is_whole():
        raise CrmError(f"{path} cannot be unpacked: its end is missing")
    return content
