"""Names and values of attributes in commands that set one: of a resource, of a node, of an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command import statement_names
from crmsh_py.command.candidates import Candidate, Offer, objects, options
from crmsh_py.command.candidates.options import Known
from crmsh_py.masks import is_secret

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.command.candidates.options import Names
    from crmsh_py.command.sensible import Asked

# the tags of sets
META, PARAMETERS, UTILIZATION = "meta_attributes", "instance_attributes", "utilization"


class Attributes:
    """The attributes of a kind of set, of the resource or the node that the first word behind a command names."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def names(self, asked: Asked) -> Offer:
        """The names that it can have; behind `show`, those that it has."""
        if "show" in asked.before:
            return self.names_set(asked)
        known = self._known(asked)
        best = {name: one for name, one in known.items() if not one.is_old}
        return Offer(options.offered(best), options.offered(known))

    def names_set(self, asked: Asked) -> Offer:
        """The names that it has."""
        known = self._known(asked)
        found = {name: known.get(name, Known()) for name in self._set(asked)}
        return Offer(options.offered(found), options.offered(known) if "show" in asked.before else ())

    def pairs(self, asked: Asked) -> Offer:
        """name=value: of a name its values, and behind a first pair names; the first name is offered without `=`."""
        name, equals, _ = asked.partial.partition("=")
        if equals:
            return Offer([one._replace(text=f"{name}={one.text}") for one in self._values(asked, name)])
        if "=" not in asked.before[-1]:
            return Offer(())
        given = {word.partition("=")[0] for word in asked.before}
        return Offer(options.offered({name: one for name, one in self._known(asked).items() if name not in given}, "="))

    def values(self, asked: Asked) -> Offer:
        """The values of the name before; the one that it has first."""
        return Offer(self._values(asked, asked.before[-1]))

    def _known(self, asked: Asked) -> Names:
        cx, el = asked.cx, _element(asked)
        if self.kind == UTILIZATION:
            return options.set_before(cx, UTILIZATION)
        if el is None or el.tag == "node":
            return statement_names.of_nodes(cx) if self.kind == PARAMETERS else {}
        if self.kind == META:
            return options.meta_of(cx, str(el.tag))
        return statement_names.of_agent(cx, objects.agent_word(el)) or dict.fromkeys(self._set(asked), Known())

    def _set(self, asked: Asked) -> dict[str, str]:
        """The names that are set, each with its value; of a secret one that is ""."""
        el = _element(asked)
        pairs = el.iterfind(f"{self.kind}/nvpair") if el is not None else ()
        found = {pair.get("name") or "": pair.get("value") or "" for pair in pairs}
        return {name: "" if is_secret(name) else value for name, value in sorted(found.items()) if name}

    def _values(self, asked: Asked, name: str) -> list[Candidate]:
        now = self._set(asked).get(name)
        known = self._known(asked).get(name, Known()).values
        return [*([Candidate(now, "as it is")] if now else ()), *(one for one in known if one.text != now)]


def parameters(asked: Asked) -> Offer:
    """The parameters of the agent that is named, as name=value."""
    known = statement_names.of_agent(asked.cx, asked.before[0])
    name, equals, _ = asked.partial.partition("=")
    if equals:
        found = known[name].values if name in known else ()
        return Offer([one._replace(text=f"{name}={one.text}") for one in found])
    given = {word.partition("=")[0] for word in asked.before}
    best = {name: one for name, one in known.items() if name not in given and not one.is_old}
    return Offer(options.offered(best, "="), options.offered(known, "="))


def operations(asked: Asked) -> Offer:
    """The operations of the resource that is named, as its agent advises them."""
    el = objects.objects(asked.cx).element(asked.before[0])
    found = list(statement_names.operations(asked.cx, objects.agent_word(el) if el is not None else ""))
    kinds = {one.text for one in asked.of_kind()}
    probe = [Candidate("probe", "a monitor that looks whether it runs")] if "probe" in kinds else []
    return Offer([*found, *probe], asked.of_kind())


def intervals(asked: Asked) -> Offer:
    """The intervals at which the operation named last is configured for the resource."""
    el = objects.objects(asked.cx).element(asked.before[0])
    found = el.iterfind("operations/op") if el is not None else ()
    said = [op.get("interval") or "" for op in found if op.get("name") == asked.before[-1]]
    return Offer([Candidate(interval, "configured") for interval in said if interval])


def of_path(asked: Asked) -> Offer:
    """The values that the path named before can have, by the name at its end."""
    name = asked.before[-1].rpartition(".")[2]
    operation = statement_names.Part("primitive", "op")
    for known in (
        options.meta_of(asked.cx, "clone"),
        options.cluster_options(asked.cx),
        statement_names.of_operation(asked.cx, operation),
    ):
        if name in known:
            return Offer(known[name].values)
    return Offer(())


def of_setting(asked: Asked) -> Offer:
    """The values that the setting named before can have."""
    return Offer(values_of_setting(asked.before[-1]))


def values_of_setting(name: str) -> list[Candidate]:
    """The values that a setting of this program can have, if they are few; the usual one is told."""
    from crmsh_py.config import SETTINGS, SWITCH, full_name
    from crmsh_py.config.table import SECONDS

    usual, choices = SETTINGS.get(full_name(name), ("", ()))
    if choices is SWITCH:
        choices = SWITCH[:2]
    elif choices is SECONDS:
        choices = (usual,)
    return [Candidate(value, "usual" if value == usual else "") for value in choices]


def _element(asked: Asked) -> Element | None:
    known = objects.objects(asked.cx)
    section = known.cib.section("nodes") if known.cib is not None else None
    nodes = () if section is None else section.iterchildren("node")
    found = known.element(asked.before[0])
    return next((el for el in nodes if el.get("uname") == asked.before[0]), None) if found is None else found
