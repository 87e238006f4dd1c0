"""How resources are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import quoting
from crmsh_py.language import statements as st
from crmsh_py.language.writer.attributes import OP_KEYWORDS, attribute_set

if TYPE_CHECKING:
    from crmsh_py.language.writer.pen import Pen, Writers


def primitive(pen: Pen, primitive: st.Primitive) -> None:
    """`primitive id agent`, or `primitive id @template`."""
    pen.head("primitive", primitive.id)
    if primitive.template is not None:
        pen.say(f"@{primitive.template}", "reference")
    else:
        _agent(pen, primitive)
    _parts(pen, primitive)


def rsc_template(pen: Pen, template: st.RscTemplate) -> None:
    """`rsc_template id agent`."""
    pen.head("rsc_template", template.id)
    _agent(pen, template)
    _parts(pen, template)


def _agent(pen: Pen, item: st.Primitive | st.RscTemplate) -> None:
    parts = [part for part in (item.class_, item.provider, item.type) if part is not None]
    is_default = parts[:-1] == ["ocf", "heartbeat"] and not str(item.type).startswith("fence_")
    if is_default and not pen.exact:
        parts = parts[-1:]
    pen.say(":".join(quoting.part(part) for part in parts), "agent")


def _parts(pen: Pen, item: st.Primitive | st.RscTemplate) -> None:
    pen.description(item.description)
    for child in item.children:
        if isinstance(child, st.Operations):
            operations(pen, child)
        else:
            attribute_set(pen, child)


def operations(pen: Pen, operations: st.Operations) -> None:
    """The operations, under a line of their own where their element has something to say."""
    first = operations.children[0] if operations.children else None
    noted = pen.exact and (operations.comments or (first is not None and first.comments))
    if operations.id or operations.id_ref or first is None or noted:
        pen.line(operations, "operations")
        pen.assign("$id", operations.id, "id")
        if operations.id_ref and not pen.exact:
            pen.join(" ", "")  # two blanks, as the existing shell prints it
        pen.assign("$id-ref", operations.id_ref, "reference")
    for item in operations.children:
        op(pen, item)
    pen.trailing(operations)


def op(pen: Pen, op: st.Op) -> None:
    """`op name interval=...` and its attribute sets."""
    pen.line(op, "op")
    pen.say(quoting.word(op.values.get("name", "")))
    pen.id(op.id)
    pen.values({name: text for name, text in op.values.items() if name != "name"})
    for child in op.children:
        attribute_set(pen, child, OP_KEYWORDS)
    pen.trailing(op)


def group(pen: Pen, group: st.Group) -> None:
    """`group id members...`."""
    pen.head("group", group.id)
    _container(pen, group)


def clone(pen: Pen, clone: st.Clone) -> None:
    """`clone id member`; a master of old schemas is `ms`."""
    pen.head("clone" if clone.kind == "clone" else "ms", clone.id)
    _container(pen, clone)


def _container(pen: Pen, item: st.Group | st.Clone) -> None:
    """Children of a group or clone: those that stand behind all attribute sets are named at the head."""
    members = [child for child in item.children if isinstance(child, st.Member)]
    sets = [child for child in item.children if not isinstance(child, st.Member)]
    at_head = not pen.exact or item.children == [*sets, *members]
    if at_head:
        for member in members:
            pen.comments(member)
            pen.say(quoting.free_word(member.id), "id")
    pen.description(item.description)
    for child in sets if at_head else item.children:
        if isinstance(child, st.Member):
            _placed_child(pen, child)
        else:
            attribute_set(pen, child)


def _placed_child(pen: Pen, member: st.Member) -> None:
    pen.line(member, "primitive")
    pen.say(quoting.word(member.id), "id")


def bundle(pen: Pen, bundle: st.Bundle) -> None:
    """`bundle id` and its parts, a line each."""
    pen.head("bundle", bundle.id)
    pen.description(bundle.description)
    for child in bundle.children:
        if isinstance(child, st.Member):
            _placed_child(pen, child)
        elif isinstance(child, st.BundlePart):
            bundle_part(pen, child)
        else:
            attribute_set(pen, child)


def bundle_part(pen: Pen, part: st.BundlePart) -> None:
    """`docker image=...`, `network ...`, `storage ...`, with their mappings."""
    pen.line(part, part.kind)
    pen.values(part.values)
    for mapping in part.children:
        pen.line(mapping, mapping.kind, indent=2)
        pen.id(mapping.id)
        pen.values(mapping.values)
    pen.trailing(part)


WRITERS: Writers = {
    st.Primitive: primitive,
    st.RscTemplate: rsc_template,
    st.Group: group,
    st.Clone: clone,
    st.Bundle: bundle,
}
