"""Text -> statements, by the grammar: `lexemes` cuts each word by what the automaton can take at that place."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.errors import BadSyntax
from crmsh_py.language.automaton import END, Automaton, Table, Unexpected
from crmsh_py.language.builder import RULES, Builder
from crmsh_py.language.builder.filling import syntax_error
from crmsh_py.language.header import Header, read_header
from crmsh_py.language.lexemes import Lexeme, lexemes
from crmsh_py.language.places import PLACES
from crmsh_py.language.statements import Remark, Statement
from crmsh_py.language.table import load
from crmsh_py.language.words import DEEPEST, Line, Word, logical_lines
from crmsh_py.problems import ERROR, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable


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
        parsing = Parsing(exact)
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
    parsing = Parsing(exact=False)
    for word in words:
        parsing.take(word)
    return parsing.expected()


class Parsing:
    """One statement on its way through the parser; `runs` is the class of what runs its table."""

    def __init__(self, exact: bool, runs: type[Automaton] = Automaton) -> None:
        table, self.keywords = _table()
        self.shown = table.terminals
        self.automaton = runs(table, Builder(exact))
        self.noted: list[Word] = []
        self.depth = 0

    def statement(self, words: list[Word]) -> Statement:
        """The statement that the words are. Raises BadSyntax."""
        for word in words:
            self.take(word)
        last = words[-1]
        try:
            statement: Statement = self.automaton.finish()
        except Unexpected:
            at = last.cut(len(last.value)) if last.is_bare else last
            raise self.error(Lexeme(END, at), "the line ends too early") from None
        return statement

    def take(self, word: Word) -> None:
        """Feed a word to the parser; raises BadSyntax where it does not fit."""
        comments = word.comments
        for lexeme in lexemes(word, self.automaton.can, self.keywords):
            if comments:
                # they are before the first part of the word
                lexeme.word.comments, comments = comments, ()
                self.noted.append(lexeme.word)
            if lexeme.word.value in ("(", ")"):
                self.count_brackets(lexeme)
            try:
                self.automaton.feed(lexeme.type, lexeme)
            except Unexpected:
                raise self.error(lexeme, "", word) from None

    def count_brackets(self, lexeme: Lexeme) -> None:
        """Raise BadSyntax where rules are nested deeper than the call stack of a program can follow."""
        self.depth += (lexeme.value == "(") - (lexeme.value == ")") if lexeme.word.is_bare else 0
        if self.depth > DEEPEST:
            raise syntax_error("the rules are nested too deeply", lexeme.place)

    def expected(self) -> tuple[str, ...]:
        """What may follow what was taken, as `expected` names it."""
        able = self.automaton.able()
        return tuple(
            sorted(self.shown.get(name, name) for name in able if name in self.shown or name.endswith(("_SLOT", END)))
        )

    def error(self, lexeme: Lexeme, text: str, word: Word | None = None) -> BadSyntax:
        """What is said of a lexeme that does not fit; `word` is what it is a part of, `text` stands before it."""
        wanted = self.expected()
        words = [word for word in wanted if not word.endswith("_SLOT") and word != END]
        hint = did_you_mean(lexeme.value.lower(), words) if lexeme.value else None
        message = f"expected {_listed(wanted)}"
        if text:
            message = f"{text}: {message}"
        return BadSyntax(problems=[Problem(ERROR, "syntax", message, (word or lexeme.word).place, hint)])


def _listed(wanted: tuple[str, ...]) -> str:
    """`a resource, an operation or meta`, the kinds of words before the keywords."""
    slots = sorted({PLACES[name[: -len("_SLOT")].lower()] for name in wanted if name.endswith("_SLOT")})
    words = [word for word in wanted if not word.endswith("_SLOT") and word != END]
    named = slots + words
    if END in wanted and named:
        named.append("the end of the line")
    if len(named) > 12:
        named = [*named[:11], "..."]
    return " or ".join(filter(None, (", ".join(named[:-1]), named[-1]))) if named else "nothing more"


@lru_cache(maxsize=1)
def _table() -> tuple[Table, dict[str, str]]:
    """The table, and the names of terminals by the words that the grammar writes."""
    table = load(RULES)
    return table, {word: name for name, word in table.terminals.items()}
