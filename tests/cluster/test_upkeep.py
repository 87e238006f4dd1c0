"""Which resources are in maintenance: where nothing else makes crm_mon call them unmanaged, those that it calls so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_cluster import cib, primitive

from crmsh_py.cluster.state import Group, primitives, state

pytestmark = pytest.mark.needs_pacemaker

# the value of a set, its score, and whether it is another one that is borrowed
SETS = st.lists(
    st.tuples(st.sampled_from(["true", "Yes", "false"]), st.sampled_from(["", "1", "-INFINITY"]), st.booleans()),
    max_size=2,
)
LENT = {"true": "lent-true", "Yes": "lent-pair", "false": "lent-false"}
LENDER = f"""<template id="lender" class="ocf" provider="pacemaker" type="Dummy">
<meta_attributes id="lent-true"><nvpair id="pair" name="maintenance" value="true"/></meta_attributes>
<meta_attributes id="lent-pair"><nvpair id-ref="pair"/></meta_attributes>
<meta_attributes id="lent-false" score="1"><nvpair id="no" name="maintenance" value="false"/></meta_attributes>
</template>{primitive("other")}"""


def sets(of: str, drawn: list[tuple[str, str, bool]]) -> str:
    said = ""
    for number, (value, score, is_borrowed) in enumerate(drawn):
        id_ = f"{of}-{number}"
        if is_borrowed:
            said += f'<meta_attributes id-ref="{LENT[value]}"/>'
        else:
            said += f'<meta_attributes id="{id_}"' + (f' score="{score}">' if score else ">")
            said += f'<nvpair id="{id_}-n" name="maintenance" value="{value}"/></meta_attributes>'
    return said


@given(SETS, SETS, SETS, SETS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_unmanaged_by_maintenance_is_in_maintenance(
    tmp_path: Path,
    own: list[tuple[str, str, bool]],
    of_template: list[tuple[str, str, bool]],
    of_group: list[tuple[str, str, bool]],
    of_all: list[tuple[str, str, bool]],
) -> None:
    template = f'<template id="t" class="ocf" provider="pacemaker" type="Dummy">{sets("t", of_template)}</template>'
    member = f'<primitive id="a" template="t">{sets("a", own)}</primitive>'
    group = f'<group id="g">{sets("g", of_group)}{member}{primitive("b")}</group>'
    path = cib(tmp_path, LENDER + template + group)
    defaults = f"<rsc_defaults>{sets('d', of_all)}</rsc_defaults>"
    path.write_text(path.read_text(encoding="utf-8").replace("<nodes>", f"{defaults}<nodes>"), encoding="utf-8")
    found = state({"CIB_file": str(path)})
    groups = [one for one in found.resources if isinstance(one, Group)]
    assert [one.id for one in primitives(found.resources)] == ["other", "a", "b"]
    for one in (*groups, *primitives(found.resources)):
        assert one.maintenance == (not one.managed), one.id


def test_a_rule_may_say_otherwise(tmp_path: Path) -> None:
    """It is not known what it comes to: that the resource is unmanaged is said, and no more."""
    rule = '<meta_attributes id="m"><rule id="r" score="0"><expression id="e" attribute="#uname" operation="defined"/>'
    rule += '</rule><nvpair id="n" name="maintenance" value="true"/></meta_attributes>'
    path = cib(tmp_path, primitive("a", inside=rule, is_managed="false"))
    (one,) = primitives(state({"CIB_file": str(path)}).resources)
    assert (one.managed, one.maintenance) == (False, False)
