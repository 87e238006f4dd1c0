"""The way to a node: a socket, or a program to connect through."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from crmsh_py.errors import Unreachable

if TYPE_CHECKING:
    from typing import Any

    from crmsh_py.cluster.remote.login import Login
    from crmsh_py.cluster.remote.together import Turn

# a host that is up answers at once, however busy what runs on it is
CONNECT_SECONDS = 10.0
_MOST_PREAMBLE = 1 << 16


class _Wire:
    """A socket, or what paramiko has in its place, from which something was read already."""

    def __init__(self, sock: Any, first: bytes) -> None:
        self._sock = sock
        self._first = first

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def recv(self, size: int) -> bytes:
        """The next bytes."""
        if self._first:
            taken, self._first = self._first[:size], self._first[size:]
            return taken
        return _receive(self._sock, size)


def _receive(sock: Any, size: int) -> bytes:
    """The next bytes; none where the other side, or the proxy, has ended."""
    try:
        data: bytes = sock.recv(size)
        return data
    except TimeoutError:
        # paramiko does not notice when a proxy ends
        process = getattr(sock, "process", None)
        if process is not None and process.poll() is not None:
            return b""
        raise


def reach(login: Login, turn: Turn) -> Any:
    """A socket to the node, or a proxy, from which the version of its ssh comes next.

    What servers say before that, in whatever encoding, is skipped. Raises Unreachable, TimedOut, OSError.
    """
    if login.proxy:
        from paramiko import ProxyCommand

        sock: Any = ProxyCommand(login.proxy)
    else:
        sock = _socket(login, turn)
    turn.at_end(sock.close)
    line, total = b"", 0
    while not line.startswith(b"SSH-"):
        sock.settimeout(min(turn.remaining(), 1.0))
        try:
            byte = _receive(sock, 1)
        except TimeoutError:
            continue
        total += 1
        if not byte or total > _MOST_PREAMBLE:
            raise Unreachable(f"{login.node} does not answer as an ssh server does", hint=f"port {login.port}")
        line = b"" if byte == b"\n" else line + byte
    return _Wire(sock, line)


def _socket(login: Login, turn: Turn) -> socket.socket:
    wait = min(CONNECT_SECONDS, turn.remaining())
    try:
        return socket.create_connection((login.host, login.port), timeout=wait)
    except UnicodeError:
        raise Unreachable(f"{login.node} cannot be reached: {login.host} is no name of a host") from None
    except TimeoutError:
        # at its deadline too: no server hangs there, no host answers
        raise Unreachable(f"{login.node} cannot be reached: its host does not answer") from None
