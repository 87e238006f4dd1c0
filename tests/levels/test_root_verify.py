"""The root's `verify`: what `configure verify` says, and the scores of the scheduler."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from program import ROOT, Ran, in_process

from crmsh_py.cluster.scores import PROMOTION, scores
from crmsh_py.errors import CrmError
from crmsh_py.levels import NOT_YET

pytestmark = pytest.mark.needs_pacemaker


@pytest.fixture
def web(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "examples" / "empty.xml", tmp_path / "web.xml")
    crm(tmp_path, "configure", "load", "replace", str(ROOT / "examples" / "web-service.crm"))
    return tmp_path


def crm(folder: Path, *words: str, code: int = 0) -> Ran:
    ran = in_process("-c", str(folder / "web.xml"), *words, folder=folder)
    assert ran.code == code, ran
    return ran


def said(cib: bytes) -> list[tuple[bool, str, str, str]]:
    """Whether it is for promotion, resource, node and score, as the tool says them in its text, which is for people."""
    asked = subprocess.run(["crm_simulate", "--show-scores", "--xml-pipe"], input=cib, capture_output=True)
    lines = asked.stdout.decode().splitlines()
    form = re.compile(r"^(?:\w+: )?(?P<rsc>\S+) (?P<what>allocation|promotion) score on (?P<node>\S+): (?P<score>\S+)$")
    found = [match for line in lines if (match := form.match(line))]
    return [(one["what"] == "promotion", one["rsc"], one["node"], one["score"]) for one in found]


def test_it_says_what_the_level_says(web: Path) -> None:
    assert "verify" not in NOT_YET
    assert crm(web, "verify") == crm(web, "configure", "verify")
    crm(web, "-F", "configure", "primitive", "far", "ocf:pacemaker:remote", "params", "server=192.0.2.7")
    crm(web, "-F", "configure", "order", "o", "web", "far")
    bad = crm(web, "verify", code=5)
    assert (bad.out, bad.err.count("ERROR")) == ("", 1)
    assert bad == crm(web, "configure", "verify", code=5)


def test_scores_are_shown_with_errors_too(web: Path) -> None:
    crm(web, "-F", "configure", "primitive", "far", "ocf:pacemaker:remote", "params", "server=192.0.2.7")
    crm(web, "-F", "configure", "order", "o", "web", "far")
    ran = crm(web, "-o", "json", "verify", "scores", code=5)
    data = json.loads(ran.out)["data"]
    assert data["errors"] == 1
    assert {"far", "web", "address"} <= {one["resource"] for one in data["scores"]}


def test_scores_as_text_and_as_data(web: Path) -> None:
    text = [line.split() for line in crm(web, "verify", "scores").out.splitlines()]
    data = json.loads(crm(web, "verify", "scores", "-o", "json").out)["data"]["scores"]
    assert text == [[one["resource"], one["node"] or "-", one["score"], one["function"]] for one in data]
    assert ["fence-alpha", "alpha", "-INFINITY"] in [row[:3] for row in text]
    assert json.loads(crm(web, "verify", "-o", "json").out)["data"]["scores"] is None


def test_what_is_edited_counts(web: Path) -> None:
    script = web / "script"
    script.write_text("configure\nlocation l gateway-clone 77: alpha\nup\nverify scores\nconfigure refresh\n")
    ran = crm(web, "-f", str(script))
    assert any(line.split()[0].startswith("gateway") and "77" in line.split() for line in ran.out.splitlines())


def test_scores_are_those_of_the_tool(corpus: list[Path]) -> None:
    promotions = 0
    for path in corpus[::6]:
        cib = path.read_bytes()
        wanted = said(cib)
        try:
            found = scores(cib)
        except CrmError:
            assert wanted == [], path
            continue
        shown = [(one.function == PROMOTION, one.resource, one.node or "none", one.score) for one in found]
        assert shown == wanted, path
        promotions += sum(is_promotion for is_promotion, *_ in wanted)
    assert promotions > 0


@pytest.mark.parametrize("cib", [b"", b"x", b"<a/>"])
def test_what_is_no_cib_has_no_scores(cib: bytes) -> None:
    with pytest.raises(CrmError):
        scores(cib)
