"""The Live store on bad days, on a running cluster: programs that die, daemons that die, stop or hang, lost answers.

Each commit ends with the old configuration or the new one, and an exit code that says why. The draft is kept, and to
try again is right.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import figures
import pytest
from bed import Node, wait_until
from changes import BACK, THERE, configuration
from interference import Interference
from lxml import etree
from node_terminal import node_terminal
from program import ROOT, Ran
from terminal import PROMPT

pytestmark = pytest.mark.needs_cluster

UNREACHABLE = 7
TIMED_OUT = 9
HERE = Path(__file__).parent
INSIDE = {"PYTHONPATH": f"{ROOT}:{HERE.parent}:{HERE}"}
# the program, with less patience: 1 s for each tool
HURRIED = """
from crmsh_py.cluster import cibadmin, pacemaker
from crmsh_py.main import main
cibadmin.SECONDS = pacemaker.VERIFY_SECONDS = 1.0
main()
"""
AT_PATCH = 'case "$*" in *--patch*) {} ;; esac; real "$@"'
CHANGE = ("configure", "op_defaults", "timeout=33s")


def timeouts(node: Node) -> list[str]:
    """What CHANGE and its like have written."""
    return etree.fromstring(node.cib()).xpath("//op_defaults//nvpair[@name='timeout']/@value")


def inside(node: Node, program: str, *words: str) -> dict:
    """Run a program of this folder in the node; what it prints."""
    ran = node.run(sys.executable, str(HERE / program), *words, env=INSIDE, timeout=300)
    assert ran.code == 0, ran
    return json.loads(ran.out)


# ---- crm is killed


def killed(node: Node, script: str, interference: Interference) -> bytes:
    """Run a script that is killed; the configuration when the tools have ended that it leaves behind."""
    with node.popen_crm("configure", env=interference.env) as process:
        process.communicate(script.encode())
        assert process.returncode == -signal.SIGKILL
    interference.calls()
    return configuration(node.cib())


def run_both(node: Node) -> list[bytes]:
    """Run THERE and BACK; the configuration behind each."""
    found = []
    for script in (THERE, BACK):
        assert node.crm("configure", stdin=script) == (0, "", "")
        found.append(configuration(node.cib()))
    return found


def test_a_kill_at_each_step(node: Node, tmp_path: Path) -> None:
    """Before each tool that a commit calls, while the patch is on its way, and when it is done."""
    new, old = run_both(node)
    interference = Interference(tmp_path)
    assert node.crm("configure", stdin=THERE, env=interference.env).code == 0
    assert configuration(node.cib()) == new
    steps = interference.calls()
    assert ["--patch" in step for step in steps] == [False] * (len(steps) - 1) + [True]
    assert node.crm("configure", stdin=BACK).code == 0
    for number in range(1, len(steps) + 1):
        interference.do(f'if [ $call = {number} ]; then kill -KILL "$PPID"; exit; fi; real "$@"')
        assert killed(node, THERE, interference) == old, steps[number - 1]
    interference.do(AT_PATCH.format('patch=$(cat); kill -KILL "$PPID"; echo "$patch" | real "$@"; exit'))
    assert killed(node, THERE, interference) == new
    interference.do(AT_PATCH.format('real "$@"; kill -KILL "$PPID"; exit'))
    assert killed(node, BACK, interference) == old
    assert node.crm("configure", stdin=THERE) == (0, "", ""), "nothing is in the way of the next one"


def test_kills_at_random_moments(node: Node, tmp_path: Path) -> None:
    scripts = [tmp_path / "there.crm", tmp_path / "back.crm"]
    for script, text in zip(scripts, (THERE, BACK), strict=True):
        script.write_text(text, encoding="utf-8")
    found = inside(node, "sudden_ends.py", "100", *map(str, scripts))
    figures.merge([("kills at random moments of a commit", found, tuple(found))])
    assert found["neither"] == 0


# ---- many at once


def test_eight_writers_at_once(node: Node) -> None:
    found = inside(node, "crowd.py", "8", "50")
    said = {"seconds": round(found["seconds"]), **{name: found[name] for name in ("exit 0", "merges", "patches")}}
    figures.merge([("8 writers, 50 commits each", said, tuple(said))])
    assert found["exit 0"] == 400, found
    names = etree.fromstring(node.cib()).xpath("//acl_role/@id")
    assert sorted(names) == sorted(
        ["warm", *(f"node1-{writer}-{number}" for writer in range(8) for number in range(50))]
    )


def test_eight_writers_of_one_object(node: Node) -> None:
    found = inside(node, "crowd.py", "8", "0")
    assert (found["exit 0"], found["exit 6"]) == (1, 7)


# ---- tools and daemons


def test_an_answer_that_is_lost(node: Node, tmp_path: Path) -> None:
    """The patch is applied, and nobody says so: to commit once more finds nothing left to do."""
    lost = Interference(tmp_path, AT_PATCH.format('real "$@"; exit 102'))
    with node_terminal(node, "configure", env=lost.env) as prompt:
        prompt.wait(PROMPT)
        prompt.line("role watcher read xpath:/cib")
        assert "ERROR: the cluster does not run on this node, or does not answer" in prompt.line("commit")
        lost.do('real "$@"')
        assert prompt.line("commit") == ""
        prompt.type("quit\n")
        assert prompt.end() == 0
    assert etree.fromstring(node.cib()).xpath("//acl_role/@id") == ["watcher"]


@pytest.mark.parametrize(("answer", "code"), [("exit 102", UNREACHABLE), ("exit 124", TIMED_OUT)])
def test_the_exit_code_of_a_lost_answer(answer: str, code: int, node: Node, tmp_path: Path) -> None:
    lost = Interference(tmp_path, AT_PATCH.format(f'real "$@"; {answer}'))
    ran = node.crm(*CHANGE, env=lost.env)
    assert (ran.code, ran.out) == (code, "")
    assert timeouts(node) == ["33s"]
    assert node.crm(*CHANGE) == (0, "", "")


def hurried(node: Node, *words: str, env: dict[str, str]) -> Ran:
    """Run `crm`, which waits for a second at most for each tool."""
    return node.run(sys.executable, "-c", HURRIED, *words, env={"PYTHONPATH": str(ROOT), **env})


@pytest.mark.parametrize("step", ["--query", "crm_verify", "--patch"])
def test_a_tool_that_hangs(step: str, node: Node, tmp_path: Path) -> None:
    """It is ended, with all that it has started, and nothing is written."""
    hanging = Interference(tmp_path, f'case "$tool $*" in *{step}*) sleep 987 ;; esac; real "$@"')
    ran = hurried(node, *CHANGE, env=hanging.env)
    assert ran.code == TIMED_OUT
    assert node.run("pgrep", "--full", "sleep 987").out == ""
    assert timeouts(node) == []


def test_a_cib_manager_that_hangs(node: Node, tmp_path: Path) -> None:
    """What was on its way may still be written when it goes on; to commit once more is right."""
    stopping = Interference(tmp_path, AT_PATCH.format("kill -STOP $(pidof pacemaker-based)"))
    ran = hurried(node, *CHANGE, env=stopping.env)
    assert ran.code == TIMED_OUT
    ran = hurried(node, "configure", "show", env={})
    assert ran.code == TIMED_OUT
    node.signal("pacemaker-based", signal.SIGCONT)
    wait_until("the CIB manager goes on", lambda: node.cibadmin("--query", check=False).code == 0)
    assert node.crm(*CHANGE) == (0, "", "")
    assert timeouts(node) == ["33s"]


@pytest.mark.parametrize("step", ["--query", "--patch"])
def test_a_cib_manager_that_dies(step: str, node: Node, tmp_path: Path) -> None:
    """Before a commit reads, and before it writes; when the cluster is back, to commit once more is right."""
    killed = tmp_path / "killed"
    dying = Interference(
        tmp_path / "tools",
        f'case "$*" in *{step}*) mkdir {killed} 2>/dev/null && kill -KILL $(pidof pacemaker-based) ;; esac; real "$@"',
    )
    ran = node.crm(*CHANGE, env=dying.env)
    assert killed.is_dir()
    assert ran.code in (0, UNREACHABLE)
    # whether it comes back by itself is Pacemaker's affair: sometimes it ends, or its daemons wait for each other
    node.crash_cluster()
    node.start_cluster()
    node.bed.wait_online()
    assert node.crm(*CHANGE) == (0, "", "")
    assert timeouts(node) == ["33s"]


def test_a_cluster_that_stops_in_the_middle(node: Node) -> None:
    """The draft is kept until the cluster is back."""
    with node_terminal(node, "configure") as prompt:
        prompt.wait(PROMPT)
        prompt.line("op_defaults timeout=33s")
        node.stop_cluster()
        said = prompt.line("commit")
        assert said.startswith("ERROR: the cluster does not run on this node")
        assert "+op_defaults" in prompt.line("diff")
        assert node.crm(*CHANGE).code == UNREACHABLE
        node.start_cluster()
        node.bed.wait_online()
        assert prompt.line("commit") == ""
        prompt.type("quit\n")
        assert prompt.end() == 0
    assert timeouts(node) == ["33s"]
