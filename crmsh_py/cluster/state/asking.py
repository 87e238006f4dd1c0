"""crm_mon is asked, once; where it does not answer, why."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from crmsh_py.cluster.asking import NOT_PERMITTED, START, TIMED_OUT
from crmsh_py.cluster.listening import missing, said
from crmsh_py.cluster.state import upkeep
from crmsh_py.cluster.state.reading import read
from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, TimedOut, Unreachable
from crmsh_py.run import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from crmsh_py.cluster.state.facts import State
    from crmsh_py.run import Result

SECONDS = 30.0
_RIGHTS = "it takes root, or a user in the group haclient whom the cluster's ACLs let read"
_WAIT = "while it starts or stops, try again in a moment"


def state(
    environ: Mapping[str, str | None], seconds: float = SECONDS, every_second: Callable[[float], None] | None = None
) -> State:
    """The state of the cluster, as of the CIB that `environ` selects for Pacemaker's tools.

    environ: as `run` takes it, {"CIB_file": path} or {"CIB_shadow": name}; with neither, it is the running cluster.
    seconds: how long all of it may take; every_second: gets the seconds that crm_mon has taken.
    Raises Unreachable where no cluster runs here, NotPermitted, TimedOut; NoSuchObject where there is no such file or
    shadow, CrmError where it holds no CIB that the installed tools can read, or they are missing.
    """
    began = monotonic()
    _, root, found = _asked(environ, seconds, every_second)
    left = seconds - (monotonic() - began)
    return (read(root) if upkeep.complete(root, environ, left) else None) or found


def xml(environ: Mapping[str, str | None]) -> str:
    """The answer of crm_mon itself, with what is secret masked; raises as `state` does."""
    from xml.etree import ElementTree as ET  # heavy

    from crmsh_py.cluster.state.masking import mask

    answer, root, _ = _asked(environ, SECONDS, None)
    if not mask(root):
        return answer.output_text
    return f'<?xml version="1.0"?>\n{ET.tostring(root, "unicode")}\n'


def html(environ: Mapping[str, str | None], options: Sequence[str] = ()) -> str:
    """The page that crm_mon makes, with what is secret masked. options: long ones of crm_mon. Raises as `state`."""
    from crmsh_py.cluster.state.masking import masked_html

    answer = run(["crm_mon", "--output-as=html", "-1", *options], timeout=SECONDS, environ=environ)
    if answer.exit_code or "</h2>" not in answer.output_text:
        state(environ)  # it knows why
        raise CrmError(f"crm_mon failed with exit code {answer.exit_code}: {_last_line(answer)}")
    return masked_html(answer.output_text)


def _asked(
    environ: Mapping[str, str | None], seconds: float, every_second: Callable[[float], None] | None
) -> tuple[Result, Element, State]:
    from xml.etree import ElementTree as ET  # heavy

    argv = ["crm_mon", "--output-as=xml", "-1"]
    try:
        answer = run(argv, timeout=seconds, environ=environ, every_second=every_second)
    except TimedOut as error:
        raise TimedOut(str(error), hint=None if any(environ.values()) else _known(missing())) from None
    try:
        root = ET.fromstring(answer.stdout)  # noqa: S314 - Pacemaker's own
    except ET.ParseError:
        raise CrmError(f"crm_mon failed with exit code {answer.exit_code}: {_last_line(answer)}") from None
    found = read(root)
    if found is None:
        raise _failure(answer, root, environ)
    if not found.nodes and not any(environ.values()):
        # a cluster that runs has this node
        raise NotPermitted("the access control lists hide the state of the cluster", hint=_RIGHTS)
    return answer, root, found


def _known(absent: Sequence[str]) -> str:
    """What can be seen of a cluster that does not answer."""
    return f"on this node {said(absent)}" if absent else "its daemons are there on this node; one of them may hang"


def _failure(answer: Result, root: Element, environ: Mapping[str, str | None]) -> CrmError:
    """Why there is no state in an answer. The exit code does not always tell: in 2.1.5 it is 0 more often than not."""
    reason = (root.findtext("status/errors/error[last()]") or _last_line(answer)).rpartition(": ")[2]
    if file := environ.get("CIB_file"):
        return _of_file(file, reason)
    if shadow := environ.get("CIB_shadow"):
        return _of_shadow(shadow, reason)
    daemon = root.find("pacemakerd")
    absent = missing()
    if daemon is not None and "pacemakerd" in absent:
        absent = []  # it has answered: this host shows its sockets in another way
    what = said(absent) or reason
    if answer.exit_code == TIMED_OUT:
        return TimedOut(f"the cluster did not answer in time: {reason}", hint=_known(absent))
    if daemon is not None and daemon.get("state") not in ("running", "remote"):
        return Unreachable(f"Pacemaker on this node is not ready: {daemon.get('state')}", hint=_WAIT)
    is_empty = daemon is not None and not reason and not absent
    # who may connect, but has no right to read, gets an answer with nothing in it
    if answer.exit_code in NOT_PERMITTED or reason == "Permission denied" or is_empty:
        return NotPermitted("not permitted to read the state of the cluster", hint=_RIGHTS)
    if daemon is not None:
        return Unreachable(f"Pacemaker runs on this node, but does not tell its state: {what}", hint=_WAIT)
    return Unreachable(f"the cluster does not run on this node: {what}", hint=START)


def _of_file(path: str, reason: str) -> CrmError:
    try:
        with open(path, "rb"):
            pass
    except (FileNotFoundError, NotADirectoryError):
        return NoSuchObject(f"no such file: {path}")
    except PermissionError:
        return NotPermitted(f"not permitted: {path}", hint="it takes the right to read the file")
    except (OSError, ValueError) as error:
        return CrmError(f"{path} cannot be read: {error}")
    return CrmError(
        f"Pacemaker's tools cannot read the CIB in {path}: {reason or 'it is not valid'}",
        hint="`crm configure verify` may say more",
    )


def _of_shadow(name: str, reason: str) -> CrmError:
    if "No such device" in reason or "No such file" in reason:
        return NoSuchObject(f"there is no shadow CIB {name}")
    return CrmError(f"Pacemaker's tools cannot read the shadow CIB {name}: {reason or 'it is not valid'}")


def _last_line(answer: Result) -> str:
    return answer.error_text.strip().rpartition("\n")[2]
