"""What a rule of the grammar makes of its children: statements and their parts.

The names of the methods are the names of the rules. Most rules are leaves that say a field (`("role", "Promoted")`) or a
class whose fields and children they are; the rest is here because text and CIB differ in shape: rules, dates, resource
sets, recipients, fencing levels.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from crmsh_py.errors import BadSyntax
from crmsh_py.language import rights, sets
from crmsh_py.language import statements as st
from crmsh_py.language.allowed import check_allowed
from crmsh_py.language.lexemes import Lexeme
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

Child = Any
Field = tuple[str, str]

KINDS = ("Mandatory", "Optional", "Serialize")
# op attributes of the schema; every other name is an instance attribute of the operation
OP_ATTRIBUTES = frozenset(
    "name interval timeout role on-fail enabled requires description start-delay interval-origin record-pending".split()
)
# an id right behind one of these is that of the inner element, not of the date expression
INNER_DATE = ("SPEC", "DATE_SPEC", "DURATION")
_SCORE = re.compile(r"[+-]?(\d+|inf|infinity)$", re.IGNORECASE)


def score_of(text: str) -> str:
    """A score as the CIB writes it: `inf` is INFINITY."""
    sign = text[0] if text[:1] in ("+", "-") else ""
    return f"{sign}INFINITY" if text[len(sign) :].lower() in ("inf", "infinity") else text


def syntax_error(text: str, lexeme: Lexeme, hint: str | None = None) -> BadSyntax:
    """A BadSyntax at a lexeme."""
    return BadSyntax(problems=[Problem(ERROR, "syntax", text, lexeme.word.place, hint)])


def fill(item: st.Item, children: Sequence[Child]) -> Any:
    """Put fields and parts into an item; a field that is said twice is an error."""
    said: set[str] = set()
    for child in children:
        if isinstance(child, Said):
            if child.name in said:
                raise syntax_error(f"{child.name.rstrip('_').replace('_', '-')} is given twice", child.lexeme)
            said.add(child.name)
            setattr(item, child.name, child.value)
        elif isinstance(child, st.Item):
            item.children.append(child)  # type: ignore[attr-defined]
    first = next((child for child in children if isinstance(child, Lexeme)), None)
    return noted(item, first) if first else item


def noted(item: st.Item, lexeme: Lexeme) -> Any:
    """Give an item the place and the comments of the word that it begins with."""
    item.place = lexeme.word.place  # type: ignore[misc]
    if lexeme.word.comments:
        item.comments = lexeme.word.comments  # type: ignore[misc]
        lexeme.word.comments = ()
    return item


class Placed(NamedTuple):
    """A member that a keyword puts where it stands."""

    member: st.Member


class Said:
    """A field with its value and where it was said."""

    __slots__ = ("lexeme", "name", "value")

    def __init__(self, name: str, value: str, lexeme: Lexeme) -> None:
        self.name = name
        self.value = value
        self.lexeme = lexeme


def _leaf(name: str, change: Callable[[str], str] = str) -> Callable[[Builder, list[Lexeme]], Said]:
    """A rule that says one field by its last word."""
    return lambda self, children: Said(name, change(children[-1].value), children[-1])


def _keyed(self: Builder, children: list[Child]) -> Said:
    """A rule of a keyword `name=` and a value."""
    key, value = children
    if isinstance(value, Said):
        return value
    name = key.keyword.strip("$=").replace("-", "_")
    self.check(name, value)
    return Said({"class": "class_"}.get(name, name), value.value, value)


def _item(make: Callable[[], st.Item]) -> Callable[[Builder, list[Child]], Any]:
    return lambda self, children: fill(make(), children)


class Builder:
    """Makes statements; `exact`: nothing is checked or converted, since the text says all."""

    def __init__(self) -> None:
        self.exact = False

    def check(self, name: str, value: Lexeme) -> None:
        """Raise BadSyntax where a value is none of the few that the schema allows."""
        if not self.exact:
            check_allowed(name, value)

    # ---- leaves
    object_id = _leaf("id")
    set_id = _leaf("id")
    id_ref = _leaf("id_ref")
    options_id = _leaf("id")
    node_id = _leaf("id")
    tag_label = _leaf("id")
    user_name = _leaf("id")
    description = _leaf("description")
    permission_description = _leaf("description")
    template = _leaf("template")
    location_node = _leaf("node")
    ticket = _leaf("ticket")
    path = _leaf("path")
    recipient_value = _leaf("value")
    acl_name = _leaf("name")
    op_interval = _leaf("interval")
    boolean_op = _leaf("boolean_op")
    node_score = _leaf("score", score_of)
    colocation_option = _keyed
    order_option = _keyed
    ticket_option = _keyed
    location_option = _keyed
    suffix = _keyed

    def text(self, children: list[Lexeme]) -> Lexeme:
        return children[0]

    role_word = name = rsc = monitored = interval_and_timeout = xml_text = device = op_name = text
    operand_word = attribute = comparison = unary = joint = date = attribute_value = flag = shortcut = text
    xpath_or_name = agent_pattern = target_label = nvpair_id = duration = text

    def role_name(self, children: list[Lexeme]) -> Said:
        lexeme = children[0]
        word = lexeme.value
        role = word if self.exact else word.capitalize()
        if not self.exact:
            check_allowed("role", lexeme)
        return Said("role", role, lexeme)

    def rule_role(self, children: list[Child]) -> Said:
        role: Said = children[-1]
        return role

    # ---- scores: a quoted word is the name of an attribute
    def _score(self, children: list[Lexeme]) -> Said:
        lexeme = children[0]
        is_score = lexeme.word.is_bare and _SCORE.match(lexeme.value)
        return Said("score", score_of(lexeme.value), lexeme) if is_score else Said("score_attribute", lexeme.value, lexeme)

    rule_score = colocation_score = _score

    def set_score(self, children: list[Lexeme]) -> Said:
        said = self._score(children)
        if said.name != "score":
            raise syntax_error("expected a score", said.lexeme, "a score is a number, inf or -inf")
        return said

    location_score = set_score

    def order_kind(self, children: list[Lexeme]) -> Said:
        lexeme = children[0]
        if lexeme.value.capitalize() in KINDS:
            return Said("kind", lexeme.value.capitalize(), lexeme)
        if self.exact and not _SCORE.match(lexeme.value):
            return Said("kind", lexeme.value, lexeme)
        if not _SCORE.match(lexeme.value):
            raise syntax_error("expected a kind or a score", lexeme, f"a kind is {', '.join(KINDS[:-1])} or {KINDS[-1]}")
        return Said("score", score_of(lexeme.value), lexeme)

    # ---- attribute sets
    def nvpair(self, children: list[Lexeme]) -> st.NVPair:
        pair = st.NVPair()
        for lexeme in children:
            if lexeme.type == "NVID":
                pair.id = lexeme.value
            elif lexeme.type == "VALUE":
                pair.value = lexeme.value
            elif lexeme.type in ("REF", "NREF"):
                pair.id_ref = lexeme.value
            else:
                pair.name = lexeme.value
                if lexeme.type == "NVSELF":
                    pair.id = lexeme.value
        return noted(pair, children[0])  # type: ignore[no-any-return]

    instance_attributes = _item(lambda: st.AttributeSet("instance_attributes"))
    meta_attributes = _item(lambda: st.AttributeSet("meta_attributes"))
    utilization = _item(lambda: st.AttributeSet("utilization"))
    implied_params = op_params = instance_attributes
    op_meta = meta_attributes
    property = _item(st.Property)
    rsc_defaults = _item(st.RscDefaults)
    op_defaults = _item(st.OpDefaults)

    # ---- resources
    def node_name(self, children: list[Lexeme]) -> list[Said]:
        lexeme = children[0]
        word, colon = lexeme.word, -1
        while (found := word.find_bare(":", colon + 1)) >= 0:
            colon = found
        if colon < 0:
            return [Said("uname", word.value, lexeme)]
        kind = Lexeme("WORD", word.cut(colon + 1))
        self.check("type", kind)
        return [Said("uname", word.value[:colon], lexeme), Said("type", kind.value, kind)]

    def node(self, children: list[Child]) -> st.Node:
        node: st.Node = fill(st.Node(None, ""), _flat(children))
        if self.exact and node.id is None:
            node.id = node.uname
        return node

    def agent(self, children: list[Lexeme]) -> list[Said]:
        lexeme = children[0]
        names = {1: ("type",), 2: ("class_", "type"), 3: ("class_", "provider", "type")}
        parts = _split(lexeme.word, 2)
        if not all(parts) and not self.exact:
            raise syntax_error("expected an agent", lexeme, "an agent is [class:[provider:]]type")
        return [Said(name, part, lexeme) for name, part in zip(names[len(parts)], parts)]

    def primitive(self, children: list[Child]) -> st.Primitive:
        return self._resource(st.Primitive(None), children)  # type: ignore[return-value]

    def rsc_template(self, children: list[Child]) -> st.RscTemplate:
        return self._resource(st.RscTemplate(None), children)  # type: ignore[return-value]

    def _resource(self, item: st.Primitive | st.RscTemplate, children: list[Child]) -> st.Item:
        """All `op` belong to the one `operations`, which stands where the first of them does."""
        gathered: list[Child] = []
        operations: st.Operations | None = None
        for child in _flat(children):
            if isinstance(child, st.Op):
                if operations is None:
                    operations = st.Operations()
                    gathered.append(operations)
                operations.children.append(child)
            elif isinstance(child, st.Operations) and operations is not None:
                raise syntax_error("operations come before the first op, once", self._operations_word)
            else:
                operations = child if isinstance(child, st.Operations) else operations
                gathered.append(child)
        return fill(item, gathered)  # type: ignore[no-any-return]

    def operations(self, children: list[Child]) -> st.Operations:
        self._operations_word = children[0]
        return fill(st.Operations(), children)  # type: ignore[no-any-return]

    def setting(self, children: list[Lexeme]) -> Field:
        return (children[0].value, children[1].value)

    def op(self, children: list[Child]) -> st.Op:
        op = st.Op({"name": children[1].value})
        params = st.AttributeSet("instance_attributes")
        for child in children[2:]:
            if isinstance(child, tuple):
                self._op_setting(op, params, child, children[0])
        if params.children:
            op.children.append(params)
        return fill(op, children)  # type: ignore[no-any-return]

    def _op_setting(self, op: st.Op, params: st.AttributeSet, setting: Field, keyword: Lexeme) -> None:
        name, value = setting
        if self.exact or name in OP_ATTRIBUTES:
            if params.children:
                raise syntax_error(f"{name}= is an attribute of op and comes before its parameters", keyword)
            op.values[name] = value
        elif name == "id":
            op.id = value
        else:
            params.children.append(st.NVPair(name, value))

    def child(self, children: list[Lexeme]) -> st.Member:
        return noted(st.Member(children[0].value), children[0])  # type: ignore[no-any-return]

    def placed_child(self, children: list[Child]) -> Placed:
        return Placed(noted(children[-1], children[0]))

    def group(self, children: list[Child]) -> st.Group:
        return fill(st.Group(None), _members_last(children))  # type: ignore[no-any-return]

    def clone(self, children: list[Child]) -> st.Clone:
        kind = "clone" if children[0].keyword == "clone" else "master"
        return fill(st.Clone(None, kind), _members_last(children))  # type: ignore[no-any-return]

    def bundle(self, children: list[Child]) -> st.Bundle:
        return fill(st.Bundle(None), _members_last(children))  # type: ignore[no-any-return]

    def bundle_part(self, children: list[Child]) -> st.BundlePart:
        values = dict(child for child in children if isinstance(child, tuple))
        part = st.BundlePart(children[0].keyword, values)
        return fill(part, children)  # type: ignore[no-any-return]

    def mapping(self, children: list[Child]) -> st.Mapping:
        values = dict(child for child in children if isinstance(child, tuple))
        mapping = st.Mapping(children[0].keyword, values)
        mapping.id = values.pop("id", None)
        return fill(mapping, children)  # type: ignore[no-any-return]

    # ---- constraints: resource sets are put together in `sets`
    def member(self, children: list[Lexeme]) -> Lexeme:
        return children[0]

    def bracket(self, children: list[Child]) -> sets.Bracket:
        return sets.Bracket(children[0], children[1:-1])

    def set_option(self, children: list[Child]) -> sets.Option:
        key = children[0].keyword.rstrip("=")
        value = children[1]
        if isinstance(value, Said):
            return sets.Option(key, value.value, value.lexeme)
        self.check(key.replace("-", "_"), value)
        return sets.Option(key, score_of(value.value) if key == "score" else value.value, value)

    def location_target(self, children: list[Child]) -> list[Child]:
        if len(children) > 1:
            return list(sets.resource_sets(children[1:-1], "role", self))
        lexeme = children[0]
        if not lexeme.value.startswith("/"):
            return [Said("rsc", lexeme.value, lexeme)]
        if len(lexeme.value) < 3 and not self.exact or not lexeme.value.endswith("/"):
            raise syntax_error("expected a pattern between slashes", lexeme)
        return [Said("rsc_pattern", lexeme.value[1:-1], lexeme)]

    def location(self, children: list[Child]) -> st.Location:
        return fill(st.Location(None), _flat(children))  # type: ignore[no-any-return]

    lifetime = _item(st.Lifetime)

    def colocation(self, children: list[Child]) -> st.Colocation:
        rest, said = sets.split(children)
        pair = sets.simple_pair(rest, "role", self)
        if pair is None:
            said += sets.resource_sets(rest, "role", self)
        item = fill(st.Colocation(None), said)
        if pair:
            (item.rsc, item.rsc_role), (item.with_rsc, item.with_rsc_role) = pair
        return item  # type: ignore[no-any-return]

    def order(self, children: list[Child]) -> st.Order:
        rest, said = sets.split(children)
        pair = sets.simple_pair(rest, "action", self)
        if pair is None:
            said += sets.resource_sets(rest, "action", self)
        item = fill(st.Order(None), said)
        if pair:
            (item.first, item.first_action), (item.then, item.then_action) = pair
        return item  # type: ignore[no-any-return]

    def rsc_ticket(self, children: list[Child]) -> st.RscTicket:
        rest, said = sets.split(children)
        single = len(rest) == 1 and isinstance(rest[0], Lexeme)
        if not single:
            said += sets.resource_sets(rest, "role", self)
        item = fill(st.RscTicket(None, ""), said)
        if single:
            item.rsc, item.rsc_role = sets.member(rest[0], "role", self)
        return item  # type: ignore[no-any-return]

    # ---- rules
    def _rule(self, children: list[Child]) -> st.Rule:
        rule = st.Rule()
        joints = [child for child in children if isinstance(child, Lexeme) and child.type in ("AND", "OR")]
        for joint in joints[1:]:
            if joint.keyword != joints[0].keyword:
                raise syntax_error("and and or cannot be mixed in one rule", joint, "put one of them in ( )")
        if joints and joints[0].keyword == "or":
            rule.boolean_op = "or"
        fill(rule, [child for child in children if child not in joints])
        if not self.exact and rule.score is None and rule.score_attribute is None and rule.id_ref is None:
            rule.score = "INFINITY"
        return rule

    rule = nested_rule = _rule

    def value_type(self, children: list[Lexeme]) -> Said:
        return Said("type", children[0].keyword[:-1], children[0])

    def operand(self, children: list[Lexeme]) -> list[Said]:
        said = [Said("value", children[-1].value, children[-1])]
        if len(children) > 1:
            self.check("value_source", children[0])
            said.append(Said("value_source", children[0].value, children[0]))
        return said

    def expression(self, children: list[Child]) -> st.Expression:
        words = [child for child in children if isinstance(child, Lexeme)]
        # `attribute eq value` and `defined attribute`
        is_unary = words[0].type in ("DEFINED", "NOT_DEFINED")
        name, operation = (words[1], words[0]) if is_unary else (words[0], words[1])
        expression = st.Expression(name.value, operation.keyword)
        fill(expression, [child for child in _flat(children) if isinstance(child, Said)])
        return noted(expression, words[0])  # type: ignore[no-any-return]

    def range_limit(self, children: list[Lexeme]) -> Said:
        return Said(children[0].keyword[:-1], children[1].value, children[1])

    def date_part(self, children: list[Lexeme]) -> Field:
        return (children[0].keyword[:-1], children[1].value)

    def date_expression(self, children: list[Child]) -> st.DateExpression:
        operation = children[1].keyword
        if operation in ("lt", "gt"):
            limit = Said("end" if operation == "lt" else "start", children[2].value, children[2])
            return fill(st.DateExpression(operation), [children[0], limit, *children[3:]])  # type: ignore[no-any-return]
        is_range = operation in ("in", "in_range")
        expression = st.DateExpression("in_range" if is_range else "date_spec")
        inner = st.Duration({}) if is_range else st.DateSpec({})
        has_inner = not is_range
        own: list[Child] = [children[0]]
        for index, child in enumerate(children[2:], 2):
            before = children[index - 1]
            if isinstance(child, tuple):
                inner.values[child[0]] = child[1]
            elif isinstance(child, Said) and child.name == "id" and getattr(before, "type", "") in INNER_DATE:
                inner.id = child.value
            elif isinstance(child, Said):
                own.append(child)
            has_inner = has_inner or not isinstance(child, Said)
        if has_inner:
            expression.children.append(inner)
        return fill(expression, own)  # type: ignore[no-any-return]

    def rsc_expression(self, children: list[Child]) -> st.RscExpression:
        parts: list[str | None] = [part or None for part in _split(children[1].word, 2)]
        names = {1: ("type",), 2: ("class_", "type"), 3: ("class_", "provider", "type")}[len(parts)]
        item = st.RscExpression(**dict(zip(names, parts)))
        return fill(item, [children[0], *children[2:]])  # type: ignore[no-any-return]

    def op_expression(self, children: list[Child]) -> st.OpExpression:
        return fill(st.OpExpression(children[1].value), [children[0], *children[2:]])  # type: ignore[no-any-return]

    # ---- the cluster
    def target(self, children: list[Lexeme]) -> list[Said]:
        lexeme = children[0]
        if lexeme.word.is_bare and lexeme.value.startswith("pattern:"):
            return [Said("target_pattern", lexeme.value[len("pattern:") :], lexeme)]
        return [Said("target", lexeme.value, lexeme)]

    def target_attribute(self, children: list[Lexeme]) -> list[Said]:
        return [Said("target_attribute", children[1].value, children[1]), Said("target_value", children[2].value, children[2])]

    def target_pattern(self, children: list[Lexeme]) -> list[Said]:
        return [Said("target_pattern", children[1].value, children[1])]

    level_index = _keyed

    def fencing_topology(self, children: list[Child]) -> st.FencingTopology:
        topology = noted(st.FencingTopology(), children[0])
        target: list[Said] = []
        options: list[Said] = []
        first: Lexeme | None = None
        for child in children[1:]:
            if isinstance(child, list):
                target, options = child, []
            elif isinstance(child, Said):
                options.append(child)
            else:
                level = fill(st.FencingLevel(child.value), [*target, *options])
                topology.children.append(noted(level, child))
                options = []
            first = first or (child[0].lexeme if isinstance(child, list) else None)
        if options or (target and (not topology.children or isinstance(children[-1], list))):
            raise syntax_error("expected a fencing device", (options or target)[-1].lexeme)
        return topology  # type: ignore[no-any-return]

    def tag_member(self, children: list[Lexeme]) -> st.Member:
        return self.child(children)

    tag = _item(lambda: st.Tag(None))

    # ---- access: permissions are put together in `rights`
    def permission_spec(self, children: list[Lexeme]) -> rights.Spec:
        return rights.Spec(children[0], children[-1])

    def permissions(self, children: list[Child]) -> list[st.Permission]:
        return [fill(permission, said) for permission, said in rights.permissions(children, self.exact)]

    def role(self, children: list[Child]) -> st.Role:
        return fill(st.Role(None), _flat(children))  # type: ignore[no-any-return]

    def user(self, children: list[Child]) -> st.User:
        return fill(st.User(None), _flat(children))  # type: ignore[no-any-return]

    def role_ref(self, children: list[Lexeme]) -> st.RoleRef:
        return noted(st.RoleRef(children[-1].value), children[0])  # type: ignore[no-any-return]

    user_role = role_ref
    acl_target = _item(lambda: st.AclTarget(None))
    acl_group = _item(lambda: st.AclGroup(None))

    # ---- alerts: what follows a recipient belongs to it, up to `}` where it began with `{`
    select = _item(st.Select)

    def select_kind(self, children: list[Lexeme]) -> st.SelectKind:
        return noted(st.SelectKind(children[0].keyword), children[0])  # type: ignore[no-any-return]

    def select_attribute(self, children: list[Lexeme]) -> st.SelectAttribute:
        attribute = st.SelectAttribute(children[-1].value)
        attribute.id = children[0].value if len(children) > 1 else None
        return noted(attribute, children[0])  # type: ignore[no-any-return]

    selected = _item(lambda: st.SelectKind("attributes"))

    def recipient(self, children: list[Child]) -> tuple[st.Recipient, bool]:
        braced = isinstance(children[1], Lexeme) and children[1].value == "{"
        return fill(st.Recipient(""), children), braced

    def close(self, children: list[Lexeme]) -> Lexeme:
        return children[0]

    def alert(self, children: list[Child]) -> st.Alert:
        alert: st.Alert = fill(st.Alert(None, ""), [child for child in children if isinstance(child, (Said, Lexeme))])
        to: st.Recipient | None = None
        select: st.Select | None = None
        braced = False
        for child in children[1:]:
            if isinstance(child, tuple):
                to, braced = child
                alert.children.append(to)
            elif isinstance(child, Lexeme):
                to = self._closed(child, braced)
            elif isinstance(child, st.SelectKind):
                self._selected(select, child, children[0])
            elif isinstance(child, st.AttributeSet):
                (to or alert).children.append(child)
            elif isinstance(child, st.Select):
                select, to = child, None
                alert.children.append(child)
        return alert

    def _closed(self, lexeme: Lexeme, braced: bool) -> None:
        if not braced:
            raise syntax_error("this } closes nothing", lexeme)

    def _selected(self, select: st.Select | None, kind: st.SelectKind, keyword: Lexeme) -> None:
        if select is None:
            raise syntax_error(f"{kind.kind} comes after select", keyword)
        select.children.append(kind)

    # ---- others
    def monitor(self, children: list[Lexeme]) -> st.Monitor:
        rsc, times = _split(children[1].word, 1), _split(children[2].word, 1)
        role = rsc[1].capitalize() if len(rsc) > 1 else None
        item = st.Monitor(rsc[0], role, times[0], times[1] if len(times) > 1 else None)
        return noted(item, children[0])  # type: ignore[no-any-return]

    def xml(self, children: list[Lexeme]) -> st.Xml:
        return noted(st.Xml(children[1].value), children[0])  # type: ignore[no-any-return]


def _flat(children: Sequence[Child]) -> list[Child]:
    flat: list[Child] = []
    for child in children:
        flat.extend(child if isinstance(child, list) else (child,))
    return flat


def _members_last(children: list[Child]) -> list[Child]:
    """The members named at the head stand behind the attribute sets, those placed by keyword where they are."""
    named = [child for child in children if isinstance(child, st.Member)]
    rest = [child for child in children if not isinstance(child, st.Member)]
    return [child.member if isinstance(child, Placed) else child for child in rest] + named


def _split(word: Any, most: int) -> list[str]:
    """The parts of a word between its bare colons, at most `most` + 1."""
    parts, start = [], 0
    while len(parts) < most and (colon := word.find_bare(":", start)) >= 0:
        parts.append(word.value[start:colon])
        start = colon + 1
    return [*parts, word.value[start:]]
