"""What a line may begin with, and what `help` explains, as candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.candidates import Candidate, Offer
from crmsh_py.command.slots import SLOTS
from crmsh_py.errors import UsageError
from crmsh_py.levels import ALIASES
from crmsh_py.shell.everywhere import level as everywhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crmsh_py.command.context import Context
    from crmsh_py.shell.everywhere import Stack


def here(stack: Stack) -> Offer:
    """What a line may begin with: commands, statements, levels, then the commands of every level; each by name."""
    return Offer(_names(stack), _other_names(stack))


def _names(stack: Stack) -> Iterator[Candidate]:
    level = stack.level
    yield from (Candidate(name, level.commands[name].summary) for name in sorted(level.commands))
    yield from _statements(sorted(level.keywords - set(level.commands)))
    yield from (Candidate(name, level.sublevels[name]) for name in sorted(level.sublevels))
    yield from (Candidate(name, everywhere.commands[name].summary) for name in sorted(everywhere.commands))


def _other_names(stack: Stack) -> Iterator[Candidate]:
    level = stack.level
    names = {**everywhere.aliases, **{old: new for old, new in ALIASES.items() if new in level.sublevels}}
    yield from (Candidate(old, f"other name of {new}") for old, new in sorted({**names, **level.aliases}.items()))


def _statements(keywords: Iterable[str]) -> Iterator[Candidate]:
    from crmsh_py.shell.help.texts import summary_of_statement

    for keyword in keywords:
        try:
            yield Candidate(keyword, summary_of_statement(keyword) or "statement")
        except OSError:  # the package is damaged
            yield Candidate(keyword, "statement")


def levels(stack: Stack) -> Iterator[Candidate]:
    """Where `cd` leads."""
    yield from (Candidate(name, about) for name, about in stack.level.sublevels.items())
    yield Candidate("..", "the level above")
    yield Candidate("/", "the root")


def topics(cx: Context, stack: Stack, before: Sequence[str], partial: str) -> Offer:
    """What may follow the words behind `help`."""
    if not before:
        return Offer([*_names(stack), *_topics()], [*_other_names(stack), *_elsewhere(cx, partial)])
    if before[0] in _OF_KIND:
        return Offer(_of_kind(cx, before, partial))
    inner = stack.copy()
    try:
        for name in before:
            inner.enter(ALIASES.get(name, name))
    except UsageError:
        return Offer(_parameters(cx, before[0]) if len(before) == 1 else ())
    return here(inner)


def _topics() -> Iterator[Candidate]:
    from crmsh_py.shell.help.texts import topic_names, topic_text

    yield Candidate("topics", "all topics")
    for name in topic_names():
        try:
            yield Candidate(name, topic_text(name).summary)
        except OSError:
            continue


def _elsewhere(cx: Context, partial: str) -> Iterator[Candidate]:
    """What is explained without a level: statements, options, agents."""
    for kind in ("statement", "property", "meta", "agent"):
        yield from _of_kind(cx, [kind], partial)
    yield from (Candidate(kind, about) for kind, about in _OF_KIND.items())


def _of_kind(cx: Context, before: Sequence[str], partial: str) -> Iterable[Candidate]:
    from crmsh_py.command.candidates import options
    from crmsh_py.command.statement_names import Part, of_operation
    from crmsh_py.language.keywords import statement_keywords

    kind, *names = before
    if kind == "agent":
        return _parameters(cx, names[0]) if names else SLOTS["agent"].candidates(cx, partial)
    if names:
        return ()
    if kind == "statement":
        return _statements(sorted(statement_keywords()))
    if kind == "topic":
        return _topics()
    if kind == "op":
        return options.offered(of_operation(cx, Part("primitive", "op")))
    return SLOTS["property" if kind == "property" else "meta_attribute"].candidates(cx, partial)


def _parameters(cx: Context, agent: str) -> Iterable[Candidate]:
    from crmsh_py.command.candidates.options import offered
    from crmsh_py.command.statement_names import of_agent

    return offered(of_agent(cx, agent))


# what may stand before a name, to say of what it is the name
_OF_KIND = {
    "statement": "a statement",
    "topic": "a topic",
    "property": "a cluster option",
    "meta": "a meta attribute",
    "op": "an attribute of operations",
    "agent": "an agent, or one of its parameters",
}
