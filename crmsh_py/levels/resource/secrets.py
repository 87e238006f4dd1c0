"""Secret parameters, which the configuration does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, NoSuchObject, Refused
from crmsh_py.levels.resource.level import level
from crmsh_py.output import Record
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.remote.connection import Connection
    from crmsh_py.command.context import Context


@level.command(
    "secret <rsc> set <name:parameter> [<value>]",
    "secret <rsc> (stash|unstash|delete|show|check) <name:parameter>",
    live=True,
)
def secret(
    cx: Context,
    rsc: str,
    name: str,
    set: bool = False,  # noqa: A002 - the word of the usage
    stash: bool = False,
    unstash: bool = False,
    delete: bool = False,
    show: bool = False,
    check: bool = False,
    value: str | None = None,
) -> Record | None:
    """Keep the value of a parameter out of the configuration: in a file for root alone, on each node.

    `set` stores a value; without one on the command line, where others could read it, it is typed unseen or read from
    the standard input. `stash` does so with the value that stands in the configuration, `unstash` puts it back there.
    `delete` forgets the value and the parameter. `show` prints it, of all commands the only one that does. `check`
    tells whether the file on this node is as it was stored.

    The files are those of Pacemaker's cibsecret, in /var/lib/pacemaker/lrm/secrets. Other nodes that are online get
    theirs over ssh, as with `cluster copy`; where one does not, that is an error and says so, though the rest is done.
    It takes root. A resource that runs gets a new value when it is started again.

    Examples:
        secret fence-alpha stash password_script
        secret fence-alpha check password_script
        secret fence-alpha show password_script
        secret fence-alpha set password_script /etc/cluster/other-password
        secret fence-alpha unstash password_script
    """
    held = _held(cx.session.draft, rsc, name)
    if show or check:
        return _looked_at(rsc, name, held, show)
    if set or stash:
        _keep(cx, rsc, name, _open_value(rsc, name, held) if stash else _given(rsc, name, value))
    elif delete or unstash:
        _forget(cx, rsc, name, _secret_value(rsc, name, held) if unstash else None)
    return None


def _held(cib: Cib, rsc: str, name: str) -> str | None:
    """What the configuration says of a parameter. Raises NoSuchObject; Refused where it could not be a secret."""
    from crmsh_py.cib.attributes import PARAMETERS, value  # heavy
    from crmsh_py.cluster import secrets
    from crmsh_py.command.known import configured

    secrets.path(rsc, name)
    return value(configured(cib, rsc), PARAMETERS, name)


def _looked_at(rsc: str, name: str, held: str | None, is_shown: bool) -> Record | None:
    said = _secret_value(rsc, name, held)
    if not is_shown:
        return None
    data = {"name": name, "value": said, "kind": "primitive", "id": rsc, "is_own": True}
    return Record("resource.attributes", lambda: [data], lambda: [("value", said), ("", "\n")])


def _secret_value(rsc: str, name: str, held: str | None) -> str:
    """The value of a secret on this node, where it is as it was stored. Raises NoSuchObject, Refused, CrmError."""
    from crmsh_py.cluster import secrets  # heavy

    if held is None:
        raise NoSuchObject(f"{rsc} has no parameter {name}")
    if held != secrets.MARK:
        raise Refused(f"{name} of {rsc} is no secret: it stands in the configuration", hint="`stash` makes it one")
    secrets.verify(rsc, name)
    return secrets.read(rsc, name)


def _open_value(rsc: str, name: str, held: str | None) -> str:
    from crmsh_py.cluster import secrets  # heavy

    if held is None:
        raise NoSuchObject(f"{rsc} has no parameter {name}")
    if held == secrets.MARK:
        raise Refused(f"{name} of {rsc} is a secret already")
    return held


def _given(rsc: str, name: str, value: str | None) -> str:
    if value is None:
        from crmsh_py.output.hidden import hidden_line  # heavy

        value = hidden_line(f"{name} of {rsc}: ")
    return value


# ---- on all nodes


def _keep(cx: Context, rsc: str, name: str, value: str) -> None:
    """Store a secret here and elsewhere, and have the configuration refer to it; else all here is as before."""
    from crmsh_py.cluster import secrets  # heavy

    before = None
    try:
        before = secrets.read(rsc, name)
    except NoSuchObject:
        pass
    secrets.store(rsc, name, value)
    try:
        _commit(cx, rsc, name, secrets.MARK)
    except BaseException:
        secrets.remove(rsc, name) if before is None else secrets.store(rsc, name, before)
        raise
    _elsewhere(cx, f"{name} of {rsc} is not stored", lambda connection: _put(connection, rsc, name, value))


def _forget(cx: Context, rsc: str, name: str, value: str | None) -> None:
    """Take a secret out of the configuration, or put its value there; then forget it here and elsewhere."""
    from crmsh_py.cluster import secrets  # heavy

    _commit(cx, rsc, name, value)
    if not secrets.remove(rsc, name):
        cx.note(f"this node had no secret {name} of {rsc}")
    _elsewhere(cx, f"{name} of {rsc} is not forgotten", lambda connection: _remove(connection, rsc, name))


def _commit(cx: Context, rsc: str, name: str, value: str | None) -> None:
    from crmsh_py.cib.attributes import PARAMETERS, remove, set_value  # heavy
    from crmsh_py.command import acting
    from crmsh_py.command.known import configured

    def change(cib: Cib) -> Iterable[Problem]:
        el = configured(cib, rsc)
        if value is None:
            remove(cib, el, PARAMETERS, name)
        else:
            set_value(cib, el, PARAMETERS, name, value)
        return ()

    acting.act(cx, change)


def _elsewhere(cx: Context, failed: str, work: Callable[[Connection], None]) -> None:
    """Do something on the other nodes; all of them are tried. Raises CrmError where one did not do it."""
    from crmsh_py.cluster.asking import ask
    from crmsh_py.cluster.state import state  # heavy

    local = ask("crm_node", "--name").output_text.strip()
    nodes = [one for one in state(cx.tools).nodes if one.type in ("member", "remote") and one.name != local]
    problems = [_missed(failed, one.name, "it is offline") for one in nodes if not one.online]
    online = [one.name for one in nodes if one.online]
    problems += [_missed(failed, node, str(error)) for node, error in _on_each(cx, online, work).items() if error]
    if problems:
        raise CrmError(problems=problems)


def _missed(failed: str, node: str, why: str) -> Problem:
    hint = "this node is done: give the command again, or `cluster copy` the files"
    return Problem(ERROR, "secret-not-spread", f"{failed} on {node}: {why}", hint=hint)


def _on_each(cx: Context, nodes: list[str], work: Callable[[Connection], None]) -> dict[str, CrmError | None]:
    if not nodes:
        return {}
    from crmsh_py.cluster.remote import together
    from crmsh_py.cluster.remote.connection import connect  # heavy
    from crmsh_py.cluster.remote.login import Logins

    logins = Logins(cx.environ, cx.settings["core.hosts"], cx.settings["core.strict_host_key_checking"])
    seconds = float(cx.settings["core.ssh_timeout"])
    return together.on_each(nodes, lambda turn: work(connect(logins.login(turn.node), turn)), seconds)


def _put(connection: Connection, rsc: str, name: str, value: str) -> None:
    """Store a secret on another node. No argument of a program holds it there either."""
    from io import BytesIO
    from os.path import dirname
    from shlex import quote

    from crmsh_py.cluster import secrets  # heavy
    from crmsh_py.cluster.remote.files import Files, Original

    ran = connection.run(f"umask 077; mkdir -p -- {quote(dirname(secrets.path(rsc, name)))}")
    if ran.error or ran.exit_code:
        raise ran.error or CrmError(ran.stderr.decode("utf-8", "backslashreplace").strip())
    files = Files(connection)
    for path, data in secrets.files(rsc, name, value):
        files.put(Original(path, len(data), 0o600, "root", "root"), BytesIO(data))


def _remove(connection: Connection, rsc: str, name: str) -> None:
    from shlex import quote

    from crmsh_py.cluster import secrets  # heavy

    path = secrets.path(rsc, name)
    ran = connection.run(f"rm -f -- {quote(path)} {quote(path + '.sign')}")
    if ran.error or ran.exit_code:
        raise ran.error or CrmError(ran.stderr.decode("utf-8", "backslashreplace").strip())
