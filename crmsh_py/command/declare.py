"""How a command is declared: once, in the file of its level.

    level = Level("configure", "The cluster's configuration: show, edit, verify, commit.")

    @level.command("show [xml] [<selection:selector>...]", aliases=("display",))
    def show(cx: Context, selection: Sequence[str] = (), xml: bool = False) -> Record:
        '''Show objects of the configuration.

        What else is to be said.

        Examples:
            show
            show web*
        '''

    @level.statements
    def put(cx: Context, statements: Sequence[Statement]) -> None:
        '''Add objects to the configuration.'''

A handler gets plain values (`usage.py` says which), returns a Record, an exit code or None, and raises the errors
of `errors.py`. A level whose `statements` are declared also takes lines that begin with a statement keyword; a
whole script is parsed (`parse`) before its first statement runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from crmsh_py.command.usage import Usage

if TYPE_CHECKING:
    from typing import Any, TypeAlias, TypeVar

    from crmsh_py.errors import CrmError
    from crmsh_py.language.words import Line
    from crmsh_py.output import Record

    Handler: TypeAlias = Callable[..., Any]
    H = TypeVar("H", bound=Handler)


class Command:
    """A declared command.

    is_destructive: its name is never abbreviated.
    is_border: what was edited before it stays when a later line fails.
    is_live: it acts on what runs, so it is refused where the store is a file or a shadow, and edits are finished first.
    failing: what it says, with its own exit code, where the arguments of the program are wrong; None for the usual.
    """

    def __init__(
        self,
        usages: Sequence[str],
        handler: Handler,
        aliases: Sequence[str],
        is_destructive: bool,
        is_border: bool,
        is_live: bool,
        failing: Callable[[CrmError], Record] | None = None,
    ) -> None:
        self.usage = Usage(usages)
        self.name = self.usage.name
        self.handler = handler
        self.aliases = tuple(aliases)
        self.is_destructive = is_destructive
        self.is_border = is_border or is_live
        self.is_live = is_live
        self.failing = failing

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return self._manual[0]

    @property
    def body(self) -> str:
        """The rest of the docstring, without its examples."""
        return self._manual[1]

    @property
    def examples(self) -> list[str]:
        """The lines of the docstring's `Examples:`, as they are typed at the level's prompt."""
        return [line.strip() for line in self._manual[2].splitlines() if line.strip()]

    @cached_property
    def _manual(self) -> tuple[str, str, str]:
        return split_manual(self.handler.__doc__)


def split_manual(docstring: str | None) -> tuple[str, str, str]:
    """The summary, the body and the examples of a handler's docstring."""
    summary, _, rest = (docstring or "").strip().partition("\n")
    lines = [line.rstrip() for line in rest.splitlines()]
    indent = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    body, _, examples = "\n".join(line[indent:] for line in lines).partition("Examples:\n")
    return summary, body.strip(), examples


def _parse_statement(line: Line) -> Any:
    from crmsh_py.language.parser import parse_line  # heavy

    return parse_line(line)


def _statement_keywords() -> frozenset[str]:
    from crmsh_py.language.keywords import statement_keywords

    return statement_keywords()


class Level:
    """A room of the shell: commands, other levels, and perhaps statements.

    summary: one line for the overview above it.
    sublevels: the levels that can be entered from here, each with its summary.
    not_yet: commands of which people know from the existing shell, and which are not there yet.
    aliases: other names of statements; those of commands are declared with them.
    parse, keywords: the language of the statements; another one only for levels with a language of their own.
    """

    def __init__(
        self,
        name: str,
        summary: str,
        sublevels: Mapping[str, str] | None = None,
        not_yet: Iterable[str] = (),
        aliases: Mapping[str, str] | None = None,
        parse: Callable[[Line], Any] = _parse_statement,
        keywords: Callable[[], frozenset[str]] = _statement_keywords,
    ) -> None:
        self.name = name
        self.summary = summary
        self.sublevels = dict(sublevels or {})
        self.not_yet = frozenset(not_yet)
        self.commands: dict[str, Command] = {}
        self.aliases = dict(aliases or {})
        self.parse = parse
        self.run_statements: Handler | None = None
        self._keywords = keywords

    def command(
        self,
        *usages: str,
        aliases: Sequence[str] = (),
        destructive: bool = False,
        border: bool = False,
        live: bool = False,
        failing: Callable[[CrmError], Record] | None = None,
    ) -> Callable[[H], H]:
        """Declare a command: its usage lines, other names, and what `Command` says of the rest.

        destructive: its own name must be written in full.
        """

        def declare(handler: H) -> H:
            command = Command(usages, handler, aliases, destructive, border, live, failing)
            self.commands[command.name] = command
            self.aliases.update(dict.fromkeys(aliases, command.name))
            return handler

        return declare

    def statements(self, handler: H) -> H:
        """Declare the handler of statements: it gets the Context and what `parse` made of one or more lines."""
        self.run_statements = handler
        return handler

    @cached_property
    def keywords(self) -> frozenset[str]:
        """The first words of statements."""
        return self._keywords() if self.run_statements else frozenset()
