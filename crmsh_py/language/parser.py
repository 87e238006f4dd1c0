"""Text -> statements. The only module that imports lark.

The grammar's LALR table is made when the package is built and read from JSON; a checkout has none and builds it in
memory. lark's own lexer is not used: `lexemes` cuts each word by what the parser can take at that place.
"""

from __future__ import annotations

import hashlib
import json
import os
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import lark
from lark.exceptions import UnexpectedToken
from lark.grammar import Rule
from lark.lexer import TerminalDef
from lark.parsers.lalr_analysis import Shift

from crmsh_py.errors import BadSyntax, CrmError
from crmsh_py.language.builder import Builder
from crmsh_py.language.builder.filling import syntax_error
from crmsh_py.language.header import Header, read_header
from crmsh_py.language.keywords import grammar_text
from crmsh_py.language.lexemes import Lexeme, lexemes
from crmsh_py.language.places import PLACES
from crmsh_py.language.statements import Remark, Statement
from crmsh_py.language.words import DEEPEST, Line, Word, logical_lines
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "table.json")
OPTIONS: dict[str, Any] = {"parser": "lalr", "lexer": "basic", "keep_all_tokens": True, "maybe_placeholders": False}


def parse(text: str, source: str, *, exact: bool = False) -> list[Statement]:
    """All statements of a text. Raises BadSyntax with every error of the text."""
    statements: list[Statement] = []
    problems: list[Problem] = []
    for line in logical_lines(text, source):
        try:
            statements.append(parse_line(line, exact=exact))
        except BadSyntax as error:
            problems.extend(error.problems)
    if problems:
        raise BadSyntax(problems=problems)
    return statements


def parse_line(line: Line, *, exact: bool = False) -> Statement:
    """The statement of a logical line, or a Remark for comments alone. Raises BadSyntax."""
    if line.fault:
        raise line.fault
    inside = [comment for comment in line.comments if comment.section is None]
    if line.words:
        parsing = _Parsing(exact)
        statement = parsing.statement(line.words)
        statement.place = line.words[0].place
        # a comment at a place that has no part of its own to hold it is the object's
        inside.extend(comment for word in parsing.noted for comment in word.comments)
    else:
        statement = Remark()
    # comments inside an object stand at its start, those of its section before it
    before = [comment for comment in line.comments if comment.section is not None]
    statement.comments = (*before, *inside)
    statement.trailing = tuple(line.trailing)
    return statement


class Text(NamedTuple):
    """A text that was read; `header` is None for what a person types."""

    header: Header | None
    statements: list[Statement]


def read_text(text: str, source: str) -> Text:
    """A whole text, exact if its first line says so. Raises BadSyntax with every error of the text."""
    header = read_header(text)
    if header:
        # the line stays, so that the places of errors count it
        text = "\n" + text.partition("\n")[2]
    return Text(header, parse(text, source, exact=header is not None))


def says(text: str, statement: Statement) -> bool:
    """Whether exact text is read back as just this statement."""
    try:
        return parse(text, "", exact=True) == [statement]
    except BadSyntax:
        return False


def expected(words: Iterable[Word]) -> tuple[str, ...]:
    """What may follow the words: keywords as they are written, and slots by their names (`RSC_SLOT`).

    Raises BadSyntax where the words themselves are wrong.
    """
    parsing = _Parsing(exact=False)
    for word in words:
        parsing.take(word)
    return parsing.expected()


class _Parsing:
    """One statement on its way through the parser."""

    def __init__(self, exact: bool) -> None:
        grammar, builder, self.keywords, self.shown = _parser()
        builder.exact = exact
        # typed by half in lark
        self.parser: Any = grammar.parse_interactive()
        self.noted: list[Word] = []
        self.depth = 0
        self.states = self.parser.parser_state.parse_conf.states

    def statement(self, words: list[Word]) -> Statement:
        for word in words:
            self.take(word)
        last = words[-1]
        try:
            statement: Statement = self.parser.feed_eof(_End())
        except UnexpectedToken:
            at = last.cut(len(last.value)) if last.is_bare else last
            raise self.error(Lexeme("$END", at), "the line ends too early") from None
        return statement

    def take(self, word: Word) -> None:
        """Feed a word to the parser; raises BadSyntax where it does not fit."""
        comments = word.comments
        for lexeme in lexemes(word, self.can, self.keywords):
            if comments:
                # they are before the first part of the word
                lexeme.word.comments, comments = comments, ()
                self.noted.append(lexeme.word)
            self.count_brackets(lexeme)
            try:
                self.parser.feed_token(lexeme)
            except UnexpectedToken:
                raise self.error(lexeme, "", word) from None

    def count_brackets(self, lexeme: Lexeme) -> None:
        """Raise BadSyntax where rules are nested deeper than the call stack of a program can follow."""
        self.depth += (lexeme.value == "(") - (lexeme.value == ")") if lexeme.word.is_bare else 0
        if self.depth > DEEPEST:
            raise syntax_error("the rules are nested too deeply", lexeme.place)

    def can(self, terminal: str) -> bool:
        """Whether the parser would shift this terminal now; LALR's merged look-ahead alone would say yes too often."""
        stack: list[Any] = list(self.parser.parser_state.state_stack)
        while (action := self.states[stack[-1]].get(terminal)) is not None:
            kind, argument = action
            if kind is Shift:
                return True
            if argument.expansion:
                del stack[-len(argument.expansion) :]
            stack.append(self.states[stack[-1]][argument.origin.name][1])
        return False

    def expected(self) -> tuple[str, ...]:
        top = self.states[self.parser.parser_state.state_stack[-1]]
        able = [
            name for name in top if (name in self.shown or name.endswith("_SLOT") or name == "$END") and self.can(name)
        ]
        return tuple(sorted(self.shown.get(name, name) for name in able))

    def error(self, lexeme: Lexeme, text: str, word: Word | None = None) -> BadSyntax:
        wanted = self.expected()
        words = [word for word in wanted if not word.endswith("_SLOT") and word != "$END"]
        hint = None
        near = get_close_matches(lexeme.value.lower(), words, 1) if lexeme.value else []
        if near:
            hint = f"did you mean {near[0]}?"
        message = f"expected {_listed(wanted)}"
        if text:
            message = f"{text}: {message}"
        return BadSyntax(problems=[Problem(ERROR, "syntax", message, (word or lexeme.word).place, hint)])


class _End:
    """What lark asks of a last token."""

    type = "$END"
    start_pos = line = column = end_line = end_column = end_pos = None


def _listed(wanted: tuple[str, ...]) -> str:
    """`a resource, an operation or meta`, the kinds of words before the keywords."""
    slots = sorted({PLACES[name[: -len("_SLOT")].lower()] for name in wanted if name.endswith("_SLOT")})
    words = [word for word in wanted if not word.endswith("_SLOT") and word != "$END"]
    named = slots + words
    if "$END" in wanted:
        named.append("the end of the line")
    if len(named) > 12:
        named = [*named[:11], "..."]
    return " or ".join(filter(None, (", ".join(named[:-1]), named[-1]))) if named else "nothing more"


@lru_cache(maxsize=1)
def _parser() -> tuple[lark.Lark, Builder, dict[str, str], dict[str, str]]:
    builder = Builder()
    grammar = _from_table(builder) or lark.Lark(grammar_text(), transformer=builder, **OPTIONS)
    shown = {terminal.name: terminal.pattern.value for terminal in grammar.terminals}
    return grammar, builder, {value: name for name, value in shown.items()}, shown


def signature() -> str:
    """What a table must fit: this lark, this grammar."""
    return f"{lark.__version__} {hashlib.sha256(grammar_text().encode()).hexdigest()}"


def _from_table(builder: Builder) -> lark.Lark | None:
    try:
        with open(TABLE, "rb") as file:
            made = json.load(file)
    except (OSError, ValueError):
        return None
    if made.get("signature") != signature():
        return None
    data, memo = made["data"], {int(key): value for key, value in made["memo"].items()}
    table = data["parser"]["parser"]
    table["tokens"] = {int(key): name for key, name in table["tokens"].items()}
    table["states"] = {
        int(state): {int(token): tuple(action) for token, action in actions.items()}
        for state, actions in table["states"].items()
    }
    # what lark's own generated parsers call; its public `load` reads pickles alone
    load: Any = lark.Lark._load_from_dict  # noqa: SLF001
    grammar: lark.Lark = load(data, memo, transformer=builder)
    return grammar


def build_table(path: str) -> None:
    """Write the parser's table as JSON. Raises CrmError where the grammar has a conflict, which lark would resolve
    silently."""
    try:
        grammar = lark.Lark(grammar_text(), strict=True, **OPTIONS)
    except lark.exceptions.GrammarError as error:
        raise CrmError(f"the grammar has a conflict: {error}") from error
    data, memo = grammar.memo_serialize([TerminalDef, Rule])
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"signature": signature(), "data": data, "memo": memo}, file, separators=(",", ":"))
