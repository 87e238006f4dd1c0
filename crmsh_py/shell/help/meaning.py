"""What the words behind `help` mean, and the help on that.

A word is taken for what it means at the level; then for another level, a statement, a topic, a cluster option, a meta
attribute, an attribute of operations, an agent, or a command of another level; then for the beginning of a name. The
words of KINDS say which of these is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.names import COMMAND, LEVEL, NOT_YET, find
from crmsh_py.errors import NoSuchObject, UsageError
from crmsh_py.language.words import quote_argv
from crmsh_py.levels import ALIASES, LEVELS, load
from crmsh_py.problems import ERROR, Problem, did_you_mean, listed
from crmsh_py.shell.everywhere import Stack
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.help.overview import overview

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crmsh_py.command.context import Context
    from crmsh_py.command.names import Meaning
    from crmsh_py.output import Record

TOPICS = "topics"
# behind a line: what may come
EXPECTED = "?"


def help_on(cx: Context, stack: Stack, words: Sequence[str]) -> Record:
    """Help on what words mean at a stack of levels; without words, the overview of the level.

    Raises NoSuchObject with the nearest names, UsageError for what could be several things, and what agents raise.
    """
    if not words:
        return overview(stack.level)
    word, *rest = words
    if rest and words[-1] == EXPECTED:
        from crmsh_py.shell.help.explain import explain

        return explain(cx, stack, f"{quote_argv(words[:-1])} ")
    if rest and word in KINDS:
        return _of_kind(cx, stack, word, rest)
    meaning, error = _here(stack, word)
    if meaning and not meaning.is_guess:
        return _of_meaning(cx, stack, meaning, rest)
    if (level := ALIASES.get(word, word)) in LEVELS:
        return help_on(cx, Stack(stack.load, ("root", level)), rest)
    found = _with_parameter(cx, word, rest) if rest else _of_name(cx, word) or _of_command_elsewhere(word)
    if found:
        return found
    if meaning:
        return _of_meaning(cx, stack, meaning, rest)
    if not rest and (found := _of_beginning(cx, word)):
        return found
    if error and error.problems[0].code == NOT_YET:
        raise error
    raise _unknown(stack, words)


def names(stack: Stack) -> Iterator[str]:
    """All words that `help` explains at a stack of levels, but for agents."""
    from crmsh_py.cib.options import cluster_option_names, meta_attribute_names
    from crmsh_py.language.keywords import statement_keywords

    level = stack.level
    yield from (*level.commands, *level.keywords, *level.sublevels, *everywhere.commands, *statement_keywords())
    yield from (TOPICS, *_topics(), *cluster_option_names())
    yield from (*meta_attribute_names("group"), *meta_attribute_names("clone"))


# ---- what a word means


def _here(stack: Stack, word: str) -> tuple[Meaning | None, UsageError | None]:
    """What a word means at the level, or why it means nothing."""
    try:
        return find(word, (stack.level, everywhere), ALIASES), None
    except UsageError as error:
        return None, error


def _of_meaning(cx: Context, stack: Stack, meaning: Meaning, rest: Sequence[str]) -> Record:
    if meaning.sort == LEVEL:
        inner = stack.copy()
        inner.enter(meaning.name)
        return help_on(cx, inner, rest)
    if rest:
        raise NoSuchObject(f"there is no help on {meaning.name} {' '.join(rest)}", hint=f"try `help {meaning.name}`")
    from crmsh_py.shell.help.entries import command_entry, statement_entry

    if meaning.sort == COMMAND and meaning.command:
        is_own = meaning.command is stack.level.commands.get(meaning.name)
        return command_entry(meaning.command, (stack.level if is_own else everywhere).name)
    return statement_entry(meaning.name)


def _of_kind(cx: Context, stack: Stack, kind: str, words: Sequence[str]) -> Record:
    most = 2 if kind == "agent" else 1
    found = KINDS[kind](cx, *words) if len(words) <= most else None
    if found is None:
        raise _unknown(stack, [kind, *words])
    return found


def _of_name(cx: Context, word: str) -> Record | None:
    """Help on what is called so anywhere but in a level; None where there is nothing."""
    from crmsh_py.cib.options import cluster_option

    found = _statement(cx, word) or _topic(cx, word)
    if found is None and cluster_option(word):
        found = _property(cx, word)
    return found or _meta_attribute(cx, word) or _of_operations(cx, word) or _installed(cx, word)


def _installed(cx: Context, word: str) -> Record | None:
    """What `ra info` says of an agent; None where there is none of this name."""
    try:
        return _agent(cx, word)
    except NoSuchObject:
        return None


def _with_parameter(cx: Context, word: str, rest: Sequence[str]) -> Record | None:
    return _agent(cx, word, *rest) if len(rest) == 1 and _installed(cx, word) else None


def _of_command_elsewhere(word: str) -> Record | None:
    """The entry of a command of another level. Raises UsageError where several have one."""
    found = {name: command for name in LEVELS if (command := load(name).commands.get(word))}
    if len(found) > 1:
        shown = listed((f"`help {name} {word}`" for name in found), "or")
        raise UsageError(f"`{word}` is a command of several levels", hint=f"try {shown}")
    from crmsh_py.shell.help.entries import command_entry

    return next((command_entry(command, name, is_here=False) for name, command in found.items()), None)


def _of_beginning(cx: Context, word: str) -> Record | None:
    """Help on the only topic that begins so."""
    found = {topic for name, topic in _topics().items() if word and name.startswith(word.lower())}
    return _topic(cx, *found) if len(found) == 1 else None


def _unknown(stack: Stack, words: Sequence[str]) -> NoSuchObject:
    from crmsh_py.cluster.agents import installed

    agents = (name for provider in installed.providers() for name in installed.types(provider))
    word = words[-1] if len(words) > 1 and words[0] in KINDS else words[0]
    hint = did_you_mean(word, {*names(stack), *agents, *installed.fence_agents()}, 3)
    text = f"there is no help on {' '.join(words)}"
    problem = Problem(ERROR, NoSuchObject.code, text, hint=hint or "`help topics` lists topics", object_id=word)
    return NoSuchObject(problems=[problem])


def _topics() -> dict[str, str]:
    from crmsh_py.shell.help.texts import topics

    return topics()


# ---- the help on it


def _statement(_: Context, word: str) -> Record | None:
    from crmsh_py.language.keywords import statement_keywords
    from crmsh_py.shell.help.entries import statement_entry

    keyword = load("configure").aliases.get(word.lower(), word.lower())
    return statement_entry(keyword) if keyword in statement_keywords() else None


def _topic(_: Context, word: str) -> Record | None:
    from crmsh_py.shell.help.topics import topic_entry, topic_list

    if word == TOPICS:
        return topic_list()
    return topic_entry(_topics()[word]) if word in _topics() else None


def _agent(cx: Context, agent: str, parameter: str | None = None) -> Record | None:
    from crmsh_py.shell.help.options import agent_record, parameter_entry

    return parameter_entry(cx, agent, parameter) if parameter else agent_record(cx, agent)


def _property(cx: Context, word: str) -> Record | None:
    from crmsh_py.shell.help.options import property_entry

    return property_entry(cx, word)


def _meta_attribute(cx: Context, word: str) -> Record | None:
    from crmsh_py.shell.help.options import meta_entry

    return meta_entry(cx, word)


def _of_operations(cx: Context, word: str) -> Record | None:
    from crmsh_py.shell.help.options import operation_entry

    return operation_entry(cx, word)


# what may stand before a name, to say what it is the name of
KINDS: dict[str, Callable[..., Record | None]] = {
    "statement": _statement,
    "topic": _topic,
    "property": _property,
    "meta": _meta_attribute,
    "op": _of_operations,
    "agent": _agent,
}
