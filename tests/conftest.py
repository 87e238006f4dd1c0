"""What all tests share: a clean environment, Pacemaker's tools, real CIBs, the figures at the end."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from shutil import which

import figures
import pytest
from corpus import scheduler_cibs
from existing_shell import EXISTING
from hypothesis import Phase, settings
from prompt_desk import with_empty_cib

TOOLS = ("cibadmin", "crm_simulate", "crm_verify")
MISSING = [tool for tool in TOOLS if not which(tool)]
NEEDS = {
    "needs_pacemaker": f"Pacemaker's tools are not installed: {', '.join(MISSING)}" if MISSING else "",
    "needs_crmsh": "" if EXISTING else "the existing shell (crmsh) is not installed",
}

# Timings never decide a test.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)  # to explain takes minutes
# The same examples in every run, so that a failure is of the change at hand; CRM_EXPLORE=1 draws others.
settings.register_profile(
    "crm",
    deadline=None,
    print_blob=True,
    max_examples=100,
    phases=_PHASES,
    derandomize=not os.environ.get("CRM_EXPLORE"),
)
settings.register_profile("ci", settings.get_profile("crm"), derandomize=True, max_examples=200)
settings.load_profile("ci" if os.environ.get("CI") else "crm")


# what is started in the background ignores Ctrl-C, and would hand that on to all that the tests start
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the cluster, the settings or the colours of who runs it."""
    for name in list(os.environ):
        if name.startswith(("CIB_", "CRM_", "PCMK_", "NO_COLOR", "CLICOLOR", "FORCE_COLOR")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working directory with an empty CIB, web.xml."""
    return with_empty_cib(tmp_path)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without the programs that it needs a test is skipped; where CI is set, it fails."""
    for marker, reason in NEEDS.items():
        if reason and item.get_closest_marker(marker):
            if os.environ.get("CI"):
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`corpus_file` stands for each of the real CIBs in turn."""
    if "corpus_file" in metafunc.fixturenames:
        files = scheduler_cibs()
        absent = pytest.param(None, id="none", marks=pytest.mark.skip("the corpus of real CIBs is not here"))
        metafunc.parametrize("corpus_file", files or [absent], ids=[path.stem for path in files] or None)


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """All of the real CIBs."""
    files = scheduler_cibs()
    if not files:
        pytest.skip("the corpus of real CIBs is not here")
    return files


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where tests run in several processes, each hands its figures to the one that shows them."""
    workeroutput = getattr(session.config, "workeroutput", None)
    if workeroutput is not None:
        workeroutput["figures"] = figures.as_data()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take the figures of a process that ended."""
    figures.merge(getattr(node, "workeroutput", {}).get("figures", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures that the tests counted."""
    shown = figures.lines()
    if shown:
        terminalreporter.section("figures")
        for line in shown:
            terminalreporter.write_line(line)
