"""A file as it is on several nodes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.levels.cluster import nodes
from crmsh_py.levels.cluster.level import level
from crmsh_py.levels.cluster.local import reading
from crmsh_py.output import Record, diff_fragments
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from crmsh_py.cluster.remote.connection import Connection
    from crmsh_py.cluster.remote.files import Content
    from crmsh_py.cluster.remote.together import Turn
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

# a file with one of these is never shown, whatever differs in it
_KEY_MARK = b"PRIVATE KEY-----"


class Group(NamedTuple):
    """Nodes where the file is the same; content: None where it is missing. lines: how it differs from the first group.

    lines is None in the first group and where the contents are not compared line by line.
    """

    nodes: tuple[str, ...]
    content: Content | None
    lines: list[str] | None


@level.command("diff <file> [<node>...] [--checksum] [--timeout <seconds:number>]", live=True)
def diff(
    cx: Context, file: str, node: Sequence[str] = (), checksum: bool = False, seconds: str | None = None
) -> Record:
    """Compare a file on the nodes of the cluster with the one of this node.

    Without names it is compared on all members of the cluster. Nodes with the same file are shown together; the others
    with what is to be changed in the first one to get theirs. With --checksum, and for files that are not text, hold a
    private key or are longer than 1 MB, only the SHA-256 sums are compared. Values that look like passwords are masked.

    The exit code is 0 where the file is the same on all nodes and 1 where it is not; 7, 8 or 9 where the only reason is
    that nodes are not reachable, do not permit it, or do not answer in time. Time is counted as for `copy`.

    Examples:
        diff /etc/hosts
        diff /etc/corosync/corosync.conf alpha
        diff /etc/hosts --checksum
    """
    path = os.path.abspath(file)
    found = nodes.chosen(cx, node)
    if found.local and found.local not in found.names:
        found = found._replace(names=(found.local, *found.names))
    limit = nodes.seconds(cx, seconds)
    said = nodes.on_each(cx, found, limit, lambda connection: _there(connection, path), lambda turn: _here(path, turn))
    contents = {name: answer for name, answer in said.items() if not isinstance(answer, CrmError)}
    errors = {name: answer for name, answer in said.items() if isinstance(answer, CrmError)}
    if not errors and not any(contents.values()):
        raise NoSuchObject(f"no such file on any of the nodes: {path}")
    return _record(path, _groups(path, contents, found.local, checksum), errors)


def _there(connection: Connection, path: str) -> Content | None:
    """What is in the file of a node; None where it is missing."""
    from crmsh_py.cluster.remote.files import Files

    try:
        return Files(connection).read(path)
    except NoSuchObject:
        return None


def _here(path: str, turn: Turn) -> Content | None:
    """What is in the file of this node. Raises NotPermitted, CrmError."""
    from crmsh_py.cluster.remote.files import CHUNK, content

    turn.stage = "while the file was read"
    try:
        with reading(path) as file:
            return content(iter(lambda: file.read(CHUNK), b""))
    except NoSuchObject:
        return None


def _groups(path: str, contents: Mapping[str, Content | None], local: str | None, checksum: bool) -> list[Group]:
    """The nodes by what their files hold; that of this node first, else that of the first node that has one."""
    by_sum: dict[str | None, list[str]] = {}
    for name, found in contents.items():
        by_sum.setdefault(found.sha256 if found else None, []).append(name)
    reference = next((names for names in by_sum.values() if local in names), None)
    reference = reference or next((names for sha256, names in by_sum.items() if sha256), [])
    order = sorted(by_sum.values(), key=lambda names: names is not reference)
    return [
        Group(
            tuple(names),
            contents[names[0]],
            None if checksum or names is reference or not reference else _lines(path, reference[0], names[0], contents),
        )
        for names in order
    ]


def _lines(path: str, first: str, other: str, contents: Mapping[str, Content | None]) -> list[str] | None:
    """The differences as a unified diff, with masks; None where they cannot or must not be shown."""
    from difflib import unified_diff  # heavy

    from crmsh_py.masks import masked_line

    texts = [_text(contents[name]) for name in (first, other)]
    if None in texts:
        return None
    before, after = ([masked_line(line) for line in (text or "").splitlines()] for text in texts)
    return list(unified_diff(before, after, f"{first}:{path}", f"{other}:{path}", lineterm=""))


def _text(content: Content | None) -> str | None:
    if content is None or content.data is None or b"\0" in content.data or _KEY_MARK in content.data:
        return None
    try:
        return content.data.decode("utf-8")
    except UnicodeDecodeError:
        # text in an old encoding, or no text at all
        text = content.data.decode("utf-8", "backslashreplace")
        return text if text.count("\\x") * 10 < len(text) else None


def _record(path: str, groups: Sequence[Group], errors: Mapping[str, CrmError]) -> Record:
    return Record(
        "cluster.diff",
        lambda: {
            "file": path,
            "groups": [_data(group) for group in groups],
            "errors": [{"node": node, "error": nodes.failure_data(error)} for node, error in errors.items()],
        },
        lambda: _fragments(groups, errors),
        exit_code=nodes.exit_code([*(error.exit_code for error in errors.values()), int(len(groups) > 1)]),
    )


def _data(group: Group) -> dict[str, Any]:
    content = group.content
    return {
        "nodes": list(group.nodes),
        "sha256": content.sha256 if content else None,
        "size": content.size if content else None,
        "lines": group.lines,
    }


def _fragments(groups: Sequence[Group], errors: Mapping[str, CrmError]) -> Iterator[Fragment]:
    for group in groups:
        yield "heading", listed(group.nodes)
        yield "", f": {group.content.sha256}, {group.content.size} bytes\n" if group.content else ": no such file\n"
        yield from diff_fragments(group.lines or ())
    for node, error in errors.items():
        yield "heading", node
        yield "", "\n"
        yield from nodes.failure_fragments(error)
