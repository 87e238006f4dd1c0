"""The table of the automaton: made from the grammar by lark, and kept as JSON in an installed package.

A checkout has no such file, or one of an older grammar: it makes the table in memory then, so that a change of the
grammar counts at once. The only module that imports lark.
"""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING, Any

from crmsh_py.errors import CrmError
from crmsh_py.language.automaton import Table
from crmsh_py.language.keywords import grammar_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lark import Lark

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "table.json")


def load(makers: Mapping[str, Callable[..., Any]]) -> Table:
    """The table that fits the grammar; `makers` are called by its rules, by their names."""
    return Table(_read() or make(strict=False), makers)


def make(*, strict: bool) -> dict[str, Any]:
    """The table as JSON holds it, made anew.

    strict: raise CrmError where the grammar has a conflict, which lark would resolve silently.
    """
    import lark  # heavy

    options: dict[str, Any] = {"parser": "lalr", "lexer": "basic", "keep_all_tokens": True, "maybe_placeholders": False}
    try:
        grammar = lark.Lark(grammar_text(), strict=strict, **options)
    except lark.exceptions.GrammarError as error:
        raise CrmError(f"the grammar has a conflict: {error}") from error
    return {"grammar": _signature(), **_table(grammar)}


def write(path: str) -> None:
    """Write the table. Raises CrmError where the grammar has a conflict."""
    import json  # heavy

    with open(path, "w", encoding="utf-8") as file:
        json.dump(make(strict=True), file, separators=(",", ":"))


def _read() -> dict[str, Any] | None:
    from json import load  # heavy

    try:
        with open(TABLE, encoding="utf-8") as file:
            made: dict[str, Any] = load(file)
    except (OSError, ValueError):
        return None
    return made if made.get("grammar") == _signature() else None


def _signature() -> str:
    """What tells one grammar from another."""
    return f"{zlib.crc32(grammar_text().encode()):08x}"


def _table(grammar: Lark) -> dict[str, Any]:
    # typed by half in lark
    conf: Any = grammar.parse_interactive().parser_state.parse_conf
    numbers = {state: number for number, state in enumerate(conf.states)}
    rules: dict[Any, int] = {rule: number for number, rule in enumerate(grammar.rules)}
    return {
        "start": numbers[conf.start_state],
        "end": numbers[conf.end_state],
        "states": [_actions(actions, numbers, rules) for actions in conf.states.values()],
        "rules": [_rule(rule) for rule in rules],
        "terminals": {terminal.name: terminal.pattern.value for terminal in grammar.terminals},
    }


def _actions(actions: dict[str, Any], numbers: dict[Any, int], rules: dict[Any, int]) -> dict[str, int]:
    from lark.parsers.lalr_analysis import Shift

    return {
        name: numbers[argument] if kind is Shift else -1 - rules[argument] for name, (kind, argument) in actions.items()
    }


def _rule(rule: Any) -> list[Any]:
    inlined = [at for at, symbol in enumerate(rule.expansion) if not symbol.is_term and symbol.name.startswith("_")]
    name = str(rule.origin.name)
    if rule.alias:
        raise CrmError(f"the grammar names an alternative of {name}: {rule.alias}; the automaton has none")
    return [name, len(rule.expansion), inlined, bool(rule.options.expand1)]
