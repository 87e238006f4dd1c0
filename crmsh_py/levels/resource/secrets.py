"""Secret parameters, which the configuration does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import (
    INTERRUPTED,
    Cancelled,
    Conflict,
    CrmError,
    NoSuchObject,
    NotPermitted,
    Refused,
    TimedOut,
    Unreachable,
)
from crmsh_py.levels.resource.level import level
from crmsh_py.output import Record
from crmsh_py.problems import ERROR, WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.remote.connection import Connection
    from crmsh_py.cluster.secrets import Contents
    from crmsh_py.command.context import Context

NOT_SPREAD = "secret-not-spread"


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
    So do guest nodes in virtual machines; of those that ssh does not reach, a warning tells. It takes root. A resource
    that runs gets a new value when it is started again.

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
        _in_order(lambda: _keep(cx, rsc, name, kept, _is_secret(held)))
    elif delete or unstash:
        _in_order(lambda: _forget(cx, rsc, name, _secret_value(rsc, name, held) if unstash else None))
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


def _in_order(work: Callable[[], None]) -> None:
    """Work on all nodes, which who is told to end puts back, or tells of what is left."""
    from crmsh_py.run import ending_in_order  # heavy

    with ending_in_order():
        work()


class _Others(NamedTuple):
    """The other nodes that run resources, by their names. guests: those in virtual machines that are online."""

    online: list[str]
    guests: list[str]
    offline: list[str]


def _keep(cx: Context, rsc: str, name: str, value: str, is_secret: bool) -> None:
    """Store a secret on all nodes that are online, then have the configuration refer to it.

    is_secret: it does so already. The cluster restarts the resource at once, wherever it runs, so the files come first;
    where one node does not get them, they are everywhere as before, and the configuration too.
    """
    from crmsh_py.cluster import secrets  # heavy

    what = f"{name} of {rsc}"
    wanted, here = secrets.files(rsc, name, value), secrets.kept(rsc, name)
    there: dict[str, Contents] = {}
    others = _others(cx)
    is_committing = False
    try:
        secrets.put(wanted)
        missed = _spread(cx, what, others, wanted, there)
        if not is_secret:
            is_committing = True
            _commit(cx, rsc, name, secrets.MARK)
    except BaseException as error:
        if is_committing and _may_be_committed(cx, rsc, name, error):
            cx.note(f"{what} is kept on all nodes: the configuration may refer to it by now")
        else:
            _put_back(cx, what, here, there)
        raise
    for problem in missed:
        cx.warn(problem)
    if not is_secret and cx.is_to_wait():
        cx.settle()


def _may_be_committed(cx: Context, rsc: str, name: str, error: BaseException) -> bool:
    """Whether the configuration, which is read anew, may refer to the secret though its commit failed."""
    from crmsh_py.cluster import secrets  # heavy

    # after these, nothing was written
    if isinstance(error, (Refused, Conflict, NotPermitted)):
        return False
    cx.session.discard()
    # who has not heard the answer does not know what is still to come
    if isinstance(error, (TimedOut, Unreachable, Cancelled, KeyboardInterrupt)):
        return True
    try:
        return _held(cx.session.draft, rsc, name) == secrets.MARK
    except CrmError:
        return True


def _spread(cx: Context, what: str, others: _Others, wanted: Contents, there: dict[str, Contents]) -> Iterable[Problem]:
    """Store a secret on other nodes; `there` gets what they had. Gives warnings of those that do not have it now.

    Raises CrmError where one that has to take it does not.
    """
    from crmsh_py.cluster.remote import secrets  # heavy

    failed = _on_each(cx, others, lambda connection: secrets.exchange(connection, wanted, there))
    missed = _missed(others, failed, f"{what} is not stored on", "`set` it anew when the node can be reached")
    if errors := [problem for problem in missed if problem.severity == ERROR]:
        hint = "nothing is changed: all nodes that are online have to have it"
        raise CrmError(problems=[problem._replace(hint=hint) for problem in errors])
    return missed


def _put_back(cx: Context, what: str, here: Contents, there: Mapping[str, Contents]) -> None:
    from crmsh_py.cluster import secrets  # heavy
    from crmsh_py.cluster.remote import secrets as remote
    from crmsh_py.run import undisturbed

    touched = _Others(list(there), [], [])
    with undisturbed():
        secrets.put(here)
        failed = _on_each(cx, touched, lambda connection: remote.put(connection, there[connection.login.node]))
    for node, why in failed.items():
        text = f"{what} may have its new value on {node}: {why}"
        cx.warn(Problem(WARNING, NOT_SPREAD, text, hint=f"compare {', '.join(here)} there"))


def _forget(cx: Context, rsc: str, name: str, value: str | None) -> None:
    """Take a secret out of the configuration, or put its value there; then forget it here and elsewhere."""
    from crmsh_py.cluster import secrets  # heavy
    from crmsh_py.cluster.remote import secrets as remote

    secrets.check_removable(rsc, name)
    others = _others(cx)
    _commit(cx, rsc, name, value)
    gone = secrets.nothing(rsc, name)
    text, hint = f"{name} of {rsc} is not forgotten on", f"the rest is done; remove {', '.join(gone)} there"
    try:
        if not secrets.remove(rsc, name):
            cx.note(f"this node had no secret {name} of {rsc}")
        failed = _on_each(cx, others, lambda connection: remote.put(connection, gone))
    except (Cancelled, KeyboardInterrupt):
        cx.warn(Problem(WARNING, NOT_SPREAD, f"{text} all nodes: {INTERRUPTED}", hint=hint))
        raise
    missed = _missed(others, failed, text, hint)
    for problem in missed:
        if problem.severity == WARNING:
            cx.warn(problem)
    if errors := [problem for problem in missed if problem.severity == ERROR]:
        raise CrmError(problems=errors)
    if cx.is_to_wait():
        cx.settle()


def _commit(cx: Context, rsc: str, name: str, value: str | None) -> None:
    """Have the configuration say this of a parameter. Who calls this waits for the cluster when all is done."""
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

    acting.act(cx, change, is_last=False)


def _others(cx: Context) -> _Others:
    """The nodes that need a secret beside this one. Guest nodes of bundles run what has files of its own."""
    from crmsh_py.cluster.asking import local_node
    from crmsh_py.cluster.state import of_bundles, state  # heavy

    local, found = local_node(), state(cx.tools)
    bundled = of_bundles(found)
    nodes = [
        one
        for one in found.nodes
        if one.type in ("member", "remote", "guest") and one.name != local and one.container not in bundled
    ]
    return _Others(
        [one.name for one in nodes if one.online and one.type != "guest"],
        [one.name for one in nodes if one.online and one.type == "guest"],
        [one.name for one in nodes if not one.online],
    )


def _missed(others: _Others, failed: Mapping[str, CrmError], text: str, hint: str) -> list[Problem]:
    """What there is to say of nodes that did not take part: an error but for those that cannot, or need not."""
    found = [Problem(WARNING, NOT_SPREAD, f"{text} {node}: it is offline", hint=hint) for node in others.offline]
    for node, why in failed.items():
        # nobody has promised that there is ssh in a virtual machine
        severity = WARNING if node in others.guests else ERROR
        found.append(Problem(severity, NOT_SPREAD, f"{text} {node}: {why}", hint=hint))
    return found


def _on_each(cx: Context, others: _Others, work: Callable[[Connection], None]) -> dict[str, CrmError]:
    """Do something on other nodes that are online; all of them are tried. How it failed, by node."""
    nodes = [*others.online, *others.guests]
    if not nodes:
        return {}
    from crmsh_py.command import remote  # heavy

    said = remote.on_each(cx, nodes, remote.ssh_timeout(cx), work)
    return {node: error for node, error in said.items() if error}
