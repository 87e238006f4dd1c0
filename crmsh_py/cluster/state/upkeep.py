"""Which resources are in maintenance by what the configuration says of them: older versions of crm_mon tell only
that they are not managed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.asking import query
from crmsh_py.cluster.booleans import TRUE
from crmsh_py.cluster.state.facts import base_id, number
from crmsh_py.errors import Cancelled, CrmError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

_RESOURCES = ("primitive", "group", "clone", "master", "bundle")
_DEFAULTS = "rsc_defaults"
_CONFIGURED = f"configuration/resources|configuration/{_DEFAULTS}"
# what one of the two says may be about the other
_SAYS_IT = f"../*[self::resources or self::{_DEFAULTS}]//nvpair[@name='maintenance']"
_SECONDS = 10.0


def complete(root: Element, environ: Mapping[str, str | None], seconds: float) -> bool:
    """Add to the answer of crm_mon, where it does not tell, which resources are in maintenance; whether any is.

    environ: selects the CIB, which is read a second time, only where something is not managed. seconds: how long that
    may take; nothing is added where it takes longer.
    """
    silent = [el for el in root.iter() if el.get("managed") == "false" and "maintenance" not in el.attrib]
    if not silent or seconds <= 0:
        return False
    try:
        ids = set(_in_maintenance(query(_CONFIGURED, environ, min(seconds, _SECONDS), where=_SAYS_IT)))
    except Cancelled:
        raise
    except CrmError:
        return False
    found = [el for el in silent if not ids.isdisjoint((el.get("id", ""), base_id(el.get("id", ""))))]
    for el in found:
        el.set("maintenance", "true")
    return bool(found)


def _in_maintenance(sections: Sequence[Element]) -> Iterator[str]:
    """The ids of the resources in these sections of the configuration for which maintenance is true, rules aside.

    What is nearest to a resource counts, as `cib.inherited` has it: what it says itself, its template, what it is in,
    the defaults.
    """
    by_id = {el.get("id", ""): el for section in sections for el in section.iter() if "id" in el.attrib}
    defaults = [_said(section, by_id) for section in sections if section.tag == _DEFAULTS]
    for section in sections:
        if section.tag != _DEFAULTS:
            yield from _kept(section, next(iter(defaults), None), by_id)


def _kept(parent: Element, around: str | None, by_id: Mapping[str, Element]) -> Iterator[str]:
    """The ids in this of those for which maintenance is true; around: what holds where they do not say."""
    for el in parent:
        if el.tag in _RESOURCES:
            sources = (one for one in (el, by_id.get(el.get("template", ""))) if one is not None)
            said = next((said for one in sources if (said := _said(one, by_id)) is not None), around)
            if said is not None and said.lower() in TRUE:
                yield el.get("id", "")
            yield from _kept(el, said, by_id)


def _said(el: Element, by_id: Mapping[str, Element]) -> str | None:
    """What the sets of an element say: of those without a rule, that of the highest score; of equals, the last."""
    sets = [_meant(one, by_id) for one in reversed(el.findall("meta_attributes"))]
    for set_ in sorted(sets, key=lambda one: -number(one.get("score", "0"))):
        for pair in () if set_.find("rule") is not None else set_.iterfind("nvpair"):
            meant = _meant(pair, by_id)
            if (pair.get("name") or meant.get("name")) == "maintenance" and "value" in meant.attrib:
                return meant.get("value")
    return None


def _meant(el: Element, by_id: Mapping[str, Element]) -> Element:
    """A set or a pair, or the one that it stands for; itself where that is not there."""
    found = by_id.get(el.get("id-ref", ""))
    return el if found is None or found.tag != el.tag else found
