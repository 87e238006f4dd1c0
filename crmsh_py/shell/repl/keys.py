"""The keys of the prompt that prompt_toolkit does not have, or has otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.filters import (
    Condition,
    completion_is_selected,
    emacs_mode,
    has_completions,
    has_selection,
    is_searching,
    vi_insert_mode,
)
from prompt_toolkit.filters import emacs_insert_mode as emacs
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.search import accept_search

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.key_binding import KeyPressEvent

    from crmsh_py.shell.repl.menu import Menu


@Condition
def _is_behind_a_blank() -> bool:
    """Elsewhere a `?` may be a part of a pattern, as in `show web?`."""
    document = get_app().current_buffer.document
    before = document.text_before_cursor
    return document.is_cursor_at_the_end and (not before or before[-1].isspace())


_IS_TYPING = (emacs | vi_insert_mode) & ~has_selection


def bindings(menu: Menu, explain: Callable[[str], None], edit: Callable[[Buffer], None]) -> KeyBindings:
    """The keys of the menu; `?`, which explains, and Ctrl-X Ctrl-E, which edits.

    explain: is given the text before the cursor, and shows what may follow it. edit: starts an editor.
    """
    keys = KeyBindings()
    _add_menu(keys, menu)
    _add_search(keys)

    @keys.add("?", filter=_IS_TYPING & _is_behind_a_blank)
    def _(event: KeyPressEvent) -> None:
        text = event.current_buffer.document.text_before_cursor
        run_in_terminal(lambda: explain(text))

    @keys.add("c-x", "c-e", filter=emacs & ~has_selection)
    def _(event: KeyPressEvent) -> None:
        run_in_terminal(lambda: edit(event.current_buffer))

    return keys


def _add_menu(keys: KeyBindings, menu: Menu) -> None:
    """TAB and Ctrl-Space complete, Enter takes what is chosen, Escape closes the menu."""

    @keys.add("tab", filter=_IS_TYPING)
    def _(event: KeyPressEvent) -> None:
        state = event.current_buffer.complete_state
        if state and state.current_completion:
            event.current_buffer.complete_next()
        else:
            menu.complete(event.current_buffer)

    @keys.add("c-space", filter=_IS_TYPING)
    def _(event: KeyPressEvent) -> None:
        menu.complete(event.current_buffer, is_fuzzy=True)

    @keys.add("enter", filter=completion_is_selected)
    def _(event: KeyPressEvent) -> None:
        menu.close(event.current_buffer)

    # at once: a key with Alt, which also begins so, has no meaning in the menu. In vi it leaves both
    @keys.add("escape", filter=has_completions & emacs_mode, eager=True)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.cancel_completion()
        menu.close(event.current_buffer)


def _add_search(keys: KeyBindings) -> None:
    """As in readline, keys that move the cursor take what was found, to be edited."""

    @keys.add("right", filter=is_searching)
    @keys.add("left", filter=is_searching)
    @keys.add("c-a", filter=is_searching)
    @keys.add("c-e", filter=is_searching)
    @keys.add("home", filter=is_searching)
    @keys.add("end", filter=is_searching)
    def _(event: KeyPressEvent) -> None:
        accept_search()
        buffer, key = event.app.current_buffer, event.key_sequence[0].key
        is_start = key in (Keys.ControlA, Keys.Home)
        buffer.cursor_position = 0 if is_start else len(buffer.text)
