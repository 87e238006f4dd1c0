"""The lexer of pygments for the configuration language and for scripts of `crm`; it is registered with pygments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygments.lexer import Lexer  # type: ignore[import-untyped]
from pygments.token import (  # type: ignore[import-untyped]
    Comment,
    Keyword,
    Name,
    Number,
    String,
    Text,
    Whitespace,
)

from crmsh_py.language.words import EXACT
from crmsh_py.levels import load
from crmsh_py.shell.everywhere import Stack
from crmsh_py.shell.marking import marked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

TOKENS = {
    "keyword": Keyword,
    "id": Name.Class,
    "agent": Name.Builtin,
    "name": Name.Attribute,
    "value": String,
    "reference": Name.Variable,
    "score": Number,
    "role": Name.Constant,
    "ticket": Name.Label,
    "comment": Comment.Single,
}
# so much of a text is looked at to guess what it is
GLANCE = 4_000


class CrmLexer(Lexer):  # type: ignore[misc]
    """Scripts, files of statements, what `configure show` prints, and exact text."""

    name = "crm"
    url = "https://clusterlabs.org/"
    aliases = ("crm", "crmsh", "pcmk-crm")
    filenames = ("*.crm", "*.crmsh")
    mimetypes = ("text/x-crm",)

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, Any, str]]:
        """The tokens of a text, each with its index; joined they are the text."""
        at = 0
        for style, part in marked(Stack(load), text, is_file=True).fragments:
            yield at, _token(style, part), part
            at += len(part)

    @staticmethod
    def analyse_text(text: str) -> float:
        """How likely a text is ours: the share of its lines that can be run, less than 1 unless it says so."""
        if text.startswith(EXACT):
            return 1.0
        lines = [line for line in text[:GLANCE].split("\n") if line and line[0] not in "# \t\r"]
        levels = (Stack(load), Stack(load, ("root", "configure")))
        right = [line for line in lines if any(not marked(level, line + "\n").fault for level in levels)]
        return 0.9 * len(right) / len(lines) if lines else 0.0


def _token(style: str, text: str) -> Any:
    if style == "comment" and text.startswith(EXACT):
        return Comment.Preproc
    return TOKENS.get(style) or (Whitespace if text.isspace() else Text)
