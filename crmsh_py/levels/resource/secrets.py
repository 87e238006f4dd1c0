"""Secret parameters, which the configuration does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, NoSuchObject, Refused, TimedOut, Unreachable
from crmsh_py.levels.resource.level import level
from crmsh_py.output import Record
from crmsh_py.problems import ERROR, WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.remote.connection import Connection
    from crmsh_py.cluster.secrets import Contents
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
    theirs over ssh, as with `cluster copy`, before the configuration is changed; where one does not, nothing is done.
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
        kept = _open_value(rsc, name, held) if stash else _given(rsc, name, value)
        _keep(cx, rsc, name, kept, _is_secret(held))
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


def _is_secret(held: str | None) -> bool:
    from crmsh_py.cluster.secrets import MARK  # heavy

    return held == MARK


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


def _keep(cx: Context, rsc: str, name: str, value: str, is_secret: bool) -> None:
    """Store a secret on all nodes that are online, then have the configuration refer to it.

    is_secret: it does so already. The cluster restarts the resource at once, wherever it runs, so the files come first;
    where one node does not get them, they are everywhere as before, and the configuration too.
    """
    from crmsh_py.cluster import secrets  # heavy

    wanted, here = secrets.files(rsc, name, value), secrets.kept(rsc, name)
    there: dict[str, Contents] = {}
    online, offline = _others(cx)
    try:
        secrets.put(wanted)
        _spread(cx, f"{name} of {rsc}", online, wanted, there)
        if not is_secret:
            _commit(cx, rsc, name, secrets.MARK)
    except BaseException as error:
        if not _may_be_committed(cx, rsc, name, error, is_secret):
            _put_back(cx, f"{name} of {rsc}", here, there)
        raise
    for node in offline:
        text = f"{name} of {rsc} is not stored on {node}: it is offline"
        cx.warn(_missed(WARNING, text, "`set` it anew when the node is back"))


def _may_be_committed(cx: Context, rsc: str, name: str, error: BaseException, is_secret: bool) -> bool:
    """Whether the configuration may refer to the secret by now, though something failed, or the wait was broken off."""
    from crmsh_py.cluster import secrets  # heavy

    if is_secret:
        return False
    # when the answer to a commit is lost, nobody knows
    return _held(cx.session.draft, rsc, name) == secrets.MARK or isinstance(error, (TimedOut, Unreachable))


def _spread(cx: Context, what: str, nodes: list[str], wanted: Contents, there: dict[str, Contents]) -> None:
    """Store a secret on other nodes; `there` gets what they had. Raises CrmError where one does not take it."""
    from crmsh_py.cluster.remote import secrets  # heavy

    failed = _on_each(cx, nodes, lambda connection: secrets.exchange(connection, wanted, there))
    hint = "nothing is changed: all nodes that are online have to have it"
    problems = [_missed(ERROR, f"{what} is not stored on {node}: {why}", hint) for node, why in failed.items()]
    if problems:
        raise CrmError(problems=problems)


def _put_back(cx: Context, what: str, here: Contents, there: Mapping[str, Contents]) -> None:
    from crmsh_py.cluster import secrets  # heavy
    from crmsh_py.cluster.remote import secrets as remote
    from crmsh_py.run import undisturbed

    with undisturbed():
        secrets.put(here)
        failed = _on_each(cx, list(there), lambda connection: remote.put(connection, there[connection.login.node]))
    for node, why in failed.items():
        cx.warn(_missed(WARNING, f"{what} may have its new value on {node}: {why}", f"compare {', '.join(here)} there"))


def _forget(cx: Context, rsc: str, name: str, value: str | None) -> None:
    """Take a secret out of the configuration, or put its value there; then forget it here and elsewhere."""
    from crmsh_py.cluster import secrets  # heavy
    from crmsh_py.cluster.remote import secrets as remote

    secrets.check_removable(rsc, name)
    online, offline = _others(cx)
    _commit(cx, rsc, name, value)
    if not secrets.remove(rsc, name):
        cx.note(f"this node had no secret {name} of {rsc}")
    gone = secrets.nothing(rsc, name)
    failed = _on_each(cx, online, lambda connection: remote.put(connection, gone))
    text, hint = f"{name} of {rsc} is not forgotten on", f"the rest is done; remove {', '.join(gone)} there"
    for node in offline:
        cx.warn(_missed(WARNING, f"{text} {node}: it is offline", hint))
    if failed:
        raise CrmError(problems=[_missed(ERROR, f"{text} {node}: {why}", hint) for node, why in failed.items()])


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


def _others(cx: Context) -> tuple[list[str], list[str]]:
    """The other nodes that run resources: those that are online, and those that are not."""
    from crmsh_py.cluster.asking import local_node
    from crmsh_py.cluster.state import state  # heavy

    local = local_node()
    nodes = [one for one in state(cx.tools).nodes if one.type in ("member", "remote") and one.name != local]
    return [one.name for one in nodes if one.online], [one.name for one in nodes if not one.online]


def _missed(severity: str, text: str, hint: str) -> Problem:
    return Problem(severity, "secret-not-spread", text, hint=hint)


def _on_each(cx: Context, nodes: list[str], work: Callable[[Connection], None]) -> dict[str, CrmError]:
    """Do something on other nodes; all of them are tried. How it failed, by node."""
    if not nodes:
        return {}
    from crmsh_py.command import remote  # heavy

    said = remote.on_each(cx, nodes, remote.ssh_timeout(cx), work)
    return {node: error for node, error in said.items() if error}
