"""What texts of help take from declarations: `{name}` or `{name word}` on a line of its own, by DERIVED."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmsh_py.command import meanings
from crmsh_py.errors import BUG, CHANGED
from crmsh_py.problems import listed
from crmsh_py.shell.help.blocks import CODE, ROW, Block, blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from crmsh_py.cib.options import Option

_EXIT_CODE = re.compile(r"^ *([A-Z]\w+) +(\d+)  +(\S.*)$", re.MULTILINE)
# exit codes that are not those of an error
NO_ERRORS = {
    0: "done, or nothing to do",
    BUG: "a bug of this program; `--debug` shows where",
    CHANGED: "something was changed, where `--detailed-exitcode` asks for it",
}


def filled(text: str) -> list[Block]:
    """The parts of a text, with what stands for its braces. Raises KeyError for a name that is not in DERIVED."""
    return blocks(text, lambda name, word: DERIVED[name](word))


def rows(pairs: Iterable[tuple[str, str]]) -> Iterator[Block]:
    """The rows of a table."""
    yield from (Block(ROW, words, name) for name, words in pairs)


def exit_codes(_: str = "") -> Iterator[Block]:
    """The exit codes; those of errors from the page that lists the exceptions."""
    from crmsh_py import errors

    found = {code: [words] for code, words in NO_ERRORS.items()}
    for _name, code, words in _EXIT_CODE.findall(errors.__doc__ or ""):
        found.setdefault(int(code), []).append(words)
    yield from rows((str(code), "; ".join(words)) for code, words in sorted(found.items()))


def settings(_: str = "") -> Iterator[Block]:
    """The settings: what they are for, the legal values, the usual one."""
    from crmsh_py.config.table import SETTINGS, legal

    for name, (usual, _choices) in SETTINGS.items():
        facts = (legal(name), f"usually {usual}" if usual else "")
        yield Block(ROW, _with_facts(meanings.SETTINGS[name], "; ".join(filter(None, facts))), name)


def properties(_: str = "") -> Iterator[Block]:
    """The cluster options, with their values and defaults."""
    from crmsh_py.cib.options import CLUSTER_OPTIONS

    yield from rows((one.name, facts_of(one)) for one in CLUSTER_OPTIONS)


def meta_attributes(tag: str) -> Iterator[Block]:
    """The meta attributes of primitives, groups or clones; of the last two those that primitives do not have."""
    from crmsh_py.cib.options import meta_attributes as of_tag

    common = set() if tag == "primitive" else set(of_tag("primitive"))
    for one in of_tag(tag):
        if one not in common:
            yield Block(ROW, _with_facts(meanings.META_ATTRIBUTES[one.name], facts_of(one)), one.name)


def operation_attributes(_: str = "") -> Iterator[Block]:
    """The attributes of operations."""
    yield from rows(meanings.OPERATION_ATTRIBUTES.items())


def statements(_: str = "") -> Iterator[Block]:
    """The statements, with what they are for."""
    from crmsh_py.shell.help.syntax import statement_rules
    from crmsh_py.shell.help.texts import statement_text

    yield from rows((rule, statement_text(rule).summary) for rule in statement_rules())


def levels(_: str = "") -> Iterator[Block]:
    """The levels."""
    from crmsh_py.levels import LEVELS

    yield from rows(LEVELS.items())


def other_names(_: str = "") -> Iterator[Block]:
    """The other names of levels and commands, level by level."""
    from crmsh_py.levels import ALIASES, LEVELS, load
    from crmsh_py.shell.everywhere import level as everywhere

    named = {name: [other for other, one in ALIASES.items() if one == name] for name in LEVELS}
    yield Block(ROW, _other_names(named), "levels")
    for level in (everywhere, load("root"), *map(load, LEVELS)):
        text = _other_names({name: command.aliases for name, command in level.commands.items()})
        if text:
            yield Block(ROW, text, level.name)


def _other_names(named: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{name} is also {listed(others)}" for name, others in named.items() if others)


def not_abbreviated(_: str = "") -> Iterator[Block]:
    """The commands whose names are written in full, level by level."""
    from crmsh_py.levels import LEVELS, load

    for level in map(load, LEVELS):
        names = [one.name for one in level.commands.values() if one.is_destructive]
        if names:
            yield Block(ROW, ", ".join(names), level.name)


def syntax(rule: str) -> Iterator[Block]:
    """How a part of a statement is written."""
    from crmsh_py.shell.help.entries import parts_of, words_of
    from crmsh_py.shell.help.syntax import part_name, syntax_of

    found = syntax_of(rule)
    yield Block(ROW, " | ".join(found.lines), part_name(rule))
    yield from rows(parts_of(found))
    yield from rows(words_of(found).items())


def example(rule: str) -> Iterator[Block]:
    """The example above a rule of the grammar."""
    from crmsh_py.shell.help.syntax import examples_of

    yield from (Block(CODE, line) for line in examples_of(rule))


def _with_facts(words: str, facts: str) -> str:
    return f"{words} ({facts})" if facts else words


def facts_of(option: Option) -> str:
    """The values and the default of an option."""
    said = [" | ".join(option.choices) if option.type == "choice" else option.type]
    said += [f"default {option.default}"] if option.default is not None else []
    said += [option.remark] if option.remark else []
    return ", ".join(said)


DERIVED: dict[str, Callable[[str], Iterable[Block]]] = {
    "exit_codes": exit_codes,
    "settings": settings,
    "properties": properties,
    "meta_attributes": meta_attributes,
    "operation_attributes": operation_attributes,
    "statements": statements,
    "levels": levels,
    "other_names": other_names,
    "not_abbreviated": not_abbreviated,
    "syntax": syntax,
    "example": example,
}
