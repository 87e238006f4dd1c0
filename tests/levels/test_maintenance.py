"""`crm maintenance` on CIB files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from program import ROOT, Ran, in_process

from crmsh_py.cib.document import Cib

if TYPE_CHECKING:
    from pathlib import Path

NOTHING_THERE, REFUSED, USAGE = 4, 5, 2


@pytest.fixture
def web(folder: Path) -> Path:
    """The web service, as a CIB file."""
    crm(folder, f"configure load replace {ROOT}/examples/web-service.crm")
    return folder


def crm(folder: Path, *lines: str, code: int = 0) -> Ran:
    for line in lines:
        ran = in_process("-c", "./web.xml", *line.split(), folder=folder)
        assert ran.code == code, ran
    return ran


def content(folder: Path) -> str:
    return Cib.parse((folder / "web.xml").read_bytes(), "web").to_bytes().decode().partition("<configuration>")[2]


def said(folder: Path, name: str = "maintenance-mode") -> str:
    return crm(folder, f"configure get_property {name}").out.strip()


def test_the_cluster_goes_into_maintenance_and_comes_out(web: Path) -> None:
    crm(web, "maintenance on")
    assert said(web) == "true"
    before = (web / "web.xml").read_bytes()
    assert "in maintenance mode already" in crm(web, "maintenance on").err
    assert (web / "web.xml").read_bytes() == before
    crm(web, "maintenance off")
    assert said(web) == "false"
    assert "not in maintenance mode already" in crm(web, "maintenance off").err


def test_a_set_that_counts_more_is_not_passed_over(web: Path) -> None:
    crm(web, "configure property other: 100: maintenance-mode=true")
    # cib-bootstrap-options counts more than any other
    crm(web, "maintenance off")
    assert said(web) == "false"


@pytest.mark.parametrize("rsc", ["web", "address", "disk-clone", "gateway"])
def test_a_resource_goes_into_maintenance_and_comes_out(rsc: str, web: Path) -> None:
    crm(web, f"maintenance on {rsc}")
    assert content(web).count('name="maintenance" value="true"') == 1
    crm(web, f"maintenance off {rsc}")
    assert 'name="maintenance" value="true"' not in content(web)


def test_what_a_clone_runs_is_meant_by_its_name(web: Path) -> None:
    said = "maintenance=true is set on the clone gateway-clone, which contains gateway"
    assert said in crm(web, "maintenance on gateway").err
    assert "maintenance=true" in crm(web, "configure show gateway-clone").out


def test_resources_with_a_word_of_their_own(web: Path) -> None:
    crm(web, "maintenance on web", "maintenance on gateway-clone")
    ran = crm(web, "maintenance off")
    assert [name in ran.err for name in ("web keeps", "gateway-clone keeps")] == [True, True]
    assert content(web).count('name="maintenance" value="true"') == 2
    crm(web, "-n maintenance off")
    assert content(web).count('name="maintenance" value="true"') == 2
    ran = crm(web, "-F maintenance off")
    assert "maintenance=true of web is removed" in ran.err
    assert 'name="maintenance"' not in content(web)


def test_what_resources_say_themselves_outlives_the_maintenance_of_all(web: Path) -> None:
    crm(web, "maintenance on web", "-F maintenance on")
    assert content(web).count('name="maintenance" value="true"') == 1


def test_a_dry_run_writes_nothing_and_asks_nothing(web: Path) -> None:
    crm(web, "maintenance on web")
    before = (web / "web.xml").read_bytes()
    for line in ("on", "off", "off web", "on address"):
        crm(web, f"maintenance {line} --dry-run")
    assert (web / "web.xml").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("on webb", NOTHING_THERE, "did you mean web?"),
        ("off nosuch", NOTHING_THERE, "there is no resource nosuch"),
        ("action server monitor", REFUSED, "acts on the running cluster"),
        ("action server reload", USAGE, "reload is not an action of an agent"),
    ],
)
def test_what_is_refused_writes_nothing(line: str, code: int, words: str, web: Path) -> None:
    before = (web / "web.xml").read_bytes()
    assert words in crm(web, f"maintenance {line}", code=code).err
    assert (web / "web.xml").read_bytes() == before
