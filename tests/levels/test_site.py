"""`crm site` without a cluster; what it does is tried in tests/cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from program import in_process

from crmsh_py.cluster.tickets import tickets

if TYPE_CHECKING:
    from pathlib import Path

REFUSED, USAGE = 5, 2
CIB = """<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config/><nodes/><resources>{resources}
<primitive id="d" class="ocf" provider="pacemaker" type="Dummy"/></resources><constraints>
<rsc_ticket id="c1" ticket="one" rsc="d"/><rsc_ticket id="c2" ticket="one" rsc="d"/>
<rsc_ticket id="c3" ticket="two" rsc="d"/></constraints></configuration>
<status><tickets>{states}</tickets></status></cib>"""
BOOTH = '<group id="g"><primitive id="booth" class="ocf" provider="pacemaker" type="booth-site"/></group>'


def cib(folder: Path, states: str, resources: str = "") -> dict[str, str]:
    (folder / "cib.xml").write_text(CIB.format(states=states, resources=resources), encoding="utf-8")
    return {"CIB_file": str(folder / "cib.xml")}


@pytest.mark.parametrize("line", ["list", "grant one", "show one"])
def test_a_file_has_no_tickets_to_act_on(line: str, folder: Path) -> None:
    ran = in_process("-c", "./web.xml", "site", "ticket", *line.split(), folder=folder)
    assert (ran.code, "acts on the running cluster" in ran.err) == (REFUSED, True)


@pytest.mark.parametrize("line", ["", "grant", "list one", "grnt one"])
def test_a_line_that_fits_no_usage(line: str, folder: Path) -> None:
    assert in_process("-c", "./web.xml", "site", "ticket", *line.split(), folder=folder).code == USAGE


@pytest.mark.needs_pacemaker
def test_tickets_of_constraints_and_of_the_status(folder: Path) -> None:
    found = tickets(cib(folder, '<ticket_state id="three" granted="true" standby="true" last-granted="7"/>'))
    three, one, two = (found.by_id[name] for name in ("three", "one", "two"))
    assert sorted(found.by_id) == ["one", "three", "two"]
    assert (three.granted, three.standby, three.last_granted, three.constraints) == (True, True, 7, ())
    assert (one.granted, one.last_granted, one.constraints, two.constraints) == (False, None, ("c1", "c2"), ("c3",))
    assert not found.has_booth(three)


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("mark", ['booth-cfg-name="booth"', 'owner="7"', 'expires="8"'])
def test_booth_is_known_by_what_it_writes(mark: str, folder: Path) -> None:
    found = tickets(cib(folder, f'<ticket_state id="one" granted="true" {mark}/>'))
    assert [found.has_booth(found.by_id[name]) for name in ("one", "two")] == [True, False]


@pytest.mark.needs_pacemaker
def test_booth_is_known_by_its_resource(folder: Path) -> None:
    found = tickets(cib(folder, "", BOOTH))
    assert found.booth == ("booth",)
    assert all(found.has_booth(one) for one in found.by_id.values())


@pytest.mark.needs_pacemaker
def test_a_cib_without_tickets(folder: Path) -> None:
    found = tickets({"CIB_file": str(folder / "web.xml")})
    assert (found.by_id, found.booth) == ({}, ())
