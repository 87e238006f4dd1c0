"""Attributes of nodes: those that the CIB has, and the transient ones, which hold until a node leaves the cluster.

These the attribute daemon keeps. It writes them to the status section, a moment later; but private ones, never.
"""

from __future__ import annotations

from contextlib import contextmanager
from os import geteuid
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.asking import LIVE, NO_SUCH_OBJECT, ask, ask_xml, failure, query
from crmsh_py.cluster.orders import see
from crmsh_py.cluster.state.facts import number
from crmsh_py.errors import CrmError, NotPermitted
from crmsh_py.run import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

SECONDS = 25.0
# what attrd_updater answers for an attribute that it has not
_NO_SUCH_ATTRIBUTE = 78
_NODES = "configuration/nodes/node"
_TRANSIENT = "status/node_state/transient_attributes"


class Attributes(NamedTuple):
    """The attributes of a node, rules aside: permanent and transient ones, and its capacities; by name."""

    permanent: dict[str, str]
    transient: dict[str, str]
    utilization: dict[str, str]


def attributes(tools: Mapping[str, str | None]) -> dict[str, Attributes]:
    """The attributes that the CIB has, by the ids of the nodes.

    tools: what selects the CIB for Pacemaker's tools, `Context.tools`. Raises what `asking.ask` does.
    """
    found: dict[str, Attributes] = {}
    for el in query(f"{_NODES}|{_TRANSIENT}", tools, SECONDS):
        one = found.setdefault(el.get("id", ""), Attributes({}, {}, {}))
        if el.tag == "node":
            one.permanent.update(_values(el, "instance_attributes"))
            one.utilization.update(_values(el, "utilization"))
        else:
            one.transient.update(_values(el, "instance_attributes"))
    return found


def transient(tools: Mapping[str, str | None]) -> dict[str, dict[str, str]]:
    """The transient attributes that the CIB has, by the ids of the nodes. Raises what `asking.ask` does."""
    return {el.get("id", ""): _values(el, "instance_attributes") for el in query(_TRANSIENT, tools, SECONDS)}


def _values(el: Element, kind: str) -> dict[str, str]:
    """What counts is what the set of the highest score says; of two with one score, the last, as `cib.attributes` has
    it for what is edited."""
    found: dict[str, str] = {}
    # the sort keeps the order of equals
    for set_ in sorted(el.iterfind(kind), key=lambda one: number(one.get("score", "0"))):
        if set_.find("rule") is None:
            found.update((pair.get("name", ""), pair.get("value", "")) for pair in set_.iterfind("nvpair[@name]"))
    return found


# ---- the attribute daemon


def transient_value(node: str, name: str) -> str | None:
    """The value of a transient attribute, private or not, in the running cluster; None where it is not set.

    Raises what `asking.ask` does.
    """
    from xml.etree import ElementTree as ET  # heavy

    argv = ["attrd_updater", "--output-as=xml", "--query", f"--name={name}", f"--node={node}"]
    answer = run(argv, timeout=SECONDS, environ=LIVE)
    if answer.exit_code in (_NO_SUCH_ATTRIBUTE, NO_SUCH_OBJECT):
        return None
    if answer.exit_code:
        raise failure(answer)
    try:
        found = ET.fromstring(answer.stdout).find("attribute")  # noqa: S314 - Pacemaker's own
    except ET.ParseError:
        raise CrmError("the answer of attrd_updater is not XML") from None
    # what is deleted stays there, and is empty
    return None if found is None else found.get("value") or None


def set_transient(node: str, name: str, value: str) -> None:
    """Set a transient attribute in the running cluster. Raises what `asking.ask` does."""
    with _seen(node, name, value):
        _order(node, name, value)


def _order(node: str, name: str, value: str | None) -> None:
    """Have the daemon set a transient attribute; None: remove it."""
    if value is None:
        ask_xml("attrd_updater", "--delete", f"--name={name}", f"--node={node}", seconds=SECONDS)
        return
    argv = ("--lifetime=reboot", f"--node={node}", f"--name={name}", f"--update={value}")
    ask_xml("crm_attribute", *argv, seconds=SECONDS)


@contextmanager
def _seen(node: str, name: str, value: str | None) -> Iterator[None]:
    """The order that stands in this `with` is carried out when it is left; else it is taken back. Raises NotPermitted.

    An order that is not carried out would be as soon as somebody else may write: the daemon keeps it.
    """
    before = transient_value(node, name) if geteuid() else None
    yield
    try:
        see(lambda: _in_cib(node, name) == value)
    except NotPermitted:
        _order(node, name, before)
        raise


def _in_cib(node: str, name: str) -> str | None:
    found = query(f"{_NODES}|{_TRANSIENT}", LIVE, SECONDS)
    # the id of a remote node is its name
    ids = {node, *(el.get("id") for el in found if el.get("uname") == node)}
    here = (el for el in found if el.tag == "transient_attributes" and el.get("id") in ids)
    return next((value for el in here if (value := _values(el, "instance_attributes").get(name)) is not None), None)


def set_with_daemon(node: str, name: str, value: str, *, is_private: bool, delay_ms: int | None) -> None:
    """Set a transient attribute in a way that only the daemon's own tool knows.

    is_private: it is never written to the CIB, if it is new. delay_ms: so long the daemon waits for further changes
    before it writes. Raises what `asking.ask` does.
    """
    argv = [f"--name={name}", f"--node={node}"]
    argv += [f"--update={value}"] if delay_ms is None else [f"--update-both={value}", f"--delay={delay_ms}ms"]
    ask("attrd_updater", *argv, *(["--private"] if is_private else []), seconds=SECONDS)


def remove_transient(node: str, name: str) -> None:
    """Remove a transient attribute, private or not, in the running cluster. Raises what `asking.ask` does."""
    with _seen(node, name, None):
        _order(node, name, None)
