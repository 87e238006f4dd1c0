"""Constraints on what they cannot place, or not alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.problems import ERROR, WARNING, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.checks.survey import Survey

REFERENCES = ("rsc", "with-rsc", "first", "then")


def locations(survey: Survey) -> Iterator[Problem]:
    """Nodes that a location constraint names and the cluster does not have."""
    section = survey.cib.section("constraints")
    for el in () if section is None else section.iterchildren("rsc_location"):
        id_ = el.get("id", "")
        named = [el.get("node")]
        named += [one.get("value") for one in el.iter("expression") if _names_a_node(one)]
        for name in dict.fromkeys(named):
            yield from unknown_node(survey, name, id_)


def _names_a_node(expression: Element) -> bool:
    return expression.get("attribute") == "#uname" and expression.get("operation") in ("eq", "ne")


def unknown_node(survey: Survey, name: str | None, where: str) -> Iterator[Problem]:
    """A warning only: a node may join later. A CIB without any nodes is not of a cluster yet."""
    if not name or not survey.has_nodes or name in survey.nodes or _is_of_bundle(survey, name):
        return
    hint = did_you_mean(name, sorted(survey.nodes))
    yield Problem(WARNING, "unknown-node", f"{where}: the node {name} does not exist", hint=hint, object_id=where)


def _is_of_bundle(survey: Survey, name: str) -> bool:
    """The replicas of a bundle are nodes: BUNDLE-0, BUNDLE-1 ..."""
    bundle = survey.resources.get(name.rpartition("-")[0])
    return bundle is not None and bundle.tag == "bundle"


def constrained(constraint: Element) -> Iterator[str]:
    """The ids of the resources and tags that a constraint names, each once."""
    named = [constraint.get(name) for name in REFERENCES]
    named += [member.get("id") for member in constraint.iterfind("resource_set/resource_ref")]
    yield from dict.fromkeys(id_ for id_ in named if id_)


def stand_ins(survey: Survey) -> Iterator[Problem]:
    """Constraints on a template or tag that stands for what is inside a clone or bundle, where nothing has a name."""
    section = survey.cib.section("constraints")
    named = _stand_for(survey) if section is not None else {}
    for el in () if section is None else section.iterchildren("*"):
        for name in constrained(el):
            clones = {id_: clone for id_ in named.get(name, ()) if (clone := _cloned_by(survey, id_))}
            if not clones:
                continue
            kind = "template" if name in survey.resources else "tag"
            others = " and ".join(dict.fromkeys(clones.get(id_, id_) for id_ in named[name]))
            inside = " and ".join(f"{id_} in {clone}" for id_, clone in clones.items())
            outside = " and ".join(dict.fromkeys(clones.values()))
            hint = f"name {others} instead of {name}" if kind == "template" else f"let the tag name {others}"
            text = f"{el.get('id')}: the {kind} {name} stands for {inside}, and a constraint can only be on {outside}"
            yield Problem(ERROR, "constraint-on-member", text, hint=hint, object_id=el.get("id", ""))


def _stand_for(survey: Survey) -> dict[str, list[str]]:
    """What templates and tags stand for."""
    found: dict[str, list[str]] = {}
    for el in survey.primitives:
        if "template" in el.attrib:
            found.setdefault(el.get("template", ""), []).append(el.get("id", ""))
    section = survey.cib.section("tags")
    for tag in () if section is None else section.iterchildren("tag"):
        found[tag.get("id", "")] = [member.get("id", "") for member in tag.iterchildren("obj_ref")]
    return found


def _cloned_by(survey: Survey, id_: str) -> str | None:
    """The clone or bundle that a resource is in."""
    resource = survey.resources.get(id_)
    containers = () if resource is None else survey.containers(resource)
    return next((one.get("id") for one in containers if one.tag != "group"), None)


def members(survey: Survey) -> Iterator[Problem]:
    """Constraints on a member where its container is meant.

    The child of a clone or bundle has no instance of its own name. A colocation with a member of a group is one with
    the group, less what stands behind it; a location, an order or a ticket of a member has a meaning of its own.
    """
    section = survey.cib.section("constraints")
    for el in () if section is None else section.iterchildren("*"):
        id_ = el.get("id", "")
        for rsc in constrained(el):
            resource = survey.resources.get(rsc)
            inside = [] if resource is None else list(survey.containers(resource))
            clone = next((one for one in inside if one.tag != "group"), None)
            if clone is not None:
                is_what, kind = ("in a bundle", "bundle") if clone.tag == "bundle" else ("cloned", "clone")
                text = f"{id_}: {rsc} is {is_what}, and a constraint can only be on the {kind}"
                yield _on_member(id_, text, clone)
            elif inside and inside[0].tag == "group" and el.tag == "rsc_colocation":
                yield _on_member(
                    id_, f"{id_}: {rsc} is a member of a group, and the colocation moves all of it", inside[0]
                )


def _on_member(id_: str, text: str, container: Element) -> Problem:
    return Problem(WARNING, "constraint-on-member", text, hint=f"name {container.get('id')} instead", object_id=id_)
