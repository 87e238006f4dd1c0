"""What contrib/ holds for monitoring systems; the NRPE daemon is tried in tests/cluster/test_nrpe.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from program import ROOT
from prometheus_client.parser import text_string_to_metric_families
from small_cluster import well

CONTRIB = ROOT / "contrib"
PLUGIN = (CONTRIB / "nagios" / "check_crm").read_text(encoding="utf-8")
# where it looks for programs
PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
pytestmark = pytest.mark.needs_pacemaker


def needs(program: str | Path | None, what: str) -> None:
    """Skip a test without a program; where CI is set, fail."""
    if not (program and Path(program).exists()):
        text = f"{what} is not installed"
        pytest.fail(text, pytrace=False) if os.environ.get("CI") else pytest.skip(text)


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """The plugin as it is installed, in a folder that all users can see, and the `crm` that it finds."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "check_crm").write_text(PLUGIN.replace(PLACES, f"{folder}:{PLACES}"), encoding="utf-8")
    crm = folder / "crm"
    crm.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m crmsh_py "$@"\n', encoding="utf-8")
    crm.chmod(0o755)
    return folder / "check_crm"


def test_the_plugin_is_the_check(plugin: Path, tmp_path: Path) -> None:
    """Whatever PATH the agent has; words are handed on one by one."""
    environ = {"CIB_file": str(well(tmp_path)), "PATH": "/"}
    for words, code in ((["quorum"], 0), (["--ignore", "no such"], 3), (["--critical", "nodes=0", "--node=east"], 0)):
        done = subprocess.run(["/bin/sh", str(plugin), *words], env=environ, capture_output=True, text=True)
        assert (done.returncode, done.stderr, done.stdout[:4]) == (code, "", "CRM "), done


def test_the_plugin_says_where_there_is_no_crm(tmp_path: Path) -> None:
    bare = tmp_path / "check_crm"
    bare.write_text(PLUGIN.replace(PLACES, "/nowhere"), encoding="utf-8")
    done = subprocess.run(["/bin/sh", str(bare)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "CRM UNKNOWN - there is no crm in /nowhere\n")


def test_the_timer_writes_metrics_at_once(plugin: Path, tmp_path: Path) -> None:
    folder = tmp_path / "textfile"
    folder.mkdir()
    environ = {
        "PATH": f"{plugin.parent}:/usr/sbin:/usr/bin:/bin",
        "CIB_file": str(well(tmp_path)),
        "HOME": str(tmp_path),
    }
    script = [str(CONTRIB / "prometheus" / "crm-metrics"), str(folder)]
    states = []
    for quorum in ("1", "0"):
        well(tmp_path, quorum=quorum)
        assert subprocess.run(script, env=environ).returncode == 0
        assert [path.name for path in folder.iterdir()] == ["crm.prom"]
        text = (folder / "crm.prom").read_text(encoding="utf-8")
        read = {family.name: family.samples[0].value for family in text_string_to_metric_families(text)}
        states.append(read["ha_cluster_pacemaker_check_state"])
    assert states == [0, 2]
    assert (folder / "crm.prom").stat().st_mode & 0o777 == 0o644
    assert subprocess.run(script, env={**environ, "PATH": "/usr/bin:/bin"}, stderr=subprocess.DEVNULL).returncode == 1
    assert (folder / "crm.prom").read_text(encoding="utf-8") == text


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    needs(which("systemd-analyze"), "systemd-analyze")
    for unit in (CONTRIB / "prometheus").glob("crm-metrics.*"):
        text = unit.read_text(encoding="utf-8").replace(
            "/usr/local/sbin/crm-metrics", str(CONTRIB / "prometheus/crm-metrics")
        )
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.glob("crm-metrics.*"))
    assert len(units) == 2
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "crm-metrics" in line]) == (0, [])


def test_sudo_takes_its_line() -> None:
    needs(which("visudo", path="/usr/sbin:/sbin"), "visudo")
    argv = ["/usr/sbin/visudo", "-c", "-f", str(CONTRIB / "sudoers" / "check_crm")]
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
