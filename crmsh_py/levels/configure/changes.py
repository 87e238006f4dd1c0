"""What was edited: looked at, checked, committed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crmsh_py.errors import Refused
from crmsh_py.levels.configure.level import level
from crmsh_py.output import Fragment, Record
from crmsh_py.problems import ERROR

if TYPE_CHECKING:
    from crmsh_py.command.context import Context


@level.command("verify")
def verify(cx: Context) -> None:
    """Check the configuration with our own checks, Pacemaker's schema and crm_verify.

    Exit code 5 if there are errors; warnings do not count.

    Examples:
        verify
    """
    found = cx.session.problems()
    if any(problem.severity == ERROR for problem in found):
        raise Refused(problems=found)
    for problem in found:
        cx.warn(problem)


@level.command("diff")
def diff(cx: Context) -> Record:
    """Show what was edited and is not committed yet, as a unified diff of the text.

    Examples:
        diff
    """
    from crmsh_py.cib.changes import changes  # heavy

    lines = changes(cx.session.base_cib(), cx.session.draft)

    def fragments() -> Iterable[Fragment]:
        for line in lines:
            yield (_DIFF_STYLES.get(line[:1], ""), line + "\n")

    return Record("configure.diff", lambda: lines, fragments)


_DIFF_STYLES = {"+": "added", "-": "removed", "@": "heading"}


@level.command("commit [force]", destructive=True, border=True)
def commit(cx: Context, force: bool = False) -> None:
    """Write what was edited, after it was checked.

    At the end of a script and of a one-shot command this happens by itself, if every line was good. `force` forgives
    what our own checks and crm_verify say against it, never the schema.

    Examples:
        commit
        commit force
    """
    cx.commit(force=force)
