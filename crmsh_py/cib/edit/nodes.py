"""Nodes, as they are typed: what a node has and the statement does not name stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.mapping import Unsayable, read
from crmsh_py.errors import CrmError
from crmsh_py.language import statements as st

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.edit.draft import Draft


def merge_node(draft: Draft, node: st.Node, existing: Element) -> None:
    """Add to a typed node what it has already. Raises CrmError where the id is another node's."""
    if not draft.typed:
        return
    if existing.get("uname") != node.uname:
        raise CrmError(f"node {node.id} is {existing.get('uname')}", hint="a node is not renamed by giving its id away")
    try:
        old = read(existing, st.Node)
    except Unsayable:
        return
    for field in ("type", "description", "score"):
        if getattr(node, field) is None:
            setattr(node, field, getattr(old, field))
    for added in node.children:
        _merge_set(old, added)
    node.children = old.children
    node.comments = node.comments or old.comments


def _merge_set(old: st.Node, added: st.AttributeSet) -> None:
    """Put the attributes of a set into the node's own set of that kind without rules; else it stands beside it."""
    is_plain = all(isinstance(child, st.NVPair) for child in added.children) and added.id_ref is None
    alike = [
        one for one in old.children if one.kind == added.kind and one.id_ref is None and added.id in (None, one.id)
    ]
    home = next((one for one in alike if all(isinstance(child, st.NVPair) for child in one.children)), None)
    if not is_plain or home is None:
        old.children.append(added)
        return
    for pair in added.children:
        same = [other for other in home.children if isinstance(other, st.NVPair) and other.name == pair.name]  # type: ignore[union-attr]
        if same:
            same[0].value = pair.value  # type: ignore[union-attr]
        else:
            home.children.append(pair)
