"""Names that a command was given: what they stand for, or which ones are spelt nearly so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import NoSuchObject, UsageError
from crmsh_py.problems import ERROR, Problem, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.state import Node, Resource, State
    from crmsh_py.command.context import Context

# so many names are listed where none is spelt nearly so
FEW = 12


def no_such(kind: str, name: str, known: Iterable[str]) -> NoSuchObject:
    """The error for a name that stands for nothing; kind: resource, node, agent ..."""
    names = sorted(set(known))
    hint = did_you_mean(name, names, 3)
    if hint is None and 0 < len(names) <= FEW:
        hint = f"{kind}s are {listed(names)}"
    text = f"there is no {kind} {name}"
    return NoSuchObject(problems=[Problem(ERROR, NoSuchObject.code, text, hint=hint, object_id=name)])


def nodes(state: State, names: Sequence[str]) -> list[Node]:
    """The nodes of these names, in their order. Raises NoSuchObject."""
    by_name = {node.name: node for node in state.nodes}
    for name in names:
        if name not in by_name:
            raise no_such("node", name, by_name)
    return [by_name[name] for name in names]


def resources(state: State, names: Sequence[str]) -> list[list[Resource]]:
    """For each name, the resource of this id; or the instances of it, where it is a part of a clone or a bundle.

    Raises NoSuchObject.
    """
    from crmsh_py.cluster.state import by_id  # heavy

    by_name = by_id(state.resources)
    for name in names:
        if name not in by_name:
            raise no_such("resource", name, by_name)
    return [by_name[name] for name in names]


def configured(cib: Cib, name: str) -> Element:
    """The element of a configured resource. Raises NoSuchObject."""
    found = cib.resource(name)
    if found is None:
        from crmsh_py.cib.document import RESOURCES  # heavy

        raise no_such("resource", name, (el.get("id") or "" for el in cib.objects() if el.tag in RESOURCES))
    return found


def local_node(cx: Context, known: Iterable[str]) -> str:
    """The name of the node that this host is: as the cluster says, else as the host is called.

    known: the names of nodes. Raises UsageError where this host is none of them, as with the CIB file of another one.
    """
    from os import uname

    name = uname().nodename
    if cx.is_live:
        from crmsh_py.cluster import asking

        name = asking.local_node()
    if name not in set(known):
        raise UsageError(
            "a node is expected: this host is none of them", hint=f"nodes are {listed(sorted(set(known)))}"
        )
    return name
