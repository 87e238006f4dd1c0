"""SLOTS: the kinds of words that commands and statements want, one row a kind.

A usage line names a kind as `<name:kind>`, the grammar as the terminal `<KIND>_SLOT`; description, check and
candidates of both are here. A check looks at the word alone: whether a resource exists is for the command to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from crmsh_py.config import DISPLAYS, SETTINGS, SWITCH, known
from crmsh_py.errors import CrmError
from crmsh_py.language.allowed import ALLOWED, ROLES
from crmsh_py.language.places import PLACES
from crmsh_py.problems import did_you_mean, listed

if TYPE_CHECKING:
    from typing import Any

    from lxml.etree import _Element as Element

    from crmsh_py.command.context import Context

_DURATION = r"(\d+(\.\d+)?\s*(us|usec|ms|msec|s|sec|m|min|h|hr)?|P(?=[\dT])[\dYMWDTHS.,]+)"
_SCORE = r"[+-]?(\d+|inf|infinity)"


class Refusal(Exception):
    """A word is not of the kind; `hint` says what is."""

    def __init__(self, text: str, hint: str | None = None) -> None:
        self.text = text
        self.hint = hint
        super().__init__(text)


def no_candidates(_: Context) -> Iterable[str]:
    """For kinds of which there are too many, or that only the user knows."""
    return ()


def any_word(word: str) -> str:
    """The word, which may not be empty. Raises Refusal."""
    if not word:
        raise Refusal("a word is expected here, this one is empty")
    return word


def any_text(word: str) -> str:
    """The word as it is, empty or not."""
    return word


class Slot:
    """A kind of word.

    description: with its article, for messages and help ("a resource id").
    check: the word -> the value that the handler is given. Raises Refusal.
    candidates: what TAB offers, for a Context.
    """

    __slots__ = ("candidates", "check", "description")

    def __init__(
        self,
        description: str,
        check: Callable[[str], Any] = any_word,
        candidates: Callable[[Context], Iterable[str]] = no_candidates,
    ) -> None:
        self.description = description
        self.check = check
        self.candidates = candidates


def one_of(what: str, words: Sequence[str]) -> Slot:
    """A kind that is one of some words, upper or lower case; the value is as listed."""
    values = {word.lower(): word for word in words}
    listed = ", ".join(words[:-1]) + " or " + words[-1]

    def check(word: str) -> str:
        if word.lower() not in values:
            raise Refusal(f"{word} is not {what}", f"expected {listed}")
        return values[word.lower()]

    return Slot(f"{what} ({listed})", check, lambda _: words)


def shaped(
    what: str,
    pattern: str,
    examples: str,
    candidates: Callable[[Context], Iterable[str]] = no_candidates,
) -> Slot:
    """A kind whose words have a form; `pattern` is compiled when it is first needed."""

    def check(word: str) -> str:
        if not re.fullmatch(pattern, word, re.IGNORECASE):
            raise Refusal(f"{word} is not {what}", f"examples: {examples}")
        return word

    return Slot(what, check, candidates)


def directory_entries(_: Context) -> Iterable[str]:
    """The files of the working directory; a directory with a `/` behind it."""
    from os import scandir

    try:
        with scandir() as entries:
            return sorted(entry.name + "/" * entry.is_dir() for entry in entries)
    except OSError:
        return ()


def ids_of(*tags: str, prefix: str = "", attribute: str = "id") -> Callable[[Context], Iterable[str]]:
    """Candidates: the ids (or another attribute) of the draft's objects with these tags, of all if none is given."""

    def candidates(cx: Context) -> Iterable[str]:
        found = (el.get(attribute) for el in _objects(cx) if not tags or el.tag in tags)
        return sorted({prefix + value for value in found if value})

    return candidates


def _objects(cx: Context) -> Iterable[Element]:
    try:
        return list(cx.session.draft.objects())
    except CrmError:
        return ()  # nobody asked for an error by pressing TAB


def fencing_devices(cx: Context) -> Iterable[str]:
    """The resources that fence."""
    return sorted(el.get("id", "") for el in _objects(cx) if el.get("class") == "stonith" and el.tag == "primitive")


def selectors(cx: Context) -> Iterable[str]:
    """What chooses objects: ids, kinds, tags, and what has to do with an object."""
    from crmsh_py.language.keywords import statement_keywords

    kinds = (f"type:{keyword}" for keyword in sorted(statement_keywords() - {"monitor"}))
    tags, ids = ids_of("tag", prefix="tag:")(cx), list(ids_of()(cx))
    return [*ids, *kinds, *tags, *(f"related:{id_}" for id_ in ids), "changed"]


def properties(cx: Context) -> Iterable[str]:
    """Every cluster property that Pacemaker knows or that is set."""
    from crmsh_py.cib.properties import names  # heavy

    try:
        return names(cx.session.draft)
    except CrmError:
        from crmsh_py.cib.options import cluster_option_names

        return cluster_option_names()


def schemas(_: Context) -> Iterable[str]:
    """The schemas of the installed Pacemaker."""
    from crmsh_py.cib.schema import folder, names  # heavy

    return names(folder() or "")


def settings(cx: Context) -> Iterable[str]:
    """The paths of all values that can be set."""
    from crmsh_py.cib.values import paths  # heavy

    try:
        return paths(cx.session.draft)
    except CrmError:
        return ()


def shadows(cx: Context) -> Iterable[str]:
    """The shadow CIBs that are there."""
    from crmsh_py.cib.stores.shadow import names  # heavy

    try:
        return names(cx.environ)
    except CrmError:
        return ()


def shadow_name(word: str) -> str:
    """The word, where a shadow CIB can be called so and `-c` finds it again. Raises Refusal."""
    if not word or "/" in word or "\0" in word or word.endswith(".xml"):
        raise Refusal(
            f"a shadow CIB cannot be called {word!r}", "-c takes a name with a / or ending in .xml for a file"
        )
    if word == "live" or word.startswith("-"):
        raise Refusal(f"a shadow CIB cannot be called {word!r}", "`live` is the cluster, and - begins an option")
    return word


def options(_: Context) -> Iterable[str]:
    """The settings of this program."""
    return known()


def agents(_: Context) -> Iterable[str]:
    """The agents that describe themselves, by their full names."""
    from crmsh_py.cluster.agents import installed  # heavy

    ocf = (f"ocf:{provider}:{name}" for provider in installed.providers() for name in installed.types(provider))
    return [*ocf, *(f"stonith:{name}" for name in installed.fence_agents())]


def described(cx: Context) -> Iterable[str]:
    """What `ra info` takes: agents, and what is none and takes parameters all the same."""
    from crmsh_py.cluster.agents.pseudo import PSEUDO  # heavy

    return [*PSEUDO, *agents(cx)]


def agent_types(_: Context) -> Iterable[str]:
    """The names of OCF and fence agents."""
    from crmsh_py.cluster.agents import installed  # heavy

    ocf = {name for provider in installed.providers() for name in installed.types(provider)}
    return sorted(ocf.union(installed.fence_agents()))


def agent_classes(_: Context) -> Iterable[str]:
    """The classes that Pacemaker can have, whether they are here or not."""
    return ("ocf", "stonith", "systemd", "lsb", "service")


def providers(_: Context) -> Iterable[str]:
    """The providers of OCF agents."""
    from crmsh_py.cluster.agents import installed  # heavy

    return installed.providers()


def lifetime(word: str) -> str:
    """The word, where it is a duration with a unit. Raises Refusal."""
    from crmsh_py.command.lifetime import is_lifetime

    if not is_lifetime(word):
        raise Refusal(f"{word} is no lifetime", "examples: PT5M, P1D, 30s, 5min, 2h")
    return word


def status_word(word: str) -> str:
    """A word that says what `status` shows. Raises Refusal."""
    if word not in STATUS_WORDS:
        hint = did_you_mean(word, STATUS_WORDS, 3) or f"words are {listed(STATUS_WORDS)}"
        raise Refusal(f"`status` knows no word {word}", hint)
    return word


def check_topics(_: Context) -> Iterable[str]:
    """The topics of the check."""
    from crmsh_py.cluster.check import TOPICS  # heavy

    return tuple(TOPICS)


def check_topic(word: str) -> str:
    """The word, where it is a topic of the check. Raises Refusal."""
    from crmsh_py.cluster.check import TOPICS  # heavy

    if word not in TOPICS:
        hint = did_you_mean(word, TOPICS) or f"topics are {listed(TOPICS)}"
        raise Refusal(f"{word} is not a topic of the check", hint)
    return word


def threshold(word: str) -> tuple[str, int]:
    """A topic of the check and its number, of TOPIC=N. Raises Refusal."""
    topic, equals, number = word.partition("=")
    if not (equals and number.isdecimal() and number.isascii() and len(number) < 10):
        raise Refusal(f"{word} is not TOPIC=N", "examples: failures=3, nodes=1")
    return check_topic(topic), int(number)


def ignorable(cx: Context) -> Iterable[str]:
    """What the check can leave out: nodes, resources, and codes of findings."""
    from crmsh_py.cluster.check import SEVERITIES  # heavy

    return [*ids_of("node", attribute="uname")(cx), *resources(cx), *sorted(SEVERITIES)]


def attribute_name(word: str) -> str:
    """The word, where an attribute can be called so in a command that sets one. Raises Refusal."""
    if not word or "=" in word:
        raise Refusal(f"{word!r} is not the name of an attribute", "examples: priority 10, priority=10")
    return word


def assignment(word: str) -> str:
    """The word, where it is name=value. Raises Refusal."""
    if word.find("=") < 1:
        raise Refusal(f"{word!r} is not name=value", "examples: priority=10")
    return word


def capacities(word: str) -> str:
    """The word, where it is name=N with a whole number. Raises Refusal."""
    name, _, number = assignment(word).partition("=")
    if not re.fullmatch(CAPACITY, number):
        raise Refusal(f"{word!r} is not name=NUMBER", f"{name} is a whole number, such as {name}=4")
    return word


def utilization_name(word: str) -> str:
    """The word, where a capacity can be called so; of `name=x` it is the value that is wrong. Raises Refusal."""
    if "=" in word:
        capacities(word)
    return attribute_name(word)


def direct_action(word: str) -> str:
    """The action, as it is called. Raises Refusal."""
    return str(one_of(PLACES["direct_action"], list(direct_actions())).check(word))


def direct_actions(_: Context | None = None) -> Iterable[str]:
    """The actions that Pacemaker's tools can have an agent do."""
    from crmsh_py.cluster.direct_actions import ACTIONS  # heavy

    return ACTIONS


def resources(cx: Context) -> Iterable[str]:
    """The ids of what runs: all resources but templates."""
    from crmsh_py.cib.document import RESOURCES  # heavy

    return ids_of(*RESOURCES - {"template"})(cx)


def taggable(cx: Context) -> Iterable[str]:
    """The ids of what a tag can hold."""
    return sorted([*resources(cx), *ids_of(*CONSTRAINTS)(cx)])


def meta_attributes(cx: Context) -> Iterable[str]:
    """The meta attributes of resources that Pacemaker knows, and those that are set."""
    from crmsh_py.cib.options import meta_attribute_names  # heavy

    return sorted({*meta_attribute_names("group"), *meta_attribute_names("clone"), *_set_names(cx, "meta_attributes")})


def parameters(cx: Context) -> Iterable[str]:
    """The parameters of the agents that are used, as far as they describe themselves, and those that are set."""
    from crmsh_py.cluster.agents import metadata  # heavy

    used = {(el.get("class", ""), el.get("provider"), el.get("type", "")) for el in _objects(cx) if el.get("type")}
    agents = (metadata(*agent) for agent in used if agent[0])
    known = {parameter.name for agent in agents if agent for parameter in agent.parameters}
    return sorted(known.union(_set_names(cx, "instance_attributes")))


def utilizations(cx: Context) -> Iterable[str]:
    """The utilization attributes that are set, of resources and of nodes."""
    return sorted(_set_names(cx, "utilization"))


def node_attributes(cx: Context) -> Iterable[str]:
    """The permanent attributes that nodes have."""
    nodes = (el for el in _objects(cx) if el.tag == "node")
    pairs = (pair for el in nodes for pair in el.iterfind("instance_attributes/nvpair"))
    return sorted({pair.get("name", "") for pair in pairs} - {""})


def _set_names(cx: Context, kind: str) -> set[str]:
    sets = (set_ for el in _objects(cx) for set_ in el.iterchildren(kind))
    return {name for set_ in sets for pair in set_.iterchildren("nvpair") if (name := pair.get("name"))}


STATUS_WORDS = (
    "full", "bynode", "inactive", "ops", "timing", "failcounts", "verbose", "quiet",
    "html", "xml", "simple", "tickets", "noheaders", "detail", "brief",
)  # fmt: skip
CAPACITY = r"-?[0-9]+"
CONSTRAINTS = ("rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket")
METHODS = ("replace", "update", "push")


def row(kind: str, candidates: Callable[[Context], Iterable[str]] = no_candidates) -> Slot:
    """A kind that takes any word but an empty one."""
    return Slot(PLACES[kind], any_word, candidates)


SLOTS: dict[str, Slot] = {
    # objects of the configuration
    "id": row("id"),
    "obj": row("obj", ids_of()),
    "rsc": row("rsc", resources),
    "node": row("node", ids_of("node", attribute="uname")),
    "template": row("template", ids_of("template", prefix="@")),
    "tag_member": row("tag_member", taggable),
    "user": row("user"),
    "role_id": row("role_id", ids_of("acl_role")),
    "set_id": row("set_id"),
    "ticket": row("ticket", ids_of("rsc_ticket", attribute="ticket")),
    "agent": row("agent", agents),
    "device": row("device", fencing_devices),
    "selector": row("selector", selectors),
    # parts of statements
    "score": shaped(PLACES["score"], _SCORE, "100, -50, inf, -inf", lambda _: ("inf", "-inf", "0")),
    "role": one_of(PLACES["role"], ROLES),
    "kind": one_of(PLACES["kind"], ALLOWED["kind"]),
    "op_name": row("op_name", lambda _: ("monitor", "start", "stop", "promote", "demote")),
    "interval": shaped(PLACES["interval"], _DURATION, "10s, 5min, PT1H"),
    "attribute": row("attribute"),
    "target": row("target", ids_of("node", attribute="uname")),
    "xpath": row("xpath"),
    "path": row("path", directory_entries),
    "date": row("date"),
    "xml": row("xml"),
    # words of any kind
    "name": row("name"),
    "value": Slot(PLACES["value"], any_text),
    "text": Slot(PLACES["text"], any_text),
    # what commands want
    "file": row("file", directory_entries),
    "source": row("source", directory_entries),
    "method": one_of(PLACES["method"], METHODS),
    "topic": row("topic"),
    "level": row("level"),
    "truth": shaped(PLACES["truth"], "-t", "-t", lambda _: ("-t",)),
    "property": row("property", properties),
    "schema": row("schema", schemas),
    "setting": row("setting", settings),
    "program": row("program"),
    "number": shaped(PLACES["number"], r"[0-9]{1,9}", "0, 17"),
    "shadow": row("shadow", shadows),
    "new_shadow": Slot(PLACES["new_shadow"], shadow_name),
    # settings
    "option": row("option", options),
    "switch": one_of(PLACES["switch"], SWITCH),
    "display": one_of(PLACES["display"], DISPLAYS),
    "skill": one_of(PLACES["skill"], ("operator", "administrator", "expert")),
    "frequency": one_of(PLACES["frequency"], ("always", "on-verify", "never")),
    "strictness": one_of(PLACES["strictness"], ("strict", "relaxed")),
    "children": one_of(PLACES["children"], SETTINGS["core.manage_children"][1]),
    # agents
    "agent_class": row("agent_class", agent_classes),
    "provider": row("provider", providers),
    "agent_type": row("agent_type", agent_types),
    "described": row("described", described),
    "lifetime": Slot(PLACES["lifetime"], lifetime, lambda _: ("PT5M", "1h", "P1D")),
    "status_word": Slot(PLACES["status_word"], status_word, lambda _: STATUS_WORDS),
    "seconds": shaped(PLACES["seconds"], r"[1-9][0-9]{0,4}", "2, 10", lambda _: ("2", "5", "10")),
    "check_topic": Slot(PLACES["check_topic"], check_topic, check_topics),
    "threshold": Slot(PLACES["threshold"], threshold, lambda cx: [f"{topic}=1" for topic in check_topics(cx)]),
    "ignorable": row("ignorable", ignorable),
    # attributes, in commands that change one
    "meta_attribute": Slot(PLACES["meta_attribute"], attribute_name, meta_attributes),
    "parameter": Slot(PLACES["parameter"], attribute_name, parameters),
    "utilization": Slot(PLACES["utilization"], utilization_name, utilizations),
    "fail_count": shaped(PLACES["fail_count"], r"[0-9]{1,9}|INFINITY", "0, 3, INFINITY", lambda _: ("0", "INFINITY")),
    "traceable": row("traceable", lambda _: ("monitor", "probe", "start", "stop", "promote", "demote")),
    "node_attribute": Slot(PLACES["node_attribute"], attribute_name, node_attributes),
    "assignment": Slot(PLACES["assignment"], assignment),
    "capacity": shaped(PLACES["capacity"], CAPACITY, "4, 2048"),
    "capacities": Slot(PLACES["capacities"], capacities),
    "direct_action": Slot(PLACES["direct_action"], direct_action, direct_actions),
    "image": shaped(PLACES["image"], r"[a-z][a-z0-9_:]*", "svg, png, pdf"),
}
