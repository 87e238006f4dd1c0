"""What `verify` says, of the configuration that is worked on with its edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import Refused
from crmsh_py.output import problem_data
from crmsh_py.problems import ERROR

if TYPE_CHECKING:
    from typing import Any

    from crmsh_py.command.context import Context


class Verdict:
    """All that is wrong with a configuration, which was told.

    exit_code: of the command that asked. errors: how many of the problems are errors.
    """

    def __init__(self, cx: Context) -> None:
        self.problems = cx.session.problems()
        for problem in self.problems:
            cx.warn(problem)
        self.errors = sum(problem.severity == ERROR for problem in self.problems)
        self.exit_code = Refused.exit_code if self.errors else 0

    def data(self) -> dict[str, Any]:
        """For JSON."""
        return {"errors": self.errors, "problems": [problem_data(problem) for problem in self.problems]}
