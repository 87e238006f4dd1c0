"""Edits of any kind on any CIB, for laws about all edits. `pick` chooses one of several; hypothesis or chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crmsh_py.cib import edit, listing, references
from crmsh_py.cib.document import CONTAINERS, Cib
from crmsh_py.errors import CrmError
from crmsh_py.language import statements as st
from crmsh_py.language.parser import parse

Pick = Callable[[Sequence[Any]], Any]
Change = Callable[[Cib], Any]
# an edit, and the names of the objects that it says itself
Edit = tuple[Change, frozenset[str]]
NEW = frozenset(f"new-{name}" for name in "group clone l c o s t tag role".split()) | {"fencing_topology"}


def names(cib: Cib) -> list[str]:
    """All that can be deleted by a name."""
    return [entry.id or "fencing_topology" for entry in listing.entries(cib)]


def some(pick: Pick, choices: Sequence[Any], most: int = 3) -> list[Any]:
    return list(dict.fromkeys(pick(choices) for _ in range(pick(range(1, most + 1))))) if choices else []


def alone(cib: Cib, *tags: str) -> list[str]:
    """Resources that are in no container."""
    section = cib.section("resources")
    return [] if section is None else [el.get("id") for el in section.iterchildren(*tags)]


def members(cib: Cib) -> list[tuple[str, str]]:
    found = [el for el in cib.objects() if el.tag == "primitive" and el.getparent().tag == "group"]
    return [(el.getparent().get("id"), el.get("id")) for el in found]


def saying(entries: Sequence[listing.Entry], change: Change) -> Edit:
    return change, frozenset(references.object_name(entry.el) for entry in entries)


def delete(cib: Cib, pick: Pick) -> Change:
    doomed = some(pick, names(cib))
    return lambda cib: edit.delete(cib, doomed)


def rename(cib: Cib, pick: Pick) -> Change:
    old = pick(names(cib))
    new = pick(["fresh", "other.one", *names(cib)[:2]])
    return lambda cib: edit.rename(cib, old, new)


def group(cib: Cib, pick: Pick) -> Change:
    held = some(pick, alone(cib, "primitive")) or [pick([])]
    return lambda cib: edit.add(cib, [st.Group("new-group", children=[st.Member(id_) for id_ in held])])


def clone(cib: Cib, pick: Pick) -> Change:
    held = pick(alone(cib, "primitive", "group"))
    return lambda cib: edit.add(cib, [st.Clone("new-clone", children=[st.Member(held)])])


def modgroup(cib: Cib, pick: Pick) -> Change:
    groups = [el.get("id") for el in cib.objects() if el.tag == "group"]
    if pick([True, False]):
        container, id_ = pick(members(cib))
        return lambda cib: edit.remove_member(cib, container, id_)
    container, id_ = pick(groups), pick([*alone(cib, "primitive"), *(id_ for _, id_ in members(cib))])
    return lambda cib: edit.add_member(cib, container, id_)


def constrain(cib: Cib, pick: Pick) -> Change:
    ids = [el.get("id") for el in cib.objects() if el.tag in (*CONTAINERS, "primitive", "tag")]
    a, b, c = pick(ids), pick(ids), pick(ids)
    lines = [
        f"location new-l {a} 100: alpha",
        f"colocation new-c inf: {a} {b}",
        f"order new-o {a} ( {b} {c} )",
        f"colocation new-s 5: {a} {b} {c}",
        f"rsc_ticket new-t T: {a} {b}",
        f"tag new-tag {a} {b}",
        f"role new-role read ref:{a}",
        f"fencing_topology alpha: {a},{b} {c}",
    ]
    line = pick(lines)
    return lambda cib: edit.add(cib, parse(line, "typed"))


def erase(cib: Cib, pick: Pick) -> Change:
    with_nodes = pick([True, False])
    return lambda cib: edit.erase(cib, with_nodes=with_nodes)


def restate(cib: Cib, pick: Pick) -> Edit:
    """Objects said again without some of their parts."""
    entries = some(pick, listing.entries(cib))
    statements = [_without_a_part(listing.statement_of(entry), pick) for entry in entries]
    exact = pick([True, False])
    return saying(entries, lambda cib: edit.update(cib, statements, exact=exact))


def exchange(cib: Cib, pick: Pick) -> Edit:
    """Some objects said again, some not."""
    entries = some(pick, listing.entries(cib), 6)
    statements = [listing.statement_of(entry) for entry in entries if pick([True, False])]
    exact = pick([True, False])
    return saying(entries, lambda cib: edit.exchange(cib, entries, statements, exact=exact))


def push(cib: Cib, pick: Pick) -> Edit:
    gone = {entry.el for entry in some(pick, listing.entries(cib))}
    kept = [entry for entry in listing.entries(cib) if entry.el not in gone]
    statements = [listing.statement_of(entry) for entry in kept]
    with_nodes = pick([True, False])
    return saying(kept, lambda cib: edit.push(cib, statements, exact=True, with_nodes=with_nodes))


def _without_a_part(statement: Any, pick: Pick) -> Any:
    """Without one of the parts that it can do without."""
    children = getattr(statement, "children", [])
    parts = [part for part in children if isinstance(part, (st.AttributeSet, st.Operations, st.NVPair, st.Permission))]
    held = [part for part in children if isinstance(part, st.Member)]
    parts += held if isinstance(statement, st.Group) and len(held) > 1 else []
    if parts:
        chosen = pick(parts)
        children[:] = [part for part in children if part is not chosen]
    return statement


EDITS = (delete, delete, delete, rename, group, clone, modgroup, constrain, constrain, restate, exchange, push, erase)


def random_edit(cib: Cib, pick: Pick) -> tuple[str, Change, frozenset[str]]:
    """The name of an edit, the edit, and the names of what it says. Raises CrmError where there is nothing to edit."""
    make: Any = pick(EDITS)
    try:
        made = make(cib, pick)
        return (make.__name__, *made) if isinstance(made, tuple) else (make.__name__, made, NEW)
    except IndexError as error:
        raise CrmError("there is nothing to edit") from error
