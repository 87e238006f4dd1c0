"""Statements -> styled fragments -> text.

`Writer()` writes the readable form: ids only where something refers to them, what is the default left out.
`Writer(exact=True)` writes all that the statement says, for the text that loses nothing. A fragment is `(style, text)`;
the styles are the classes of words that a terminal colours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmsh_py.language import quoting
from crmsh_py.language import statements as st
from crmsh_py.language.rights import fold
from crmsh_py.language.words import SECTION_COMMENT, Comment, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

Fragment = tuple[str, str]

SET_KEYWORDS = {"instance_attributes": "params", "meta_attributes": "meta", "utilization": "utilization"}
OP_KEYWORDS = {"instance_attributes": "op_params", "meta_attributes": "op_meta"}
ATTRIBUTE_KEYWORDS = {**SET_KEYWORDS, "instance_attributes": "attributes"}
BRACKETS = {("false", None): "()", ("false", "false"): "[]"}


def text_of(fragments: Iterable[Fragment]) -> str:
    """The text of fragments."""
    return "".join(text for _, text in fragments)


def comment_text(comment: Comment) -> str:
    """A comment as lines that all begin with #."""
    text = comment.text
    is_line = text.startswith("#") and text == text.rstrip(" \t\r") and "\n" not in text
    if comment.section is None and is_line and not SECTION_COMMENT.match(text):
        return text
    return f"#{comment.section or ''}<!--" + text.replace("\n", "\n#") + "-->"


class Writer:
    """Writes statements.

    referenced: ids that something refers to, shown in the readable form too. nodes: the names of all nodes; a
    fencing topology that is the same for them all is written once.
    """

    def __init__(self, *, exact: bool = False, referenced: Collection[str] = (), nodes: Collection[str] = ()) -> None:
        self.exact = exact
        self.referenced = frozenset(referenced)
        self.nodes = frozenset(nodes)
        self.out: list[Fragment] = []
        self.after_comment = False

    def write(self, statement: st.Statement) -> list[Fragment]:
        """The fragments of a statement, without a newline at its end; comments before it are lines of their own."""
        self.out = []
        for comment in statement.comments:
            self.out.append(("comment", comment_text(comment) + "\n"))
        WRITERS[type(statement)](self, statement)
        for comment in statement.trailing:
            self._comment(comment)
        if self.after_comment:
            # an empty line ends the statement; the next line would continue it
            self.out.append(("", "\n"))
            self.after_comment = False
        out, self.out = self.out, []
        return out

    # ------------------------------------------------------------------------------ small things
    def say(self, text: str, style: str = "") -> None:
        if self.after_comment:
            self.out.append(("", "\n\t"))
            text = quote(text) if text.startswith("#") else text
            self.after_comment = False
        else:
            self.out.append(("", " "))
        self.out.append((style, text))

    def line(self, item: st.Item, text: str, style: str = "keyword", indent: int = 1) -> None:
        """Begin a line of the statement with a word."""
        self.comments(item)
        self.out.append(("", ("\n" if self.after_comment else " \\\n") + "\t" * indent))
        self.after_comment = False
        self.out.append((style, text))

    def comments(self, item: st.Item) -> None:
        for comment in item.comments:
            self._comment(comment)

    def _comment(self, comment: Comment) -> None:
        self.out.append(("", "\n\t" if self.after_comment else " \\\n\t"))
        self.out.append(("comment", comment_text(Comment(comment.text, comment.section))))
        self.after_comment = True

    def assign(self, name: str, text: str | None, style: str = "attr_value") -> None:
        """`name=value`, where there is a value."""
        if text is not None:
            self.say(f"{name}=", "attr_name")
            self.out.append((style, quoting.value(text)))

    def values(self, values: dict[str, str], style: str = "attr_value") -> None:
        for name, text in values.items():
            self.assign(quoting.name(name), text, style)

    def id(self, item: Any) -> None:
        if item.id is not None and (self.exact or item.id in self.referenced):
            self.assign("$id", item.id, "id")

    def head(self, keyword: str, statement: Any) -> None:
        """The keyword and the id."""
        self.out.append(("keyword", keyword))
        self.say(quoting.word(statement.id or ""), "id")

    def description(self, statement: Any) -> None:
        if statement.description is not None:
            self.line(_NO_COMMENTS, "description=", "attr_name")
            self.out.append(("attr_value", quoting.value(statement.description)))

    # ------------------------------------------------------------------------------ attribute sets
    def attribute_sets(self, children: Sequence[Any], keywords: dict[str, str] = SET_KEYWORDS) -> None:
        for child in children:
            if isinstance(child, st.AttributeSet):
                self.line(child, keywords[child.kind])
                self.set_body(child)

    def set_body(self, item: Any) -> None:
        """What stands behind `params`."""
        self.id(item)
        self.assign("$id-ref", item.id_ref, "id_reference")
        if item.score is not None:
            self.say(quoting.score_label(item.score), "score")
        self.set_items(item, self.comments)

    def set_items(self, item: Any, begin: Callable[[Any], None]) -> None:
        after_rule = False
        for child in item.children:
            begin(child)
            if isinstance(child, st.Rule):
                self.say("rule", "keyword")
                self.rule(child)
                after_rule = True
            else:
                self.nvpair(child, after_rule)
        for comment in item.trailing:
            self._comment(comment)

    def nvpair(self, pair: st.NVPair, after_rule: bool = False) -> None:
        start = ""
        if pair.id_ref is not None:
            start = f"@{pair.id_ref}" + (":" if pair.name is not None else "")
        elif pair.id is not None and (self.exact or pair.id in self.referenced):
            start = f"${pair.id}:"
        if pair.name is None:
            self.say(start, "id_reference")
        elif pair.value is None:
            self.say(start + quoting.flag(pair.name), "attr_name")
        else:
            self.say(f"{start}{quoting.name(pair.name, after_rule=after_rule)}=", "attr_name")
            self.out.append(("attr_value", quoting.value(pair.value)))

    # ------------------------------------------------------------------------------ rules
    def rule(self, rule: st.Rule) -> None:
        """What stands behind `rule` or `(`."""
        self.assign("$id-ref", rule.id_ref, "id_reference")
        if not isinstance(rule, _Nested):
            self.id(rule)
        self.assign("$role", rule.role, "role")
        joint = rule.boolean_op or "and"
        if rule.boolean_op is not None and (joint == "or" and len(rule.children) < 2 or self.exact and joint != "or"):
            self.assign("$boolean-op", rule.boolean_op)
        self.rule_score(rule)
        for index, child in enumerate(rule.children):
            if index:
                self.say(joint, "keyword")
            self.comments(child)
            EXPRESSIONS[type(child)](self, child)

    def rule_score(self, rule: st.Rule) -> None:
        if rule.score is not None and (self.exact or rule.score != "INFINITY"):
            self.say(quoting.score_label(rule.score), "score")
        if rule.score_attribute is not None:
            self.say(quoting.attribute_label(rule.score_attribute), "score")
        elif rule.score is None and rule.id_ref is None and not self.exact:
            self.say("0:", "score")

    def nested(self, rule: st.Rule) -> None:
        self.say("(", "keyword")
        id_, rule.id = rule.id, None
        self.rule(rule)
        rule.id = id_
        self.say(")", "keyword")
        self.id(rule)

    def expression(self, item: st.Expression) -> None:
        is_unary = item.operation in ("defined", "not_defined")
        if is_unary:
            self.say(item.operation, "keyword")
        self.say(quoting.free_word(item.attribute), "attr_name")
        if is_unary:
            self.assign("$type", item.type)
        else:
            self.say((f"{item.type}:" if item.type else "") + item.operation, "keyword")
        if is_unary or item.value is None:
            self.assign("$value", item.value)
            self.assign("$value-source", item.value_source)
        elif item.value_source is not None:
            self.say(f"{item.value_source}{{{quoting.part(item.value)}}}", "attr_value")
        else:
            self.say(quoting.word(item.value), "attr_value")
        self.id_where_needed(item, needed=not is_unary and item.value is None)

    def id_where_needed(self, item: Any, needed: bool) -> None:
        """An expression without value is told from what follows by its id."""
        if needed and item.value_source is None and item.id is not None:
            self.assign("$id", item.id, "id")
        else:
            self.id(item)

    def date_expression(self, item: st.DateExpression) -> None:
        self.say("date", "keyword")
        if item.operation in ("lt", "gt"):
            self.say(item.operation, "keyword")
            limit = item.end if item.operation == "lt" else item.start
            self.say(quoting.word(limit or ""), "attr_value")
        else:
            self.say("in" if item.operation == "in_range" else "spec", "keyword")
            self.assign("start", item.start)
            self.assign("end", item.end)
            for child in item.children:
                self.comments(child)
                if isinstance(child, st.Duration) and (self.exact or not child.values or child.id in self.referenced):
                    self.say("duration", "keyword")
                self.id(child)
                self.values(child.values)
        self.id(item)

    def rsc_expression(self, item: st.RscExpression) -> None:
        self.say("rsc", "keyword")
        parts = (item.class_, item.provider, item.type)
        self.say(":".join(quoting.part(part) if part else "" for part in parts))
        for name, part in zip(("$class", "$provider", "$type"), parts):
            if part == "":
                self.assign(name, part)
        self.id(item)

    def op_expression(self, item: st.OpExpression) -> None:
        self.say("op", "keyword")
        self.say(quoting.word(item.name))
        self.assign("interval", item.interval)
        self.id(item)

    # ------------------------------------------------------------------------------ resources
    def node(self, node: st.Node) -> None:
        self.out.append(("keyword", "node"))
        if node.id != node.uname:
            self.say(quoting.label(node.id or ""), "id")
        kind = f":{node.type}" if node.type and (self.exact or node.type != "member") else ""
        self.say(quoting.part(node.uname) + kind, "id")
        self.assign("score", node.score, "score")
        self.description(node)
        self.attribute_sets(node.children, ATTRIBUTE_KEYWORDS)

    def agent(self, item: Any) -> None:
        parts = [item.class_, item.type] if item.provider is None else [item.class_, item.provider, item.type]
        is_default = parts[:-1] == ["ocf", "heartbeat"] and not str(item.type).startswith("fence_")
        if is_default and not self.exact:
            parts = parts[-1:]
        self.say(":".join(quoting.part(part or "") for part in parts))

    def primitive(self, primitive: st.Primitive) -> None:
        self.head("primitive", primitive)
        if primitive.template is not None:
            self.say(f"@{primitive.template}", "id_reference")
        else:
            self.agent(primitive)
        self.resource(primitive)

    def rsc_template(self, template: st.RscTemplate) -> None:
        self.head("rsc_template", template)
        self.agent(template)
        self.resource(template)

    def resource(self, item: Any) -> None:
        self.description(item)
        for child in item.children:
            if isinstance(child, st.Operations):
                self.operations(child)
            else:
                self.attribute_sets([child])

    def operations(self, operations: st.Operations) -> None:
        first = operations.children[0] if operations.children else None
        noted = self.exact and (operations.comments or (first is not None and first.comments))
        if operations.id or operations.id_ref or first is None or noted:
            self.line(operations, "operations")
            self.assign("$id", operations.id, "id")
            if operations.id_ref and not self.exact:
                self.out.append(("", " "))  # two blanks, as the existing shell prints it
            self.assign("$id-ref", operations.id_ref, "id_reference")
        for op in operations.children:
            self.op(op)
        for comment in operations.trailing:
            self._comment(comment)

    def op(self, op: st.Op) -> None:
        self.line(op, "op")
        self.say(quoting.word(op.values.get("name", "")))
        self.id(op)
        self.values({name: text for name, text in op.values.items() if name != "name"})
        self.attribute_sets(op.children, OP_KEYWORDS)
        for comment in op.trailing:
            self._comment(comment)

    def container(self, item: Any) -> None:
        """Children of a group or clone: those that stand behind all attribute sets are named at the head."""
        members = [child for child in item.children if isinstance(child, st.Member)]
        sets = [child for child in item.children if not isinstance(child, st.Member)]
        at_head = not self.exact or item.children == sets + members
        if at_head:
            for member in members:
                self.comments(member)
                self.say(quoting.free_word(member.id), "id")
        self.description(item)
        for child in sets if at_head else item.children:
            if isinstance(child, st.Member):
                self.line(child, "primitive")
                self.say(quoting.word(child.id), "id")
            else:
                self.attribute_sets([child])

    def group(self, group: st.Group) -> None:
        self.head("group", group)
        self.container(group)

    def clone(self, clone: st.Clone) -> None:
        self.head("clone" if clone.kind == "clone" else "ms", clone)
        self.container(clone)

    def bundle(self, bundle: st.Bundle) -> None:
        self.head("bundle", bundle)
        self.description(bundle)
        for child in bundle.children:
            if isinstance(child, st.Member):
                self.line(child, "primitive")
                self.say(quoting.word(child.id), "id")
            elif isinstance(child, st.BundlePart):
                self.bundle_part(child)
            else:
                self.attribute_sets([child])

    def bundle_part(self, part: st.BundlePart) -> None:
        self.line(part, part.kind)
        self.values(part.values)
        for mapping in part.children:
            self.line(mapping, mapping.kind, indent=2)
            self.id(mapping)
            self.values(mapping.values)
        for comment in part.trailing:
            self._comment(comment)

    # ------------------------------------------------------------------------------ constraints
    def location(self, location: st.Location) -> None:
        self.head("location", location)
        sets = [child for child in location.children if isinstance(child, st.ResourceSet)]
        if sets:
            self.say("{", "keyword")
            self.sets(sets, "role")
            self.say("}", "keyword")
        elif location.rsc_pattern is not None:
            self.say(quoting.word(f"/{location.rsc_pattern}/"))
        else:
            self.say(quoting.free_word(location.rsc or ""), "id_reference")
        self.assign("role", location.role, "role")
        self.assign("resource-discovery", location.resource_discovery)
        if location.node is not None:
            self.say(quoting.score_label(location.score or ""), "score")
            self.say(quoting.word(location.node), "id_reference")
        else:
            self.assign("score", location.score, "score")
        for rule in location.children:
            if isinstance(rule, st.Rule):
                self.line(rule, "rule")
                self.rule(rule)
        self.lifetime(location.children)

    def lifetime(self, children: Sequence[Any]) -> None:
        for child in children:
            if isinstance(child, st.Lifetime):
                self.line(child, "lifetime")
                for rule in child.children:
                    self.comments(rule)
                    self.say("rule", "keyword")
                    self.rule(rule)

    def member(self, id_: str | None, suffix: str | None) -> None:
        self.say(quoting.free_word(id_ or ""), "id_reference")
        if suffix is not None:
            self.out.append(("role", f":{quoting.part(suffix)}"))

    def colocation(self, item: st.Colocation) -> None:
        self.head("colocation", item)
        if item.score is not None:
            self.say(quoting.score_label(item.score), "score")
        if item.score_attribute is not None:
            self.say(quoting.attribute_label(item.score_attribute), "score")
        if item.rsc is not None:
            self.member(item.rsc, item.rsc_role)
            self.member(item.with_rsc, item.with_rsc_role)
        self.sets(item.children, "role", pair=True)
        self.assign("node-attribute", item.node_attribute)
        self.assign("influence", item.influence)
        self.assign("score-attribute-mangle", item.score_attribute_mangle)
        self.lifetime(item.children)

    def order(self, item: st.Order) -> None:
        self.head("order", item)
        if item.kind is not None:
            self.say(quoting.label(item.kind), "score")
        if item.score is not None:
            self.say(quoting.score_label(item.score), "score")
        if item.first is not None:
            self.member(item.first, item.first_action)
            self.member(item.then, item.then_action)
        self.sets(item.children, "action", pair=True)
        self.assign("symmetrical", item.symmetrical)
        self.assign("$require-all", item.require_all)
        self.lifetime(item.children)

    def rsc_ticket(self, item: st.RscTicket) -> None:
        self.head("rsc_ticket", item)
        self.say(quoting.label(item.ticket), "ticket")
        if item.rsc is not None:
            self.member(item.rsc, item.rsc_role)
        self.sets(item.children, "role", single=True)
        self.assign("loss-policy", item.loss_policy)

    def sets(self, children: Sequence[Any], suffix: str, *, pair: bool = False, single: bool = False) -> None:
        """Resource sets; where readable text would read back as something else, the id of a set keeps it apart."""
        sets = [child for child in children if isinstance(child, st.ResourceSet)]
        count = sum(len(item.children) for item in sets)
        is_ambiguous = (pair and count == 2) or (single and count == 1)
        for index, item in enumerate(sets):
            after = sets[index + 1] if index + 1 < len(sets) else None
            self.resource_set(item, suffix, apart=is_ambiguous and after is None or _would_merge(item, after, suffix))

    def resource_set(self, item: st.ResourceSet, suffix: str, apart: bool) -> None:
        self.comments(item)
        if item.id_ref is not None:
            self.assign("$id-ref", item.id_ref, "id_reference")
            return
        values = dict(item.values)
        said = values.pop(suffix, None)
        brackets = _brackets(values)
        if brackets:
            self.say(brackets[0], "keyword")
        for member in item.children:
            self.comments(member)
            self.member(member.id, said)
        self.values(values)
        if apart and not brackets and item.id is not None:
            self.assign("$id", item.id, "id")
        else:
            self.id(item)
        for comment in item.trailing:
            self._comment(comment)
        if brackets:
            self.say(brackets[1], "keyword")

    # ------------------------------------------------------------------------------ the cluster
    def options(self, item: st.OptionSet) -> None:
        self.out.append(("keyword", OPTIONS[type(item)]))
        if item.id is not None:
            self.say(quoting.label(item.id), "id")
        self.assign("$id-ref", item.id_ref, "id_reference")
        if item.score is not None:
            self.say(quoting.score_label(item.score), "score")
        start = len(self.out)
        self.set_items(item, self._option_line)
        # each option begins a line: the blank before it is the line's own
        self.out[start:] = _without_blank_after_break(self.out[start:])

    def _option_line(self, item: st.Item) -> None:
        self.comments(item)
        if not self.after_comment:
            self.out.append(("", " \\\n\t"))

    def fencing_topology(self, topology: st.FencingTopology) -> None:
        self.out.append(("keyword", "fencing_topology"))
        if self.exact:
            for level in topology.children:
                self.line(level, _target(level), "id_reference")
                self.id(level)
                self.assign("index", level.index)
                self.say(quoting.word(level.devices), "id_reference")
            return
        targets = _by_target(topology.children)
        lists = list(targets.values())
        same = all(_devices(levels) == _devices(lists[0]) for levels in lists)
        if same and lists and self.nodes and {level.target for level in topology.children} == self.nodes:
            self.levels(lists[0])
            return
        for target, levels in targets.items():
            self.line(levels[0], target, "id_reference")
            self.levels(levels)

    def levels(self, levels: Sequence[st.FencingLevel]) -> None:
        for number, level in enumerate(levels, 1):
            self.id(level)
            if level.index != str(number):
                self.assign("index", level.index)
            self.say(quoting.word(level.devices), "id_reference")

    def tag(self, tag: st.Tag) -> None:
        self.head("tag", tag)
        for member in tag.children:
            self.comments(member)
            self.say(quoting.word(member.id), "id_reference")

    # ------------------------------------------------------------------------------ access, alerts
    def role(self, role: st.Role) -> None:
        self.head("role", role)
        self.description(role)
        for permission in role.children:
            self.permission(permission)

    def permission(self, item: st.Permission) -> None:
        self.line(item, item.kind)
        self.id(item)
        self.assign("description", item.description)
        short = fold(item.xpath) if item.xpath is not None else None
        if short:
            self.say(short)
        elif item.xpath is not None:
            self.say(f"xpath:{quoting.value(item.xpath)}")
        for prefix, text in (("ref", item.reference), ("attr", item.attribute), ("type", item.object_type)):
            if text is not None:
                self.say(f"{prefix}:{quoting.word(text)}")

    def access(self, item: Any) -> None:
        self.head("acl_target" if isinstance(item, st.AclTarget) else "acl_group", item)
        self.assign("name", item.name)
        for role in item.children:
            self.line(role, quoting.word(role.id), "id_reference")

    def user(self, user: st.User) -> None:
        self.head("user", user)
        for child in user.children:
            if isinstance(child, st.RoleRef):
                self.line(child, f"role:{quoting.word(child.id)}", "id_reference")
            else:
                self.permission(child)

    def alert(self, alert: st.Alert) -> None:
        self.head("alert", alert)
        self.say(quoting.value(alert.path))
        self.description(alert)
        for index, child in enumerate(alert.children):
            if isinstance(child, st.Select):
                self.select(child)
            elif isinstance(child, st.Recipient):
                rest = alert.children[index + 1 :]
                self.recipient(child, any(isinstance(other, st.AttributeSet) for other in rest))
            else:
                self.attribute_sets([child], ATTRIBUTE_KEYWORDS)

    def select(self, select: st.Select) -> None:
        self.line(select, "select")
        for kind in select.children:
            self.comments(kind)
            self.say(kind.kind, "keyword")
            if kind.kind == "attributes":
                self.say("{", "keyword")
                for attribute in kind.children:
                    self.comments(attribute)
                    shown = self.exact or attribute.id in self.referenced
                    start = f"${attribute.id}:" if attribute.id is not None and shown else ""
                    self.say(start + quoting.free_word(attribute.name), "attr_name")
                self.say("}", "keyword")

    def recipient(self, item: st.Recipient, braced: bool) -> None:
        self.line(item, "to")
        if braced or (self.exact and item.children):
            braced = True
            self.say("{", "keyword")
        self.id(item)
        self.say(quoting.value(item.value))
        self.assign("description", item.description)
        for child in item.children:
            self.comments(child)
            self.say(ATTRIBUTE_KEYWORDS[child.kind], "keyword")
            self.set_body(child)
        if braced:
            self.say("}", "keyword")

    # ------------------------------------------------------------------------------ others
    def monitor(self, item: st.Monitor) -> None:
        self.out.append(("keyword", "monitor"))
        self.say(quoting.part(item.id or "") + (f":{item.role}" if item.role else ""), "id_reference")
        self.say(item.interval + (f":{item.timeout}" if item.timeout else ""))

    def xml(self, item: st.Xml) -> None:
        self.out.append(("keyword", "xml"))
        self.say(quote(item.text) if "\n" in item.text else item.text)

    def remark(self, item: st.Remark) -> None:
        """Comments alone: they end with their line."""
        last = self.out.pop() if self.out else ("comment", "\n")
        self.out.append((last[0], last[1][:-1]))


class _Nested:
    pass


_NO_COMMENTS = st.Member("")
OPTIONS = {st.Property: "property", st.RscDefaults: "rsc_defaults", st.OpDefaults: "op_defaults"}
EXPRESSIONS: dict[type[Any], Callable[[Writer, Any], None]] = {
    st.Expression: Writer.expression,
    st.DateExpression: Writer.date_expression,
    st.RscExpression: Writer.rsc_expression,
    st.OpExpression: Writer.op_expression,
    st.Rule: Writer.nested,
}
WRITERS: dict[type[Any], Callable[[Writer, Any], None]] = {
    st.Node: Writer.node,
    st.Primitive: Writer.primitive,
    st.RscTemplate: Writer.rsc_template,
    st.Group: Writer.group,
    st.Clone: Writer.clone,
    st.Bundle: Writer.bundle,
    st.Location: Writer.location,
    st.Colocation: Writer.colocation,
    st.Order: Writer.order,
    st.RscTicket: Writer.rsc_ticket,
    st.Property: Writer.options,
    st.RscDefaults: Writer.options,
    st.OpDefaults: Writer.options,
    st.FencingTopology: Writer.fencing_topology,
    st.Tag: Writer.tag,
    st.Role: Writer.role,
    st.AclTarget: Writer.access,
    st.AclGroup: Writer.access,
    st.User: Writer.user,
    st.Alert: Writer.alert,
    st.Monitor: Writer.monitor,
    st.Xml: Writer.xml,
    st.Remark: Writer.remark,
}


def _brackets(values: dict[str, str]) -> str:
    """The brackets that say sequential and require-all, which are taken out of the values; "" where none do."""
    brackets = BRACKETS.get((values.get("sequential", ""), values.get("require-all")), "")
    if brackets:
        values.pop("sequential")
        values.pop("require-all", None)
    return brackets


def _would_merge(item: st.ResourceSet, after: st.ResourceSet | None, suffix: str) -> bool:
    """Whether the members of two sets in a row would be read as one set."""
    if after is None or item.id_ref or after.id_ref:
        return False
    values, next_values = dict(item.values), dict(after.values)
    said, next_said = values.pop(suffix, None), next_values.pop(suffix, None)
    return not _brackets(values) and not _brackets(next_values) and not values and (said == next_said or bool(next_values))


def _target(level: st.FencingLevel) -> str:
    if level.target_pattern is not None:
        return f"pattern:{quoting.value(level.target_pattern)}"
    if level.target_attribute is not None:
        return f"attr:{quoting.name(level.target_attribute)}={quoting.value(level.target_value or '')}"
    return quoting.label(level.target or "")


def _by_target(levels: Sequence[st.FencingLevel]) -> dict[str, list[st.FencingLevel]]:
    targets: dict[str, list[st.FencingLevel]] = {}
    for level in levels:
        targets.setdefault(_target(level), []).append(level)
    for of_target in targets.values():
        of_target.sort(key=lambda level: int(level.index or 0) if (level.index or "").isdigit() else 0)
    return targets


def _devices(levels: Sequence[st.FencingLevel]) -> list[tuple[str | None, str]]:
    return [(level.index, level.devices) for level in levels]


def _without_blank_after_break(fragments: list[Fragment]) -> list[Fragment]:
    kept: list[Fragment] = []
    for fragment in fragments:
        if fragment == ("", " ") and kept and kept[-1][1].endswith("\n\t"):
            continue
        kept.append(fragment)
    return kept
