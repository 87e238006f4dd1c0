"""Actions of resource agents, run on this node past the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.asking import LIVE, failure, reason
from crmsh_py.errors import CrmError
from crmsh_py.masks import masked_line
from crmsh_py.run import run

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from crmsh_py.run import Result

# the options of crm_resource, by the names of the actions
ACTIONS = {
    "start": "--force-start",
    "stop": "--force-stop",
    "monitor": "--force-check",
    "promote": "--force-promote",
    "demote": "--force-demote",
    "validate-all": "--validate",
}
# the agent's own timeout counts; this is for an agent without one
SECONDS = 600.0


class Outcome(NamedTuple):
    """What came of an action: the exit code of the agent, what it means, what the agent gave as reason and wrote.

    What an agent says may quote what it was configured with: what looks like a secret in it is masked.
    """

    exit_code: int
    status: str
    reason: str
    output: str


def run_action(resource: str, action: str) -> Outcome:
    """Run an action of a resource's agent on this node; action: a key of ACTIONS.

    Raises CrmError where the agent could not be run, and what `asking.failure` gives.
    """
    from xml.etree import ElementTree as ET  # heavy

    argv = ["crm_resource", "--output-as=xml", f"--resource={resource}", ACTIONS[action]]
    answer = run(argv, timeout=SECONDS, environ=LIVE)
    try:
        root = ET.fromstring(answer.stdout)  # noqa: S314 - Pacemaker's own
    except ET.ParseError:
        raise _not_run(answer) from None
    status = root.find(".//agent-status")
    if status is None:
        raise _not_run(answer)
    return _outcome(root, status)


def _not_run(answer: Result) -> CrmError:
    return failure(answer) if answer.exit_code else CrmError(f"crm_resource said nothing: {reason(answer)}")


def _outcome(root: Element, status: Element) -> Outcome:
    said = "".join(el.text or "" for el in root.iter("output"))
    is_done = status.get("execution_code", "0") == "0"
    why = status.get("reason") or (status.get("execution_message") or "") * (not is_done)
    output = "".join(map(masked_line, said.splitlines(keepends=True)))
    return Outcome(int(status.get("code", "1")), status.get("message", ""), masked_line(why), output)
