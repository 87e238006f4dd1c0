"""Which agents there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.levels.ra.level import level
from crmsh_py.output import Record
from crmsh_py.problems import WARNING, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crmsh_py.cluster.agents.installed import AgentName
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment


@level.command("classes")
def classes(cx: Context) -> Record:
    """Show the classes of agents that are here, with the providers of OCF agents.

    Examples:
        classes
    """
    from crmsh_py.cluster.agents import catalogue, installed  # heavy

    rows = {name: installed.providers() if name == "ocf" else [] for name in catalogue.classes()}
    _tell_what_is_missing(cx)
    return Record(
        "ra.classes",
        lambda: [{"class": name, "providers": providers} for name, providers in rows.items()],
        lambda: _class_fragments(rows),
    )


def _class_fragments(rows: Mapping[str, Sequence[str]]) -> Iterable[Fragment]:
    for name, providers in rows.items():
        yield "keyword", name
        yield "", f" / {' '.join(providers)}\n" if providers else "\n"


@level.command("list [<class:agent_class> [<provider>]]")
def list_(cx: Context, class_: str | None = None, provider: str | None = None) -> Record:
    """Show the agents that are here, each with what it is: all of them, of a class, or of a provider of OCF agents.

    `fencing` is another name of the class stonith. All of them are without the class service, whose agents are those
    of systemd and lsb by another name. What agents say of themselves is kept; the first time takes a few seconds.

    Examples:
        list
        list ocf pacemaker
        list fencing
    """
    from crmsh_py.cluster.agents import catalogue  # heavy

    names = _all(cx) if class_ is None else catalogue.agents(catalogue.class_of(class_), provider)
    summaries = _summaries(cx, names)
    _tell_what_is_missing(cx)
    return Record("ra.list", lambda: [_row(name, summaries[name]) for name in names], lambda: _lines(summaries))


def _all(cx: Context) -> list[AgentName]:
    """The agents of all classes. One that does not answer does not hide the others."""
    from crmsh_py.cluster.agents import catalogue  # heavy

    names: list[AgentName] = []
    for class_ in catalogue.classes():
        try:
            names += () if class_ == catalogue.SERVICE else catalogue.agents(class_)
        except CrmError as error:
            cx.warn(Problem(WARNING, "not-listed", f"the agents of the class {class_} are not known: {error}"))
    return names


def _summaries(cx: Context, names: Sequence[AgentName]) -> Mapping[AgentName, str]:
    from crmsh_py.cluster.agents.summaries import summaries  # heavy

    try:
        return summaries(names, lambda done, all_: cx.progress(f"asking agents what they are: {done} of {all_}"))
    finally:
        cx.progress("")


def _row(name: AgentName, summary: str) -> dict[str, str | None]:
    return {
        "name": str(name),
        "class": name.class_,
        "provider": name.provider,
        "type": name.type,
        "summary": summary or None,
    }


def _lines(summaries: Mapping[AgentName, str]) -> Iterable[Fragment]:
    width = max((len(str(name)) for name in summaries), default=0)
    for name, summary in summaries.items():
        yield "agent", str(name)
        yield "", f"{'':{width - len(str(name))}}  {summary}\n" if summary else "\n"


@level.command("providers <type:agent_type> [<class:agent_class>]")
def providers(_: Context, type: str, class_: str = "ocf") -> Record:  # noqa: A002 - as the usage names it
    """Show the providers that have an OCF agent of a name.

    Examples:
        providers Dummy
        providers ping ocf
    """
    from crmsh_py.cluster.agents import catalogue, installed  # heavy

    if catalogue.class_of(class_) != "ocf":
        raise NoSuchObject(f"agents of the class {class_} have no providers", hint="those of the class ocf have")
    found = installed.providers_of(type)
    if not found:
        known = {name.type for name in catalogue.agents("ocf")}
        raise NoSuchObject(f"there is no OCF agent {type} here", hint=did_you_mean(type, known, 3))
    return Record("ra.providers", lambda: found, lambda: [("", f"{name}\n") for name in found])


def _tell_what_is_missing(cx: Context) -> None:
    from shutil import which

    if not which("crm_resource"):
        text = "crm_resource is not installed: only OCF and fence agents are known, by their files"
        cx.warn(Problem(WARNING, "not-checked", text, hint="install Pacemaker's command-line tools"))
