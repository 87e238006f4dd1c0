"""SLOTS: the kinds of words that commands and statements want, one row a kind.

A usage line names a kind as `<name:kind>`, the grammar as the terminal `<KIND>_SLOT`; description, check and
candidates of both are here. A check looks at the word alone: whether a resource exists is for the command to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crmsh_py.command.candidates import Candidate, in_room, said, words
from crmsh_py.config import DISPLAYS, SETTINGS, SWITCH
from crmsh_py.language.allowed import ALLOWED, ROLES
from crmsh_py.language.places import PLACES
from crmsh_py.problems import did_you_mean, listed

if TYPE_CHECKING:
    from typing import Any

    from crmsh_py.command.candidates import Source
    from crmsh_py.command.context import Context

_DURATION = r"(\d+(\.\d+)?\s*(us|usec|ms|msec|s|sec|m|min|h|hr)?|P(?=[\dT])[\dYMWDTHS.,]+)"
_SCORE = r"[+-]?(\d+|inf|infinity)"


class Refusal(Exception):
    """A word is not of the kind; `hint` says what is."""

    def __init__(self, text: str, hint: str | None = None) -> None:
        self.text = text
        self.hint = hint
        super().__init__(text)


# for kinds of which there are too many, or that only the user knows
no_candidates = words()


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
    candidates: what TAB offers, for a Context and what was typed of the word.
    """

    __slots__ = ("candidates", "check", "description")

    def __init__(
        self,
        description: str,
        check: Callable[[str], Any] = any_word,
        candidates: Source = no_candidates,
    ) -> None:
        self.description = description
        self.check = check
        self.candidates = candidates


def one_of(what: str, choices: Sequence[str], offered: Source | None = None) -> Slot:
    """A kind that is one of some words, upper or lower case; the value is as listed.

    offered: where not all of them are offered, or more is said of them.
    """
    values = {word.lower(): word for word in choices}
    listed = ", ".join(choices[:-1]) + " or " + choices[-1]

    def check(word: str) -> str:
        if word.lower() not in values:
            raise Refusal(f"{word} is not {what}", f"expected {listed}")
        return values[word.lower()]

    return Slot(f"{what} ({listed})", check, offered or words(*choices))


def shaped(
    what: str,
    pattern: str,
    examples: str,
    candidates: Source = no_candidates,
) -> Slot:
    """A kind whose words have a form; `pattern` is compiled when it is first needed."""

    def check(word: str) -> str:
        if not re.fullmatch(pattern, word, re.IGNORECASE):
            raise Refusal(f"{word} is not {what}", f"examples: {examples}")
        return word

    return Slot(what, check, candidates)


def shadow_name(word: str) -> str:
    """The word, where a shadow CIB can be called so and `-c` finds it again. Raises Refusal."""
    if not word or "/" in word or "\0" in word or word.endswith(".xml"):
        raise Refusal(
            f"a shadow CIB cannot be called {word!r}", "-c takes a name with a / or ending in .xml for a file"
        )
    if word == "live" or word.startswith("-"):
        raise Refusal(f"a shadow CIB cannot be called {word!r}", "`live` is the cluster, and - begins an option")
    return word


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


def check_topics(_: Context, __: str) -> list[Candidate]:
    """The topics of the check."""
    from crmsh_py.cluster.check import TOPICS  # heavy

    return [Candidate(topic) for topic in TOPICS]


def thresholds(cx: Context, partial: str) -> list[Candidate]:
    """The topics of the check, each with a number."""
    return [Candidate(f"{one.text}=1") for one in check_topics(cx, partial)]


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


def ignorable(cx: Context, partial: str) -> list[Candidate]:
    """What the check can leave out: nodes, resources, and codes of findings."""
    from crmsh_py.cluster.check import SEVERITIES  # heavy

    codes = [Candidate(code, "finding") for code in sorted(SEVERITIES)]
    known = (SLOTS[kind].candidates(cx, partial) for kind in ("node", "rsc"))
    return [*(one for found in known for one in found), *codes]


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
    from crmsh_py.cluster.direct_actions import ACTIONS  # heavy

    return str(one_of(PLACES["direct_action"], tuple(ACTIONS)).check(word))


def direct_actions(_: Context, __: str) -> list[Candidate]:
    """The actions that Pacemaker's tools can have an agent do."""
    from crmsh_py.cluster.direct_actions import ACTIONS  # heavy

    return [Candidate(action) for action in ACTIONS]


STATUS_WORDS = (
    "full", "bynode", "inactive", "ops", "timing", "failcounts", "verbose", "quiet",
    "html", "xml", "simple", "tickets", "noheaders", "detail", "brief",
)  # fmt: skip
CAPACITY = r"-?[0-9]+"
METHODS = {
    "replace": "in place of the whole configuration",
    "update": "added to the configuration",
    "push": "as if the configuration was edited to say it",
}
SCORES = {"inf": "always", "-inf": "never", "0": "all the same"}
SKILLS = ("operator", "administrator", "expert")
OPERATIONS = ("monitor", "start", "stop", "promote", "demote")


def row(kind: str, candidates: Source = no_candidates) -> Slot:
    """A kind that takes any word but an empty one."""
    return Slot(PLACES[kind], any_word, candidates)


SLOTS: dict[str, Slot] = {
    # objects of the configuration
    "id": row("id"),
    "obj": row("obj", in_room("objects", "any_object")),
    "rsc": row("rsc", in_room("objects", "resources")),
    "node": row("node", in_room("nodes", "nodes")),
    "template": row("template", in_room("objects", "templates")),
    "tag_member": row("tag_member", in_room("objects", "taggable")),
    "user": row("user", in_room("here", "users")),
    "role_id": row("role_id", in_room("objects", "acl_roles")),
    "set_id": row("set_id"),
    "ticket": row("ticket", in_room("objects", "tickets")),
    "agent": row("agent", in_room("agents", "agents")),
    "device": row("device", in_room("objects", "fencing_devices")),
    "selector": row("selector", in_room("objects", "selectors")),
    # parts of statements
    "score": shaped(PLACES["score"], _SCORE, "100, -50, inf, -inf", said(SCORES)),
    "role": one_of(PLACES["role"], ROLES, in_room("options", "roles")),
    "kind": one_of(PLACES["kind"], ALLOWED["kind"], in_room("options", "kinds")),
    "op_name": row("op_name", words(*OPERATIONS)),
    "interval": shaped(PLACES["interval"], _DURATION, "10s, 5min, PT1H"),
    "attribute": row("attribute", in_room("options", "attributes_of_rules")),
    "target": row("target", in_room("nodes", "nodes")),
    "xpath": row("xpath"),
    "path": row("path", in_room("here", "files")),
    "date": row("date"),
    "xml": row("xml"),
    # words of any kind
    "name": row("name"),
    "value": Slot(PLACES["value"], any_text),
    "text": Slot(PLACES["text"], any_text),
    # what commands want
    "file": row("file", in_room("here", "files")),
    "source": row("source", in_room("here", "files")),
    "method": one_of(PLACES["method"], list(METHODS), said(METHODS)),
    "topic": row("topic"),
    "level": row("level"),
    "truth": shaped(PLACES["truth"], "-t", "-t", said({"-t": "as true or false"})),
    "property": row("property", in_room("options", "properties")),
    "schema": row("schema", in_room("here", "schemas")),
    "setting": row("setting", in_room("objects", "values")),
    "program": row("program"),
    "number": shaped(PLACES["number"], r"[0-9]{1,9}", "0, 17"),
    "shadow": row("shadow", in_room("here", "shadows")),
    "new_shadow": Slot(PLACES["new_shadow"], shadow_name),
    # settings
    "option": row("option", in_room("here", "settings")),
    "switch": one_of(PLACES["switch"], SWITCH, words(*SWITCH[:2])),
    "display": one_of(PLACES["display"], DISPLAYS),
    "skill": one_of(PLACES["skill"], SKILLS),
    "frequency": one_of(PLACES["frequency"], ("always", "on-verify", "never")),
    "strictness": one_of(PLACES["strictness"], ("strict", "relaxed")),
    "children": one_of(PLACES["children"], SETTINGS["core.manage_children"][1]),
    # agents
    "agent_class": row("agent_class", in_room("agents", "agent_classes")),
    "provider": row("provider", in_room("agents", "providers")),
    "agent_type": row("agent_type", in_room("agents", "agent_types")),
    "described": row("described", in_room("agents", "described")),
    "lifetime": Slot(PLACES["lifetime"], lifetime, said({"PT5M": "five minutes", "1h": "an hour", "P1D": "a day"})),
    "status_word": Slot(PLACES["status_word"], status_word, words(*STATUS_WORDS)),
    "seconds": shaped(PLACES["seconds"], r"[1-9][0-9]{0,4}", "2, 10", words("2", "5", "10")),
    "check_topic": Slot(PLACES["check_topic"], check_topic, check_topics),
    "threshold": Slot(PLACES["threshold"], threshold, thresholds),
    "ignorable": row("ignorable", ignorable),
    # attributes, in commands that change one
    "meta_attribute": Slot(PLACES["meta_attribute"], attribute_name, in_room("options", "meta_attributes")),
    "parameter": Slot(PLACES["parameter"], attribute_name, in_room("objects", "parameters")),
    "utilization": Slot(PLACES["utilization"], utilization_name, in_room("objects", "capacities")),
    "fail_count": shaped(PLACES["fail_count"], r"[0-9]{1,9}|INFINITY", "0, 3, INFINITY", words("0", "INFINITY")),
    "traceable": row("traceable", words("monitor", "probe", *OPERATIONS[1:])),
    "node_attribute": Slot(PLACES["node_attribute"], attribute_name, in_room("objects", "attributes_of_nodes")),
    "assignment": Slot(PLACES["assignment"], assignment),
    "capacity": shaped(PLACES["capacity"], CAPACITY, "4, 2048"),
    "capacities": Slot(PLACES["capacities"], capacities),
    "direct_action": Slot(PLACES["direct_action"], direct_action, direct_actions),
    "image": shaped(PLACES["image"], r"[a-z][a-z0-9_:]*", "svg, png, pdf", words("svg", "png", "pdf")),
}
