"""Constraints that draw a resource to a node or keep it from one, with the ids that Pacemaker's own tools give them."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.document import CONTAINERS
from crmsh_py.cib.ids import Ids
from crmsh_py.cib.infer import OLD_ROLES, knows_promoted
from crmsh_py.cib.references import ids
from crmsh_py.cluster.times import has_passed

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

    # where constraints stood, and what they were
    Snapshot = list[tuple[int, Element]]

PREFER, BAN = "cli-prefer-", "cli-ban-"
_SCORES = {PREFER: "INFINITY", BAN: "-INFINITY"}
_BOUND = "rsc_location"
# its constraints have a role in their rules alone
_WITHOUT_ROLE = ("pacemaker-1.0", "pacemaker-0.6", "pacemaker-0.7")


def whole(el: Element) -> Element:
    """What moves when a resource does: the outermost container that it is in, or itself."""
    return next(iter([*el.iterancestors(*CONTAINERS)][::-1]), el)


def constraints_of(cib: Cib, rsc: str) -> list[Element]:
    """The constraints of a resource that `move` and `ban` have made, or crm_resource."""
    section = cib.section("constraints")
    found = () if section is None else section.iterchildren(_BOUND)
    return [el for el in found if el.get("rsc") == rsc and is_made(el)]


def is_made(el: Element) -> bool:
    """Whether a location constraint is one that `move` or `ban` has made, or crm_resource."""
    return el.tag == _BOUND and (el.get("id") or "").startswith((PREFER, BAN))


def is_ban(el: Element) -> bool:
    """Whether such a constraint keeps the resource from its node."""
    return (el.get("id") or "").startswith(BAN)


def node_of(el: Element) -> str | None:
    """The name of the node that such a constraint is about."""
    named = el.find("rule/expression[@attribute='#uname']")
    return el.get("node") if named is None else named.get("value")


def is_over(el: Element) -> bool:
    """Whether the lifetime of such a constraint is over; not, where it has none."""
    dated = el.find("rule/date_expression[@operation='lt']")
    return dated is not None and has_passed(dated.get("end") or "")


def move(cib: Cib, rsc: str, node: str, role: str, end: datetime | None = None) -> Element:
    """Make a resource move to a node, within an edit; the constraint.

    role: Started, or Promoted for the instances of a clone that are. end: until when. The former move of the resource
    makes room for it, and so do its bans from the node.
    """
    found = constraints_of(cib, rsc)
    return _put(cib, [el for el in found if is_there(el, node) or not is_ban(el)], PREFER, rsc, node, role, end)


def ban(cib: Cib, rsc: str, node: str, role: str, end: datetime | None = None) -> Element:
    """Keep a resource from a node, within an edit; the constraint. As `move`; a move to that node makes room."""
    found = constraints_of(cib, rsc)
    return _put(cib, [el for el in found if is_there(el, node)], BAN, rsc, node, role, end)


def is_there(el: Element, node: str) -> bool:
    """Whether such a constraint is about a node. Names of nodes are the same in upper and lower case."""
    return (node_of(el) or "").lower() == node.lower()


def snapshot(cib: Cib, rsc: str) -> Snapshot:
    """The constraints of `constraints_of` as they are, for `put_back`."""
    section = cib.section("constraints")
    return [] if section is None else [(section.index(el), deepcopy(el)) for el in constraints_of(cib, rsc)]


def put_back(cib: Cib, rsc: str, before: Snapshot) -> None:
    """Make the constraints of `constraints_of` again what they were at a snapshot, within an edit."""
    section = cib.make_section("constraints")
    for el in constraints_of(cib, rsc):
        section.remove(el)
    for index, el in before:
        section.insert(index, deepcopy(el))


def _put(
    cib: Cib,
    stale: list[Element],
    prefix: str,
    rsc: str,
    node: str,
    role: str,
    end: datetime | None,
) -> Element:
    """Make a constraint, in the place of the first stale one of its kind."""
    section = cib.make_section("constraints")
    old = next((el for el in stale if (el.get("id") or "").startswith(prefix)), None)
    index = _behind_all(section) if old is None else section.index(old)
    taken = ids(cib) - {id_ for el in stale for id_ in _ids(el)}
    made = _constraint(cib, Ids(taken), prefix, rsc, node, role, end)
    if old is not None and etree.tostring(old, with_tail=False) == etree.tostring(made):
        return old
    section.insert(index, made)
    for el in stale:
        section.remove(el)
    return made


def _constraint(cib: Cib, fresh: Ids, prefix: str, rsc: str, node: str, role: str, end: datetime | None) -> Element:
    """As crm_resource writes it, its ids too."""
    name = fresh.new(f"{prefix}{rsc}" if prefix == PREFER else f"{prefix}{rsc}-on-{node}")
    made = etree.Element(_BOUND, {"id": name, "rsc": rsc})
    role = role if knows_promoted(cib.schema) else OLD_ROLES.get(role, role)
    has_role = cib.schema not in _WITHOUT_ROLE
    if has_role:
        made.set("role", role)
    if has_role and end is None:
        made.attrib.update({"node": node, "score": _SCORES[prefix]})
        return made
    rule_id, expression_id, end_id = _parts_of(prefix, rsc, name)
    rule = etree.SubElement(made, "rule", {"id": fresh.new(rule_id), "score": _SCORES[prefix], "boolean-op": "and"})
    if not has_role and role != "Started":
        rule.set("role", role)
    uname = {"attribute": "#uname", "operation": "eq", "value": node, "type": "string"}
    etree.SubElement(rule, "expression", {"id": fresh.new(expression_id)}).attrib.update(uname)
    if end is not None:
        until = {"operation": "lt", "end": end.strftime("%Y-%m-%d %H:%M:%SZ")}
        etree.SubElement(rule, "date_expression", {"id": fresh.new(end_id)}).attrib.update(until)
    return made


def _parts_of(prefix: str, rsc: str, name: str) -> tuple[str, str, str]:
    if prefix == PREFER:
        return f"cli-prefer-rule-{rsc}", f"cli-prefer-expr-{rsc}", f"cli-prefer-lifetime-end-{rsc}"
    return f"{name}-rule", f"{name}-expr", f"{name}-lifetime"


def _behind_all(section: Element) -> int:
    """Behind the last constraint; comments at the end, which are about none, stay at the end."""
    return max((index + 1 for index, el in enumerate(section) if isinstance(el.tag, str)), default=0)


def _ids(el: Element) -> list[str]:
    return [id_ for part in el.iter("*") if (id_ := part.get("id"))]
