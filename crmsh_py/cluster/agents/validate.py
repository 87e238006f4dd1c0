"""An agent asked whether it accepts a set of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.agents.installed import agent_name, ocf_root, path
from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.masks import MASK, is_secret
from crmsh_py.run import run

if TYPE_CHECKING:
    from collections.abc import Mapping

REASON = "ocf-exit-reason:"
ACTION = "validate-all"


class Verdict:
    """What an agent says: its exit code (OCF: 0 is good), and the lines that tell why, without secrets."""

    __slots__ = ("exit_code", "reasons")

    def __init__(self, exit_code: int, reasons: tuple[str, ...]) -> None:
        self.exit_code = exit_code
        self.reasons = reasons


def validate(
    class_: str, provider: str | None, type_: str, parameters: Mapping[str, str], *, resource: str, seconds: float
) -> Verdict:
    """Run the validate-all of an agent, which must be an action of its metadata.

    The parameters go by the environment, or by stdin for fence agents: no list of processes shows them. Raises
    NoSuchObject where the agent is not installed, TimedOut, CrmError.
    """
    where = path(class_, provider, type_)
    if where is None:
        raise NoSuchObject(f"{agent_name(class_, provider, type_)} is not installed here")
    if class_ == "stonith":
        answer = run([where], stdin=_fence_options(parameters), timeout=seconds)
    else:
        environ = _environ(provider or "", type_, parameters, resource, seconds)
        answer = run([where, ACTION], timeout=seconds, environ=environ)
    lines = [line.strip() for line in answer.error_text.splitlines()]
    given = [line.removeprefix(REASON) for line in lines if line.startswith(REASON)] or lines[-1:]
    secrets = [value for key, value in parameters.items() if is_secret(key) and value]
    return Verdict(answer.exit_code, tuple(_masked(line, secrets) for line in dict.fromkeys(given) if line))


def _environ(provider: str, type_: str, parameters: Mapping[str, str], resource: str, seconds: float) -> dict[str, str]:
    return {
        "OCF_ROOT": ocf_root(),
        "OCF_RA_VERSION_MAJOR": "1",
        "OCF_RA_VERSION_MINOR": "1",
        "OCF_RESOURCE_INSTANCE": resource,
        "OCF_RESOURCE_PROVIDER": provider,
        "OCF_RESOURCE_TYPE": type_,
        "OCF_RESKEY_CRM_meta_timeout": str(int(seconds * 1000)),
        **{f"OCF_RESKEY_{key}": value for key, value in parameters.items()},
    }


def _fence_options(parameters: Mapping[str, str]) -> bytes:
    """The options of a fence agent as it reads them, a line each. Those of the fencer itself are left out."""
    options = {key: value for key, value in parameters.items() if not key.startswith("pcmk_")}
    options["action"] = ACTION
    for key, value in options.items():
        if "\n" in key or "\n" in value:
            # it would be another option, such as another action
            raise CrmError(f"the parameter {key.splitlines()[0]} has several lines: the fence agent cannot be asked")
    return "".join(f"{key}={value}\n" for key, value in options.items()).encode()


def _masked(line: str, secrets: list[str]) -> str:
    for secret in secrets:
        line = line.replace(secret, MASK)
    return line
