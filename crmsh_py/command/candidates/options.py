"""Names that can be given a value, with what is known of them: cluster options, meta attributes, parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.candidates import Candidate
from crmsh_py.command.candidates.objects import objects
from crmsh_py.command.meanings import META_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crmsh_py.cib.options import Option
    from crmsh_py.cluster.agents.description import Described, Description
    from crmsh_py.command.context import Context

KINDS = {
    "Mandatory": "the second waits for the first, and stops before it does",
    "Optional": "only where both start or stop at the same time",
    "Serialize": "never at the same time",
}
ROLES = {
    "Started": "running",
    "Stopped": "not running",
    "Promoted": "of a promotable clone, the leading instances",
    "Unpromoted": "of a promotable clone, the other instances",
    "Master": "old name of Promoted",
    "Slave": "old name of Unpromoted",
}
BOOLEAN = ("true", "false")
# what every node has; Pacemaker's documentation, "Rules"
BUILT_IN = {
    "#uname": "the name of the node",
    "#id": "the number of the node",
    "#kind": "the type of the node",
    "#is_dc": "whether the node is the designated controller",
    "#cluster-name": "the property cluster-name",
    "#site-name": "the attribute site-name of the node, else cluster-name",
    "#role": "the role of the resource on the node",
    "#ra-version": "the installed version of the agent",
}


class Known(NamedTuple):
    """What is known of a name: a few words, all that is to be said, and the values that it can have, if they are few.

    is_old: it is read, but another one should be written.
    """

    about: str = ""
    note: str = ""
    values: tuple[Candidate, ...] = ()
    is_old: bool = False


# by names, in the order in which they are offered
Names = dict[str, Known]


def kinds(_: Context, __: str) -> list[Candidate]:
    """The kinds of orders."""
    return [Candidate(kind, about) for kind, about in KINDS.items()]


def roles(_: Context, __: str) -> list[Candidate]:
    """The roles of resources, as they are written now, then the old names."""
    return [Candidate(role, about) for role, about in ROLES.items()]


def properties(cx: Context, _: str) -> list[Candidate]:
    """The names of cluster options."""
    return offered(cluster_options(cx))


def meta_attributes(cx: Context, _: str) -> list[Candidate]:
    """The names of meta attributes of any resource."""
    return offered({**meta_of(cx, "clone"), **meta_of(cx, "group")})


def offered(names: Names, mark: str = "") -> list[Candidate]:
    """Names as candidates; mark: what stands behind each, as a `=`."""
    return [Candidate(name + mark, one.about, one.note) for name, one in names.items()]


def attributes_of_rules(cx: Context, _: str) -> Iterator[Candidate]:
    """What rules compare: what every node has, and what is set for some."""
    yield from (one._replace(about="attribute of nodes") for one in objects(cx).named("instance_attributes", "node"))
    yield from (Candidate(name, about) for name, about in BUILT_IN.items())


# ---- what is known


def cluster_options(cx: Context) -> Names:
    """The cluster options: those that the installed Pacemaker has, then those of others."""
    from crmsh_py.cib.options import CLUSTER_OPTIONS  # heavy
    from crmsh_py.command.candidates.agents import options_of

    here = _by_name(options_of(cx, "cluster"))
    found: Names = {}
    for option in CLUSTER_OPTIONS:
        for name in option.names:
            is_other = bool(here) and name not in here
            found[name] = known_option(option, here.get(name), "not of this Pacemaker" if is_other else option.remark)
    for name in {*here, *(one.text for one in objects(cx).named_properties())} - set(found):
        found[name] = known_parameter(here[name]) if name in here else Known("set here")
    return dict(sorted(found.items(), key=lambda one: (one[1].is_old, one[0])))


def meta_of(cx: Context, tag: str) -> Names:
    """The meta attributes of a resource, by its element; those that are set and that nobody knows come last."""
    from crmsh_py.cib.options import meta_attributes as options  # heavy
    from crmsh_py.command.candidates.agents import meta_attributes_of

    here = _by_name(meta_attributes_of(cx))
    found: Names = {}
    old: Names = {}
    for option in options(tag):
        first, *others = option.names
        (old if option.remark else found)[first] = known_option(
            option, here.get(first), option.remark, META_ATTRIBUTES[first]
        )
        old.update((name, Known(f"old name of {first}", "", found[first].values, is_old=True)) for name in others)
    own = (one.text for one in objects(cx).named("meta_attributes"))
    return {**found, **{name: Known("set here") for name in own if name not in {**found, **old}}, **old}


def parameters_of(agent: Description, more: Description | None = None) -> Names:
    """The parameters of an agent: required ones first, what few need later, what nobody should use last.

    more: what all agents of its class take besides.
    """
    own = agent.parameters
    names = {one.facts.name for one in own}
    others = [one for one in more.parameters if one.facts.name not in names] if more else []
    ranked = sorted(own, key=_rank) + sorted(others, key=_rank)
    return {one.facts.name: known_parameter(one) for one in sorted(ranked, key=lambda one: one.facts.is_deprecated)}


def set_before(cx: Context, kind: str, tag: str | None = None) -> Names:
    """The names that are set in the sets of a kind, of which no more is known."""
    return {one.text: Known() for one in objects(cx).named(kind, tag)}


def known_option(option: Option, described: Described | None, remark: str, meaning: str = "") -> Known:
    """What is known of an option.

    described: what the installed Pacemaker says of it, else there may be a meaning. remark: what to mind, or "".
    """
    from crmsh_py.cib.options import BOOLEAN as SWITCHED

    said = f"default {option.default}" if option.default else option.type
    texts = [described.summary, described.text] if described else [meaning]
    choices = option.choices if option.type != SWITCHED else BOOLEAN
    values = _values(choices, option.default)
    return Known(
        _joined(remark or said, texts[0] if texts else ""), _note(texts, option.type, option.default, choices), values,
        bool(remark),
    )  # fmt: skip


def known_parameter(one: Described) -> Known:
    """What is known of a parameter of an agent, or of an option that a daemon describes."""
    facts = one.facts
    choices = one.allowed or (BOOLEAN if facts.type == "boolean" else ())
    said = "required" if facts.is_required else f"default {facts.default}" if facts.default else facts.type or ""
    if facts.is_deprecated:
        said = f"deprecated: use {', '.join(facts.replaced_with)}" if facts.replaced_with else "deprecated"
    values = _values(choices or ((facts.default,) if facts.default else ()), facts.default)
    note = _note([one.summary, one.text], facts.type or "", facts.default, choices)
    return Known(_joined(said, one.summary), note, values, facts.is_deprecated)


def _rank(one: Described) -> tuple[bool, bool]:
    return one.is_advanced, not one.facts.is_required


def _by_name(found: Description | None) -> Mapping[str, Described]:
    return {one.facts.name: one for one in found.parameters} if found else {}


def _values(choices: Iterable[str], default: str | None) -> tuple[Candidate, ...]:
    return tuple(Candidate(value, "default" if value == default else ROLES.get(value, "")) for value in choices)


def _joined(said: str, summary: str) -> str:
    return ": ".join(filter(None, (said, summary)))


def _note(texts: Iterable[str], type_: str, default: str | None, choices: Iterable[str]) -> str:
    """All that is to be said: paragraphs, each on a line, and the facts on the last one."""
    facts = [
        type_,
        f"default {default}" if default else "",
        f"values {', '.join(choices)}" if choices else "",
    ]
    paragraphs = [" ".join(part.split()) for text in texts for part in re.split(r"\n\s*\n", text)]
    return "\n".join(filter(None, (*paragraphs, "; ".join(filter(None, facts)))))
