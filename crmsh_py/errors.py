"""The exceptions of this program; each says its exit code.

CrmError            1   failed for any reason not below
  UsageError        2   a command line that fits no usage, an unknown option
  BadSyntax         2   a text that is not in the configuration language
  NoSuchObject      4   an id, a file's entry or a level that is not there
  Refused           5   verification found errors
  Conflict          6   the store changed under the edit
  Unreachable       7   the cluster or a node does not answer
  NotPermitted      8   a right is missing
  TimedOut          9   an answer did not come in time
  Cancelled       130   interrupted

Exit code 3 is for what is none of these: our own bug, caught in `main` alone.
An exception is for work that cannot go on; what is wrong with a configuration is a `Problem`, and an
exception may carry any number of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from crmsh_py.problems import ERROR, Problem

INTERRUPTED = "interrupted"
# exit codes of what is no error of the user
BUG = 3
CHANGED = 10


class CrmError(Exception):
    """The work cannot go on; `problems` says why, at least one."""

    exit_code = 1
    code = "failed"

    def __init__(self, text: str = "", *, hint: str | None = None, problems: Iterable[Problem] = ()) -> None:
        given = tuple(problems)
        self.problems = given or (Problem(ERROR, self.code, text, hint=hint),)
        super().__init__(text or "; ".join(problem.text for problem in given))


class UsageError(CrmError):
    """A command line fits no usage. Retry with another line."""

    exit_code = 2
    code = "usage"


class BadSyntax(CrmError):
    """A text is not in the configuration language. The problems have places."""

    exit_code = 2
    code = "syntax"


class NoSuchObject(CrmError):
    """A named thing is not there."""

    exit_code = 4
    code = "no-such-object"


class Refused(CrmError):
    """Verification found errors; nothing was written."""

    exit_code = 5
    code = "refused"


class Conflict(CrmError):
    """The store changed under the edit; nothing was written."""

    exit_code = 6
    code = "conflict"


class Unreachable(CrmError):
    """The cluster or a node does not answer. Retry may help."""

    exit_code = 7
    code = "unreachable"


class NotPermitted(CrmError):
    """A right is missing: a file mode, an ACL, a group."""

    exit_code = 8
    code = "not-permitted"


class TimedOut(CrmError):
    """An answer did not come in time. Retry may help."""

    exit_code = 9
    code = "timed-out"


class Cancelled(CrmError):
    """The user interrupted."""

    exit_code = 130
    code = "cancelled"
