"""How a node is reached: what ~/.ssh/config, /etc/ssh/ssh_config and the settings of `crm` say of it."""

from __future__ import annotations

import os
import pwd
import re
import stat
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from paramiko import SSHConfig

SYSTEM_CONFIG = "/etc/ssh/ssh_config"
SYSTEM_KNOWN_HOSTS = "/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2"
USUAL_KEYS = ("id_ed25519", "id_ecdsa", "id_rsa")
ASK, ACCEPT_NEW, REFUSE = "ask", "accept-new", "yes"
# StrictHostKeyChecking; a changed key is refused by all of them
_NEW_HOSTS = {"no": ACCEPT_NEW, "off": ACCEPT_NEW, "accept-new": ACCEPT_NEW, "yes": REFUSE}
# paramiko would have a shell run it
_EXEC = re.compile(r"(?im)^\s*match\b.*\bexec\b.*$")
_NEVER = "Host !*"
_SHELL = re.compile(r"[|&;<>()$`*?\[{}\n]")
_HOST = re.compile(r"[\w.:%][\w.:%-]*")


class Login(NamedTuple):
    """How a node is reached.

    known_as: its name in known_hosts, the port included. keys: files with private keys. only_keys: what else the agent
    has is not tried. proxy: the program to connect through, or "". new_hosts: what becomes of a key that nobody knows,
    ASK, ACCEPT_NEW or REFUSE. known_hosts: the files, those of the user first; new keys go to the first.
    is_hashed: names are written there as hashes.
    """

    node: str
    host: str
    port: int
    user: str
    known_as: str
    keys: tuple[str, ...]
    only_keys: bool
    proxy: str
    new_hosts: str
    known_hosts: tuple[str, ...]
    is_hashed: bool


class Logins:
    """The logins of nodes; the files are read once.

    hosts: the setting core.hosts, `user@host` each. new_hosts: the setting core.strict_host_key_checking,
    "" to leave it to ssh's configuration.
    """

    def __init__(self, environ: Mapping[str, str], hosts: str, new_hosts: str) -> None:
        self._me = pwd.getpwuid(os.geteuid())
        self._home = environ.get("HOME") or self._me.pw_dir
        pairs = (word.rpartition("@") for word in re.split(r"[,\s]+", hosts) if "@" in word)
        self._users = {host: user for user, _, host in pairs}
        self._new_hosts = new_hosts

    def login(self, node: str) -> Login:
        """How a node is reached. Raises CrmError where the configuration cannot be followed."""
        from crmsh_py.cluster.remote.known_hosts import name_of

        try:
            said = self._config.lookup(node)
            host, port = said["hostname"], int(said.get("port", 22))
        except (ValueError, KeyError) as error:
            raise CrmError(f"the ssh configuration cannot be followed for {node}: {error}") from None
        alias = said.get("hostkeyalias")
        files = said.get("userknownhostsfile") or "~/.ssh/known_hosts ~/.ssh/known_hosts2"
        system = said.get("globalknownhostsfile") or SYSTEM_KNOWN_HOSTS
        checking = _NEW_HOSTS.get(said.get("stricthostkeychecking", "").lower(), ASK)
        return Login(
            node,
            host,
            port,
            self._users.get(node) or said.get("user") or self._me.pw_name,
            alias or name_of(host, port),
            tuple(self._path(key) for key in said.get("identityfile") or self._usual_keys),
            said.get("identitiesonly", "").lower() == "yes",
            _proxy(node, host, said),
            self._new_hosts or checking,
            tuple(self._path(path) for path in f"{files} {system}".split()),
            said.get("hashknownhosts", "").lower() == "yes",
        )

    @property
    def _usual_keys(self) -> tuple[str, ...]:
        return tuple(f"~/.ssh/{name}" for name in USUAL_KEYS)

    def _path(self, path: str) -> str:
        path = path.strip('"')
        return os.path.join(self._home, path[2:]) if path.startswith("~/") else path

    @cached_property
    def _config(self) -> SSHConfig:
        from paramiko import SSHConfig
        from paramiko.ssh_exception import ConfigParseError

        user = os.path.join(self._home, ".ssh", "config")
        # what stands at the top of the second file is about all hosts, not about the last of the first
        text = f"{_text(user)}\nHost *\n{_text(SYSTEM_CONFIG)}"
        try:
            return SSHConfig.from_text(_EXEC.sub(_NEVER, text))
        except (ConfigParseError, ValueError) as error:
            raise CrmError(f"the ssh configuration cannot be followed: {error}") from None


def _text(path: str) -> str:
    """The text of a configuration file, "" where there is none. Raises CrmError where another user could change it."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = os.fstat(file.fileno())
            if found.st_uid not in (0, os.geteuid()) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise CrmError(f"{path} is not followed: others can write it", hint=f"chmod 600 {path}")
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise CrmError(f"{path} cannot be read: {error.strerror}") from None


def _proxy(node: str, host: str, said: Mapping[str, str]) -> str:
    """The ProxyCommand, "" for none. Raises CrmError where it takes a shell, or is of a kind that is not known here."""
    command = said.get("proxycommand", "none")
    jump = said.get("proxyjump", "none")
    if jump.lower() != "none" and command.lower() == "none":
        raise CrmError(
            f"{node} is to be reached by ProxyJump, which is not there yet", hint="ProxyCommand ssh -W %h:%p"
        )
    if command.lower() == "none":
        return ""
    if _SHELL.search(command) or not _HOST.fullmatch(host):
        raise CrmError(
            f"the ProxyCommand for {node} takes a shell, and is not run", hint="a plain command line is: ssh -W %h:%p"
        )
    return command.removeprefix("exec ")
