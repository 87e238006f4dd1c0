"""What a command on a node writes, taken as it comes, and what is kept of it."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from paramiko import Channel

    from crmsh_py.cluster.remote.together import Turn
    from crmsh_py.errors import CrmError

# of the output of a command, for each node and stream; the rest is counted
MOST_BYTES = 4 << 20
# what a command started in the background may hold its output open; its exit code is there already
QUIET_SECONDS = 1.0
_CHUNK = 1 << 16


class Ran(NamedTuple):
    """What a command left.

    exit_code: None where it was ended by a signal, or did not end (then there is an error). stdout, stderr: the
    beginnings, up to MOST_BYTES; *_dropped: how many bytes are not kept.
    """

    exit_code: int | None
    stdout: bytes
    stderr: bytes
    stdout_dropped: int = 0
    stderr_dropped: int = 0
    error: CrmError | None = None


class Kept:
    """The beginning of what was written, and the number of bytes beyond it."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.dropped = 0

    def add(self, chunk: bytes) -> None:
        """Take what came next."""
        room = MOST_BYTES - len(self.data)
        self.data += chunk[:room]
        self.dropped += max(0, len(chunk) - room)


def listen(channel: Channel, turn: Turn, out: Kept, err: Kept) -> int | None:
    """Take what a command writes until it ends; its exit code, None where a signal ended it.

    Raises TimedOut, EOFError where the connection breaks.
    """
    quiet = 0.0
    while not (channel.eof_received or channel.closed) and quiet < QUIET_SECONDS:
        wait = min(turn.remaining(), 0.2)
        select.select([channel], [], [], wait)
        has_come = _take(channel, out, err)
        quiet = quiet + wait if channel.exit_status_ready() and not has_come else 0.0
    _take(channel, out, err)
    while not channel.exit_status_ready() and not channel.closed:
        channel.status_event.wait(min(turn.remaining(), 0.2))
    if channel.exit_status >= 0:
        return channel.exit_status
    if not channel.get_transport().is_active():
        raise EOFError
    return None


def _take(channel: Channel, out: Kept, err: Kept) -> bool:
    """Take what has come, without waiting; whether there was something."""
    has_come = False
    while channel.recv_ready():
        out.add(channel.recv(_CHUNK))
        has_come = True
    while channel.recv_stderr_ready():
        err.add(channel.recv_stderr(_CHUNK))
        has_come = True
    return has_come
