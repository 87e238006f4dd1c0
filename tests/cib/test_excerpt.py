"""What is examined where only options of the cluster were changed: as if all of it was."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsh_py.cib import checks, examination, references, schema
from crmsh_py.cib.document import Cib
from crmsh_py.cib.excerpt import differs_in_options_alone, of_options
from crmsh_py.cluster.pacemaker import crm_verify
from crmsh_py.problems import ERROR

if TYPE_CHECKING:
    from pathlib import Path

    from crmsh_py.problems import Problem

OPTIONS = {
    "stonith-enabled": ("true", "false", "maybe"),
    "no-quorum-policy": ("stop", "freeze", "ignore", "demote", "suicide", "x"),
    "symmetric-cluster": ("false",),
    "maintenance-mode": ("true",),
    "placement-strategy": ("utilization", "bad"),
    "have-watchdog": ("true",),
    "stonith-watchdog-timeout": ("10", "-1", "x"),
    "cluster-delay": ("60s", "soon"),
    "batch-limit": ("-3", "many"),
    "no-such-option": ("1",),
    "stop-all-resources": ("true",),
    "enable-startup-probes": ("false",),
    "default-action-timeout": ("1s",),
    "is-managed-default": ("false",),
    "default-resource-stickiness": ("inf",),
    "concurrent-fencing": ("false",),
    "node-health-strategy": ("progressive", "odd"),
}
FENCED = b"""<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config/><nodes>
<node id="1" uname="n1"/></nodes><resources><template id="t" class="stonith" type="fence_dummy"/>
<group id="g"><primitive id="f" class="stonith" type="fence_dummy"/></group><primitive id="f2" template="t"/>
<primitive id="d" class="ocf" provider="pacemaker" type="Dummy"/></resources><constraints>
<rsc_location id="l" rsc="d" node="n1" score="1"/></constraints></configuration><status/></cib>"""


def with_option(base: Cib, name: str, value: str) -> Cib:
    """The CIB with an option set, in the first set that there is."""
    draft = Cib(deepcopy(base.root))
    section = draft.make_section("crm_config")
    found = section.find("cluster_property_set")
    if found is None:
        found = section.makeelement("cluster_property_set", {"id": "made"})
        section.append(found)
    for option in found.findall("nvpair"):
        if option.get("name") == name:
            found.remove(option)
    found.append(found.makeelement("nvpair", {"id": f"made-{name}", "name": name, "value": value}))
    return draft


def of_all(cib: Cib) -> set[Problem]:
    """What is found without the scheduler."""
    return {*checks.problems(cib), *schema.problems(cib), *references.unknown(cib)}


@pytest.mark.needs_pacemaker
def test_no_new_problem_is_missed(corpus: list[Path]) -> None:
    """Of every real CIB with every option: what is new by all checks is among what the excerpt shows."""

    @given(st.sampled_from(corpus), st.sampled_from(sorted(OPTIONS)), st.data())
    @settings(max_examples=60)
    def law(path: Path, name: str, data: st.DataObject) -> None:
        base = Cib.parse(path.read_bytes(), path.name)
        for status in base.root.findall("status"):
            del status[:]
        draft = with_option(base, name, data.draw(st.sampled_from(OPTIONS[name])))
        if not differs_in_options_alone(draft, base):
            return
        part = of_options(draft)
        found = {*checks.problems(draft, checks=checks.OF_OPTIONS), *schema.problems(part)}
        new = of_all(draft) - of_all(base)
        assert {(p.code, p.object_id, p.text) for p in new} <= {(p.code, p.object_id, p.text) for p in found}
        if not any(problem.severity == ERROR for problem in schema.problems(draft)):
            grave = {p.text for p in crm_verify(draft.to_bytes())} - {p.text for p in crm_verify(base.to_bytes())}
            assert grave <= {p.text for p in crm_verify(part.to_bytes())}

    law()


def test_what_fences_stays_and_the_rest_goes() -> None:
    part = of_options(Cib.parse(FENCED, "fenced"))
    assert [el.get("id") for el in part.objects()] == ["1", "t", "g", "f", "f2"]


@pytest.mark.needs_pacemaker
def test_fencing_is_not_missed_where_it_is_there() -> None:
    """The scheduler would say that there is none, if the excerpt had left it out."""
    base = Cib.parse(FENCED, "fenced")
    draft = with_option(base, "batch-limit", "10")
    found = examination.problems(draft, of_options=True)
    assert "no-fencing" not in {problem.code for problem in found}


def test_a_change_of_anything_else_is_no_change_of_options() -> None:
    base = Cib.parse(FENCED, "fenced")
    draft = with_option(base, "batch-limit", "10")
    assert differs_in_options_alone(draft, base)
    draft.resource("d").set("type", "Stateful")
    assert not differs_in_options_alone(draft, base)
    other = with_option(base, "batch-limit", "10")
    other.schema = "pacemaker-3.8"
    assert not differs_in_options_alone(other, base)
    assert not differs_in_options_alone(base, with_reference(base))
    assert not differs_in_options_alone(with_option(with_reference(base), "batch-limit", "1"), with_reference(base))


def with_reference(base: Cib) -> Cib:
    """A resource that takes a value from elsewhere."""
    cib = Cib(deepcopy(base.root))
    resource = cib.resource("d")
    values = resource.makeelement("meta_attributes", {"id": "d-meta"})
    values.append(values.makeelement("nvpair", {"id-ref": "made-x"}))
    resource.append(values)
    return cib
