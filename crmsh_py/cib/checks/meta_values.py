"""Values of meta attributes that Pacemaker cannot read: it takes others in their place, and says so only in its log."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from crmsh_py.cib import options
from crmsh_py.cib.durations import milliseconds
from crmsh_py.cluster.booleans import FALSE, TRUE
from crmsh_py.problems import WARNING, Problem, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cib.checks.survey import Survey

_SCORE = re.compile(r"\s*[+-]?(\d+|INF(INITY)?)\s*", re.IGNORECASE)
_INTEGER = re.compile(r"\s*[+-]?\d+\s*")
_WANTED = {
    options.SCORE: "a score, a whole number or INFINITY",
    options.INTEGER: "a whole number",
    options.BOOLEAN: "true or false",
    options.DURATION: "a duration, such as 30s or 5min",
}


def meta_values(survey: Survey) -> Iterator[Problem]:
    """The values of resources and of rsc_defaults, by the types of Pacemaker's options."""
    for id_, el in survey.resources.items():
        for own in el.iterchildren("meta_attributes"):
            yield from _unreadable(survey.pairs(own), str(el.tag), id_)
    section = survey.cib.section("rsc_defaults")
    for own in () if section is None else section.iterchildren("meta_attributes"):
        yield from _unreadable(survey.pairs(own), "rsc_defaults", own.get("id") or "rsc_defaults")


def _unreadable(given: Iterable[tuple[str, str | None]], tag: str, id_: str) -> Iterator[Problem]:
    for name, value in given:
        option = _by_name(tag).get(name)
        if option is None or value is None or _is_readable(option, value):
            continue
        wanted = _WANTED.get(option.type) or listed(option.choices, "or")
        text = f"{id_}: Pacemaker cannot read {name}={value}"
        yield Problem(WARNING, "unreadable-value", text, hint=f"it is {wanted}", object_id=id_)


@cache
def _by_name(tag: str) -> dict[str, options.Option]:
    return {name: option for option in options.meta_attributes(tag) for name in option.names}


def _is_readable(option: options.Option, value: str) -> bool:
    if option.type == options.SCORE:
        return _SCORE.fullmatch(value) is not None
    if option.type == options.INTEGER:
        return _INTEGER.fullmatch(value) is not None
    if option.type == options.BOOLEAN:
        return value.lower() in (*TRUE, *FALSE)
    if option.type == options.DURATION:
        return milliseconds(value) is not None
    # of a wrong target-role, crm_verify says more
    return option.type != options.CHOICE or option.name == "target-role" or value.lower() in option.choices
