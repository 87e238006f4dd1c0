"""The editor of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsh_py.command.context import Context


def editor(cx: Context) -> list[str]:
    """The editor with its arguments: the setting core.editor, else $EDITOR, else vi. Raises UsageError."""
    return program(cx.settings["core.editor"] or cx.environ.get("EDITOR") or "vi")


def program(command: str) -> list[str]:
    """A program and its arguments out of one text. Raises UsageError."""
    import shlex  # heavy

    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"not a program with arguments: {command} ({str(error).lower()})") from None
    if not words:
        raise UsageError("expected a program")
    return words


def run_editor(argv: Sequence[str]) -> None:
    """Run an editor on the terminal. Raises CrmError where it does not end well."""
    from crmsh_py.run import interactive  # heavy

    exit_code = interactive(argv)
    if exit_code:
        raise CrmError(f"{argv[0]} ended with exit code {exit_code}; nothing was changed")


def edited(cx: Context, text: str, name: str) -> bytes:
    """What the user makes of a text, in a file of this name that nobody else can read. Raises as `run_editor` does."""
    from crmsh_py.cib.scratch import scratch_file  # heavy
    from crmsh_py.cib.stores.file import read_source

    with scratch_file(name, text.encode("utf-8", "surrogateescape")) as path:
        run_editor([*editor(cx), path])
        return read_source(path)
