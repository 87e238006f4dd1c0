"""Pacemaker's own tools, the real ones; its words of other versions as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crmsh_py.cluster import pacemaker
from crmsh_py.errors import CrmError
from crmsh_py.problems import ERROR, WARNING

if TYPE_CHECKING:
    from pathlib import Path

CIB = b"""<cib validate-with="none" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/>
<nodes><node id="1" uname="east"/></nodes><resources/>
<constraints><rsc_location id="l" rsc="nope" node="east" score="1"/></constraints></configuration><status/></cib>"""


@pytest.mark.needs_pacemaker
def test_errors_and_warnings_of_a_real_cib_each_once() -> None:
    problems = pacemaker.crm_verify(CIB)
    assert [problem.code for problem in problems].count("no-fencing") == 1
    assert (ERROR, "ignoring constraint 'l' because 'nope' is not a valid resource or tag") in [
        (problem.severity, problem.text) for problem in problems
    ]
    assert not [problem.text for problem in problems if "config not valid" in problem.text]


@pytest.mark.needs_pacemaker
def test_the_newest_schema_is_named() -> None:
    assert pacemaker.newest_schema().startswith("pacemaker-")


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("(is_op_dup) \terror: Operation b is duplicate of a", [(ERROR, "operation b is duplicate of a")]),
        ("error: Operation b is duplicate of a.\n" * 2, [(ERROR, "operation b is duplicate of a")]),
        ("(unpack_config) \twarning: Blind faith: not fencing", [(WARNING, "blind faith: not fencing")]),
        ("(x) \tcrit: CIB is broken | rc=1 id=y", [(ERROR, "CIB is broken")]),
        ("(schedule_fencing) \twarning: Scheduling node east for fencing", []),
        ("(cluster_status) \twarning: Fencing and resource management disabled due to lack of quorum", []),
        ("crm_verify: Errors found during check: config not valid\n-V may provide more details", []),
        ("(f) \tinfo: not worth it\nerror:\n", []),
    ],
)
def test_what_crm_verify_says_is_understood(said: str, understood: list[tuple[str, str]]) -> None:
    found = pacemaker.verify_problems(said)
    assert [(problem.severity, problem.text) for problem in found] == understood


@pytest.mark.parametrize("word", ["STONITH", "fencing"])
def test_three_lines_about_fencing_are_one_warning(word: str) -> None:
    said = (
        f"(unpack_resources) \terror: Resource start-up disabled since no {word} resources have been defined\n"
        f"(unpack_resources) \terror: Either configure some or disable {word} with the stonith-enabled option\n"
        f"(unpack_resources) \terror: NOTE: Clusters with shared data need {word} to ensure data integrity\n"
    )
    (problem,) = pacemaker.verify_problems(said)
    assert (problem.severity, problem.code) == (WARNING, "no-fencing")


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\ncat >/dev/null\n{script}\n")
    path.chmod(0o755)


def test_a_crash_of_the_tool_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path / "crm_verify", "echo out of memory >&2; exit 71")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(CrmError, match="crm_verify failed with exit code 71: out of memory"):
        pacemaker.crm_verify(CIB)


def test_without_the_tool_it_is_said_that_nothing_is_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (problem,) = pacemaker.crm_verify(CIB)
    assert (problem.severity, problem.code) == (WARNING, "not-checked")
    with pytest.raises(CrmError, match="cibadmin"):
        pacemaker.newest_schema()
