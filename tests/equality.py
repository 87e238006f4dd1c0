"""When two CIBs are the same: `canonical` for exact text, `meaning` for readable text.

Both give bytes, equal where the CIBs are the same. Not counted by either: the order of the sections and of the objects
in them, sections without children, white space between elements, the order of attributes, the status section.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from copy import deepcopy

from lxml import etree

# The levels are one object to the language, and their order may matter: they are not sorted.
ONE_OBJECT = "fencing-topology"

NVSETS = frozenset(("instance_attributes", "meta_attributes", "utilization"))
# Elements whose id is only a handle: readable text shows it where something refers to it.
INNER = NVSETS | frozenset(
    (
        *(
            "nvpair",
            "rule",
            "expression",
            "date_expression",
            "rsc_expression",
            "op_expression",
            "duration",
            "date_spec",
        ),
        *("op", "operations", "resource_set", "fencing-level", "acl_permission", "read", "write", "deny"),
        *("recipient", "attribute", "port-mapping", "storage-mapping"),
    )
)
# Elements whose id is a reference.
REFERRING = frozenset(("resource_ref", "obj_ref", "role", "role_ref"))
REFERENCES = frozenset(("id-ref", "rsc", "with-rsc", "first", "then", "template", "reference", "ref"))
DEFAULTS = frozenset(
    (("rule", "boolean-op", "and"), ("expression", "value-source", "literal"), ("node", "type", "member"))
)
BOOLEANS = frozenset(("sequential", "require-all", "symmetrical", "enabled", "record-pending", "add-host"))
ROLES = frozenset(("role", "rsc-role", "with-rsc-role"))
NEW_ROLES = {"Master": "Promoted", "Slave": "Unpromoted"}
CONTAINERS = ("docker", "rkt", "podman")
RESOURCES = frozenset(("primitive", "group"))
TARGET = ("target", "target-pattern", "target-attribute", "target-value")


def canonical(cib: etree._Element) -> bytes:
    """All that exact text must keep: values, ids, inner order, comments and the schema's name."""
    return _bytes(_sorted_siblings(_copy(cib)))


def meaning(cib: etree._Element) -> bytes:
    """All that readable text must keep: like `canonical`, but for what says nothing to the cluster."""
    return _bytes(_sorted_siblings(_bare(_copy(cib))))


def assert_same(a: etree._Element, b: etree._Element) -> None:
    """Fail with a diff where `canonical` differs."""
    _compare(_sorted_siblings(_copy(a)), _sorted_siblings(_copy(b)))


def assert_same_meaning(a: etree._Element, b: etree._Element) -> None:
    """Fail with a diff where `meaning` differs."""
    _compare(_sorted_siblings(_bare(_copy(a))), _sorted_siblings(_bare(_copy(b))))


def _copy(cib: etree._Element) -> etree._Element:
    """A copy of <configuration> with the schema's name, without white space between elements."""
    configuration = cib if cib.tag == "configuration" else cib.find("configuration")
    assert configuration is not None, f"no configuration in {cib.tag!r}"
    parent = configuration.getparent()
    copy = deepcopy(configuration)
    copy.tail = None
    for node in copy.iter():
        if isinstance(node.tag, str):
            node.text = _content(node.text)
        node.tail = _content(node.tail)
    schema = None if parent is None else parent.get("validate-with")
    if schema is not None:
        copy.set("validate-with", schema)
    return copy


def _content(text: str | None) -> str | None:
    return text if text and text.strip() else None


def _sorted_siblings(configuration: etree._Element) -> etree._Element:
    for section in configuration:
        if isinstance(section.tag, str) and section.tag != ONE_OBJECT:
            section[:] = sorted(section, key=_bytes)
    configuration[:] = sorted((node for node in configuration if not _is_empty(node)), key=_section_key)
    return configuration


def _is_empty(section: etree._Element) -> bool:
    return isinstance(section.tag, str) and not len(section) and not section.attrib and not section.text


def _section_key(section: etree._Element) -> tuple[str, bytes]:
    return (section.tag if isinstance(section.tag, str) else "", _bytes(section))


def _bytes(node: etree._Element) -> bytes:
    if not isinstance(node.tag, str):
        return etree.tostring(node, encoding="utf-8", with_tail=False)  # lxml crashes on the C14N of a lone comment
    return etree.tostring(node, method="c14n", with_comments=True)


def _compare(a: etree._Element, b: etree._Element) -> None:
    if _bytes(a) != _bytes(b):
        diff = "\n".join(difflib.unified_diff(_lines(a), _lines(b), "first", "second", lineterm=""))
        raise AssertionError(f"the configurations differ:\n{diff}")


def _lines(node: etree._Element) -> list[str]:
    """For people: indented, one attribute order, with all that is not ASCII as character references."""
    ordered = etree.fromstring(_bytes(node))
    etree.indent(ordered)
    return etree.tostring(ordered, encoding="us-ascii").decode().split("\n")


# What says nothing to the cluster, taken away.


def _bare(configuration: etree._Element) -> etree._Element:
    for comment in list(configuration.iter(etree.Comment)):
        _remove(comment)
    referenced = set(_references(configuration))
    for element in list(configuration.iter(etree.Element)):  # a list, for children change places on the way
        _drop_handle(element, referenced)
        for name, value in element.attrib.items():
            element.set(name, _plain_value(element, name, value))
        _drop_defaults(element)
        if element.tag in REWRITTEN:
            REWRITTEN[str(element.tag)](element)
    return configuration


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def _references(configuration: etree._Element) -> Iterable[str]:
    for element in configuration.iter(etree.Element):
        yield from (value for name, value in element.attrib.items() if name in REFERENCES)
        if element.tag in REFERRING:
            yield element.get("id", "")


def _drop_handle(element: etree._Element, referenced: set[str]) -> None:
    """Ids that nothing refers to are made up anew; those of objects, which are the children of sections, are names.

    Ids that only an XPath of an ACL names do not count as referred to.
    """
    if element.tag in INNER and not _is_object(element) and element.get("id") not in referenced:
        element.attrib.pop("id", None)


def _is_object(element: etree._Element) -> bool:
    section = element.getparent()
    parent = None if section is None else section.getparent()
    return parent is not None and parent.tag == "configuration" and section is not None and section.tag != ONE_OBJECT


def _plain_value(element: etree._Element, name: str, value: str) -> str:
    if name in BOOLEANS:  # XML Schema has two words for each
        return {"1": "true", "0": "false"}.get(value, value)
    if name in ROLES:  # the old names of the same roles
        return NEW_ROLES.get(value, value)
    if name == "score":  # one number, many spellings
        return _plain_score(value)
    if element.tag == "op" and name in ("interval", "timeout") and re.fullmatch("[0-9]+", value):
        return f"{value}s"  # seconds are Pacemaker's unit where there is none
    return value


def _plain_score(value: str) -> str:
    if value == "+INFINITY":
        return "INFINITY"
    return str(int(value)) if re.fullmatch(r"[+-]?[0-9]+", value) else value


def _drop_defaults(element: etree._Element) -> None:
    """Pacemaker takes a missing one as the same."""
    for name, value in element.attrib.items():
        if (element.tag, name, value) in DEFAULTS:
            del element.attrib[name]


def _rule(rule: etree._Element) -> None:
    """A rule without a score has the score 0."""
    if rule.get("score") == "0":
        del rule.attrib["score"]


def _order(order: etree._Element) -> None:
    """`score` is the old way to say `kind`."""
    score = order.attrib.pop("score", None)
    if score is not None:
        order.set("kind", "Optional" if score == "0" else "Mandatory")


def _nvset(nvset: etree._Element) -> None:
    """There is one rule at most: where it stands among the nvpairs says nothing."""
    _move_last(nvset, frozenset(("nvpair",)))


def _parent(parent: etree._Element) -> None:
    """Where the children stand among the attribute sets says nothing; their order among themselves does."""
    _move_last(parent, RESOURCES)


def _bundle(bundle: etree._Element) -> None:
    """There is one of each at most: where they stand says nothing."""
    for tags in (CONTAINERS, ("network",), ("storage",), ("primitive",)):
        _move_last(bundle, frozenset(tags))


def _move_last(parent: etree._Element, tags: frozenset[str]) -> None:
    parent[:] = sorted(parent, key=lambda child: child.tag in tags)


def _topology(topology: etree._Element) -> None:
    """`index` only ranks the levels of a target; what stands first does not matter between targets or ranks."""
    indexes: dict[tuple[str, ...], set[int]] = {}
    for level in topology:
        indexes.setdefault(_target(level), set()).add(int(level.get("index", "0")))
    for level in topology:
        rank = sorted(indexes[_target(level)]).index(int(level.get("index", "0")))
        level.set("index", str(rank + 1))
    topology[:] = sorted(topology, key=lambda level: (_target(level), int(level.get("index", "0"))))


def _target(level: etree._Element) -> tuple[str, ...]:
    return tuple(level.get(name, "") for name in TARGET)


REWRITTEN: dict[str, Callable[[etree._Element], None]] = {
    "rule": _rule,
    "rsc_order": _order,
    "bundle": _bundle,
    "fencing-topology": _topology,
    **dict.fromkeys(("clone", "master", "group"), _parent),
    **dict.fromkeys((*sorted(NVSETS), "cluster_property_set"), _nvset),
}
