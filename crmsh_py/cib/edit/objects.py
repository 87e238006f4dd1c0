"""Puts an object into a CIB: a new one, or one in the place of what had its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from crmsh_py.cib import comments, infer, infer_agents
from crmsh_py.cib.adopt import adopt
from crmsh_py.cib.document import RESOURCES
from crmsh_py.cib.durations import milliseconds
from crmsh_py.cib.edit.containers import take_members
from crmsh_py.cib.edit.nodes import merge_node
from crmsh_py.cib.edit.surgery import remove_comments_before
from crmsh_py.cib.mapping import KINDS, SHAPES, Unsayable, build, read
from crmsh_py.cib.references import OWN_IDS
from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.language import statements as st

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.edit.draft import Draft
    from crmsh_py.language.words import Comment


def put_object(draft: Draft, statement: Any) -> None:
    """Put an object where it belongs; what is left out is inferred, but for exact text. Raises CrmError."""
    existing = _existing(draft, statement)
    if existing is not None:
        draft.cib.touch(existing)
    if not draft.exact:
        if isinstance(statement, st.Node) and existing is not None:
            merge_node(draft, statement, existing)
        if draft.typed:
            draft.notes.extend(infer_agents.complete_agent(statement, draft.objects))
        infer.complete(statement, draft.cib)
        if isinstance(statement, st.Clone) and draft.typed:
            child = draft.objects.get(_first_member(statement))
            draft.notes.extend(infer.promote_clone(statement, child, draft.objects))
        _refer(draft, statement)
        if existing is not None:
            keep_ids(statement, existing)
    if existing is not None:
        draft.ids.taken.difference_update(_inner_ids(existing))
    elif statement.id is not None and not isinstance(statement, (st.Node, st.AclTarget)):
        if draft.typed and statement.id in draft.ids.taken:
            raise CrmError(f"the id {statement.id} is taken", hint="ids are unique in a configuration")
        draft.ids.taken.add(statement.id)
    _book(draft, statement)
    draft.ids.assign(statement)
    _place(draft, statement, existing)


def put_monitor(draft: Draft, statement: st.Monitor) -> None:
    """Add a monitor operation to a resource. Raises NoSuchObject, and CrmError where it has one of that interval."""
    resource = draft.objects.get(statement.id or "")
    if resource is None or resource.tag not in ("primitive", "template"):
        raise NoSuchObject(f"there is no primitive {statement.id}")
    values = {"name": "monitor", "interval": statement.interval}
    if statement.role:
        values["role"] = statement.role
    if statement.timeout:
        values["timeout"] = statement.timeout
    op = st.Op(values)
    infer.complete_operation(op, units=True)
    if infer.knows_promoted(draft.cib.schema) and statement.role in infer.NEW_ROLES:
        values["role"] = infer.NEW_ROLES[statement.role]
    _refuse_same_interval(resource, values["interval"])
    op.id = draft.ids.new(f"{statement.id}-monitor-{values['interval']}")
    draft.cib.touch(resource)
    operations = resource.find("operations")
    if operations is None:
        operations = etree.SubElement(resource, "operations")
    operations.append(build(op, "op", draft.cib.schema))


def _refuse_same_interval(resource: Element, interval: str) -> None:
    """Pacemaker knows a monitor by its interval."""
    for other in resource.iterfind("operations/op[@name='monitor']"):
        if milliseconds(other.get("interval") or "0") == milliseconds(interval):
            text = f"{resource.get('id')} has a monitor with the interval {other.get('interval')} already"
            raise CrmError(text, hint="`set` changes it")


# ---- what is there already


def _existing(draft: Draft, statement: Any) -> Element | None:
    """The element that the statement replaces. Raises CrmError where its id is another object's, or taken."""
    section, tag = KINDS[type(statement)]
    if isinstance(statement, st.FencingTopology):
        topology = draft.cib.section(section)
        if draft.typed and topology is not None and len(topology):
            raise CrmError("fencing_topology exists already", hint="`load update` changes what is there")
        return topology
    if isinstance(statement, st.Node):
        found = _node(draft, statement)
    elif isinstance(statement, st.AclTarget):
        found = _user(draft, statement)
    else:
        found = None if statement.id is None else draft.objects.get(statement.id)
    if found is None:
        return None
    if found.tag != tag and (found.tag, tag) != ("master", "clone"):
        raise CrmError(f"{statement.id} is a {found.tag!s} already", hint="ids are unique in a configuration")
    if draft.typed and section != "nodes":
        raise CrmError(f"{tag} {statement.id} exists already", hint="`load update` changes what is there")
    return found


def _user(draft: Draft, target: st.AclTarget) -> Element | None:
    """The ids of ACL targets are names of users: other objects may have them too."""
    section = draft.cib.section("acls")
    targets = () if section is None else section.iterchildren("acl_target")
    return next((el for el in targets if el.get("id") == target.id), None)


def _node(draft: Draft, node: st.Node) -> Element | None:
    section = draft.cib.section("nodes")
    if section is None:
        return None
    nodes = list(section.iterchildren("node"))
    id_ = node.uname if node.id is None else node.id
    of_id = next((el for el in nodes if el.get("id") == id_), None)
    if node.id is not None:
        return of_id
    found = next((el for el in nodes if el.get("uname") == node.uname), None)
    if found is None and of_id is not None:
        raise CrmError(f"{node.uname} is the id of node {of_id.get('uname')}", hint="give another id: `node ID: NAME`")
    return found


def keep_ids(statement: st.Statement, existing: Element) -> None:
    """Give the parts of a statement the ids and comments of those of the element that they stand for."""
    try:
        old = read(existing, type(statement))
    except Unsayable:
        return
    if not statement.comments and old.comments:
        statement.comments = old.comments
    adopt(statement, old)


# ---- ids and references


def _inner_ids(el: Element) -> set[str]:
    """The ids in an element, without its own and those of resources inside it."""
    ids: set[str] = set()
    for child in el:
        if isinstance(child.tag, str) and child.tag not in RESOURCES:
            ids.update(str(part.get("id")) for part in child.iter(etree.Element) if part.get("id"))
    return ids


def _book(draft: Draft, statement: st.Statement) -> None:
    """Take the ids that the text itself gives."""
    for part in st.parts(statement):
        if part is not statement and not isinstance(part, (st.Member, st.RoleRef)):
            id_ = getattr(part, "id", None)
            if id_ is not None:
                draft.ids.taken.add(id_)


def _refer(draft: Draft, statement: st.Statement) -> None:
    """`$id-ref=` may name an object instead of its attribute set, operations or rule."""
    part: Any
    for part in st.parts(statement):
        id_ref = getattr(part, "id_ref", None)
        target = draft.objects.get(id_ref) if id_ref else None
        if target is not None and target.tag not in ("cluster_property_set", "meta_attributes"):
            tag = {st.Operations: "operations", st.Rule: "rule"}.get(type(part), getattr(part, "kind", ""))
            inner = target.find(tag) if tag else None
            if inner is not None and inner.get("id"):
                part.id_ref = inner.get("id")


def _first_member(clone: st.Clone) -> str:
    return next((child.id for child in clone.children if isinstance(child, st.Member)), "")


# ---- the element


def _place(draft: Draft, statement: Any, existing: Element | None) -> None:
    section_name, tag = KINDS[type(statement)]
    if isinstance(statement, st.Clone) and statement.kind == "master":
        tag = "master"
    el = build(statement, tag, draft.cib.schema)
    for index, comment in enumerate(_inside(statement.comments)):
        el.insert(index, comments.element(comment))
    section = draft.cib.make_section(section_name)
    if tag == section_name:
        put_in_place(el, section)
        draft.surgery.lose(section)
        draft.surgery.stated.add(el)
        return
    if existing is not None:
        _keep_unknown(el, existing, type(statement))
        put_in_place(el, existing)
        draft.surgery.lose(existing)
    else:
        section.append(el)
    draft.surgery.stated.add(el)
    if tag not in OWN_IDS:
        draft.objects[statement.id or ""] = el
    put_comments_before(el, statement, is_replaced=existing is not None)
    if section_name == "resources":
        take_members(draft, el, statement)


def _inside(comments: tuple[Comment, ...]) -> list[Comment]:
    return [comment for comment in comments if comment.section is None]


def _keep_unknown(el: Element, existing: Element, cls: type[st.Statement]) -> None:
    """Attributes that the language does not know stay."""
    known = SHAPES[cls].attributes
    for name, value in existing.attrib.items():
        if name not in known and name not in el.attrib:
            el.set(name, value)


def put_in_place(el: Element, old: Element) -> None:
    """Put an element in the place of another one of the tree."""
    parent = old.getparent()
    if parent is not None:
        parent.replace(old, el)


def put_comments_before(el: Element, statement: st.Statement, *, is_replaced: bool) -> None:
    """Put the comments of the section that stand before an object, in the place of those that stood there."""
    said = [comment for comment in statement.comments if comment.section is not None]
    if said and is_replaced:
        remove_comments_before(el)
    for comment in said:
        el.addprevious(comments.element(comment))
