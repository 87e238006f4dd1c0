"""What has to do with what: references, containers, members, agents; and what an object says by itself."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.document import CONTAINERS, RESOURCES
from crmsh_py.cib.references import NODE_KINDS, REFERRING, Index, object_of, references

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.listing import Entry


def related_to(cib: Cib, heads: Iterable[Element]) -> set[Element]:
    """Objects, what refers to them, what they are in, what is in them, and what tags and templates they refer to."""
    index = Index(cib.configuration)
    of_nodes = _by_node(cib)
    found: set[Element] = set()
    for head in heads:
        found.add(head)
        found.update(above for above in head.iterancestors(*CONTAINERS))
        found.update(inner for inner in head.iterdescendants(*RESOURCES))
        found.update(object_of(reference.el) for id_ in _ids(head) for reference in index.to(id_))
        if head.tag == "node":
            found.update(of_nodes.get(head.get("uname"), ()))
    return found | _named_by(cib, heads)


def _ids(head: Element) -> list[str]:
    """The ids of an object and of its parts, without those of resources inside it; a user's and a node's are names."""
    own = head.iter(etree.Element) if head.tag not in CONTAINERS else [head]
    return [part.get("id", "") for part in own if part.get("id") and part.tag not in REFERRING]


def _by_node(cib: Cib) -> dict[str | None, list[Element]]:
    """What names a node, by the name."""
    found: dict[str | None, list[Element]] = {}
    for el in cib.configuration.iter(*NODE_KINDS):
        found.setdefault(el.get(NODE_KINDS[str(el.tag)]), []).append(object_of(el))
    return found


def _named_by(cib: Cib, heads: Iterable[Element]) -> set[Element]:
    """The objects that constraints, tags, levels and template users among the heads refer to."""
    wanted = {reference.id for head in heads if head.tag not in CONTAINERS for reference in references(head)}
    return {el for el in cib.objects() if el.get("id") in wanted} if wanted else set()


def of_agent(entries: Sequence[Entry], word: str) -> list[Entry]:
    """The resources and templates of an agent, by its name or neighbouring parts of it: `ocf:heartbeat`, `apache`."""
    parts = word.lower().split(":")
    return [entry for entry in entries if entry.section == "resources" and _has_parts(entry.el, parts)]


def _has_parts(el: Element, parts: list[str]) -> bool:
    agent = [value.lower() for name in ("class", "provider", "type") if (value := el.get(name))]
    return any(agent[at : at + len(parts)] == parts for at in range(len(agent)))


def identity(entry: Entry) -> tuple[str, str, str]:
    """What makes an object the same one in two configurations."""
    return entry.section, str(entry.el.tag), entry.el.get("id") or entry.el.get("id-ref") or ""


def own_content(el: Element) -> bytes:
    """All that an object says by itself, to compare: of resources inside it only the ids, of white space nothing."""
    copy = deepcopy(el)
    copy.tail = None
    for inner in list(copy.iterdescendants("primitive", "group")):
        id_ = inner.get("id", "")
        inner.clear()
        inner.set("id", id_)
    for part in copy.iter():
        if part.text and part.text.isspace():
            part.text = None
        part.tail = None
    return etree.tostring(copy, method="c14n")
