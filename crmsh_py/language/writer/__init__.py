"""Statements -> styled fragments -> text.

`Writer()` writes the readable form: ids only where something refers to them, what is the default left out.
`Writer(exact=True)` writes all that the statement says, for the text that loses nothing. A fragment is `(style,
text)`; the styles are the classes of words that a terminal colours. `pen` has what every statement needs; the
statements stand in the rooms that the chapters of the grammar have, each under its own name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language.writer import access, cluster, constraints, others, resources
from crmsh_py.language.writer.pen import Fragment, Pen, comment_text, text_of

if TYPE_CHECKING:
    from crmsh_py.language import statements as st
    from crmsh_py.language.writer.pen import Writers

__all__ = ["WRITERS", "Fragment", "Writer", "comment_text", "text_of"]

WRITERS: Writers = {
    **resources.WRITERS,
    **constraints.WRITERS,
    **cluster.WRITERS,
    **access.WRITERS,
    **others.WRITERS,
}


class Writer(Pen):
    """Writes statements."""

    def write(self, statement: st.Statement) -> list[Fragment]:
        """The fragments of a statement, without a newline at its end; comments before it are lines of their own."""
        self.out = []
        for comment in statement.comments:
            self.out.append(("comment", comment_text(comment) + "\n"))
        WRITERS[type(statement)](self, statement)
        self.trailing(statement)
        if self.after_comment:
            # an empty line ends the statement; the next line would continue it
            self.out.append(("", "\n"))
            self.after_comment = False
        out, self.out = self.out, []
        return out
