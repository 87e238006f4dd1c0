"""What agents say of actions that are run past the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.direct_actions import Outcome, run_action

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SAID = """<pacemaker-result><resource-agent-action action="validate" class="ocf" type="x" rsc="web">
<agent-status code="1" message="error" execution_code="0" reason="login passwd=hunter2 refused"/>
<command code="1"><output source="stdout">+ OCF_RESKEY_passwd=hunter2
+ user=web
</output></command></resource-agent-action></pacemaker-result>"""


def test_what_an_agent_says_hides_what_is_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "crm_resource"
    program.write_text(f"#!/bin/sh\ncat << END\n{SAID}\nEND\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert run_action("web", "validate-all") == Outcome(
        1, "error", "login passwd=******* refused", "+ OCF_RESKEY_passwd=*******\n+ user=web\n"
    )
