"""What stands in grey behind the cursor: how a line went on that was typed before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.auto_suggest import AutoSuggestFromHistory

from crmsh_py.masks import masked_line

if TYPE_CHECKING:
    from prompt_toolkit.auto_suggest import Suggestion
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.document import Document


class Suggestions(AutoSuggestFromHistory):
    """Suggestions from the history; never a secret, which nobody asked to see."""

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """The rest of the latest line that begins with what is typed."""
        found = super().get_suggestion(buffer, document)
        whole = document.text + found.text if found else ""
        return found if masked_line(whole) == whole else None
