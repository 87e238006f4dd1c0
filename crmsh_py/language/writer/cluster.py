"""How nodes, options, fencing levels and tags are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import quoting
from crmsh_py.language import statements as st
from crmsh_py.language.writer.attributes import ATTRIBUTE_KEYWORDS, attribute_set, set_items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsh_py.language.writer.pen import Pen, Writers

OPTIONS: dict[type[st.Statement], str] = {
    st.Property: "property",
    st.RscDefaults: "rsc_defaults",
    st.OpDefaults: "op_defaults",
}


def node(pen: Pen, node: st.Node) -> None:
    """`node id: uname:type`."""
    pen.keyword("node")
    if node.id is not None and (node.id != node.uname or node.uname in pen.shared_names):
        pen.say(quoting.label(node.id or ""), "id")
    kind = f":{node.type}" if node.type and (pen.exact or node.type != "member") else ""
    pen.say(quoting.part(node.uname) + kind, "id")
    pen.assign("score", node.score, "score")
    pen.description(node.description)
    for child in node.children:
        attribute_set(pen, child, ATTRIBUTE_KEYWORDS)


def options(pen: Pen, item: st.OptionSet) -> None:
    """`property id: name=value ...`, each option on a line of its own."""
    pen.keyword(OPTIONS[type(item)])
    if item.id is not None:
        pen.say(quoting.label(item.id), "id")
    pen.assign("$id-ref", item.id_ref, "reference")
    if item.score is not None:
        pen.say(quoting.score_label(item.score), "score")

    def begin(child: st.Item) -> None:
        pen.comments(child)
        if not pen.after_comment:
            pen.out.append(("", " \\\n\t"))

    set_items(pen, item, begin)


def fencing_topology(pen: Pen, topology: st.FencingTopology) -> None:
    """Exact: a line for each level. Readable: a line for each target, or none where all nodes have the same levels."""
    pen.keyword("fencing_topology")
    if pen.exact:
        _exact_levels(pen, topology.children)
        return
    targets = _by_target(topology.children)
    lists = list(targets.values())
    same = all(_devices(levels) == _devices(lists[0]) for levels in lists)
    if same and lists and pen.nodes and {level.target for level in topology.children} == pen.nodes:
        _levels(pen, lists[0])
        return
    if "" in targets:
        # typed, and not in a CIB yet: the levels are for every node
        _levels(pen, targets.pop(""))
    for target, levels in targets.items():
        pen.line(levels[0], target, "reference")
        _levels(pen, levels)


def _exact_levels(pen: Pen, levels: Sequence[st.FencingLevel]) -> None:
    for level in levels:
        pen.line(level, _target(level), "reference")
        pen.id(level.id)
        pen.assign("index", level.index)
        pen.say(quoting.word(level.devices), "reference")


def _levels(pen: Pen, levels: Sequence[st.FencingLevel]) -> None:
    following = 1
    for level in levels:
        pen.id(level.id)
        if level.index != str(following):
            pen.assign("index", level.index)
        pen.say(quoting.word(level.devices), "reference")
        is_number = level.index is not None and level.index.isdecimal()
        following = (int(level.index or 0) if is_number else following) + 1


def _target(level: st.FencingLevel) -> str:
    if level.target_pattern is not None:
        return f"pattern:{quoting.value(level.target_pattern)}"
    if level.target_attribute is not None:
        return f"attr:{quoting.name(level.target_attribute)}={quoting.value(level.target_value or '')}"
    return quoting.label(level.target) if level.target is not None else ""


def _by_target(levels: Sequence[st.FencingLevel]) -> dict[str, list[st.FencingLevel]]:
    targets: dict[str, list[st.FencingLevel]] = {}
    for level in levels:
        targets.setdefault(_target(level), []).append(level)
    for of_target in targets.values():
        # what is typed may leave out indexes: it counts on from the level before
        if all(level.index is not None and level.index.isdecimal() for level in of_target):
            of_target.sort(key=lambda level: int(level.index or 0))
    return targets


def _devices(levels: Sequence[st.FencingLevel]) -> list[tuple[str | None, str]]:
    return [(level.index, level.devices) for level in levels]


def tag(pen: Pen, tag: st.Tag) -> None:
    """`tag id objects...`."""
    pen.head("tag", tag.id)
    for member in tag.children:
        pen.comments(member)
        pen.say(quoting.word(member.id), "reference")


WRITERS: Writers = {
    st.Node: node,
    st.Property: options,
    st.RscDefaults: options,
    st.OpDefaults: options,
    st.FencingTopology: fencing_topology,
    st.Tag: tag,
}
