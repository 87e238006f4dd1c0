"""Starting programs, with real ones."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from crmsh_py.cluster.asking import failure
from crmsh_py.errors import CrmError, NotPermitted, TimedOut
from crmsh_py.run import run, stream, undisturbed


def test_what_goes_in_and_comes_out() -> None:
    script = 'cat; echo "$1" >&2; printf %s "$LC_ALL-$MARK"; exit 3'
    result = run(["sh", "-c", script, "sh", "a b; *"], stdin=b"\xff\n", timeout=10, environ={"MARK": "m"})
    assert (result.exit_code, result.stdout, result.error_text) == (3, b"\xff\nC-m", "a b; *\n")
    assert result.output_text == "\\xff\nC-m"


def test_a_program_that_reads_nothing_may_be_given_much() -> None:
    assert run(["true"], stdin=b"x" * 1_000_000, timeout=10).exit_code == 0


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="cannot run no-such-program-x: there is no such program"):
        run(["no-such-program-x"], timeout=1)
    with pytest.raises(NotPermitted, match="permission denied"):
        run([str(tmp_path)], timeout=1)
    with pytest.raises(CrmError, match="null"):
        run(["true", "a\0b"], timeout=1)


def test_at_the_timeout_the_children_are_killed_too(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with pytest.raises(TimedOut, match=r"sh did not end within 0\.3 s"):
        run(["sh", "-c", '(sleep 1; echo late > "$1") & wait', "sh", str(mark)], timeout=0.3)
    time.sleep(1.2)
    assert not mark.exists()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_what_is_not_to_be_disturbed_is_done_first(sent: int) -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    done = False
    try:
        with undisturbed():
            os.kill(os.getpid(), sent)
            os.kill(os.getpid(), sent)
            result = run(["sh", "-c", "kill -INT $$; echo on"], timeout=10)
            done = True
            assert not came
    except KeyboardInterrupt:
        came.append(signal.SIGINT)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert done
    # what was started there is not kept from ending
    assert result.exit_code == -signal.SIGINT
    assert came == [sent]


def test_ctrl_c_does_not_take_the_place_of_an_error() -> None:
    def be_late() -> None:
        with undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
            raise TimedOut("late")

    with pytest.raises(TimedOut, match="late"):
        be_late()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


# ---- what comes is taken as it comes


def test_of_a_stream_nothing_is_kept_that_is_not_wanted() -> None:
    counted: list[int] = []
    with pytest.raises(TimedOut, match=r"cat did not end within 0\.5 s"):
        stream(["cat", "/dev/zero"], lambda chunk: counted.append(len(chunk)), print, timeout=0.5)
    assert max(counted) <= 1 << 16


def test_a_stream_has_both_outputs_and_the_exit_code() -> None:
    out, err = bytearray(), bytearray()
    script = 'head -c 300000 /dev/zero; printf %s "$LC_ALL-$MARK" >&2; read -r line || exit 3'
    code = stream(["sh", "-c", script], out.extend, err.extend, timeout=10, environ={"MARK": "m"})
    assert (code, out, err) == (3, bytes(300_000), b"C-m")
    assert stream(["sh", "-c", "kill -9 $$"], out.extend, err.extend, timeout=10) == -9


def test_what_a_program_leaves_behind_is_not_waited_for(tmp_path: Path) -> None:
    out = bytearray()
    script = 'sleep 30 & echo $! > "$1"; echo said'
    assert stream(["sh", "-c", script, "sh", str(tmp_path / "pid")], out.extend, print, timeout=20) == 0
    assert out == b"said\n"
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


def test_a_stream_that_is_broken_off_leaves_no_program(tmp_path: Path) -> None:
    def break_off(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stream(
            ["sh", "-c", 'echo $$ > "$1"; exec sleep 30', "sh", str(tmp_path / "pid")],
            print,
            print,
            timeout=20,
            every_second=break_off,
        )
    assert not os.path.exists(f"/proc/{int((tmp_path / 'pid').read_text())}")


def test_a_tool_that_a_signal_ended_is_named() -> None:
    answer = run(["sh", "-c", "kill -KILL $$"], timeout=10)
    assert str(failure(answer)) == "sh was ended by signal 9"
