"""One of Pacemaker's tools is run; what its answer means.

Where a tool can say it in XML, that is asked for: its text is for people, and changes.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from crmsh_py.errors import Conflict, CrmError, NoSuchObject, NotPermitted, Refused, TimedOut, Unreachable
from crmsh_py.run import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from xml.etree.ElementTree import Element

    from crmsh_py.run import Result

SECONDS = 40.0
# without these in the environment, Pacemaker's tools work on the running cluster
LIVE: dict[str, str | None] = {"CIB_file": None, "CIB_shadow": None}

LARGE = "a CIB of megabytes takes a larger PCMK_ipc_buffer, for the daemons and in the environment of their users"
START = "start Pacemaker here, ask on another node, or name a CIB file with -c"

# the exit codes of Pacemaker's tools, as `crm_error --exit --list` prints them
NOT_PERMITTED = (4, 77)
NO_SUCH_OBJECT = 105
DISCONNECTED = 102
OLD = 103
NO_QUORUM = 106
TIMED_OUT = 124
_KINDS: dict[int, type[CrmError]] = {65: Refused, 78: Refused, NO_SUCH_OBJECT: NoSuchObject}


def local_node() -> str:
    """The name of the node that this host is. Raises what `ask` does."""
    return ask("crm_node", "--name").output_text.strip()


def ask(
    *argv: str,
    stdin: bytes = b"",
    seconds: float = SECONDS,
    tools: Mapping[str, str | None] = LIVE,
    every_second: Callable[[float], None] | None = None,
) -> Result:
    """Run a tool, which succeeds.

    seconds: for all of it, finding out why it failed included. tools: the environment that selects the CIB,
    `Context.tools`; without it, the running cluster. Raises Unreachable, NotPermitted, NoSuchObject, Refused, TimedOut,
    CrmError, as `failure` tells them apart.
    """
    began = monotonic()
    answer = run(argv, stdin=stdin, timeout=seconds, environ=tools, every_second=every_second)
    if answer.exit_code:
        raise failure(answer, seconds - (monotonic() - began))
    return answer


def ask_xml(
    *argv: str,
    stdin: bytes = b"",
    seconds: float = SECONDS,
    tools: Mapping[str, str | None] = LIVE,
) -> Element:
    """Run a tool that answers in XML: `--output-as=xml` is added; the root element `pacemaker-result`.

    Raises what `ask` does.
    """
    from xml.etree import ElementTree as ET  # heavy

    name, *words = argv
    answer = ask(name, "--output-as=xml", *words, stdin=stdin, seconds=seconds, tools=tools)
    try:
        return ET.fromstring(answer.stdout)  # noqa: S314 - Pacemaker's own
    except ET.ParseError:
        raise CrmError(f"the answer of {name} is not XML") from None


def query(
    paths: str, tools: Mapping[str, str | None] = LIVE, seconds: float = SECONDS, *, where: str = ""
) -> list[Element]:
    """The elements of the CIB at a path below `cib`, or at several with `|` between them.

    where: a condition in XPath that spares the daemon and us what the caller passes over; it is not looked at where the
    CIB is in a file, which is read without a tool. tools: as for `ask`, whose errors this raises.
    """
    from xml.etree import ElementTree as ET  # heavy

    if (root := _cib_of_file(tools.get("CIB_file"))) is not None:
        return [el for path in paths.split("|") for el in root.iterfind(path)]
    xpath = "|".join(f"/cib/{path}{where and f'[{where}]'}" for path in paths.split("|"))
    try:
        answer = ask("cibadmin", "--query", f"--xpath={xpath}", seconds=seconds, tools=tools)
    except NoSuchObject:
        return []
    try:
        root = ET.fromstring(answer.stdout)  # noqa: S314 - Pacemaker's own
    except ET.ParseError:
        raise CrmError("the answer of cibadmin is not XML") from None
    # of one that fits there is no list
    return list(root) if root.tag == "xpath-query" else [root]


def _cib_of_file(path: str | None) -> Element | None:
    """The CIB in a file, which takes a third of the time of cibadmin; None where that has to read it, or to refuse."""
    from xml.etree import ElementTree as ET  # heavy

    try:
        root = ET.parse(path).getroot() if path else None  # noqa: S314 - Pacemaker's own
    except (OSError, ValueError, ET.ParseError):
        return None  # compressed, for one
    return root if root is not None and root.tag == "cib" else None


def failure(answer: Result, seconds: float = SECONDS) -> CrmError:
    """What the answer of one of Pacemaker's tools, which failed, means; seconds: how long it may take to ask another
    one where this one does not tell."""
    code = answer.exit_code
    if code == DISCONNECTED:
        return _disconnected(seconds)
    if code in NOT_PERMITTED:
        text = "the access control lists of the cluster do not permit this"
        return NotPermitted(text, hint="ask who may change them, or work as root or hacluster")
    if code == OLD:
        return Conflict("the configuration of the cluster was changed by somebody else meanwhile")
    if code == NO_QUORUM:
        return Unreachable("the cluster has no quorum, and takes no changes", hint="`crm status` shows who is missing")
    if code == TIMED_OUT:
        return TimedOut("the cluster did not answer in time", hint=LARGE)
    if code < 0:
        return CrmError(f"{answer.program} was ended by signal {-code}")
    text = reason(answer) or "it gave no reason"
    return _KINDS.get(code, CrmError)(f"the cluster refuses: {text} (exit code {code})")


def reason(answer: Result) -> str:
    """What a tool says of its failure: the first error in its XML, else the first line on stderr; or ""."""
    if answer.stdout.startswith(b"<"):
        from xml.etree import ElementTree as ET  # heavy

        try:
            said = ET.fromstring(answer.stdout).findtext("status/errors/error")  # noqa: S314 - Pacemaker's own
        except ET.ParseError:
            said = None
        if said:
            return said.strip().partition("\n")[0]
    return next((line.strip() for line in answer.error_text.splitlines() if line.strip()), "")


def _disconnected(seconds: float) -> CrmError:
    """No connection: the cluster does not run, or the user may not use it. cibadmin does not tell; crm_mon does."""
    try:
        asked = run(["crm_mon", "-1", "--output-as=xml"], timeout=seconds, environ=LIVE)
    except TimedOut:
        asked = None
    if asked is not None and asked.exit_code in NOT_PERMITTED:
        text = "this user may not use the cluster"
        return NotPermitted(text, hint="root, and the members of the group haclient, may")
    from crmsh_py.cluster.listening import missing, said

    why = said(missing())
    return Unreachable(
        f"the cluster does not run on this node{': ' if why else ', or does not answer'}{why}", hint=START
    )
