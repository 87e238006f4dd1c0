"""Which resources are in maintenance by what the configuration says of them: older versions of crm_mon tell only
that they are not managed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.asking import query
from crmsh_py.cluster.state.facts import base_id
from crmsh_py.errors import Cancelled, CrmError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

_RESOURCES = ("primitive", "group", "clone", "master", "bundle")
_CONFIGURED = "configuration/resources//*"
_SAYS_IT = "meta_attributes/nvpair[@name='maintenance']"
_TRUE = ("true", "on", "yes", "y", "1")
_SECONDS = 10.0


def complete(root: Element, environ: Mapping[str, str | None]) -> bool:
    """Add to the answer of crm_mon, where it does not tell, which resources are in maintenance; whether any is.

    environ: selects the CIB, which is read a second time, only where something is not managed.
    """
    silent = [el for el in root.iter() if el.get("managed") == "false" and "maintenance" not in el.attrib]
    if not silent:
        return False
    try:
        ids = {id_ for el in query(_CONFIGURED, environ, _SECONDS, where=_SAYS_IT) for id_ in _kept(el, "false")}
    except Cancelled:
        raise
    except CrmError:
        return False
    found = [el for el in silent if not ids.isdisjoint((el.get("id", ""), base_id(el.get("id", ""))))]
    for el in found:
        el.set("maintenance", "true")
    return bool(found)


def _kept(el: Element, around: str) -> Iterator[str]:
    """The ids of a resource, and of those in it, for which maintenance is true; around: what holds where it is."""
    said = [
        pair.get("value", "")
        for set_ in el.iterfind("meta_attributes")
        for pair in set_.iterfind("nvpair[@name='maintenance']")
        if set_.find("rule") is None
    ]
    here = said[-1] if said else around
    if here.lower() in _TRUE:
        yield el.get("id", "")
    for child in el:
        if child.tag in _RESOURCES:
            yield from _kept(child, here)
