"""Reads lines on a terminal that can show more than one line after the other."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import History as HistoryOfPrompt
from prompt_toolkit.output.color_depth import ColorDepth

from crmsh_py.command.later import Background
from crmsh_py.errors import BadSyntax, CrmError
from crmsh_py.language.words import logical_lines
from crmsh_py.run import kill_all
from crmsh_py.shell.completer import prepare
from crmsh_py.shell.marking import marked
from crmsh_py.shell.repl.keys import bindings
from crmsh_py.shell.repl.looks import STYLE, Looks
from crmsh_py.shell.repl.menu import Menu
from crmsh_py.shell.repl.toolbar import toolbar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prompt_toolkit.application import Application
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from crmsh_py.output import Fragment
    from crmsh_py.shell.history import History
    from crmsh_py.shell.interpreter import Interpreter

CONTINUED = "> "
SWITCH_SECONDS = 0.001
IDLE_SECONDS = 0.05
ENDS = (signal.SIGTERM, signal.SIGHUP)


class RichLines:
    """Reads lines for an Interpreter, whose levels and configuration say what they may be."""

    def __init__(self, interpreter: Interpreter, history: History) -> None:
        cx, output = interpreter.cx, interpreter.output
        self._began = ""
        self._menu = Menu(interpreter, lambda: self._began)
        self._looks = Looks(interpreter, lambda: self._began)
        is_vi = cx.settings["core.editing_mode"] == "vi"
        self._session: PromptSession[str] = PromptSession(
            multiline=Condition(self._goes_on),
            prompt_continuation=_continuation,
            lexer=self._looks,
            completer=self._menu,
            complete_while_typing=Condition(lambda: self._menu.is_wanted(self._session.default_buffer.document)),
            history=_Called(history),
            # grey is what tells it from what was typed
            auto_suggest=AutoSuggestFromHistory() if output.has_colour else None,
            key_bindings=bindings(self._menu, self._explain),
            style=STYLE,
            include_default_pygments_style=False,
            color_depth=None if output.has_colour else ColorDepth.DEPTH_1_BIT,
            editing_mode=EditingMode.VI if is_vi else EditingMode.EMACS,
            enable_suspend=True,
            enable_open_in_editor=True,
            tempfile_suffix=".crm",
        )
        self._interpreter = interpreter
        self._session.app.before_render += self._set_toolbar
        # a thread that reads a large configuration is not to keep a key waiting
        sys.setswitchinterval(SWITCH_SECONDS)
        cx.later = Background(self._has_arrived)

    def read(self, prompt: Sequence[Fragment], begun: str = "") -> str | None:
        """What is typed behind a prompt, in one line or, where it goes on or was pasted, in several.

        begun: what it goes on from. None where it was dropped. Raises EOFError at the end, as Ctrl-D makes it.
        """
        self._began = begun
        self._menu.close(self._session.default_buffer)
        ended_by: list[int] = []
        message: StyleAndTextTuples = [(f"class:{style}" if style else "", text) for style, text in prompt]
        try:
            return self._session.prompt(message, pre_run=lambda: self._begin(ended_by))
        except KeyboardInterrupt:
            return None
        finally:
            for number in ended_by:
                kill_all()
                signal.signal(number, signal.SIG_DFL)
                os.kill(os.getpid(), number)

    def _begin(self, ended_by: list[int]) -> None:
        _end_in_order(self._session.app, ended_by)
        # when the prompt is shown
        asyncio.get_running_loop().call_later(IDLE_SECONDS, self._prepare)

    def _prepare(self) -> None:
        """Look up what the first keys will ask for."""
        with suppress(Exception):  # a bug must not cost the line
            prepare(self._interpreter.cx)
            marked(self._interpreter.stack, "configure primitive x Dummy")

    def _goes_on(self) -> bool:
        document = self._session.default_buffer.document
        return document.is_cursor_at_the_end and _is_continued(document.text)

    def _explain(self, text: str) -> None:
        from crmsh_py.shell.help.explain import explain  # heavy

        cx, output = self._interpreter.cx, self._interpreter.output
        try:
            output.show(explain(cx, self._interpreter.stack, self._began + text), is_paged=False)
        except CrmError as error:
            for problem in error.problems:
                output.tell(problem)
        except Exception as error:  # noqa: BLE001 - a bug must not cost the line
            output.tell_bug(error)

    def _set_toolbar(self, app: Application[str]) -> None:
        buffer, columns = self._session.default_buffer, app.output.get_size().columns
        state = buffer.complete_state
        chosen = self._menu.candidate_of(state.current_completion) if state else None
        self._session.bottom_toolbar = toolbar(
            chosen, self._menu.left_out if state else 0, self._looks.fault(buffer.document), columns
        )

    def _has_arrived(self) -> None:
        """Show what the cluster, or an agent, has answered; called in another thread."""
        loop = self._session.app.loop
        if loop is not None:
            with suppress(RuntimeError):  # the line is typed already
                loop.call_soon_threadsafe(self._menu.renew, self._session.app)


class _Called(HistoryOfPrompt):
    """The history as prompt_toolkit wants it."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self._history = history

    def load_history_strings(self) -> Iterable[str]:
        return reversed(self._history.lines())

    def store_string(self, string: str) -> None:
        self._history.add(string)


def _continuation(_width: int, _line: int, wraps: int) -> StyleAndTextTuples:
    """What stands before the next line; not before the rest of one that the terminal is too narrow for."""
    return [] if wraps else [("class:prompt", CONTINUED)]


@lru_cache(maxsize=4)
def _is_continued(text: str) -> bool:
    """Whether a backslash at the end makes the next line a part of the last one."""
    try:
        *_, probe = logical_lines(text.rpartition("\n")[2] + "\nx", "")
    except BadSyntax:
        return False
    return probe.text != "x"


def _end_in_order(app: Application[str], ended_by: list[int]) -> None:
    """Let the terminal be put in order where the process is told to end."""

    def end(number: int) -> None:
        ended_by.append(number)
        if not app.is_done:
            app.exit(exception=EOFError)

    loop = asyncio.get_running_loop()
    for number in ENDS:
        if signal.getsignal(number) is signal.SIG_DFL:
            loop.add_signal_handler(number, end, number)
