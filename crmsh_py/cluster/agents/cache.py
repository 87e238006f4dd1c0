"""What agents said of themselves, kept in a folder that is the user's own; to ask an agent takes up to seconds."""

from __future__ import annotations

import os
import stat
from typing import Any

LARGEST = 1 << 20


def load(name: str, key: list[Any]) -> Any:
    """What was kept under a name with this key; None where that is nothing, another agent's, or broken."""
    folder = _open_folder(make=False)
    if folder is None:
        return None
    try:
        entry = _read(folder, name)
    finally:
        os.close(folder)
    import json  # heavy

    try:
        kept = json.loads(entry) if entry else None
    except (ValueError, RecursionError):
        return None
    return kept["content"] if isinstance(kept, dict) and kept.get("key") == key and "content" in kept else None


def store(name: str, key: list[Any], content: Any) -> None:
    """Keep something under a name. Where that cannot be, nothing is kept."""
    folder = _open_folder(make=True)
    if folder is None:
        return
    import json  # heavy

    try:
        _write(folder, name, json.dumps({"key": key, "content": content}).encode())
    except OSError:
        return
    finally:
        os.close(folder)


def _open_folder(*, make: bool) -> int | None:
    """The folder, opened, if nobody else can write there."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        if not _is_own(home):
            return None
        base = os.path.join(home, ".cache")
    where = os.path.join(base, "crm")
    try:
        if make:
            os.makedirs(base, mode=0o700, exist_ok=True)
            if not os.path.lexists(where):
                os.mkdir(where, mode=0o700)
        folder = os.open(where, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    state = os.fstat(folder)
    if state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return folder
    os.close(folder)
    return None


def _is_own(home: str) -> bool:
    """Whether a home is there, and the user's: root with that of somebody else would leave folders of root in it."""
    try:
        return os.stat(home).st_uid in (0, os.geteuid())
    except OSError:
        return False


def _read(folder: int, name: str) -> bytes | None:
    try:
        entry = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    with open(entry, "rb") as file:
        try:
            return file.read(LARGEST)
        except OSError:
            return None


def _write(folder: int, name: str, data: bytes) -> None:
    """Write aside and rename: a reader sees the old entry or the new one."""
    aside = f".{name}.{os.urandom(6).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        with open(os.open(aside, flags, 0o600, dir_fd=folder), "wb") as file:
            file.write(data)
        os.replace(aside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        try:
            os.unlink(aside, dir_fd=folder)
        except OSError:
            pass
        raise
