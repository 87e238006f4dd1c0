"""What nodes, options, fencing levels, tags and the statements that are no objects are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import statements as st
from crmsh_py.language.builder.filling import Child, Said, fill, flat, item, noted, split, syntax_error

if TYPE_CHECKING:
    from crmsh_py.language.builder import Builder
    from crmsh_py.language.builder.filling import Rules
    from crmsh_py.language.lexemes import Lexeme


def node(builder: Builder, children: list[Child]) -> st.Node:
    """A node; in exact text one without an id has its name as its id."""
    node = fill(st.Node(None, ""), flat(children))
    if builder.exact and node.id is None:
        node.id = node.uname
    return node


# ---- fencing


def target(_: Builder, children: list[Lexeme]) -> list[Said]:
    """`node:`, or `pattern:...:` as the existing shell prints it."""
    lexeme = children[0]
    if lexeme.word.is_bare and lexeme.value.startswith("pattern:"):
        return [Said("target_pattern", lexeme.value.removeprefix("pattern:"), lexeme)]
    return [Said("target", lexeme.value, lexeme)]


def target_attribute(_: Builder, children: list[Lexeme]) -> list[Said]:
    """`attr:name=value`."""
    name, value = children[1:]
    return [Said("target_attribute", name.value, name), Said("target_value", value.value, value)]


def target_pattern(_: Builder, children: list[Lexeme]) -> list[Said]:
    """`pattern:...`."""
    return [Said("target_pattern", children[1].value, children[1])]


def fencing_topology(_: Builder, children: list[Child]) -> st.FencingTopology:
    """Levels: each device list has the target before it and the options right before it."""
    topology = noted(st.FencingTopology(), children[0])
    target: list[Said] = []
    options: list[Said] = []
    for child in children[1:]:
        if isinstance(child, list):
            target, options = child, []
        elif isinstance(child, Said):
            options.append(child)
        else:
            level = fill(st.FencingLevel(child.value), [*target, *options])
            topology.children.append(noted(level, child))
            options = []
    if options or (target and (not topology.children or isinstance(children[-1], list))):
        raise syntax_error("expected a fencing device", (options or target)[-1].lexeme.place)
    return topology


# ---- others


def monitor(_: Builder, children: list[Lexeme]) -> st.Monitor:
    """`monitor rsc:role interval:timeout`."""
    rsc, times = split(children[1].word, 1), split(children[2].word, 1)
    role = rsc[1].capitalize() if len(rsc) > 1 else None
    if not times[0]:
        raise syntax_error("expected an interval", children[2].place, "such as 10s or 10s:20s, the timeout behind it")
    return noted(st.Monitor(rsc[0], role, times[0], times[1] if len(times) > 1 else None), children[0])


def xml(_: Builder, children: list[Lexeme]) -> st.Xml:
    """An element as XML."""
    return noted(st.Xml(children[1].value), children[0])


RULES: Rules = {
    "node": node,
    "property": item(st.Property),
    "rsc_defaults": item(st.RscDefaults),
    "op_defaults": item(st.OpDefaults),
    "target": target,
    "target_attribute": target_attribute,
    "target_pattern": target_pattern,
    "fencing_topology": fencing_topology,
    "tag": item(lambda: st.Tag(None)),
    "monitor": monitor,
    "xml": xml,
}
