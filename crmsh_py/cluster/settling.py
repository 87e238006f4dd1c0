"""Waiting until the cluster has done what was configured."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from crmsh_py.cluster.asking import LIVE, TIMED_OUT, failure
from crmsh_py.errors import TimedOut
from crmsh_py.run import run

IDLE = "S_IDLE"
# the tool needs a moment beyond its own timeout to say what is left to do
GRACE_SECONDS = 10.0
PAUSE_SECONDS = 0.2
# without a designated controller crmadmin waits for one
ANSWER_SECONDS = 5.0


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
        if _is_idle(deadline):
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


def _is_idle(deadline: float) -> bool:
    """Whether the designated controller carries nothing out; not, where there is none or it does not answer."""
    controller = _crmadmin(deadline, "--dc_lookup")
    return bool(controller) and IDLE in _crmadmin(deadline, f"--status={controller[-1]}")


def _crmadmin(deadline: float, *words: str) -> list[str]:
    """The words that crmadmin says. Before 2.0.5 they are among others, and on stderr."""
    patience = max(1.0, min(ANSWER_SECONDS, deadline - monotonic()))
    try:
        answer = run(["crmadmin", "--quiet", *words], timeout=patience, environ=LIVE)
    except TimedOut:
        return []
    return [] if answer.exit_code else (answer.output_text + answer.error_text).split()


def _late(seconds: float, hint: str | None = None) -> TimedOut:
    return TimedOut(f"the cluster has not settled in {seconds:.0f} s; what was committed stays", hint=hint)


def _pending(said: str) -> str | None:
    """The actions that the tool lists, one after the other."""
    actions = [line.split(":", 1)[1].split("#")[0].split() for line in said.splitlines() if "Action " in line]
    return "left to do: " + ", ".join(" ".join(words) for words in actions) if actions else None
