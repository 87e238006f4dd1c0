"""What may stand at a place of a half-typed statement: as the grammar says, and the agent that the statement names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.command.candidates import Candidate, of_kind
from crmsh_py.errors import BadSyntax, CrmError, NoSuchObject
from crmsh_py.language.allowed import ACTIONS, ALLOWED, OP_ATTRIBUTES, ROLES
from crmsh_py.language.automaton import END
from crmsh_py.language.parser import expected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crmsh_py.cib.options import Option
    from crmsh_py.cluster.agents.agent import Action, Agent
    from crmsh_py.command.context import Context
    from crmsh_py.language.words import Word

    # what a name can have as its value: in words, of the agent or of Pacemaker
    Names = Mapping[str, "Known"]

SLOT = "_SLOT"
# what names behind these words are names of
SECTIONS = ("params", "attributes", "meta", "utilization", "op", "op_params", "op_meta", "operations")
_OF_OPERATIONS = ("op", "op_params", "op_meta")
# roles that are written now
_ROLES = ROLES[:4]


class Known(NamedTuple):
    """What is known of a name: what it is, in a few words, and the values that it can have, if they are few."""

    about: str = ""
    values: tuple[str, ...] = ()


def of_statement(cx: Context, words: Sequence[Word], partial: str) -> Iterator[Candidate]:
    """What may follow the words of a statement; partial: what was typed of the next one. Raises CrmError."""
    try:
        wanted = expected(words)
    except BadSyntax:
        return
    place = _Place(cx, words)
    name, equals, _ = partial.partition("=")
    if equals:
        yield from (Candidate(f"{name}={value}") for value in place.values(name))
        return
    if "NAME" + SLOT in wanted:
        yield from place.names()
    for one in wanted:
        if one.endswith(SLOT) and one != "NAME" + SLOT:
            yield from place.of_slot(one[: -len(SLOT)].lower(), partial)
        elif not one.endswith(SLOT) and one not in (END, place.section):
            yield Candidate(one)


class _Place:
    """A place in a statement."""

    def __init__(self, cx: Context, words: Sequence[Word]) -> None:
        self.cx = cx
        self.values_before = [word.value for word in words]
        self.keyword = self.values_before[0].lower()
        at = max((at for at, word in enumerate(words) if at and word.is_bare and word.value in SECTIONS), default=0)
        self.section = self.values_before[at] if at else ""
        self.behind = self.values_before[at + 1 :] if at else self.values_before[1:]

    def of_slot(self, kind: str, partial: str) -> Iterator[Candidate]:
        """The candidates of a slot; ids that stand there already are not offered again."""
        rsc, colon, _ = partial.rpartition(":")
        if kind == "rsc" and colon and self.keyword in ("order", "colocation"):
            words = ACTIONS if self.keyword == "order" else _ROLES
            yield from (Candidate(f"{rsc}:{word}") for word in words)
        elif kind in ("score", "kind"):
            yield from (Candidate(f"{one.text}:") for one in of_kind(self.cx, kind, partial))
        elif kind == "op_name":
            yield from self._operations()
        else:
            used = set(self.values_before[1:])
            yield from (one for one in of_kind(self.cx, kind, partial) if one.text not in used)

    def names(self) -> Iterator[Candidate]:
        """Names that may be set here, but for those that are."""
        given = {value.partition("=")[0] for value in self.behind if "=" in value}
        known = self._known()
        yield from (Candidate(f"{name}=", one.about) for name, one in known.items() if name not in given)

    def values(self, name: str) -> Iterable[str]:
        """The values that a name can have here, as far as they are few."""
        known = self._known().get(name)
        if known is not None:
            return known.values
        return ALLOWED.get(name.lstrip("$").replace("-", "_"), ())

    def _known(self) -> Names:
        from crmsh_py.cib import options  # heavy

        if self.keyword == "property":
            known = {one.text: options.cluster_option(one.text) for one in of_kind(self.cx, "property", "")}
            return {name: _of_option(one) if one else Known() for name, one in known.items()}
        if self.keyword == "op_defaults" or self.section in _OF_OPERATIONS:
            return self._of_operation()
        if self.keyword == "rsc_defaults" or self.section == "meta":
            tag = {"ms": "clone", "master": "clone"}.get(self.keyword, self.keyword)
            tag = "primitive" if tag in ("rsc_defaults", "rsc_template") else tag
            return {one.name: _of_option(one) for one in options.meta_attributes(tag)}
        if self.section == "utilization":
            return self._of_slot("utilization")
        if self.keyword == "node":
            return self._of_slot("node_attribute")
        agent = self._agent()
        return {} if agent is None else _parameters(agent)

    def _of_slot(self, kind: str) -> Names:
        return {one.text: Known() for one in of_kind(self.cx, kind, "")}

    def _agent(self) -> Agent | None:
        """The agent of the resource; None where there is none, or it does not describe itself."""
        from crmsh_py.cluster.agents import metadata  # heavy
        from crmsh_py.cluster.agents.catalogue import find

        if self.keyword not in ("primitive", "rsc_template") or len(self.values_before) < 3:
            return None
        try:
            return metadata(*self._of_template(self.values_before[2]) or find(self.values_before[2]))
        except (NoSuchObject, CrmError):
            return None

    def _of_template(self, word: str) -> tuple[str, str | None, str] | None:
        if not word.startswith("@"):
            return None
        el = self.cx.session.draft.resource(word[1:])
        return None if el is None else (el.get("class") or "", el.get("provider"), el.get("type") or "")

    def _operations(self) -> Iterator[Candidate]:
        agent = self._agent()
        if agent is None:
            yield from of_kind(self.cx, "op_name", "")
            return
        for name, action in {action.name: action for action in reversed(agent.actions)}.items():
            if name not in ("meta-data", "validate-all"):
                yield Candidate(name, _advice(action))

    def _of_operation(self) -> Names:
        """The attributes of an operation, with the values that the agent advises."""
        advised = {"on-fail": ("ignore", "block", "stop", "restart", "standby", "fence", "demote"), "role": _ROLES}
        advised |= {"enabled": ("true", "false"), "record-pending": ("true", "false")}
        agent, name = self._agent(), self.behind[0] if self.behind else ""
        for action in agent.actions if agent else ():
            for attribute in ("interval", "timeout"):
                value = getattr(action, attribute)
                if action.name == name and value:
                    advised[attribute] = (*advised.get(attribute, ()), value)
        usual = ("interval", "timeout", "role", "on-fail", "enabled")
        ordered = [*usual, *sorted(OP_ATTRIBUTES - {*usual, "name", "requires", "description"})]
        return {one: Known("", tuple(dict.fromkeys(advised.get(one, ())))) for one in ordered}


def _of_option(one: Option) -> Known:
    return Known(f"default {one.default}" if one.default else one.type, one.choices)


def _parameters(agent: Agent) -> Names:
    """Those that are required first."""
    found = [one for one in agent.parameters if not one.is_deprecated]
    ordered = sorted(found, key=lambda one: not one.is_required)
    return {
        one.name: Known(
            "required" if one.is_required else f"default {one.default}" if one.default else one.type or "",
            ("true", "false") if one.type == "boolean" else (),
        )
        for one in ordered
    }


def _advice(action: Action) -> str:
    said = ((name, getattr(action, name)) for name in ("interval", "timeout", "role"))
    return " ".join(f"{name}={value}" for name, value in said if value)
