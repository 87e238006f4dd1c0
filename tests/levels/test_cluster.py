"""The level cluster where no cluster is: what is decided about words, exit codes, texts; and its threads."""

from __future__ import annotations

import shlex
import subprocess
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as some
from program import ROOT

from crmsh_py.cluster import corosync
from crmsh_py.cluster.remote import files, login, together
from crmsh_py.cluster.remote.connection import Connection, connect
from crmsh_py.cluster.remote.files import MOST_BYTES, Files, content
from crmsh_py.cluster.remote.login import ACCEPT_NEW, ASK, REFUSE, Logins
from crmsh_py.cluster.remote.ran import Ran
from crmsh_py.cluster.remote.together import Turn, on_each
from crmsh_py.errors import CrmError, NotPermitted, TimedOut, Unreachable
from crmsh_py.levels.cluster import run
from crmsh_py.levels.cluster.nodes import exit_code

# ---- exit codes


@given(some.lists(some.sampled_from((0, 1, 4, 7, 8, 9))))
def test_an_exit_code_tells_a_reason_only_where_it_is_the_only_one(codes: list[int]) -> None:
    found = exit_code(codes)
    failed = set(codes) - {0}
    assert (found == 0) == (not failed)
    assert found in (0, 1) or failed == {found}
    if failed in ({7}, {8}, {9}):
        assert found in failed


# ---- threads


def test_each_has_its_own_answer_in_order() -> None:
    def work(turn: Turn) -> str:
        if turn.node == "b":
            raise Unreachable("no")
        return turn.node * 2

    found = on_each(["c", "b", "a"], work, 10)
    assert list(found) == ["c", "b", "a"]
    assert (found["c"], found["a"]) == ("cc", "aa")
    assert isinstance(found["b"], Unreachable)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which passes only where a test says so."""
    now = [0.0]
    monkeypatch.setattr(together, "monotonic", lambda: now[0])
    return now


def test_one_that_hangs_is_given_up_and_closed(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    monkeypatch.setattr(together, "GRACE_SECONDS", 0.01)
    monkeypatch.setattr(together, "LAST_SECONDS", 0.01)
    closed, go = threading.Event(), threading.Event()

    def work(turn: Turn) -> None:
        turn.at_end(closed.set)
        turn.stage = "while it slept"
        clock[0] = 100
        go.wait(60)

    found = on_each(["a"], work, 0.2)["a"]
    go.set()
    assert isinstance(found, TimedOut)
    assert "a did not answer within 0.2 s, while it slept" in str(found)
    assert closed.is_set()


@pytest.mark.parametrize("late", [ZeroDivisionError(), Unreachable("the socket is closed")])
def test_what_becomes_of_work_that_was_given_up_is_of_no_interest(late: Exception, clock: list[float]) -> None:
    ended = threading.Event()

    def work(turn: Turn) -> str:
        if turn.node == "b":
            return "b"
        closed = threading.Event()
        turn.at_end(closed.set)
        clock[0] = 100
        closed.wait(60)
        ended.set()
        raise late

    found = on_each(["a", "b"], work, 0.2)
    assert ended.wait(60)
    assert isinstance(found["a"], TimedOut)
    assert found["b"] == "b" or isinstance(found["b"], TimedOut)


def test_a_signal_is_not_left_unseen_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    class Events(SimpleQueue):
        def get(self, timeout: float) -> Turn:
            waits.append(timeout)
            return super().get(timeout=timeout)

    monkeypatch.setattr(together, "SimpleQueue", Events)
    assert on_each(["a"], lambda turn: turn.node, 600) == {"a": "a"}
    assert waits
    assert max(waits) <= 0.5


def test_progress_begins_the_time_anew(clock: list[float]) -> None:
    def work(turn: Turn) -> None:
        for _ in range(5):
            clock[0] += 50
            turn.renew()
        clock[0] += 61
        turn.renew()

    assert isinstance(on_each(["a"], work, 60)["a"], TimedOut)
    assert clock[0] == 5 * 50 + 61


def test_the_time_of_a_question_is_not_counted(clock: list[float]) -> None:
    def ask(question: str) -> bool:
        clock[0] += 1000
        return question == "a?"

    def work(turn: Turn) -> tuple[bool, float]:
        clock[0] += 20
        return turn.ask("a?"), turn.remaining()

    assert on_each(["a"], work, 60, ask) == {"a": (True, 40.0)}


def test_each_is_asked_its_own_question() -> None:
    assert on_each(["a", "b"], lambda turn: turn.ask(turn.node), 60, lambda question: question == "a") == {
        "a": True,
        "b": False,
    }


def test_a_bug_is_not_an_answer() -> None:
    def work(turn: Turn) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        on_each(["a"], work, 10)


def test_what_was_opened_is_closed_in_the_end() -> None:
    closed: list[str] = []

    def work(turn: Turn) -> None:
        turn.at_end(lambda: closed.append(turn.node))
        turn.at_end(lambda: 1 / 0)

    on_each(["a", "b"], work, 10)
    assert sorted(closed) == ["a", "b"]


# ---- commands


def as_sent(user: str, text: str) -> str:
    """A command line as the ssh server of a node gets it for a user."""
    there = Connection(SimpleNamespace(user=user, node="a"), None, None)  # type: ignore[arg-type]
    there._run = lambda _: Ran(0, b"", b"")  # type: ignore[method-assign]
    return there.as_root(text)


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("text", ["-x", "--version", "+x", "-c 'echo no'", "echo 'a b'"])
def test_a_command_is_no_option_of_a_shell(shell: str, text: str) -> None:
    def said(*argv: str) -> list[str]:
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        return done.stdout.splitlines()

    line = f"{text} || echo failed"
    expected = ["a b"] if text.startswith("echo") else ["failed"]
    # a server gives a line to the shell of the user like this
    assert said(shell, "-c", as_sent("root", line)) == expected
    sudo, n, sh, *rest = shlex.split(as_sent("alice", line))
    assert (sudo, n, sh) == ("sudo", "-n", "sh")
    assert said(shell, *rest) == expected


def test_a_command_is_no_option_of_the_shell_of_this_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.os, "geteuid", lambda: 0)
    found = run._here("-x || echo failed", Turn("a", 60, SimpleQueue()))
    assert (found.exit_code, found.stdout) == (0, b"failed\n")


# ---- how nodes are reached


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(login, "SYSTEM_CONFIG", str(tmp_path / "system"))
    (tmp_path / ".ssh").mkdir()
    return tmp_path


def logins(home: Path, config: str = "", hosts: str = "", new_hosts: str = "", system: str = "") -> Logins:
    (home / ".ssh" / "config").write_text(config)
    (home / "system").write_text(system)
    return Logins({"HOME": str(home)}, hosts, new_hosts)


def test_the_ssh_configuration_counts(home: Path) -> None:
    config = "Host a\n  HostName 10.0.0.1\n  Port 2222\n  User alice\n  IdentityFile ~/.ssh/own\n  IdentitiesOnly yes\n"
    found = logins(home, config, system="Port 22022\nHost *\n  HashKnownHosts yes\n").login("a")
    assert (found.host, found.port, found.user) == ("10.0.0.1", 2222, "alice")
    assert (found.known_as, found.only_keys, found.is_hashed) == ("[10.0.0.1]:2222", True, True)
    assert [Path(key).name for key in found.keys] == ["own"]
    other = logins(home, config, system="Port 22022\n").login("b")
    assert (other.host, other.port, other.known_as) == ("b", 22022, "[b]:22022")


def test_users_of_the_settings_go_before_those_of_ssh(home: Path) -> None:
    found = logins(home, "User alice\n", hosts="bob@a, carol@b dave@c")
    assert [found.login(node).user for node in "abcd"] == ["bob", "carol", "dave", "alice"]


@pytest.mark.parametrize(
    ("said", "setting", "meant"),
    [("", "", ASK), ("no", "", ACCEPT_NEW), ("yes", "", REFUSE), ("yes", "ask", ASK), ("accept-new", "yes", REFUSE)],
)
def test_the_setting_goes_before_what_ssh_is_told(home: Path, said: str, setting: str, meant: str) -> None:
    config = f"StrictHostKeyChecking {said}\n" if said else ""
    assert logins(home, config, new_hosts=setting).login("a").new_hosts == meant


def test_nothing_of_the_configuration_is_run(home: Path) -> None:
    mark = home / "mark"
    found = logins(home, f'Match originalhost a exec "touch {mark}"\n  User mallory\nHost a\n  User alice\n')
    assert found.login("a").user == "alice"
    assert not mark.exists()


@pytest.mark.parametrize("config", ["ProxyCommand a; b", "ProxyCommand nc $HOME", "ProxyJump b", "Port x", "Nonsense"])
def test_what_cannot_be_followed_is_told(home: Path, config: str) -> None:
    with pytest.raises(CrmError):
        logins(home, f"Host a\n  {config}\n").login("a")


def test_a_name_is_no_part_of_a_proxy_command(home: Path) -> None:
    with pytest.raises(CrmError, match="shell"):
        logins(home, "ProxyCommand nc %h %p\n").login("-oProxyCommand=x y")


@pytest.mark.parametrize("name", ["a" * 300, "a..b", "no such.invalid", "\0"])
def test_a_name_of_no_host_is_unreachable(home: Path, name: str) -> None:
    found = logins(home).login(name)
    assert isinstance(on_each([name], lambda turn: connect(found, turn), 60)[name], Unreachable)


# ---- files


@given(some.lists(some.binary(max_size=50), max_size=5))
def test_a_content_is_that_of_its_pieces(pieces: list[bytes]) -> None:
    found = content(pieces)
    assert found == content([b"".join(pieces)])
    assert (found.size, found.data) == (len(b"".join(pieces)), b"".join(pieces))


def test_a_large_content_is_not_kept() -> None:
    found = content([b"x" * MOST_BYTES, b"y", b"z"])
    assert (found.size, found.data) == (MOST_BYTES + 2, None)


class Talking:
    """A channel to a server of sftp whose login shell greets."""

    settimeout = invoke_subsystem = exec_command = close = lambda *_: None

    def __init__(self) -> None:
        self.left = b"Welcome to this node!\n"

    def send(self, data: bytes) -> int:
        return len(data)

    def recv(self, size: int) -> bytes:
        said, self.left = self.left[:size], self.left[size:]
        return said


def connected(user: str = "root") -> SimpleNamespace:
    there = Turn("a", 60, SimpleQueue())
    who = SimpleNamespace(user=user, node="a", host="10.0.0.1")
    return SimpleNamespace(login=who, turn=there, channel=Talking, as_root=lambda text: text)


@pytest.mark.parametrize("user", ["root", "alice"])
def test_a_login_shell_that_greets_is_told(user: str) -> None:
    with pytest.raises(CrmError, match=f"login shell of {user} there writes something") as found:
        Files(connected(user))  # type: ignore[arg-type]
    assert f"`ssh {user}@10.0.0.1 true`" in (found.value.problems[0].hint or "")


def test_what_is_no_sftp_in_the_middle_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from paramiko import SFTPError

    def garbled(*_: object) -> NoReturn:
        raise SFTPError("Expected handle")

    monkeypatch.setattr(files, "_open", lambda _: SimpleNamespace(open=garbled))
    with pytest.raises(CrmError, match="a does not speak sftp: Expected handle"):
        Files(connected()).read("/etc/hosts")  # type: ignore[arg-type]


# ---- corosync

CONFIG = """\
totem {
  version: 2
  interface {
    bindnetaddr: 10.0.0.0
  }
}
nodelist {
  # node {
  node {
    ring0_addr: 10.0.0.1
    ring1_addr: fd00::1
    name: a
    nodeid: 1
  }
  node {
    ring0_addr: b.example
    nodeid: 2
  }
}
quorum { provider: corosync_votequorum }
"""


def test_nodes_of_a_configuration(tmp_path: Path) -> None:
    path = tmp_path / "corosync.conf"
    path.write_text(CONFIG)
    found = corosync.configured(str(path))
    assert found == [
        corosync.Member("a", "1", {0: "10.0.0.1", 1: "fd00::1"}),
        corosync.Member("", "2", {0: "b.example"}),
    ]
    assert corosync.configured(str(tmp_path / "none")) == []


def test_a_node_is_here_by_its_address() -> None:
    assert corosync.is_here(corosync.Member("a", "1", {0: "127.0.0.1"}))
    assert not corosync.is_here(corosync.Member("a", "1", {0: "192.0.2.1", 1: "no.such.name.invalid"}))


QDEVICE = """\
Quorum information
------------------
Date:             Sun Nov 22 08:38:20 2026
Quorum provider:  corosync_votequorum
Nodes:            1
Ring ID:          1.e
Quorate:          No

Votequorum information
----------------------
Expected votes:   3
Highest expected: 3
Total votes:      1
Quorum:           2 Activity blocked
Flags:            Qdevice WaitForAll

Membership information
----------------------
    Nodeid      Votes    Qdevice Name
         1          1    A,V,NMW node1 (local)
         0          0            Qdevice (votes 1)
"""


def test_votes() -> None:
    expected = corosync.Quorum(False, 3, 1, 2, ("Qdevice", "WaitForAll"), {"1": 1, "0": 0})
    assert corosync.quorum_of(QDEVICE) == expected
    assert corosync.quorum_of("Quorate:          Yes\n") is None


# ---- start-up


def test_ssh_is_loaded_by_who_uses_it() -> None:
    program = (
        "import sys\nfrom crmsh_py.levels import load\nload('cluster')\n"
        "from crmsh_py.cluster.remote import connection, files, known_hosts, login, together\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"paramiko", "cryptography", "concurrent.futures", "json"} & set(done.stdout.split())


def test_errors_have_their_own_codes() -> None:
    assert [error.exit_code for error in (Unreachable, NotPermitted, TimedOut)] == [7, 8, 9]
