"""Help on one option: a cluster option, a meta attribute, an attribute of operations, a parameter of an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmsh_py.command import meanings
from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.output import Record
from crmsh_py.shell.help.blocks import blocks, folded_lines, fragments, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crmsh_py.cib.options import Option
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

FENCER = "pacemaker-fenced"
# the elements whose meta attributes are told apart
TAGS = ("primitive", "group", "clone")
KINDS = {
    "property": "a cluster option: `property {name}=VALUE`",
    "meta": "a meta attribute of resources: `meta {name}=VALUE`",
    "op": "an attribute of operations: `op monitor {name}=VALUE`",
    "parameter": "a parameter of {agent}: `params {name}=VALUE`",
}
_EMPTY: dict[str, Any] = {"required": False, "advanced": False, "deprecated": False, "replaced_with": []}


def property_entry(cx: Context, name: str) -> Record | None:
    """Help on a cluster option, in any of its spellings; None where nobody knows it.

    What it is for is told by Pacemaker's tools, which need no cluster for it.
    """
    from crmsh_py.cib.options import cluster_option

    known = cluster_option(name)
    names = known.names if known else (name,)
    said = _said(cx, "cluster", names)
    if known is None and said is None:
        return None
    facts = {**_of_option(known, names), **(said or {})}
    facts["name"] = name
    facts["other_names"] = [other for other in names if other != name]
    return _record("property", facts, _set_now(cx, name))


def meta_entry(_: Context, name: str) -> Record | None:
    """Help on a meta attribute; None where there is none of this name."""
    from crmsh_py.cib.options import meta_attributes

    found = {tag: one for tag in TAGS for one in meta_attributes(tag) if name in one.names}
    if not found:
        return None
    options = list(dict.fromkeys(found.values()))
    facts = _of_option(options[0], options[0].names)
    if len(options) > 1:
        facts["default"] = ", ".join(f"{one.default} ({tag})" for tag, one in found.items())
    facts["remark"] = "; ".join(filter(None, (one.remark for one in options))) or None
    facts["summary"] = meanings.META_ATTRIBUTES[options[0].name]
    facts["name"] = name
    facts["other_names"] = [other for other in options[0].names if other != name]
    facts["of"] = list(found)
    return _record("meta", facts)


def operation_entry(_: Context, name: str) -> Record | None:
    """Help on an attribute of operations; None where there is none of this name."""
    if name not in meanings.OPERATION_ATTRIBUTES:
        return None
    return _record("op", {"name": name, "summary": meanings.OPERATION_ATTRIBUTES[name]})


def parameter_entry(cx: Context, agent: str, name: str) -> Record:
    """Help on a parameter of an agent. Raises NoSuchObject, and CrmError where the agent does not describe itself."""
    from crmsh_py.command.known import no_such

    about = agent_record(cx, agent).data()
    found = _parameter(about, (name,))
    if found is None and about["name"].startswith("stonith:"):
        # what all fence agents have
        found = _said(cx, FENCER, (name,))
    if found is None:
        error = no_such("parameter", name, (one["name"] for one in about["parameters"]))
        hint = error.problems[0].hint or f"`help {agent}` shows the parameters of {about['name']}"
        problem = error.problems[0]._replace(text=f"{about['name']} has no parameter {name}", hint=hint)
        raise NoSuchObject(problems=[problem])
    return _record("parameter", {**found, "agent": about["name"]})


def agent_record(cx: Context, agent: str) -> Record:
    """What `ra info` says of an agent. Raises as that does."""
    from crmsh_py.levels import load

    record: Record = load("ra").commands["info"].handler(cx, agent)
    return record


def _said(cx: Context, agent: str, names: Iterable[str]) -> dict[str, Any] | None:
    """What Pacemaker itself says of an option; None where it says nothing, or is not installed."""
    try:
        return _parameter(agent_record(cx, agent).data(), names)
    except CrmError:
        return None


def _parameter(about: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any] | None:
    found = {one["name"]: one for one in about["parameters"]}
    return next((dict(found[name]) for name in names if name in found), None)


def _of_option(option: Option | None, names: Iterable[str]) -> dict[str, Any]:
    if option is None:
        return {}
    return {
        "name": next(iter(names)),
        "type": option.type,
        "default": option.default,
        "allowed": list(option.choices),
        "remark": option.remark or None,
    }


def _set_now(cx: Context, name: str) -> str | None:
    """The value that is set, where the configuration is known without reading it for this."""
    from crmsh_py.masks import masked

    cib = cx.seen() if cx.is_typed or cx.is_dirty else None
    if cib is None:
        return None
    from crmsh_py.cib.properties import property_value

    found = property_value(cib, name)
    return masked(name, found.value) if found and found.is_set else None


def _record(kind: str, facts: Mapping[str, Any], value: str | None = None) -> Record:
    data = {
        "kind": kind,
        "name": facts["name"],
        "other_names": facts.get("other_names", []),
        "agent": facts.get("agent"),
        "of": facts.get("of", []),
        "type": facts.get("type"),
        "default": facts.get("default"),
        "allowed": facts.get("allowed", []),
        **{name: facts.get(name, usual) for name, usual in _EMPTY.items()},
        "remark": facts.get("remark"),
        "summary": facts.get("summary", ""),
        "text": facts.get("text", ""),
        "value": value,
    }
    return Record("help.option", lambda: data, lambda: _fragments(data))


def _fragments(data: Mapping[str, Any]) -> Iterator[Fragment]:
    yield from fragments(blocks(f"{data['name']}: {data['summary']}" if data["summary"] else data["name"]))
    yield "", "\n"
    yield from table(_rows(data))
    if data["text"]:
        yield "", f"\n{folded_lines(data['text'])}\n"


def _rows(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "what", KINDS[data["kind"]].format(**data) + (", required" if data["required"] else "")
    if data["of"]:
        yield "of", ", ".join(data["of"])
    if data["allowed"] or data["type"]:
        yield "values", " | ".join(data["allowed"]) or data["type"]
    if data["default"] is not None:
        yield "default", data["default"] or "empty"
    if data["value"] is not None:
        yield "set now", data["value"] or "empty"
    if data["other_names"]:
        yield "also called", ", ".join(data["other_names"])
    if data["deprecated"]:
        yield "deprecated", f"use {', '.join(data['replaced_with'])}" if data["replaced_with"] else "do not use it"
    if data["advanced"]:
        yield "advanced", "most have no use for it"
    if data["remark"]:
        yield "remark", data["remark"]
