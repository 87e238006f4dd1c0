"""`crm check` where the tools hang, say nothing of use, or are not there; what they are asked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from program import as_process
from small_cluster import well

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs_pacemaker


def stand_in(folder: Path, script: str) -> dict[str, str]:
    """The environment in which crm_mon is this script."""
    program = folder / "crm_mon"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


@pytest.mark.parametrize(
    "script", ["sleep 60", "trap '' TERM; sleep 60 & sleep 60", "echo '<pacemaker-result>'; sleep 60"]
)
def test_a_tool_that_hangs_is_not_waited_for(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", stand_in(tmp_path, script)["PATH"])
    code, out, err = as_process("check", "--timeout", "1", folder=tmp_path)
    assert (code, out.splitlines()[0], err) == (3, "CRM UNKNOWN - crm_mon did not end within 1 s", "")


SILENT = """<pacemaker-result><summary><current_dc present="true" name="east" with_quorum="true"/></summary>
<nodes><node name="east" id="1" type="member" online="true"/></nodes>
<resources><resource id="web" resource_agent="ocf:x:y" role="Started" active="true" managed="false"/></resources>
</pacemaker-result>"""


@pytest.mark.parametrize("script", ["sleep 9; : > $0.late", "exit 102"])
def test_a_second_question_has_the_time_that_is_left(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What crm_mon does not tell of maintenance, cibadmin is asked; and why that has no answer, crm_mon again."""
    again = "if [ -e $0.asked ]; then sleep 9; : > $0.late; fi; : > $0.asked"
    monkeypatch.setenv("PATH", stand_in(tmp_path, f"{again}\ncat << END\n{SILENT}\nEND")["PATH"])
    (tmp_path / "cibadmin").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (tmp_path / "cibadmin").chmod(0o755)
    code, out, err = as_process("check", "resources", "--timeout", "1", folder=tmp_path)
    assert (code, err) == (1, "")
    assert out.startswith("CRM WARNING - web is unmanaged")
    assert (tmp_path / "crm_mon.asked").exists()
    assert not list(tmp_path.glob("*.late"))


@pytest.mark.parametrize("script", ["exit 0", "echo nonsense", "kill -9 $$", "echo '<pacemaker-result/>'; exit 102"])
def test_nonsense_is_unknown(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", stand_in(tmp_path, script)["PATH"])
    code, out, err = as_process("check", folder=tmp_path)
    assert (code, err, out[:14]) == (3, "", "CRM UNKNOWN - ")


def test_without_pacemaker_it_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, _ = as_process("check", folder=tmp_path)
    assert (code, out[:52]) == (3, "CRM UNKNOWN - cannot run crm_mon: there is no such p")


def test_one_read_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = well(tmp_path)
    script = f'echo "$@" >> {tmp_path}/asked; exec /usr/sbin/crm_mon "$@"'
    monkeypatch.setenv("PATH", stand_in(tmp_path, script)["PATH"] + f":{os.environ['PATH']}")
    assert as_process("-c", str(path), "check", folder=tmp_path).code == 0
    assert (tmp_path / "asked").read_text() == "--output-as=xml -1\n"
