"""The user's keys: from files and from the agent, tried one after the other."""

from __future__ import annotations

import base64
import binascii
import os
from typing import TYPE_CHECKING

from crmsh_py.errors import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from paramiko import PKey, Transport

    from crmsh_py.cluster.remote.login import Login


class Keys:
    """What paramiko logs in with, as it has it for strategies of its own.

    locked: files whose keys have a passphrase, which nobody is asked for; unusable: files with no key in them.
    """

    def __init__(self, login: Login) -> None:
        self.login = login
        self.locked: list[str] = []
        self.unusable: list[str] = []

    def authenticate(self, transport: Transport) -> list[str]:
        """Log in. Raises NotPermitted where no key opens; what paramiko raises where the server breaks off."""
        from paramiko.ssh_exception import AuthenticationException, BadAuthenticationType

        for key in (*self._of_files(), *self._of_agent()):
            try:
                # what else the server asks for beside a key cannot be given
                if not transport.auth_publickey(self.login.user, key):
                    return []
            except BadAuthenticationType:
                break
            except AuthenticationException:
                if not transport.is_active():
                    raise
        raise self._refused()

    def _refused(self) -> NotPermitted:
        hint = "a key has to be in ~/.ssh or in the agent; core.hosts says which user, as user@node"
        if self.unusable:
            hint = f"there is no key in {' or '.join(self.unusable)}"
        if self.locked:
            hint = f"ssh-add {' '.join(self.locked)}: who has a passphrase has to be in the agent"
        return NotPermitted(f"{self.login.node} does not let {self.login.user} in with the keys at hand", hint=hint)

    def _of_files(self) -> Iterator[PKey]:
        for path in self.login.keys:
            if os.path.isfile(path) and (key := self._read(path)):
                yield key

    def _read(self, path: str) -> PKey | None:
        from paramiko import ECDSAKey, Ed25519Key, PasswordRequiredException, RSAKey

        for kind in (Ed25519Key, ECDSAKey, RSAKey):
            try:
                return kind.from_private_key_file(path)
            except PasswordRequiredException:
                self.locked.append(path)
                return None
            except Exception:  # noqa: BLE001, S112 - a broken file raises nearly anything, AssertionError too
                continue
        self.unusable.append(path)
        return None

    def _of_agent(self) -> Iterator[PKey]:
        from paramiko import Agent, SSHException

        allowed = {blob for path in self.login.keys if (blob := _public(path))}
        try:
            keys = Agent().get_keys()
        except (SSHException, OSError):
            return
        yield from (key for key in keys if not self.login.only_keys or key.asbytes() in allowed)


def _public(path: str) -> bytes | None:
    """The public half of a key, as it lies beside it."""
    try:
        with open(f"{path}.pub", "rb") as file:
            return base64.b64decode(file.read().split()[1], validate=True)
    except (OSError, IndexError, binascii.Error, ValueError):
        return None
