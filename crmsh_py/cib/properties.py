"""Cluster properties as Pacemaker reads them: the value that counts of those that are set, else the default."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cib.options import cluster_option, cluster_option_names
from crmsh_py.cib.scores import number
from crmsh_py.cluster.booleans import FALSE, TRUE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

BOOTSTRAP_SET = "cib-bootstrap-options"


class Value(NamedTuple):
    """The value of a property; `is_set`: it stands in the configuration, under the name `name`."""

    name: str
    value: str
    is_set: bool


def property_value(cib: Cib, name: str) -> Value | None:
    """The value of a cluster property, in any of its spellings; None for one that is not set and has no default.

    Sets count as Pacemaker reads them: cib-bootstrap-options first, then by score, the last one of equals. What a rule
    decides is asked after all that always holds.
    """
    option = cluster_option(name)
    names = option.names if option else (name,)
    known = set_properties(cib)
    for spelling in names:
        if spelling in known:
            return Value(spelling, known[spelling], True)
    if option is None or option.default is None:
        return None
    return Value(name, option.default, False)


def set_properties(cib: Cib) -> dict[str, str]:
    """The properties that are set, by name, each with the value that counts."""
    section = cib.section("crm_config")
    if section is None:
        return {}
    by_id = {el.get("id"): el for el in section.iter("cluster_property_set", "nvpair") if el.get("id")}
    sets = [by_id.get(one.get("id-ref") or "", one) for one in section.iterchildren("cluster_property_set")]
    found: dict[str, str] = {}
    # of equals Pacemaker takes the last one, and the sort keeps their order
    sets.reverse()
    for one in sorted(sets, key=_precedence):
        for pair in one.iterchildren("nvpair"):
            target = by_id.get(pair.get("id-ref") or "", pair)
            name, value = pair.get("name") or target.get("name"), target.get("value")
            if name and value is not None:
                found.setdefault(name, value)
    return found


def names(cib: Cib) -> list[str]:
    """What can be asked for: what is set, and every property that Pacemaker knows, sorted."""
    return sorted({*cluster_option_names(), *set_properties(cib)})


def is_false(value: str) -> bool:
    """Whether a value is one of Pacemaker's words for false."""
    return value.lower() in FALSE


def is_true(value: str) -> bool:
    """Whether a value is one of Pacemaker's words for true."""
    return value.lower() in TRUE


def _precedence(one: Element) -> tuple[bool, bool, int]:
    return one.find("rule") is not None, one.get("id") != BOOTSTRAP_SET, -number(one.get("score", "0"))
