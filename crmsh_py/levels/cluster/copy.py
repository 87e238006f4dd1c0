"""A file of this node, copied to others."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from crmsh_py.errors import NoSuchObject
from crmsh_py.levels.cluster import nodes
from crmsh_py.levels.cluster.level import level
from crmsh_py.levels.cluster.local import reading
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crmsh_py.cluster.remote.connection import Connection
    from crmsh_py.cluster.remote.files import Original
    from crmsh_py.command.context import Context
    from crmsh_py.errors import CrmError
    from crmsh_py.output import Fragment


@level.command("copy <path> [<node>...] [--timeout <seconds:number>]", live=True)
def copy(cx: Context, path: str, node: Sequence[str] = (), seconds: str | None = None) -> Record:
    """Copy a file of this node to the same place on other nodes.

    Without names it goes to all members of the cluster; this node is left out. A file keeps its mode, and its owner and
    group by their names, and is put in the place of the one that is there when all of it has arrived. Folders are not
    copied. The time of --timeout, else of `core.ssh_timeout`, begins anew with each piece that gets through, so that
    large files have the time that they take.

    Examples:
        copy /etc/hosts
        copy /etc/corosync/corosync.conf alpha --timeout 30
    """
    from crmsh_py.cluster.remote.files import Files

    original = _first(path, node)
    found = nodes.chosen(cx, node)
    limit = nodes.seconds(cx, seconds)

    def there(connection: Connection) -> None:
        with reading(original.path) as file:
            Files(connection).put(original, file)

    said = nodes.on_each(cx, found, limit, there)
    if not said:
        cx.note("there is no other node to copy it to")
    return _record(original, said)


def _first(path: str, others: Sequence[str]) -> Original:
    """What is to be copied; where it is not there, and was perhaps said last, with a hint."""
    try:
        return _original(os.path.abspath(path))
    except NoSuchObject as error:
        if (file := next((word for word in others if "/" in word), None)) is None:
            raise
        hint = f"the file comes first: `cluster copy {file} {path}`"
        raise NoSuchObject(problems=[error.problems[0]._replace(hint=hint)]) from None


def _original(path: str) -> Original:
    """What is to be copied. Raises what `reading` does."""
    from crmsh_py.cluster.remote.files import Original

    with reading(path) as file:
        found = os.fstat(file.fileno())
    return Original(path, found.st_size, stat.S_IMODE(found.st_mode), _user(found.st_uid), _group(found.st_gid))


def _user(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _group(number: int) -> str:
    import grp

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _record(original: Original, said: Mapping[str, CrmError | None]) -> Record:
    return Record(
        "cluster.copy",
        lambda: {
            "path": original.path,
            "size": original.size,
            "nodes": [{"node": node, "error": nodes.failure_data(error)} for node, error in said.items()],
        },
        lambda: _fragments(original, said),
        exit_code=nodes.exit_code(error.exit_code if error else 0 for error in said.values()),
    )


def _fragments(original: Original, said: Mapping[str, CrmError | None]) -> Iterator[Fragment]:
    for node, error in said.items():
        yield "heading", node
        if error:
            yield "", "\n"
            yield from nodes.failure_fragments(error)
        else:
            yield "", f": {original.path}, {original.size} bytes\n"
