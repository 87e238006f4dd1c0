"""What an agent says of itself to people: all that stands in its metadata."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.agents.agent import actions_of, is_true, parameters_of, root_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from crmsh_py.cluster.agents.agent import Action, Parameter

# how Pacemaker's daemons said it before they had an attribute for it
_ADVANCED = re.compile(r"\W*advanced use only\W*", re.IGNORECASE)
_DEPRECATED = re.compile(r"\W*deprecated\W+", re.IGNORECASE)


class Described(NamedTuple):
    """A parameter, with its summary and its text; is_advanced: most have no use for it. allowed: its legal values."""

    facts: Parameter
    summary: str
    text: str
    is_advanced: bool
    allowed: tuple[str, ...]


class Description(NamedTuple):
    """An agent, or what takes parameters as one. summary, text: what it is, in one line and in more; "" if unsaid."""

    name: str
    version: str
    summary: str
    text: str
    parameters: tuple[Described, ...]
    actions: tuple[Action, ...]


def description(name: str, metadata: Sequence[bytes]) -> Description | None:
    """What metadata say, one of them or, for a pseudo agent, several; None where they say nothing."""
    roots = [root for xml in metadata if (root := root_of(xml)) is not None]
    if not roots:
        return None
    first = roots[0]
    # daemons share some of their options
    parameters: dict[str, Described] = {}
    for parameter, el in (found for root in roots for found in parameters_of(root)):
        parameters.setdefault(parameter.name, _described(parameter, el))
    return Description(
        name,
        first.get("version", ""),
        summary_of(first),
        "\n".join(filter(None, (_tidy(root.findtext("longdesc")) for root in roots))),
        tuple(parameters.values()),
        tuple(action for root in roots for action in actions_of(root)),
    )


def summary_of(root: Element) -> str:
    """What an agent is, in one line. Fence agents say it in an attribute."""
    said = root.findtext("shortdesc") or root.get("shortdesc") or ""
    return " ".join(said.split()) or _tidy(root.findtext("longdesc")).partition("\n")[0]


def _described(parameter: Parameter, el: Element) -> Described:
    summary = " ".join((el.findtext("shortdesc") or "").split())
    text = _tidy(el.findtext("longdesc"))
    advanced, deprecated = _ADVANCED.match(summary), _DEPRECATED.match(summary)
    for mark in (advanced, deprecated):
        summary = summary[mark.end() :] if mark else summary
    return Described(
        parameter._replace(is_deprecated=parameter.is_deprecated or deprecated is not None),
        summary,
        "" if text == summary else text,
        advanced is not None or is_true(el.get("advanced")),
        tuple(option.get("value", "") for option in el.iterfind("content/option")),
    )


def _tidy(text: str | None) -> str:
    """A text without the indent that its lines share, and without empty lines around it."""
    # in a few texts of Pacemaker the two characters stand for a line end
    first, *rest = [line.rstrip() for line in (text or "").replace("\\n", "\n").expandtabs().split("\n")]
    indent = min((len(line) - len(line.lstrip()) for line in rest if line), default=0)
    return "\n".join([first.lstrip(), *(line[indent:] for line in rest)]).strip("\n")
