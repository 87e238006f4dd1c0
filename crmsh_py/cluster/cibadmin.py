"""The CIB of the running cluster, through cibadmin: read it, look at its version, patch it."""

from __future__ import annotations

from crmsh_py.cluster.asking import LIVE, failure
from crmsh_py.errors import TimedOut, Unreachable
from crmsh_py.run import Result, run

# cibadmin itself waits 30 s for the daemon
SECONDS = 40.0
LOST = "the change may be there all the same; to commit it again is right in any case"


def query() -> bytes:
    """The CIB, as far as the user may read it. Raises Unreachable, NotPermitted, TimedOut, CrmError."""
    return _ask("--query").stdout


def query_version() -> bytes:
    """The `cib` element alone, whose attributes tell the version. Raises what `query` does."""
    return _ask("--query", "--no-children").stdout


def apply_patch(patch: bytes) -> None:
    """Change the CIB by a patch.

    Raises Conflict where the CIB has another version than the one that the patch is made for; NotPermitted, Refused,
    Unreachable, TimedOut, CrmError. It is not known whether a patch got through whose answer is lost: Unreachable,
    TimedOut.
    """
    try:
        _ask("--patch", "--xml-pipe", stdin=patch)
    except (TimedOut, Unreachable) as error:
        raise type(error)(problems=[problem._replace(hint=LOST) for problem in error.problems]) from None


def _ask(*words: str, stdin: bytes = b"") -> Result:
    answer = run(["cibadmin", *words], stdin=stdin, timeout=SECONDS, environ=LIVE)
    if answer.exit_code:
        raise failure(answer)
    return answer
