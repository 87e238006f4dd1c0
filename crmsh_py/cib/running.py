"""What resources are meant to do: target-role, is-managed and maintenance, in the containers that they belong to.

What is said of the resource of a clone or a bundle is said of the container, as for all its instances; what is said of
a member of a group is the member's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib import attributes
from crmsh_py.cib.attributes import META
from crmsh_py.cib.document import CONTAINERS, RESOURCES
from crmsh_py.cib.infer import NEW_ROLES, OLD_ROLES, knows_promoted
from crmsh_py.cluster.booleans import TRUE
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

    Question = Callable[[str], bool]
    # values of target-role by the ids of their nvpairs; the ids of sets of meta attributes stand there too
    Values = dict[str, str]

TARGET_ROLE, IS_MANAGED, MAINTENANCE = "target-role", "is-managed", "maintenance"
STARTED, STOPPED, PROMOTED, UNPROMOTED = "Started", "Stopped", "Promoted", "Unpromoted"
YES, NO = "true", "false"

_OF_INSTANCES = ("clone", "master", "bundle")
# each of these keeps a resource from being managed, whatever the other one says
_UNMANAGED = {IS_MANAGED: NO, MAINTENANCE: YES}
# with these, more runs than before
_POSITIVE = ((TARGET_ROLE, STARTED), (TARGET_ROLE, PROMOTED), (IS_MANAGED, YES), (MAINTENANCE, NO))
_THEN = {
    (TARGET_ROLE, STOPPED): "stays stopped",
    (TARGET_ROLE, STARTED): "goes on running where it can",
    (TARGET_ROLE, PROMOTED): "may go on being promoted",
    (TARGET_ROLE, UNPROMOTED): "is not promoted",
    (IS_MANAGED, NO): "stays unmanaged",
    (IS_MANAGED, YES): "stays managed",
    (MAINTENANCE, YES): "stays in maintenance",
    (MAINTENANCE, NO): "stays out of maintenance",
}
# the first feature set of a cluster whose programs know the roles of OCF 1.1
_WITH_PROMOTED = (3, 9)


def holder(el: Element) -> Element:
    """The resource whose attributes say what a resource does: the clone or bundle that it is in, else itself."""
    parent = el.getparent()
    return parent if parent is not None and parent.tag in _OF_INSTANCES else el


def is_promotable(el: Element) -> bool:
    """Whether the instances of a resource can be promoted: of a clone or a bundle that says so."""
    if el.tag == "clone":
        return _is_true(attributes.value(el, META, "promotable"))
    if el.tag == "bundle":
        numbers = (part.get("promoted-max") or part.get("masters") or "0" for part in el)
        return any(number.isdecimal() and int(number) > 0 for number in numbers)
    return el.tag == "master"


def role_name(cib: Cib, role: str) -> str:
    """A role under the name that all nodes of the cluster know: before Pacemaker 2.1, Promoted is Master."""
    major, _, minor = (cib.root.get("crm_feature_set") or "").partition(".")
    minor = minor.partition(".")[0]
    if major.isdecimal() and minor.isdecimal():
        knows = (int(major), int(minor)) >= _WITH_PROMOTED
    else:
        knows = knows_promoted(cib.schema)
    return role if knows else OLD_ROLES.get(role, role)


def wish(
    cib: Cib, els: Iterable[Element], name: str, wanted: str, *, of_members: Question, of_others: Question
) -> list[Problem]:
    """Set target-role, is-managed or maintenance of resources, each in its holder, within an edit. Gives notes.

    of_members: whether the value of a member is removed that is against the wanted one; of_others: the same for
    maintenance beside is-managed, and the other way round. Both get the question.
    """
    notes: list[Problem] = []
    for el in els:
        home = holder(el)
        attributes.set_value(cib, home, META, name, role_name(cib, wanted))
        if home is not el:
            text = f"{name}={wanted} is set on the {home.tag!s} {home.get('id')}, which contains {el.get('id')}"
            notes.append(_note(text, home))
        notes += _of_instances(cib, home, name)
        notes += _of_members(cib, home, name, wanted, of_members)
        notes += _of_containers(home, name, wanted)
        notes += _of_the_other(cib, home, name, wanted, of_others)
    return notes


def _of_instances(cib: Cib, home: Element, name: str) -> Iterator[Problem]:
    """What stands in a clone or a bundle has no value of its own, which would count more."""
    for inner in _resources_in(home) if home.tag in _OF_INSTANCES else ():
        old = attributes.value(inner, META, name)
        if attributes.remove(cib, inner, META, name):
            yield _note(f"{name}={old} of {inner.get('id')} is removed: it is set on {home.get('id')} now", inner)


def _of_members(cib: Cib, home: Element, name: str, wanted: str, is_to_go: Question) -> Iterator[Problem]:
    for member in home.iterdescendants(*RESOURCES):
        value = attributes.value(member, META, name)
        if value is None or _agree(name, value, wanted):
            continue
        id_, container = member.get("id"), member.getparent()
        where = f"{id_} in {'' if container is None else container.get('id')}"
        then = _THEN.get((name, meaning(name, value)), "goes its own way")
        if is_to_go(f"{where} has {name}={value}, and {then}. Remove it?"):
            attributes.remove(cib, member, META, name)
            yield _note(f"{name}={value} of {id_} is removed", member)
        else:
            yield Problem(INFO, "keeps-value", f"{where} keeps {name}={value}, and {then}", object_id=id_)


def _of_containers(home: Element, name: str, wanted: str) -> Iterator[Problem]:
    """A value of a container, which the members that have none follow, is not what counts for this one."""
    for container in home.iterancestors(*CONTAINERS) if (name, wanted) in _POSITIVE else ():
        value = attributes.value(container, META, name)
        if value is not None and not _agree(name, value, wanted):
            yield Problem(
                INFO,
                "keeps-value",
                f"{home.get('id')} has {name}={wanted} now, but {container.get('id')}, which it is in, {name}={value}",
                object_id=container.get("id"),
            )


def _of_the_other(cib: Cib, home: Element, name: str, wanted: str, is_to_go: Question) -> Iterator[Problem]:
    """is-managed=false beside maintenance=false, maintenance=true beside is-managed=true: it stays unmanaged."""
    other = {IS_MANAGED: MAINTENANCE, MAINTENANCE: IS_MANAGED}.get(name)
    if other is None or (name, wanted) not in _POSITIVE:
        return
    value = attributes.value(home, META, other)
    if value is None or meaning(other, value) != _UNMANAGED[other]:
        return
    id_ = home.get("id")
    if is_to_go(f"{id_} has {other}={value} too, and stays unmanaged with it. Remove it?"):
        attributes.remove(cib, home, META, other)
        yield _note(f"{other}={value} of {id_} is removed", home)
    else:
        text = f"{id_} keeps {other}={value}, and stays unmanaged as long as it does"
        yield Problem(INFO, "keeps-value", text, object_id=id_)


def target_roles(els: Iterable[Element]) -> Values:
    """The target-role of resources and of all that is in them, for `put_back`."""
    return {part.get("id") or "": part.get("value") or "" for el in els for part in _sets_and_target_roles(el)}


def stop_all(cib: Cib, els: Iterable[Element]) -> None:
    """Give holders, and what is in them and says otherwise, target-role=Stopped, within an edit."""
    for el in els:
        cib.touch(el)
        for part in _sets_and_target_roles(el):
            if part.tag == "nvpair":
                part.set("value", STOPPED)
        attributes.set_value(cib, el, META, TARGET_ROLE, STOPPED)


def put_back(cib: Cib, els: Iterable[Element], before: Values) -> None:
    """Give holders, and what is in them, the target-role that they had before `stop_all`, or none, within an edit."""
    for el in els:
        cib.touch(el)
        for part in _sets_and_target_roles(el):
            parent = part.getparent()
            if part.tag == "nvpair" and part.get("id") in before:
                part.set("value", before[part.get("id") or ""])
            elif part.tag == "nvpair" and parent is not None and parent.getparent() is el:
                parent.remove(part)
                if not len(parent) and parent.get("id") not in before:
                    el.remove(parent)


def _sets_and_target_roles(el: Element) -> list[Element]:
    """The sets of meta attributes in a resource and in all that is in it, where no rule decides, and target-role."""
    sets = [one for one in el.iter(META) if one.find("rule") is None]
    return [*sets, *(pair for one in sets for pair in one.iterchildren("nvpair") if pair.get("name") == TARGET_ROLE)]


def _resources_in(el: Element) -> Iterator[Element]:
    return el.iterchildren(*RESOURCES)


def _agree(name: str, value: str, wanted: str) -> bool:
    meanings = {meaning(name, value), meaning(name, wanted)}
    # Started lets a resource be promoted too
    return len(meanings) == 1 or meanings == {STARTED, PROMOTED}


def meaning(name: str, value: str) -> str:
    """What a value of these attributes means, in one of the words above; an unknown role is itself."""
    if name == TARGET_ROLE:
        role = value.capitalize()
        return NEW_ROLES.get(role, role)
    return YES if _is_true(value) else NO


def _is_true(value: str | None) -> bool:
    return (value or "").lower() in TRUE


def _note(text: str, el: Element) -> Problem:
    return Problem(INFO, "note", text, object_id=el.get("id"))
