"""A connection to a node: made, with the host's key verified and a key of the user's; commands run over it."""

from __future__ import annotations

import shlex
import socket
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from crmsh_py.cluster.remote import known_hosts
from crmsh_py.cluster.remote.host_key import LOGGING_IN, policy
from crmsh_py.cluster.remote.keys import Keys
from crmsh_py.cluster.remote.ran import Kept, Ran, listen
from crmsh_py.cluster.remote.wire import reach
from crmsh_py.errors import CrmError, NotPermitted, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from paramiko import Channel, Transport

    from crmsh_py.cluster.remote.login import Login
    from crmsh_py.cluster.remote.together import Turn


class Connection:
    """A connection, logged in. Its methods raise TimedOut at the turn's deadline, Unreachable where it breaks."""

    def __init__(self, login: Login, transport: Transport, turn: Turn) -> None:
        self.login = login
        self.transport = transport
        self.turn = turn

    def run(self, text: str) -> Ran:
        """Run a command line, as root. Raises NotPermitted where sudo asks for a password."""
        line = self.as_root(text)
        self.turn.stage = "while the command ran"
        return self._run(line)

    def as_root(self, text: str) -> str:
        """A command line as it is sent: who is not root comes to be by way of sudo.

        Raises NotPermitted where the user may not do so without a password.
        """
        login = self.login
        if login.user == "root":
            # the server gives it to a shell behind `-c` alone, which takes such a one for options
            return f" {text}" if text.startswith(("-", "+")) else text
        answer = self._run("sudo -n sh -c :")
        if answer.error:
            raise answer.error
        if answer.exit_code == 0:
            return f"sudo -n sh -c -- {shlex.quote(text)}"
        said = (answer.stderr.decode("utf-8", "backslashreplace").strip().splitlines() or ["it gave no reason"])[-1]
        raise NotPermitted(
            f"{login.user} may not use sudo without a password on {login.node}: {said.removeprefix('sudo: ')}",
            hint=f"let sudoers there say `{login.user} ALL=(root) NOPASSWD: ALL`, or name another user in core.hosts",
        )

    def channel(self) -> Channel:
        """A new channel."""
        with _translated(self.login, self.turn):
            return self.transport.open_session(timeout=self.turn.remaining())

    def _run(self, line: str) -> Ran:
        out, err = Kept(), Kept()
        channel = self.channel()
        code: int | None = None
        error: CrmError | None = None
        try:
            with _translated(self.login, self.turn):
                channel.settimeout(self.turn.remaining())
                channel.exec_command(line.encode("utf-8", "surrogateescape"))
                channel.shutdown_write()
                code = listen(channel, self.turn, out, err)
        except CrmError as found:
            error = found
        channel.close()
        return Ran(code, bytes(out.data), bytes(err.data), out.dropped, err.dropped, error)


def connect(login: Login, turn: Turn) -> Connection:
    """Connect and log in.

    The user may be asked about a new host. Raises Unreachable, TimedOut; NotPermitted where no key opens; CrmError with
    the code `host-key-changed`, `host-key-revoked` or `host-key-unknown` where the host is not to be trusted.
    """
    import paramiko  # heavy

    _be_quiet()
    client = paramiko.SSHClient()
    turn.at_end(client.close)
    found = known_hosts.entries(login.known_as, login.known_hosts)
    client.set_missing_host_key_policy(policy(login, turn, found))
    keys: Any = Keys(login)
    with _translated(login, turn):
        client.connect(
            login.host,
            login.port,
            login.user,
            sock=reach(login, turn),
            timeout=turn.remaining(),
            transport_factory=partial(_transport, turn, [entry.type for entry in found]),
            auth_strategy=keys,
        )
    transport = client.get_transport()
    if transport is None:
        raise Unreachable(f"the connection to {login.node} broke")
    return Connection(login, transport, turn)


def _be_quiet() -> None:
    """Keep paramiko from writing to stderr what is raised as well."""
    import logging  # heavy

    logger = logging.getLogger("paramiko")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    # its threads may stumble over a connection that is broken off; our own raise nothing
    threading.excepthook = lambda _: None


def _transport(turn: Turn, known: list[str], sock: Any, **more: Any) -> Transport:
    """A transport that asks the server for a key of a type that is known, if it has one."""
    from paramiko import Transport

    transport = Transport(sock, **more)
    turn.at_end(transport.close)
    options = transport.get_security_options()
    wanted = {"rsa-sha2-512", "rsa-sha2-256", *known} if "ssh-rsa" in known else set(known)
    options.key_types = sorted(options.key_types, key=lambda type_: type_ not in wanted)
    left = turn.remaining()
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = transport.channel_timeout = left
    return transport


@contextmanager
def _translated(login: Login, turn: Turn) -> Iterator[None]:
    """paramiko's errors in, our own out; a turn that is over is what broke the connection."""
    from paramiko import SSHException
    from paramiko.ssh_exception import AuthenticationException

    try:
        yield
    except CrmError:
        raise
    except (OSError, EOFError, SSHException) as error:
        turn.remaining()
        raise _translation(login, turn, error, isinstance(error, (SSHException, AuthenticationException))) from None


def _translation(login: Login, turn: Turn, error: Exception, is_ssh: bool) -> CrmError:
    node = login.node if login.node == login.host else f"{login.node} ({login.host})"
    if turn.stage == LOGGING_IN and is_ssh:
        # as after too many keys
        said = f"{node} broke off while {login.user} logged in: {error}"
        return NotPermitted(said, hint="with IdentitiesOnly, ssh and `crm` try only the keys that are named")
    if isinstance(error, socket.gaierror):
        return Unreachable(f"the name of {node} cannot be resolved: {error.strerror}", hint="see /etc/hosts")
    said = getattr(error, "strerror", None) or str(error) or "the connection broke"
    return Unreachable(f"{node} cannot be reached: {said}")
