"""`resource why`: what of the configuration keeps a resource from running, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answers import data_of
from program import in_process
from small_cluster import cib, option, primitive

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs_pacemaker


def codes(path: Path) -> list[tuple[str, str]]:
    ran = in_process("-c", str(path), "-o", "json", "resource", "why", "web", folder=path.parent)
    assert ran.code == 0, ran
    return [(one["code"], one["text"]) for one in data_of(ran.out)["reasons"]]


@pytest.mark.parametrize("name", ["db", "never-ip", "who-prefers"])
@pytest.mark.parametrize(
    ("constraint", "is_needed"),
    [
        ('<rsc_order id="x" first="{}" then="web"/>', True),
        ('<rsc_order id="x" first="{}" then="web" kind="Optional"/>', False),
        ('<rsc_order id="x" first="{}" then="web" kind="Serialize"/>', False),
        ('<rsc_order id="x" first="{}" then="web" score="0"/>', False),
        ('<rsc_colocation id="x" rsc="web" with-rsc="{}" score="INFINITY"/>', True),
        ('<rsc_colocation id="x" rsc="web" with-rsc="{}" score="-INFINITY"/>', False),
        ('<rsc_colocation id="x" rsc="web" with-rsc="{}" score="100"/>', False),
    ],
)
def test_what_it_needs_is_told_by_the_constraint(tmp_path: Path, constraint: str, is_needed: bool, name: str) -> None:
    resources = primitive("web") + primitive(name, **{"target-role": "Stopped"})
    path = cib(tmp_path, resources, option("stonith-enabled", "false"), constraints=constraint.format(name))
    assert any(code == "needs" and text.startswith(f"{name} does not run") for code, text in codes(path)) == is_needed


@pytest.mark.parametrize("role", ["Stopped", "stopped"])
def test_a_role_in_any_case(tmp_path: Path, role: str) -> None:
    path = cib(tmp_path, primitive("web", **{"target-role": role}), option("stonith-enabled", "false"))
    assert ("target-role", "web is meant to be stopped: target-role=Stopped") in codes(path)
