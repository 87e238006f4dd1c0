"""Whether the key that a host shows is to be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.remote import known_hosts
from crmsh_py.cluster.remote.login import ACCEPT_NEW, ASK
from crmsh_py.errors import CrmError
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from typing import Any

    from paramiko import PKey, SSHClient

    from crmsh_py.cluster.remote.login import Login
    from crmsh_py.cluster.remote.together import Turn

LOGGING_IN = "while logging in"


def policy(login: Login, turn: Turn, found: list[known_hosts.Entry]) -> Any:
    """What paramiko asks about the key of a host; found: what is known of it."""
    from paramiko import MissingHostKeyPolicy  # heavy

    class Policy(MissingHostKeyPolicy):
        """Asked about every host, as paramiko itself is told of none."""

        def missing_host_key(self, client: SSHClient, hostname: str, key: PKey) -> None:  # noqa: ARG002
            """Return where the key is to be trusted. Raises CrmError."""
            verify(login, turn, found, key.get_name(), key.asbytes())
            turn.stage = LOGGING_IN

    return Policy()


def verify(login: Login, turn: Turn, found: list[known_hosts.Entry], type_: str, blob: bytes) -> None:
    """Return where the key that a host shows is to be trusted; a new one is written down. Raises CrmError."""
    verdict = known_hosts.verdict(found, type_, blob)
    if verdict == known_hosts.KNOWN:
        return
    said = f"{type_.removeprefix('ssh-')} key {known_hosts.fingerprint(blob)}"
    if verdict == known_hosts.CHANGED:
        where = next(entry for entry in found if not entry.marker)
        text = f"the host key of {login.node} has changed: it shows the {said}; somebody may be in between"
        hint = f"if it was installed anew: ssh-keygen -R '{login.known_as}' ({where.source}, line {where.line})"
        raise CrmError(problems=[Problem(ERROR, "host-key-changed", text, hint=hint)])
    if verdict == known_hosts.REVOKED:
        raise CrmError(
            problems=[Problem(ERROR, "host-key-revoked", f"{login.node} shows the {said}, which is revoked")]
        )
    if login.new_hosts == ASK:
        accepted = turn.ask(f"{login.node} ({login.known_as}) is not known; it shows the {said}. Trust it?")
    else:
        accepted = login.new_hosts == ACCEPT_NEW
    if not accepted:
        text = f"{login.node} is not known: it shows the {said}"
        hint = f"`ssh {login.node}` asks about it; core.strict_host_key_checking=accept-new takes it unseen"
        raise CrmError(problems=[Problem(ERROR, "host-key-unknown", text, hint=hint)])
    known_hosts.add(login.known_hosts[0], login.known_as, type_, blob, is_hashed=login.is_hashed)
