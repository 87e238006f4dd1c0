"""Attributes of nodes: permanent ones, transient ones, capacities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.attributes import change, declare, wanted
from crmsh_py.errors import NoSuchObject, Refused
from crmsh_py.levels.node.level import level
from crmsh_py.masks import is_secret, masked
from crmsh_py.output import Record
from crmsh_py.problems import INFO, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.command.attributes import Asked
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

_PERMANENT, _UTILIZATION = "instance_attributes", "utilization"
# what the existing shell calls them in its answers
_SCOPES = {_PERMANENT: "nodes", _UTILIZATION: "nodes"}
_TRANSIENT_SCOPE = "status"


@declare(level, "attribute", "node", "node_attribute")
def attribute(cx: Context, node: str, asked: Asked) -> Record | None:
    """Set, delete or show permanent attributes of a node, which rules and constraints can ask for.

    The change is committed at once; --wait waits until the cluster has followed it, --dry-run says what it would do.
    Without an attribute, `show` shows all; secret values are masked.

    Examples:
        attribute alpha set memory_size 4096
        attribute alpha set rack=7 row=b
        attribute alpha show rack
        attribute alpha show
        attribute alpha delete rack row
    """
    return _done(cx, _PERMANENT, node, asked)


@declare(level, "utilization", "node", "utilization", value="capacity", pairs="capacities")
def utilization(cx: Context, node: str, asked: Asked) -> Record | None:
    """Set, delete or show the capacities of a node, whole numbers, which resources take up by their own utilization.

    They count where the property placement-strategy is not `default`. The options are as with `attribute`.

    Examples:
        utilization alpha set memory 16384
        utilization alpha set cpu=8 memory=8192
        utilization alpha show cpu
        utilization alpha show
        utilization alpha delete memory
    """
    return _done(cx, _UTILIZATION, node, asked)


@level.command(
    "status-attr <node> set <attr:node_attribute> <value> [--private] [--dampen <duration:interval>]",
    "status-attr <node> set <pairs:assignment>... [--private] [--dampen <duration:interval>]",
    "status-attr <node> delete <names:node_attribute>...",
    "status-attr <node> show [<attr:node_attribute>]",
    live=True,
)
def status_attr(
    cx: Context,
    node: str,
    set: bool = False,  # noqa: A002, ARG001 - the word of the usage
    delete: bool = False,  # noqa: ARG001 - as above
    show: bool = False,
    attr: str | None = None,
    value: str = "",
    pairs: Sequence[str] = (),
    names: Sequence[str] = (),
    private: bool = False,
    duration: str | None = None,
) -> Record | None:
    """Set, delete or show transient attributes of a node, which hold until it leaves the cluster.

    A new attribute that is --private never gets into the CIB: rules do not see it, and `show` shows it only where it
    is named. --dampen: so long the cluster waits for further changes before it writes them down. Pacemaker's tools take
    the value as an argument, which all users of this host can see: for a name like that of a password, it takes -F.

    Examples:
        status-attr alpha set pingd 100
        status-attr alpha set load=7 --dampen 5s
        status-attr alpha set token=s3 --private
        status-attr alpha show pingd
        status-attr alpha show
        status-attr alpha delete pingd load token
    """
    if show:
        return _transient_shown(cx, node, attr)
    _node_id(cx, node)
    said = wanted(attr, value, pairs, names)
    if not cx.options.force:
        _refuse_secrets(said.assigned, node)
    for name, one in said.assigned.items():
        _set_transient(node, name, one, private, duration)
    for name in said.gone:
        _remove_transient(cx, node, name)
    return None


def _refuse_secrets(names: Iterable[str], node: str) -> None:
    """Raise Refused where a value looks like a secret: the tools take it as an argument, which every user can read."""
    for name in names:
        if is_secret(name):
            hint = f"`node attribute {node} set` keeps it in the CIB; core.obscure_pattern says which names are secret"
            raise Refused(f"{name} looks like a secret, and would be seen in the list of processes", hint=hint)


def _node_id(cx: Context, node: str) -> str:
    """The id of a node of the running cluster. Raises NoSuchObject."""
    from crmsh_py.cluster.state import state  # heavy
    from crmsh_py.command import known

    return known.nodes(state(cx.tools), [node])[0].id


def _transient_shown(cx: Context, node: str, name: str | None) -> Record:
    from crmsh_py.cluster import attributes  # heavy

    id_ = _node_id(cx, node)
    if name is None:
        return _record(_TRANSIENT_SCOPE, node, attributes.transient(cx.tools).get(id_, {}), None)
    value = attributes.transient_value(node, name)
    return _record(_TRANSIENT_SCOPE, node, {} if value is None else {name: value}, name)


def _remove_transient(cx: Context, node: str, name: str) -> None:
    from crmsh_py.cluster import attributes  # heavy

    if attributes.transient_value(node, name) is None:
        cx.warn(_absent(node, name, ()))
    else:
        attributes.remove_transient(node, name)


def _set_transient(node: str, name: str, wanted: str, is_private: bool, duration: str | None) -> None:
    from crmsh_py.cib.durations import milliseconds  # heavy
    from crmsh_py.cluster import attributes

    if is_private or duration is not None:
        delay = None if duration is None else milliseconds(duration)
        attributes.set_with_daemon(node, name, wanted, is_private=is_private, delay_ms=delay)
    else:
        attributes.set_transient(node, name, wanted)


def _done(cx: Context, kind: str, node: str, asked: Asked) -> Record | None:
    return _shown(cx, kind, node, asked.attr) if asked.is_shown else _changed(cx, kind, node, asked)


# ---- show


def _shown(cx: Context, kind: str, node: str, name: str | None) -> Record:
    from crmsh_py.cib import attributes  # heavy
    from crmsh_py.cib.known_nodes import KnownNodes
    from crmsh_py.command.known import no_such

    known = KnownNodes(cx.session.draft)
    if node not in known.names:
        raise no_such("node", node, known.names)
    el = known.entries.get(node)
    return _record(_SCOPES[kind], node, {} if el is None else attributes.values(el, kind), name)


def _record(scope: str, node: str, values: Mapping[str, str], name: str | None) -> Record:
    """Attributes of a node, all or one. Raises NoSuchObject."""
    if name is not None and name not in values:
        raise NoSuchObject(f"{node} has no attribute {name}", hint=did_you_mean(name, values, 3))
    shown = {one: masked(one, values[one]) for one in ([name] if name is not None else sorted(values))}
    return Record(
        "node.attributes",
        lambda: [{"node": node, "scope": scope, "name": one, "value": value} for one, value in shown.items()],
        lambda: _lines(scope, shown),
    )


def _lines(scope: str, shown: Mapping[str, str]) -> Iterator[Fragment]:
    """In the words of the existing shell and of crm_attribute."""
    if not shown:
        yield "", "no attributes\n"
    for name, value in shown.items():
        yield from [("", f"scope={scope}  name="), ("name", name), ("", " value="), ("value", value), ("", "\n")]


# ---- set, delete


def _changed(cx: Context, kind: str, node: str, asked: Asked) -> Record | None:
    def find(cib: Cib) -> Element | None:
        from crmsh_py.cib.known_nodes import KnownNodes  # heavy
        from crmsh_py.command.known import no_such

        known = KnownNodes(cib)
        if node not in known.names:
            raise no_such("node", node, known.names)
        return known.entry(node) if asked.wanted.assigned else known.entries.get(node)

    def absent(cib: Cib, name: str) -> Problem:
        from crmsh_py.cib import attributes  # heavy
        from crmsh_py.cib.known_nodes import KnownNodes

        el = KnownNodes(cib).entries.get(node)
        return _absent(node, name, {} if el is None else attributes.values(el, kind))

    return change(cx, kind, asked, find, absent)


def _absent(node: str, name: str, there: Iterable[str]) -> Problem:
    text = f"{node} has no attribute {name}"
    return Problem(INFO, "nothing-to-delete", text, hint=did_you_mean(name, there, 3), object_id=node)
