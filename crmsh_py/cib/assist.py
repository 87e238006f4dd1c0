"""Larger edits, made of small ones: a template out of primitives that are alike, a weak bond between resources."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.ids import Ids
from crmsh_py.cib.listing import references
from crmsh_py.cib.references import ids
from crmsh_py.errors import CrmError, NoSuchObject, UsageError
from crmsh_py.language import statements as st
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

AGENT = ("class", "provider", "type")
SETS = ("instance_attributes", "meta_attributes", "utilization")


def make_template(cib: Cib, names: Sequence[str]) -> list[Problem]:
    """Make a template of what primitives of one agent have in common; they keep what differs. Gives a note.

    What moves are attributes with the same value, of sets without rules and scores, and operations that are the same
    in all of them; what something refers to stays. Raises NoSuchObject; CrmError where they are not alike.
    """
    primitives = _alike(cib, names)
    taken = Ids(ids(cib))
    agent = {name: primitives[0].get(name, "") for name in AGENT if primitives[0].get(name)}
    template = etree.Element("template", id=taken.numbered(f"template-{agent['type'].lower()}", 1))
    for name, value in agent.items():
        template.set(name, value)
    for primitive in primitives:
        cib.touch(primitive)
    referenced = references(cib)
    for kind in SETS:
        _move_attributes(template, primitives, kind, taken, referenced)
    _move_operations(template, primitives, taken, referenced)
    for primitive in primitives:
        for name in agent:
            del primitive.attrib[name]
        primitive.set("template", template.get("id", ""))
    cib.make_section("resources").append(template)
    return [_created(f"rsc_template {template.get('id')}, for {', '.join(names)}", template.get("id", ""))]


def weak_bond(cib: Cib, names: Sequence[str]) -> list[Problem]:
    """Let resources run on one node without depending on each other: each of them with a new Dummy. Gives notes.

    Raises NoSuchObject, UsageError.
    """
    from crmsh_py.cib import edit  # heavy

    _refuse_repeats(names)
    for name in names:
        el = cib.resource(name)
        if el is None or el.tag == "template":
            raise NoSuchObject(f"there is no resource {name}")
    taken = ids(cib)
    number = 1
    while {f"place-dummy-{number}", f"place-constraint-{number}"} & taken:
        number += 1
    dummy, constraint = f"place-dummy-{number}", f"place-constraint-{number}"
    bound = st.ResourceSet(values={"sequential": "false"}, children=[st.Member(name) for name in names])
    statements = [
        st.Primitive(dummy, "ocf", "heartbeat", "Dummy"),
        st.Colocation(constraint, "INFINITY", children=[bound, st.ResourceSet(children=[st.Member(dummy)])]),
    ]
    notes = edit.add(cib, statements)
    return [*notes, _created(f"primitive {dummy}", dummy), _created(f"colocation {constraint}", constraint)]


def _created(what: str, object_id: str) -> Problem:
    return Problem(INFO, "created", f"created {what}", object_id=object_id)


def _refuse_repeats(names: Sequence[str]) -> None:
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        raise UsageError(f"{repeated} is named twice")


def _alike(cib: Cib, names: Sequence[str]) -> list[Element]:
    """The primitives, all of one agent and without a template yet."""
    _refuse_repeats(names)
    primitives = []
    for name in names:
        el = cib.resource(name)
        if el is None or el.tag != "primitive":
            raise NoSuchObject(f"there is no primitive {name}")
        if el.get("template") is not None:
            raise CrmError(f"{name} has the template {el.get('template')} already")
        primitives.append(el)
    agents = {":".join(el.get(name, "") for name in AGENT if el.get(name)) for el in primitives}
    if len(agents) > 1:
        raise CrmError(f"a template is for one agent, and these are of {' and '.join(sorted(agents))}")
    return primitives


def _move_attributes(template: Element, primitives: list[Element], kind: str, taken: Ids, referenced: set[str]) -> None:
    """Move the attributes that are the same in all primitives to the template."""
    sets = [_plain_set(primitive, kind, referenced) for primitive in primitives]
    if not all(sets):
        return
    pairs = [{(pair.get("name"), pair.get("value")): pair for pair in one} for one in sets if one]
    common = [key for key in pairs[0] if all(key in others for others in pairs[1:])]
    if not common:
        return
    made = etree.SubElement(template, kind, {"id": taken.new(f"{template.get('id')}-{kind}")})
    for name, value in common:
        pair = etree.SubElement(made, "nvpair", {"id": taken.new(f"{made.get('id')}-{name}"), "name": name or ""})
        if value is not None:
            pair.set("value", value)
        for known in pairs:
            _remove(known[name, value])


def _plain_set(primitive: Element, kind: str, referenced: set[str]) -> list[Element] | None:
    """The attributes of the one set of its kind; None where it is more than names and values, each once."""
    sets = primitive.findall(kind)
    if len(sets) != 1 or set(sets[0].attrib) != {"id"}:
        return None
    pairs = list(sets[0].iterchildren(etree.Element))
    names = [pair.get("name") for pair in pairs]
    is_plain = all(pair.tag == "nvpair" and pair.get("name") and pair.get("id-ref") is None for pair in pairs)
    if not is_plain or len(set(names)) < len(names) or _ids_in(sets[0]) & referenced:
        return None
    return pairs


def _move_operations(template: Element, primitives: list[Element], taken: Ids, referenced: set[str]) -> None:
    """Move the operations of a name to the template where all of them are the same in all primitives.

    Pacemaker takes an operation of the template only where the primitive has none of its name.
    """
    lists = [one for primitive in primitives for one in primitive.findall("operations")]
    if any(set(one.attrib) - {"id"} or one.get("id") in referenced for one in lists):
        return
    known = [_operations(primitive) for primitive in primitives]
    for name, first in known[0].items():
        others = [one.get(name, []) for one in known]
        moved = [op for ops in others for op in ops]
        said = [sorted(_content(op) for op in ops) for ops in others]
        if any(one != said[0] for one in said[1:]) or set().union(*map(_ids_in, moved)) & referenced:
            continue
        home = template.find("operations")
        if home is None:
            home = etree.SubElement(template, "operations")
        for op in first:
            home.append(_with_new_ids(op, template.get("id", ""), taken))
        for op in moved:
            _remove(op)


def _operations(primitive: Element) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for op in primitive.iterfind("operations/op"):
        found.setdefault(op.get("name", ""), []).append(op)
    return found


def _content(el: Element) -> bytes:
    """What an operation says, without its ids and white space."""
    copy = deepcopy(el)
    for part in copy.iter(etree.Element):
        part.attrib.pop("id", None)
        part.text = part.tail = None
    copy.tail = None
    return etree.tostring(copy, method="c14n")


def _with_new_ids(op: Element, owner: str, taken: Ids) -> Element:
    """A copy whose ids are made of the owner's in the way of those of the original."""
    copy = deepcopy(op)
    copy.tail = None
    old = op.get("id", "")
    new = taken.new(f"{owner}-{op.get('name')}-{op.get('interval', '0s')}")
    copy.set("id", new)
    for part in copy.iterdescendants(etree.Element):
        id_ = part.get("id")
        if id_ is not None:
            part.set("id", taken.new(new + id_[len(old) :] if id_.startswith(old) else f"{new}-{part.tag!s}"))
    return copy


def _ids_in(el: Element) -> set[str]:
    return {part.get("id", "") for part in el.iter(etree.Element) if part.get("id")}


def _remove(el: Element) -> None:
    """Take an element out, and what it was in where that is empty then."""
    parent = el.getparent()
    if parent is None:
        return
    parent.remove(el)
    if not len(parent) and parent.tag in (*SETS, "operations"):
        _remove(parent)
