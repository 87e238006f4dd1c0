"""Pacemaker's own tools: one thin function each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import which

from crmsh_py.errors import CrmError
from crmsh_py.problems import ERROR, WARNING, Problem
from crmsh_py.run import Result, run, running

OK = 0
INVALID_CONFIGURATION = 78
VERIFY_SECONDS = 120.0

# `(function) <TAB>error: text`; newer versions leave the function out.
_LINE = re.compile(r"(?:\(\w+\)\s*)?(?P<severity>crit|error|warning):\s+(?P<text>\S.*)")

# What the scheduler would do about nodes and resources that it sees down is not about the configuration.
_STATE = re.compile(r"(Scheduling node .* for fencing|.* is unclean\b|.* is unrunnable\b|.* due to lack of quorum)")

# Three lines in a row, all of them errors to crm_verify; half of all real configurations have no fencing.
_NO_FENCING = re.compile(
    r"(?i)(Resource start-up disabled since no \w+ resources have been defined"
    r"|Either configure some or disable \w+ with the"
    r"|NOTE: Clusters with shared data need)"
)

_NOT_INSTALLED = Problem(
    WARNING,
    "not-checked",
    "crm_verify is not installed: the configuration is not checked by the scheduler",
    hint="install Pacemaker's command-line tools",
)

_DISABLED = re.compile(r"(?i)blind faith: not fencing unseen nodes")


def crm_verify(cib: bytes) -> list[Problem]:
    """What the scheduler says of a CIB, each thing once, errors and warnings.

    Where the tool is not installed, that is the one problem. Raises TimedOut after two minutes, CrmError if the tool
    itself fails.
    """
    with verifying(cib) as opinion:
        return opinion()


@contextmanager
def verifying(cib: bytes) -> Iterator[Callable[[], list[Problem]]]:
    """The same, while the `with` does other work; what this gives waits, and has the problems."""
    if not which("crm_verify"):
        yield lambda: [_NOT_INSTALLED]
        return
    with running(["crm_verify", "-VV", "--xml-pipe"], stdin=cib, timeout=VERIFY_SECONDS) as result:
        yield lambda: _opinion(result())


def _opinion(answer: Result) -> list[Problem]:
    if answer.exit_code not in (OK, INVALID_CONFIGURATION):
        last_line = answer.error_text.strip().rpartition("\n")[2]
        raise CrmError(f"crm_verify failed with exit code {answer.exit_code}: {last_line}")
    return verify_problems(answer.error_text + answer.output_text)


def verify_problems(said: str) -> list[Problem]:
    """The problems in the text that crm_verify prints, each once."""
    found = {}
    for line in said.splitlines():
        match = _LINE.match(line)
        if match and not _STATE.match(match["text"]):
            problem = _problem(match["severity"], match["text"])
            found[problem.text] = problem
    return list(found.values())


def _problem(severity: str, text: str) -> Problem:
    if _NO_FENCING.match(text):
        return Problem(
            WARNING,
            "no-fencing",
            "no fencing is configured, so the cluster starts no resource",
            hint="configure a fence device, or set stonith-enabled=false where no data is shared",
        )
    if _DISABLED.match(text):
        return Problem(WARNING, "fencing-disabled", "fencing is disabled: nodes that are not seen are not fenced")
    plain = text.partition("| rc=")[0].strip().rstrip(".")
    if plain[1:2].islower():
        plain = plain[:1].lower() + plain[1:]
    code = "schema" if "did not pass schema validation" in plain else "crm-verify"
    return Problem(WARNING if severity == "warning" else ERROR, code, plain)


def newest_schema() -> str:
    """The name of the newest schema that the installed tools know. Raises CrmError where there are none."""
    answer = run(["cibadmin", "--empty"], timeout=30.0)
    named = re.search(r'validate-with="([\w.-]+)"', answer.output_text)
    if answer.exit_code or not named:
        raise CrmError(f"cibadmin does not say which schema is the newest (exit code {answer.exit_code})")
    return named[1]


def upgrade(path: str) -> None:
    """Bring a CIB file to the newest schema that the installed tools know. Raises CrmError where they cannot do it."""
    if not which("cibadmin"):
        raise CrmError("cibadmin is not installed: only Pacemaker can upgrade a configuration")
    # a shadow of the environment would go before the file
    environ = {"CIB_file": path, "CIB_shadow": ""}
    answer = run(["cibadmin", "--upgrade", "--force"], timeout=VERIFY_SECONDS, environ=environ)
    if answer.exit_code:
        said = answer.error_text.strip().partition("\n")[0] or f"exit code {answer.exit_code}"
        raise CrmError(f"cibadmin does not upgrade the configuration: {said}", hint="`verify` may say more")
