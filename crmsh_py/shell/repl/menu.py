"""The menu of what may stand at the cursor: opened by TAB, and kept open while its word is typed on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prompt_toolkit.buffer import CompletionState
from prompt_toolkit.completion import Completer, Completion

from crmsh_py.shell.completer import OPEN_ENDS, complete, inserted
from crmsh_py.shell.completer import Completion as Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    from crmsh_py.command.candidates import Candidate
    from crmsh_py.shell.interpreter import Interpreter

# nobody looks through more, and the menu measures each of them at every key
MOST = 200


class Menu(Completer):
    """Candidates for the word at the cursor.

    left_out: how many of them are too many to be shown.
    """

    def __init__(self, interpreter: Interpreter, begun: Callable[[], str], on_bug: Callable[[Exception], None]) -> None:
        self._interpreter = interpreter
        self._begun = begun
        self._on_bug = on_bug
        self._is_fuzzy = False
        # what stands before the word for which it was opened
        self._before: str | None = None
        # what was typed where not all was known yet
        self._unanswered: str | None = None
        self._shown: dict[str, Candidate] = {}
        self.left_out = 0

    def is_wanted(self, document: Document) -> bool:
        """Whether it is to open by itself: always, where that is set, else until its word is typed to the end."""
        if self._interpreter.cx.settings.is_on("core.complete_while_typing"):
            return True
        before, typed = self._before, document.text_before_cursor
        return before is not None and typed.startswith(before) and " " not in typed[len(before) :]

    def get_completions(self, document: Document, _: CompleteEvent) -> Iterator[Completion]:
        """What may stand at the cursor, as prompt_toolkit wants it."""
        # it may have been asked for while the word before was typed
        if self.is_wanted(document):
            yield from self._completions(self._find(document), document)

    def _completions(self, found: Found, document: Document) -> Iterator[Completion]:
        self.left_out = max(0, len(found.candidates) - MOST)
        self._shown = {}
        for candidate in found.candidates[:MOST]:
            text, start = self._insertion(found, candidate, document)
            self._shown[text] = candidate
            yield Completion(text, start, display=candidate.text, display_meta=candidate.about)

    def candidate_of(self, chosen: Completion | None) -> Candidate | None:
        """What was chosen in the menu."""
        return self._shown.get(chosen.text) if chosen else None

    def complete(self, buffer: Buffer, *, is_fuzzy: bool = False, is_again: bool = False) -> None:
        """Complete the word at the cursor as far as all candidates agree; else open the menu, or go on in it.

        Where not all are known yet the menu is opened in any case, and this done again when they are; who does not
        wait for that, but asks again, gets what there is.
        """
        has_waited = not is_again and self.is_incomplete(buffer.document)
        self._is_fuzzy = is_fuzzy or self._interpreter.cx.settings.is_on("core.fuzzy_completion")
        later = self._interpreter.cx.later
        misses = later.misses
        found = self._find(buffer.document)
        typed = buffer.document.text_before_cursor
        self._unanswered = typed if later.misses != misses else None
        self._before = typed[: found.start - len(self._begun())]
        common = _common([candidate.text for candidate in found.candidates])
        if self._unanswered is not None and not has_waited:
            self._open(buffer, found)
        elif len(found.candidates) == 1:
            self.close(buffer)
            self._insert(buffer, *self._insertion(found, found.candidates[0], buffer.document))
        elif len(common) > len(found.partial) and self._is_bare(found, common, typed):
            self._insert(buffer, common, -len(found.partial))
            self._open(buffer, self._find(buffer.document))
        elif buffer.complete_state:
            buffer.complete_next()
        else:
            self._open(buffer, found)

    def close(self, buffer: Buffer) -> None:
        """Show it no more, until it is asked for again; what was chosen stays."""
        self._before, self._unanswered, self._is_fuzzy, self.left_out = None, None, False, 0
        buffer.complete_state = None

    def is_incomplete(self, document: Document) -> bool:
        """Whether TAB was pressed here, and not all candidates were known."""
        return self._unanswered is not None and self._unanswered == document.text_before_cursor

    def renew(self, buffer: Buffer) -> None:
        """Show candidates that were not known before, unless one was chosen already."""
        state = buffer.complete_state
        if self.is_incomplete(buffer.document) and (state is None or state.current_completion is None):
            buffer.complete_state = None
            self.complete(buffer, is_fuzzy=self._is_fuzzy, is_again=True)
        elif self.is_wanted(buffer.document) and (state is None or state.current_completion is None):
            self._open(buffer, self._find(buffer.document))

    def _open(self, buffer: Buffer, found: Found) -> None:
        # what prompt_toolkit does by itself is dropped where it does so already
        completions = list(self._completions(found, buffer.document))
        buffer.complete_state = CompletionState(buffer.document, completions) if completions else None
        buffer.on_completions_changed.fire()

    def _find(self, document: Document) -> Found:
        cx, stack = self._interpreter.cx, self._interpreter.stack
        text = self._begun() + document.text_before_cursor
        try:
            return complete(cx, stack, text, is_fuzzy=self._is_fuzzy)
        except Exception as error:  # noqa: BLE001 - a bug must not cost the line
            self._on_bug(error)
            return Found(len(text), "", [])

    def _is_bare(self, found: Found, common: str, typed: str) -> bool:
        """Whether a part of a word goes on from what was typed, without quotes."""
        raw = (self._begun() + typed)[found.start :]
        # options alone are what is rarely wanted
        is_asked = bool(raw) or common != "--"
        return is_asked and raw == found.partial and common.startswith(raw) and inserted(common, raw) == common

    def _insertion(self, found: Found, candidate: Candidate, document: Document) -> tuple[str, int]:
        """What to put in the place of what was typed of a word, which begins so many characters before the cursor.

        A blank follows it, unless there is one, or the word goes on.
        """
        typed = (self._begun() + document.text_before_cursor)[found.start :]
        text = inserted(candidate.text, typed)
        behind = document.text_after_cursor
        # the cursor may stand in the middle of the word
        rest = re.match(r"\S*", behind)[0]  # type: ignore[index]  # it matches any text
        if rest and text.endswith(rest):
            text = text.removesuffix(rest)
        elif not behind.startswith(" ") and not candidate.text.endswith(OPEN_ENDS):
            text += " "
        return text, -len(typed)

    def _insert(self, buffer: Buffer, text: str, start: int) -> None:
        buffer.delete_before_cursor(-start)
        buffer.insert_text(text, fire_event=False)


def _common(words: Sequence[str]) -> str:
    """What all words begin with."""
    first, last = min(words, default=""), max(words, default="")
    at = 0
    while at < len(first) and first[at] == last[at : at + 1]:
        at += 1
    return first[:at]
