"""Statements into a CIB: added, put in the place of what had their id, with their children moved to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from crmsh_py.cib import infer
from crmsh_py.cib.adopt import adopt
from crmsh_py.cib.document import CONTAINERS, RESOURCES, SECTIONS, Cib
from crmsh_py.cib.ids import Ids
from crmsh_py.cib.mapping import CLASSES, KINDS, MEMBER, SHAPES, Unsayable, build, read
from crmsh_py.errors import BadSyntax, CrmError, NoSuchObject
from crmsh_py.language import statements as st
from crmsh_py.problems import ERROR, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

# members before what contains them; the rest in the order of the text
_FIRST = (st.Node, st.RscTemplate, st.Primitive, st.Group, st.Clone)
DEFAULT_SETS = {st.Property: "cib-bootstrap-options", st.RscDefaults: "rsc-options", st.OpDefaults: "op-options"}
CONFLICTS = frozenset(CONTAINERS)


def add(cib: Cib, statements: Iterable[st.Statement]) -> None:
    """Statements as they are typed: new objects, or options to add to their set.

    Raises CrmError for an id that is there already, NoSuchObject for a member that is not.
    """
    _Editor(cib, exact=False, typed=True).put_all(statements)


def update(cib: Cib, statements: Iterable[st.Statement], *, exact: bool = False) -> None:
    """The objects of a text; those with the same id are replaced by what the text says."""
    _Editor(cib, exact=exact, typed=False).put_all(statements)


def replace(cib: Cib, statements: Iterable[st.Statement], *, exact: bool = False) -> None:
    """The objects of a text in place of the whole configuration; nodes that it does not name stay."""
    clear(cib)
    update(cib, statements, exact=exact)


def clear(cib: Cib) -> None:
    """Remove all objects but nodes."""
    for section in list(cib.configuration):
        if section.tag != "nodes":
            cib.configuration.remove(section)
    for name in ("crm_config", "nodes", "resources", "constraints"):
        cib.make_section(name)


class _Editor:
    def __init__(self, cib: Cib, *, exact: bool, typed: bool) -> None:
        self.cib = cib
        self.exact = exact
        self.typed = typed
        self.ids = Ids({str(id_) for id_ in cib.configuration.xpath(".//@id[not(parent::node)]")})  # type: ignore[union-attr]
        self.objects = {el.get("id") or "": el for el in cib.objects() if el.tag != "node"}

    def put_all(self, statements: Iterable[st.Statement]) -> None:
        def rank(statement: st.Statement) -> int:
            kind = type(statement) if not isinstance(statement, st.Xml) else _xml_class(statement)
            return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)  # type: ignore[arg-type]

        for statement in sorted(statements, key=rank):
            try:
                self.put(statement)
            except CrmError as error:
                raise _placed(error, statement.place) from error

    def put(self, statement: Any) -> None:
        if isinstance(statement, st.Remark):
            self.remark(statement)
        elif isinstance(statement, st.Xml):
            self.xml(statement)
        elif isinstance(statement, st.Monitor):
            self.monitor(statement)
        elif type(statement) in DEFAULT_SETS and not self.exact:
            self.option_set(statement)
        else:
            self.object(statement)

    # ---- objects
    def object(self, statement: Any) -> None:
        existing = self.existing(statement)
        if not self.exact:
            infer.complete(statement, self.cib)
            if isinstance(statement, st.Clone) and self.typed:
                infer.promote_clone(statement, self.objects.get(_first_member(statement)))
            self.refer(statement)
            if existing is not None:
                _adopt(statement, existing)
        if existing is not None:
            self.ids.taken.difference_update(_inner_ids(existing))
        elif statement.id is not None and not isinstance(statement, (st.Node, st.AclTarget)):
            self.ids.taken.add(statement.id)
        self.book(statement)
        self.ids.assign(statement)
        self.place(statement, existing)

    def existing(self, statement: Any) -> Element | None:
        """The element that the statement replaces. Raises CrmError where its id is another object's, or taken."""
        section, tag = KINDS[type(statement)]
        if isinstance(statement, st.FencingTopology):
            return self.cib.section(section)
        if statement.id is None and not isinstance(statement, st.Node):
            return None
        found = self.objects.get(statement.id or "") if section != "nodes" else self.node(statement)
        if found is None:
            return None
        if found.tag != tag and (found.tag, tag) != ("master", "clone"):
            raise CrmError(f"{statement.id} is a {found.tag} already", hint="ids are unique in a configuration")
        if self.typed and section != "nodes":
            raise CrmError(f"{tag} {statement.id} exists already", hint="use edit, set or load update to change it")
        return found

    def node(self, node: st.Node) -> Element | None:
        section = self.cib.section("nodes")
        if section is None:
            return None
        named = [el for el in section.iterchildren("node") if node.id in (None, el.get("id")) and
                 (node.id is not None or el.get("uname") == node.uname)]
        return named[0] if named else None

    def book(self, statement: Any) -> None:
        """Take the ids that the text itself gives."""
        for part in st.parts(statement):
            if part is not statement and not isinstance(part, (st.Member, st.RoleRef)):
                id_ = getattr(part, "id", None)
                if id_ is not None:
                    self.ids.taken.add(id_)

    def refer(self, statement: Any) -> None:
        """`$id-ref=` may name an object instead of its attribute set, operations or rule."""
        for part in st.parts(statement):
            id_ref = getattr(part, "id_ref", None)
            target = self.objects.get(id_ref) if id_ref else None
            if target is not None and target.tag not in ("cluster_property_set", "meta_attributes"):
                tag = {st.Operations: "operations", st.Rule: "rule"}.get(type(part), getattr(part, "kind", ""))
                inner = target.find(str(tag)) if tag else None
                if inner is not None and inner.get("id"):
                    part.id_ref = inner.get("id")  # type: ignore[attr-defined]

    def place(self, statement: Any, existing: Element | None) -> None:
        section_name, tag = KINDS[type(statement)]
        if isinstance(statement, st.Clone) and statement.kind == "master":
            tag = "master"
        el = build(statement, tag, self.cib.schema)
        comments = [comment for comment in statement.comments if comment.section is None]
        for index, comment in enumerate(comments):
            el.insert(index, etree.Comment(comment.text))
        if tag == section_name:
            section = self.cib.make_section(section_name)
            section.getparent().replace(section, el)  # type: ignore[union-attr]
            return
        section = self.cib.make_section(section_name)
        if existing is not None:
            self.release_members(existing, {member.id for member in statement.children if isinstance(member, st.Member)})
            _keep_unknown(el, existing, type(statement))
            existing.getparent().replace(existing, el)  # type: ignore[union-attr]
        else:
            section.append(el)
        if section_name != "nodes":
            self.objects[statement.id or ""] = el
        for comment in statement.comments:
            if comment.section is not None:
                el.addprevious(etree.Comment(comment.text))
        if section_name == "resources":
            self.take_members(el, statement)

    # ---- containers
    def take_members(self, el: Element, statement: Any) -> None:
        """Move the resources that the statement names into its element."""
        for holder in el.findall(MEMBER):
            id_ = holder.get("id") or ""
            member = self.objects.get(id_)
            if member is None or member.tag not in RESOURCES:
                raise NoSuchObject(f"{statement.id} refers to {id_}, which does not exist")
            parent = member.getparent()
            if parent is not None and parent.tag in CONTAINERS and parent is not el:
                raise CrmError(f"{id_} is in {parent.tag} {parent.get('id')} already")
            if parent is el:
                raise CrmError(f"{id_} is listed more than once in {statement.id}")
            allowed = SHAPES[type(statement)].children
            if member.tag not in allowed:
                raise CrmError(f"{statement.id} cannot contain {id_}, which is a {member.tag}")
            member.tail = None
            el.replace(holder, member)

    def release_members(self, existing: Element, kept: set[str]) -> None:
        """Resources of an element that is replaced stand on their own; the new element takes those that it names."""
        for child in list(existing):
            if child.tag in RESOURCES:
                existing.addnext(child)

    # ---- option sets
    def option_set(self, statement: Any) -> None:
        """Options are added to their set; a set with a rule of its own and no id is a new one."""
        section_name, tag = KINDS[type(statement)]
        section = self.cib.make_section(section_name)
        if statement.id is None and statement.id_ref is None:
            self._name_options(statement, section)
        target = next((el for el in section if el.get("id") == statement.id), None)
        if target is None or statement.id_ref is not None:
            if statement.id is not None and statement.id in self.ids.taken:
                raise CrmError(f"the id {statement.id} is taken")
            self.object(statement)
            return
        _set_options(target, statement, self.ids)

    def _name_options(self, statement: Any, section: Element) -> None:
        default = DEFAULT_SETS[type(statement)]
        named = [el.get("id") or "" for el in section if isinstance(el.tag, str)]
        if any(isinstance(child, st.Rule) for child in statement.children):
            statement.id = self.ids.new(default) if default in self.ids.taken else default
        elif default in named or section.tag == "crm_config" or len(named) != 1:
            statement.id = default
        else:
            statement.id = named[0]
        self.ids.taken.discard(statement.id) if statement.id not in named else None

    # ---- others
    def remark(self, remark: st.Remark) -> None:
        configuration = self.cib.configuration
        for comment in remark.comments:
            in_section = comment.section in SECTIONS
            parent = self.cib.make_section(comment.section or "") if in_section else configuration
            if not any(el.tag is etree.Comment and el.text == comment.text for el in parent) or self.exact:
                parent.append(etree.Comment(comment.text))

    def xml(self, statement: st.Xml) -> None:
        root = parse_xml(statement.text)
        if root.tag in SECTIONS and root.tag != "fencing-topology":
            for el in list(root):
                self.xml_object(str(root.tag), el, statement)
            return
        sections = [section for section, tag in CLASSES if tag == root.tag]
        if len(sections) != 1:
            raise BadSyntax(f"xml: {root.tag} is no object of a configuration",
                            hint="defaults stand in <rsc_defaults> or <op_defaults>" if sections else None)
        self.xml_object(sections[0], root, statement)

    def xml_object(self, section_name: str, el: Element, statement: st.Xml) -> None:
        section = self.cib.make_section(section_name)
        if section_name == "fencing-topology":
            section.getparent().replace(section, el)  # type: ignore[union-attr]
            return
        id_ = el.get("id") or ""
        found = next((other for other in section.iter(el.tag) if other.get("id") == id_), None) if id_ else None
        if found is not None and self.typed:
            raise CrmError(f"{el.tag} {id_} exists already")
        if found is not None:
            found.getparent().replace(found, el)  # type: ignore[union-attr]
        else:
            section.append(el)
        for comment in statement.comments:
            if comment.section is not None:
                el.addprevious(etree.Comment(comment.text))
        for part in el.iter(etree.Element):
            if part.get("id"):
                self.ids.taken.add(part.get("id") or "")
            if part is el or part.tag in RESOURCES:
                self.objects[part.get("id") or ""] = part

    def monitor(self, statement: st.Monitor) -> None:
        resource = self.objects.get(statement.id or "")
        if resource is None or resource.tag not in ("primitive", "template"):
            raise NoSuchObject(f"there is no primitive {statement.id}")
        values = {"name": "monitor", "interval": statement.interval}
        if statement.role:
            values["role"] = statement.role
        if statement.timeout:
            values["timeout"] = statement.timeout
        op = st.Op(values)
        infer.complete_operation(op, units=True)
        if infer.knows_promoted(self.cib.schema) and statement.role in infer.NEW_ROLES:
            values["role"] = infer.NEW_ROLES[statement.role]
        op.id = self.ids.new(f"{statement.id}-monitor-{values['interval']}")
        operations = resource.find("operations")
        if operations is None:
            operations = etree.SubElement(resource, "operations")
        operations.append(build(op, "op", self.cib.schema))


def parse_xml(text: str) -> Element:
    """The element of an `xml` statement. Raises BadSyntax."""
    if "<!DOCTYPE" in text:
        raise BadSyntax("xml: a document type cannot stand here")
    try:
        return etree.fromstring(text, etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadSyntax(f"xml: {error.msg}") from error


def _xml_class(statement: st.Xml) -> type[st.Statement] | None:
    try:
        tag = str(parse_xml(statement.text).tag)
    except BadSyntax:
        return None
    return CLASSES.get(("resources", tag))


def _first_member(clone: st.Clone) -> str:
    return next((child.id for child in clone.children if isinstance(child, st.Member)), "")


def _inner_ids(el: Element) -> set[str]:
    """The ids in an element, without its own and those of resources inside it."""
    ids: set[str] = set()
    for child in el:
        if isinstance(child.tag, str) and child.tag not in RESOURCES:
            ids.update(str(part.get("id")) for part in child.iter(etree.Element) if part.get("id"))
    return ids


def _adopt(statement: Any, existing: Element) -> None:
    try:
        old = read(existing, type(statement))
    except Unsayable:
        return
    if not statement.comments and old.comments:
        statement.comments = old.comments
    adopt(statement, old)


def _keep_unknown(el: Element, existing: Element, cls: type[st.Statement]) -> None:
    """Attributes that the language does not know stay."""
    known = SHAPES[cls].attributes
    for name, value in existing.attrib.items():
        if name not in known and name not in el.attrib:
            el.set(name, value)


def _set_options(target: Element, statement: Any, ids: Ids) -> None:
    pairs = {el.get("name"): el for el in target.iterchildren("nvpair") if el.get("name")}
    if statement.score is not None:
        target.set("score", statement.score)
    fresh: list[Any] = []
    for child in statement.children:
        old = pairs.get(child.name) if isinstance(child, st.NVPair) and child.id_ref is None else None
        if old is None:
            fresh.append(child)
        elif child.value is None:
            old.attrib.pop("value", None)
        else:
            old.set("value", child.value)
    if any(isinstance(child, st.Rule) for child in fresh):
        for rule in target.findall("rule"):
            target.remove(rule)
    addition = type(statement)(statement.id, None, None, fresh)
    ids.assign(addition)
    for child in fresh:
        made = build(child, SHAPES[type(child)].tag, "")
        if isinstance(child, st.Rule):
            target.insert(0, made)
        else:
            target.append(made)


def _placed(error: CrmError, place: Place | None) -> CrmError:
    """The same error with the place of the statement that caused it."""
    if place is None or any(problem.place for problem in error.problems):
        return error
    problems: Sequence[Problem] = [
        Problem(ERROR, problem.code, problem.text, place, problem.hint, problem.object_id) for problem in error.problems
    ]
    return type(error)(problems=problems)
