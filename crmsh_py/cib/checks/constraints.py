"""Constraints on what they cannot place, or not alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.problems import WARNING, Problem

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
    from difflib import get_close_matches  # heavy

    near = get_close_matches(name, sorted(survey.nodes), 1)
    hint = f"did you mean {near[0]}?" if near else None
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


def members(survey: Survey) -> Iterator[Problem]:
    """Constraints on a member where its container is meant.

    The child of a clone has no instance of its own name. A colocation with a member of a group is one with the group,
    less what stands behind it; a location, an order or a ticket of a member has a meaning of its own.
    """
    section = survey.cib.section("constraints")
    for el in () if section is None else section.iterchildren("*"):
        id_ = el.get("id", "")
        for rsc in constrained(el):
            resource = survey.resources.get(rsc)
            inside = [] if resource is None else list(survey.containers(resource))
            clone = next((one for one in inside if one.tag in ("clone", "master")), None)
            if clone is not None:
                text = f"{id_}: {rsc} is cloned, and a constraint can only be on the clone"
                yield _on_member(id_, text, clone)
            elif inside and inside[0].tag == "group" and el.tag == "rsc_colocation":
                yield _on_member(
                    id_, f"{id_}: {rsc} is a member of a group, and the colocation moves all of it", inside[0]
                )


def _on_member(id_: str, text: str, container: Element) -> Problem:
    return Problem(WARNING, "constraint-on-member", text, hint=f"name {container.get('id')} instead", object_id=id_)
