"""What commands that act on a running cluster say with `-o json`, against the schemas in docs/."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from live_answers import LIVE_ANSWERS
from test_json_answers import check

if TYPE_CHECKING:
    from bed.node import Node

pytestmark = pytest.mark.needs_cluster


@pytest.mark.parametrize(("shape", "line"), LIVE_ANSWERS.items())
def test_an_answer_fits(shape: str, line: str, node: Node) -> None:
    made = node.crm("-F", "-w", "configure", "primitive", "d1", "ocf:pacemaker:Dummy")
    assert made.code == 0, made
    ran = node.crm("-F", "-o", "json", *line.split())
    check(ran.err)
    assert [(ran.code, answer["shape"]) for answer in check(ran.out)] == [(0, shape)]
