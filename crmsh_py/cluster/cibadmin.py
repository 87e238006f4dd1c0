"""The CIB of the running cluster, through cibadmin: read it, look at its version, patch it."""

from __future__ import annotations

from crmsh_py.errors import Conflict, CrmError, NoSuchObject, NotPermitted, Refused, TimedOut, Unreachable
from crmsh_py.run import Result, run

# cibadmin itself waits 30 s for the daemon
SECONDS = 40.0
# without these in the environment, Pacemaker's tools work on the running cluster
LIVE: dict[str, str | None] = {"CIB_file": None, "CIB_shadow": None}

OLD = 103
TIMED_OUT = 124
LOST = "the change may be there all the same; to commit it again is right in any case"
LARGE = "a CIB of megabytes takes a larger PCMK_ipc_buffer, for the daemons and in the environment of their users"
DISCONNECTED = 102
NOT_PERMITTED = 4
HERE = "for a CIB file, use -c FILE.xml or CIB_file"

# the exit codes of Pacemaker's tools, as `crm_error --exit --list` prints them
_KINDS: dict[int, type[CrmError]] = {
    NOT_PERMITTED: NotPermitted,
    77: NotPermitted,
    65: Refused,
    78: Refused,
    DISCONNECTED: Unreachable,
    OLD: Conflict,
    105: NoSuchObject,
    106: Unreachable,  # no quorum
}


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


def failure(answer: Result) -> CrmError:
    """What the answer of one of Pacemaker's tools, which failed, means."""
    code = answer.exit_code
    if code == DISCONNECTED:
        return _disconnected()
    if code in (NOT_PERMITTED, 77):
        text = "the access control lists of the cluster do not permit this"
        return NotPermitted(text, hint="ask who may change them, or work as root or hacluster")
    if code == OLD:
        return Conflict("the configuration of the cluster was changed by somebody else meanwhile")
    if code == 106:
        return Unreachable("the cluster has no quorum, and takes no changes", hint="`crm status` shows who is missing")
    if code == TIMED_OUT:
        return TimedOut("the cluster did not answer in time", hint=LARGE)
    if code < 0:
        return CrmError(f"Pacemaker's tool was ended by signal {-code}")
    said = [line.strip() for line in answer.error_text.splitlines() if line.strip()]
    text = said[0] if said else "it gave no reason"
    return _KINDS.get(code, CrmError)(f"the cluster refuses: {text} (exit code {code})")


def _disconnected() -> CrmError:
    """No connection: the cluster does not run, or the user may not use it. cibadmin does not tell; crm_mon does."""
    asked = run(["crm_mon", "-1", "--output-as=xml"], timeout=SECONDS, environ=LIVE)
    if asked.exit_code == NOT_PERMITTED:
        text = "this user may not use the cluster"
        return NotPermitted(text, hint="root, and the members of the group haclient, may")
    return Unreachable("the cluster does not run on this node, or does not answer", hint=HERE)
