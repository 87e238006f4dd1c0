"""Waiting until the cluster has done what was configured."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from crmsh_py.cluster.cibadmin import LIVE, SECONDS, failure
from crmsh_py.errors import TimedOut
from crmsh_py.run import run

TIMED_OUT = 124
IDLE = "S_IDLE"
# the tool needs a moment beyond its own timeout to say what is left to do
GRACE_SECONDS = 10.0
PAUSE_SECONDS = 0.2


def wait(seconds: float, tell: Callable[[float], None]) -> None:
    """Wait until no action is left to do or under way, for so many seconds, at least one.

    tell: gets the seconds that have passed, every second or more often. Raises TimedOut with what is left to do,
    Unreachable, NotPermitted.
    """
    began = monotonic()
    deadline = began + max(1.0, seconds)
    while True:
        _wait_for_plans(began, deadline, tell)
        # to `crm_resource --wait`, an action that has begun is not left to do
        if _is_idle():
            return
        if monotonic() > deadline:
            raise _late(deadline - began)
        sleep(PAUSE_SECONDS)
        tell(monotonic() - began)


def _wait_for_plans(began: float, deadline: float, tell: Callable[[float], None]) -> None:
    """Wait until the scheduler has no action left to begin."""
    passed = monotonic() - began
    whole = max(1, round(deadline - monotonic()))
    argv = ["crm_resource", "--wait", f"--timeout={whole}"]
    answer = run(argv, timeout=whole + GRACE_SECONDS, environ=LIVE, every_second=lambda now: tell(passed + now))
    if answer.exit_code == TIMED_OUT:
        raise _late(deadline - began, _pending(answer.error_text + answer.output_text))
    if answer.exit_code:
        raise failure(answer)


def _is_idle() -> bool:
    """Whether the designated controller carries nothing out; not, where there is none."""
    controller = _crmadmin("--dc_lookup")
    return bool(controller) and _crmadmin("--status", controller) == IDLE


def _crmadmin(*words: str) -> str:
    answer = run(["crmadmin", "--quiet", *words], timeout=SECONDS, environ=LIVE)
    if answer.exit_code and answer.exit_code != TIMED_OUT:
        raise failure(answer)
    return answer.output_text.strip()


def _late(seconds: float, hint: str | None = None) -> TimedOut:
    return TimedOut(f"the cluster has not settled in {seconds:.0f} s; what was committed stays", hint=hint)


def _pending(said: str) -> str | None:
    """The actions that the tool lists, one after the other."""
    actions = [line.split(":", 1)[1].split("#")[0].split() for line in said.splitlines() if "Action " in line]
    return "left to do: " + ", ".join(" ".join(words) for words in actions) if actions else None
