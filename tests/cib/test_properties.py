"""Which value of a cluster option counts, as Pacemaker's own tools have it."""

from __future__ import annotations

import pytest

from crmsh_py.cib.checks.survey import Survey
from crmsh_py.cib.document import Cib
from crmsh_py.cib.properties import property_value
from crmsh_py.cluster.pacemaker import crm_verify

DATES = '<rule id="r" score="0"><date_expression id="e" operation="gt" start="2000-01-01"/></rule>'


def one(id_: str, value: str, more: str = "", inside: str = "") -> str:
    pair = f'<nvpair id="{id_}-v" name="stonith-enabled" value="{value}"/>'
    return f'<cluster_property_set id="{id_}" {more}>{inside}{pair}</cluster_property_set>'


def with_options(sets: str) -> Cib:
    cib = (
        '<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0"><configuration>'
        f"<crm_config>{sets}</crm_config><nodes/><resources/><constraints/></configuration><status/></cib>"
    )
    return Cib.parse(cib.encode(), "test")


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(
    "sets",
    [
        one("other", "true") + one("cib-bootstrap-options", "false"),
        one("other", "false", 'score="5"') + one("cib-bootstrap-options", "true"),
        one("cib-bootstrap-options", "false") + one("other", "true", 'score="INFINITY"'),
        one("a", "true") + one("b", "false"),
        one("b", "false") + one("a", "true"),
        one("a", "true") + one("b", "true") + one("c", "false"),
        one("a", "false") + one("b", "true") + one("c", "true"),
        one("a", "true", 'score="1"') + one("b", "false", 'score="1"') + one("c", "true"),
        one("a", "false", 'score="5"') + one("b", "true"),
        one("a", "false", 'score="-1"') + one("b", "true"),
        one("a", "true", 'score="-1"', DATES) + one("b", "false"),
        one("z", "false") + one("a", "true") + '<cluster_property_set id-ref="z"/>',
        '<cluster_property_set id-ref="z"/>' + one("z", "false", 'score="3"') + one("a", "true"),
        one("z", "false")
        + one("a", "true")
        + '<cluster_property_set id="i"><nvpair id-ref="z-v"/></cluster_property_set>',
        one("a", "true", "", '<nvpair id="a-0" name="stonith-enabled" value="false"/>'),
    ],
)
def test_the_value_that_counts_is_that_of_the_scheduler(sets: str) -> None:
    cib = with_options(sets)
    is_disabled = any(problem.code == "fencing-disabled" for problem in crm_verify(cib.to_bytes()))
    found = property_value(cib, "stonith-enabled")
    assert found is not None
    assert (found.value, found.is_set) == ("false" if is_disabled else "true", True)
    assert Survey(cib, lambda *_: None).is_fencing_disabled == is_disabled


def test_what_a_rule_decides_is_asked_last() -> None:
    cib = with_options(one("a", "true", 'score="9"', DATES) + one("b", "false"))
    assert property_value(cib, "stonith-enabled") == ("stonith-enabled", "false", True)
