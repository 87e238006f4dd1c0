"""What a person who types leaves out, and the language fills in.

Nothing here is done for exact text. `complete` does what keeps the meaning (units, names of roles, ids of nodes, levels
for every node, interval 0 of actions that do not recur); `promote_clone` adds what a typed clone is given beside: it
changes the meaning, so a configuration that is loaded does not get it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crmsh_py.cib.infer_agents import promotable_agent
from crmsh_py.language import statements as st
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

NEW_ROLES = {"Master": "Promoted", "Slave": "Unpromoted"}
OLD_ROLES = {new: old for old, new in NEW_ROLES.items()}
_NUMBER = re.compile(r"\d+$")
_VERSION = re.compile(r"pacemaker-(\d+)\.(\d+)$")


def complete(statement: st.Statement, cib: Cib) -> None:
    """Fill in what keeps the meaning; the statement is changed."""
    names = NEW_ROLES if knows_promoted(cib.schema) else OLD_ROLES
    for part in st.parts(statement):
        _rename_roles(part, names)
    if isinstance(statement, (st.Primitive, st.RscTemplate)):
        _resource(statement)
    elif isinstance(statement, st.Node):
        _node(statement, cib)
    elif isinstance(statement, st.Order):
        _order(statement)
    elif isinstance(statement, st.FencingTopology):
        _fencing(statement, cib)


def knows_promoted(schema: str) -> bool:
    """Whether a schema knows the roles of OCF 1.1 (pacemaker-3.7 and later)."""
    found = _VERSION.match(schema)
    return not found or (int(found.group(1)), int(found.group(2))) >= (3, 7)


def _rename_roles(part: Any, names: dict[str, str]) -> None:
    for field in ("role", "rsc_role", "with_rsc_role"):
        old = getattr(part, field, None)
        if old in names:
            setattr(part, field, names[old])
    values = getattr(part, "values", None)
    if values and values.get("role") in names:
        values["role"] = names[values["role"]]


def _resource(item: st.Primitive | st.RscTemplate) -> None:
    if item.type is not None and item.class_ is None:
        if item.type.startswith("fence_"):
            item.class_ = "stonith"
        else:
            item.class_, item.provider = "ocf", "heartbeat"
    is_own = getattr(item, "template", None) is None
    for child in item.children:
        for op in child.children if isinstance(child, st.Operations) else ():
            complete_operation(op, units=is_own)


def complete_operation(op: st.Op, *, units: bool) -> None:
    """`interval=0s` where there is none (the schema wants one), and seconds behind bare numbers."""
    op.values.setdefault("interval", "0s")
    if units:
        for name in ("interval", "timeout"):
            if _NUMBER.match(op.values.get(name, "")):
                op.values[name] += "s"


def _node(node: st.Node, cib: Cib) -> None:
    if node.id is None:
        section = cib.section("nodes")
        known = [] if section is None else [el.get("id") for el in section if el.get("uname") == node.uname]
        node.id = known[0] if known else node.uname


def _order(order: st.Order) -> None:
    if order.score is not None:
        order.kind = "Optional" if _is_zero(order.score) else "Mandatory"
        order.score = None


def _is_zero(score: str) -> bool:
    return bool(re.fullmatch(r"[+-]?0+", score))


def _fencing(topology: st.FencingTopology, cib: Cib) -> None:
    """Levels without a target are for every node; those of a target stand together and are counted."""
    targets: dict[tuple[str | None, ...], list[st.FencingLevel]] = {}
    for level in topology.children:
        for one in _for_targets(level, cib):
            targets.setdefault(_target(one), []).append(one)
    topology.children = [level for levels in targets.values() for level in levels]
    for levels in targets.values():
        last = 0
        for level in levels:
            last = int(level.index) if level.index is not None and level.index.isdecimal() else last + 1
            level.index = level.index or str(last)


def _for_targets(level: st.FencingLevel, cib: Cib) -> Iterable[st.FencingLevel]:
    if (level.target, level.target_pattern, level.target_attribute) != (None, None, None):
        return [level]
    return [st.FencingLevel(level.devices, level.index, node, id=level.id) for node in cib.nodes()]


def _target(level: st.FencingLevel) -> tuple[str | None, ...]:
    return (level.target, level.target_pattern, level.target_attribute, level.target_value)


def promote_clone(clone: st.Clone, child: Element | None, objects: Mapping[str, Element]) -> Iterable[Problem]:
    """What a typed clone of a primitive gets: interleave, and promotable where its child can be promoted.

    That is where an operation has the role Promoted, or the agent says so, which depends on the host: a note.
    objects: the objects of the configuration by their ids.
    """
    if child is None or child.tag != "primitive":
        return []
    sets = [part for part in clone.children if isinstance(part, st.AttributeSet) and part.kind == "meta_attributes"]
    said = {pair.name for one in sets for pair in one.children if isinstance(pair, st.NVPair)}
    if any(one.id_ref for one in sets):
        return []
    added, notes = [], []
    if clone.kind == "clone" and "promotable" not in said:
        agent = None if _has_promoted(child, objects) else promotable_agent(child, objects)
        if agent is not None:
            text = f"{clone.id}: promotable=true, as {agent} can be promoted"
            notes.append(Problem(INFO, "promotable", text, object_id=clone.id))
        if agent is not None or _has_promoted(child, objects):
            added.append(st.NVPair("promotable", "true"))
    if "interleave" not in said:
        added.append(st.NVPair("interleave", "true"))
    if added and not sets:
        # where the clone had no attributes, they come behind the child, as the existing shell has it
        sets = [st.AttributeSet("meta_attributes")]
        clone.children.append(sets[0])
    if added:
        sets[0].children.extend(added)
    return notes


def _has_promoted(primitive: Element, objects: Mapping[str, Element]) -> bool:
    template = objects.get(primitive.get("template") or "")
    sources = (primitive,) if template is None else (primitive, template)
    return any(op.get("role") in ("Promoted", "Master") for source in sources for op in source.iter("op"))
