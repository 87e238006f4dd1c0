"""Objects edited as text: in an editor, through a program, value by value."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crmsh_py.command.editor import editor, run_editor
from crmsh_py.command.editor import program as words_of
from crmsh_py.errors import CrmError, UsageError
from crmsh_py.levels.configure.level import level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.exchange import Exchange, XmlExchange
    from crmsh_py.command.context import Context
    from crmsh_py.problems import Problem

FILTER_SECONDS = 600.0
LINES_OF_TALK = 20
SHELL = "|&;<>()`"
# they take `+LINE` in front of the file
GO_TO_LINES = "vi nvi nvim vim view nano rnano emacs joe jmacs mcedit micro mg ne pico kak".split()


@level.command("edit [xml] [<selection:selector>...]")
def edit(cx: Context, selection: Sequence[str] = (), xml: bool = False) -> None:
    """Edit the configuration, or the objects that are chosen as for `show`, in an editor.

    What is removed from the text is deleted, what is new in it is created; ids stay where the text does not show them.
    Objects whose text stays as it is are not touched. Where the text is wrong, nothing changes, and it can be edited
    again, from the line that is wrong where the editor is a usual one. Secrets are in clear, in a file that only you
    can read and that is removed afterwards. The editor is the setting core.editor, else $EDITOR, else vi.

    Examples:
        edit
        edit web* address
        edit xml web
    """
    if not (os.isatty(0) and os.isatty(1)):
        raise UsageError("edit needs a terminal", hint="`filter` edits through a program, `load update` takes a file")
    from crmsh_py.cib.scratch import scratch_file  # heavy

    objects = _exchange(cx, selection, xml=xml, in_lines=False)
    argv = editor(cx)
    with scratch_file("configuration." + ("xml" if xml else "crm"), objects.text.encode()) as path:
        line: int | None = None
        while (line := _edited(cx, objects, [*argv, *_at(argv[0], line), path])) is not None:
            pass


def _at(editor: str, line: int | None) -> list[str]:
    """What makes an editor begin at a line, where it is known to."""
    # Debian has vim.basic and emacs-nox
    name = os.path.basename(editor).partition(".")[0].partition("-")[0]
    return [f"+{line}"] if line and name in GO_TO_LINES else []


def _edited(cx: Context, objects: Exchange | XmlExchange, argv: Sequence[str]) -> int | None:
    """Run the editor and take over what it leaves; the line to go on at where that is to be edited again."""
    from crmsh_py.cib.stores.file import read_source

    run_editor(argv)
    data = read_source(argv[-1])
    if not data.strip() and objects.text and not cx.ask("The text is empty: delete all objects that were in it?"):
        cx.note("nothing was changed")
        return None
    try:
        _take_over(cx, objects, data, "text")
    except CrmError as error:
        for problem in error.problems:
            cx.warn(problem)
        # -F would say yes for ever
        if not cx.options.force and cx.ask("Edit it again?"):
            return next((problem.place.line for problem in error.problems if problem.place), 1)
        raise type(error)("the text is wrong; nothing was changed") from None
    if not cx.is_typed:
        cx.at_end["edit"] = lambda: _keep_text(cx, data)
    return None


def _keep_text(cx: Context, text: bytes) -> None:
    """Leave a text that was edited, and could not be committed, in a file that only its owner can read."""
    if cx.is_dirty:
        from tempfile import mkstemp  # heavy

        descriptor, path = mkstemp(prefix="crm-edit-")
        with open(descriptor, "wb") as file:
            file.write(text)
        cx.note(f"the text is kept in {path}, secrets in clear; `configure load update` takes it")


@level.command("filter <program> [xml] [<selection:selector>...]")
def filter_(cx: Context, program: str, selection: Sequence[str] = (), xml: bool = False) -> None:
    """Edit the configuration, or the objects that are chosen as for `show`, with a program.

    The program reads the objects on its standard input, each on a line of its own, and writes what they shall be, as
    with `edit`. It is one word, quoted where it has arguments, and runs without a shell: for pipes and the like, write
    filter "sh -c '...'". If it fails or writes nothing, nothing changes.

    Examples:
        filter "sed s/192.0.2/198.51.100/" type:primitive
        filter "sed '/^tag /d'"
        filter cat xml web
    """
    from crmsh_py.run import run

    objects = _exchange(cx, selection, xml=xml, in_lines=True)
    argv = words_of(program)
    _refuse_shell(program)
    done = run(argv, stdin=objects.text.encode(), timeout=FILTER_SECONDS)
    talk = done.error_text.strip().splitlines()
    if done.exit_code:
        last_line = f": {talk[-1]}" if talk else ""
        raise CrmError(f"{argv[0]} failed with exit code {done.exit_code}{last_line}", hint="nothing was changed")
    for line in talk[:LINES_OF_TALK]:
        cx.note(f"{argv[0]}: {line}")
    if not done.stdout.strip() and objects.text:
        raise CrmError(f"{argv[0]} wrote nothing; nothing was changed", hint="`delete` and `erase` remove objects")
    _take_over(cx, objects, done.stdout, f"output of {os.path.basename(argv[0])}")


def _exchange(cx: Context, selection: Sequence[str], *, xml: bool, in_lines: bool) -> Exchange | XmlExchange:
    from crmsh_py.cib.exchange import Exchange, XmlExchange  # heavy
    from crmsh_py.cib.selection import select

    cib = cx.session.draft
    chosen = select(cib, selection, cx.session.base_cib) if selection else None
    return XmlExchange(cib, chosen) if xml else Exchange(cib, chosen, in_lines=in_lines)


def _take_over(cx: Context, objects: Exchange | XmlExchange, data: bytes, source: str) -> None:
    change: Callable[[Cib], list[Problem]] | None = objects.change(data, source)
    if change is None:
        cx.note("nothing was changed")
    else:
        cx.edit(change)


def _refuse_shell(program: str) -> None:
    """Raise UsageError for what only a shell understands; to a program they would be words like any others."""
    import shlex

    lexer = shlex.shlex(program, posix=True, punctuation_chars=SHELL)
    lexer.whitespace_split = True
    lexer.commenters = ""
    found = next((word for word in lexer if not set(word) - set(SHELL)), None)
    if found is not None:
        quoted = program.replace("'", "'\\''")
        raise UsageError(f"{found} is for a shell, and there is none here", hint=f"filter \"sh -c '{quoted}'\"")


@level.command("set <path:setting> <value>")
def set_(cx: Context, path: str, value: str) -> None:
    """Change one value that is there, or give an operation a timeout, on-fail and the like that it has not.

    The path is ID.NAME for an attribute of an object (of a node by its name, of a set of attributes by its id), and
    ID.OPERATION.NAME for one of an operation; ID.OPERATION.INTERVAL.NAME where there are several of that name.
    10 and 10s are the same interval. An operation whose id was made of its interval gets a new id with a new interval.

    Examples:
        set address.ip 192.0.2.81
        set web.priority 20
        set alpha.size small
        set disk.monitor.29s.timeout 25s
        set op-options.timeout 90s
    """
    from crmsh_py.cib.values import set_value  # heavy

    def change(cib: Cib) -> list[Problem]:
        set_value(cib, path, value)
        return []

    cx.edit(change)
