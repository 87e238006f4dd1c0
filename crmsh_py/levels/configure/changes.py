"""What was edited: looked at, checked, committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.verdict import Verdict
from crmsh_py.levels.configure.level import level
from crmsh_py.output import Record, diff_fragments

if TYPE_CHECKING:
    from crmsh_py.command.context import Context


@level.command("verify")
def verify(cx: Context) -> Record:
    """Check the configuration with our own checks, Pacemaker's schema and crm_verify.

    Exit code 5 if there are errors; warnings do not count.

    Examples:
        verify
    """
    verdict = Verdict(cx)
    return Record("configure.verify", verdict.data, lambda: (), exit_code=verdict.exit_code)


@level.command("diff")
def diff(cx: Context) -> Record:
    """Show what was edited and is not committed yet, as a unified diff of the text.

    Examples:
        diff
    """
    from crmsh_py.cib.changes import changes  # heavy

    lines = changes(cx.session.base_cib(), cx.session.draft)
    return Record("configure.diff", lambda: lines, lambda: diff_fragments(lines))


@level.command(
    "commit [force] [overwrite] [--wait] [--expect-epoch <expect_epoch:number>]", destructive=True, border=True
)
def commit(
    cx: Context, force: bool = False, overwrite: bool = False, wait: bool = False, expect_epoch: str | None = None
) -> None:
    """Write what was edited, after it was checked.

    At the end of a script and of a one-shot command this happens by itself, if every line was good. What somebody else
    has changed meanwhile is kept; where both changed one object, nothing is written and both versions are shown.
    `force` forgives what our own checks and crm_verify say against it, never the schema; `overwrite` puts your version
    of an object in the place of somebody else's, and says so. With `--wait` the cluster has done it when this ends, or
    exit code 9 says that it takes longer than core.wait_timeout (300 seconds, short of a setting). `--expect-epoch`
    refuses a configuration that was changed since it had that epoch, whoever did it.

    Examples:
        commit
        commit force
        commit overwrite
        commit --wait
    """
    expected = None if expect_epoch is None else int(expect_epoch)
    cx.commit(force=force, overwrite=overwrite, wait=wait, expected_epoch=expected)


@level.command("refresh", aliases=("reset",), destructive=True)
def refresh(cx: Context) -> None:
    """Drop what was edited, and read the configuration anew.

    Examples:
        refresh
    """
    # a store that cannot be read has nothing to put in the place of the edits
    cx.session.store.read()
    cx.session.discard()


@level.command("undo")
def undo(cx: Context) -> None:
    """Take the last edit back; again, the one before, up to the last commit.

    The lines of a script between two commands are one edit.

    Examples:
        undo
    """
    if not cx.session.undo():
        cx.note("there is nothing to undo")
