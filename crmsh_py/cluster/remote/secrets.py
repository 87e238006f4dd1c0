"""Secret parameters on another node. No argument of a program holds one there either."""

from __future__ import annotations

from io import BytesIO
from os.path import dirname
from shlex import quote
from typing import TYPE_CHECKING

from crmsh_py.cluster.remote.files import Files, Original
from crmsh_py.errors import CrmError, NoSuchObject

if TYPE_CHECKING:
    from crmsh_py.cluster.remote.connection import Connection
    from crmsh_py.cluster.secrets import Contents


def exchange(connection: Connection, contents: Contents, kept: dict[str, Contents]) -> None:
    """Give files of a secret their contents, as `cluster.secrets.put` does on this node.

    kept: gets what stands in them before they are touched, by the name of the node. Raises what Files raises.
    """
    files = Files(connection)
    kept[connection.login.node] = {path: _content(files, path) for path in contents}
    _put(connection, files, contents)


def put(connection: Connection, contents: Contents) -> None:
    """The same, where nobody asks what was there before."""
    _put(connection, Files(connection), contents)


def _put(connection: Connection, files: Files, contents: Contents) -> None:
    for path, data in contents.items():
        if data is None:
            _run(connection, f"rm -f -- {quote(path)} && {{ rmdir -- {quote(dirname(path))} 2>/dev/null || :; }}")
        else:
            _run(connection, f"umask 077; mkdir -p -- {quote(dirname(path))}")
            files.put(Original(path, len(data), 0o600, "root", "root"), BytesIO(data))


def _content(files: Files, path: str) -> bytes | None:
    try:
        return files.read(path).data
    except NoSuchObject:
        return None


def _run(connection: Connection, line: str) -> None:
    ran = connection.run(line)
    if ran.error or ran.exit_code:
        raise ran.error or CrmError(ran.stderr.decode("utf-8", "backslashreplace").strip())
