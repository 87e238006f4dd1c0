"""The XML of crm_mon as values; of the two names that a thing had in the course of time, either."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmsh_py.cluster.state.facts import (
    INFINITY,
    Ban,
    Bundle,
    Clone,
    Failure,
    FenceEvent,
    Group,
    History,
    Node,
    NodeAttribute,
    Operation,
    Options,
    Primitive,
    Replica,
    State,
    Summary,
    Ticket,
    number,
)
from crmsh_py.masks import masked, masked_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

    from crmsh_py.cluster.state.facts import Resource

# names of resources have underscores too
_TASK = r"migrate_(?:to|from)|(?:confirmed-)?(?:pre|post)_notify_[^_]+|[^_]+"
_OP_KEY = rf"(?s)(?P<resource>.+?)_(?P<task>{_TASK})_(?P<ms>\d+)"
_OLD_ROLES = {"Master": "Promoted", "Slave": "Unpromoted"}


def read(root: Element) -> State | None:
    """The state in crm_mon's answer; None where it has none, as when the CIB could not be read."""
    summary = root.find("summary")
    if summary is None:
        return None
    nodes = tuple(read_nodes(root))
    return State(
        _summary(summary, root.find("pacemakerd"), nodes),
        nodes,
        tuple(read_resources(root)),
        tuple(_failure(el) for el in root.iterfind("failures/failure")),
        tuple(_fence_event(el) for el in root.iterfind("fence_history/fence_event")),
        tuple(_ban(el) for el in root.iterfind("bans/ban")),
        tuple(_ticket(el) for el in root.iterfind("tickets/ticket")),
        tuple(_attributes(root)),
        tuple(_history(root)),
    )


def read_nodes(parent: Element | None) -> Iterator[Node]:
    """The nodes in an element that crm_mon or crm_simulate writes."""
    return (_node(el) for el in (() if parent is None else parent.iterfind("nodes/node")))


def read_resources(parent: Element | None) -> Iterator[Resource]:
    """The resources in such an element."""
    return _resources(None if parent is None else parent.find("resources"))


def _summary(el: Element, pacemakerd: Element | None, nodes: Iterable[Node]) -> Summary:
    dc = _child(el, "current_dc")
    has_dc = _is(dc, "present")
    change = _child(el, "last_change")
    resources = _child(el, "resources_configured")
    return Summary(
        _child(el, "stack").get("type", ""),
        None if pacemakerd is None else pacemakerd.get("state"),
        dc.get("name") if has_dc else None,
        dc.get("version") if has_dc else None,
        _is(dc, "with_quorum") if has_dc else None,
        _is(dc, "mixed_version") and _is_mixed(nodes),
        _child(el, "last_update").get("time", ""),
        change.get("time", ""),
        change.get("user", ""),
        change.get("client", ""),
        change.get("origin", ""),
        _number(_child(el, "nodes_configured"), "number"),
        _number(resources, "number"),
        _number(resources, "disabled"),
        _number(resources, "blocked"),
        _options(_child(el, "cluster_options")),
    )


def _is_mixed(nodes: Iterable[Node]) -> bool:
    """Whether it is not only that nodes which are joining have not told their version yet."""
    nodes = list(nodes)
    joined = {node.feature_set for node in nodes if node.online and not node.pending and node.feature_set}
    return len(joined) > 1 or not any(node.pending for node in nodes)


def _options(el: Element) -> Options:
    return Options(
        _is(el, "fencing-enabled", "stonith-enabled"),
        _is(el, "symmetric-cluster"),
        el.get("no-quorum-policy", ""),
        _is(el, "maintenance-mode"),
        _is(el, "stop-all-resources"),
        _number(el, "fencing-timeout-ms", "stonith-timeout-ms"),
        _number(el, "priority-fencing-delay-ms"),
    )


def _node(el: Element) -> Node:
    container = el.get("id_as_resource") or el.get("container_id")
    return Node(
        el.get("name", ""),
        el.get("id", ""),
        "guest" if container else el.get("type", "unknown"),
        container,
        _is(el, "online"),
        _is(el, "standby"),
        _is(el, "standby_onfail"),
        _is(el, "maintenance"),
        _is(el, "pending"),
        _is(el, "unclean"),
        _is(el, "shutdown"),
        _is(el, "expected_up"),
        _is(el, "is_dc"),
        el.get("health", ""),
        _number(el, "resources_running"),
        el.get("feature_set", ""),
    )


# ---- resources


def _resources(parent: Element | None) -> Iterator[Resource]:
    for el in () if parent is None else parent:
        if el.tag == "resource":
            yield _primitive(el)
        elif el.tag == "group":
            yield _group(el)
        elif el.tag == "clone":
            yield _clone(el)
        elif el.tag == "bundle":
            yield _bundle(el)


def _primitive(el: Element) -> Primitive:
    target_role = _role(el.get("target_role"))
    return Primitive(
        el.get("id", ""),
        el.get("resource_agent", ""),
        _role(el.get("role")) or "",
        target_role,
        tuple(node.get("name", "") for node in el.iterfind("node")),
        _is(el, "active"),
        _is(el, "managed"),
        _is(el, "maintenance"),
        target_role == "Stopped",
        _is(el, "blocked"),
        _is(el, "failed"),
        _is(el, "failure_ignored"),
        _is(el, "removed", "orphaned"),
        el.get("pending"),
        el.get("locked_to"),
    )


def _group(el: Element) -> Group:
    return Group(
        el.get("id", ""),
        _is(el, "managed"),
        _is(el, "maintenance"),
        _is(el, "disabled"),
        tuple(_primitive(member) for member in el.iterfind("resource")),
    )


def _clone(el: Element) -> Clone:
    target_role = _role(el.get("target_role"))
    return Clone(
        el.get("id", ""),
        _is(el, "promotable", "multi_state"),
        _is(el, "unique"),
        _is(el, "managed"),
        _is(el, "maintenance"),
        # to be demoted is no reason not to run
        _is(el, "disabled") and target_role != "Unpromoted",
        _is(el, "failed"),
        _is(el, "failure_ignored"),
        target_role,
        tuple(_resources(el)),
    )


def _bundle(el: Element) -> Bundle:
    return Bundle(
        el.get("id", ""),
        el.get("type", ""),
        el.get("image", ""),
        _is(el, "unique"),
        _is(el, "managed"),
        _is(el, "maintenance"),
        _is(el, "failed"),
        tuple(
            Replica(_number(replica, "id"), tuple(_primitive(one) for one in replica.iterfind("resource")))
            for replica in el.iterfind("replica")
        ),
    )


def _role(said: str | None) -> str | None:
    """A role as it is called today; target roles stand in the CIB in any case."""
    if said is None:
        return None
    name = said.capitalize()
    return _OLD_ROLES.get(name, name)


# ---- what happened


def _failure(el: Element) -> Failure:
    op_key = el.get("op_key", el.get("id", ""))
    parts = re.fullmatch(_OP_KEY, op_key)
    return Failure(
        op_key,
        parts["resource"] if parts else op_key,
        el.get("task") or (parts["task"] if parts else ""),
        _number(el, "interval") or (int(parts["ms"]) if parts else 0),
        el.get("node", ""),
        el.get("exitstatus", ""),
        _number(el, "exitcode"),
        _reason(el.get("exitreason", "")),
        el.get("status", ""),
        _number(el, "call"),
        el.get("last-rc-change", ""),
        _number(el, "exec") if el.get("exec") else None,
    )


def _fence_event(el: Element) -> FenceEvent:
    return FenceEvent(
        el.get("action", ""),
        el.get("target", ""),
        el.get("status", ""),
        _reason(el.get("exit-reason", "")),
        el.get("delegate", ""),
        el.get("client", ""),
        el.get("origin", ""),
        el.get("completed", ""),
    )


def _reason(said: str) -> str:
    """What an agent gave as its reason, which may quote what it was configured with."""
    return "" if said == "none" else masked_line(said)


def _ban(el: Element) -> Ban:
    return Ban(
        el.get("id", ""),
        el.get("resource", ""),
        el.get("node", ""),
        _number(el, "weight"),
        _is(el, "promoted-only", "master_only"),
    )


def _ticket(el: Element) -> Ticket:
    return Ticket(el.get("id", ""), el.get("status", ""), _is(el, "standby"), el.get("last-granted", ""))


def _attributes(root: Element) -> Iterator[NodeAttribute]:
    for node in root.iterfind("node_attributes/node"):
        for el in node.iterfind("attribute"):
            name = el.get("name", "")
            value = masked(name, el.get("value", ""))
            yield NodeAttribute(node.get("name", ""), name, value, el.get("expected", ""))


def _history(root: Element) -> Iterator[History]:
    for node in root.iterfind("node_history/node"):
        for el in node.iterfind("resource_history"):
            yield History(
                node.get("name", ""),
                el.get("id", ""),
                _is(el, "removed", "orphan"),
                _score(el, "migration-threshold") or INFINITY,
                _score(el, "fail-count"),
                el.get("last-failure", ""),
                tuple(_operation(one) for one in el.iterfind("operation_history")),
            )


def _operation(el: Element) -> Operation:
    return Operation(
        _number(el, "call"),
        el.get("task", ""),
        _milliseconds(el, "interval"),
        _number(el, "rc"),
        el.get("rc_text", ""),
        el.get("last-rc-change", ""),
        _milliseconds(el, "exec-time"),
        _milliseconds(el, "queue-time"),
    )


# ---- attributes of elements


def _milliseconds(el: Element, name: str) -> int:
    """A time as crm_mon writes it, `2044ms`."""
    said = el.get(name, "").removesuffix("ms")
    return int(said) if said.isdecimal() else 0


def _score(el: Element, name: str) -> int:
    return number(el.get(name, "0"))


def _child(el: Element, tag: str) -> Element:
    """The child of this name; where there is none, an element that says nothing."""
    child = el.find(tag)
    return el.makeelement(tag, {}) if child is None else child


def _is(el: Element, *names: str) -> bool:
    """Whether an attribute is true, the first of these names that is there."""
    return next((el.get(name) == "true" for name in names if name in el.attrib), False)


def _number(el: Element, *names: str) -> int:
    """The number in an attribute, the first of these names that is there; 0 where there is none."""
    said = next((el.get(name, "") for name in names if name in el.attrib), "")
    return int(said) if said.lstrip("-").isdecimal() else 0
