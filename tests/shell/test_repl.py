"""The rich prompt, key by key, on a terminal that shows nothing."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from crmsh_py.command.context import Context, Options
from crmsh_py.command.later import Later
from crmsh_py.config import Settings
from crmsh_py.output import Output
from crmsh_py.shell.history import History
from crmsh_py.shell.interpreter import Interpreter
from crmsh_py.shell.repl.rich_lines import RichLines

EXAMPLES = Path(__file__).parents[2] / "examples"
ENTER, TAB, LEFT, RIGHT, UP, FUZZY = "\r", "\t", "\x1b[D", "\x1b[C", "\x1b[A", "\0"
CTRL_C, CTRL_D, CTRL_R = "\x03", "\x04", "\x12"
OBJECTS = """configure
primitive web1 ocf:pacemaker:Dummy
primitive web2 ocf:pacemaker:Dummy
primitive vip ocf:pacemaker:Dummy
"""


class Desk:
    """A prompt, where keys are typed; `said` is what was written beside it."""

    def __init__(self, folder: Path, settings: dict[str, str], display: str, type_: Callable[[str], None]) -> None:
        self.folder = folder
        self._type = type_
        cib = folder / "web.xml"
        shutil.copy(EXAMPLES / "empty.xml", cib)
        environ = {"HOME": str(folder), "TERM": "xterm"}
        self._said = io.StringIO()
        output = Output(self._said, self._said, environ, display=display)
        self.cx = Context(Options(str(cib)), environ, output.tell, settings=Settings(settings))
        self.interpreter = Interpreter(self.cx, output)
        self.interpreter.run_script(OBJECTS, "")
        self.lines = RichLines(self.interpreter, History(environ, output.tell), "> ")
        self.cx.later = Later()

    @property
    def said(self) -> str:
        return self._said.getvalue()

    def read(self, keys: str, *levels: str) -> str | None:
        """What the prompt gives for these keys, at a level."""
        self.interpreter.stack.names[1:] = levels
        self._type(keys)
        return self.lines.read([("", "crm# ")])


@contextmanager
def desk(folder: Path, display: str = "color-always", **settings: str) -> Iterator[Desk]:
    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        yield Desk(folder, {f"core.{name}": value for name, value in settings.items()}, display, typed.send_text)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("status", "status"),
        # one candidate is put in, with a blank behind it; none where the word goes on
        (f"configu{TAB}", "configure "),
        (
            f"configure primitive a ocf:heartbeat:IPaddr2 params i{TAB}",
            "configure primitive a ocf:heartbeat:IPaddr2 params i",
        ),
        (
            f"configure primitive a ocf:heartbeat:IPaddr2 params ip{TAB}",
            "configure primitive a ocf:heartbeat:IPaddr2 params ip=",
        ),
        # several: as far as they agree
        (f"resource start w{TAB}", "resource start web"),
        (f"resource start v{TAB}", "resource start vip "),
        (f"nosuch {TAB}", "nosuch "),
        # in the middle of a line
        (f"resource start v --wait{LEFT * 7}{TAB}", "resource start vip --wait"),
        (f"resource start vip{LEFT * 2}{TAB}", "resource start vip"),
        # on request: letters in their order, wherever they are
        (f"resource start eb2{TAB}", "resource start eb2"),
        (f"resource start eb2{FUZZY}", "resource start web2 "),
        # a `?` that is a part of a word
        ("configure show web?", "configure show web?"),
        # to go on in the next line
        ("primitive a \\\rocf:heartbeat:Dummy", "primitive a \\\nocf:heartbeat:Dummy"),
        # dropped, and typed anew
        (f"abc\x15status{TAB}", "status "),
    ],
)
def test_keys(tmp_path: Path, keys: str, line: str) -> None:
    with desk(tmp_path) as prompt:
        assert prompt.read(keys + ENTER) == line


def test_ctrl_c_drops_the_line_and_ctrl_d_leaves(tmp_path: Path) -> None:
    with desk(tmp_path) as prompt:
        assert prompt.read(f"status{CTRL_C}") is None
        assert prompt.read(f"show{ENTER}") == "show"
        # not with something on the line: there it deletes a character
        assert prompt.read(f"ab{LEFT}{CTRL_D}{ENTER}") == "a"
        with pytest.raises(EOFError):
            prompt.read(CTRL_D)


def test_a_question_mark_behind_a_blank_explains_and_leaves_the_line(tmp_path: Path) -> None:
    with desk(tmp_path, display="plain") as prompt:
        assert prompt.read(f"resource start ?vip{ENTER}") == "resource start vip"
        assert "start" in prompt.said
        assert "web1" in prompt.said
        assert "web2" in prompt.said


def test_what_is_pasted_is_one_text(tmp_path: Path) -> None:
    text = "".join(f"primitive p{number} ocf:pacemaker:Dummy\n" for number in range(200))
    with desk(tmp_path) as prompt:
        assert prompt.read(f"\x1b[200~{text}\x1b[201~{ENTER}", "configure") == text
        assert prompt.read("\x1b[200~show\tweb1\x1b[201~" + ENTER) == "show\tweb1"


def test_the_history_is_called_back_and_searched(tmp_path: Path) -> None:
    with desk(tmp_path) as prompt:
        for line in ("configure show web1", "resource status", "node show"):
            assert prompt.read(line + ENTER) == line
    with desk(tmp_path) as prompt:
        # the older ones are read in the background of a prompt
        assert prompt.read(ENTER) == ""
        assert prompt.read(UP + UP + ENTER) == "resource status"
        assert prompt.read(f"{CTRL_R}web{ENTER}{ENTER}") == "configure show web1"


def test_the_settings_of_the_prompt(tmp_path: Path) -> None:
    with desk(tmp_path, editing_mode="vi") as prompt:
        assert prompt.read("statusxx\x1bXX" + ENTER) == "statux"
    with desk(tmp_path, fuzzy_completion="yes") as prompt:
        assert prompt.read(f"resource start eb2{TAB}{ENTER}") == "resource start web2 "


def test_what_is_typed_before_belongs_to_the_line(tmp_path: Path) -> None:
    with desk(tmp_path) as prompt:
        prompt.interpreter.stack.names[1:] = ["resource"]
        prompt._type(f"v{TAB}{ENTER}")
        assert prompt.lines.read([("", "> ")], "start \\\n") == "vip "
