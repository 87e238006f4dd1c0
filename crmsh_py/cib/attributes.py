"""Attributes of resources and nodes, one by one: meta attributes, parameters, utilization, node attributes.

An element may have several sets of one kind, some with rules, some borrowed from elsewhere. What holds, rules aside, is
what the set of the highest score says; of two with one score, the last, as Pacemaker has it; `cluster.attributes` reads
those of nodes by the same rule. A value that is there is changed where it stands, in every set of the element's own
that has it; a new one goes to the first of these, and a second set is never made beside one that can take it. What
others borrow, or have permissions for, is not changed behind their backs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.ids import Ids
from crmsh_py.cib.references import Index, ids, object_name, object_of
from crmsh_py.cib.scores import number
from crmsh_py.cib.secrets import APART
from crmsh_py.errors import CrmError, Refused, UsageError
from crmsh_py.masks import is_secret
from crmsh_py.problems import ERROR, Problem, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

# the kinds of sets, as the schema calls them
META, PARAMETERS, UTILIZATION = "meta_attributes", "instance_attributes", "utilization"
_FIRST_PARTS = (META, PARAMETERS, UTILIZATION)
_WITH_ID = etree.XPath("//*[@id=$id]")


def value(el: Element, kind: str, name: str) -> str | None:
    """The value of an attribute in an element's sets, rules aside; None where it is not set."""
    return values(el, kind).get(name)


def values(el: Element, kind: str) -> dict[str, str]:
    """All values in an element's sets of a kind, rules aside, also of those that it borrows."""
    found: dict[str, str] = {}
    for set_ in sorted(el.iterchildren(kind, reversed=True), key=_rank):
        for pair in _meant(set_).iterchildren("nvpair"):
            name, meant = _name(pair), _meant(pair)
            if name and meant.get("value") is not None and not _has_rule(set_):
                found.setdefault(name, meant.get("value", ""))
    return found


def set_value(cib: Cib, el: Element, kind: str, name: str, wanted: str) -> None:
    """Give an attribute of an element a value, within an edit.

    Raises Refused where others would get it too, or where what the element borrows says otherwise; UsageError where the
    value cannot stand in a CIB, CrmError where it is the mask of a secret.
    """
    _check(name, wanted)
    pairs = list(_pairs(el, kind, name))
    if pairs and all(_meant(pair).get("value") == wanted for pair in pairs) and value(el, kind, name) == wanted:
        return
    _refuse_borrowed(el, kind, name, wanted)
    index = Index(cib.configuration)
    _refuse_shared(el, name, pairs, index)
    cib.touch(el)
    fresh = Ids(ids(cib))
    for pair in pairs:
        _change(pair, name, wanted, fresh)
    if not pairs:
        _add(el, kind, name, wanted, fresh, index)


def remove(cib: Cib, el: Element, kind: str, name: str) -> bool:
    """Take an attribute out of an element's own sets, and sets that hold nothing then; whether it was there.

    Raises Refused where others would lose it too, or where what the element borrows has it still.
    """
    pairs = list(_pairs(el, kind, name))
    _refuse_borrowed(el, kind, name, None)
    if not pairs:
        return False
    index = Index(cib.configuration)
    _refuse_shared(el, name, pairs, index, is_going=True)
    cib.touch(el)
    for pair in pairs:
        set_ = pair.getparent()
        if set_ is None:
            continue
        set_.remove(pair)
        if not len(set_) and not index.to(set_.get("id") or ""):
            el.remove(set_)
    return True


# ---- what is there


def _rank(set_: Element) -> int:
    """The place of a set among those of its kind: what has a higher score counts first."""
    return -number(_meant(set_).get("score") or "0")


def _meant(el: Element) -> Element:
    """A set or a pair, or the one that it stands for; itself where that is not there."""
    id_ = el.get("id-ref")
    found = [] if id_ is None else _WITH_ID(el.getroottree(), id=id_)
    return next((one for one in found if one.tag == el.tag), el)


def _name(pair: Element) -> str:
    """The name of a pair; one that is borrowed may have its own."""
    return pair.get("name") or _meant(pair).get("name") or ""


def _has_rule(set_: Element) -> bool:
    return _meant(set_).find("rule") is not None


def _sets(el: Element, kind: str) -> Iterator[Element]:
    """The sets of its own, without a rule."""
    return (one for one in el.iterchildren(kind) if one.get("id-ref") is None and one.find("rule") is None)


def _pairs(el: Element, kind: str, name: str) -> Iterator[Element]:
    return (pair for one in _sets(el, kind) for pair in one.iterchildren("nvpair") if _name(pair) == name)


# ---- what may be changed


def _check(name: str, wanted: str) -> None:
    if is_secret(name) and wanted in APART:
        text = f"the value of {name} is the mask that `show` puts over it"
        raise CrmError(problems=[Problem(ERROR, "masked-value", text, hint="`save` writes it in clear")])
    try:
        etree.Element("nvpair", {"name": name, "value": wanted})
    except ValueError:
        raise UsageError(f"{name}: a character of it cannot stand in a CIB") from None


def _refuse_borrowed(el: Element, kind: str, name: str, wanted: str | None) -> None:
    for set_ in el.iterchildren(kind):
        if set_.get("id-ref") is None or _has_rule(set_):
            continue
        for pair in _meant(set_).iterchildren("nvpair"):
            if _name(pair) == name and _meant(pair).get("value") not in (None, wanted):
                id_ = object_name(object_of(el))
                text = f"{name} of {id_} stands in the set {set_.get('id-ref')}, which it borrows"
                raise Refused(text, hint=f"`configure edit {id_}` can give it a set of its own")


def _refuse_shared(el: Element, name: str, pairs: list[Element], index: Index, is_going: bool = False) -> None:
    """Raise Refused where a change of these pairs is one of other objects; is_going: the pairs are taken out."""
    for pair in pairs:
        set_ = pair.getparent()
        there = [] if set_ is None else index.to(set_.get("id") or "")
        users = [one.el for one in there if one.attribute == "id-ref"]
        # what is borrowed itself has no id that others could mean
        to_pair = index.to(pair.get("id") or "") if pair.get("id-ref") is None else []
        users += [one.el for one in to_pair if is_going or one.attribute == "id-ref"]
        if users := [user for user in users if user not in pairs]:
            id_ = object_name(object_of(el))
            names = listed(object_name(object_of(user)) for user in users)
            text = f"{name} of {id_} is used by {names} too"
            raise Refused(text, hint=f"`configure edit {id_}` can tell them apart")


# ---- what is changed


def _change(pair: Element, name: str, wanted: str, fresh: Ids) -> None:
    """Give a pair a value; one that is borrowed becomes one of its own."""
    set_ = pair.getparent()
    if pair.get("id-ref") is not None and set_ is not None:
        own = {"id": fresh.new(f"{set_.get('id')}-{name}"), "name": name, "value": wanted}
        set_.replace(pair, etree.Element("nvpair", own))
    else:
        pair.set("value", wanted)


def _add(el: Element, kind: str, name: str, wanted: str, fresh: Ids, index: Index) -> None:
    unshared = (one for one in _sets(el, kind) if not _is_lent(one, index))
    set_ = next(unshared, None)
    if set_ is None:
        set_ = etree.Element(kind, {"id": fresh.new(_set_id(el, kind))})
        el.insert(_place(el, kind), set_)
    set_.append(etree.Element("nvpair", {"id": fresh.new(f"{set_.get('id')}-{name}"), "name": name, "value": wanted}))


def _is_lent(set_: Element, index: Index) -> bool:
    return any(one.attribute == "id-ref" for one in index.to(set_.get("id") or ""))


def _set_id(el: Element, kind: str) -> str:
    """As it is typed for resources; as crm_attribute has it for nodes."""
    if el.tag != "node":
        return f"{el.get('id')}-{kind}"
    return f"nodes-{el.get('id')}" + ("" if kind == PARAMETERS else f"-{kind}")


def _place(el: Element, kind: str) -> int:
    """Behind the sets of this kind, else before what is no set; XML comments at the beginning stay there."""
    last = 0
    for index, child in enumerate(el):
        if child.tag in _FIRST_PARTS or not isinstance(child.tag, str):
            last = index + 1
        elif isinstance(child.tag, str):
            break
        if child.tag == kind:
            last = index + 1
    return last
