"""Edits of sessions that died, on real terminals: written down, offered again, taken up, dropped or kept."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from prompt_desk import QUESTION, prompt, run, stored, with_empty_cib
from terminal import CRM, PROMPT, Terminal

OFFER = r"\(l\)ater: ?$"


def die(terminal: Terminal, number: int = signal.SIGKILL) -> None:
    os.kill(terminal.pid, number)
    assert terminal.end() == -number


def journal(folder: Path) -> list[Path]:
    """The entries; what was half made at a death is hidden."""
    found = (folder / ".local" / "state" / "crm" / "journal").glob("*")
    return sorted(path for path in found if not path.name.startswith("."))


def offered(folder: Path, *words: str, answer: str, **environ: str) -> tuple[Terminal, str]:
    """A session that is offered edits, and answers; what was shown up to the question."""
    terminal = Terminal([*CRM, "-c", "web.xml", *words, "configure"], folder, **environ)
    shown = terminal.wait(OFFER)
    terminal.type(answer if answer == "\x04" else answer + "\n")
    terminal.wait(PROMPT)
    return terminal, shown


def leave(terminal: Terminal) -> None:
    """Leave without edits."""
    terminal.type("quit\n")
    assert terminal.end() == 0
    assert not terminal.said.endswith("to stay: ")


def left_by_a_dead_one(folder: Path, *lines: str) -> None:
    terminal = prompt(folder, "configure")
    for line in lines:
        terminal.line(line)
    die(terminal)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_edits_of_a_dead_session_are_taken_up_again(folder: Path, number: int) -> None:
    terminal = prompt(folder, "configure")
    terminal.line("primitive a Dummy params fake='a secret' ")
    terminal.line("primitive b ocf:heartbeat:Stateful")
    die(terminal, number)
    terminal, shown = offered(folder, answer="y")
    assert shown.startswith("WARNING: these edits of a moment ago were never committed\n--- committed\n+++ edited\n")
    assert "\n+primitive b Stateful\n" in shown
    assert "primitive b Stateful" in terminal.line("show")
    assert 'id="a"' not in stored(folder)
    terminal.line("commit force")
    assert 'id="a"' in stored(folder)
    assert 'id="b"' in stored(folder)
    assert journal(folder) == []
    leave(terminal)
    leave(prompt(folder))


def test_a_lost_terminal_leaves_edits(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    terminal.line("primitive a Dummy")
    os.close(terminal.descriptor)
    os.waitpid(terminal.pid, 0)
    terminal, _ = offered(folder, answer="yes")
    terminal.line("commit")
    leave(terminal)
    assert 'id="a"' in stored(folder)


def test_who_ignores_the_end_of_the_terminal_leaves_edits_too(folder: Path) -> None:
    """A program that outlives its terminal sees the end of what is typed, as after Ctrl-D, and asks nobody."""
    nohup = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *CRM, "-c", "web.xml", "configure"]
    terminal = Terminal(nohup, folder)
    terminal.wait(PROMPT)
    terminal.line("primitive a Dummy")
    os.close(terminal.descriptor)
    os.waitpid(terminal.pid, 0)
    terminal, _ = offered(folder, answer="no")
    leave(terminal)


def test_a_question_without_an_answer_keeps_the_edits(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    terminal.line("primitive a Dummy")
    terminal.type("\x04")
    terminal.wait(QUESTION)
    terminal.type("\x04")
    assert terminal.end() == 0
    assert "nothing was committed; the next start offers these edits again" in terminal.said
    terminal, _ = offered(folder, answer="n")
    leave(terminal)
    assert journal(folder) == []


@pytest.mark.parametrize("answer", ["n", "NO"])
def test_edits_that_are_refused_are_dropped(folder: Path, answer: str) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy")
    terminal, _ = offered(folder, answer=answer)
    assert terminal.line("show") == ""
    assert journal(folder) == []
    leave(terminal)


@pytest.mark.parametrize("answer", ["l", "what\nlater", "\n\nlater", "\x04"])
def test_edits_can_wait(folder: Path, answer: str) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy")
    terminal, _ = offered(folder, answer=answer)
    assert terminal.line("show") == ""
    # edits of its own are another matter
    terminal.line("primitive b Dummy")
    assert len(journal(folder)) == 2
    terminal.line("commit")
    leave(terminal)
    terminal, shown = offered(folder, answer="y")
    assert "+primitive a Dummy" in shown
    terminal.line("commit")
    leave(terminal)
    assert 'id="a"' in stored(folder)
    assert 'id="b"' in stored(folder)


def test_ctrl_c_at_the_offer_keeps_the_edits(folder: Path) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy")
    terminal = Terminal([*CRM, "-c", "web.xml", "configure"], folder)
    terminal.wait(OFFER)
    terminal.interrupt()
    terminal.wait(PROMPT)
    assert terminal.line("diff") == ""
    leave(terminal)
    terminal, _ = offered(folder, answer="n")
    leave(terminal)


@pytest.mark.parametrize("option", ["-n", "-F"])
def test_options_take_nothing_up_and_drop_nothing(folder: Path, option: str) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy")
    terminal = Terminal([*CRM, "-c", "web.xml", option], folder)
    assert "note: uncommitted edits of a moment ago are kept\n" in terminal.wait(PROMPT)
    leave(terminal)
    terminal, _ = offered(folder, answer="n")
    leave(terminal)
    assert 'id="a"' not in stored(folder)


def test_undo_takes_back_what_was_taken_up(folder: Path) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy", "primitive b Dummy")
    terminal, _ = offered(folder, answer="y")
    terminal.line("primitive c Dummy")
    terminal.line("undo")
    assert terminal.line("show") == "primitive a Dummy\nprimitive b Dummy"
    terminal.line("undo")
    assert terminal.line("show") == ""
    assert journal(folder) == []
    leave(terminal)


def test_what_was_taken_up_is_kept_when_that_session_dies_too(folder: Path) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy")
    terminal, _ = offered(folder, answer="y")
    die(terminal)
    terminal, _ = offered(folder, answer="y")
    terminal.line("primitive b Dummy")
    die(terminal)
    terminal, shown = offered(folder, answer="n")
    assert "+primitive a Dummy\n+primitive b Dummy\n" in shown
    leave(terminal)


def test_one_session_after_the_other_the_last_one_first(folder: Path) -> None:
    terminals = [prompt(folder, "configure") for _ in range(2)]
    for name, terminal in zip("ab", terminals, strict=True):
        terminal.line(f"primitive {name} Dummy")
    # edits of those that live are not offered, but named: a lost connection can keep a session for long
    third = prompt(folder)
    for terminal in terminals:
        said = f"another session of yours, process {terminal.pid}, has uncommitted edits of web.xml"
        assert third.said.count(said) == 1
    leave(third)
    for terminal in terminals:
        die(terminal)
    terminal = Terminal([*CRM, "-c", "web.xml", "configure"], folder)
    for name, answer in (("b", "l"), ("a", "n")):
        assert f"+primitive {name} Dummy\n" in terminal.wait(OFFER)
        terminal.type(f"{answer}\n")
    terminal.wait(PROMPT)
    leave(terminal)
    terminal, shown = offered(folder, answer="y")
    assert "+primitive b Dummy\n" in shown
    die(terminal)


def test_two_living_sessions_keep_their_own(folder: Path) -> None:
    first = prompt(folder, "configure")
    first.line("primitive a Dummy")
    second = prompt(folder, "configure")
    second.line("primitive b Dummy")
    assert first.line("diff").endswith("+primitive a Dummy")
    assert second.line("diff").endswith("+primitive b Dummy")
    assert len(journal(folder)) == 2
    second.line("commit")
    leave(second)
    assert len(journal(folder)) == 1
    die(first)
    terminal, shown = offered(folder, answer="y")
    assert "primitive b" not in shown
    assert "merged with what somebody else has changed" not in terminal.line("show")
    terminal.line("commit")
    leave(terminal)
    assert 'id="a"' in stored(folder)
    assert 'id="b"' in stored(folder)


def test_what_others_changed_meanwhile_is_merged_or_a_conflict(folder: Path) -> None:
    assert run(folder, "configure", stdin="primitive a Dummy params fake=1\nprimitive b Dummy params fake=1\n") == 0
    left_by_a_dead_one(folder, "set a.fake mine")
    assert run(folder, "configure", "set", "b.fake", "other") == 0
    left_by_a_dead_one_after(folder, "l", "set a.fake more")
    assert run(folder, "configure", "set", "a.fake", "theirs") == 0
    terminal, _ = offered(folder, answer="y")
    said = terminal.line("commit")
    assert "ERROR: a was changed here, and by somebody else meanwhile" in said
    assert "fake=mine" in said or "fake=more" in said
    assert "fake=" in terminal.line("diff")
    assert "put in the place of what somebody else has changed" in terminal.line("commit overwrite")
    # the edits that had to wait, on which those were not made
    leave(terminal)
    assert 'value="other"' in stored(folder)


def left_by_a_dead_one_after(folder: Path, answer: str, line: str) -> None:
    terminal, _ = offered(folder, answer=answer)
    terminal.line(line)
    die(terminal)


def test_edits_that_are_in_the_file_by_now_are_nothing_to_offer(folder: Path) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy")
    assert run(folder, "configure", "primitive", "b", "Dummy") == 0
    assert run(folder, "configure", "primitive", "a", "Dummy") == 0
    terminal = prompt(folder)
    assert "WARNING" not in terminal.said
    assert journal(folder) == []
    leave(terminal)


def test_edits_of_a_file_that_is_gone_are_kept(folder: Path) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy")
    (folder / "web.xml").rename(folder / "away.xml")
    terminal = Terminal([*CRM, "-c", "web.xml"], folder)
    assert terminal.end() == 4
    assert "note: uncommitted edits of a moment ago are kept until web.xml can be read" in terminal.said
    (folder / "away.xml").rename(folder / "web.xml")
    terminal, _ = offered(folder, answer="y")
    terminal.line("commit")
    leave(terminal)
    assert 'id="a"' in stored(folder)


def test_secrets_are_masked_in_the_offer(folder: Path) -> None:
    left_by_a_dead_one(folder, "primitive a ocf:none:None params password=tell-nobody")
    terminal, shown = offered(folder, answer="y")
    assert 'password="******"' in shown
    assert "tell-nobody" not in terminal.said
    terminal.line("commit")
    assert "tell-nobody" in stored(folder)
    leave(terminal)


def test_a_changed_secret_is_asked_for_and_offered_without_being_shown(folder: Path) -> None:
    assert run(folder, "configure", "primitive", "a", "ocf:none:None", "params", "password=old-one") == 0
    terminal = prompt(folder, "configure")
    terminal.line("set a.password new-one")
    terminal.type("quit\n")
    assert "****** (changed)" in terminal.wait(QUESTION)
    terminal.type("c\n")
    terminal.wait(PROMPT)
    die(terminal)
    terminal, shown = offered(folder, answer="y")
    assert "****** (changed)" in shown
    terminal.line("commit")
    leave(terminal)
    assert "new-one" in stored(folder)
    assert "new-one" not in terminal.said


def test_edits_that_come_to_nothing_are_not_asked_for(folder: Path) -> None:
    terminal = prompt(folder, "configure")
    for line in ("primitive a Dummy", "tag t a", "delete t", "delete a"):
        terminal.line(line)
    assert len(journal(folder)) == 1
    leave(terminal)
    assert journal(folder) == []


def test_a_torn_journal_is_ignored_with_a_word(folder: Path) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy")
    (entry,) = journal(folder)
    (entry / "draft.xml.gz").write_bytes(b"torn")
    terminal = prompt(folder)
    assert terminal.said.count("WARNING: uncommitted edits of an earlier session are ignored: ") == 1
    assert f"{entry.name}.bad" in terminal.said.replace("\n", "")
    leave(terminal)
    terminal = prompt(folder)
    assert "WARNING" not in terminal.said
    leave(terminal)


def test_scripts_and_commands_have_no_journal_and_are_offered_none(folder: Path) -> None:
    left_by_a_dead_one(folder, "primitive a Dummy")
    before = journal(folder)
    terminal = Terminal([*CRM, "-c", "web.xml", "configure", "show"], folder)
    assert terminal.end() == 0
    assert terminal.said == ""
    assert run(folder, stdin="configure\nprimitive b Dummy\n") == 0
    assert journal(folder) == before


def test_without_a_home_one_warning_and_the_work_goes_on(folder: Path) -> None:
    terminal = prompt(folder, "configure", HOME=str(folder / "nowhere"))
    for name in "abc":
        terminal.line(f"primitive {name} Dummy")
    terminal.line("commit")
    leave(terminal)
    assert terminal.said.count("WARNING: no journal is kept of what is not committed: ") == 1
    assert 'id="c"' in stored(folder)


DISK = "mount -t tmpfs -o size={size} none {disk} && {before} && exec {crm}"


@pytest.mark.parametrize(
    ("size", "before", "said"),
    [("8k", "true", "no space left on device"), ("64k", "mount -o remount,ro {disk}", "read-only file system")],
)
def test_a_disk_that_takes_no_journal_disturbs_nothing(folder: Path, size: str, before: str, said: str) -> None:
    """A real full disk, and a real read-only one."""
    if subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode:
        pytest.skip("mounting a file system takes root, and a mount namespace")
    disk = folder / "disk"
    disk.mkdir()
    crm = " ".join([*CRM, "-c", "web.xml", "configure"])
    script = DISK.format(size=size, disk=disk, before=before.format(disk=disk), crm=crm)
    unshare = shutil.which("unshare")
    assert unshare
    terminal = Terminal([unshare, "-m", "/bin/sh", "-c", script], folder, XDG_STATE_HOME=str(disk))
    terminal.wait(PROMPT)
    for name in "abc":
        terminal.line(f"primitive {name} Dummy")
    assert terminal.said.count("WARNING: no journal is kept") == 1
    assert said in terminal.said
    terminal.line("commit")
    leave(terminal)
    assert 'id="c"' in stored(folder)


def test_kills_at_any_moment_leave_the_file_whole_and_the_journal_with_it(folder: Path) -> None:
    """Lines are pasted, and the program is killed somewhere in them: what it has echoed a prompt for is there."""
    moments = random.Random(3)
    lines = "".join(f"primitive p{number} Dummy\n" + "commit\n" * (number % 3 == 2) for number in range(60))
    for _ in range(5):
        with_empty_cib(folder)
        terminal = prompt(folder, "configure")
        terminal.type(lines)
        time.sleep(moments.uniform(0.1, 1.5))
        die(terminal)
        done = terminal.said.count("# primitive") - 1
        terminal = Terminal([*CRM, "-c", "web.xml", "configure"], folder)
        terminal.wait(f"{OFFER}|{PROMPT}")
        if "(l)ater" in terminal.said:
            terminal.type("y\n")
            terminal.wait(PROMPT)
            terminal.line("commit")
        assert "ERROR" not in terminal.said
        assert "ignored" not in terminal.said
        leave(terminal)
        kept = [number for number in range(60) if f'id="p{number}"' in stored(folder)]
        assert kept == list(range(len(kept)))
        assert len(kept) >= done
        assert journal(folder) == []
