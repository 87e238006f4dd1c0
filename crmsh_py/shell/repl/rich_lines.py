"""Reads lines on a terminal that can show more than one line after the other."""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.output.color_depth import ColorDepth

from crmsh_py.command.later import Background
from crmsh_py.errors import CrmError
from crmsh_py.language.words import is_continued
from crmsh_py.shell.completer import prepare
from crmsh_py.shell.marking import marked
from crmsh_py.shell.repl.ending import EndInOrder
from crmsh_py.shell.repl.keys import bindings
from crmsh_py.shell.repl.looks import STYLE, Looks
from crmsh_py.shell.repl.menu import Menu
from crmsh_py.shell.repl.suggestions import Suggestions
from crmsh_py.shell.repl.toolbar import toolbar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from prompt_toolkit.application import Application
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from crmsh_py.output import Fragment, Record
    from crmsh_py.shell.history import History
    from crmsh_py.shell.interpreter import Interpreter

SWITCH_SECONDS = 0.001
IDLE_SECONDS = 0.2
STEP_SECONDS = 0.01
# so long `?` waits for an agent
ANSWER_SECONDS = 2.0
# lines that the menu takes below the one that is typed, where there are so many
MENU_LINES = 8


class RichLines:
    """Reads lines for an Interpreter, whose levels and configuration say what they may be."""

    def __init__(self, interpreter: Interpreter, history: History, continued: str) -> None:
        self._began = ""
        self._history = history
        self._bugs: list[Exception] = []
        self._menu = Menu(interpreter, lambda: self._began, self._bugs.append)
        self._looks = Looks(interpreter, lambda: self._began, self._bugs.append)
        self._session: PromptSession[str] = PromptSession(
            multiline=Condition(self._goes_on),
            # nothing stands before the rest of a line that the terminal is too narrow for
            prompt_continuation=lambda _width, _line, wraps: [] if wraps else [("class:prompt", continued)],
            lexer=self._looks,
            completer=self._menu,
            complete_while_typing=Condition(lambda: self._menu.is_wanted(self._session.default_buffer.document)),
            history=InMemoryHistory(history.lines()),
            key_bindings=bindings(self._menu, self._explain, self._edit),
            style=STYLE,
            include_default_pygments_style=False,
            enable_suspend=True,
        )
        self._interpreter = interpreter
        self._session.app.before_render += self._set_toolbar
        # a thread that reads a large configuration is not to keep a key waiting
        sys.setswitchinterval(SWITCH_SECONDS)
        interpreter.cx.later = Background(self._has_arrived)

    def read(self, prompt: Sequence[Fragment], begun: str = "") -> str | None:
        """What is typed behind a prompt, in one line or, where it goes on or was pasted, in several.

        begun: what it goes on from. None where it was dropped. Raises EOFError at the end, as Ctrl-D makes it.
        """
        self._began = begun
        self._menu.close(self._session.default_buffer)
        self._follow_settings()
        message: StyleAndTextTuples = [(f"class:{style}" if style else "", text) for style, text in prompt]
        end = EndInOrder(self._session.app)
        # a pass over the objects of a large configuration takes longer than a key may
        gc.disable()
        try:
            typed = self._session.prompt(message, pre_run=lambda: self._begin(end))
        except KeyboardInterrupt:
            return None
        finally:
            gc.enable()
            end.leave()
            self._tell_bugs()
        if not is_continued(typed):
            self._history.add(begun + typed)
        return typed

    def _follow_settings(self) -> None:
        settings, session = self._interpreter.cx.settings, self._session
        has_colour = self._interpreter.output.has_colour
        session.color_depth = None if has_colour else ColorDepth.DEPTH_1_BIT
        # grey is what tells it from what was typed
        session.auto_suggest = Suggestions() if has_colour else None
        session.editing_mode = EditingMode.VI if settings["core.editing_mode"] == "vi" else EditingMode.EMACS

    def _tell_bugs(self) -> None:
        """A bug in colours or candidates costs nobody a line, nor disturbs who does not look for bugs."""
        if self._interpreter.output.debug and self._bugs:
            self._interpreter.output.tell_bug(self._bugs[0])
        self._bugs.clear()

    def _begin(self, end: EndInOrder) -> None:
        end.enter()
        # when the prompt is shown
        asyncio.get_running_loop().call_later(IDLE_SECONDS, self._prepare, self._steps())

    def _steps(self) -> Iterator[None]:
        """Look up what the first keys will ask for."""
        marked(self._interpreter.stack, "configure primitive x Dummy")
        yield
        yield from prepare(self._interpreter.cx)

    def _prepare(self, steps: Iterator[None]) -> None:
        """Do one of the steps; the next one when the keys that were typed meanwhile are answered."""
        try:
            next(steps)
            asyncio.get_running_loop().call_later(STEP_SECONDS, self._prepare, steps)
        except StopIteration:
            pass
        except Exception as error:  # noqa: BLE001 - as above
            self._bugs.append(error)

    def _edit(self, buffer: Buffer) -> None:
        """Edit what is typed in the editor of the user, and leave it to be run, or not."""
        from crmsh_py.command.editor import edited  # heavy

        try:
            text = edited(self._interpreter.cx, buffer.text, "line.crm").decode("utf-8", "surrogateescape")
        except CrmError as error:
            for problem in error.problems:
                self._interpreter.output.tell(problem)
            return
        buffer.text = text.rstrip("\n")
        buffer.cursor_position = len(buffer.text)

    def _goes_on(self) -> bool:
        document = self._session.default_buffer.document
        return document.is_cursor_at_the_end and is_continued(document.text)

    def _explain(self, text: str) -> None:
        from crmsh_py.shell.help.explain import explain  # heavy

        cx, output = self._interpreter.cx, self._interpreter.output
        try:
            output.show(
                self._answered(lambda: explain(cx, self._interpreter.stack, self._began + text)), is_paged=False
            )
        except CrmError as error:
            for problem in error.problems:
                output.tell(problem)
        except Exception as error:  # noqa: BLE001 - a bug must not cost the line
            output.tell_bug(error)

    def _answered(self, make: Callable[[], Record]) -> Record:
        """What is made when all that it takes is known; after a moment, what is made of the rest."""
        later, deadline = self._interpreter.cx.later, monotonic() + ANSWER_SECONDS
        while True:
            misses = later.misses
            record = make()
            record.data()
            if later.misses == misses or monotonic() > deadline:
                return record
            sleep(0.02)

    def _set_toolbar(self, app: Application[str]) -> None:
        buffer, columns = self._session.default_buffer, app.output.get_size().columns
        self._session.reserve_space_for_menu = max(0, min(MENU_LINES, app.output.get_size().rows - MENU_LINES))
        state = buffer.complete_state
        chosen = self._menu.candidate_of(state.current_completion) if state else None
        self._session.bottom_toolbar = toolbar(
            chosen,
            self._menu.left_out if state else 0,
            self._menu.is_incomplete(buffer.document),
            self._looks.fault(buffer.document),
            columns,
        )

    def _has_arrived(self) -> None:
        """Show what the cluster, or an agent, has answered; called in another thread."""
        loop = self._session.app.loop
        if loop is not None:
            with suppress(RuntimeError):  # the line is typed already
                loop.call_soon_threadsafe(self._renew)

    def _renew(self) -> None:
        self._menu.renew(self._session.default_buffer)
        self._session.app.invalidate()
