"""The commands of every level. Their handlers are given the Stack and run when a line is read, not when a script runs:
what the next line means depends on them. What only a Context can tell they leave to a function of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from crmsh_py.command.declare import Level
from crmsh_py.errors import UsageError
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from crmsh_py.command.context import Context
    from crmsh_py.output import Record

UNKNOWN_LEVEL = "unknown-level"

level = Level("everywhere", "commands of every level")


class Stack:
    """The levels that were entered, root first. `is_closed`: the shell was left."""

    def __init__(self, load: Callable[[str], Level], names: Sequence[str] = ("root",)) -> None:
        self.load = load
        self.names = list(names)
        self.is_closed = False

    @property
    def level(self) -> Level:
        """The current level."""
        return self.load(self.names[-1])

    def copy(self) -> Stack:
        """A stack that moves on its own."""
        return Stack(self.load, self.names)

    def enter(self, name: str) -> None:
        """Go down to a level. Raises UsageError where it is not below this one."""
        if name not in self.level.sublevels:
            raise _no_level(f"no such level in {self.level.name}: {name}", _levels_here(self))
        self.names.append(name)

    def leave(self) -> None:
        """Go up. Raises UsageError at the root."""
        if len(self.names) == 1:
            raise _no_level("there is no level above this one", "`quit` leaves the shell")
        self.names.pop()


def _no_level(text: str, hint: str) -> UsageError:
    return UsageError(problems=[Problem(ERROR, UNKNOWN_LEVEL, text, hint=hint)])


def _levels_here(stack: Stack) -> str:
    names = stack.level.sublevels
    return f"levels here: {', '.join(names)}" if names else "there is no level below this one"


@level.command("up", aliases=("back", "end"))
def up(stack: Stack) -> None:
    """Go to the level above.

    Examples:
        up
    """
    stack.leave()


@level.command("cd [<path:level>]")
def cd(stack: Stack, path: str = "/") -> None:
    """Go to another level: `..` is the one above, `/` the root.

    Examples:
        cd ..
        cd /configure
    """
    if path.startswith("/"):
        del stack.names[1:]
    for name in filter(None, path.split("/")):
        if name == "..":
            stack.leave()
        elif name != ".":
            stack.enter(name)


@level.command("quit", aliases=("bye", "exit"))
def quit_(stack: Stack) -> None:
    """Leave the shell; a script ends here and is committed.

    Examples:
        quit
    """
    stack.is_closed = True


@level.command("help [<topic>...]", aliases=("?", "-h", "--help"))
def help_(stack: Stack, topic: Sequence[str] = ()) -> Callable[[Context], Record]:
    """Explain a command, a level, a statement, an agent, an option or a topic; without a word, list what there is here.

    A word is taken for what it means at this level; else for another level, a statement, a topic, a cluster option, a
    meta attribute, an attribute of operations, an agent, or a command of another level. `property`, `meta`, `op`,
    `agent`, `topic` and `statement` before it say what it is. Behind an agent may stand one of its parameters, and
    behind a line a `?`: then it is said what may come there.

    Examples:
        help
        help quit
        help configure primitive
        help topics
        help property no-quorum-policy
        help meta target-role
        help resource move web ?
    """
    from crmsh_py.shell.help import help_on

    # agents are asked when the line runs, not when it is read
    return partial(help_on, stack=stack.copy(), words=topic)


@level.command("ls")
def ls(stack: Stack) -> Record:
    """List the names of what can be used here.

    Examples:
        ls
    """
    from crmsh_py.shell.help import names_here

    return names_here(stack)
